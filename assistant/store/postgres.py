"""Tables of running runs in PostgreSQL: where machines meet that share no folder.

Speaks as `Store` does: the repositories' statements are written once, for both.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from assistant.clock import Clock, SystemClock
from assistant.errors import InternalError, ServerAway

Connection = psycopg.Connection[dict[str, Any]]
_TABLES = """
create schema if not exists assistant;
create table if not exists runs (
    id text primary key,
    job text not null,
    job_id text not null default '',
    version integer not null default 0,
    status text not null,
    reason text not null default '',
    trigger text not null default '{}',
    inputs text not null default '{}',
    outputs text not null default '{}',
    error text,
    dry integer not null default 0,
    parent_run text,
    worker text not null default '',
    priority integer not null default 0,
    queued_at text not null,
    started_at text,
    ended_at text,
    tokens bigint not null default 0,
    cost double precision not null default 0,
    request text not null default '{}',
    queue text not null default 'default',
    skills text[] not null default '{}',      -- what a worker must have to take it
    secrets text[] not null default '{}',
    interpreter integer not null default 1,   -- the oldest one that understands its snapshot
    guarded boolean not null default false,   -- it can be made at home alone
    claimed_by text not null default '',
    home boolean not null default false       -- its end has been brought home
);
alter table runs add column if not exists guarded boolean not null default false;
create index if not exists runs_waiting on runs(queue, priority desc, queued_at)
    where status = 'queued' and claimed_by = '';
create index if not exists runs_away on runs(id) where not home;
create index if not exists runs_status on runs(status) where status in ('queued', 'running');
create index if not exists runs_called on runs(parent_run) where parent_run is not null;
create table if not exists attempts (
    number bigserial,
    run_id text not null references runs(id) on delete cascade,
    path text not null,
    attempt integer not null,
    skill text not null default '',
    status text not null,
    started_at text not null,
    ended_at text,
    seconds double precision,
    arguments text not null default '{}',
    output text,
    error text,
    skill_version text not null default '',
    idempotency_key text not null default '',
    primary key (run_id, path, attempt)
);
create table if not exists events (
    run_id text not null references runs(id) on delete cascade,
    seq integer not null,
    at text not null,
    kind text not null,
    data text not null,
    key text not null default '',
    primary key (run_id, seq)
);
create unique index if not exists events_once on events(run_id, key) where key <> '';
create table if not exists signals (
    id bigserial primary key,
    run_id text not null references runs(id) on delete cascade,
    kind text not null,
    path text not null default '',
    data text not null default '{}',
    at text not null,
    origin text unique                        -- the same word is carried here once
);
create index if not exists signals_run on signals(run_id, id);
create table if not exists pauses (
    run_id text not null references runs(id) on delete cascade,
    path text not null,
    state text not null,
    at text not null,
    primary key (run_id, path)
);
create table if not exists step_cache (
    key text primary key, skill text not null, output text not null, at text not null
);
create table if not exists memory (
    job text not null, name text not null, key text not null, value text not null,
    at text not null, primary key (job, name, key)
);
create table if not exists workers (
    name text primary key,
    place text not null,                      -- machine and process
    queues text[] not null,
    skills text[] not null,
    secrets text[] not null,
    interpreter integer not null,
    beat timestamptz not null
);
"""
MOST = 8
"""Connections of a process, besides the durable engine's."""
_AGAIN_SECONDS = 0.1
_MIGRATING = 0x41535354
"""The advisory lock under which tables are made: several processes start at once."""


class PostgresStore:
    """An open database. All threads share a few connections; a lost one is opened again.

    A server has places for a hundred connections, and many processes ask it: a thread waits for
    its turn here, where that costs nothing. While the server refuses connections, as when it
    starts anew, it is asked again for `patience` seconds before ServerAway is raised.
    """

    def __init__(
        self, url: str, *, clock: Clock | None = None, most: int = MOST, patience: float = 0.0
    ) -> None:
        self._url = url
        self._patience = patience
        self.clock = clock or SystemClock()
        self._mine = threading.local()
        self._free: list[Connection] = []
        self._turns = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._open = True
        try:
            with psycopg.connect(url, autocommit=True) as first:
                first.execute("select pg_advisory_lock(%s)", (_MIGRATING,))
                first.execute("create schema if not exists assistant")
                first.execute("set search_path to assistant")
                first.execute(_TABLES.encode())
        except psycopg.Error as refused:
            raise InternalError(
                f"the database of the runs does not open: {refused}",
                hint="Is ASSISTANT_DATABASE_URL right, and the server running?",
            ) from refused

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        return self._execute(sql, values)[0]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement in its own transaction; gives the number of rows changed."""
        return self._execute(sql, values)[1]

    @contextmanager
    def writing(self) -> Generator[Transaction]:
        """A transaction; what this thread asks meanwhile belongs to it."""
        with self._connection() as connection, connection.transaction():
            yield Transaction(connection)

    def close(self) -> None:
        self._open = False
        self._drop_free()

    @contextmanager
    def _connection(self) -> Generator[Connection]:
        """A connection for this thread alone: the one that it has already, or the next free one."""
        held: Connection | None = getattr(self._mine, "one", None)
        if held is not None:
            yield held
            return
        with self._turns:
            connection = self._mine.one = self._next()
            try:
                yield connection
            except psycopg.OperationalError as lost:
                if connection.closed:
                    raise ServerAway(lost) from lost
                raise
            finally:
                self._mine.one = None
                self._give_back(connection)

    def _next(self) -> Connection:
        with self._lock:
            known = self._free.pop() if self._free else None
        return known or self._connected()

    def _connected(self) -> Connection:
        until = time.monotonic() + self._patience
        while True:
            try:
                return Connection.connect(
                    self._url, autocommit=True, row_factory=dict_row,
                    options="-c search_path=assistant",
                )  # fmt: skip
            except psycopg.OperationalError as refused:
                if time.monotonic() >= until:
                    raise ServerAway(refused) from refused
            time.sleep(_AGAIN_SECONDS)

    def _give_back(self, connection: Connection) -> None:
        if connection.closed:
            self._drop_free()  # the server was away: the others are lost too
        elif self._open:
            with self._lock:
                self._free.append(connection)
        else:
            connection.close()

    def _drop_free(self) -> None:
        with self._lock:
            dropped, self._free = self._free, []
        for connection in dropped:
            connection.close()

    def _execute(self, sql: str, values: Sequence[Any]) -> tuple[list[dict[str, Any]], int]:
        """The rows and their number; asked once more on a new connection when the old was lost."""
        within = getattr(self._mine, "one", None) is not None
        with self._connection() as connection:
            try:
                return _answer(connection.execute(_translated(sql), values))
            except psycopg.OperationalError:
                if within or not connection.closed:
                    raise
        with self._connection() as connection:
            return _answer(connection.execute(_translated(sql), values))


class Transaction:
    """Executes statements as a SQLite connection does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = ()) -> psycopg.Cursor[dict[str, Any]]:
        return self._connection.execute(_translated(sql), values)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(sql), rows)


def _answer(cursor: psycopg.Cursor[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    return (cursor.fetchall() if cursor.description else []), cursor.rowcount


def _translated(sql: str) -> bytes:
    """Gaps as this database writes them; no statement of ours has a `?` or `%` in its words."""
    return sql.replace("?", "%s").encode()
