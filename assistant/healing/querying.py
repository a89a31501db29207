"""SQL as text: names and comparisons found in it and put otherwise, outside of its quoted texts.

`"…"` is left alone except where a function here says that it is about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TEXTS = re.compile(r"('(?:[^']|'')*')")
_KEYWORDS = frozenset({
    "all", "and", "as", "asc", "between", "by", "case", "check", "column", "constraint", "create",
    "cross", "default", "desc", "distinct", "else", "end", "except", "exists", "for", "foreign", "from",
    "full", "group", "having", "in", "index", "inner", "insert", "into", "intersect", "is", "join",
    "key", "left", "like", "limit", "not", "null", "offset", "on", "or", "order", "outer", "primary",
    "references", "right", "select", "set", "table", "then", "to", "union", "unique", "update", "user",
    "using", "values", "when", "where", "with",
})  # fmt: skip
_JOINED = re.compile(
    r"\b(?:from|join)\s+\"?(\w+)\"?(?:\s+(?:as\s+)?(?!(?:on|where|join|left|right|inner|outer|cross"
    r"|full|natural|using|order|group|limit|union)\b)(\w+))?", re.I
)  # fmt: skip
_LITERAL = r"'(?:[^']|'')*'|-?\d+(?:\.\d+)?"
_COMPARED = re.compile(
    rf"(?:\b(\w+)\.)?\b(\w+)\s*(=|in\s*\()\s*((?:{_LITERAL})(?:\s*,\s*(?:{_LITERAL}))*)", re.I
)
_AS_TEXT = re.compile(r"((?:=|<>|!=|\blike|\bin\s*\(|,)\s*)\"([^\"\n]*)\"", re.I)


class Compared(NamedTuple):
    """A column that is compared with one literal; `start` and `end` are where that stands."""

    alias: str
    column: str
    literal: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The literal's value as a text."""
        quoted = self.literal.startswith("'")
        return self.literal[1:-1].replace("''", "'") if quoted else self.literal


def tables_of(sql: str) -> list[tuple[str, str]]:
    """The tables that a query names, each with its alias or an empty text."""
    return _JOINED.findall(sql)


def named(name: str) -> str:
    """A table's or column's name as it has to be written: in quotes where it is no plain word."""
    plain = re.fullmatch(r"[A-Za-z_]\w*", name) and name.lower() not in _KEYWORDS
    return name if plain else '"' + name.replace('"', '""') + '"'


def comparisons(sql: str) -> Iterator[Compared]:
    """Columns compared with literals by `=` or `in (…)`, each literal by itself."""
    for found in _COMPARED.finditer(sql):
        for literal in re.finditer(_LITERAL, found[4]):
            start = found.start(4) + literal.start()
            yield Compared(found[1] or "", found[2], literal[0], start, start + len(literal[0]))
            if found[3] == "=":
                break


def texts_in_single_quotes(sql: str) -> str:
    """The query with `"word"` as `'word'` wherever it is compared with something.

    SQL takes `"word"` for a name; some databases take it for a text while there is no such name.
    """
    return _outside(sql, lambda part: _AS_TEXT.sub(lambda m: f"{m[1]}'{_quoted(m[2])}'", part))


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def swapped(sql: str, old: str, new: str, alias: str = "") -> str:
    """A name replaced outside of quoted texts; a selected column keeps its old name.

    With an alias only where that stands before it.
    """
    before = rf"(?<=\b{re.escape(alias)}\.)" if alias else ""
    word = re.compile(rf"{before}(?:\"{re.escape(old)}\"|\b{re.escape(old)}\b)")
    written = named(new)
    return _with_alias(_outside(sql, lambda part: word.sub(lambda _: written, part)), old, written)


def empties(sql: str) -> Iterator[str]:
    """The query with `is null` as `= ''`, and the other way round, where it says one of them."""
    yield _outside(sql, lambda part: re.sub(r"\bis\s+null\b", "= ''", part, flags=re.I))
    yield _outside(sql, lambda part: re.sub(r"\bis\s+not\s+null\b", "> ''", part, flags=re.I))
    yield re.sub(r"=\s*''(?!')", "is null", sql)


def qualified(sql: str, column: str, table: str) -> str:
    """The column with its table before it, where it stands alone outside of quoted texts."""
    lone = re.compile(rf"(?<![\w.\"]){re.escape(column)}\b(?!\s*[.(])")
    return _outside(sql, lambda part: lone.sub(f"{table}.{column}", part))


def without_schema(sql: str, table: str) -> str:
    """`main.works` → `works`."""
    return _outside(sql, lambda part: re.sub(rf"\b\w+\.(?={re.escape(table)}\b)", "", part))


def computed(sql: str, column: str, expression: str, *, alias: str = "") -> str:
    """The column replaced by an expression; where it is selected it keeps its name.

    With an alias only where that stands before it.
    """
    head, between, tail = _parted(sql)
    before = rf"{re.escape(alias)}\." if alias else r"(?:\w+\.)?"
    lone = re.compile(rf"(?<![\w.\"']){before}{re.escape(column)}\b(?!\s*[.(])")

    def in_head(match: re.Match[str]) -> str:
        after = match.string[match.end() :].lstrip()
        before = match.string[: match.start()].rstrip()
        alone = (not after or after.startswith(",")) and (
            before.endswith(",") or re.search(r"\b(select|distinct)$", before, re.I)
        )
        return f"{expression} as {named(column)}" if alone else expression

    head = _outside(head, lambda part: lone.sub(in_head, part))
    tail = _outside(tail, lambda part: lone.sub(lambda _: expression, part))
    return head + between + tail


def _parted(sql: str) -> tuple[str, str, str]:
    """What stands before the first `from`, the word itself, and what follows."""
    parts = re.split(r"(\bfrom\b)", sql, maxsplit=1, flags=re.I)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else (sql, "", "")


def _outside(sql: str, change: Callable[[str], str]) -> str:
    """A change made to everything that stands outside of quoted texts."""
    return "".join(part if part.startswith("'") else change(part) for part in _TEXTS.split(sql))


def _with_alias(sql: str, old: str, new: str) -> str:
    """`select cost from …` → `select cost as price from …`: later steps read the old name."""
    head, between, tail = _parted(sql)
    found = re.sub(
        rf"(?<![\w.(\"])((?:\w+\.)?{re.escape(new)})(?![\w\"])(?!\s*(?:\(|\.|as\b|\)|[-+*/]))",
        rf"\1 as {named(old)}", head, count=1, flags=re.I,
    )  # fmt: skip
    return found + between + tail
