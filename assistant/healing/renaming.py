"""The recipe for data whose keys or columns have other names now."""

from __future__ import annotations

import difflib
import re
from collections.abc import AsyncIterator
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.easing import feeding
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal
from assistant.healing.rewiring import Renamed, renamings, rewire, split_up
from assistant.pipeline.spec import SkillStep

_NO_COLUMN = re.compile(
    r"no such column: (?:\w+\.)?(\w+)|column (?:\w+\.)?\"?(\w+)\"? does not exist"
    r"|unknown column '(?:\w+\.)?(\w+)'", re.I
)  # fmt: skip
_AMBIGUOUS = re.compile(
    r"ambiguous column name: (\w+)|column reference \"?(\w+)\"? is ambiguous"
    r"|column '(\w+)' .{0,40}is ambiguous", re.I
)  # fmt: skip
_JOINED = re.compile(
    r"\b(?:from|join)\s+\"?(\w+)\"?(?:\s+(?:as\s+)?(?!(?:on|where|join|left|right|inner|outer|cross"
    r"|full|natural|using|order|group|limit|union)\b)(\w+))?", re.I
)  # fmt: skip
_NO_TABLE = re.compile(r"no such table: (\w+)|relation \"?(\w+)\"? does not exist", re.I)
_TABLES = "select name from sqlite_master where type in ('table', 'view') order by name"


def tables_of(sql: str) -> list[tuple[str, str]]:
    """The tables that a query names, each with its alias or an empty text."""
    return _JOINED.findall(sql)


async def renamed_keys(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The step's expressions, reading what the renamed keys are called now."""
    for upstream in feeding(desk, case):
        attempts = desk.runs.attempts(case.run.id, upstream.path)
        if not attempts or not upstream.good or _is_model(upstream):
            continue  # a model that answers otherwise has not renamed anything
        now = desk.whole(case.run, attempts[-1].output)
        found = list(renamings(upstream.good[0].output, now))
        if not found:
            continue
        told = ", ".join(one.words for one in found)
        if isinstance(case.step, SkillStep):
            arguments = _changed(case.written, found)
            if arguments:
                yield Proposal("renamed_keys", told, arguments)
        elif case.step is not None:
            file = case.editable()
            step = file.get(file.place_of(case.place))
            kept = {key: step[key] for key in ("for_each", "set") if key in step}
            settings = _changed(kept, found)
            if settings:
                yield Proposal("renamed_keys", told, settings=settings)


def _is_model(case: Case) -> bool:
    return case.skill is not None and "model" in case.skill.hosts


def _changed(values: dict[str, Any], found: list[Renamed]) -> dict[str, Any]:
    changed = dict(values)
    for one in found:
        changed = {name: rewire(value, one) for name, value in changed.items()}
    return {name: value for name, value in changed.items() if value != values[name]}


async def renamed_columns(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """SQL that reads the tables and columns there are now."""
    sql = case.literal("sql")
    if case.skill is None or case.skill.name != "query_database" or not isinstance(sql, str):
        return
    database = {"database": case.arguments["database"]} if case.arguments.get("database") else {}
    missing = _NO_COLUMN.search(case.failure.message)
    gone = _NO_TABLE.search(case.failure.message)
    unclear = _AMBIGUOUS.search(case.failure.message)
    if unclear:
        name = next(group for group in unclear.groups() if group)
        for table, alias in tables_of(sql):
            # The proof tells which of the tables it was: only one gives the old values.
            yield Proposal(
                "renamed_columns", f"another table has a column {name!r} too now",
                {"sql": _qualified(sql, name, alias or table)},
            )  # fmt: skip
    elif gone:
        name = next(group for group in gone.groups() if group)
        for table in await _names(desk, _TABLES, database):
            if _related(name, table):
                yield Proposal(
                    "renamed_columns", f"the table {name!r} is called {table!r} now",
                    {"sql": _swapped(sql, name, table)},
                )  # fmt: skip
    elif missing:
        name = next(group for group in missing.groups() if group)
        for column in await _columns(desk, case, sql, database, name):
            yield Proposal(
                "renamed_columns", f"the column {name!r} is called {column!r} now",
                {"sql": _swapped(sql, name, column)},
            )  # fmt: skip


async def _columns(
    desk: Desk, case: Case, sql: str, database: dict[str, Any], missing: str
) -> list[str]:
    """Columns that the missing one may have become, those with its old values first."""
    tables = re.findall(r"\b(?:from|join)\s+\"?(\w+)\"?", sql, re.I)
    before = {
        str(row.get(missing))
        for good in case.good_outputs
        for row in (good.get("rows") or [])
        if row.get(missing) is not None
    }
    scored = list[tuple[float, str]]()
    for table in dict.fromkeys(tables):
        try:
            every = f'select * from "{table}"'  # noqa: S608 - a word of the file; only read
            found = await desk.call("query_database", {"sql": every, "limit": 200, **database})
        except AssistantError:
            continue
        for column in found["columns"]:
            now = {str(row.get(column)) for row in found["rows"]}
            shared = len(before & now) / len(before) if before else 0.0
            if shared >= 0.3 or _related(missing, column):
                scored.append((shared + 0.2 * _related(missing, column), column))
    used = set(re.findall(r"\w+", sql))
    scored = sorted(
        (one for one in scored if re.fullmatch(r"\w+", one[1]) and one[1] not in used),
        reverse=True,
    )
    if split_up(missing, [column for _, column in scored]):
        return []
    return [column for _, column in scored][:2]


async def _names(desk: Desk, sql: str, database: dict[str, Any]) -> list[str]:
    try:
        found = await desk.call("query_database", {"sql": sql, **database})
    except AssistantError:
        return []
    names = [str(row["name"]) for row in found["rows"]]
    return [name for name in names if re.fullmatch(r"\w+", name)]


def _related(old: str, new: str) -> bool:
    """Whether two names have a word in common, or differ by a letter or two."""
    words = _stems(old) & _stems(new)
    alike = difflib.SequenceMatcher(None, old.lower(), new.lower()).ratio() >= 0.75
    return bool(words) or alike or old.lower() in new.lower()


def _stems(name: str) -> set[str]:
    """The words of a name, in the singular: `cabins` and `cabin_count` have one in common."""
    words = re.split(r"_+|(?<=[a-z])(?=[A-Z])", name)
    return {re.sub(r"(?<=[a-z]{3})s$", "", word.lower()) for word in words if word}


def _swapped(sql: str, old: str, new: str) -> str:
    """The name replaced outside of quoted texts; a selected column keeps its old name."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    swapped = [
        part if part.startswith("'") else re.sub(rf"\b{re.escape(old)}\b", new, part)
        for part in parts
    ]
    return _with_alias("".join(swapped), old, new)


def _qualified(sql: str, column: str, table: str) -> str:
    """The column with its table before it, where it stands alone outside of quoted texts."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    lone = re.compile(rf"(?<![\w.\"]){re.escape(column)}\b(?!\s*[.(])")
    return "".join(
        part if part.startswith("'") else lone.sub(f"{table}.{column}", part) for part in parts
    )


def _with_alias(sql: str, old: str, new: str) -> str:
    """`select cost from …` → `select cost as price from …`: later steps read the old name."""
    head, between, tail = re.split(r"(\bfrom\b)", sql, maxsplit=1, flags=re.I)
    named = re.sub(
        rf"(?<![\w.(])((?:\w+\.)?{re.escape(new)})\b(?!\s*(?:\(|as\b|\)|[-+*/]))",
        rf"\1 as {old}", head, count=1, flags=re.I,
    )  # fmt: skip
    return named + between + tail
