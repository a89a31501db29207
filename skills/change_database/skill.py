"""Change rows of a database."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import BaseModel, Field

from assistant.errors import PolicyDenied
from assistant.skills.context import SkillContext
from assistant.skills.databases.source import Source, choose, open_source
from assistant.skills.door import Example, skill

SECONDS = 30.0
Value = str | int | float | bool | None


class Changed(BaseModel):
    """How many rows of which database a statement changed."""

    database: str
    changed: int
    sql: str


async def preview(
    context: SkillContext, sql: str, values: dict[str, Any], database: str, at_most: int
) -> dict[str, Any]:
    """What would change, and how many rows where a copy can tell; nothing changes."""
    name, source = _opened(context, database)
    changed = await asyncio.to_thread(
        source.change, _one(sql), values, at_most=at_most, seconds=SECONDS, keep=False
    )
    told = {"database": name, "sql": _one(sql), "values": values}
    return told if changed is None else told | {"changed": changed}


@skill(
    effect="write",
    hosts=("database",),
    pinned=("sql",),
    preview=preview,
    examples=(
        Example(
            "mark order 7 as shipped in the shop database",
            {
                "database": "shop",
                "sql": "update orders set status = 'shipped' where id = :id",
                "values": {"id": 7},
            },
        ),
        Example(
            "insert the title and link of the story into the table reading",
            {
                "sql": "insert into reading (title, url) values (:title, :url)",
                "values": {"title": "Tides", "url": "https://example.org/tides"},
            },
        ),
    ),
    timeout=60,
)
async def change_database(
    context: SkillContext,
    sql: Annotated[
        str,
        Field(
            min_length=1,
            max_length=50_000,
            description="One INSERT, UPDATE or DELETE, with :name where a value goes",
        ),
    ],
    values: Annotated[dict[str, Value], Field(description="The value of each :name")] = {},  # noqa: B006
    database: Annotated[str, Field(description="Its name in the settings")] = "",
    at_most: Annotated[
        int, Field(ge=1, le=1_000_000, description="Most rows that may change")
    ] = 1000,
) -> Changed:
    """Change rows of a database by one statement: all that it says, or nothing."""
    name, source = _opened(context, database)
    changed = await asyncio.to_thread(
        source.change, _one(sql), values, at_most=at_most, seconds=SECONDS, keep=True
    )
    return Changed(database=name, changed=changed or 0, sql=_one(sql))


def _opened(context: SkillContext, database: str) -> tuple[str, Source]:
    """The database that is meant, if the settings let it be changed."""
    writable = context.settings.writable_databases
    known = {n: a for n, a in context.settings.databases.items() if n in writable}
    if database in context.settings.databases and database not in known:
        raise PolicyDenied(
            f"The database {database!r} may only be read.",
            hint=f"If it may be changed, add {database!r} to writable_databases in settings.toml.",
        )
    name = choose(database, known)
    return name, open_source(known[name], context.secrets)


def _one(sql: str) -> str:
    return sql.strip().rstrip(";").strip()
