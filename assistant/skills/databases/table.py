"""Rows of a database as JSON records and as CSV."""

from __future__ import annotations

import base64
import csv
import io
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from assistant.skills.sheets import guarded


def unique(columns: Sequence[str]) -> list[str]:
    """The column names, each once: `name`, `name_2`."""
    made = list[str]()
    for column in columns:
        name, n = column or "column", 2
        while name in made:
            name, n = f"{column or 'column'}_{n}", n + 1
        made.append(name)
    return made


def records(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, map(as_json, row), strict=True)) for row in rows]


def as_json(value: Any) -> Any:
    """A value of a database in JSON's types; what JSON has no type for becomes text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return _number(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case list() | tuple() | set() | frozenset():
            return [as_json(inner) for inner in value]
        case dict():
            return {str(key): as_json(inner) for key, inner in value.items()}
        case _:
            return str(value)


def as_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """A table that a spreadsheet shows and does not run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([guarded(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)
