"""Every call to a model, as a row: what it was for, what it cost, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.clock import rfc3339
from assistant.store.database import Store

_SELECT = (
    "select model, purpose, coalesce(run_id, '') as run_id, coalesce(path, '') as path, tokens_in,"
    " tokens_out, cached_tokens, cost, seconds, coalesce(error, '') as error, at from model_calls"
)


@dataclass(frozen=True)
class ModelCall:
    """One call. `error` is empty when an answer came; `run_id` and `path` when a run asked."""

    model: str
    purpose: str = ""
    run_id: str = ""
    path: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cached_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    error: str = ""
    at: str = ""


class ModelCalls:
    """The table `model_calls`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, call: ModelCall) -> None:
        """Add one call; its time is now unless it says another."""
        self._store.run(
            "insert into model_calls (at, model, purpose, run_id, path, tokens_in, tokens_out,"
            " cached_tokens, cost, seconds, error) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            call.at or rfc3339(self._store.clock.now()),
            call.model, call.purpose, call.run_id or None, call.path or None, call.tokens_in,
            call.tokens_out, call.cached_tokens, call.cost, call.seconds, call.error or None,
        )  # fmt: skip

    def recent(self, limit: int = 50) -> list[ModelCall]:
        """The latest calls, newest first."""
        return self._read(f"{_SELECT} order by id desc limit ?", limit)

    def of_run(self, run_id: str) -> list[ModelCall]:
        """The calls of one run, in order."""
        return self._read(f"{_SELECT} where run_id = ? order by id", run_id)

    def spent(self, since: str = "") -> dict[str, dict[str, Any]]:
        """By model: calls, tokens in and out, cost, and how many failed, since a moment."""
        rows = self._store.rows(
            "select model, count(*) as calls, sum(tokens_in) as tokens_in,"
            " sum(tokens_out) as tokens_out, sum(cost) as cost,"
            " sum(error is not null) as failed from model_calls where at >= ? group by model",
            since,
        )
        return {row.pop("model"): row for row in rows}

    def _read(self, sql: str, *values: Any) -> list[ModelCall]:
        return [ModelCall(**row) for row in self._store.rows(sql, *values)]
