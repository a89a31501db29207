"""Dates as pages write them: for machines, in words, or relative to now."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.clock import rfc3339


def moment_of(text: str, now: datetime, language: str = "") -> str:
    """A date's moment as RFC 3339 UTC; empty when it cannot be read."""
    words = text.strip()
    if not words or len(words) > 60:
        return ""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        moment = _in_words(words, now, language)
    if moment is None:
        return ""
    return rfc3339(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _in_words(words: str, now: datetime, language: str) -> datetime | None:
    import dateparser  # slow to import, and most pages write dates for machines

    known = ["en"] if language in ("", "en") else [language, "en"]
    told = {
        "RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None),
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "PREFER_DATES_FROM": "past",
    }
    try:
        return dateparser.parse(words, languages=known, settings=told)
    except ValueError:
        return dateparser.parse(words, languages=["en"], settings=told)
