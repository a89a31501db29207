"""What this job remembers of a feed: its validators, its items, and when it first saw each.

An unchanged feed costs one short answer, a fresh one no request at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx

from assistant.clock import parse_rfc3339, rfc3339
from assistant.skills.context import Memory

from .reading import Story

NAME = "fetch_feed"
LONGEST_FRESH = timedelta(hours=1)
LARGEST_KEPT = 1_000_000
"""Characters."""
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


@dataclass(frozen=True)
class Visit:
    """The last good answer of a feed. `first_seen` keeps a moment for each item without a date."""

    items: list[Story] = field(default_factory=list[Story])
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


def last_visit(memory: Memory, url: str) -> Visit:
    """The visit remembered; an empty one for a feed never read."""
    kept = memory.get(NAME, url)
    try:
        return Visit(**kept) if isinstance(kept, dict) else Visit()
    except TypeError:
        return Visit()  # another version's note: read the feed anew


def remember(
    memory: Memory,
    url: str,
    before: Visit,
    response: httpx.Response,
    stories: list[Story],
    now: datetime,
) -> Visit:
    """Note a good answer, and the moment for items that carry none."""
    visit = Visit(
        items=stories,
        etag=response.headers.get("etag", ""),
        modified=response.headers.get("last-modified", ""),
        fresh_until=_fresh_until(response, now),
        first_seen={
            key: before.first_seen.get(key, rfc3339(now))
            for story in stories
            if not story.get("published") and (key := _key(story))
        },
    )
    _keep(memory, url, visit)
    return visit


def unchanged(
    memory: Memory, url: str, before: Visit, response: httpx.Response, now: datetime
) -> Visit:
    """Note that a feed answered 304."""
    visit = replace(before, fresh_until=_fresh_until(response, now))
    _keep(memory, url, visit)
    return visit


def moment_of(story: Story, visit: Visit) -> str:
    """When an item came: its own date, else when this job first saw it."""
    return story.get("published") or visit.first_seen.get(_key(story), "")


def _key(story: Story) -> str:
    return story.get("url") or story.get("title", "")


def _keep(memory: Memory, url: str, visit: Visit) -> None:
    if sum(len(str(value)) for story in visit.items for value in story.values()) > LARGEST_KEPT:
        # Too large to keep: without validators the next visit downloads it whole.
        visit = Visit(first_seen=visit.first_seen)
    memory.put(NAME, url, vars(visit))


def _fresh_until(response: httpx.Response, now: datetime) -> str:
    control = response.headers.get("cache-control", "").lower()
    age = _MAX_AGE.search(control)
    if age is None or "no-cache" in control or "no-store" in control:
        return ""
    return rfc3339(now + min(LONGEST_FRESH, timedelta(seconds=int(age[1]))))
