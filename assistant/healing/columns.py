"""The recipe for a query that its database no longer takes: it is mended until it runs, by what the
database complains of, and has to give what it used to give.

A name that is gone is another name now, or the key of a table that holds what the column held.
"""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited
from assistant.healing.pairing import agreement, replaced, rows_paired
from assistant.healing.parting import are_halves, one_alone, same_in_rows
from assistant.healing.proposals import Proposal
from assistant.healing.querying import (
    computed,
    named,
    qualified,
    swapped,
    tables_of,
    texts_in_single_quotes,
    without_schema,
)
from assistant.healing.rewiring import split_up
from assistant.healing.tables import TableShape, tables_in
from assistant.skills.databases.source import choose, open_source

MOST_STEPS = 4
MOST_TRIALS = 40
MOST_ROWS = 1000
_MOST_OTHERS = 12
AGREED = 0.6
"""Share of the recorded values that has to stand there again, where no name vouches for a repair."""
_MORE = 1.25
"""How many times as many rows as ever before a mended query may give."""
_NO_COLUMN = re.compile(
    r"no such column: \"?((?:\w+\.)?\w+)|column \"?((?:\w+\.)?\w+)\"? does not exist"
    r"|unknown column '((?:\w+\.)?\w+)'", re.I
)  # fmt: skip
_AMBIGUOUS = re.compile(
    r"ambiguous column name: (\w+)|column reference \"?(\w+)\"? is ambiguous"
    r"|column '(\w+)' .{0,40}is ambiguous", re.I
)  # fmt: skip
_NO_TABLE = re.compile(
    r"no such table: ((?:\w+\.)?\w+)|relation \"?((?:\w+\.)?\w+)\"? does not exist"
    r"|table '((?:\w+\.)?\w+)' doesn't exist", re.I
)  # fmt: skip


@dataclass(frozen=True)
class _Try:
    """A query on its way. `sure` unless only the recorded values can tell that it is right, and
    `guessed` where nothing but them speaks for it."""

    sql: str
    why: tuple[str, ...] = ()
    sure: bool = True
    guessed: bool = False


@dataclass(frozen=True)
class Database:
    """The database of a step: what it is asked with, its tables, and the rows recorded of it."""

    desk: Desk
    case: Case
    told: dict[str, Any]
    tables: list[TableShape]

    async def ask(self, sql: str, *, limit: int = MOST_ROWS) -> dict[str, Any]:
        """What a query gives. Raises an AssistantError."""
        return await self.desk.call("query_database", {"sql": sql, "limit": limit, **self.told})

    async def agrees(self, sql: str) -> float | None:
        """How much of what was recorded a query gives; None when it gives less or does not run."""
        try:
            found = await self.ask(sql, limit=int(self.case.arguments.get("limit") or MOST_ROWS))
        except AssistantError:
            return None
        most = max((len(one.get("rows") or ()) for one in self.case.good_outputs), default=0)
        # What a view or a value left out is no part of what the query was for.
        if self.case.good and len(found["rows"]) > most * _MORE + 1:
            return None
        if not compare(self.case.good_outputs, found, wanted=self.case.wants).held:
            return None
        pairs = rows_paired(self.recorded, found["rows"])
        return None if replaced(pairs) else agreement(pairs)

    @property
    def recorded(self) -> list[dict[str, Any]]:
        rows = self.case.good_outputs[0].get("rows") if self.case.good else None
        return [row for row in rows or [] if isinstance(row, dict)]


async def database_of(desk: Desk, case: Case) -> Database | None:
    """The database that a step asks in SQL, with its tables; None for any other step."""
    if case.skill is None or case.skill.name != "query_database" or not case.literal("sql"):
        return None
    name = str(case.arguments.get("database") or "")
    try:
        source = open_source(
            desk.settings.databases[choose(name, desk.settings.databases)], desk.secrets
        )
        schema = await asyncio.to_thread(source.schema)
    except AssistantError:
        schema = ""
    return Database(desk, case, {"database": name} if name else {}, tables_in(schema))


async def renamed_columns(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """SQL that reads the tables and columns there are now, what gives most of the old values first."""
    base = await database_of(desk, case)
    if base is None or case.silent:
        return
    waiting, known = [(_Try(str(case.literal("sql"))), case.failure.message)], set[str]()
    held, trials = list[tuple[float, _Try]](), 0
    while waiting and trials < MOST_TRIALS:
        tried, message = waiting.pop(0)
        for one in await _next(base, tried, message):
            if one.sql in known or trials >= MOST_TRIALS:
                continue
            known.add(one.sql)
            trials += 1
            try:
                await base.ask(one.sql)
            except AssistantError as wrong:
                if len(one.why) < MOST_STEPS:
                    waiting.append((one, wrong.message))
                continue
            agreed = await base.agrees(one.sql)
            if agreed is not None and (one.sure or agreed >= AGREED):
                held.append((agreed, one))
    held.sort(key=lambda pair: (-pair[0], not pair[1].sure, pair[1].guessed))
    alike = [one for agreed, one in held if agreed == held[0][0]]
    if len(alike) > 1 and all(one.guessed for one in alike):
        return  # which of them is meant, the rows cannot tell
    for _, one in held[:2]:
        yield Proposal("renamed_columns", ", ".join(one.why), {"sql": one.sql})


async def _next(base: Database, tried: _Try, message: str) -> list[_Try]:
    """What a complaint of the database leads to."""
    found = list[_Try]()

    def add(sql: str, why: str, *, sure: bool = True, guessed: bool = False) -> None:
        if sql != tried.sql:
            told = (*tried.why, why)
            found.append(_Try(sql, told, tried.sure and sure, tried.guessed or guessed))

    if unclear := _AMBIGUOUS.search(message):
        name = _first(unclear)
        for table, alias in tables_of(tried.sql):
            # What it gives tells which of the tables it was.
            add(
                qualified(tried.sql, name, alias or table),
                f"another table has a column {name!r} too now",
            )
    elif gone := _NO_TABLE.search(message):
        _, dot, name = _first(gone).rpartition(".")
        if dot and any(one.name == name for one in base.tables):
            add(without_schema(tried.sql, name), f"the table is called {name!r} alone now")
        for table, sure in await _tables(base, name):
            add(
                swapped(tried.sql, name, table),
                f"the table {name!r} is called {table!r} now",
                sure=sure,
            )
    elif missing := _NO_COLUMN.search(message):
        alias, _, name = _first(missing).rpartition(".")
        add(texts_in_single_quotes(tried.sql), f"{name!r} is meant as a text", sure=False)
        likely = await _columns(base, tried.sql, name, alias)
        for column in (*likely, *_others(base, tried.sql, name, alias, likely)):
            why = f"the column {name!r} is called {column!r} now"
            sure = column in likely
            add(swapped(tried.sql, name, column, alias), why, sure=sure, guessed=not sure)
        for expression, why in _elsewhere(base, tried.sql, name, alias):
            add(computed(tried.sql, name, expression, alias=alias), why, sure=False)
    return found


def _first(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group)


async def _tables(base: Database, gone: str) -> list[tuple[str, bool]]:
    """Tables and views that may stand for one that is gone: those of a like name, then all others."""
    sql = "select name from sqlite_master where type in ('table', 'view') order by name"
    try:
        names = [str(row["name"]) for row in (await base.ask(sql))["rows"]]
    except AssistantError:
        names = [one.name for one in base.tables]
    names = [name for name in names if not name.startswith("sqlite_")]
    return [(name, True) for name in names if _related(gone, name)] + [
        (name, False) for name in names if not _related(gone, name)
    ]


async def _columns(base: Database, sql: str, missing: str, alias: str) -> list[str]:
    """Columns that the missing one may have become, those with its old values first."""
    before = {
        str(row.get(missing))
        for good in base.case.good_outputs
        for row in (good.get("rows") or [])
        if row.get(missing) is not None
    }
    scored = list[tuple[float, str]]()
    for table in dict.fromkeys(
        table for table, other in tables_of(sql) if alias in ("", table, other)
    ):
        try:
            every = f"select * from {named(table)}"  # noqa: S608 - a word of the file; only read
            found = await base.ask(every, limit=200)
        except AssistantError:
            continue
        for column in found["columns"]:
            now = {str(row.get(column)) for row in found["rows"]}
            shared = len(before & now) / len(before) if before else 0.0
            if shared >= 0.3 or _related(missing, column):
                scored.append((shared + 0.2 * _related(missing, column), column))
    used = set(re.findall(rf"\b{alias}\.(\w+)" if alias else r"\w+", sql))
    scored = sorted((one for one in scored if one[1] not in used), reverse=True)
    if split_up(missing, [column for _, column in scored]):
        return await _told_by_rows(base, sql, missing, [column for _, column in scored])
    return [column for _, column in scored][:2]


async def _told_by_rows(base: Database, sql: str, missing: str, columns: list[str]) -> list[str]:
    """The one of several columns with the missing one's name in theirs that has its values, row by row.

    The rows have to be told apart by something else that was recorded of them.
    """
    given = dict[str, list[tuple[str, str]]]()
    for column in columns if not are_halves(missing, columns) else ():
        try:
            limit = int(base.case.arguments.get("limit") or MOST_ROWS)
            found = await base.ask(swapped(sql, missing, column), limit=limit)
        except AssistantError:
            return []  # more than this one column is amiss
        given[column] = same_in_rows(base.recorded, found["rows"], missing)
    chosen = one_alone(given)
    return [chosen] if chosen else []


def _others(base: Database, sql: str, missing: str, alias: str, likely: list[str]) -> list[str]:
    """All other columns of the same table, for one that is only compared with: what comes out tells."""
    if any(missing in row for row in base.recorded):
        return []
    tables = {table for table, other in tables_of(sql) if alias in ("", table, other)}
    told = [column for one in base.tables if one.name in tables for column in one.columns]
    if split_up(missing, told):
        return []
    return [column for column in told if column not in likely][:_MOST_OTHERS]


def _elsewhere(base: Database, sql: str, missing: str, asked: str) -> list[tuple[str, str]]:
    """The column read from a table that the query's table refers to, or that refers to it.

    As a query of its own for each row, so that no other name of the query becomes unclear.
    """
    shapes, found = {one.name: one for one in base.tables}, list[tuple[str, str]]()
    for table, alias in tables_of(sql):
        if asked not in ("", table, alias):
            continue
        here = named(alias or table)
        joined = [
            (one.other, f"{named(one.other)}.{named(one.key)} = {here}.{named(one.column)}")
            for one in (shapes[table].references if table in shapes else ())
        ] + [
            (one.table, f"{named(one.table)}.{named(one.column)} = {here}.{named(one.key)}")
            for shape in base.tables for one in shape.references if one.other == table
        ]  # fmt: skip
        for other, held in joined:
            if other == table or other not in shapes:
                continue
            for column in sorted(
                shapes[other].columns, key=lambda name: not _related(missing, name)
            ):
                # The words are of the file and of the database's own description; only read.
                read = f"(select {named(other)}.{named(column)} from {named(other)} where {held})"  # noqa: S608
                found.append(
                    (read, f"what {missing!r} held is {column!r} of the table {other!r} now")
                )
    return found


def _related(old: str, new: str) -> bool:
    """Whether two names have a word in common, or differ by a letter or two."""
    words = _stems(old) & _stems(new)
    alike = difflib.SequenceMatcher(None, old.lower(), new.lower()).ratio() >= 0.75
    return bool(words) or alike or old.lower() in new.lower()


def _stems(name: str) -> set[str]:
    """The words of a name, in the singular: `cabins` and `cabin_count` have one in common."""
    words = re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name)
    return {re.sub(r"(?<=[a-z]{3})s$", "", word.lower()) for word in words if word}
