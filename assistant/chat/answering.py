"""Answers in words: talk with a model that can, and what is said when there is nothing to run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import cache

from ruamel.yaml import YAML

from assistant.chat.events import Notice, TextDelta, TurnEvent
from assistant.errors import JobNotFound, ModelUnavailable
from assistant.job.measure import tokens_of
from assistant.job.prompt import assemble
from assistant.job.summary import summarise
from assistant.models.errors import ContextTooLong
from assistant.models.protocol import Limits, Message, Model, OnDelta
from assistant.settings import PROJECT
from assistant.store.jobs import Interaction, JobRecord
from assistant.workplace import Workplace

STARTER = "starter"
ANSWER = Limits(max_tokens=800, seconds=180.0)
SMALL_CONTEXT = 8192
"""Tokens of context of a small model, when none is asked."""
SMALLEST = 1200
"""Tokens of context below which no conversation is tried."""


async def answer(
    place: Workplace, record: JobRecord, kind: str, model: str
) -> AsyncIterator[TurnEvent]:
    """Answer a prompt that asks for no skill (`answer`), or for one that is not here."""
    name = model or place.settings.model
    if name == STARTER:
        settings = place.settings
        said = words(
            "unsupported" if kind == "unsupported" else "talk", folder=str(settings.skills_dir)
        )
        text = f"{said}\n\n{settings.spoken(abilities(place))}"
        yield TextDelta(text)
    else:
        text = ""
        try:
            async for piece in _talk(place, record, place.models.get(name)):
                text += piece
                yield TextDelta(piece)
        except asyncio.CancelledError:
            # Stopped by the person: what they have read already stays in the conversation.
            if text:
                place.jobs.add_interaction(
                    record.id, "answer", "assistant", f"{text} …", {"stopped": True}
                )
            raise
    place.jobs.add_interaction(record.id, "answer", "assistant", text)


def abilities(place: Workplace) -> str:
    """What can be done here, with an example of each kind, and what the model in use cannot."""
    settings = place.settings
    told = words("abilities", noun=settings.noun, nouns=settings.nouns, example=words("example"))
    if settings.model != STARTER:
        return told
    return f"{told}\n\n{words('starter_writes_nothing')}"


def without_model(gone: ModelUnavailable) -> str:
    """The cure when no model answers: its own, and the way that needs none."""
    return words("without_model", hint=gone.hint).strip()


def deleted(job: JobRecord) -> Notice:
    """Another tab or process has deleted the job of this turn."""
    message, hint = words("deleted", name=job.name).split("\n", 1)
    return Notice(JobNotFound.code, message, hint)


def words(which: str, **values: str) -> str:
    """One of the chat's own texts, filled in."""
    text = _texts()[which]
    return text.format(**values).strip() if values else text.strip()


@cache
def _texts() -> dict[str, str]:
    path = PROJECT / "prompts" / "chat_texts.yaml"
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@cache
def _system() -> str:
    return (PROJECT / "prompts" / "chat_system.md").read_text(encoding="utf-8").strip()


async def summarised(place: Workplace, job_id: str, model: str = "") -> None:
    """Let a summary block stand for old parts of a job, when there is enough of them."""
    settings, name = place.settings, model or place.settings.model
    asked = place.models.get(name) if name != STARTER else None
    await summarise(
        place.jobs.said, job_id, at_8192=settings.summary_tokens, model=asked,
        context=asked.context if asked else SMALL_CONTEXT,
        speaker=place.guide.plans.speaker(place.jobs.get(job_id)) if asked else None,
    )  # fmt: skip


def view(
    place: Workplace, said: Sequence[Interaction], context: int, system: str = ""
) -> tuple[Message, ...]:
    """What a model with so many tokens of context reads of a job, room for its answer left."""
    head = system or _system()
    settings = place.settings
    prompt = assemble(
        said, tokens=max(context - ANSWER.max_tokens - tokens_of(head), 200),
        strategy=settings.prompt_strategy, last=settings.prompt_last,
    )  # fmt: skip
    return (Message("system", head), *prompt.messages)


def shorter(context: int, long: ContextTooLong) -> int:
    """What to try with when a text was longer than estimated: the measured excess, and a little
    more, is taken off."""
    excess = max(long.tokens - long.context, 0) if long.tokens else 0
    return min(context - excess, context * 3 // 4)


async def _fitting(
    place: Workplace, said: Sequence[Interaction], model: Model, hear: OnDelta
) -> str:
    """The answer; when the text was longer than estimated, once more with that much less."""
    context = model.context
    while True:
        messages = view(place, said, context)
        try:
            reply = await model.complete(messages, on_delta=hear, limits=ANSWER, purpose="chat")
            return reply.text
        except ContextTooLong as long:
            context = shorter(context, long)
            if context < SMALLEST:
                raise


async def _talk(place: Workplace, record: JobRecord, model: Model) -> AsyncIterator[str]:
    """The model's answer, piece by piece. Leaving the iteration stops the model."""
    said = place.jobs.interactions(record.id)
    pieces: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def hear(piece: str) -> None:
        loop.call_soon_threadsafe(pieces.put_nowait, piece)

    async def ask() -> str:
        try:
            return await _fitting(place, said, model, hear)
        finally:
            loop.call_soon_threadsafe(pieces.put_nowait, None)

    task, heard = asyncio.create_task(ask()), False
    try:
        while (piece := await pieces.get()) is not None:
            heard = True
            yield piece
        whole = await task
        if not heard:
            yield whole
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
