"""What a database's own description says of its tables: their columns, and which refers to which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CREATE = re.compile(
    r"create\s+(?:temp\w*\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:[\w\"`\[\]]+\.)?[\"`\[]?([\w-]+)[\"`\]]?\s*\(",
    re.I,
)
_COLUMN = re.compile(r"\s*[\"`\[]?([\w-]+)[\"`\]]?")
_REFERENCES = re.compile(
    r"\breferences\s+[\"`\[]?([\w-]+)[\"`\]]?\s*(?:\(\s*[\"`\[]?([\w-]+)[\"`\]]?\s*\))?", re.I
)
_FOREIGN = re.compile(r"\bforeign\s+key\s*\(\s*[\"`\[]?([\w-]+)[\"`\]]?\s*\)", re.I)
_CONSTRAINTS = frozenset({"primary", "foreign", "unique", "check", "constraint", "exclude", "key"})


@dataclass(frozen=True)
class Reference:
    """A column that holds the key of another table's row."""

    table: str
    column: str
    other: str
    key: str


@dataclass(frozen=True)
class TableShape:
    """A table's columns in their order, and what they refer to."""

    name: str
    columns: tuple[str, ...]
    references: tuple[Reference, ...] = ()


def tables_in(schema: str) -> list[TableShape]:
    """The tables of CREATE TABLE statements, with references declared, else told by names.

    `line_id` refers to `lines.id` or `line.id` where nothing else is said of it.
    """
    told = [_shape(found[1], body) for found, body in _bodies(schema)]
    return [
        TableShape(one.name, one.columns, (*one.references, *_by_name(one, told))) for one in told
    ]


def _bodies(schema: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _CREATE.finditer(schema):
        depth, at = 1, found.end()
        while at < len(schema) and depth:
            depth += {"(": 1, ")": -1}.get(schema[at], 0)
            at += 1
        yield found, schema[found.end() : at - 1]


def _shape(name: str, body: str) -> TableShape:
    columns, references = list[str](), list[Reference]()
    for part in re.split(r",(?![^(]*\))", body):
        found = _COLUMN.match(part)
        if found is None:
            continue
        refers = _REFERENCES.search(part)
        column = found[1]
        if column.lower() in _CONSTRAINTS:
            foreign = _FOREIGN.search(part)
            column = foreign[1] if foreign else ""
        else:
            columns.append(column)
        if refers and column:
            references.append(Reference(name, column, refers[1], refers[2] or "id"))
    return TableShape(name, tuple(columns), tuple(references))


def _by_name(table: TableShape, tables: list[TableShape]) -> Iterator[Reference]:
    declared = {one.column for one in table.references}
    for column in table.columns:
        stem = re.sub(r"_?id$", "", column, flags=re.I).lower()
        if column in declared or not stem or stem == column.lower():
            continue
        named = {stem, f"{stem}s", f"{stem}es", f"{stem.removesuffix('y')}ies"}
        for other in tables:
            keys = [one for one in other.columns if one.lower() in ("id", column.lower())]
            if other.name != table.name and other.name.lower() in named and keys:
                yield Reference(table.name, column, other.name, keys[0])
