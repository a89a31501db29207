"""Read feeds and give their newest items."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import httpx
from pydantic import Field

from assistant.clock import rfc3339
from assistant.errors import AssistantError, BadArguments, CannotDo, TryAgain
from assistant.net.client import good
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.periods import moment_since
from assistant.skills.records import Item, Items

from .apart import Readers
from .discovery import feeds_in
from .reading import Feed, NoFeed, Story
from .visits import Visit, last_visit, moment_of, remember, unchanged

AT_ONCE = 20
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True)
class Read:
    """A feed that was read: its stories with the moment each came, and what to tell of it."""

    dated: list[tuple[str, Story]]
    warning: str = ""


@skill(
    effect="read",
    hosts=("url", "urls"),
    patchable=("url", "urls", "limit", "since"),
    examples=(
        Example(
            "get the latest posts from https://example.org/feed.xml",
            {"url": "https://example.org/feed.xml"},
        ),
        Example(
            "read the 10 newest stories of the BBC feed http://feeds.bbci.co.uk/news/rss.xml",
            {"url": "http://feeds.bbci.co.uk/news/rss.xml", "limit": 10},
        ),
        Example(
            "what did https://a.example.org/rss and https://b.example.org/atom publish today",
            {"urls": ["https://a.example.org/rss", "https://b.example.org/atom"], "since": "24h"},
        ),
        Example(
            "collect a week of releases from https://example.org/releases.atom",
            {"url": "https://example.org/releases.atom", "since": "7d"},
        ),
        Example("check my podcast feed", {"url": "https://example.org/podcast.rss"}),
    ),
    timeout=120,
)
async def fetch_feed(
    context: SkillContext,
    url: Annotated[str, Field(description="Address of one feed")] = "",
    urls: Annotated[list[str], Field(description="Addresses of several feeds")] = [],  # noqa: B006
    limit: Annotated[int, Field(ge=1, le=1000, description="Most items to give")] = 50,
    since: Annotated[str, Field(description="Only newer ones: 24h, 7d or 2026-03-01")] = "",
) -> Items:
    """Read RSS, Atom or JSON feeds and give their newest items, newest first."""
    addresses = list(dict.fromkeys(one.strip() for one in (url, *urls) if one.strip()))
    if not addresses:
        raise BadArguments("fetch_feed needs url or urls.", hint="Give the address of a feed.")
    oldest = moment_since(since, context.clock.now())
    outcomes = await _read_all(context, addresses)
    read = [outcome for outcome in outcomes.values() if isinstance(outcome, Read)]
    failed = {u: e for u, e in outcomes.items() if isinstance(e, AssistantError)}
    if not read:
        raise _all_failed(failed)
    warnings = [r.warning for r in read if r.warning]
    warnings += [f"{address}: {error.message}" for address, error in failed.items()]
    for warning in warnings:
        context.warn(warning)
    return Items(
        items=_newest([pair for r in read for pair in r.dated], oldest, limit), warnings=warnings
    )


async def _read_all(
    context: SkillContext, addresses: list[str]
) -> dict[str, Read | AssistantError]:
    gate, done = asyncio.Semaphore(AT_ONCE), 0

    async def one(address: str, readers: Readers) -> Read | AssistantError:
        nonlocal done
        async with gate:
            try:
                return await _read(context, readers, address)
            except AssistantError as error:
                return error
            finally:
                done += 1
                context.progress(f"Read {address}", done=done, total=len(addresses))

    async with Readers(len(addresses)) as readers:
        outcomes = await asyncio.gather(*(one(address, readers) for address in addresses))
    return dict(zip(addresses, outcomes, strict=True))


async def _read(
    context: SkillContext, readers: Readers, address: str, *, seek: bool = True
) -> Read:
    now = context.clock.now()
    known = last_visit(context.memory, address)
    if known.is_fresh(now):
        return _dated(known.items, known)
    response = good(
        await context.http.get(address, headers={"Accept": ACCEPT, **known.conditions()})
    )
    if response.status_code == 304:
        visit = unchanged(context.memory, address, known, response, now)
        return _dated(visit.items, visit)
    try:
        feed = await readers.read(response.content, response.headers, str(response.url))
    except NoFeed as wrong:
        if not wrong.page:
            raise
        return await _seek(context, readers, address, response, seek=seek)
    visit = remember(context.memory, address, known, response, feed.stories, now)
    return _dated(feed.stories, visit, warning=_warning(address, feed))


async def _seek(
    context: SkillContext, readers: Readers, address: str, response: httpx.Response, *, seek: bool
) -> Read:
    """Read the one feed that a web page declares; offer what is found when the choice is not clear."""
    url = str(response.url)
    found = await asyncio.to_thread(feeds_in, response.content, url)
    own = [link for link in found.declared if link != url]
    if seek and len(own) == 1:
        read = await _read(context, readers, own[0], seek=False)
        return Read(read.dated, f"{address} is a web page; its feed {own[0]} was read.")
    offers = [link for link in found.all if link != url]
    hint = (
        f"Use one of the feeds found in it: {', '.join(offers)}"
        if offers
        else "It names no feed; read its list of stories with scrape_page instead."
    )
    raise CannotDo(f"{address} is a web page, not a feed.", hint=hint)


def _warning(address: str, feed: Feed) -> str:
    return f"{address} is broken and gave no items: {feed.flaw}" if feed.flaw else ""


def _dated(stories: list[Story], visit: Visit, *, warning: str = "") -> Read:
    return Read([(moment_of(story, visit), story) for story in stories], warning)


def _newest(dated: list[tuple[str, Story]], oldest: datetime | None, limit: int) -> list[Item]:
    """Newest first; items of one moment, or without one, keep their feed's order."""
    start = rfc3339(oldest) if oldest else ""
    kept, seen = list[tuple[str, Story]](), set[str]()
    for moment, story in dated:
        key = story.get("url") or f"{story.get('source')} {story.get('title')}"
        if key not in seen and moment >= start:
            seen.add(key)
            kept.append((moment, story))
    kept.sort(key=lambda pair: pair[0], reverse=True)
    return [Item(**story) for _, story in kept[:limit]]


def _all_failed(failed: dict[str, AssistantError]) -> AssistantError:
    errors = list(failed.values())
    if len(errors) == 1:
        return errors[0]
    told = " ".join(error.message for error in errors[:3])
    more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
    message = f"None of {len(errors)} feeds could be read: {told}{more}"
    if any(isinstance(error, TryAgain) for error in errors):
        waits = [e.retry_after for e in errors if isinstance(e, TryAgain) and e.retry_after]
        return TryAgain(message, retry_after=max(waits, default=None), hint=errors[0].hint)
    return CannotDo(message, hint=errors[0].hint)
