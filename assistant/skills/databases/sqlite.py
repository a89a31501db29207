"""An SQLite file, used under an authorizer.

`mode=ro` and `query_only` both leave gaps (ATTACH, temporary tables, pragmas), so every operation
is judged while the statement is compiled. Reading allows selecting, reading, calling functions and
recursion; changing allows inserting, updating and deleting rows of the person's tables besides.
Everything else is refused.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import pathname2url

from assistant.errors import CannotDo, PolicyDenied

ALLOWED = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
CHANGES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
CHANGING = ALLOWED | CHANGES
FORBIDDEN_FUNCTIONS = frozenset(
    {
        "load_extension",
        "readfile",
        "writefile",
        "edit",
        "fts3_tokenizer",
        "lsdir",
        "zipfile",
        "sqlar_compress",
    }
)
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 10_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
}
OPERATIONS_BETWEEN_LOOKS = 20_000
MOST_BYTES = 20_000_000
TRIGGER_DEPTH = 20
MOST_COPIED = 200_000_000


class SqliteFile:
    """One file. A new connection for each question: nothing lasts from one to the next."""

    dialect = "SQLite"

    def __init__(self, path: str) -> None:
        self.path = Path(path).expanduser()
        if not self.path.is_file():
            raise CannotDo(
                f"There is no database file {self.path}.",
                hint="Mend its path: `assistant databases add NAME ADDRESS`.",
            )

    def schema(self) -> str:
        """The statements that made the tables and views."""
        _, rows, _ = self.query(
            "select sql from sqlite_master where type in ('table', 'view') "
            "and name not like 'sqlite_%' order by name",
            rows=500,
            seconds=5,
        )
        return "\n".join(f"{sql};" for (sql,) in rows if sql)

    def query(
        self, sql: str, *, rows: int, seconds: float
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        refused = list[str]()
        deadline = time.monotonic() + seconds
        with closing(self._opened("ro")) as connection:
            _guard(connection, ALLOWED, refused, deadline)
            try:
                cursor = connection.execute(sql)
                if cursor.description is None:
                    refused.append("a command that gives no rows")
                    raise sqlite3.OperationalError("no rows")
                columns = [column[0] for column in cursor.description]
                fetched = _fetched(cursor, rows + 1)
            except sqlite3.Error as wrong:
                raise self._told(wrong, refused, deadline, seconds) from wrong
        return columns, fetched[:rows], len(fetched) > rows

    def change(
        self, sql: str, values: Mapping[str, Any], *, at_most: int, seconds: float, keep: bool
    ) -> int:
        """The number of rows changed. Without `keep` it happens in a copy in memory instead."""
        with closing(self._opened("rw" if keep else "ro")) as file:
            if keep:
                return self._changed(file, sql, values, at_most, seconds)
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                if self.path.stat().st_size > MOST_COPIED:
                    raise CannotDo(
                        f"{self.path.name} is too large to try the change in a copy.",
                        hint="Count the rows it is about with query_database.",
                    )
                file.backup(copy)
                return self._changed(copy, sql, values, at_most, seconds)

    def _changed(
        self,
        connection: sqlite3.Connection,
        sql: str,
        values: Mapping[str, Any],
        at_most: int,
        seconds: float,
    ) -> int:
        refused = list[str]()
        deadline = time.monotonic() + seconds
        connection.execute("pragma foreign_keys = on")
        connection.execute("begin immediate")
        try:
            _guard(connection, CHANGING, refused, deadline)
            cursor = connection.execute(sql, dict(values))
            cursor.fetchall()  # what RETURNING gives; the change is whole only after it
            _unguard(connection)
            if cursor.rowcount < 0:
                refused.append("no change of rows")
                raise sqlite3.OperationalError("no change")
            if cursor.rowcount > at_most:
                raise too_many(cursor.rowcount, at_most)
            connection.execute("commit")
            return cursor.rowcount
        except sqlite3.Error as wrong:
            raise self._told(wrong, refused, deadline, seconds, changing=True) from wrong
        finally:
            _unguard(connection)
            if connection.in_transaction:
                connection.execute("rollback")

    def _opened(self, mode: str) -> sqlite3.Connection:
        address = f"file:{pathname2url(str(self.path.resolve()))}?mode={mode}"
        try:
            return sqlite3.connect(address, uri=True, timeout=5.0, isolation_level=None)
        except sqlite3.Error as wrong:
            raise CannotDo(
                f"{self.path} cannot be opened: {wrong}.", hint="Check the file and its rights."
            ) from wrong

    def _told(
        self,
        wrong: sqlite3.Error,
        refused: list[str],
        deadline: float,
        seconds: float,
        *,
        changing: bool = False,
    ) -> CannotDo | PolicyDenied:
        if refused and changing:
            return PolicyDenied(
                f"The statement was not run: it holds {refused[0]}, and only rows may be changed.",
                hint="Give one INSERT, UPDATE or DELETE.",
            )
        if refused:
            return PolicyDenied(
                f"The statement was not run: it holds {refused[0]}, and only reading is allowed.",
                hint="Ask with one SELECT.",
            )
        if time.monotonic() > deadline:
            return CannotDo(
                f"The query took longer than {seconds:g} s and was stopped.",
                hint="Ask for less, or for a narrower part of the data.",
            )
        return CannotDo(f"The database does not take the query: {wrong}.", hint="Mend the SQL.")


def too_many(changed: int, at_most: int) -> CannotDo:
    """A change of more rows than were allowed; it has been taken back."""
    return CannotDo(
        f"The statement would change {changed} rows, and at most {at_most} are allowed: "
        "nothing was changed.",
        hint="Narrow its WHERE, or raise at_most.",
    )


def _guard(
    connection: sqlite3.Connection, allowed: frozenset[int], refused: list[str], deadline: float
) -> None:
    """Judge every operation of what is compiled from here on; what is denied is told in `refused`."""

    def judge(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FORBIDDEN_FUNCTIONS:
            refused.append(f"the function {second}")
            return sqlite3.SQLITE_DENY
        if action in CHANGES and (first or "").lower().startswith("sqlite_"):
            refused.append("a change of the schema")
            return sqlite3.SQLITE_DENY
        if action in allowed:
            return sqlite3.SQLITE_OK
        refused.append("a change or a command")
        return sqlite3.SQLITE_DENY

    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)
    if allowed >= CHANGES:
        # The person's own triggers belong to a change; they are judged like the statement.
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, TRIGGER_DEPTH)
    connection.set_authorizer(judge)
    connection.set_progress_handler(
        lambda: int(time.monotonic() > deadline), OPERATIONS_BETWEEN_LOOKS
    )


def _unguard(connection: sqlite3.Connection) -> None:
    connection.set_authorizer(None)
    connection.set_progress_handler(None, 0)


def _fetched(cursor: sqlite3.Cursor, most: int) -> list[tuple[Any, ...]]:
    rows, size = list[tuple[Any, ...]](), 0
    for row in cursor:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > MOST_BYTES:
            raise CannotDo(
                f"The answer is larger than {MOST_BYTES // 1_000_000} MB.",
                hint="Select fewer columns or rows.",
            )
        rows.append(row)
        if len(rows) >= most:
            break
    return rows
