"""Models as a run sees them: every answer is told, counted, and stops at the budget."""

from __future__ import annotations

from collections.abc import Sequence

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
    Usage,
)
from assistant.pipeline.spec import Budget
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

    def spend(self, path: str, attempt: int, usage: Usage, model: str) -> None:
        self._calls += 1
        for run_id, _ in self._budgets:
            self._repository.add_usage(run_id, usage.tokens_in + usage.tokens_out, usage.cost)
        self._journal.tell(
            Keyed(
                f"{path}#{attempt} model {self._calls}",
                ModelCalled(
                    **self._journal.stamp(), path=path, model=usage.model or model,
                    tokens_in=usage.tokens_in, tokens_out=usage.tokens_out,
                    cost=usage.cost, seconds=usage.seconds,
                ),
            )
        )  # fmt: skip


class MeteredModels:
    """Models of one attempt."""

    def __init__(self, inner: Models, purse: Purse, path: str, attempt: int) -> None:
        self._inner = inner
        self._purse = purse
        self._place = (path, attempt)

    def get(self, name: str = "") -> Model:
        return MeteredModel(self._inner.get(name), self._purse, self._place)


class MeteredModel:
    """One model of one attempt."""

    def __init__(self, inner: Model, purse: Purse, place: tuple[str, int]) -> None:
        self._inner = inner
        self._purse = purse
        self._place = place

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
        reply = await self._inner.complete(
            messages, tools=tools, schema=schema, on_delta=on_delta, limits=limits, purpose=purpose
        )
        self._purse.spend(*self._place, reply.usage, self._inner.name)
        return reply

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self._purse.check()
        return await self._inner.embed(texts)
