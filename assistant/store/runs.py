"""Runs as they are kept: what was asked, every attempt, every event, every word from a person.

The engine writes; screens, analytics and healing read. Each write here is one transaction and
may be repeated: a second writing of the same fact changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from assistant.clock import parse_rfc3339
from assistant.errors import TargetUnresolved
from assistant.events import ENDED, ArtifactSaved, Event, from_row
from assistant.store.database import Store
from assistant.store.happenings import note_happening
from assistant.store.run_words import Pause, RunWords, Signal

__all__ = [
    "AttemptRow", "Keyed", "Listener", "Pause", "RunRepository", "RunRow", "Signal", "StoredEvent",
]  # fmt: skip


@dataclass(frozen=True)
class RunRow:
    """One run, as the list shows it. `error` is `{code, message, step, hint}` or None."""

    id: str
    job: str
    job_id: str
    version: int
    status: str
    reason: str
    trigger: dict[str, Any]
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    error: dict[str, Any] | None
    dry: bool
    parent_run: str | None
    worker: str
    queued_at: str
    started_at: str | None
    ended_at: str | None
    tokens: int
    cost: float
    request: dict[str, Any]

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True)
class AttemptRow:
    """One try of one step. `output` may be a reference to a file when it is large."""

    run_id: str
    path: str
    attempt: int
    skill: str
    status: str
    started_at: str
    ended_at: str | None
    seconds: float | None
    arguments: dict[str, Any]
    output: Any
    error: dict[str, Any] | None
    skill_version: str
    idempotency_key: str


@dataclass(frozen=True)
class StoredEvent:
    """An event and its place in the run: `seq` starts at 1 and has no gaps."""

    seq: int
    event: Event


@dataclass(frozen=True)
class Keyed:
    """An event with the name that makes it one: a second writing under it changes nothing."""

    key: str
    event: Event


class Listener(Protocol):
    """Hears of every event as it is written, inside the transaction that writes it."""

    def hear(self, connection: sqlite3.Connection, events: Sequence[Event]) -> None:
        """Events of one run, in order, each of them new."""
        ...


class RunRepository(RunWords):
    """Reads and writes of runs. One object serves every thread."""

    _in_order = "rowid"
    """The column that numbers attempts as they were begun."""

    def __init__(self, store: Store, listener: Listener | None = None) -> None:
        super().__init__(store)
        self._listener = listener

    # -- reading ---------------------------------------------------------------------

    def get(self, run_id: str) -> RunRow:
        """Raises TargetUnresolved for a run that is not there."""
        row = self.store.row("select * from runs where id = ?", run_id)
        if row is None:
            raise TargetUnresolved(
                f"there is no run {run_id!r}", hint="See `assistant runs list` for those there are."
            )
        return _run(row)

    def find(self, run_id: str) -> RunRow | None:
        row = self.store.row("select * from runs where id = ?", run_id)
        return _run(row) if row else None

    def list(
        self,
        *,
        job: str = "",
        job_id: str = "",
        status: str = "",
        limit: int = 50,
        before: str = "",
    ) -> list[RunRow]:
        """The newest first. `before` is the id of the last run of the page before."""
        tests, values = ["1 = 1"], list[Any]()
        for test, value in (
            ("job = ?", job), ("job_id = ?", job_id), ("status = ?", status), ("id < ?", before),
        ):  # fmt: skip
            if value:
                tests.append(test)
                values.append(value)
        sql = f"select * from runs where {' and '.join(tests)} order by queued_at desc, id desc limit ?"  # noqa: S608 - the tests are ours
        return [_run(row) for row in self.store.rows(sql, *values, limit)]

    def active(self, job: str) -> list[RunRow]:
        """The runs of a job that have not ended, oldest first: the overlap guard asks this."""
        return [
            _run(row)
            for row in self.store.rows(
                "select * from runs where job = ? and dry = 0 and parent_run is null"
                " and status in ('queued', 'running', 'waiting') order by queued_at, id",
                job,
            )
        ]

    def ended(self, job: str) -> list[RunRow]:
        """The runs of a job that have ended and were not called by another, newest first."""
        rows = self.store.rows(
            "select * from runs where job = ? and parent_run is null and status in"
            " ('succeeded', 'failed', 'cancelled', 'timed_out') order by queued_at desc, id desc",
            job,
        )
        return [_run(row) for row in rows]

    def children(self, run_id: str) -> list[RunRow]:
        """The runs that this run called with `call_job`."""
        rows = self.store.rows("select * from runs where parent_run = ? order by id", run_id)
        return [_run(row) for row in rows]

    def events(self, run_id: str, after: int = 0) -> list[StoredEvent]:
        """The events after a place, in order. Kinds this version does not know are left out."""
        rows = self.store.rows(
            "select seq, data from events where run_id = ? and seq > ? order by seq", run_id, after
        )
        found = list[StoredEvent]()
        for row in rows:
            try:
                found.append(StoredEvent(row["seq"], from_row(json.loads(row["data"]))))
            except (KeyError, TypeError):
                continue
        return found

    def event_keys(self, run_id: str) -> set[str]:
        rows = self.store.rows("select key from events where run_id = ?", run_id)
        return {row["key"] for row in rows}

    def last_place(self, run_id: str) -> int:
        """The number of the run's last event, 0 when there is none."""
        row = self.store.row("select max(seq) as last from events where run_id = ?", run_id)
        return (row["last"] or 0) if row else 0

    def place(self, run_id: str, key: str) -> int:
        """The number of the event of that key, 0 when it was not told."""
        row = self.store.row("select seq from events where run_id = ? and key = ?", run_id, key)
        return row["seq"] if row else 0

    def moment(self, run_id: str, key: str) -> str | None:
        """When the event of that key happened."""
        row = self.store.row("select at from events where run_id = ? and key = ?", run_id, key)
        return row["at"] if row else None

    def last_moment(self, run_id: str) -> str | None:
        """When anything was last told of a run."""
        row = self.store.row("select max(at) as at from events where run_id = ?", run_id)
        return row["at"] if row else None

    def attempts(self, run_id: str, path: str = "") -> list[AttemptRow]:
        """The attempts of a run, or of one step of it, in the order they were started."""
        more, values = ("and path = ?", (run_id, path)) if path else ("", (run_id,))
        sql = f"select * from attempts where run_id = ? {more} order by {self._in_order}"  # noqa: S608 - ours
        return [_attempt(row) for row in self.store.rows(sql, *values)]

    def attempt(self, run_id: str, path: str, attempt: int) -> AttemptRow | None:
        row = self.store.row(
            "select * from attempts where run_id = ? and path = ? and attempt = ?",
            run_id, path, attempt,
        )  # fmt: skip
        return _attempt(row) if row else None

    def artifacts(self, run_id: str) -> list[ArtifactSaved]:
        """The files that a run made; of those saved twice under one name, the last."""
        last = dict[str, ArtifactSaved]()
        for stored in self.events(run_id):
            if isinstance(stored.event, ArtifactSaved):
                last[stored.event.name] = stored.event
        return list(last.values())

    def last_output(self, job: str, path: str, skill: str) -> AttemptRow | None:
        """What a step gave the last time a real run of the job succeeded with it."""
        row = self.store.row(
            "select a.* from attempts a join runs r on r.id = a.run_id where r.job = ? and r.dry = 0"
            " and a.path = ? and a.skill = ? and a.status = 'succeeded'"
            " order by a.ended_at desc limit 1",
            job, path, skill,
        )  # fmt: skip
        return _attempt(row) if row else None

    def durations(self, job: str, *, before: str, limit: int = 50) -> list[float]:
        """Seconds that the latest succeeded runs of a job took, without one run.

        Dry runs, called runs and those that waited for a person are left out.
        """
        rows = self.store.rows(
            "select started_at, ended_at from runs r where job = ? and id <> ? and dry = 0"
            " and parent_run is null and status = 'succeeded' and started_at is not null"
            " and not exists (select 1 from events e where e.run_id = r.id"
            " and e.kind = 'ApprovalAsked') order by queued_at desc limit ?",
            job, before, limit,
        )  # fmt: skip
        spans = [(parse_rfc3339(r["started_at"]), parse_rfc3339(r["ended_at"])) for r in rows]
        return [(end - start).total_seconds() for start, end in spans]

    def has_asked(self, run_id: str) -> bool:
        """Whether the run has waited for a person."""
        return bool(
            self.store.row(
                "select 1 from events where run_id = ? and kind = 'ApprovalAsked' limit 1", run_id
            )
        )

    # -- writing ---------------------------------------------------------------------

    def queue(self, run_id: str, facts: dict[str, Any], first: Keyed) -> bool:
        """Write a new run and its first event. False when the run is there already."""
        values = {"id": run_id, **{k: _stored(v) for k, v in facts.items()}}
        names, gaps = ", ".join(values), ", ".join("?" * len(values))
        with self.store.writing() as connection:
            made = connection.execute(
                f"insert into runs ({names}) values ({gaps}) on conflict(id) do nothing",  # noqa: S608
                tuple(values.values()),
            )
            if made.rowcount == 0:
                return False
            self._add(connection, (first,))
        return True

    def record(
        self,
        run_id: str,
        events: Sequence[Keyed] = (),
        *,
        attempts: Sequence[dict[str, Any]] = (),
        run: dict[str, Any] | None = None,
    ) -> None:
        """Write what happened in one transaction: events, attempts' states, the run's state."""
        with self.store.writing() as connection:
            self._hold(connection, run_id)
            if run:
                names = ", ".join(f"{name} = ?" for name in run)
                connection.execute(
                    f"update runs set {names} where id = ?",  # noqa: S608 - names are ours
                    (*(_stored(value) for value in run.values()), run_id),
                )
            for attempt in attempts:
                _upsert_attempt(connection, run_id, attempt)
            self._add(connection, events)

    def delete(self, run_ids: Iterable[str]) -> None:
        """Delete runs with everything the store keeps of them."""
        with self.store.writing() as connection:
            connection.executemany("delete from runs where id = ?", [(i,) for i in run_ids])

    def _hold(self, connection: sqlite3.Connection, run_id: str) -> None:
        """Keep other writers of the run waiting; a transaction in SQLite does so from its start."""

    def _add(self, connection: sqlite3.Connection, events: Sequence[Keyed]) -> None:
        new = add_events(connection, events)
        for event in new:
            if kind := _NOTED.get(type(event).__name__):
                about = {"path": vars(event).get("path", "")}
                note_happening(connection, kind, event.at, run_id=event.run_id, data=about)
        if new and self._listener is not None:
            self._listener.hear(connection, new)

    def add_usage(self, run_id: str, tokens: int, cost: float) -> None:
        self.store.run(
            "update runs set tokens = tokens + ?, cost = cost + ? where id = ?",
            tokens, cost, run_id,
        )  # fmt: skip

    def usage(self, run_ids: Iterable[str]) -> tuple[int, float]:
        """Tokens and cost of some runs together."""
        ids = list(run_ids)
        gaps = ", ".join("?" * len(ids))
        row = self.store.row(
            f"select coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost), 0) as cost"  # noqa: S608
            f" from runs where id in ({gaps})",
            *ids,
        )
        return (row["tokens"], row["cost"]) if row else (0, 0.0)


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list | tuple) else value


_NOTED = {"RunEnded": "ended", "ApprovalAsked": "asked", "ApprovalDecided": "decided"}
"""Events that may be worth an alert, and the names they have there."""


def add_events(connection: sqlite3.Connection, events: Sequence[Keyed]) -> list[Event]:
    """Write events; gives those that were not there before."""
    new = list[Event]()
    for keyed in events:
        event = keyed.event
        added = connection.execute(
            "insert into events (run_id, seq, at, kind, data, key)"
            " select ?, coalesce((select max(seq) from events where run_id = ?), 0) + 1, ?, ?, ?, ?"
            " where true on conflict do nothing",
            (
                event.run_id, event.run_id, event.at, type(event).__name__,
                json.dumps({"event": type(event).__name__, **vars(event)}), keyed.key,
            ),
        )  # fmt: skip
        if added.rowcount:
            new.append(event)
    return new


_ATTEMPT_COLUMNS = (
    "path", "attempt", "skill", "status", "started_at", "ended_at", "seconds", "arguments",
    "output", "error", "skill_version", "idempotency_key",
)  # fmt: skip


def _upsert_attempt(connection: sqlite3.Connection, run_id: str, facts: dict[str, Any]) -> None:
    given = {name: _stored(facts[name]) for name in _ATTEMPT_COLUMNS if name in facts}
    if "output" in facts:
        given["output"] = json.dumps(facts["output"])
    connection.execute(_upsert(tuple(given)), (run_id, *given.values()))


@lru_cache(maxsize=64)
def _upsert(names: tuple[str, ...]) -> str:
    kept = ("path", "attempt", "started_at")  # an attempt begins once, also after a crash
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in kept)
    return (
        f"insert into attempts (run_id, {', '.join(names)})"  # noqa: S608 - names are ours
        f" values (?, {', '.join('?' * len(names))})"
        f" on conflict(run_id, path, attempt) do update set {changed}"
    )


def _run(row: dict[str, Any]) -> RunRow:
    facts = {name: row[name] for name in RunRow.__dataclass_fields__}
    for name in ("trigger", "inputs", "outputs", "request"):
        facts[name] = json.loads(facts[name])
    facts["error"] = json.loads(facts["error"]) if facts["error"] else None
    facts["dry"] = bool(facts["dry"])
    return RunRow(**facts)


def _attempt(row: dict[str, Any]) -> AttemptRow:
    facts = {name: row[name] for name in AttemptRow.__dataclass_fields__}
    facts["arguments"] = json.loads(facts["arguments"])
    for name in ("output", "error"):
        facts[name] = json.loads(facts[name]) if facts[name] else None
    return AttemptRow(**facts)
