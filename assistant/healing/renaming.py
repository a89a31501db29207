"""The recipe for data whose keys have other names now, or stand elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.easing import feeding, reading
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal
from assistant.healing.relocating import relocations
from assistant.healing.rewiring import Renamed, renamings, rewire
from assistant.pipeline.expressions import resolve
from assistant.pipeline.spec import SkillStep


async def renamed_keys(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The step's expressions, reading what the renamed keys are called now."""
    for upstream in feeding(desk, case):
        attempts = desk.runs.attempts(case.run.id, upstream.path)
        if not attempts or not upstream.good or _is_model(upstream):
            continue  # a model that answers otherwise has not renamed anything
        now = desk.whole(case.run, attempts[-1].output)
        before = upstream.good[0].output
        ways = [one for one in (relocations(before, now), list(renamings(before, now))) if one]
        # What its expressions can be read with comes first.
        for found in sorted(ways, key=lambda one: not _reads(desk, case, one)):
            told = ", ".join(one.words for one in found)
            changed = _changed(_expressions(case), found)
            if changed and isinstance(case.step, SkillStep):
                yield Proposal("renamed_keys", told, changed)
            elif changed:
                yield Proposal("renamed_keys", told, settings=changed)


async def renamed_below(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The steps that read this one, where its answer came well and has its fields elsewhere now."""
    attempts = desk.runs.attempts(case.run.id, case.path)
    if not case.silent or not case.good or not attempts or _is_model(case):
        return
    now, before = desk.whole(case.run, attempts[-1].output), case.good[0].output
    ways = [one for one in (relocations(before, now), list(renamings(before, now))) if one]
    for below in reading(desk, case) if ways else ():
        for found in sorted(ways, key=lambda one: not _reads(desk, below, one)):
            changed = _changed(_expressions(below), found)
            if not changed:
                continue
            told = ", ".join(one.words for one in found)
            if isinstance(below.step, SkillStep):
                yield Proposal("renamed_keys", told, changed, case=below)
            else:
                yield Proposal("renamed_keys", told, settings=changed, case=below)


def _expressions(case: Case) -> dict[str, Any]:
    """Where a step reads other steps: its arguments, a loop's list, a `set`'s values."""
    if isinstance(case.step, SkillStep) or case.step is None:
        return case.written
    file = case.editable()
    step = file.get(file.place_of(case.place))
    return {key: step[key] for key in ("for_each", "set") if key in step}


def _reads(desk: Desk, case: Case, found: list[Renamed]) -> bool:
    """Whether a step's expressions, so changed, find all that they name in the failed run."""
    outputs = {
        attempt.path: desk.whole(case.run, attempt.output)
        for attempt in desk.runs.attempts(case.run.id) if attempt.status == "succeeded"
    }  # fmt: skip
    told = _expressions(case)
    try:
        resolve(
            told | _changed(told, found),
            {"steps": outputs, "inputs": case.run.inputs, "vars": {}},
        )
    except AssistantError:
        return False
    return True


def _is_model(case: Case) -> bool:
    return case.skill is not None and "model" in case.skill.hosts


def _changed(values: dict[str, Any], found: list[Renamed]) -> dict[str, Any]:
    changed = dict(values)
    for one in found:
        changed = {name: rewire(value, one) for name, value in changed.items()}
    return {name: value for name, value in changed.items() if value != values[name]}
