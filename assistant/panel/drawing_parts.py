"""The pipeline as places show it: with the states of a run, folded as the address says."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from assistant.events import StepProgress
from assistant.panel.addresses import Address
from assistant.panel.html import Html, el
from assistant.panel.reading import Reader
from assistant.panel.texts import count, say
from assistant.pipeline.drawing import SKILL_ICONS, Known, lay_out
from assistant.pipeline.spec import Job
from assistant.pipeline.svg import ICONS, draw
from assistant.schedule.starting import starts_in_short
from assistant.store.runs import AttemptRow, RunRow

FOLDS_ABOVE = 12
"""Frames with more steps than this begin folded."""


def pipeline(
    reader: Reader,
    job: Job,
    at: Address | None = None,
    *,
    run: RunRow | None = None,
    folded: Collection[str] = (),
    step_link: Callable[[str], str] | None = None,
) -> Html:
    """The drawing of a job. What is folded stands in the address, or is given."""
    shut = {path for path in at.query.get("fold", "").split(",") if path} if at else set(folded)
    states, notes = progress(reader, run) if run is not None else ({}, {})
    known = Known(states, notes, shut, lambda name: _other(reader, name))
    label = say("graph.label", job=job.title or job.name)
    return Html(draw(lay_out(job, known, starts=starts_in_short(job)), label=label, link=step_link))


def progress(reader: Reader, run: RunRow) -> tuple[dict[str, str], dict[str, str]]:
    """States and notes of a run by step path."""
    states, notes = dict[str, str](), dict[str, str]()
    for attempt in reader.place.runs.attempts(run.id):
        states[attempt.path] = attempt.status
        if attempt.status == "succeeded":
            notes[attempt.path] = made(attempt)
    if not run.ended:
        for stored in reader.place.runs.events(run.id):
            event = stored.event
            if isinstance(event, StepProgress) and states.get(event.path) == "running":
                notes[event.path] = event.message
    return states, notes


def made(attempt: AttemptRow) -> str:
    """What a step gave, in a few words."""
    seconds = f"{attempt.seconds:.1f} s" if attempt.seconds is not None else ""
    output: Any = attempt.output
    if isinstance(output, dict):
        for key, told in (("items", "graph.items"), ("rows", "graph.rows")):
            found: Any = output.get(key)
            if isinstance(found, list):
                return f"{count(told, len(found))} · {seconds}"
    return seconds


def tile(skill: str) -> Html:
    """The sign of a skill."""
    icon = ICONS[SKILL_ICONS.get(skill, "spark")]
    return el(
        "span", Html(f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{icon}"/></svg>'), class_="sign"
    )  # fmt: skip


def toggled(shut: Collection[str], path: str) -> set[str]:
    """What is folded after a click on a fold."""
    return set(shut) ^ {path}


def _other(reader: Reader, name: str) -> Job | None:
    record = reader.place.jobs.find(name)
    return reader.file(record) if record is not None else None
