"""Read a list from a web page."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from assistant.clock import rfc3339
from assistant.errors import CannotDo
from assistant.net.client import good
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.markup import fold
from assistant.skills.pages import parse_page
from assistant.skills.records import Item, Items

from .fields import records_by_fields
from .finding import Group, find_list
from .links import base_of, next_page
from .moments import moment_of
from .reading import record_of
from .robots import ask_robots
from .selecting import matches

NAME = "scrape_page"
MOST_PAGES = 10
MOST_RECORDS = 1_000
ITEM_FIELDS = frozenset(Item.model_fields) - {"score", "tags"}


class Scraped(Items):
    """The items, the records as they were written, and what matched.

    `next_page` is the address of a further page that was not asked for; empty with a limit.
    """

    records: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    selector: str = ""
    pages: int = 1
    next_page: str = ""


@dataclass(frozen=True)
class _Wanted:
    selector: str
    fields: dict[str, str]


@dataclass(frozen=True)
class _Page:
    """One page that was read. `offer` is the list's selector when the one asked for matches nothing."""

    records: list[dict[str, Any]]
    selector: str
    language: str
    onward: str
    offer: str = ""


@skill(
    effect="read",
    hosts=("url",),
    patchable=("url", "selector", "fields", "limit"),
    examples=(
        Example("get the stories on https://example.org/news", {"url": "https://example.org/news"}),
        Example(
            "scrape the first 30 headlines from https://news.example.org",
            {"url": "https://news.example.org", "limit": 30},
        ),
        Example(
            "list the products on https://shop.example.org/sale with their prices",
            {
                "url": "https://shop.example.org/sale",
                "selector": "li.product",
                "fields": {"title": "h3", "url": "a@href", "price": ".price"},
            },
        ),
        Example(
            "take every tr of the table at https://example.org/results",
            {"url": "https://example.org/results", "selector": "table tr"},
        ),
    ),
    timeout=180,
)
async def scrape_page(
    context: SkillContext,
    url: Annotated[str, Field(description="Address of the page")],
    selector: Annotated[str, Field(description="CSS selector of one record")] = "",
    fields: Annotated[
        dict[str, str], Field(description='Field to selector: {"title": "h2", "url": "a@href"}')
    ] = {},  # noqa: B006
    limit: Annotated[
        int | None, Field(ge=1, le=MOST_RECORDS, description="Read on to next pages until so many")
    ] = None,
) -> Scraped:
    """Read a list of stories, posts, products or rows from a web page."""
    wanted = _Wanted(selector.strip(), fields)
    records, address, seen = list[dict[str, Any]](), url, set[str]()
    page = None
    while address and address not in seen and len(seen) < MOST_PAGES:
        seen.add(address)
        page = await _read(context, address, wanted, first=len(seen) == 1)
        fresh = [one for one in page.records if one not in records]
        records += fresh
        # A list found on the first page is what the later pages are read for.
        wanted = _Wanted(page.selector, fields)
        if limit is None or len(records) >= limit or not fresh:
            break
        address = page.onward
        context.progress(f"Read {len(records)} records", done=len(records), total=limit)
    records = records[: limit or MOST_RECORDS]
    _remember(context, url, wanted.selector, records)
    language = page.language if page else ""
    items = [_item(record, url, context.clock.now(), language) for record in records]
    return Scraped(
        items=items,
        records=records,
        selector=wanted.selector,
        pages=len(seen),
        next_page=page.onward if page and limit is None else "",
    )


async def _read(context: SkillContext, url: str, wanted: _Wanted, *, first: bool) -> _Page:
    if context.settings.robots:
        await ask_robots(context, url)
    response = good(await context.http.get(url, headers={"Accept": "text/html, */*;q=0.5"}))
    # Large pages take a while: other skills go on meanwhile.
    page = await asyncio.to_thread(
        _records, response.content, response.charset_encoding or "", str(response.url), wanted
    )
    if not page.records and first:
        raise _nothing_found(context, url, wanted, page)
    return page


def _records(body: bytes, charset: str, url: str, wanted: _Wanted) -> _Page:
    tree = parse_page(body, charset)
    if tree is None:
        raise CannotDo(f"{url} is empty.", hint="Check the address in a browser.")
    base = base_of(tree, url)
    chosen = wanted.selector or _found(tree, base)
    members = matches(tree, chosen)[:MOST_RECORDS] if chosen else []
    if wanted.fields:
        records = records_by_fields(members, wanted.fields, base)
    else:
        spans = Group(chosen, tuple(members)).spans
        records = [_plain(asdict(record_of(span, base))) for span in spans]
    records = [record for record in records if any(record.values())]
    language = (tree.get("lang") or "").replace("_", "-").split("-")[0].lower()
    offer = "" if records or not wanted.selector else _found(tree, base)
    return _Page(records, chosen, language, next_page(tree, url), offer)


def _found(tree: Any, base: str) -> str:
    found = find_list(tree, base)
    return found.selector if found else ""


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """A found record's fields, without what only helped to find it."""
    told = {name: value for name, value in record.items() if name not in ("heading", "headlines")}
    return told | {"tags": list(told["tags"])}


def _item(record: dict[str, Any], url: str, now: datetime, language: str) -> Item:
    known: dict[str, Any] = {name: str(record[name]) for name in ITEM_FIELDS if record.get(name)}
    known["title"] = fold(known.get("title", ""))[:500]
    known.setdefault("source", urlsplit(url).hostname or "")
    known["published"] = moment_of(known.get("published", ""), now, language)
    tags = record.get("tags") or []
    return Item(**known, tags=[tags] if isinstance(tags, str) else list(tags))


def _remember(
    context: SkillContext, url: str, selector: str, records: list[dict[str, Any]]
) -> None:
    """Keep what matched: healing compares a page that changed with it."""
    names = dict.fromkeys(name for record in records for name in record)
    filled = {
        name: round(sum(bool(record.get(name)) for record in records) / len(records), 3)
        for name in names
    }
    context.memory.put(
        NAME,
        url,
        {
            "at": rfc3339(context.clock.now()),
            "selector": selector,
            "count": len(records),
            "filled": filled,
            "titles": [str(record.get("title", ""))[:100] for record in records[:5]],
        },
    )


def _nothing_found(context: SkillContext, url: str, wanted: _Wanted, page: _Page) -> CannotDo:
    if not wanted.selector:
        return CannotDo(
            f"No list was found in {url}.",
            hint="Give a selector for one record, or use the site's feed with fetch_feed.",
        )
    last = context.memory.get(NAME, url) or {}
    before = (
        f" On {last['at'][:10]} {last['selector']!r} matched {last['count']} records."
        if last.get("count")
        else ""
    )
    now = f"The list now looks like this selector: {page.offer}" if page.offer else ""
    return CannotDo(
        f"The selector {wanted.selector!r} matches nothing in {url}.{before}",
        hint=now or "Leave the selector out to have the list found, or write one that matches.",
    )
