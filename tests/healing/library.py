"""A third world to break: a town library with new books, events and an interface for its catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_NAMES = (
    "The salt road", "Maps of rain", "A keeper of bees", "Nine winters", "The glass ferry",
    "Letters to a lighthouse", "How moss grows", "Kestrel summer", "The tin orchard",
    "Small engines", "A history of knots", "The borrowed piano", "Under the weir",
    "Counting swifts", "The paper tram", "Bread and granite", "An atlas of fog",
    "The quiet signalman", "Heather and iron", "Seven locks", "The last slate boat",
    "A field of lanterns", "Owls of the city", "The winter allotment", "Tidal arithmetic",
)  # fmt: skip
_WRITERS = ("Ida Brook", "Tom Fell", "Una Marsh", "Rhys Carrick", "Mae Holt")
_FIRST = datetime(2026, 1, 12, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Book:
    n: int

    @property
    def title(self) -> str:
        return _NAMES[self.n % len(_NAMES)]

    @property
    def author(self) -> str:
        return _WRITERS[self.n % len(_WRITERS)]

    @property
    def path(self) -> str:
        return f"/catalogue/{4700 + self.n}"

    @property
    def mark(self) -> str:
        """Where it stands."""
        return f"{820 + self.n}.9 {self.author.split()[1][:3].upper()}"

    @property
    def cover(self) -> str:
        return f"/covers/{4700 + self.n}.jpg"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=31 * self.n)

    @property
    def blurb(self) -> str:
        return f"Bought in batch {self.n} for the reading room; {self.author} tells it in {90 + self.n} pages."

    @property
    def fee(self) -> str:
        return f"{self.n % 4}.{self.n % 10}0 EUR"


def books(count: int, *, newest: int = 20) -> list[Book]:
    return [Book(newest - number) for number in range(count)]


HAD, HAS = books(14), books(14, newest=23)
CLASSICS = [Book(number) for number in range(6)]
"""What the front page praises; none of them is among the new ones."""


def titles(told: Sequence[Book]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


def whole(
    body: str, *, title: str = "Millbrook Library", head: str = "",
    menu: Mapping[str, str] = {"/": "Home", "/visit": "Visit us", "/join": "Join"},
) -> str:  # fmt: skip
    links = "".join(f'<a class="nav-item" href="{href}">{text}</a>' for href, text in menu.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><div class="topbar"><nav>{links}</nav></div><main id="main"><h1>{title}</h1>{body}</main>'
        '<footer><address>Mill Lane 3</address><a href="/terms">Terms of use</a></footer></body></html>'
    )


def shelf(told: Sequence[Book]) -> str:
    """The list as a content system of ten years ago wrote it."""
    rows = "".join(
        f'<li class="book"><img src="{b.cover}" alt=""><h3><a href="{b.path}">{escape(b.title)}</a></h3>'
        f'<p class="author">{b.author}</p><p class="mark">{b.mark}</p>'
        f'<time datetime="{b.when:%Y-%m-%d}">{b.when:%d %b %Y}</time></li>'
        for b in told
    )
    return f'<ul class="books">{rows}</ul>'


def components(told: Sequence[Book]) -> str:
    """The same from a library of components; every part of a record has another name."""
    rows = "".join(
        f'<article class="c-medium"><figure class="c-medium__figure"><img src="{b.cover}" alt=""></figure>'
        f'<div class="c-medium__body"><a class="c-medium__link" href="{b.path}">{escape(b.title)}</a>'
        f'<span class="c-medium__by">{b.author}</span><span class="c-medium__sig">{b.mark}</span></div>'
        "</article>"
        for b in told
    )
    return f'<section class="l-stack">{rows}</section>'


def accordion(told: Sequence[Book]) -> str:
    rows = "".join(
        f'<details class="fold"><summary><a href="{b.path}">{escape(b.title)}</a></summary>'
        f"<p>{b.blurb}</p><p>{b.author}, {b.when:%d %b %Y}</p></details>"
        for b in told
    )
    return f'<div class="folds">{rows}</div>'


def late_covers(told: Sequence[Book]) -> str:
    """The list, its pictures fetched when they scroll into sight."""
    text = shelf(told)
    for b in told:
        text = text.replace(f'<img src="{b.cover}"', f'<img data-src="{b.cover}" loading="lazy"')
    return text


def lendings(told: Sequence[Book], *, fee: bool = True) -> str:
    rows = "".join(
        f'<tr class="lending"><td class="what"><a href="{b.path}">{escape(b.title)}</a></td>'
        f'<td class="until">{b.when:%Y-%m-%d}</td>'
        + (f'<td class="fee">{b.fee}</td>' if fee else "")
        + f'<td class="phone">01632 960 {100 + b.n}</td></tr>'
        for b in told
    )
    return f'<table id="lendings"><tbody>{rows}</tbody></table>'


def praised(told: Sequence[Book]) -> str:
    rows = "".join(
        f'<div class="classic"><h4><a href="{b.path}">{escape(b.title)}</a></h4><p>{b.blurb}</p></div>'
        for b in told
    )
    return f'<h2>Most borrowed of all time</h2><div class="classics">{rows}</div>'


def rss(
    told: Sequence[Book], origin: str, *, title: str = "New at Millbrook", more: str = ""
) -> str:
    entries = "".join(
        f"<item><title>{escape(b.title)}</title><link>{origin}{b.path}</link>"
        f"<guid isPermaLink='false'>book-{b.n}</guid><pubDate>{format_datetime(b.when)}</pubDate>"
        f"<description>{b.blurb}</description></item>"
        for b in told
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>{title}</title><link>{origin}/</link><description>New books</description>{more}"
        f"{entries}</channel></rss>"
    )


def remarks(told: Sequence[Book], origin: str) -> str:
    """The feed of the comments, as WordPress writes it: titles in titles."""
    entries = "".join(
        f"<item><title>Comment on {escape(b.title)} by Ann</title>"
        f"<link>{origin}{b.path}#comment-{b.n}</link><guid isPermaLink='false'>c{b.n}</guid>"
        f"<pubDate>{format_datetime(b.when)}</pubDate><description>I liked it.</description></item>"
        for b in told
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>Comments for Millbrook Library</title><link>{origin}/</link>"
        f"<description>Comments</description>{entries}</channel></rss>"
    )


def feed_link(href: str, title: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def entries(told: Sequence[Book], origin: str) -> list[dict[str, Any]]:
    return [
        {"id": 4700 + b.n, "title": b.title, "author": b.author, "link": origin + b.path,
         "added": b.when.isoformat()}
        for b in told
    ]  # fmt: skip


def catalogue(told: Sequence[Book], origin: str, **more: Any) -> str:
    """What the interface gives: the books and what is told of them."""
    return json.dumps({"count": len(told), **more, "books": entries(told, origin)})


PARKED = (
    "<!doctype html><html><head><title>millbrook-books.example is for sale</title></head><body>"
    "<h1>This domain may be for sale</h1><ul class='related'>"
    + "".join(
        f"<li><a href='/search?q={word}'>{word.title()} offers of today</a></li>"
        for word in ("library", "books", "audiobooks", "e-readers", "bookshelves", "reading lamps")
    )
    + "</ul><p>Buy this domain. The owner may be contacted through our brokers.</p></body></html>"
)
CLOUD = (
    "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>"
    "<h1>Sorry, you have been blocked</h1><h2>You are unable to access millbrook.example</h2>"
    "<p>This website is using a security service to protect itself from online attacks.</p>"
    "<p>Cloudflare Ray ID: <strong>8d1f2ab93c0e</strong></p></body></html>"
)

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/arrivals.xml", limit: 50}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 0 }}"]
"""
SHELF = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/new-books", selector: li.book}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
CATALOGUE = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/books"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': b.title, 'url': b.link} for b in steps.api.response.data.books] }}", limit: 100}
outputs: {count: "${{ size(steps.list.items) }}"}
expect: ["${{ size(steps.list.items) > 0 }}"]
"""
STOCK = """create table books (id integer primary key, title text, shelfmark text);
create table loans (id integer primary key, book_id integer, status text, due text);
insert into books (id, title, shelfmark) values {books};
insert into loans (book_id, status, due) values {loans};
"""


def stock(*, mark: str = "shelfmark", status: str = "on loan", books: bool = True) -> str:
    """The database as a script; `mark` is what the column of shelf marks is called."""
    held = ", ".join(f"({b.n}, '{b.title}', '{b.mark}')" for b in HAD)
    lent = ", ".join(
        f"({b.n}, '{status if b.n % 2 else 'returned'}', '{b.when:%Y-%m-%d}')" for b in HAD
    )
    script = STOCK.format(books=held, loans=lent).replace("shelfmark", mark)
    return script if books else script + "delete from books; delete from loans;"
