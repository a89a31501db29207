"""What people tell runs, and what runs keep for each other: signals, pauses, results, memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from assistant.clock import rfc3339
from assistant.store.database import Store


@dataclass(frozen=True)
class Signal:
    """What somebody outside told a run: cancel, a decision, a word to the debugger."""

    id: int
    run_id: str
    kind: str
    path: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Pause:
    """A run held by the debugger. `state`: when, arguments, output, names."""

    run_id: str
    path: str
    state: dict[str, Any]


class RunWords:
    """The part of the run repository that carries words and keeps values."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- words from outside ----------------------------------------------------------

    def signal(self, run_id: str, kind: str, path: str = "", **data: Any) -> None:
        """Leave a word for a run; the process that has the run reads it."""
        self.store.run(
            "insert into signals (run_id, kind, path, data, at) values (?, ?, ?, ?, ?)",
            run_id, kind, path, json.dumps(data), rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def decide(self, run_id: str, path: str, *, approved: bool, by: str) -> bool:
        """Leave the answer to a question; False when it has one already, whoever gave it."""
        return bool(
            self.store.run(
                "insert into signals (run_id, kind, path, data, at)"
                " select ?, 'decide', ?, ?, ? where not exists (select 1 from signals"
                " where run_id = ? and kind = 'decide' and path = ?)",
                run_id, path, json.dumps({"approved": approved, "by": by}),
                rfc3339(self.store.clock.now()), run_id, path,
            )
        )  # fmt: skip

    def signals(self, after: int = 0) -> list[Signal]:
        rows = self.store.rows("select * from signals where id > ? order by id", after)
        return [_signal(row) for row in rows]

    def last_signal(self) -> int:
        row = self.store.row("select coalesce(max(id), 0) as last from signals")
        return row["last"] if row else 0

    def signals_of(self, run_id: str) -> list[Signal]:
        rows = self.store.rows("select * from signals where run_id = ? order by id", run_id)
        return [_signal(row) for row in rows]

    # -- what the debugger holds -----------------------------------------------------

    def hold(self, run_id: str, path: str, state: dict[str, Any]) -> None:
        """A run is held at a step; `state` is what a person may look at meanwhile."""
        self.store.run(
            "insert into pauses (run_id, path, state, at) values (?, ?, ?, ?)"
            " on conflict (run_id, path) do update set state = excluded.state, at = excluded.at",
            run_id, path, json.dumps(state), rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def let_go(self, run_id: str, path: str) -> None:
        self.store.run("delete from pauses where run_id = ? and path = ?", run_id, path)

    def held(self, run_id: str) -> list[Pause]:
        """Where a run is held now: one place for each branch that waits."""
        rows = self.store.rows("select * from pauses where run_id = ? order by at", run_id)
        return [Pause(row["run_id"], row["path"], json.loads(row["state"])) for row in rows]

    # -- results kept from run to run ------------------------------------------------

    def cached(self, key: str) -> tuple[Any, str] | None:
        """A kept result and the moment it was kept."""
        row = self.store.row("select output, at from step_cache where key = ?", key)
        return (json.loads(row["output"]), row["at"]) if row else None

    def keep(self, key: str, skill: str, output: Any) -> None:
        self.store.run(
            "insert into step_cache (key, skill, output, at) values (?, ?, ?, ?)"
            " on conflict (key) do update set output = excluded.output, at = excluded.at",
            key, skill, json.dumps(output), rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def remembered(self, job: str, name: str, key: str) -> Any:
        """What a job remembers under a key, or None."""
        row = self.store.row(
            "select value from memory where job = ? and name = ? and key = ?", job, name, key
        )
        return json.loads(row["value"]) if row else None

    def remember(self, job: str, name: str, key: str, value: Any) -> None:
        self.store.run(
            "insert into memory (job, name, key, value, at) values (?, ?, ?, ?, ?)"
            " on conflict (job, name, key) do update set value = excluded.value, at = excluded.at",
            job, name, key, json.dumps(value), rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def memory_keys(self, job: str, name: str) -> set[str]:
        rows = self.store.rows("select key from memory where job = ? and name = ?", job, name)
        return {row["key"] for row in rows}


def _signal(row: dict[str, Any]) -> Signal:
    return Signal(row["id"], row["run_id"], row["kind"], row["path"], json.loads(row["data"]))
