"""What follows the answer to a question: the request goes on, a job is switched, approved, closed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.chat import asking, closing, context, planning, repeated
from assistant.chat.answering import words
from assistant.chat.events import DraftCard, RoutedTo, TextDelta, TurnEvent
from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.job import questions
from assistant.job.condensing import KEEP_ALL
from assistant.job.promotion import NOT_NOW, YES
from assistant.job.questions import APPROVE_COMPLETION, REVIEW, OpenQuestion, Question
from assistant.job.routing import checked_prompt
from assistant.schedule.wording import in_words
from assistant.store.jobs import JobRecord

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

APPROVE, REJECT = "Approve", "Reject"
DRAFT = "draft"
YES_WORDS = frozenset(
    {"yes", "ok", "okay", "approve", "approved", "go ahead", "do it", "looks good", "yes please",
     "ja", "ja bitte", "oui", "sí", "si", "sim", "passt", "d'accord", "va bene", "akkoord"}
)  # fmt: skip
"""Words that approve a draft that waits, as a button does."""
NO_WORDS = frozenset(
    {"no", "nope", "no thanks", "reject", "reject it", "rejected", "nein", "non", "não", "nee"}
)
"""Words that reject it."""
_YES_AND_NO = {
    DRAFT: (APPROVE, REJECT), "promotion": (YES, NOT_NOW),
    "completion": (APPROVE_COMPLETION, REVIEW),
    planning.PLANNED: (planning.WITH_PLAN, planning.AT_ONCE),
}  # fmt: skip
"""The options that a yes and a no mean, by what a question is about."""


def waiting(conversation: Conversation, number: int) -> OpenQuestion:
    """The open question of that number. Raises TargetUnresolved."""
    found = {q.number: q for q in conversation.place.guide.open_questions()}
    if number not in found:
        raise TargetUnresolved(
            f"no question {number} waits", hint="`assistant jobs questions` shows those that do."
        )
    return found[number]


def meant(
    conversation: Conversation, job: JobRecord | None, text: str
) -> OpenQuestion | str | None:
    """The open question of a job that a prompt answers, if it does.

    An option answers the newest question that has it. Other words answer what a request left
    open, or what a model asked, when they are few. Without a job see `_anywhere`.
    """
    if job is None:
        return _anywhere(conversation, text)
    open_ones = conversation.place.guide.open_questions(job.id)
    said = text.strip()
    for asked in reversed(open_ones):
        # A bare number means the newest question that has so many options.
        if said and asked.options and _meaning(asked, said) in asked.options:
            return asked
    free = [q for q in open_ones if q.about in (context.REQUEST, "")]
    return free[0] if free and said and context.is_reply(said) else None


def _anywhere(conversation: Conversation, text: str) -> OpenQuestion | str | None:
    """What a bare yes or no means where no job is focused: the question of the one job that waits
    for it, else what is to be said; None for every other prompt."""
    word = text.strip().casefold().rstrip(".!")
    if word not in YES_WORDS | NO_WORDS:
        return None
    place = conversation.place
    waiting = [q for q in place.guide.open_questions() if _meaning(q, text) in q.options]
    found = {q.job_id: q for q in waiting}
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        return words("nothing_waits", word=text.strip())
    lines = [f"- {place.jobs.get(one).name}: {asked.text}" for one, asked in found.items()]
    return "\n".join([words("several_wait"), *lines[:5]])


def _meaning(asked: Question, text: str) -> str:
    """The option that a reply means, a yes and a no in other words too; else the reply."""
    said, word = questions.meant(asked, text), text.strip().casefold().rstrip(".!")
    yes, no = _YES_AND_NO.get(asked.about, ("", ""))
    if said in asked.options or not yes:
        return said
    return yes if word in YES_WORDS else no if word in NO_WORDS else said


async def take(
    conversation: Conversation,
    asked: OpenQuestion,
    text: str,
    *,
    by: str = "person",
    dry_run: bool = True,
    model: str = "",
) -> AsyncIterator[TurnEvent]:
    """Take an answer and do what it means. Raises TargetUnresolved, BindingsInvalid …"""
    place = conversation.place
    record = place.jobs.get(asked.job_id)
    said = _meaning(asked, checked_prompt(text))
    yield RoutedTo(record.id, record.name, record.title, new=False)
    match asked.about:
        case "draft":
            stream = _draft(conversation, record, asked, said)
        case "completion":
            stream = closing.decided(conversation, asked, said, by)
        case "notes":
            if said not in asked.options:
                raise BindingsInvalid(
                    f"{said[:60]!r} keeps and drops nothing",
                    hint=words(
                        "notes_one_by_one", name=record.name, options="” or “".join(asked.options)
                    ),
                )
            questions.answer(place.jobs.said, asked.number, said)
            stream = closing.noted(conversation, record.id, keep=said == KEEP_ALL, model=model)
        case "promotion":
            questions.answer(place.jobs.said, asked.number, said)
            stream = closing.promoted(conversation, record, asked, yes=said == YES)
        case planning.PLANNED:
            questions.answer(place.jobs.said, asked.number, said)
            stream = planning.decided(conversation, record, asked, said, model)
        case "repeated":
            questions.answer(place.jobs.said, asked.number, said)
            stream = repeated.decided(conversation, record, asked, said)
        case "route":
            questions.answer(place.jobs.said, asked.number, said)
            stream = _switched(conversation, record, asked, said, dry_run, model)
        case _:
            stream = _answered(conversation, record, asked, said, dry_run, model)
    async for event in stream:
        yield event


def ask_of_draft(conversation: Conversation, record: JobRecord, card: DraftCard) -> None:
    """Let a draft's question wait; that of a draft before it is answered by it."""
    guide, said = conversation.place.guide, conversation.place.jobs.said
    for asked in guide.open_questions(record.id):
        if asked.about in (DRAFT, context.REQUEST):
            questions.answer(said, asked.number, questions.OVERTAKEN)
    facts = {"draft": card.draft_id, "steps": [line.sentence for line in card.steps]}
    facts |= {"twin": card.twin} if card.twin else {}
    facts |= {"changes": list(card.changes)} if card.changes else {}
    question = Question(
        "APPROVE", f"Shall {card.job} be like this?", (APPROVE, REJECT), DRAFT, facts
    )
    guide.ask(record.id, [question])


async def _draft(
    conversation: Conversation, record: JobRecord, asked: OpenQuestion, said: str
) -> AsyncIterator[TurnEvent]:
    """Approve or reject a draft; other words are a wish for another one."""
    lifecycle, draft = conversation.place.lifecycle, str(asked.facts["draft"])
    if said == APPROVE:
        yield TextDelta(approved(conversation, record, draft))
    elif said == REJECT:
        lifecycle.reject(draft)
        yield TextDelta("The draft is rejected.")
    else:
        async for event in conversation.prompted(said, record):
            yield event


def approved(conversation: Conversation, record: JobRecord, draft: str) -> str:
    """Approve a draft; says what is in force now."""
    place = conversation.place
    version = place.lifecycle.approve(draft)
    schedule = place.ledger.schedule(record.id)
    when = f" It runs: {in_words(schedule.cron, schedule.timezone)}." if schedule else ""
    return f"Version {version.number} of {place.jobs.get(record.id).name} is in force.{when}"


async def _switched(
    conversation: Conversation,
    record: JobRecord,
    asked: OpenQuestion,
    said: str,
    dry_run: bool,
    model: str,
) -> AsyncIterator[TurnEvent]:
    """Take the prompt where the person said, and remember that."""
    place, target = conversation.place, str(asked.facts.get("target", ""))
    goes = bool(asked.options) and said == asked.options[0]
    asking.remember(place.guide, record, target, "go" if goes else "stay")
    there = (place.jobs.get(target) if target else None) if goes else record
    prompt = str(asked.facts["prompt"])
    if goes and target and closing.is_run_order(prompt) and place.jobs.get(target).version:
        yield RoutedTo(place.jobs.get(target).id, target, place.jobs.get(target).title, new=False)
        place.jobs.add_interaction(place.jobs.get(target).id, "prompt", "person", prompt)
        stream = conversation.run_now(target)
    else:
        stream = conversation.prompted(prompt, there, dry_run=dry_run, model=model)
    async for event in stream:
        yield event


async def _answered(
    conversation: Conversation,
    record: JobRecord,
    asked: OpenQuestion,
    said: str,
    dry_run: bool,
    model: str,
) -> AsyncIterator[TurnEvent]:
    """Write the answer down; when nothing else of the request is open, it goes on."""
    place = conversation.place
    questions.answer(place.jobs.said, asked.number, said)
    others = [q for q in place.guide.open_questions(record.id) if q.about == asked.about]
    chosen = questions.of_answer(asked, said)
    for other in [] if chosen else others:
        # One reply in words answers what was asked together.
        questions.answer(place.jobs.said, other.number, said)
    if chosen and others:
        yield TextDelta(words("waits", what=f"“{others[0].text}”"))
        return
    async for event in conversation.go_on(place.jobs.get(record.id), dry_run=dry_run, model=model):
        yield event
