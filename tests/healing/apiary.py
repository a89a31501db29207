"""A beekeepers' association: its swarm line, its honey market, its colonies in a database.

The parts that the scenarios of this world put up: pages, a feed, JSON answers and tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_WHAT = (
    "Swarm in a chimney", "Cluster on a hawthorn hedge", "Bees under the school roof",
    "Swarm on a parked van", "Comb found in a letter box", "Bees in the church tower",
    "Swarm over the bowling green", "Cluster on a garden gate", "Bees behind the pub shutters",
    "Swarm in an owl box", "Bees in a compost heap",
)  # fmt: skip
_WHERE = (
    "Tŷ Gwyn", "Ottery Fold", "Bryn Llŷr", "Saltmarsh End", "Pont-y-môr", "Fern Hollow", "Nant Ddu",
    "Quince Lane", "Llanfêl", "Tanner's Row", "Caer Wenyn", "Mill Acre", "Pen-y-gân",
)  # fmt: skip
_HONEY = (
    "Heather", "Lime blossom", "Ivy", "Borage", "Bramble", "Clover", "Hawthorn", "Sycamore",
    "Rosebay", "Bean field", "Dandelion",
)  # fmt: skip
_FIRST = datetime(2026, 1, 20, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Swarm:
    """A swarm that somebody told the association of."""

    n: int

    @property
    def title(self) -> str:
        return f"{_WHAT[self.n % 11]}, {self.place}"

    @property
    def place(self) -> str:
        return _WHERE[self.n % 13]

    @property
    def path(self) -> str:
        return f"/swarms/26-{self.n:03d}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=29 * self.n)

    @property
    def text(self) -> str:
        return f"About {4000 + 250 * self.n} bees, {2 + self.n % 5} metres up; collected after {1 + self.n % 4} hours."

    @property
    def keeper(self) -> str:
        return ("Mair Preece", "Owen Tudge", "Sal Whitlock")[self.n % 3]


@dataclass(frozen=True)
class Lot:
    """Some jars of honey that are sold to who offers most."""

    n: int

    @property
    def title(self) -> str:
        return f"{_HONEY[self.n % 11]} honey from {_WHERE[self.n % 13]}"

    @property
    def path(self) -> str:
        return f"/market/lot/{7000 + self.n}"

    @property
    def bid(self) -> str:
        return f"£{31 + self.n}.50"

    @property
    def reserve(self) -> str:
        return f"£{112 + 3 * self.n}.00"

    @property
    def jars(self) -> str:
        return f"{4 + self.n % 9} jars"


def swarms(count: int, *, newest: int = 44) -> list[Swarm]:
    return [Swarm(newest - number) for number in range(count)]


def lots(count: int, *, newest: int = 40) -> list[Lot]:
    return [Lot(newest - number) for number in range(count)]


HAD, HAS = swarms(16), swarms(16, newest=47)
SOLD, ON_SALE = lots(14), lots(14, newest=43)
COURSES = (
    "First steps with bees", "Queens and how to find them", "Mead in your own cellar",
    "Wax, candles and polish", "Wintering a weak colony", "Building a top-bar hive",
    "Reading the law on swarms", "Bees for children",
)  # fmt: skip
"""What the association teaches; none of it is a swarm."""


def titles(told: Sequence[Swarm | Lot]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


MENU = {"/": "Home", "/courses": "Courses", "/shop": "Shop", "/join": "Join us"}


def whole(
    body: str, *, head: str = "", menu: Mapping[str, str] = MENU, title: str = "Wenyn Vale Beekeepers"
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header><ul class="menu">{links}</ul></header><main>{body}</main><footer><p>Found a '
        'swarm? Keep your distance and ring us.</p><a href="/privacy">Privacy</a></footer></body></html>'
    )


def board(told: Sequence[Swarm], *, kind: str = "swarm", around: str = "swarms") -> str:
    """The list of swarms, the newest first."""
    rows = "".join(
        f'<li class="{kind}"><h3><a href="{s.path}">{escape(s.title)}</a></h3>'
        f'<time datetime="{s.when:%Y-%m-%d}">{s.when:%d %B %Y}</time><p class="told">{s.text}</p></li>'
        for s in told
    )
    return f'<h1>Swarms</h1><ul class="{around}">{rows}</ul>'


def sightings(told: Sequence[Swarm]) -> str:
    """The same list after a redesign: an article each, the facts in a list of terms."""
    rows = "".join(
        f'<article class="sighting"><p class="sighting__head"><a href="{s.path}">{escape(s.title)}</a></p>'
        f'<dl><dt>Seen</dt><dd class="sighting__day"><time datetime="{s.when:%Y-%m-%d}">{s.when:%d %B %Y}'
        f'</time></dd><dt>Keeper</dt><dd class="sighting__keeper">{s.keeper}</dd></dl>'
        f'<p class="sighting__text">{s.text}</p></article>'
        for s in told
    )
    return f'<section class="sightings">{rows}</section>'


def courses(kind: str) -> str:
    rows = "".join(
        f'<li class="{kind}"><h3><a href="/courses/{number}">{name}</a></h3>'
        f'<time datetime="2026-05-{number + 1:02d}">{number + 1:02d} May 2026</time>'
        f'<p class="told">In the apiary hut, {number + 5} places left.</p></li>'
        for number, name in enumerate(COURSES)
    )
    return f'<h2>Courses</h2><ul class="{kind}s">{rows}</ul>'


def register(told: Sequence[Swarm]) -> str:
    """Who collected which swarm, as a table."""
    rows = "".join(
        f'<tr class="entry"><td class="what"><a href="{s.path}">{escape(s.title)}</a></td>'
        f'<td class="keeper">{s.keeper}</td><td class="day">{s.when:%d %B %Y}</td></tr>'
        for s in told
    )
    return f'<table class="register"><tbody>{rows}</tbody></table>'


def lot_table(told: Sequence[Lot], *, wider: bool = False) -> str:
    """The market as a bare table; `wider` has two more columns before the bid."""
    heads = ("Lot", "Honey", *(("Jars", "Reserve") if wider else ()), "Highest bid")
    rows = "".join(
        f'<tr><td>{7000 + one.n}</td><td><a href="{one.path}">{escape(one.title)}</a></td>'
        + (f"<td>{one.jars}</td><td>{one.reserve}</td>" if wider else "")
        + f"<td>{one.bid}</td></tr>"
        for one in told
    )
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<table id="market"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def lot_rows(told: Sequence[Lot]) -> str:
    rows = "".join(
        f'<tr class="lot"><td class="name"><a href="{one.path}">{escape(one.title)}</a></td>'
        f'<td class="jars">{one.jars}</td><td class="bid">{one.bid}</td></tr>'
        for one in told
    )
    return f'<table class="lots"><tbody>{rows}</tbody></table>'


def lot_cards(told: Sequence[Lot], *, around: str, heading: str) -> str:
    rows = "".join(
        f'<div class="lot-card"><a class="lot-card-name" href="{one.path}">{escape(one.title)}</a>'
        f'<span class="lot-card-size">{one.jars}</span><b class="lot-card-sum">{one.bid}</b></div>'
        for one in told
    )
    return f'<section id="{around}"><h2>{heading}</h2><div class="lot-grid">{rows}</div></section>'


def feed(told: Sequence[Swarm], origin: str, *, title: str = "Swarms") -> str:
    rows = "".join(
        f"<item><title>{escape(s.title)}</title><link>{origin}{s.path}</link>"
        f"<pubDate>{format_datetime(s.when)}</pubDate><description>{s.text}</description></item>"
        for s in told
    )
    return _channel(rows, title, origin)


def comments(origin: str) -> str:
    rows = "".join(
        f"<item><title>Re: {name}</title><link>{origin}/comments/{number}</link>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(days=number))}</pubDate>"
        "<description>Thank you, that was good to know.</description></item>"
        for number, name in enumerate(COURSES)
    )
    return _channel(rows, "Comments", origin)


def _channel(rows: str, title: str, origin: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>Wenyn Vale Beekeepers</description>{rows}</channel></rss>"
    )


def declared(href: str, title: str = "Swarms") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def answer(
    told: Sequence[Swarm], origin: str, *, key: str = "swarms", more: Mapping[str, Any] | None = None
) -> str:  # fmt: skip
    """The interface's list of swarms."""
    rows = [
        {"id": s.n, "title": s.title, "page": origin + s.path, "found_at": f"{s.when:%Y-%m-%dT%H:%M:%SZ}",
         "region": region(s), "keeper": s.keeper}
        for s in told
    ]  # fmt: skip
    return json.dumps({key: rows, **(more or {})})


def region(s: Swarm) -> str:
    return ("north-east", "south-west")[s.n % 2]


def lot_answer(
    told: Sequence[Lot], origin: str, *, more: Mapping[str, Any] | None = None
) -> str:  # fmt: skip
    rows = [{"no": 7000 + one.n, "name": one.title, "page": origin + one.path, "bid": one.bid}
            for one in told]  # fmt: skip
    return json.dumps({"lots": rows, **(more or {})})


def colonies(
    told: Sequence[Swarm] = HAD, *, table: str = "colonies", place: str = "place",
    temper: str = "temper",
) -> str:  # fmt: skip
    """The colonies that came of the swarms, as a script."""
    rows = ", ".join(
        f"({s.n}, '{_quoted(s.title)}', '{_quoted(s.place)}', '{temper_of(s)}', {s.n % 2})"
        for s in told
    )
    return (
        f"create table {table} (id integer primary key, origin text, {place} text, {temper} text, "
        f"marked integer); insert into {table} values {rows};"
    )


def temper_of(s: Swarm) -> str:
    return ("calm", "lively", "cross")[s.n % 3]


def market(told: Sequence[Lot] = SOLD, *, state: Callable[[str], str] = str) -> str:
    """The lots as a table of the database; every third is closed, one is withdrawn."""
    rows = ", ".join(
        f"({one.n}, '{_quoted(one.title)}', '{one.bid}', '{state(state_of(one))}')" for one in told
    )
    return (
        "create table lots (id integer primary key, name text, bid text, state text); "
        f"insert into lots values {rows};"
    )


def state_of(one: Lot) -> str:
    return "Withdrawn" if one.n == 35 else "Closed" if one.n % 3 == 0 else "Open"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
