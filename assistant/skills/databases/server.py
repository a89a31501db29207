"""PostgreSQL and MySQL through SQLAlchemy: transactions with a time limit, read-only unless told.

A statement that reads must begin with SELECT, WITH, VALUES or TABLE, one that changes with INSERT,
UPDATE, DELETE, REPLACE or WITH, with nothing before it. It goes out alone, so that a second one
behind it is an error of the server. What then still tries to write while reading is refused by
the transaction; what a change may touch besides rows is up to the rights of the database's user.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from assistant.errors import BadArguments, CannotDo, PolicyDenied, TryAgain
from assistant.masking import Masker
from assistant.skills.databases.sqlite import too_many

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
CONNECT_SECONDS = 10
MOST_BYTES = 20_000_000
MOST_TABLES = 60
ROWS_AT_ONCE = 500
_READING = re.compile(r"\s*(select|with|values|table)\b", re.IGNORECASE)
_CHANGING = re.compile(r"\s*(insert|update|delete|replace|with)\b", re.IGNORECASE)
_INTO_FILE = re.compile(r"\b(outfile|dumpfile)\b", re.IGNORECASE)


class Server:
    """One database on a server. A new connection for each question."""

    def __init__(self, address: str) -> None:
        try:
            url = sa.make_url(address)
            family = url.drivername.split("+")[0]
            self._url = url.set(drivername=DRIVERS[family])
        except (ArgumentError, KeyError) as wrong:
            raise CannotDo(
                "The address of the database is none that is known.",
                hint="Use a file for SQLite, or postgresql://user@host/name or mysql://user@host/name.",
            ) from wrong
        self._postgres = family.startswith("postgres")
        self.dialect = "PostgreSQL" if self._postgres else "MySQL"
        self._masker = Masker({"password": url.password} if url.password else {})

    def schema(self) -> str:
        """The tables with their columns and references."""
        with self._connected(15) as connection:
            found = sa.inspect(connection)
            names = found.get_table_names()[:MOST_TABLES] + found.get_view_names()[:MOST_TABLES]
            return "\n".join(_table(found, name) for name in names)

    def query(
        self, sql: str, *, rows: int, seconds: float
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]:
        if not _READING.match(sql) or (not self._postgres and _INTO_FILE.search(sql)):
            raise PolicyDenied(
                "The statement was not run: only SELECT and WITH are allowed, with nothing before them.",
                hint="Ask with one SELECT.",
            )
        with self._connected(seconds) as connection:
            driver: Any = connection.connection.driver_connection
            library: Any = connection.dialect.dbapi
            cursor, stream = self._stream(driver, library, sql)
            try:
                fetched = _fetched(stream, rows + 1)
                columns = [column[0] for column in cursor.description or ()]
            except library.Error as wrong:
                raise self._told(wrong, seconds) from wrong
            finally:
                stream.close()
                cursor.close()
        return columns, fetched[:rows], len(fetched) > rows

    def change(
        self, sql: str, values: Mapping[str, Any], *, at_most: int, seconds: float, keep: bool
    ) -> int | None:
        """The number of rows changed. Without `keep` the server only plans it, and None is given.

        Trying it and taking it back would hold locks and use up numbers of sequences.
        """
        if not _CHANGING.match(sql) or (not self._postgres and _INTO_FILE.search(sql)):
            raise PolicyDenied(
                "The statement was not run: only INSERT, UPDATE and DELETE change rows.",
                hint="Give one of these, with nothing before it.",
            )
        # MySQL explains no change in a read-only transaction; explaining changes nothing.
        with self._connected(seconds, reading=not keep and self._postgres) as connection:
            statement = sa.text(sql if keep else f"explain {sql}")
            try:
                done = connection.execute(statement, dict(values))
                if not keep:
                    return None
                if done.rowcount > at_most:
                    raise too_many(done.rowcount, at_most)
                changed = done.rowcount
                connection.commit()
                return changed
            except DBAPIError as wrong:
                if wrong.connection_invalidated:
                    raise CannotDo(
                        "The connection broke. Whether the change was made is not known.",
                        hint="Look into the database before it is repeated.",
                    ) from wrong
                raise self._told(wrong.orig or wrong, seconds) from wrong
            except StatementError as wrong:
                raise BadArguments(
                    f"values do not fit the statement: {wrong.orig or wrong}",
                    hint="Give a value for each :name that stands in it.",
                ) from wrong

    def _stream(self, driver: Any, library: Any, sql: str) -> tuple[Any, Generator[Any]]:
        """A cursor and its rows, one by one: what is not asked for never fills the memory."""
        if self._postgres:
            # DECLARE CURSOR takes one SELECT and no more, also in the protocol it is sent in.
            cursor = driver.cursor(name="asked")
            cursor.itersize = ROWS_AT_ONCE
        else:
            cursor = driver.cursor(library.cursors.SSCursor)

        def rows() -> Generator[Any]:
            cursor.execute(sql)
            yield from cursor

        return cursor, rows()

    @contextmanager
    def _connected(self, seconds: float, *, reading: bool = True) -> Generator[sa.Connection]:
        """A connection inside a transaction that is rolled back unless it was committed."""
        milliseconds = int(seconds * 1000)
        try:
            engine = sa.create_engine(
                self._url,
                poolclass=sa.NullPool,
                connect_args=self._arguments(milliseconds, reading),
            )
            with engine.connect() as connection:
                self._guard(connection, milliseconds, reading)
                yield connection
                connection.rollback()
        except (NoSuchModuleError, ModuleNotFoundError) as missing:
            driver = "psycopg[binary]" if self._postgres else "pymysql"
            raise CannotDo(
                f"The driver for {self.dialect} is not installed.",
                hint=f"Install it beside this program: pip install '{driver}'",
            ) from missing
        except OperationalError as down:
            raise TryAgain(
                self._masker.mask(f"{self.dialect} cannot be reached: {down.orig}"),
                hint="Check the address in the setting 'databases', and that the server runs.",
            ) from down
        except SQLAlchemyError as wrong:
            raise CannotDo(
                self._masker.mask(f"{self.dialect} refuses: {wrong}"),
                hint="Check the rights of the database user.",
            ) from wrong

    def _arguments(self, milliseconds: int, reading: bool) -> dict[str, Any]:
        if not self._postgres:
            return {"connect_timeout": CONNECT_SECONDS, "read_timeout": milliseconds // 1000 + 5}
        options = (
            f"-c statement_timeout={milliseconds} "
            f"-c default_transaction_read_only={'on' if reading else 'off'} "
            f"-c idle_in_transaction_session_timeout={milliseconds + 5000} -c lock_timeout=5000"
        )
        # Prepared at once: the protocol then takes one statement and no second one behind it.
        return {"connect_timeout": CONNECT_SECONDS, "options": options, "prepare_threshold": 0}

    def _guard(self, connection: sa.Connection, milliseconds: int, reading: bool) -> None:
        if self._postgres:
            if reading:
                connection.execute(sa.text("set transaction read only"))
            return
        limit = (
            f"max_statement_time = {milliseconds / 1000}"  # in seconds
            if getattr(connection.dialect, "is_mariadb", False)
            else f"max_execution_time = {milliseconds}"
        )
        connection.execute(sa.text(f"set session {limit}"))
        mode = "read only" if reading else "read write"
        connection.execute(sa.text(f"set session transaction {mode}"))
        connection.rollback()  # the session's next transaction is the one of that mode

    def _told(self, wrong: BaseException, seconds: float) -> CannotDo | PolicyDenied:
        told = " ".join(str(wrong).split())[:400]
        # PostgreSQL names a state; MySQL's own number says more than its state.
        states = {str(getattr(wrong, "sqlstate", "")), str(wrong.args[0] if wrong.args else "")}
        if states & {"25006", "1792"}:
            return PolicyDenied(
                "The statement was not run: it would change something, and only reading is allowed.",
                hint="Ask with one SELECT.",
            )
        if states & {"57014", "3024", "1969"}:
            return CannotDo(
                f"The query took longer than {seconds:g} s and was stopped.",
                hint="Ask for less, or for a narrower part of the data.",
            )
        return CannotDo(
            self._masker.mask(f"The database does not take the query: {told}"), hint="Mend the SQL."
        )


def _fetched(stream: Iterable[Any], most: int) -> list[tuple[Any, ...]]:
    rows, size = list[tuple[Any, ...]](), 0
    for row in stream:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > MOST_BYTES:
            raise CannotDo(
                f"The answer is larger than {MOST_BYTES // 1_000_000} MB.",
                hint="Select fewer columns or rows.",
            )
        rows.append(tuple(row))
        if len(rows) >= most:
            break
    return rows


def _table(found: sa.Inspector, name: str) -> str:
    columns = [f"  {c['name']} {c['type']}" for c in found.get_columns(name)]
    keys = found.get_foreign_keys(name)
    columns += [
        f"  foreign key ({', '.join(k['constrained_columns'])}) references "
        f"{k['referred_table']} ({', '.join(k['referred_columns'])})"
        for k in keys
    ]
    return f"create table {name} (\n" + ",\n".join(columns) + "\n);"
