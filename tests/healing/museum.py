"""A museum of clocks, Orrery House in Wendlebury: its workshop's diary and the wares of its shop.

The parts that the scenarios of this world put up: pages, feeds, JSON answers and tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Asked

_DONE = (
    "Pallets cut anew", "Fusee chain mended", "Dial silvered", "Pivot burnished", "Suspension spring fitted",
    "Bell hung again", "Escape wheel trued", "Case waxed", "Weights relined", "Moon disc painted", "Strike put right",
)  # fmt: skip
_PIECES = (
    "the turret clock", "a lantern clock from Ashby", "the tide dial", "Harcourt's regulator", "a carriage clock",
    "the nursery cuckoo", "the skeleton clock", "a bracket clock by Pell", "the railway clock", "a ship's chronometer",
    "the orrery", "a night clock", "the water clock",
)  # fmt: skip
_KINDS = (
    "Sundial kit", "Pocket watch stand", "Winding key", "Paper theatre clock", "Egg timer", "Pendulum bookmark",
    "Star chart", "Enamel mug", "Tea towel",
)  # fmt: skip
_MAKES = ("brass", "walnut", "midnight blue", "copper", "ivory", "oak", "green")
_VISITS = (
    "How to find us by bus", "Opening hours at Easter", "Where to eat nearby", "Groups and schools", "Step-free ways in",
    "Bringing a pushchair", "Taking photographs", "Lockers and cloakroom",
)  # fmt: skip
_BOOKS = (
    "The hours of the village", "Longitude for beginners", "Bells of the county", "Time and the tides",
    "A watchmaker's apprentice", "The perpetual calendar",
)  # fmt: skip
_START, _LONG_AGO = datetime(2026, 1, 20, 9, 30, tzinfo=UTC), datetime(2023, 3, 1, 9, 30, tzinfo=UTC)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What the workshop did. Numbers under 30 are of three years ago."""

    n: int

    @property
    def title(self) -> str:
        return f"{_DONE[self.n % 11]}: {_PIECES[self.n % 13]}"

    @property
    def path(self) -> str:
        return f"/diary/{self.when:%Y/%m}/entry-{self.n}"

    @property
    def when(self) -> datetime:
        start = _START if self.n >= 30 else _LONG_AGO
        return start + timedelta(hours=38 * (self.n % 30))

    @property
    def text(self) -> str:
        return f"It took {3 + self.n % 8} hours and {1 + self.n % 4} cups of tea; the clock is back in room {2 + self.n % 6}."


@dataclass(frozen=True)
class Ware:
    """A thing that the shop sells, and what it costs."""

    n: int

    @property
    def title(self) -> str:
        return f"{_KINDS[self.n % 9]}, {_MAKES[self.n % 7]}"

    @property
    def path(self) -> str:
        return f"/shop/{100 + self.n}"

    @property
    def price(self) -> str:
        return f"£{6 + self.n}.50"

    @property
    def member(self) -> str:
        return f"£{5 + self.n}.20"

    @property
    def left(self) -> int:
        return 2 + self.n * 7 % 23


def entries(count: int, *, newest: int) -> list[Entry]:
    return [Entry(newest - back) for back in range(count)]


def wares(count: int, *, newest: int) -> list[Ware]:
    return [Ware(newest - back) for back in range(count)]


HAD, HAS, OLD = entries(16, newest=56), entries(16, newest=58), entries(12, newest=25)
SOLD_BEFORE, SELLS, SOLD_OUT = wares(14, newest=40), wares(14, newest=41), wares(9, newest=20)


def titles(told: Sequence[Entry]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


def prices(told: Sequence[Ware]) -> Callable[[object], list[str]]:
    return lambda world: [f"{one.title} for {one.price}" for one in told]


def whole(
    body: str, *, head: str = "", links: str = "", title: str = "Orrery House, museum of clocks"
) -> str:  # fmt: skip
    """A page of the museum; `links` come into its menu."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<nav><a href="/">Orrery House</a> <a href="/visit">Visit</a> <a href="/tickets">Tickets</a> {links}</nav>'
        f"<main>{body}</main><footer><p>Orrery House, 4 Mill Lane, Wendlebury. Charity no. 1077432.</p></footer>"
        "</body></html>"
    )


def diary(told: Sequence[Entry], *, kind: str = "entry", around: str = "latest", heading: str = "Workshop diary") -> str:  # fmt: skip
    """The diary as a list, the newest first."""
    rows = "\n".join(
        f'<li class="{kind}"><time datetime="{one.when:%Y-%m-%d}">{one.when:%d %b %Y}</time> '
        f'<h3><a href="{one.path}">{escape(one.title)}</a></h3><p>{one.text}</p></li>'
        for one in told
    )
    return f'<section id="{around}"><h2>{heading}</h2><ul>{rows}</ul></section>'


def diary_table(told: Sequence[Entry]) -> str:
    """The diary after a redesign: a table."""
    rows = "\n".join(
        f'<tr><td class="what"><a href="{one.path}">{escape(one.title)}</a></td>'
        f'<td class="note">{one.text}</td><td class="day">{one.when:%d/%m/%Y}</td></tr>'
        for one in told
    )
    head = "<thead><tr><th>What we did</th><th>Notes</th><th>Day</th></tr></thead>"
    return f'<h1>Workshop diary</h1><table class="diary">{head}<tbody>{rows}</tbody></table>'


def visit_tips(*, kind: str = "tip") -> str:
    """Advice for visitors: a list that looks like the diary and is not."""
    rows = "\n".join(
        f'<li class="{kind}"><time datetime="2025-0{number + 1}-11">11.0{number + 1}.2025</time> '
        f'<h3><a href="/visit/{number}">{name}</a></h3><p>Good to know before you come.</p></li>'
        for number, name in enumerate(_VISITS)
    )
    return f'<section id="tips"><h2>Plan your visit</h2><ul>{rows}</ul></section>'


def shop_table(told: Sequence[Ware], *, kind: str = "ware", hidden: bool = False) -> str:
    """The wares; with `hidden`, a script of the page writes the price from an attribute."""
    rows = ""
    for one in told:
        price = (
            f'<td class="price" data-price="{one.price}"></td>'
            if hidden
            else f'<td class="price">{one.price}</td>'
        )
        name = f'<td class="name"><a href="{one.path}">{one.title}</a></td>'
        rows += f'<tr class="{kind}">{name}{price}<td class="left">{one.left} left</td></tr>\n'
    return f'<table class="shop"><tbody>{rows}</tbody></table>'


def price_list(told: Sequence[Ware], *, anew: bool = False) -> str:
    """The wares without a class in the rows; `anew` has a new column, and another order."""
    rows = "".join(
        f"<tr><td>{100 + one.n}</td><td>{one.price}</td><td>{one.title}</td><td>{one.left}</td></tr>"
        if anew
        else f"<tr><td>{one.title}</td><td>{one.left}</td><td>{one.price}</td></tr>"
        for one in told
    )
    heads = ("Number", "Price", "Ware", "In stock") if anew else ("Ware", "In stock", "Price")
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<table id="prices"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def shop_cards(told: Sequence[Ware]) -> str:
    rows = "\n".join(
        f'<article class="product"><a class="product-name" href="{one.path}">{one.title}</a>'
        f'<span class="product-price">{one.price}</span><span class="product-stock">{one.left} left</span></article>'
        for one in told
    )
    return f'<section id="products"><h1>Shop</h1>{rows}</section>'


def book_cards() -> str:
    """Books of a bookshop nearby, drawn like the wares."""
    rows = "\n".join(
        f'<article class="product"><a class="product-name" href="https://books.example/{number}">{name}</a>'
        f'<span class="product-price">£{11 + 2 * number}.99</span></article>'
        for number, name in enumerate(_BOOKS)
    )
    return f'<section id="friends"><h2>You may also like: books from our neighbours</h2>{rows}</section>'


def feed(told: Sequence[Entry], origin: str, *, title: str = "Workshop diary", padding: str = "") -> str:  # fmt: skip
    """A feed; `padding` is put into each text."""
    rows = "".join(
        f"<item><title>{escape(one.title)}</title><link>{origin}{one.path}</link><guid>{origin}{one.path}</guid>"
        f"<pubDate>{format_datetime(one.when)}</pubDate><description>{one.text}{padding}</description></item>"
        for one in told
    )
    return _channel(title, origin, rows)


def events_feed(origin: str) -> str:
    """The other feed of the museum: lectures and family days."""
    rows = "".join(
        f"<item><title>Lecture {number}: {name}</title><link>{origin}/events/{number}</link>"
        f"<pubDate>{format_datetime(_START + timedelta(days=number))}</pubDate><description>At seven.</description></item>"
        for number, name in enumerate(_BOOKS, 1)
    )
    return _channel("What’s on", origin, rows)


def _channel(title: str, origin: str, rows: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>Orrery House</description>{rows}</channel></rss>"
    )


def declared(**feeds: str) -> str:
    """Feeds in the head of a page: their titles by their addresses."""
    return "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name.replace("_", " ")}" href="{href}">'
        for name, href in feeds.items()
    )


def rows_of(told: Sequence[Entry], origin: str, *, name: str = "title") -> list[dict[str, Any]]:
    return [
        {"id": one.n, name: one.title, "link": origin + one.path, "day": f"{one.when:%Y-%m-%d}", "summary": one.text}
        for one in told
    ]  # fmt: skip


def answer(told: Sequence[Entry], origin: str, **more: Any) -> str:
    """The interface's answer."""
    return json.dumps({"posts": rows_of(told, origin), **more}, ensure_ascii=False)


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(asked.target).query).items()}


def stock(sold: Sequence[Ware], *, table: str = "wares", price: str = "price") -> str:
    """The wares as a table of the till, as a script. The members' price stands beside the other."""
    rows = ", ".join(
        f"({one.n}, '{one.title}', '{one.price}', '{one.member}', {one.left})" for one in sold
    )
    return (
        f"create table {table} (id integer primary key, name text, {price} text, member_price text, stock integer); "
        f"insert into {table} values {rows};"
    )
