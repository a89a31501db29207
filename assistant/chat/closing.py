"""The second half of a cycle, told: after a run, when something is done, when a job completes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.chat import asking, repeated
from assistant.chat.answering import STARTER, words
from assistant.chat.events import TextDelta, TurnEvent
from assistant.job import footers, skeleton
from assistant.job.completing import Completer
from assistant.job.condensing import Condensed, Condenser
from assistant.job.plan_md import OUTSTANDING
from assistant.job.questions import OpenQuestion
from assistant.models.protocol import Model
from assistant.pipeline.walk import used_skills
from assistant.pipeline.words import sentence
from assistant.pipeline.writer import dump
from assistant.skills.saying import own_words
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

_RUN = re.compile(r"(?:please |now )*(?:run|start)\b[^.!?]{0,60}[.!]?", re.IGNORECASE)


def is_run_order(text: str) -> bool:
    """Whether a prompt orders nothing but a run."""
    return bool(_RUN.fullmatch(text.strip()))


def capable(place: Workplace, model: str = "") -> Model | None:
    """The model that writes and sorts text; None for the starter model, which decides only."""
    name = model or place.settings.model
    return None if name == STARTER else place.models.get(name)


async def after_run(
    conversation: Conversation, ident: str, run_id: str
) -> AsyncIterator[TurnEvent]:
    """What a run that ended means for its job: on to Verify; with `expect` lines, further."""
    place, run = conversation.place, conversation.place.runs.get(run_id)
    record = place.jobs.get(ident)
    if not run.ended or run.dry or run.status != "succeeded" or record.phase != "execute":
        return
    results = [
        f"{str(i.data.get('skill', '')).replace('_', ' ')}: {i.text}"
        for i in place.jobs.interactions(ident, last=40)
        if i.kind == "result" and i.data.get("run") == run_id
    ]
    files = [artifact.name for artifact in place.runs.artifacts(run_id)]
    name = f"version {run.version}" if run.version else record.name
    footer = footers.ran(name, run.status, results, files)
    record = place.guide.enter(ident, "verify", f"The run {run.status}.", footer=footer)
    if place.guide.standing(ident).expectations and run.version and record.phase == "verify":
        place.guide.enter(ident, "condense", "Its expect lines held.")
        await Condenser(place.guide).condense(ident)
    if again := repeated.offered(conversation, record, run):
        for event in again:
            yield event
    elif proposal := place.guide.proposal(ident):
        room = place.guide.open_questions(ident)
        for asked in (
            place.guide.ask(ident, [proposal.question(record.name, place.settings.noun)])
            if len(room) < 3
            else []
        ):
            yield asking.card_of(asked)


async def done(
    conversation: Conversation, ident: str, model: str = "", *, reason: str = "You said it is done."
) -> AsyncIterator[TurnEvent]:
    """This cycle is done: it is condensed and closed; after the last one the job completes."""
    place = conversation.place
    record = place.jobs.get(ident)
    if place.guide.going(record):
        yield TextDelta(words("still_running"))
        return
    if is_approved(place, record):
        yield TextDelta(go_on_completing(place, ident))
        return
    footer = footers.asked(place.jobs.interactions(ident)) if record.phase == "observe" else ""
    place.guide.enter(ident, "condense", reason, footer=footer)
    condensed = await Condenser(place.guide).condense(ident, capable(place, model))
    for event in _told(condensed):
        yield event
    if condensed.closed:
        async for event in closed(conversation, ident):
            yield event


async def closed(conversation: Conversation, ident: str) -> AsyncIterator[TurnEvent]:
    """A cycle has closed: the next one begins, or the completion is asked."""
    place = conversation.place
    record, row = place.jobs.get(ident), place.guide.guidance.of(ident)
    if record.cycle < row.cycles:
        record = place.guide.begin_cycle(ident, "The cycle before it is closed.")
        yield TextDelta(words("next_cycle", cycle=str(record.cycle), cycles=str(row.cycles)))
        return
    yield asking.card_of(Completer(place.guide).ask(ident))


async def noted(
    conversation: Conversation, ident: str, *, keep: bool, model: str = ""
) -> AsyncIterator[TurnEvent]:
    """The person has said what to do with the notes that waited: the cycle closes now."""
    guide = conversation.place.guide
    measured = Condenser(guide).decide(ident, keep=keep)
    yield TextDelta(f"{measured.told()}.")
    if measured.closes and guide.jobs.get(ident).phase == "condense":
        async for event in closed(conversation, ident):
            yield event


async def decided(
    conversation: Conversation, asked: OpenQuestion, said: str, by: str
) -> AsyncIterator[TurnEvent]:
    """The person's word on a completion."""
    guide = conversation.place.guide
    record = Completer(guide).decide(asked, said, by=by)
    yield TextDelta(_completion(conversation.place, record))


def is_approved(place: Workplace, record: JobRecord) -> bool:
    """Whether a completion is approved, and something else still stands before it."""
    approved = place.guide.guidance.of(record.id).completion.get("approved_at")
    return bool(approved) and record.status != "completed"


def go_on_completing(place: Workplace, ident: str) -> str:
    """Pass what can be passed of an approved completion; says how it stands."""
    return _completion(place, Completer(place.guide).go_on(ident))


async def promoted(
    conversation: Conversation, record: JobRecord, asked: OpenQuestion, *, yes: bool
) -> AsyncIterator[TurnEvent]:
    """The person's word on moving a job up."""
    place, stage = conversation.place, int(asked.facts["stage"])
    if not yes:
        place.guide.refuse_promotion(record, stage)
        yield TextDelta(words("kept_as_is"))
    elif stage == 0:
        request = f"{record.title} ({', '.join(asked.facts['steps'])})"
        run = place.runs.get(asked.facts["runs"][0])
        yield await conversation.propose(record.id, run.request["yaml"], request=request)
    else:
        what = move_up(place, record, stage)
        yield TextDelta(words("promoted", name=record.name, stage=str(stage), what=what))


def move_up(place: Workplace, record: JobRecord, stage: int) -> str:
    """Give a job what a stage is guided by; says what that is. Raises PolicyDenied …"""
    guide = place.guide
    if stage == 4:
        made = skeleton.stamp(guide.plugins.folder(record.name), record.name)
        place.jobs.update(record.id, stage=4)
        return f"its plugin is {made[0]}"
    file = "plan.md" if stage == 2 else "plan.yaml"
    return guide.plans.move_up(record, file, _outline(place, record, file))


def _outline(place: Workplace, record: JobRecord, file: str) -> str:
    """A plan to begin with, of the steps that have proven themselves."""
    job = place.lifecycle.in_force(record)
    says = own_words(place.library, used_skills(job))
    steps = [f"{n}. {sentence(step, says)}" for n, step in enumerate(job.steps, 1)]
    if file == "plan.yaml":
        proven = words("keep_to_steps", steps="\n".join(steps))
        return dump({"cycles": record.cycle, "execute": {"execute": proven}})
    listed = "\n".join(steps)
    return f"# {record.title or record.name}\n\nCycles: {record.cycle}\n\n## Steps\n\n{listed}\n\n## {OUTSTANDING}\n"


def _told(condensed: Condensed) -> list[TurnEvent]:
    kept = [note for note in condensed.notes if note.state == "kept"]
    lines = [f"- {note.text} → {note.target}" for note in kept]
    told: list[TurnEvent] = [TextDelta("\n".join(["Kept:", *lines]))] if lines else []
    if not condensed.closed:
        share = condensed.routing.told()
        told.append(TextDelta(words("notes_open", share=share)))
        if condensed.question is not None:
            told.append(asking.card_of(condensed.question))
    return told


def _completion(place: Workplace, record: JobRecord) -> str:
    if record.status == "completed":
        return words("completed", name=record.name)
    if record.phase == "verify":
        return words("reviewing")
    return words("waits", what=str(place.guide.guidance.of(record.id).completion.get("waits", "")))
