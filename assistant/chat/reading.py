"""How a job stands, read for screens: the phase strip, open questions, notes, plan, completion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.answering import words
from assistant.chat.asking import cards_of
from assistant.chat.events import QuestionCard
from assistant.job import gates
from assistant.job.condensing import Condenser
from assistant.job.plans import PlanState
from assistant.store.guidance import Note
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace


@dataclass(frozen=True)
class Strip:
    """The phases of a job in order, where it is, and why it came there."""

    phases: tuple[str, ...]
    now: str
    cycle: int
    cycles: int
    reason: str
    waits_for: str
    expects: str
    done: bool
    """All of it is done."""


@dataclass(frozen=True)
class Notes:
    """The notes of a job and how much of this cycle is filed, from 0 to 1."""

    notes: tuple[Note, ...]
    share: float
    told: str


def strip(place: Workplace, record: JobRecord) -> Strip:
    """Where a job is in its cycle."""
    standing = place.guide.standing(record.id)
    last = place.jobs.said.last_of(record.id, "phase")
    # A job that was brought in has come from nowhere: its run is all there is.
    brought_in = last is None and bool(record.version) and standing.ran == "succeeded"
    return Strip(
        phases=place.guide.cycle(record).order, now=record.phase, cycle=record.cycle,
        cycles=standing.cycles, reason=str(last.data["reason"]) if last else "",
        waits_for=gates.waits_for(standing), expects=gates.expects(standing),
        done=brought_in or gates.is_through(standing),
    )  # fmt: skip


def questions(place: Workplace, record: JobRecord) -> list[QuestionCard]:
    """What waits for the person in a job, as cards; a draft and a run have their own."""
    return cards_of(place.guide.open_questions(record.id))


def notes(place: Workplace, record: JobRecord) -> Notes:
    """What condense left behind."""
    measured = Condenser(place.guide).routing(record)
    found = place.guide.guidance.notes(record.id)
    return Notes(tuple(found), measured.share, measured.told())


def plan(place: Workplace, record: JobRecord) -> PlanState:
    """The plan, and what may be done with it now."""
    return place.guide.plans.state(record)


def review(place: Workplace, record: JobRecord) -> str:
    """The review of the completion that is asked or approved; empty for none."""
    asked = [q for q in place.guide.open_questions(record.id) if q.about == "completion"]
    if asked:
        return str(asked[0].facts.get("review", ""))
    return str(place.guide.guidance.of(record.id).completion.get("review", ""))


def standing_in_words(place: Workplace, record: JobRecord) -> str:
    """Phase, cycle, plan and what it waits for, in a few lines."""
    shown, planned = strip(place, record), plan(place, record)
    at = "" if shown.done else shown.now
    path = " → ".join(f"[{p}]" if p == at else p for p in shown.phases)
    done = ", done" if shown.done else ""
    lines = [f"Cycle {shown.cycle} of {shown.cycles}: {path}{done}"]
    if shown.waits_for:
        lines.append(words("waits", what=shown.waits_for))
    lines += _waits(place.guide.dependencies.open_of(record.id))
    if planned.text:
        lines += ["", planned.text.rstrip()]
    else:
        lines.append(words("no_plan", noun=place.settings.noun, name=record.name))
    return "\n".join(lines)


def _waits(jobs: Sequence[JobRecord]) -> list[str]:
    return [f"Before it completes: {', '.join(job.name for job in jobs)}."] if jobs else []
