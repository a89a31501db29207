"""Proof that a patch mends its step: the file is checked, and the failed run made again dry.

The replay starts from what the failed run had recorded: steps before the patched one are not made
again, reading steps read, and what would write only says what it would do. The patch holds when
the run comes to its end and the step gives no less than it used to.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.errors import AssistantError
from assistant.healing.case import Case, good_calls
from assistant.healing.comparing import Comparison, compare, profile
from assistant.healing.desk import Desk
from assistant.healing.ending import marked_as_over, over_at
from assistant.healing.looking import Visited, form_headers, visit
from assistant.healing.narrowing import boxes_besides, strays_among
from assistant.healing.reading import select
from assistant.healing.reshaping import anchors_by_text, rows_in
from assistant.pipeline.scope import static_path
from assistant.pipeline.spec import SkillStep
from assistant.pipeline.walk import with_paths
from assistant.store.runs import AttemptRow

SECONDS = 120.0
EXTRA_SECONDS = 600.0
_MORE = 1.25
"""How many times as many records as ever say that another list is among them."""


@dataclass(frozen=True)
class Proof:
    """Whether it holds, why not, and the figures. `run_id` is the dry run that shows it."""

    held: bool
    why: str
    run_id: str = ""
    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    poorer: tuple[str, ...] = ()
    """What is gone that nobody asked for by name; a person decides about such a patch."""

    def as_data(self) -> dict[str, Any]:
        return {
            "held": self.held, "why": self.why, "run": self.run_id, "figures": self.figures,
            "poorer": list(self.poorer),
        }  # fmt: skip


async def prove(desk: Desk, engine: Engine, case: Case, patched: str, *, run_id: str = "") -> Proof:
    """Check a patched file and replay the failed run with it."""
    try:
        job = desk.lifecycle.parsed(patched)
    except AssistantError as wrong:
        return Proof(False, f"the file does not hold: {wrong.message[:300]}")
    longest = max(
        (step.timeout or 0.0 for path, step in with_paths(job.steps) if path == case.place),
        default=0.0,
    )
    made = await engine.submit(
        RunRequest(
            job=case.record.name, yaml=patched, version=case.base, job_id=case.record.id,
            inputs=case.run.inputs, dry=True, run_id=run_id or None, seed_run=case.run.id,
            from_path=case.path or None,
            trigger={"kind": "healing", "run": case.run.id, "attended": False},
        )
    )  # fmt: skip
    try:
        receipt = await engine.wait(made, SECONDS + min(longest, EXTRA_SECONDS))
    except TimeoutError:
        with contextlib.suppress(AssistantError):
            await engine.cancel(made, by="healing")
        return Proof(False, "the replay did not come to an end in time", made)
    if receipt["status"] != "succeeded":
        error = receipt["error"] or {}
        where = f"step {error['step']!r}: " if error.get("step") else ""
        told = error.get("message") or receipt["status"]
        return Proof(False, f"the replay ended as {receipt['status']}, {where}{told}"[:500], made)
    proof = await asyncio.to_thread(_compared, desk, case, made)
    over = await _over(desk, case, made) if proof.held else ""
    return Proof(False, over, made, proof.figures) if over else proof


async def _over(desk: Desk, case: Case, run_id: str) -> str:
    """What a page says of the records that it would give now, where it says that they are over."""
    if case.skill is None or "selector" not in case.skill.patchable or not case.good:
        return ""
    old = str(case.arguments.get("selector") or "")
    attempts = await asyncio.to_thread(desk.runs.attempts, run_id, case.path)
    for attempt in attempts[-1:]:
        asked = desk.whole(desk.runs.get(run_id), attempt.arguments)
        seen = await visit(desk.http, str(asked.get("url", "")), form_headers(asked) or {})
        output = desk.output_of(attempt)
        told = output if isinstance(output, dict) else {}
        selector = str(asked.get("selector") or told.get("selector") or "")
        if seen.tree is not None and selector:
            word = over_at(case, seen.tree, selector, output)
            told = f"the page says of what it would give: {word}" if word else ""
            return told or (_beside(case, seen, selector) if selector != old else "")
    return ""


def _beside(case: Case, seen: Visited, selector: str) -> str:
    """Tells of records of another list among those that a new selector matches."""
    known, base = set(anchors_by_text(seen, rows_in(case))), seen.look.url
    matched = select(seen.tree, selector)
    most = max(profile(one).count for one in case.good_outputs)
    strays = len(strays_among(matched, known, base))
    if not strays and len(matched) > most * _MORE:
        # Which of several lists it was, nothing tells; nor, why there is more, if that is over.
        strays = boxes_besides(matched, known) or sum(map(marked_as_over, matched))
    return f"{strays} of what it would give are of another list of the page" if strays else ""


def _compared(desk: Desk, case: Case, run_id: str) -> Proof:
    attempts = {row.path: row for row in desk.runs.attempts(run_id) if row.status == "succeeded"}
    mended = attempts.get(case.path)
    if mended is None and case.skill is not None:
        return Proof(False, "the replay did not reach the step", run_id)
    figures, poorer = dict[str, Any](), tuple[str, ...]()
    if mended is not None and case.effect != "write":
        output = desk.output_of(mended)
        compared = compare(case.good_outputs, output, wanted=case.wants)
        figures, poorer = compared.figures, compared.poorer
        if not case.good:
            compared = _without_past(case, output, compared)
        if not compared.held:
            return Proof(False, "; ".join(compared.lacks), run_id, figures)
    lacks = _downstream(desk, case, attempts) or _outputs(desk, case, run_id)
    if lacks:
        return Proof(False, lacks, run_id, figures)
    told = "; ".join([_words(figures) or "the replay comes to its end", *poorer])
    return Proof(True, told, run_id, figures, poorer)


def _without_past(case: Case, output: Any, compared: Comparison) -> Comparison:
    """A step that never worked has nothing to be compared with: it only has to give something."""
    if case.silent and not profile(output).count:
        return Comparison(False, ("it still gives nothing",), compared.figures)
    return compared


def _downstream(desk: Desk, case: Case, attempts: dict[str, AttemptRow]) -> str:
    """What a later step gives less of than it used to."""
    steps = dict(with_paths(case.job.steps))
    for path, attempt in attempts.items():
        step = steps.get(static_path(path))
        if path == case.path or "[" in path or not isinstance(step, SkillStep):
            continue
        skill = desk.library.get(step.skill)
        if skill.effect_of(attempt.arguments) == "write":
            continue
        good = good_calls(desk, case.run, path, attempt.skill)
        given = profile(desk.output_of(attempt)).count
        if good and not given:
            return f"step {path!r} would give nothing, it used to give something"
    return ""


def _outputs(desk: Desk, case: Case, run_id: str) -> str:
    """An output of the run that would be empty or much shorter, and was not in the last good run."""
    if not case.good and case.skill is not None:
        return ""
    before = next(
        (run for run in desk.runs.list(job=case.record.name, status="succeeded", limit=20)
         if not run.dry and run.id != case.run.id), None,
    )  # fmt: skip
    if before is None:
        return ""
    made = desk.runs.get(run_id)
    old, new = desk.whole(before, before.outputs), desk.whole(made, made.outputs)
    for name, value in old.items():
        had, has = profile(value).count, profile(new.get(name)).count
        if has < had * 0.5:
            return f"the output {name!r} would have {has}, it used to have {had}"
        # A step that calls no skill is known by what comes of it alone.
        told = compare([value], new.get(name)) if case.skill is None and had else None
        if told is not None and not told.held:
            return f"the output {name!r}: {told.lacks[0]}"
    return ""


def _words(figures: dict[str, Any]) -> str:
    counts = figures.get("count")
    if not isinstance(counts, dict):
        return ""
    same = figures.get("same", 0)
    told = f"it gives {counts['after']}, it used to give {counts['before']}"
    return f"{told}; {same} of them are the same" if same else told
