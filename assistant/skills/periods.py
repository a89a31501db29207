"""Spans of time as people write them in arguments: `24h`, `7d`, `2026-03-01`, `Tuesday`, `3 March`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from assistant.errors import BadArguments

_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)", re.IGNORECASE
)
_YEAR = 366
_LEAP_YEARS = 8 * _YEAR
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment_since(text: str, now: datetime) -> datetime | None:
    """The moment a `since` means: a span back from `now`, a date, or the last day of a name. None for
    an empty text.

    Raises BadArguments for anything else.
    """
    words = text.strip()
    if not words:
        return None
    if span := _SPAN.fullmatch(words):
        try:
            return now - timedelta(**{_UNITS[span[2][0].lower()]: float(span[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    if day := _last_day(words, now):
        return day
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as wrong:
        raise BadArguments(
            f"since: {text!r} is no span of time.", hint="Write 24h, 7d, 2w or a date: 2026-03-01."
        ) from wrong
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _last_day(words: str, now: datetime) -> datetime | None:
    """The beginning of the last day before `now`'s that has a name: `Tuesday`, `3 March`."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(1, _LEAP_YEARS):
        day = today - timedelta(days=back)
        if words.casefold() in (f"{day:%A}".casefold(), f"{day.day} {day:%B}".casefold()):
            return day
        if back > _YEAR and not words.startswith("29"):
            break
    return None
