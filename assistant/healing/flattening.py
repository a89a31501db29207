"""The rows of an output as plain texts: flat, and each with what tells it apart from the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.healing.kinds import plain_url

NOISE = frozenset({"score", "seconds", "tokens", "cost", "at", "date", "server", "etag", "age"})
"""Names of figures that say nothing about a row."""
SHORT = 40
"""Letters of a text whose look tells anything."""
_IDENTITY = ("url", "link", "href", "id", "title", "name", "headline")


def flat(row: Any, prefix: str = "") -> dict[str, str]:
    """A row as texts by name; nested ones by dotted name, lists as one text."""
    if not isinstance(row, dict):
        return {prefix or "value": "" if row is None else str(row)[:2000]}
    found = dict[str, str]()
    told: dict[str, Any] = row
    for name, value in told.items():
        key = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, dict) and len(found) < 60:
            found |= flat(value, key)
        elif isinstance(value, list):
            found[key] = ", ".join(map(str, value[:5]))[:500] if value else ""
        else:
            found[key] = "" if value in (None, False) else str(value)[:2000]
    return found


def without_fields(value: Any, names: Sequence[str]) -> Any:
    """An output without these fields, at whatever depth its records stand."""
    if isinstance(value, dict):
        told: dict[str, Any] = value
        return {name: without_fields(v, names) for name, v in told.items() if name not in names}
    if isinstance(value, list):
        return [without_fields(one, names) for one in value]
    return value


def identity(row: dict[str, str]) -> str:
    """What tells a row apart: its address, its id, its title, else all that it says."""
    for name in _IDENTITY:
        if row.get(name):
            return (
                plain_url(row[name]) if "://" in row[name] else " ".join(row[name].split()).lower()
            )
    return " ".join(row[name] for name in sorted(row) if name not in NOISE)[:200]


def title(row: dict[str, str]) -> str:
    """The words of a row's title, in small letters."""
    told = next((row[name] for name in ("title", "name", "headline") if row.get(name)), "")
    return " ".join(re.findall(r"\w+", told.lower()))


def pattern(text: str) -> str:
    """The look of a short text: `£12.50` → `£9.9`, `3 March 2026` → `9 a 9`."""
    look = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()[: SHORT + 20]))
    return re.sub(r"(a ?)+", "a", look)
