"""The recipe for SQL that asks for a value which is spelled differently in its table now."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal
from assistant.healing.renaming import tables_of
from assistant.healing.spelling import nearest

_COMPARED = re.compile(r"(?:\b(\w+)\.)?\b(\w+)\s*=\s*'((?:[^']|'')*)'")
_MOST = 100


async def respelled_values(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The query with the one value of its column that is the old one in another spelling."""
    sql = case.literal("sql")
    if case.skill is None or case.skill.name != "query_database" or not isinstance(sql, str):
        return
    database = {"database": case.arguments["database"]} if case.arguments.get("database") else {}
    tables = tables_of(sql)
    for found in _COMPARED.finditer(sql):
        alias, column, value = found[1], found[2], found[3].replace("''", "'")
        named = [table for table, other in tables if alias in (None, table, other)]
        values = [v for table in named for v in await _values(desk, table, column, database)]
        if value in values:
            continue
        near = nearest(value, values)
        if near is not None:
            written = near.replace("'", "''")
            yield Proposal(
                "respelled_values", f"{column} has {near!r} now where it had {value!r}",
                {"sql": sql[: found.start(3)] + written + sql[found.end(3) :]},
            )  # fmt: skip


async def _values(desk: Desk, table: str, column: str, database: dict[str, Any]) -> list[str]:
    """The texts that a column holds; none when it holds too many to be a list of choices."""
    sql = f'select distinct "{column}" as value from "{table}"'  # noqa: S608 - words of the file; only read
    try:
        found = await desk.call("query_database", {"sql": sql, "limit": _MOST, **database})
    except AssistantError:
        return []
    values = [row.get("value") for row in found["rows"]]
    return [v for v in values if isinstance(v, str)] if len(values) < _MOST else []
