"""How old an item is, and what that is worth."""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant.clock import parse_rfc3339
from assistant.skills.records import Item

HALF_LIFE = timedelta(days=2)
UNDATED = 0.5
"""How recent an item without a date counts."""


def moment_of(item: Item) -> datetime | None:
    """When the item was published; None when that is not known."""
    try:
        return parse_rfc3339(item.published) if item.published else None
    except ValueError:
        return None


def recency(item: Item, now: datetime) -> float:
    """1 for now, half of it every two days."""
    moment = moment_of(item)
    if moment is None:
        return UNDATED
    return 0.5 ** (max(now - moment, timedelta()) / HALF_LIFE)


def age(item: Item, now: datetime) -> str:
    """The age in words."""
    moment = moment_of(item)
    if moment is None:
        return "undated"
    hours = int(max(now - moment, timedelta()).total_seconds() // 3600)
    if hours < 1:
        return "less than an hour old"
    if hours < 48:
        return f"{hours} h old"
    return f"{hours // 24} days old"
