"""Recipes for calls that ask too much: give more time, ask for less at once, wait longer.

Less is asked for only where the step never gave that much anyway; the proof sees to the rest.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from assistant.engine.retrying import READ_RETRY
from assistant.healing.case import Case, good_calls
from assistant.healing.comparing import profile
from assistant.healing.counting import SIZES
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited, visit
from assistant.healing.policy import LONGEST_DELAY, LONGEST_TIMEOUT, MOST_ATTEMPTS
from assistant.healing.proposals import Proposal
from assistant.healing.rewiring import sources, variables
from assistant.pipeline.durations import written
from assistant.pipeline.spec import ForEachStep, SetStep, SkillStep
from assistant.pipeline.walk import with_paths

_LONGEST_PROOF = 90.0
"""Seconds that may be waited to see whether a longer wait helps."""


async def more_time(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A longer timeout, as far as the cap and the run's own time go."""
    if case.skill is None or case.effect == "write":
        return
    limit = case.step.timeout if case.step and case.step.timeout else case.skill.timeout
    budget = case.job.budget.seconds or LONGEST_TIMEOUT * 2
    cap = min(LONGEST_TIMEOUT, max(case.skill.timeout * 3, 60.0), budget * 0.9)
    for factor in (4.0, 10.0):
        longer = min(cap, max(limit * factor, 1.0))
        if longer >= limit * 1.5:
            why = f"it needs more than {written(limit)}"
            yield Proposal("more_time", why, settings={"timeout": written(longer)})


async def less_at_once(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A lower limit, no lower than what the step used to give."""
    if case.skill is None or case.effect == "write":
        return
    most = max((profile(one).count for one in case.good_outputs), default=0)
    limit = case.literal("limit")
    if isinstance(limit, int) and "limit" in case.skill.patchable:
        for lower in dict.fromkeys((roundly(most), roundly(most * 2), limit // 4)):
            if most and most <= lower < limit:
                why = f"it never gave more than {most} anyway"
                yield Proposal("less_at_once", why, {"limit": lower})
    for proposal in _smaller_pages(case, most, await _told_caps(desk, case, seen)):
        yield proposal
    for proposal in _less_before(desk, case):
        yield proposal


async def smaller_batch(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Less from the step before, where a model is given much more to read than when it did well."""
    before = max((len(str(one.arguments)) for one in case.good), default=0)
    if case.skill is not None and before and len(str(case.arguments)) > before * 1.5:
        for proposal in _less_before(desk, case):
            yield proposal


async def _told_caps(desk: Desk, case: Case, seen: Visited | None) -> list[int]:
    """Numbers that the refusal itself names: "per_page must be 100 or less"."""
    url = case.literal("url")
    if not isinstance(url, str) or "?" not in url or case.arguments.get("headers"):
        return []
    seen = seen or await visit(desk.http, url)
    if not 400 <= seen.look.status < 500:
        return []
    told = seen.body[:4000].decode("utf-8", "replace")
    return [int(number) for number in re.findall(r"(?<![\d.])[1-9]\d{0,5}(?![\d.]\d)", told)]


def _smaller_pages(case: Case, most: int, caps: list[int]) -> list[Proposal]:
    """An address that asks for `limit=1000` asks for less: for what the refusal names, first."""
    url = case.literal("url")
    if not isinstance(url, str) or "?" not in url:
        return []
    parts, found = urlsplit(url), list[Proposal]()
    query = parse_qsl(parts.query, keep_blank_values=True)
    for number, (name, value) in enumerate(query):
        if name.lower() not in SIZES or not value.isdecimal():
            continue
        for lower in dict.fromkeys((*caps, int(value) // 2, int(value) // 10, roundly(most))):
            if 0 < lower < int(value) and lower >= most:
                fewer = [*query[:number], (name, str(lower)), *query[number + 1 :]]
                address = urlunsplit(parts._replace(query=urlencode(fewer)))
                why = f"{name}={lower} in place of {value}"
                found.append(Proposal("less_at_once", why, {"url": address}))
    return found


def _less_before(desk: Desk, case: Case) -> list[Proposal]:
    """The step that feeds this one gives less, where it has a limit."""
    found = list[Proposal]()
    for upstream in feeding(desk, case):
        limit = upstream.literal("limit")
        if upstream.skill is None or "limit" not in upstream.skill.patchable:
            continue
        most = max((profile(one).count for one in upstream.good_outputs), default=0)
        if isinstance(limit, int) and 0 < most < limit:
            lower = max(most, 1)
            why = f"{upstream.place!r} never gave more than {most} before"
            found.append(Proposal("less_at_once", why, {"limit": lower}, case=upstream))
    return found


async def slower(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Longer waits between tries, as long as the other side asks for; a loop goes one by one."""
    if case.skill is None or case.effect == "write":
        return
    url = next((v for v in case.arguments.values() if _is_address(v)), "")
    told = [float(s) for s in re.findall(r"another (\d+) s", case.failure.message)]
    asked = max(told, default=0.0)
    if url:
        again = await visit(desk.http, url)
        asked = max(asked, again.retry_after or 0.0)
    loop = loop_around(case)
    if loop is not None and loop.max_parallel > 1:
        why = "one round after the other, not several at once"
        yield Proposal("slower", why, loop={"max_parallel": 1})
    retry = case.step.retry if case.step and case.step.retry else READ_RETRY
    if asked > min(_LONGEST_PROOF, LONGEST_DELAY):
        return  # nobody can wait so long to see whether it helps
    delay = max(asked, retry.delay * 2, 1.0)
    yield Proposal(
        "slower",
        f"the other side asks to wait {written(delay)}",
        settings={
            "retry": {
                "attempts": min(max(retry.attempts + 2, 4), MOST_ATTEMPTS),
                "delay": written(delay),
                "factor": 2,
                "max_delay": written(min(max(retry.max_delay, delay * 4), LONGEST_DELAY)),
                "jitter": 0.2,
            }
        },
    )


async def within_bounds(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Arguments that the skill's own schema does not take, brought to what it takes."""
    if case.skill is None:
        return
    properties = case.skill.schema().get("properties", {})
    fitted = dict[str, Any]()
    for name, value in case.written.items():
        if name in case.skill.patchable and case.literal(name) is not None:
            fitting = _fitted(properties.get(name, {}), value)
            if fitting is not None and fitting != value:
                fitted[name] = fitting
    if fitted:
        told = ", ".join(f"{name} may be {value}" for name, value in fitted.items())
        yield Proposal("within_bounds", told, fitted)


def _fitted(schema: dict[str, Any], value: Any) -> Any:
    """The nearest value that fits a parameter's schema; None when there is none."""
    for choice in schema.get("anyOf", ()):
        if choice.get("type") in ("integer", "number"):
            schema = choice
    kind = schema.get("type")
    if kind in ("integer", "number") and isinstance(value, str):
        found = re.fullmatch(r"\s*(\d+)(?:\.0+)?\s*", value)
        value = int(found[1]) if found else None
    if kind in ("integer", "number") and isinstance(value, int | float) and value is not True:
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        whole = round(value) if kind == "integer" else value
        return max(low, min(high, whole))
    if schema.get("enum") and isinstance(value, str):
        folded = {str(one).lower(): one for one in schema["enum"]}
        return folded.get(value.strip().lower())
    if kind == "string" and isinstance(value, str) and schema.get("maxLength"):
        return value[: schema["maxLength"]]
    return None


def feeding(desk: Desk, case: Case) -> list[Case]:
    """The steps that this one reads from, each as a case of its own, with their better days."""
    from dataclasses import replace

    steps = dict(with_paths(case.job.steps))
    attempts = {a.path: a for a in desk.runs.attempts(case.run.id)}
    found = list[Case]()
    for name in _read_by(case):
        place = next((p for p in _nearest(case.place, name) if p in steps), "")
        step, attempt = steps.get(place), attempts.get(place)
        if not isinstance(step, SkillStep) or attempt is None:
            continue
        skill = desk.library.get(step.skill)
        arguments = desk.whole(case.run, attempt.arguments)
        found.append(
            replace(
                case, path=place, place=place, step=step, skill=skill,
                effect=skill.effect_of(arguments), arguments=arguments,
                good=tuple(good_calls(desk, case.run, place, attempt.skill)),
            )
        )  # fmt: skip
    return found


def reading(desk: Desk, case: Case) -> list[Case]:
    """The steps that read from this one, each as a case of its own, with their better days."""
    from dataclasses import replace

    attempts, found = {a.path: a for a in desk.runs.attempts(case.run.id)}, list[Case]()
    for place, step in with_paths(case.job.steps):
        below = replace(case, path=place, place=place, step=step, skill=None, arguments={}, good=())
        if not any(case.place in _nearest(place, name) for name in _read_by(below)):
            continue
        attempt = attempts.get(place)
        if isinstance(step, SetStep):
            found.append(replace(below, effect="pure"))
        elif isinstance(step, SkillStep) and attempt is not None:
            skill = desk.library.get(step.skill)
            arguments = desk.whole(case.run, attempt.arguments)
            good = tuple(good_calls(desk, case.run, place, attempt.skill))
            effect = skill.effect_of(arguments)
            found.append(replace(below, skill=skill, effect=effect, arguments=arguments, good=good))
    return found


def _read_by(case: Case) -> list[str]:
    """The steps that a step reads, also through variables that a `set` made of them."""
    told: Any = case.written
    if not told and case.step is not None:
        file = case.editable()
        whole = file.get(file.place_of(case.place))
        told = {key: whole[key] for key in ("for_each", "set", "if", "while") if key in whole}
    kept = {name: value for _, step in with_paths(case.job.steps) if isinstance(step, SetStep)
            for name, value in step.values.items()}  # fmt: skip
    names, behind = sources(told), variables(told)
    while behind:
        value = kept.pop(behind.pop(), None)
        names += [name for name in sources(value) if name not in names]
        behind += [name for name in variables(value) if name in kept]
    return names


def _nearest(place: str, name: str) -> list[str]:
    """Where a step of that name may stand, seen from a place: beside it, then further out."""
    folders = place.split("/")[:-1]
    return ["/".join([*folders[:n], name]) for n in range(len(folders), -1, -1)]


def loop_around(case: Case) -> ForEachStep | None:
    """The loop that a step stands in, when that is a `for_each`."""
    outer = case.place.rpartition("/")[0]
    step = dict(with_paths(case.job.steps)).get(outer) if outer else None
    return step if isinstance(step, ForEachStep) else None


def roundly(count: int) -> int:
    """A number a person would write, not below `count`."""
    step = 5 if count <= 50 else 50 if count <= 500 else 500
    return -(-count // step) * step


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
