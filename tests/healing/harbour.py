"""A ferry harbour on the Skarvøy sound: its notices to passengers, its sailings and their fares.

The parts that the scenarios of this world put up: pages, feeds, JSON answers and tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Asked

_WHAT = (
    "Crane out of use", "Night berth closed", "Slipway being painted", "Long queue on the car deck",
    "Foot bridge lifted", "Fuel quay shut for a day", "Divers at work", "Buoy off its station",
    "Regatta in the fairway", "Ticket hall being rewired", "Mooring rings replaced",
)  # fmt: skip
_WHERE = (
    "Skarvøy", "Tangholm", "Brattnes", "Ulvesund", "Old Customs Pier", "Lomvika", "Ternskjær",
    "Gull Steps", "Måsegrunn", "Northern Mole", "Alkevåg", "Krabbe Quay", "Sildebukta",
)  # fmt: skip
_SHIPS = ("Havlund", "Teisten", "Queen Maren", "Sundbåten", "Alke II")
_ASKED = (
    "Can I bring my bicycle?", "Where do dogs travel?", "How early should I be there?",
    "What if I miss my ferry?", "Is there food on board?", "Who finds lost things?",
    "Do children pay?", "May I stay in my car?", "Is the quay lit at night?",
)  # fmt: skip
_TOURS = (
    "The seven lighthouses", "Seal watching at dusk", "Smokehouse and brewery", "Islands by bus",
    "A night on the lightship", "Churches of the skerries", "Kayaks for beginners",
)  # fmt: skip
_FIRST = datetime(2026, 2, 1, 6, tzinfo=UTC)
_LAST_YEAR = datetime(2024, 2, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Notice:
    """Something passengers have to know. Numbers under 40 are two years old."""

    n: int

    @property
    def title(self) -> str:
        return f"{_WHAT[self.n % 11]}, {_WHERE[self.n % 13]}"

    @property
    def path(self) -> str:
        return f"/notices/{self.when:%y}-{self.n:03d}"

    @property
    def when(self) -> datetime:
        return (_FIRST if self.n >= 40 else _LAST_YEAR) + timedelta(hours=20 * self.n)

    @property
    def text(self) -> str:
        return f"From {6 + self.n % 5} in the morning for about {2 + self.n % 9} hours; cars wait in lane {1 + self.n % 7}."

    @property
    def port(self) -> str:
        return ("north", "south")[self.n % 2]


@dataclass(frozen=True)
class Sailing:
    """A ferry that leaves, and what a grown-up pays: the same ferries each year, for a little more."""

    n: int
    year: int = 2026

    @property
    def title(self) -> str:
        return f"{_SHIPS[self.n % 5]} to {_WHERE[self.n % 13]}"

    @property
    def path(self) -> str:
        return f"/sailings/{self.year}/{3000 + self.n}"

    @property
    def leaves(self) -> str:
        minutes = 340 + 23 * (self.n % 40)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    @property
    def fare(self) -> str:
        return f"€{9 + self.n - 3 * (2026 - self.year)}.40"

    @property
    def child(self) -> str:
        return f"€{4 + self.n % 7}.90"

    @property
    def berth(self) -> str:
        return f"Berth {1 + self.n % 6}"


def notices(count: int, *, newest: int) -> list[Notice]:
    return [Notice(newest - number) for number in range(count)]


def sailings(count: int, *, newest: int, year: int = 2026) -> list[Sailing]:
    return [Sailing(newest - number, year) for number in range(count)]


HAD, HAS, OLD = notices(16, newest=60), notices(16, newest=63), notices(14, newest=30)
LEFT, LEAVE, LEFT_LAST_YEAR = (
    sailings(15, newest=60), sailings(15, newest=63), sailings(15, newest=61, year=2025),
)  # fmt: skip


def titles(told: Sequence[Notice | Sailing]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


def fares(told: Sequence[Sailing]) -> Callable[[object], list[str]]:
    return lambda world: [f"{one.title} / {one.fare}" for one in told]


MENU = {"/": "Harbour", "/tickets": "Tickets", "/parking": "Parking", "/contact": "Contact"}


def whole(
    body: str, *, head: str = "", menu: Mapping[str, str] = MENU, title: str = "Skarvøy Harbour"
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header><ul class="top">{links}</ul></header><main>{body}</main><footer>Skarvøy Harbour '
        'Office, open 6 to 22. <a href="/imprint">Imprint</a></footer></body></html>'
    )


def notice_list(
    told: Sequence[Notice], *, kind: str = "notice", around: str = "notices", title: str = "Notices"
) -> str:  # fmt: skip
    """The notices, the newest first."""
    rows = "".join(
        f'<li class="{kind}"><h3><a href="{one.path}">{escape(one.title)}</a></h3><time datetime='
        f'"{one.when:%Y-%m-%d}">{one.when:%d %B %Y}</time><p>{one.text}</p></li>'
        for one in told
    )
    return f'<section id="{around}"><h2>{title}</h2><ul class="list">{rows}</ul></section>'


def notice_table(told: Sequence[Notice]) -> str:
    """The same after a redesign: a row each."""
    rows = "".join(
        f'<tr><td><time datetime="{one.when:%Y-%m-%d}">{one.when:%d.%m.%Y}</time></td>'
        f'<td><a href="{one.path}">{escape(one.title)}</a></td><td>{one.text}</td></tr>'
        for one in told
    )
    head = "<thead><tr><th>Date</th><th>Notice</th><th>Details</th></tr></thead>"
    return f'<h1>Notices</h1><table class="log">{head}<tbody>{rows}</tbody></table>'


def notice_cards(told: Sequence[Notice]) -> str:
    rows = "".join(
        f'<article class="c-post"><a class="c-post__link" href="{one.path}">{escape(one.title)}</a>'
        f'<p class="c-post__meta"><time datetime="{one.when:%Y-%m-%d}">{one.when:%d %b %Y}</time></p>'
        f'<p class="c-post__text">{one.text}</p></article>'
        for one in told
    )
    return f'<h1>Travel updates</h1><div class="c-posts">{rows}</div>'


def questions(kind: str) -> str:
    """What passengers often ask; none of it is a notice."""
    rows = "".join(
        f'<li class="{kind}"><h3><a href="/help/{number}">{name}</a></h3><time datetime='
        f'"2025-0{number + 1}-02">02.0{number + 1}.2025</time><p>Read our answer to this question.</p></li>'
        for number, name in enumerate(_ASKED)
    )
    return f'<section id="help"><h2>Popular questions</h2><ul class="list">{rows}</ul></section>'


def sailing_table(told: Sequence[Sailing], *, kind: str = "sailing", hidden: bool = False) -> str:
    """The timetable; with `hidden`, a script of the page fills the fares in from an attribute."""
    rows = "".join(
        f'<tr class="{kind}"'
        + (f' data-fare="{one.fare}" data-berth="{one.berth}"' if hidden else "")
        + f'><td class="time">{one.leaves}</td><td class="name"><a href="{one.path}">{escape(one.title)}'
        f'</a></td><td class="fare">{"" if hidden else one.fare}</td></tr>'
        for one in told
    )
    return f'<table class="timetable"><tbody>{rows}</tbody></table>'


def bare_table(told: Sequence[Sailing], *, anew: bool = False) -> str:
    """The timetable without a class in it; `anew` has its columns in another order."""
    heads = ("Leaves", "Ferry", "Child", "Adult") if anew else ("Ferry", "Leaves", "Adult", "Child")
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = ""
    for one in told:
        ferry = f'<td><a href="{one.path}">{escape(one.title)}</a></td>'
        time, adult, child = (f"<td>{told}</td>" for told in (one.leaves, one.fare, one.child))
        rows += "<tr>" + (
            time + ferry + child + adult if anew else ferry + time + adult + child
        ) + "</tr>"  # fmt: skip
    return f'<table id="day"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def sailing_cards(told: Sequence[Sailing]) -> str:
    rows = "".join(
        f'<div class="card"><h3 class="card-title"><a href="{one.path}">{escape(one.title)}</a></h3>'
        f'<p class="card-when">{one.leaves}, {one.berth}</p><p class="card-price">{one.fare}</p></div>'
        for one in told
    )
    return f'<section id="departures"><h2>Departures</h2><div class="grid">{rows}</div></section>'


def tour_cards() -> str:
    rows = "".join(
        f'<div class="card"><h3 class="card-title"><a href="/tours/{number}">{name}</a></h3>'
        f'<p class="card-when">Saturdays</p><p class="card-price">€{49 + 5 * number}.00</p></div>'
        for number, name in enumerate(_TOURS)
    )
    return (
        f'<section id="tours"><h2>Tours and holidays</h2><div class="grid">{rows}</div></section>'
    )


def feed(told: Sequence[Notice], origin: str, *, title: str = "Notices to passengers") -> str:
    rows = "".join(
        f"<item><title>{escape(one.title)}</title><link>{origin}{one.path}</link>"
        f"<pubDate>{format_datetime(one.when)}</pubDate><description>{one.text}</description></item>"
        for one in told
    )
    return _channel(rows, title, origin)


def other_feed(origin: str, *, title: str, about: str) -> str:
    """A feed of the harbour that is not the one of the notices."""
    rows = "".join(
        f"<item><title>{about} {number + 1}</title><link>{origin}/{about.lower()}/{number}</link>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(days=number))}</pubDate>"
        f"<description>{name}</description></item>"
        for number, name in enumerate(_ASKED)
    )
    return _channel(rows, title, origin)


def _channel(rows: str, title: str, origin: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>Skarvøy Harbour</description>{rows}</channel></rss>"
    )


def declared(href: str, title: str = "Notices to passengers") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def rows_of_notices(
    told: Sequence[Notice], origin: str, **more: Any
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {**more, "no": one.n, "title": one.title, "page": origin + one.path, "port": one.port,
         "posted": f"{one.when:%Y-%m-%dT%H:%M:%SZ}", "text": one.text}
        for one in told
    ]  # fmt: skip


def answer(told: Sequence[Notice], origin: str) -> str:
    """The interface's list of notices."""
    return json.dumps({"notices": rows_of_notices(told, origin)}, ensure_ascii=False)


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(asked.target).query).items()}


def timetable(
    told: Sequence[Sailing], *, table: str = "sailings", fare: str = "fare", child: str = ""
) -> str:  # fmt: skip
    """The sailings as a table of the database, as a script."""
    rows = ", ".join(
        f"({one.n}, '{one.title}', '{one.leaves}', '{one.fare}'"
        + (f", '{one.child}'" if child else "")
        + ")"
        for one in told
    )
    columns = f"{fare} text" + (f", {child} text" if child else "")
    return (
        f"create table {table} (id integer primary key, ferry text, leaves text, {columns}); "
        f"insert into {table} values {rows};"
    )
