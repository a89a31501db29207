"""An SQLite file, read under an authorizer.

`mode=ro` and `query_only` both leave gaps (ATTACH, temporary tables, pragmas), so every operation
is judged while the statement is compiled: selecting, reading, calling functions and recursion are
allowed, everything else is not.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import pathname2url

from assistant.errors import CannotDo, PolicyDenied

ALLOWED = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
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


class SqliteFile:
    """One file. A new connection for each question: nothing lasts from one to the next."""

    dialect = "SQLite"

    def __init__(self, path: str) -> None:
        self.path = Path(path).expanduser()
        if not self.path.is_file():
            raise CannotDo(
                f"There is no database file {self.path}.",
                hint="Mend its path in the setting 'databases'.",
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
        with closing(self._opened(refused, deadline)) as connection:
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

    def _opened(self, refused: list[str], deadline: float) -> sqlite3.Connection:
        address = f"file:{pathname2url(str(self.path.resolve()))}?mode=ro"
        try:
            connection = sqlite3.connect(address, uri=True, timeout=5.0, isolation_level=None)
        except sqlite3.Error as wrong:
            raise CannotDo(
                f"{self.path} cannot be opened: {wrong}.", hint="Check the file and its rights."
            ) from wrong

        def judge(action: int, first: str | None, second: str | None, *_: str | None) -> int:
            if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FORBIDDEN_FUNCTIONS:
                refused.append(f"the function {second}")
                return sqlite3.SQLITE_DENY
            if action in ALLOWED:
                return sqlite3.SQLITE_OK
            refused.append("a change or a command")
            return sqlite3.SQLITE_DENY

        for limit, value in LIMITS.items():
            connection.setlimit(limit, value)
        connection.set_authorizer(judge)
        connection.set_progress_handler(
            lambda: int(time.monotonic() > deadline), OPERATIONS_BETWEEN_LOOKS
        )
        return connection

    def _told(
        self, wrong: sqlite3.Error, refused: list[str], deadline: float, seconds: float
    ) -> CannotDo | PolicyDenied:
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
