"""What this job remembers of a feed: its validators, its items, and when it first saw each.

An unchanged feed costs one short answer, a fresh one no request at all.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from assistant.clock import parse_rfc3339, rfc3339
from assistant.skills.context import Memory
from assistant.skills.records import Item

NAME = "fetch_feed"
LONGEST_FRESH = timedelta(hours=1)
LARGEST_KEPT = 1_000_000
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


@dataclass(frozen=True)
class Visit:
    """The last good answer of a feed. `first_seen` keeps a moment for each item without a date."""

    items: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    etag: str = ""
    modified: str = ""
    fresh_until: str = ""
    first_seen: dict[str, str] = field(default_factory=dict[str, str])

    def is_fresh(self, now: datetime) -> bool:
        return bool(self.fresh_until) and now < parse_rfc3339(self.fresh_until)

    def conditions(self) -> dict[str, str]:
        """Headers that ask for the feed only if it changed."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in told.items() if value}

    def read(self) -> list[Item]:
        return [Item(**item) for item in self.items]


def last_visit(memory: Memory, url: str) -> Visit:
    """The visit remembered; an empty one for a feed never read."""
    kept = memory.get(NAME, url)
    try:
        return Visit(**kept) if isinstance(kept, dict) else Visit()
    except TypeError:
        return Visit()  # another version's note: read the feed anew


def remember(
    memory: Memory, url: str, response: httpx.Response, items: list[Item], now: datetime
) -> Visit:
    """Note a good answer, and the moment for items that carry none."""
    before = last_visit(memory, url)
    visit = Visit(
        items=[item.model_dump(exclude_defaults=True) for item in items],
        etag=response.headers.get("etag", ""),
        modified=response.headers.get("last-modified", ""),
        fresh_until=_fresh_until(response, now),
        first_seen={
            key: before.first_seen.get(key, rfc3339(now))
            for item in items
            if not item.published and (key := _key(item))
        },
    )
    _keep(memory, url, visit)
    return visit


def unchanged(memory: Memory, url: str, response: httpx.Response, now: datetime) -> Visit:
    """Note that a feed answered 304."""
    visit = replace(last_visit(memory, url), fresh_until=_fresh_until(response, now))
    _keep(memory, url, visit)
    return visit


def moment_of(item: Item, visit: Visit) -> str:
    """When an item came: its own date, else when this job first saw it."""
    return item.published or visit.first_seen.get(_key(item), "")


def _key(item: Item) -> str:
    return item.url or item.title


def _keep(memory: Memory, url: str, visit: Visit) -> None:
    if len(json.dumps(visit.items)) > LARGEST_KEPT:
        # Too large to keep: without validators the next visit downloads it whole.
        visit = Visit(first_seen=visit.first_seen)
    memory.put(NAME, url, asdict(visit))


def _fresh_until(response: httpx.Response, now: datetime) -> str:
    control = response.headers.get("cache-control", "").lower()
    age = _MAX_AGE.search(control)
    if age is None or "no-cache" in control or "no-store" in control:
        return ""
    return rfc3339(now + min(LONGEST_FRESH, timedelta(seconds=int(age[1]))))
