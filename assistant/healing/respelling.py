"""Recipes for SQL that runs and gives nothing, or something of another kind: it compares with what
is spelled, meant or kept otherwise now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.columns import AGREED, Database, database_of
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited
from assistant.healing.pairing import rows_paired
from assistant.healing.proposals import Proposal
from assistant.healing.querying import (
    Compared,
    comparisons,
    computed,
    empties,
    named,
    tables_of,
    texts_in_single_quotes,
)
from assistant.healing.spelling import nearest, words_of

_MOST = 100
_MOST_ROWS = 5000
_OVER = frozenset({
    "done", "finished", "completed", "complete", "closed", "cancelled", "canceled", "archived",
    "expired", "deleted", "removed", "sold", "paid", "resolved", "inactive", "rejected", "retired",
    "over", "past", "old", "ended", "shipped", "delivered", "returned", "withdrawn", "lapsed", "void",
    "obsolete", "gone", "lost", "merged", "fixed", "settled", "answered",
})  # fmt: skip
"""What a thing is called when it has come to its end: no other name for one that has not."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


async def respelled_values(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The query with the one value of its column that is the old one in another spelling."""
    base = await database_of(desk, case)
    sql = str(case.literal("sql") or "")
    for found in comparisons(sql) if base else ():
        if base is None or not found.literal.startswith("'"):
            continue
        values = await _values(base, sql, found)
        if found.value in values:
            continue
        near = nearest(found.value, values)
        if near is not None:
            yield Proposal(
                "respelled_values",
                f"{found.column} has {near!r} now where it had {found.value!r}",
                {"sql": _with(sql, found, near)},
            )


async def meant_values(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The query with the value that the recorded rows have now in place of one that nothing has.

    Only where these rows, and hardly any other, have it: a value that others had besides says that
    the rows have gone on to another state, and so does a word for what is over.
    """
    base = await database_of(desk, case)
    sql, told, why = str(case.literal("sql") or ""), "", list[str]()
    if base is None or not base.recorded:
        return
    # From the back, so that the places of those before stay what they are.
    for found in sorted(comparisons(sql), key=lambda one: -one.start):
        now = await _meant(base, sql, found)
        if now is not None:
            told = _with(told or sql, found, now)
            why.append(f"the rows that had {found.value!r} in {found.column} have {now!r} now")
    if told and (await base.agrees(told) or 0) >= AGREED:
        yield Proposal("meant_values", "; ".join(reversed(why)), {"sql": told})


async def texts_for_names(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The query with `"word"` as a text, where a new column of that name has taken it over."""
    base = await database_of(desk, case)
    sql = str(case.literal("sql") or "")
    told = texts_in_single_quotes(sql)
    if base and told != sql and (await base.agrees(told) or 0) >= AGREED:
        why = "in double quotes a word is a column's name where there is one"
        yield Proposal("texts_for_names", why, {"sql": told})


async def kept_otherwise(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The query with a column brought back to the form it was kept in: a day, a number."""
    base = await database_of(desk, case)
    sql = str(case.literal("sql") or "")
    if base is None or not base.recorded:
        return
    best = list[tuple[float, str, str]]()
    for told in empties(sql):
        if told != sql and (agreed := await base.agrees(told) or 0) >= AGREED:
            best.append((agreed, told, "what is not there is kept otherwise now"))
    for column, alias in await _kept(base, sql):
        full = f"{alias}.{named(column)}" if alias else named(column)
        for expression, words in _forms(full):
            told = computed(sql, column, expression)
            agreed = await base.agrees(told)
            if agreed is not None and agreed >= AGREED:
                best.append((agreed, told, f"{column} is kept {words} now"))
    for _, told, why in sorted(best, key=lambda one: -one[0])[:1]:
        yield Proposal("kept_otherwise", why, {"sql": told})


async def _values(base: Database, sql: str, found: Compared) -> list[str]:
    """The texts that a column holds; none when it holds too many to be a list of choices."""
    tables = [t for t, other in tables_of(sql) if found.alias in ("", t, other)]
    told = list[str]()
    for table in tables:
        every = f"select distinct {named(found.column)} as value from {named(table)}"  # noqa: S608 - words of the file; only read
        try:
            rows = (await base.ask(every, limit=_MOST))["rows"]
        except AssistantError:
            continue
        values = [row.get("value") for row in rows]
        if len(values) < _MOST:
            told += [value for value in values if isinstance(value, str)]
    return told


async def _meant(base: Database, sql: str, found: Compared) -> Any:
    """The value that the recorded rows have now in a column, and no other rows; None when unclear."""
    for table, other in tables_of(sql):
        if found.alias not in ("", table, other):
            continue
        try:
            rows = (await base.ask(f"select * from {named(table)}", limit=_MOST_ROWS))["rows"]  # noqa: S608 - a word of the file; only read
        except AssistantError:
            continue
        if not rows or found.column not in rows[0]:
            continue
        if any(str(row[found.column]) == found.value for row in rows):
            return None  # what is asked for is there
        pairs = rows_paired(base.recorded, rows)
        key = (found.column,)
        values = Counter(now[key] for _, now in pairs if key in now)
        if len(pairs) < max(2, len(base.recorded) * AGREED) or len(values) != 1:
            return None
        ((value, count),) = values.items()
        others = sum(str(row[found.column]) == value for row in rows) - count
        over = words_of(value) & _OVER and not words_of(found.value) & _OVER
        # A few may be new since.
        if over or others > max(2, len(base.recorded) * 0.25):
            return None
        return next(row[found.column] for row in rows if str(row[found.column]) == value)
    return None


def _with(sql: str, found: Compared, value: Any) -> str:
    quoted = isinstance(value, str)
    written = "'" + value.replace("'", "''") + "'" if quoted else str(value)
    return sql[: found.start] + written + sql[found.end :]


async def _kept(base: Database, sql: str) -> list[tuple[str, str]]:
    """Columns of the query whose values are of another kind than those that it names or gave."""
    asked = set(re.findall(r"\w+", re.sub(r"'(?:[^']|'')*'", "", sql)))
    found = list[tuple[str, str]]()
    for table, alias in tables_of(sql):
        try:
            rows = (await base.ask(f"select * from {named(table)}", limit=_MOST))["rows"]  # noqa: S608 - a word of the file; only read
        except AssistantError:
            continue
        for column in rows[0] if rows else ():
            now = [row[column] for row in rows if row[column] not in (None, "")]
            before = [row[column] for row in base.recorded if row.get(column) not in (None, "")]
            before += _days_beside(sql, column)
            if column in asked and now and before and not _kinds(now) & _kinds(before):
                found.append((column, alias))
    return found


def _days_beside(sql: str, column: str) -> list[str]:
    """The texts that a column is compared with, when they are days."""
    beside = rf"\b{re.escape(column)}\b\s*(?:=|<=?|>=?|between)\s*'([^']*)'"
    return [found[1] for found in re.finditer(beside, sql, re.I) if _DAY.fullmatch(found[1])]


def _kinds(values: list[Any]) -> set[str]:
    return {_kind(value) for value in values}


def _kind(value: Any) -> str:
    """A value's kind: its type, and of a text its look."""
    if not isinstance(value, str):
        return "integer" if isinstance(value, int) else "real"
    look = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", value.strip()[:40]))
    return "text" if re.search("a.*a", look) or "9" not in look else look


def _forms(column: str) -> Iterator[tuple[str, str]]:
    """What brings a column back to the form it had, with how it is kept now."""
    for width in (1, 1000):
        seconds = column if width == 1 else f"{column} / {width}"
        unit = "in seconds since 1970" if width == 1 else "in milliseconds since 1970"
        yield f"date({seconds}, 'unixepoch')", unit
        yield f"datetime({seconds}, 'unixepoch')", unit
        yield f"strftime('%Y-%m-%dT%H:%M:%S', {seconds}, 'unixepoch')", unit
        yield f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')", unit
    yield f"cast(strftime('%s', {column}) as integer)", "as a text"
    yield f"date({column})", "with its hour"
    yield f"substr({column}, 1, 10)", "with its hour"
    year, first, second = (f"substr({column}, {at})" for at in ("7, 4", "1, 2", "4, 2"))
    yield f"{year} || '-' || {second} || '-' || {first}", "with the day first"
    yield f"{year} || '-' || {first} || '-' || {second}", "with the month first"
    yield f"cast({column} as integer)", "as a text"
    yield f"cast(replace({column}, ',', '.') as real)", "as a text"
    yield f"cast({column} as text)", "as a number"
