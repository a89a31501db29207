"""Addresses and files that are spelled out: "jo at example dot org", "ships dot csv"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPELLED = re.compile(
    r"(?<![\w@.])(?:(?P<who>[a-z0-9][\w.+-]*) at )?(?P<place>[a-z0-9][\w-]*(?: dot [a-z0-9][\w-]*)+)(?![\w@])",
    re.I,
)
_ENDING = re.compile(r"\.(?:md|txt|csv|json|html?|pdf|docx?|xlsx?)$", re.I)


def spelled(text: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, meant) of each: a mail or a file."""
    for match in _SPELLED.finditer(text):
        place = re.sub(r" dot ", ".", match["place"], flags=re.I)
        if _ENDING.search(place):
            yield match.start("place"), match.end(), "file", place
        elif match["who"]:
            yield match.start(), match.end(), "mail", f"{match['who']}@{place}"
