"""Schedules that are written as five fields of cron."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CRON = re.compile(
    r"(?<![\w*/-])(?P<cron>(?:\*|[\d*][\d*/,-]*)(?: (?:\*|[\dA-Za-z*][\w*/,#-]*)){4})"
    r"(?=[\s:.,;)\"'`]|$)"
)
_FIELD = re.compile(r"[\d*/,-]+|[A-Za-z]{3}(?:[-,][A-Za-z]{3})*|\d?L|\d#\d")


def crons(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, line) of each cron line; five numbers without a star are none."""
    for match in _CRON.finditer(text):
        line = match["cron"]
        if "*" in line and all(_FIELD.fullmatch(field) for field in line.split()):
            yield match.start(), match.end(), line
