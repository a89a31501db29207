"""Thin wrappers around a model: try again, try another, write it down, stay within a budget.

Each does one thing and is a model itself, so the registry stacks them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from assistant.errors import (
    AssistantError,
    BudgetExhausted,
    ModelUnavailable,
)
from assistant.models.errors import ContextTooLong, ProviderDown, RateLimited, spent_on
from assistant.models.protocol import (
    JsonSchema,
    Limits,
    Message,
    Model,
    OnDelta,
    Reply,
    Tool,
    Usage,
)
from assistant.store.model_calls import ModelCall

Sleep = Callable[[float], Awaitable[None]]
OnCall = Callable[[ModelCall], None]
_LONGEST_WAIT = 30.0


class Wrapped:
    """A model around another; what it does not change goes straight through."""

    def __init__(self, inner: Model) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def context(self) -> int:
        return self.inner.context

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return await self.inner.embed(texts)


class Steady(Wrapped):
    """Repeats what may pass, shortens once what is too long, and then asks the fallbacks.

    A rate limit waits as long as the provider says (30 s at most), a provider that is down
    half a second and then twice as long; a wrong key or an empty account is not repeated. An
    answer whose first words have been shown is never begun again.
    """

    def __init__(
        self,
        inner: Model,
        fallbacks: Sequence[Callable[[], Model]] = (),
        *,
        tries: int = 3,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(inner)
        self._fallbacks = fallbacks
        self._tries = tries
        self._sleep = sleep

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
        shown = _Shown(on_delta)

        async def ask(model: Model, told: Sequence[Message]) -> Reply:
            return await model.complete(
                told, tools=tools, schema=schema, on_delta=shown.delta, limits=limits,
                purpose=purpose,
            )  # fmt: skip

        try:
            return await self._repeated(self.inner, messages, ask, shown)
        except (ModelUnavailable, RateLimited) as first:
            for fallback in self._fallbacks:
                if shown.anything:
                    break
                try:
                    return await self._repeated(fallback(), messages, ask, shown)
                except (ModelUnavailable, RateLimited):
                    continue
            raise first

    async def _repeated(
        self,
        model: Model,
        messages: Sequence[Message],
        ask: Callable[[Model, Sequence[Message]], Awaitable[Reply]],
        shown: _Shown,
    ) -> Reply:
        told, wait = messages, 0.5
        for left in reversed(range(self._tries)):
            try:
                return await ask(model, told)
            except ContextTooLong:
                shorter = shortened(told)
                if told is not messages or shorter is None:
                    raise
                told = shorter
            except RateLimited as limit:
                pause = limit.retry_after if limit.retry_after is not None else 2 * wait
                if not left or shown.anything or pause > _LONGEST_WAIT:
                    raise
                await self._sleep(pause)
            except ProviderDown:
                if not left or shown.anything:
                    raise
                await self._sleep(wait)
                wait *= 2
        return await ask(model, told)


class _Shown:
    """Remembers whether anything of an answer has been shown."""

    def __init__(self, on_delta: OnDelta | None) -> None:
        self._on_delta = on_delta
        self.anything = False
        self.delta = self._show if on_delta else None

    def _show(self, piece: str) -> None:
        self.anything = True
        if self._on_delta:
            self._on_delta(piece)


def shortened(messages: Sequence[Message]) -> list[Message] | None:
    """The conversation without the older half of its turns; None when nothing can be left out.

    System messages and the last turn stay; a tool's answer leaves together with its call.
    """
    system = [message for message in messages if message.role == "system"]
    turns = list[list[Message]]()
    for message in messages:
        if message.role == "system":
            continue
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(message)
    if len(turns) < 2:
        return None
    kept = turns[(len(turns) + 1) // 2 :]
    return [*system, *(message for turn in kept for message in turn)]


class Recorded(Wrapped):
    """Writes every call down, the failed ones too, with what they have cost."""

    def __init__(self, inner: Model, record: OnCall, *, run_id: str = "", path: str = "") -> None:
        super().__init__(inner)
        self._record = record
        self._run_id = run_id
        self._path = path

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
        began = time.monotonic()
        try:
            reply = await self.inner.complete(
                messages, tools=tools, schema=schema, on_delta=on_delta, limits=limits,
                purpose=purpose,
            )  # fmt: skip
        except AssistantError as wrong:
            self._note(purpose, spent_on(wrong), began, f"{wrong.code}: {wrong.message}")
            raise
        except asyncio.CancelledError:
            self._note(purpose, Usage(), began, "cancelled")
            raise
        self._note(purpose, reply.usage, began)
        return reply

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        began = time.monotonic()
        try:
            vectors = await self.inner.embed(texts)
        except AssistantError as wrong:
            self._note("embed", Usage(), began, f"{wrong.code}: {wrong.message}")
            raise
        self._note("embed", Usage(), began)
        return vectors

    def _note(self, purpose: str, usage: Usage, began: float, error: str = "") -> None:
        self._record(
            ModelCall(
                model=self.name, purpose=purpose, run_id=self._run_id, path=self._path,
                tokens_in=usage.tokens_in, tokens_out=usage.tokens_out,
                cached_tokens=usage.cached_tokens, cost=usage.cost,
                seconds=round(time.monotonic() - began, 4), error=error[:500],
            )
        )  # fmt: skip


class Budget:
    """What a turn or a run may spend on models. None: no limit. One budget may cover many models."""

    def __init__(
        self,
        *,
        tokens: int | None = None,
        cost: float | None = None,
        seconds: float | None = None,
    ) -> None:
        self.tokens, self.cost, self.seconds = tokens, cost, seconds
        self.spent = Usage()

    def charge(self, usage: Usage) -> None:
        self.spent = self.spent + usage

    def check(self) -> None:
        """Raises BudgetExhausted when a limit has been reached."""
        used = self.spent.tokens_in + self.spent.tokens_out
        for what, spent, limit in (
            ("tokens", used, self.tokens),
            ("cost", self.spent.cost, self.cost),
            ("seconds", self.spent.seconds, self.seconds),
        ):
            if limit is not None and spent >= limit:
                raise BudgetExhausted(
                    f"the budget of {limit:g} {what} is used up ({spent:g} spent)",
                    hint=f"Raise `budget.{what}` of the job, or let it ask models for less.",
                )

    def within(self, limits: Limits) -> Limits:
        """The limits of one answer, no wider than what is left."""
        tokens, seconds = limits.max_tokens, limits.seconds
        if self.tokens is not None:
            used = self.spent.tokens_in + self.spent.tokens_out
            tokens = max(1, min(tokens, self.tokens - used))
        if self.seconds is not None:
            seconds = max(0.1, min(seconds, self.seconds - self.spent.seconds))
        return replace(limits, max_tokens=tokens, seconds=seconds)


class Budgeted(Wrapped):
    """Asks only while the budget lasts."""

    def __init__(self, inner: Model, budget: Budget) -> None:
        super().__init__(inner)
        self._budget = budget

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
        self._budget.check()
        try:
            reply = await self.inner.complete(
                messages, tools=tools, schema=schema, on_delta=on_delta,
                limits=self._budget.within(limits), purpose=purpose,
            )  # fmt: skip
        except AssistantError as wrong:
            self._budget.charge(spent_on(wrong))
            raise
        self._budget.charge(reply.usage)
        return reply
