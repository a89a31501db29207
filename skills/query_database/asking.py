"""A question in plain words, turned into SQL by a model that sees the tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from assistant.errors import CannotDo
from assistant.models.protocol import Limits, Message, Model

LONGEST_SCHEMA = 24_000
CHARS_A_TOKEN = 3
KEPT_FOR_ANSWER = 1500
ANSWER = {
    "type": "object",
    "properties": {"sql": {"type": "string"}},
    "required": ["sql"],
    "additionalProperties": False,
}
# Plain text for a model: nothing in it is HTML, so nothing is escaped.
_prompt = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True).from_string(  # noqa: S701
    (Path(__file__).parent / "prompt.md").read_text(encoding="utf-8")
)


async def write_sql(
    model: Model,
    question: str,
    *,
    schema: str,
    dialect: str,
    today: datetime,
    failed: str = "",
    error: str = "",
) -> str:
    """One SELECT that answers the question. `failed` and `error` tell of a first try."""
    room = min(LONGEST_SCHEMA, max(model.context - KEPT_FOR_ANSWER, 500) * CHARS_A_TOKEN)
    system = _prompt.render(
        dialect=dialect,
        today=f"{today:%A, %Y-%m-%d}",
        schema=schema[:room],
        failed=failed,
        error=error,
    )
    reply = await model.complete(
        [Message("system", system), Message("user", question)],
        schema=ANSWER,
        limits=Limits(max_tokens=600),
        purpose="query_database",
    )
    sql = str((reply.record or {}).get("sql", "")).strip().rstrip(";").strip()
    if not sql:
        raise CannotDo(
            f"The model {model.name} found no query for the question.",
            hint="Put the question in other words, give the SQL, or choose a larger model.",
        )
    return sql
