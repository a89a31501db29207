"""A second world to break: a harbour office with its notices, in the shapes that real sites use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_WHAT = (
    "Dredging of the outer basin", "Fees for visiting yachts", "Night work on quay four",
    "Tender for two pilot boats", "Winter opening of the fish hall", "Speed limit in the channel",
    "Removal of the old crane", "Survey of the north wall", "Water taps on pontoon C",
    "Fireworks over the estuary", "Licence for oyster beds", "Closure of the slipway",
)  # fmt: skip
_HOW = ("announced", "put off", "approved by the board", "open for comments")
_FIRST = datetime(2026, 2, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Notice:
    n: int

    @property
    def title(self) -> str:
        return f"{_WHAT[self.n % len(_WHAT)]} {_HOW[self.n // len(_WHAT) % len(_HOW)]}"

    @property
    def path(self) -> str:
        return f"/notices/{self.n:04d}-{_WHAT[self.n % len(_WHAT)].split()[0].lower()}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=19 * self.n)

    @property
    def text(self) -> str:
        return f"The office says in its paper {self.n} what is planned, by whom, and until when."

    @property
    def fee(self) -> str:
        return f"{25 + 3 * self.n}.50 EUR"


def notices(count: int, *, newest: int = 20) -> list[Notice]:
    return [Notice(newest - number) for number in range(count)]


WAS, IS = notices(14), notices(14, newest=23)


def titles(told: Sequence[Notice]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


def site(
    body: str, *, title: str = "Harbour office", head: str = "", lang: str = "en",
    menu: Mapping[str, str] = {"/": "Home", "/office": "The office", "/contact": "Contact"},
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'</head><body><header><a href="/">{title}</a><nav><ul class="nav">{links}</ul></nav></header>'
        f'<div id="content">{body}</div><footer><ul><li><a href="/imprint">Imprint</a></li>'
        '<li><a href="/access">Accessibility</a></li></ul></footer></body></html>'
    )


def rows(told: Sequence[Notice]) -> str:
    """The table of a content system of twenty years ago."""
    lines = "".join(
        f'<tr class="notice"><td class="no">{n.n}</td><td class="name"><a href="{n.path}">'
        f'{escape(n.title)}</a></td><td class="date">{n.when:%Y-%m-%d}</td>'
        f'<td class="fee">{n.fee}</td></tr>'
        for n in told
    )
    return (
        '<table class="notices"><thead><tr><th>No</th><th>Notice</th><th>Date</th><th>Fee</th></tr>'
        f"</thead><tbody>{lines}</tbody></table>"
    )


def grid(told: Sequence[Notice]) -> str:
    """The same, after somebody read about accessible grids."""
    lines = "".join(
        f'<div role="row" class="g-row"><span role="cell">{n.n}</span><span role="cell" class="g-main">'
        f'<a href="{n.path}">{escape(n.title)}</a></span><span role="cell" class="g-day">'
        f'{n.when:%Y-%m-%d}</span><span role="cell" class="g-fee">{n.fee}</span></div>'
        for n in told
    )
    return f'<div role="grid" class="g">{lines}</div>'


def posts(told: Sequence[Notice]) -> str:
    lines = "".join(
        f'<div class="post-item"><h3 class="post-title"><a href="{n.path}">{escape(n.title)}</a></h3>'
        f'<p class="post-meta">{n.when:%d %b %Y}</p><p class="post-excerpt">{n.text}</p></div>'
        for n in told
    )
    return f'<div class="posts">{lines}</div>'


def utilities(told: Sequence[Notice]) -> str:
    """A rebuild with utility classes: no class says what a thing is."""
    lines = "".join(
        f'<article class="flex flex-col gap-4 rounded-lg border p-6"><a href="{n.path}" '
        f'class="text-xl font-semibold hover:underline">{escape(n.title)}</a>'
        f'<span class="text-sm text-slate-500">{n.when:%d %b %Y}</span>'
        f'<p class="line-clamp-3">{n.text}</p></article>'
        for n in told
    )
    return f'<div class="grid grid-cols-1 md:grid-cols-3 gap-8">{lines}</div>'


def linked_cards(told: Sequence[Notice]) -> str:
    """Cards of which the whole is one link."""
    lines = "".join(
        f'<a class="tile" href="{n.path}"><h4>{escape(n.title)}</h4><time datetime="'
        f'{n.when:%Y-%m-%d}">{n.when:%d.%m.%Y}</time><em>{n.fee}</em></a>'
        for n in told
    )
    return f'<section class="tiles">{lines}</section>'


def custom_elements(told: Sequence[Notice]) -> str:
    lines = "".join(
        f'<ho-notice data-id="{n.n}"><ho-head><a href="{n.path}">{escape(n.title)}</a></ho-head>'
        f"<ho-text>{n.text}</ho-text></ho-notice>"
        for n in told
    )
    return f"<ho-list>{lines}</ho-list>"


def advertisements(count: int) -> str:
    lines = "".join(
        f'<li class="ad"><a href="https://ads.example/{number}" rel="sponsored">'
        f"Save {5 * number} per cent on rope, offer number {number} of the week</a></li>"
        for number in range(1, count + 1)
    )
    return f'<ul class="sponsored">{lines}</ul>'


def comments(count: int) -> str:
    lines = "".join(
        f'<li class="comment"><h4><a href="/people/{number}">Reader {number}</a></h4>'
        f"<p>I was there too, and number {number} is what I remember of that day.</p></li>"
        for number in range(1, count + 1)
    )
    return f'<ol class="comment-list">{lines}</ol>'


def rss(told: Sequence[Notice], origin: str, *, title: str = "Harbour office") -> str:
    entries = "".join(
        f"<item><title>{escape(n.title)}</title><link>{origin}{n.path}</link>"
        f"<guid isPermaLink='false'>notice-{n.n}</guid><pubDate>{format_datetime(n.when)}</pubDate>"
        f"<description>{n.text}</description></item>"
        for n in told
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}</link><description>What is new</description>{entries}</channel></rss>"
    )


def json_feed(told: Sequence[Notice], origin: str) -> str:
    return json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "Harbour office",
        "home_page_url": f"{origin}/", "feed_url": f"{origin}/feed.json",
        "items": [
            {"id": str(n.n), "url": f"{origin}{n.path}", "title": n.title, "content_text": n.text,
             "date_published": n.when.isoformat()}
            for n in told
        ],
    })  # fmt: skip


def alternate(href: str, title: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}" />'


def records(told: Sequence[Notice], origin: str, **names: str) -> list[dict[str, Any]]:
    """A list as an interface gives it; `names` says what it calls a field now."""
    return [
        {
            names.get(name, name): value
            for name, value in {
                "id": n.n, "name": n.title, "html_url": f"{origin}{n.path}", "body": n.text,
                "published_at": n.when.isoformat(),
            }.items()
        }
        for n in told
    ]  # fmt: skip


FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/news/rss", limit: 60}
    retry: {attempts: 1}
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", limit: 10}
outputs: {count: "${{ size(steps.best.items) }}"}
"""
POSTS = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/office/notices", selector: div.post-item}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
ROWS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/register"
      selector: tr.notice
      fields: {title: "td.name a", url: "td.name a@href", date: td.date, fee: td.fee}
    retry: {attempts: 1}
  - id: dear
    set: {fees: "${{ [r.fee for r in steps.read.records] }}"}
outputs: {fees: "${{ vars.fees }}"}
"""
BARE = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/notices"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': n.name, 'url': n.html_url} for n in steps.api.response.data] }}", limit: 80}
outputs: {count: "${{ size(steps.list.items) }}"}
"""
NAMED = BARE.replace("steps.api.response.data]", "steps.api.response.data.notices]")
"""As `BARE`; the list stands under a name."""
