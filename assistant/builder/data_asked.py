"""Whether a request asks a database, by the words of the databases there are.

"How many orders are late" says nothing of a database, but where one has a table of orders it can
mean nothing else. What asks, and what points elsewhere, stands in `prompts/builder_cues.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.cues import says
from assistant.grounding.languages import fold
from assistant.grounding.marks import MARK
from assistant.skills.databases.spoken import Phrase, Spoken, phrase

_COMMON = frozenset({"id", "name", "title", "date", "text", "value", "url", "link", "type", "time"})
"""Columns that nearly every table has, and so say nothing."""


def database_asked(text: str, databases: Sequence[Spoken]) -> str | None:
    """The name of the database that a marked request asks; empty when several may be meant, None
    when it asks none.

    It must ask for something, name no link, and name a table, or the database and a column.
    """
    if re.search(r"<(?:feed|page|api|sel)\d>", text):
        return None
    if not says("asking", "data", text) or says("asking", "elsewhere", text):
        return None
    words = phrase(fold(MARK.sub(" ", text)))
    marks = {database.name: _weight(database, words) for database in databases}
    best = max(marks.values(), default=0)
    if best < 2:
        return None
    names = [name for name, weight in marks.items() if weight == best]
    return names[0] if len(names) == 1 else ""


def _weight(database: Spoken, words: Phrase) -> int:
    """2 for a table, 1 for the database's own name, 1 for a telling column."""
    telling = [c for c in database.columns if c and c[0] not in _COMMON and c[-1] != "id"]
    tables = any(_stands(table, words) for table in database.tables)
    named = _stands(phrase(database.name), words)
    return 2 * tables + named + any(_stands(column, words) for column in telling)


def _stands(name: Phrase, words: Phrase) -> bool:
    return bool(name) and any(
        words[n : n + len(name)] == name for n in range(len(words) - len(name) + 1)
    )
