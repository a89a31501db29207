"""Opening the store: one SQLite file, WAL, named migrations, and what happens to a broken file."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assistant.clock import Clock, SystemClock
from assistant.errors import InternalError
from assistant.ids import stamp
from assistant.store.compaction import prepare_for_compaction
from assistant.store.migrations_triggers import store_migrations

_UNREADABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY_SECONDS = 5.0
_PATIENCE_SECONDS = 30.0
"""How long a process waits while another makes the store, or brings it to the new version."""


class Connection(sqlite3.Connection):
    """A connection that begins a statement again when the tables were changed beside it.

    SQLite does so by itself, but not where a trigger reaches a full-text table: "no such table"
    it says there, of one that exists (seen with 3.40). Nothing is done by then, and once is enough.
    """

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError as wrong:
            if not _outdated(wrong):
                raise
            return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        try:
            return super().executemany(sql, parameters)
        except sqlite3.OperationalError as wrong:
            if not _outdated(wrong):
                raise
            return super().executemany(sql, parameters)


def _outdated(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_SCHEMA


class Store:
    """The open store. Each thread has its own connection; writes wait for each other (5 s).

    `set_aside` is the path a corrupt file was moved to, or None.
    """

    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self.path = path
        self.clock = clock or SystemClock()
        self._local = threading.local()
        self.set_aside = self._open_or_set_aside()

    @property
    def db(self) -> Database:
        """This thread's connection, as sqlite-utils sees it."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = Database(self._connect())
            self._local.db = db
        return db

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        return list(self.db.query(sql, values))

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement in its own transaction; gives the number of rows changed."""
        connection = self.db.conn
        with connection:
            return connection.execute(sql, values).rowcount

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction of this thread's connection."""
        with self.db.conn as connection:
            yield connection

    def close(self) -> None:
        """Close this thread's connection; that of another closes when nobody uses it any more.

        Not at once: one that is closed while a thread reads with it takes the process down.
        """
        mine: Database | None = getattr(self._local, "db", None)
        self._local = threading.local()
        if mine is not None:
            mine.conn.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level="IMMEDIATE",
            factory=Connection,
        )  # fmt: skip
        _keep_a_log(connection)
        # A small cache: there is a connection for each thread, and the system caches the file.
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-128"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _open_or_set_aside(self) -> Path | None:
        if not (self._spoilt() and self._spoilt()):
            return None
        aside = move_aside(self.path, self.clock.now())
        self._migrate()
        return aside

    def _spoilt(self) -> bool:
        """Whether the file cannot be read; asked twice, since a healthy one must never be set aside.

        Opens the store. Raises InternalError for what says nothing against the file.
        """
        try:
            self._migrate()
            return False
        except sqlite3.DatabaseError as wrong:
            self.close()
            if unreadable(wrong):
                return True
            raise InternalError(
                f"the store {self.path} cannot be opened: {wrong}",
                hint="Is the folder writable and the disk not full?",
            ) from wrong

    def _migrate(self) -> None:
        """Bring the file to this version: one process does it, and others that begin meanwhile wait."""
        db = self.db
        if not store_migrations.pending(db):
            return
        db.conn.execute(f"PRAGMA busy_timeout={int(_PATIENCE_SECONDS * 1000)}")
        db.conn.execute("BEGIN IMMEDIATE")
        with db.conn:
            store_migrations.apply(db)
        db.conn.execute(f"PRAGMA busy_timeout={int(_BUSY_SECONDS * 1000)}")


def unreadable(error: sqlite3.DatabaseError) -> bool:
    """Whether a file is none of SQLite's, or spoilt. Any other error says nothing against the file."""
    # The low byte is the kind; the rest tells more of it.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNREADABLE


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Write through a log (WAL). A file that is new begins so, once, whoever comes first."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if not connection.execute("PRAGMA page_count").fetchone()[0]:
                prepare_for_compaction(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as busy:
            # SQLite does not wait by itself when two begin the log of one file.
            if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def move_aside(path: Path, moment: datetime) -> Path:
    """Keep a file that cannot be read, under a name that says so; nothing is deleted."""
    aside = path.with_name(f"{path.name}.corrupt-{stamp(moment)}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def set_aside_if_broken(path: Path, moment: datetime) -> Path | None:
    """Move a SQLite file that cannot be read aside; gives its new path. None when all is well."""
    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    try:
        connection.execute("select count(*) from sqlite_master")
        return None
    except sqlite3.DatabaseError as wrong:
        connection.close()
        # Locked, or not to be opened: that is no proof of a broken file.
        return move_aside(path, moment) if unreadable(wrong) else None
    finally:
        connection.close()
