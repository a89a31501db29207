"""IANA time zones by name, and the nearest one to a name that is none."""

from __future__ import annotations

import importlib.resources
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.pipeline.suggest import nearest

_SHAPE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
# Abbreviations name an offset, not a place: with the clock change they are wrong half the year.
_ABBREVIATIONS = {
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
    "MDT": "America/Denver", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles", "BST": "Europe/London", "CET": "Europe/Paris",
    "CEST": "Europe/Paris", "MEZ": "Europe/Berlin", "EET": "Europe/Athens", "MET": "Europe/Paris",
    "WET": "Europe/Lisbon", "HST": "Pacific/Honolulu", "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo", "MSK": "Europe/Moscow", "AEST": "Australia/Sydney", "Z": "UTC",
    "UTC+0": "UTC", "GMT+0": "UTC", "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago", "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles",
}  # fmt: skip


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether it is the IANA name of a place, or UTC."""
    if not _SHAPE.fullmatch(name) or name in _ABBREVIATIONS:
        return False
    if name.startswith(("posix/", "right/")) or name in ("localtime", "Factory", "posixrules"):
        return False
    try:
        # A file system that ignores case would find `europe/london` too.
        return ZoneInfo(name).key == name and (name in zone_names() or not zone_names())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name in the time zone database that is installed with us."""
    listed = importlib.resources.files("tzdata").joinpath("zones")
    return frozenset(listed.read_text(encoding="utf-8").split())


def nearest_zone(name: str) -> str:
    """The zone that was probably meant, or an empty text."""
    if name.upper() in _ABBREVIATIONS:
        return _ABBREVIATIONS[name.upper()]
    names = zone_names()
    tidy = name.strip().replace(" ", "_")
    if close := nearest(tidy, names):
        return close
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(names, reverse=True)}
    return cities.get(nearest(tidy.rsplit("/", 1)[-1], cities), "")
