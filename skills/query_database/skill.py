"""Answer a question from a database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from assistant.errors import BadArguments, CannotDo, PolicyDenied
from assistant.ids import slug
from assistant.skills.context import SkillContext
from assistant.skills.databases.source import Found, Source, choose, open_source
from assistant.skills.databases.table import as_csv, records, unique
from assistant.skills.door import Example, skill
from assistant.skills.records import Rows

from .asking import write_sql
from .reading import read_question

SECONDS = 30.0
STARTER = "starter"
_FILE = re.compile(r"([^\s\"'“”‘’<>]+\.(?:db3?|sqlite3?))(?![\w.])")


@skill(
    effect="read",
    hosts=("database",),
    patchable=("question", "sql", "limit"),
    examples=(
        Example(
            "how many orders are late in the shop database",
            {"question": "How many orders are late?", "database": "shop"},
        ),
        Example(
            "list the products that are nearly sold out",
            {"question": "Which products have less stock than their reorder level?"},
        ),
        Example(
            "run select name, price from products on shop",
            {"sql": "select name, price from products", "database": "shop"},
        ),
        Example(
            "which customer spent the most this year",
            {"question": "Which customer spent the most this year, and how much?"},
        ),
        Example("total sales by month", {"question": "What were the total sales of each month?"}),
    ),
    timeout=180,
)
async def query_database(
    context: SkillContext,
    question: Annotated[str, Field(max_length=2000, description="A question in plain words")] = "",
    sql: Annotated[
        str, Field(max_length=50_000, description="One SELECT, instead of a question")
    ] = "",
    database: Annotated[str, Field(description="Its name in the settings")] = "",
    limit: Annotated[int, Field(ge=1, le=100_000, description="Most rows to give")] = 1000,
) -> Rows:
    """Read from a database: a question in plain words, or SQL; nothing can be changed."""
    if bool(question.strip()) == bool(sql.strip()):
        raise BadArguments(
            "query_database needs either question or sql.", hint="Give one of the two."
        )
    name = choose(
        database or _file_named(question, context.settings.databases), context.settings.databases
    )
    source = open_source(context.settings.databases[name], context.secrets)
    if sql.strip():
        statement = sql.strip().rstrip(";").strip()
        found = await asyncio.to_thread(source.query, statement, rows=limit, seconds=SECONDS)
    else:
        told = _FILE.sub(name, question)
        statement, found = await _asked(context, source, told, name, limit)
    columns, raw, truncated = found
    columns = unique(columns)
    rows = await asyncio.to_thread(records, columns, raw)
    if truncated:
        context.warn(f"Only the first {limit} rows are given; there are more.")
    file = f"{slug(context.path, otherwise='rows')}.csv"
    context.artifacts.save(file, "\ufeff" + as_csv(columns, rows), "text/csv")
    return Rows(columns=columns, rows=rows, count=len(rows), truncated=truncated, sql=statement)


def _file_named(question: str, databases: Mapping[str, str]) -> str:
    """The name of the database whose file a question names; empty when it names none.

    Raises CannotDo for a file that no database of the settings is: another must not answer for it.
    """
    found = _FILE.search(question)
    if found is None:
        return ""
    path = Path(found[1]).expanduser()
    for name, address in databases.items():
        known = Path(address).expanduser()
        if "://" not in address and (
            known == path if len(path.parts) > 1 else known.name == path.name
        ):
            return name
    raise CannotDo(
        f"{path.name} is no database of the settings.",
        hint=f"Give it a name, then ask again: assistant databases add {slug(path.stem)} {path}",
    )


async def _asked(
    context: SkillContext, source: Source, question: str, name: str, limit: int
) -> tuple[str, Found]:
    """The query of a question, and what it found.

    The starter model writes no SQL: with it, a simple question is read by rules. A query that a
    larger model wrote and that fails is corrected once.
    """
    if context.settings.model in ("", STARTER):
        sql = await asyncio.to_thread(read_question, source, question, name=name)
        if sql is None:
            raise CannotDo(
                "The question is not one that can be answered without a larger model.",
                hint="Ask more simply (how many orders are late), give the SQL, or choose a larger model: `assistant models list`.",
            )
        return sql, await asyncio.to_thread(source.query, sql, rows=limit, seconds=SECONDS)
    schema = await asyncio.to_thread(source.schema)
    model = context.models.get()
    today = context.clock.now()
    first = await write_sql(model, question, schema=schema, dialect=source.dialect, today=today)
    try:
        return first, await asyncio.to_thread(source.query, first, rows=limit, seconds=SECONDS)
    except (CannotDo, PolicyDenied) as wrong:
        context.progress(f"The first query did not run: {wrong.message}")
        again = await write_sql(
            model, question, schema=schema, dialect=source.dialect, today=today,
            failed=first, error=wrong.message,
        )  # fmt: skip
        try:
            return again, await asyncio.to_thread(source.query, again, rows=limit, seconds=SECONDS)
        except CannotDo as still:
            raise CannotDo(
                f"{still.message} The query was: {again}",
                hint="Put the question in other words, give the SQL, or choose a larger model.",
            ) from still
