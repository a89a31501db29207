"""Talk about the runs of a job: questions answered from the store, and a run with other values."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.chat import dry_runs, run_answers, run_changed
from assistant.chat.answering import words
from assistant.chat.context import TALK
from assistant.chat.events import RoutedTo, TextDelta, TurnEvent
from assistant.chat.run_questions import RunOrder, RunQuestion, order_in, question_in
from assistant.schedule.cron import zone, zone_here
from assistant.store import run_days
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

_NAMES = 500


def meant(
    place: Workplace, text: str, focused: JobRecord | None
) -> tuple[JobRecord, RunQuestion | RunOrder] | None:
    """The job that a prompt asks about, or orders a run of, with what it says; None for any other.

    "It" is the focused job, without one the job that ran last. Raises BindingsInvalid for a day
    that no calendar has.
    """
    jobs = [job.name for job in place.jobs.list(limit=_NAMES)]
    today = place.clock.now().astimezone(zone(zone_here(place.settings.timezone))).date()
    said = question_in(text, jobs, today) or order_in(text, jobs)
    if said is None:
        return None
    if said.job:
        record = place.jobs.find(said.job)
    elif focused is not None:
        record = focused
    else:
        record = dry_runs.last_tried(place) or place.jobs.find(run_days.last_job(place.store))
    if record and isinstance(said, RunQuestion) and dry_runs.answer(place, record, said):
        return record, said
    if record is None or (not record.version and not said.job and not _has_run(place, record)):
        # Nothing has run that "it" could be: the words mean something else.
        return None
    if isinstance(said, RunOrder) and not (record.version and _is_taken(place, record, said)):
        return None
    return record, said


def _is_taken(place: Workplace, record: JobRecord, said: RunOrder) -> bool:
    """Whether an order is one: it says now or once, or names what the job has."""
    return said.plain or all(run_changed.is_known(place, record, name) for name in said.changes)


def _has_run(place: Workplace, record: JobRecord) -> bool:
    return bool(run_days.latest(place.store, record.id, most=1))


async def take(
    conversation: Conversation,
    text: str,
    record: JobRecord,
    said: RunQuestion | RunOrder,
    focused: JobRecord | None,
) -> AsyncIterator[TurnEvent]:
    """Answer, or run. A question is written down where it was asked, an order in its job.

    Raises BindingsInvalid for values that the job does not take.
    """
    place = conversation.place
    here = focused if focused is not None and isinstance(said, RunQuestion) else record
    yield RoutedTo(here.id, here.name, here.title, new=False)
    beside = {TALK: "runs"}
    place.jobs.add_interaction(here.id, "prompt", "person", text.strip(), beside)
    if isinstance(said, RunQuestion):
        dry = dry_runs.answer(place, record, said)
        told = run_answers.Answer(dry) if dry else run_answers.answer(place, record, said)
        facts = beside | {"about_runs": list(told.runs)}
        place.jobs.add_interaction(here.id, "answer", "assistant", told.text, facts)
        yield TextDelta(told.text)
        return
    changed = run_changed.once(place, record, said.changes)
    text = words("past_once", changes=changed.changes, noun=place.settings.noun)
    conversation.say(record, "decision", "assistant", text, {"action": "run"})
    yield TextDelta(f"{text}\n\n")
    async for event in conversation.run(record, changed.request):
        yield event
