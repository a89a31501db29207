"""Answers in words: talk with a model that can, and what is said when there is nothing to run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache

from ruamel.yaml import YAML

from assistant.chat.events import TextDelta, TurnEvent
from assistant.errors import ModelUnavailable
from assistant.job.prompt import assemble
from assistant.models.protocol import Limits, Message, Model
from assistant.settings import PROJECT
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

STARTER = "starter"
ANSWER = Limits(max_tokens=800, seconds=180.0)


async def answer(
    place: Workplace, record: JobRecord, kind: str, model: str
) -> AsyncIterator[TurnEvent]:
    """Answer a prompt that asks for no skill (`answer`), or for one that is not here."""
    name = model or place.settings.model
    if kind == "unsupported" or name == STARTER:
        skills = ", ".join(skill.replace("_", " ") for skill in place.library.names())
        text = words(
            "unsupported" if kind == "unsupported" else "talk",
            model=name, skills=skills, folder=str(place.settings.skills_dir),
            example=words("example"),
        )  # fmt: skip
        yield TextDelta(text)
    else:
        text = ""
        async for piece in _talk(place, record, place.models.get(name)):
            text += piece
            yield TextDelta(piece)
    place.jobs.add_interaction(record.id, "answer", "assistant", text)


def without_model(gone: ModelUnavailable) -> str:
    """The cure when no model answers: its own, and the way that needs none."""
    return words("without_model", hint=gone.hint).strip()


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


async def _talk(place: Workplace, record: JobRecord, model: Model) -> AsyncIterator[str]:
    """The model's answer, piece by piece. Leaving the iteration stops the model."""
    said = place.jobs.interactions(record.id, last=200)
    room = model.context - ANSWER.max_tokens - len(_system()) // 3
    prompt = assemble(said, tokens=max(room, 256))
    pieces: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def hear(piece: str) -> None:
        loop.call_soon_threadsafe(pieces.put_nowait, piece)

    async def ask() -> str:
        try:
            messages = (Message("system", _system()), *prompt.messages)
            reply = await model.complete(messages, on_delta=hear, limits=ANSWER, purpose="chat")
            return reply.text
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
