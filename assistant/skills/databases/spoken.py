"""The words by which people speak of the databases of the settings: their names, tables, columns.

Read from the schemas and remembered, so that a request is known to be a question to a database by
what it says: "how many orders are late" names a table. A file is read when it is new or has
changed. A server is read once in the background, since nobody waits for a network while writing a
prompt; until its answer is there, it is known by its name alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.skills.databases.source import Source, open_source
from assistant.skills.databases.sqlite import SqliteFile

MOST_TABLES = 200
_TABLE = re.compile(r"create (?:table|view) (?:if not exists )?[\"`]?(\w+)[\"`]?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

Phrase = tuple[str, ...]
"""A name as its words, each in the singular: `order_lines` is ("order", "line")."""


@dataclass(frozen=True)
class Spoken:
    """A database as it is spoken of."""

    name: str
    tables: frozenset[Phrase] = frozenset()
    columns: frozenset[Phrase] = frozenset()


class SpokenDatabases:
    """The databases of the settings. One serves many requests, from any thread."""

    def __init__(self, addresses: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self._addresses = dict(addresses)
        self._secrets = secrets
        self._read = dict[str, tuple[float, Spoken]]()
        self._lock = threading.Lock()

    def now(self, addresses: Mapping[str, str]) -> tuple[Spoken, ...]:
        """As `all`, of the settings as they are now."""
        self._addresses = dict(addresses)
        return self.all()

    def all(self) -> tuple[Spoken, ...]:
        """Every database in the order of names; one that cannot be read by its name alone."""
        return tuple(self._one(name) for name in sorted(self._addresses))

    def _one(self, name: str) -> Spoken:
        try:
            source = open_source(self._addresses[name], self._secrets)
        except AssistantError:
            return Spoken(name)
        if isinstance(source, SqliteFile):
            return self._of_file(name, source)
        with self._lock:
            if name not in self._read:
                self._read[name] = (0.0, Spoken(name))
                reading = threading.Thread(target=self._learn, args=(name, source), daemon=True)
                reading.start()
            return self._read[name][1]

    def _of_file(self, name: str, source: SqliteFile) -> Spoken:
        changed = _changed(source.path)
        known = self._read.get(name)
        if known is None or known[0] != changed:
            known = (changed, _spoken(name, source))
            self._read[name] = known
        return known[1]

    def _learn(self, name: str, source: Source) -> None:
        self._read[name] = (0.0, _spoken(name, source))


def phrase(text: str) -> Phrase:
    """The words of a name or a sentence in lower case, each in the singular."""
    return tuple(singular(word) for word in _WORD.findall(text.replace("_", " ").lower()))


def singular(word: str) -> str:
    """The singular of an English plural; every other word stays."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return -1.0


def _spoken(name: str, source: Source) -> Spoken:
    """What a schema names; only the name when it cannot be read now."""
    quote = "`" if source.dialect == "MySQL" else '"'
    try:
        tables = _TABLE.findall(source.schema())[:MOST_TABLES]
        columns = set[str]()
        for table in tables:
            told, _, _ = source.query(
                f"select * from {quote}{table}{quote}",  # noqa: S608 - a name of the schema
                rows=1,
                seconds=5,
            )
            columns |= set(told)
    except AssistantError:
        return Spoken(name)
    return Spoken(
        name, frozenset(phrase(table) for table in tables), frozenset(phrase(c) for c in columns)
    )
