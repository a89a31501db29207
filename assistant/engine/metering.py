"""Models as a run sees them: every answer is told, counted, and stops at the budget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast, runtime_checkable

from assistant.engine.journal import Journal
from assistant.errors import BudgetExhausted
from assistant.events import ModelCalled
from assistant.models.protocol import (
    JsonSchema,
    Limits,
    Message,
    Model,
    Models,
    OnDelta,
    Reply,
    Tool,
)
from assistant.models.steady import OnCall, Recorded
from assistant.pipeline.spec import Budget
from assistant.store.model_calls import ModelCall
from assistant.store.runs import Keyed, RunRepository


class Purse:
    """What a run and the runs it was called by may still spend."""

    def __init__(
        self, repository: RunRepository, budgets: Sequence[tuple[str, Budget]], journal: Journal
    ) -> None:
        self._repository = repository
        self._budgets = budgets
        self._journal = journal
        self._calls = 0

    def check(self) -> None:
        """Raises BudgetExhausted when the run, or one above it, has spent what it may."""
        for run_id, budget in self._budgets:
            if budget.tokens is None and budget.cost is None:
                continue
            tokens, cost = self._repository.usage([run_id])
            if budget.tokens is not None and tokens >= budget.tokens:
                raise BudgetExhausted(
                    f"the budget of {budget.tokens} tokens is spent ({tokens})",
                    hint="Raise `budget: tokens` in the job file, or give the model less to read.",
                )
            if budget.cost is not None and cost >= budget.cost:
                raise BudgetExhausted(
                    f"the budget of {budget.cost:g} is spent ({cost:.4f})",
                    hint="Raise `budget: cost` in the job file, or use a cheaper model.",
                )

    def hear(self, path: str, attempt: int, call: ModelCall) -> None:
        """A model was called, with or without an answer: it counts, and it is told."""
        self._calls += 1
        if call.tokens_in or call.tokens_out or call.cost:
            for run_id, _ in self._budgets:
                self._repository.add_usage(run_id, call.tokens_in + call.tokens_out, call.cost)
        self._journal.tell(
            Keyed(
                f"{path}#{attempt} model {self._calls}",
                ModelCalled(
                    **self._journal.stamp(), path=path, model=call.model,
                    tokens_in=call.tokens_in, tokens_out=call.tokens_out,
                    cached_tokens=call.cached_tokens, cost=call.cost, seconds=call.seconds,
                    purpose=call.purpose, error=call.error,
                ),
            )
        )  # fmt: skip


@runtime_checkable
class Bindable(Protocol):
    """Models that can be had for one step of a run: each of their calls is heard as it is made."""

    def bound(self, *, run_id: str, path: str, on_call: OnCall, person: bool) -> Models: ...


@cache
def _binds(kind: type) -> bool:
    # Asked for every attempt; looking a protocol's members up takes longer than the step's record.
    return issubclass(kind, Bindable)


class MeteredModels:
    """Models of one attempt."""

    def __init__(self, inner: Models, purse: Purse, run_id: str, path: str, attempt: int) -> None:
        def heard(call: ModelCall) -> None:
            purse.hear(path, attempt, call)

        self._purse = purse
        self._heard = heard
        self._bound = _binds(type(inner))
        # A person's questions go before those of runs, whoever started the run.
        self._inner = (
            cast(Bindable, inner).bound(run_id=run_id, path=path, on_call=heard, person=False)
            if self._bound
            else inner
        )

    def get(self, name: str = "") -> Model:
        model = self._inner.get(name)
        return MeteredModel(model if self._bound else Recorded(model, self._heard), self._purse)


class MeteredModel:
    """One model of one attempt; it is not asked once the budget is spent."""

    def __init__(self, inner: Model, purse: Purse) -> None:
        self._inner = inner
        self._purse = purse

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def context(self) -> int:
        return self._inner.context

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
        self._purse.check()
        return await self._inner.complete(
            messages, tools=tools, schema=schema, on_delta=on_delta, limits=limits, purpose=purpose
        )

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self._purse.check()
        return await self._inner.embed(texts)
