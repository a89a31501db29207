"""What a trigger is told may be worked with, and never decides where a step reaches.

`run.trigger` holds what others wrote: a feed's items, a posted body. An argument that names a
recipient, a host, a channel, a database or a query must not be made of it, directly or by way of
`set`, a loop or an accumulator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant.pipeline.fields import Notes
from assistant.pipeline.loader import Loaded
from assistant.pipeline.spec import ForEachStep, Job, SetStep, SkillStep, Step, WhileStep
from assistant.pipeline.walk import with_paths

REACHES = frozenset(
    ["url", "urls", "to", "cc", "bcc", "channel", "channels", "database", "sql", "statement",
     "host", "server"]
)  # fmt: skip
"""Arguments that decide where a call goes, whatever the skill."""
# `run.id`, `run.trigger.due` and the like are this program's own words.
_OWN = r"id|job|started_at|dry|trigger\s*\.\s*(?:due|kind|name|at)"
_TOLD = re.compile(rf"(?<![\w.])run\b(?!\s*\.\s*(?:{_OWN})\b)")


def check_told(loaded: Loaded, notes: Notes) -> None:
    """Note each argument that reaches somewhere and is made of what a trigger was told."""
    told = _names(loaded.job)
    for path, step in with_paths(loaded.job.steps):
        arguments = step.arguments if isinstance(step, SkillStep) else {}
        for key in sorted(REACHES & arguments.keys()):
            if _uses(arguments[key], told):
                notes.blame(
                    (*loaded.places[path], "with", key),
                    f"{key!r} would be chosen by what a trigger is told",
                    "Write it into the file, or make it an input with a default.",
                    step=path, key=f"with.{key}", code="job_trigger_invalid",
                )  # fmt: skip


def _names(job: Job) -> frozenset[str]:
    """Names that hold something told: `vars.x`, `steps.id`, loop variables."""
    told = frozenset[str]()
    while True:
        found = told | {
            name for _, step in with_paths(job.steps) for name in _made(step, told)
        }  # fmt: skip
        if found == told:
            return told
        told = found


def _made(step: Step, told: frozenset[str]) -> Iterator[str]:
    match step:
        case SetStep(values=values):
            for name, value in values.items():
                if _uses(value, told):
                    yield f"vars.{name}"
                    yield f"steps.{step.id}"
        case ForEachStep() | WhileStep():
            if isinstance(step, ForEachStep) and _uses(step.items, told):
                yield step.variable
            if step.accumulate and _uses([step.accumulate.start, step.accumulate.value], told):
                yield step.accumulate.name
                yield f"steps.{step.id}"
            if _uses(step.collect, told):
                yield f"steps.{step.id}"
        case _:
            return


def _uses(value: Any, told: frozenset[str]) -> bool:
    if isinstance(value, dict):
        return any(_uses(inner, told) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_uses(inner, told) for inner in value)
    if not isinstance(value, str) or "${{" not in value:
        return False
    inside = " ".join(re.findall(r"\$\{\{(.*?)\}\}", value, flags=re.S))
    return bool(_TOLD.search(inside)) or any(
        re.search(rf"(?<![\w.]){re.escape(name)}\b", inside) for name in told
    )
