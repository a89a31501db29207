"""Time zones as people name them: "Toronto time", "CET", "Europe/London", "UTC"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from assistant.grounding.languages import fold

# Letters that name a zone; a person in London who says BST means London's clock all year.
_SHORT = {
    "utc": "UTC", "gmt": "Etc/GMT", "cet": "Europe/Paris", "cest": "Europe/Paris",
    "bst": "Europe/London", "eet": "Europe/Athens", "msk": "Europe/Moscow",
    "est": "America/New_York", "edt": "America/New_York", "cst": "America/Chicago",
    "cdt": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip
_PLACES = {
    "eastern": "America/New_York", "us eastern": "America/New_York", "east coast": "America/New_York",
    "central": "America/Chicago", "us central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "us pacific": "America/Los_Angeles",
    "west coast": "America/Los_Angeles", "central european": "Europe/Paris", "uk": "Europe/London",
    "british": "Europe/London", "german": "Europe/Berlin", "french": "Europe/Paris",
    "indian": "Asia/Kolkata", "india": "Asia/Kolkata", "japan": "Asia/Tokyo",
    "china": "Asia/Shanghai", "beijing": "Asia/Shanghai", "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "boston": "America/New_York", "miami": "America/New_York",
    "washington": "America/New_York", "dallas": "America/Chicago", "houston": "America/Chicago",
    "montreal": "America/Toronto", "ottawa": "America/Toronto", "rio": "America/Sao_Paulo",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "cologne": "Europe/Berlin", "koln": "Europe/Berlin", "munchen": "Europe/Berlin",
    "geneva": "Europe/Zurich", "geneve": "Europe/Zurich", "genf": "Europe/Zurich",
    "zurich": "Europe/Zurich", "wien": "Europe/Vienna", "roma": "Europe/Rome",
    "milan": "Europe/Rome", "milano": "Europe/Rome", "barcelona": "Europe/Madrid",
    "lisboa": "Europe/Lisbon", "porto": "Europe/Lisbon", "bruxelles": "Europe/Brussels",
    "brussel": "Europe/Brussels", "londres": "Europe/London", "londra": "Europe/London",
    "edinburgh": "Europe/London", "manchester": "Europe/London", "moskau": "Europe/Moscow",
    "tel aviv": "Asia/Jerusalem", "abu dhabi": "Asia/Dubai", "hanoi": "Asia/Bangkok",
    "wellington": "Pacific/Auckland", "cape town": "Africa/Johannesburg",
    "ny": "America/New_York", "nyc": "America/New_York", "sf": "America/Los_Angeles",
    "nueva york": "America/New_York", "ciudad de mexico": "America/Mexico_City",
    "lyon": "Europe/Paris", "marseille": "Europe/Paris", "rotterdam": "Europe/Amsterdam",
    "canarias": "Atlantic/Canary", "islas canarias": "Atlantic/Canary", "peninsular": "Europe/Madrid",
    "brasilia": "America/Sao_Paulo", "acores": "Atlantic/Azores", "nuova york": "America/New_York",
    "nova york": "America/New_York", "nova iorque": "America/New_York", "atenas": "Europe/Athens",
    "atene": "Europe/Athens", "athen": "Europe/Athens", "varsovie": "Europe/Warsaw", "praga": "Europe/Prague",
    "kyiv": "Europe/Kyiv", "kiev": "Europe/Kyiv", "praha": "Europe/Prague",
}  # fmt: skip
_NAME = r"[^\W\d_]+(?:[ \-][^\W\d_]+)?"
# "Toronto time", "hora de Madrid", "Berliner Zeit", "heure de Paris", "ora di Roma"
_PHRASES = (
    re.compile(rf"\b(?P<place>{_NAME})(?:'s)? (?:local )?(?:time(?: ?zone)?|clocks?|zeit|tijd)\b"),
    re.compile(
        rf"\b(?:heure|hora|hora local|horario|ora|fuso|zeitzone|time in|timezone|time zone|tijd in)\b"
        rf"(?: (?:de|di|do|da|du|d'|von|in|of))? ?(?P<place>{_NAME})\b"
    ),
)
# "She sits in New York, so 8 am her time"
_WHOSE = re.compile(
    r"(?:\d|[ap]\.?m\.?|o'clock|noon|midnight) (?P<all>(?:her|his|their|its|local|that) time)(?!\w)"
)
_CAPITAL = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ][a-zà-öø-þ]+(?: [A-ZÀ-ÖØ-Þ][a-zà-öø-þ]+)?")
_SITS = re.compile(
    rf"(?<!\w)(?:sits?|lives?|is|are|works?|based|living|sitting|working|office|stays?)(?: (?:over|out))? in (?P<place>{_NAME})"
)
_IANA = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b")
_LETTERS = re.compile(r"\b[A-Z]{3,4}\b")


class Zone(NamedTuple):
    start: int
    end: int
    name: str


@cache
def _names() -> frozenset[str]:
    """Every zone there is; listing them reads folders, which takes milliseconds."""
    return frozenset(available_timezones())


@cache
def _cities() -> dict[str, str]:
    """Folded city → zone: the last part of each zone's name."""
    found: dict[str, str] = {}
    for name in sorted(_names()):
        area, _, city = name.partition("/")
        if city and area not in ("Etc", "SystemV", "US", "posix", "right"):
            found.setdefault(fold(name.rsplit("/", 1)[1].replace("_", " ")), name)
    return found | _PLACES


def zone_of(place: str) -> str:
    """The IANA name of a place or a short name of a zone; empty when unknown."""
    known = fold(place.strip())
    if place in _names():
        return place
    cities = _cities()
    last = known.split(" ")[-1]
    forms = (known, known.removesuffix("er"), known.removesuffix("r"), last)
    for form in (*forms, last.removesuffix("er"), last.removesuffix("r")):
        if form in _SHORT:
            return _SHORT[form]
        if form in cities:
            return cities[form]
    return ""


def zones(text: str) -> Iterator[Zone]:
    """Every zone a text names."""
    for match in _IANA.finditer(text):
        if match.group() in _names():
            yield Zone(match.start(), match.end(), match.group())
    folded = fold(text)
    for pattern in _PHRASES:
        for match in pattern.finditer(folded):
            place = match["place"]
            start = match.start("place")
            name = zone_of(place)
            first, _, rest = place.rpartition(" ")
            stray = first and place not in _cities() and not zone_of(first)
            if stray and name == zone_of(rest):
                start += len(place) - len(rest)
            if name:
                yield Zone(
                    min(start, match.start() if pattern is _PHRASES[1] else start),
                    match.end(),
                    name,
                )
    whose = _WHOSE.search(folded)
    named = {name for m in _CAPITAL.finditer(text) if (name := _cities().get(fold(m.group())))}
    if whose and len(named) == 1:  # "Tokyo opens while I sleep. 9 am their time"
        yield Zone(*whose.span("all"), named.pop())
        return
    for match in _SITS.finditer(folded) if whose else ():
        name = zone_of(match["place"]) or zone_of(match["place"].split(" ")[0])
        if whose and name:
            yield Zone(*whose.span("all"), name)
    for match in _LETTERS.finditer(text):
        if match.group().lower() in _SHORT:
            yield Zone(match.start(), match.end(), _SHORT[match.group().lower()])
