"""A job file as the builder sees the focused job: its skill steps in reading order, each with
the place where it stands, and the structure around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.builder.questions import FocusedJob, FocusedStep
from assistant.pipeline.loader import read_loosely

Place = tuple[str | int, ...]


COMPARED = re.compile(r"(?<=[<>=] )-?\d+(?:\.\d+)?(?=\s*\}\}$)")
"""The number at the end of a condition: `${{ number(…) >= 40 }}`."""


@dataclass(frozen=True)
class Standing:
    """A skill step of a file: its id, skill, arguments and place."""

    id: str
    skill: str
    arguments: dict[str, Any]
    place: Place


def focused_job(name: str, yaml: str) -> FocusedJob:
    """What a model is shown of the job in a file. A file with problems gives what can be read."""
    data = _data(yaml)
    steps = tuple(FocusedStep(s.skill, s.arguments) for s in standings(yaml))
    return FocusedJob(name, steps, bool(data.get("schedule")), structure_of(data), yaml)


def standings(yaml: str) -> list[Standing]:
    """The skill steps of a file, in reading order, those inside loops and branches too."""
    loaded = read_loosely(yaml)
    data = loaded.document.data
    if not isinstance(data, dict):
        return []
    ids = {place: path.rsplit("/", 1)[-1] for path, place in loaded.places.items()}
    return [
        Standing(ids.get(place, str(step.get("id", ""))), str(step["skill"]), dict(step.get("with") or {}), place)
        for place, step in _walk(data.get("steps"), ("steps",))
        if "skill" in step
    ]  # fmt: skip


def rounds_written_out(yaml: str) -> list[Standing]:
    """The skill steps of a file; an argument that is each value of a loop over a list in turn has the
    whole list: `url: "${{ page }}"` under `for_each: [a, b]` is `url: [a, b]`."""
    loops = {
        place: ("${{ " + str(step.get("as")) + " }}", step["for_each"])
        for place, step in _walk(_data(yaml).get("steps"), ("steps",))
        if isinstance(step.get("for_each"), list)
    }
    written: list[Standing] = []
    for step in standings(yaml):
        rounds = dict(pair for place, pair in loops.items() if step.place[: len(place)] == place)
        arguments = {
            name: next((rounds[v] for v in (str(value), str(value)[2:-2]) if v in rounds), value)
            for name, value in step.arguments.items()
        }
        written.append(replace(step, arguments=arguments))
    return written


def _walk(steps: Any, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    if not isinstance(steps, list):
        return
    for number, step in enumerate(steps):
        if not isinstance(step, dict):
            continue
        here = (*place, number)
        yield here, step
        for key in ("steps", "else"):
            yield from _walk(step.get(key), (*here, key))
        branches = step.get("parallel")
        if isinstance(branches, dict):
            for branch, inner in branches.items():
                yield from _walk(inner, (*here, "parallel", branch))


def compared(yaml: str) -> list[tuple[Place, dict[str, Any]]]:
    """The steps of a file whose condition compares with a number, each with its place."""
    steps = _walk(_data(yaml).get("steps"), ("steps",))
    return [(place, step) for place, step in steps if COMPARED.search(str(step.get("if", "")))]


def structure_of(data: dict[str, Any]) -> tuple[str, ...]:
    """The structure tags that a job file holds."""
    steps = [step for _, step in _walk(data.get("steps"), ("steps",))]
    triggers = [t.get("on") for t in data.get("triggers") or [] if isinstance(t, dict)]
    present = {
        "if": any("if" in step for step in steps),
        "for_each": any("for_each" in step for step in steps),
        "parallel": any("parallel" in step for step in steps),
        "call_job": any("call_job" in step for step in steps),
        "inputs": bool(data.get("inputs")),
        "retry": any("retry" in step for step in steps),
        "timeout": any("timeout" in step for step in steps),
        "alert": bool(data.get("alerts")),
        "trigger_feed": bool({"feed_changed", "page_changed"} & set(triggers)),
        "trigger_job_done": bool({"job_succeeded", "job_finished"} & set(triggers)),
        "trigger_job_failed": "job_failed" in triggers,
        "approve": any("approve" in step for step in steps),
        "expect": bool(data.get("expect")),
    }
    return tuple(tag for tag, there in present.items() if there)


def _data(yaml: str) -> dict[str, Any]:
    data = read_loosely(yaml).document.data
    return data if isinstance(data, dict) else {}
