"""What a request comes to: a draft, a change of one, a call at once, or a question."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.builder.drafts import LAST
from assistant.builder.drafts import Draft as Drafted
from assistant.chat import asking, cards, commands, context, options, replies, writing
from assistant.chat.answering import words
from assistant.chat.events import RoutedTo, TextDelta, Thinking, TurnEvent
from assistant.chat.following import last_output
from assistant.chat.unwritten import without_writer
from assistant.job import footers
from assistant.job.granting import reaches
from assistant.job.once import steps_request
from assistant.job.questions import MOST_OPEN, Question
from assistant.pipeline.expressions import resolve
from assistant.pipeline.inputs import unanswered
from assistant.pipeline.loader import load, read_loosely
from assistant.store.jobs import JobRecord

_ASKS = re.compile(
    r"(?:please |now )*(?:which|what|who|where|how|show|list|find|summari[sz]e|compare)\b",
    re.IGNORECASE,
)
_KEEPS = re.compile(r"\b(?:jobs?|pipelines?|drafts?|every|each time|whenever)\b", re.IGNORECASE)
"""Words of somebody who wants to keep it."""

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation


async def proposed(
    conversation: Conversation, record: JobRecord, drafted: Drafted, request: str, dry_run: bool
) -> AsyncIterator[TurnEvent]:
    """Keep a drafted file, show its card, and show it again with the dry run.

    A question whose answer takes several steps is answered at once in place of that.
    """
    place = conversation.place
    unwritten = list[str]()
    if not drafted.problems:
        yaml, unwritten = without_writer(drafted.yaml, request, place.settings.model)
        drafted = replace(drafted, yaml=yaml)
    if not drafted.problems and context.file_of(place.jobs, record) == "":
        job = load(drafted.yaml).job
        effects = {reach.effect for reach in reaches(job, place.library)}
        if not (job.triggers or job.inputs) and is_asked_at_once(request, drafted, effects):
            async for event in answered(conversation, record, drafted):
                yield event
            return
    told = [*unwritten, *(assumption.text for assumption in drafted.assumptions)]
    open_inputs = [] if drafted.problems else unanswered(load(drafted.yaml).job.inputs)
    if open_inputs:
        told.insert(0, words("untried", inputs=" and ".join(open_inputs)))
    if drafted.template:
        told.insert(0, words("template_from", name=drafted.template.replace("-", " ")))
    card = await conversation.propose(
        record.id, drafted.yaml, request=request, template=drafted.template, assumptions=told,
        unplaced=drafted.unplaced if drafted.kind == "job" else (), edited=drafted.kind == "edit",
    )  # fmt: skip
    replies.ask_of_draft(conversation, record, card)
    yield card
    if dry_run and not open_inputs:
        yield Thinking("Trying it without changing anything")
        tried = await conversation.dry_run(conversation.place.jobs.draft(card.draft_id))
        card = cards.with_dry_run(card, tried)
        conversation.keep(card)
        yield card


def is_asked_at_once(text: str, drafted: Drafted, effects: Iterable[str]) -> bool:
    """Whether a drafted job is the answer to a question: it is to be run now and once, and
    changes nothing. Nobody has to approve what only reads."""
    once = not (drafted.cron or drafted.structure)
    asks = text.rstrip().endswith("?") or bool(_ASKS.match(text))
    return once and asks and not _KEEPS.search(text) and "write" not in effects


async def answered(
    conversation: Conversation, record: JobRecord, drafted: Drafted
) -> AsyncIterator[TurnEvent]:
    """Run the steps of a drafted file at once, without keeping it."""
    steps = read_loosely(drafted.yaml).document.data["steps"]
    async for event in _at_once(conversation, record, steps):
        yield event


async def edited(
    conversation: Conversation, record: JobRecord, drafted: Drafted, request: str, dry_run: bool
) -> AsyncIterator[TurnEvent]:
    """What was asked of the focused job: a new draft of its file, and things done to it."""
    before = context.file_of(conversation.place.jobs, record)
    if drafted.asks:
        async for event in asked_for(conversation, record, drafted):
            yield event
    elif drafted.yaml and drafted.yaml != before:
        async for event in proposed(conversation, record, drafted, request, dry_run):
            yield event
    elif drafted.yaml and not drafted.actions:
        text = words("no_change", name=record.name)
        conversation.say(record, "answer", "assistant", text, {})
        yield TextDelta(text)
    other = conversation.place.jobs.find(drafted.name) if drafted.name else None
    if drafted.actions and other is not None and _is_meant(conversation, record, other):
        # "Pause nightly-dump", said where no job is focused, or one that has nothing to pause.
        record = other
        yield RoutedTo(record.id, record.name, record.title, new=False)
    for action in drafted.actions:
        name = str(drafted.settings.get("edit.name", ""))
        async for event in commands.act(conversation, record, action, name):
            if isinstance(event, TextDelta):
                conversation.say(record, "decision", "assistant", event.text, {"action": action})
            yield event


def _is_meant(conversation: Conversation, record: JobRecord, other: JobRecord) -> bool:
    """Whether what is to be done is to be done to another job than the one it was said in; not
    when that has a file of its own, or the person has said to stay in it."""
    place = conversation.place
    stays = asking.remembered(place.guide, record, other.name) == "stay"
    return other.id != record.id and not stays and context.file_of(place.jobs, record) == ""


async def asked_for(
    conversation: Conversation, record: JobRecord, drafted: Drafted
) -> AsyncIterator[TurnEvent]:
    """Ask what a draft lacks, three things at most; what waits already is shown once more."""
    place = conversation.place
    if record.phase in ("plan", "execute", "verify"):
        place.guide.enter(record.id, "observe", "Something is missing.")
    raw = {source.place: source.text for source in drafted.sources}
    questions = [
        Question(
            "CLARIFY", ask.text, options.options_for(place, ask, drafted), context.REQUEST,
            {"place": ask.place, "raw": raw.get(ask.place, "")},
        )
        for ask in drafted.asks
    ]  # fmt: skip
    waiting = {asked.text for asked in place.guide.open_questions(record.id)}
    again = [question for question in questions if question.text in waiting]
    new = [question for question in questions if question.text not in waiting]
    for asked in place.guide.ask(record.id, [*again, *new[: MOST_OPEN - len(waiting)]]):
        yield asking.card_of(asked)


async def called(
    conversation: Conversation, record: JobRecord, drafted: Drafted, shown: str
) -> AsyncIterator[TurnEvent]:
    """Call the skills at once. One that writes waits for the person's word first."""
    asked = [
        (s.skill, drafted.call if len(drafted.steps) == 1 else s.arguments) for s in drafted.steps
    ]
    if needed := writing.needed(conversation.place, asked):
        conversation.say(record, "answer", "assistant", needed, {})
        yield TextDelta(needed)
        return
    steps = list[dict[str, Any]]()
    names = {LAST: last_output(conversation.place, shown)} if shown else {}
    for step in drafted.steps:
        skill = conversation.place.library.get(step.skill)
        given = drafted.call if len(drafted.steps) == 1 else step.arguments
        # What earlier steps of this call give is not known yet; the engine puts it in.
        arguments = {
            name: resolve(value, names) if names and "steps." not in str(value) else value
            for name, value in given.items()
        }
        if "${{" not in str(arguments):
            skill.check(arguments)
        made: dict[str, Any] = {"id": step.id or step.skill, "skill": step.skill}
        made |= {"with": arguments} if arguments else {}
        writes = skill.effect_of(arguments) == "write"
        steps.append(made | ({"needs_approval": True} if writes else {}))
    async for event in _at_once(conversation, record, steps):
        yield event


async def _at_once(
    conversation: Conversation, record: JobRecord, steps: Sequence[Mapping[str, Any]]
) -> AsyncIterator[TurnEvent]:
    footer = footers.asked(conversation.place.jobs.interactions(record.id, last=context.RECENT))
    said = "The request can be answered at once."
    record = conversation.place.guide.enter(record.id, "execute", said, footer=footer)
    request = steps_request(steps, job_id=record.id, trigger={"kind": "chat"})
    async for event in conversation.run(record, request):
        yield event
