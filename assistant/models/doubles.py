"""Models for tests, replays and demonstrations: real, small, and without weights.

`ScriptedModel` answers from a list and remembers what it was asked. `PuppetModel` answers what
a function says. `OneModel` is the `Models` that knows only the one it was given.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.models.protocol import (
    JsonSchema,
    Limits,
    Message,
    Model,
    OnDelta,
    Reply,
    Tool,
    ToolCall,
    Usage,
)


@dataclass(frozen=True)
class Asked:
    """One call, as the model saw it."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    schema: JsonSchema | None = None
    limits: Limits = Limits()
    purpose: str = ""

    @property
    def prompt(self) -> str:
        """The last thing a person or a tool said."""
        return self.messages[-1].text if self.messages else ""


Answer = Reply | str | dict[str, Any] | list[Any] | ToolCall | BaseException
Puppeteer = Callable[[Asked], Answer]


class PuppetModel:
    """Answers what `puppeteer` says.

    A text is an answer; a dict or list is the record of a schema; a ToolCall is a call; an
    exception is raised; a Reply is given as it is.
    """

    def __init__(
        self, puppeteer: Puppeteer, *, name: str = "puppet", context: int = 8192, delay: float = 0
    ) -> None:
        self._puppeteer = puppeteer
        self._name = name
        self._context = context
        self._delay = delay
        self.asked: list[Asked] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def context(self) -> int:
        return self._context

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: JsonSchema | None = None,
        on_delta: OnDelta | None = None,
        limits: Limits = Limits(),
        purpose: str = "",
    ) -> Reply:
        asked = Asked(tuple(messages), tuple(tools), schema, limits, purpose)
        self.asked.append(asked)
        reply = self._as_reply(self._puppeteer(asked), asked)
        if self._delay:
            await asyncio.sleep(self._delay)
        if on_delta and reply.text:
            for word in reply.text.splitlines(keepends=True):
                on_delta(word)
        return reply

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors that are the same for the same text and tell nothing about its meaning."""
        return [[byte / 255 for byte in hashlib.sha256(text.encode()).digest()] for text in texts]

    def _as_reply(self, answer: Answer, asked: Asked) -> Reply:
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Reply):
            return answer
        usage = Usage(
            tokens_in=sum(len(m.text.split()) for m in asked.messages),
            tokens_out=len(str(answer).split()),
            model=self._name,
        )
        if isinstance(answer, ToolCall):
            return Reply(tool_calls=(answer,), usage=usage, finish="tool_calls")
        if isinstance(answer, str):
            record = json.loads(answer) if asked.schema is not None else None
            return Reply(text=answer, record=record, usage=usage)
        text = json.dumps(answer, ensure_ascii=False)
        return Reply(text=text, record=answer, usage=usage)


class ScriptedModel(PuppetModel):
    """Answers from a list, in order. Raises ModelUnavailable when the list is used up."""

    def __init__(self, *answers: Answer, name: str = "scripted", context: int = 8192) -> None:
        self.answers = list(answers)
        super().__init__(self._next, name=name, context=context)

    def _next(self, asked: Asked) -> Answer:
        if not self.answers:
            raise ModelUnavailable(
                f"the script of {self.name!r} has no answer left for: {asked.prompt[:80]!r}"
            )
        return self.answers.pop(0)


class OneModel:
    """A `Models` that gives the same model for every name, or one of several by name."""

    def __init__(self, model: Model, **others: Model) -> None:
        self.model = model
        self.others = others

    def get(self, name: str = "") -> Model:
        return self.others.get(name, self.model)
