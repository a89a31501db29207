"""A fourth world to break: a small railway that tells of its works, closures and late trains."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_NAMES = (
    "Track renewal through Penrow tunnel", "Level crossing at Dyehouse Lane closed",
    "New footbridge for Skelby station", "Buses instead of trains beyond Arden Foot",
    "Lift at Cawdale out of use until June", "Overhead wire tests near the brickworks",
    "Platform two at Marl Junction raised", "Steam weekend needs the southern siding",
    "Signal box at Hartwell retires", "Tree felling along the reservoir bank",
    "Ticket hall of Oxmoor being repainted", "Drainage of the Nab cutting",
    "Night trains turn round in Westerby", "Viaduct inspection by rope climbers",
    "Car park behind Lowther mill resurfaced", "Culvert rebuilt under the goods loop",
    "Points replaced outside Coldbeck depot", "Waiting room heated again in Thrushgill",
    "Embankment slip watched with lasers", "Timetable change for school journeys",
    "Old turntable moved to the museum", "Rail grinding on the coastal stretch",
    "Ballast cleaning at Sandpiper halt", "Bicycle spaces doubled on early services",
)  # fmt: skip
_LINES = ("R1", "R4", "R5", "R7", "R14")
_FIRST = datetime(2026, 1, 5, 7, tzinfo=UTC)


@dataclass(frozen=True)
class Work:
    n: int

    @property
    def title(self) -> str:
        name = _NAMES[self.n % len(_NAMES)]
        return name if self.n >= 98 else f"{name} ({self.n})"

    @property
    def line(self) -> str:
        return _LINES[self.n % len(_LINES)]

    @property
    def path(self) -> str:
        return f"/works/{self.n}-{_NAMES[self.n % len(_NAMES)].split()[0].lower()}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=26 * (self.n - 100))

    @property
    def text(self) -> str:
        return f"Order {self.n} of the line manager: allow {self.n % 9 + 3} minutes more on the {self.line}."

    @property
    def late(self) -> int:
        """Minutes."""
        return self.n % 9 + 3


def works(count: int, *, newest: int = 118) -> list[Work]:
    return [Work(newest - number) for number in range(count)]


HAD, HAS = works(14), works(14, newest=121)
OLD = works(6, newest=97)
"""Finished before anything in HAD began."""


def titles(told: Sequence[Work]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


MENU = {
    "/": "Start",
    "/planned-works": "Planned works",
    "/fares": "Fares",
    "/lost": "Lost property",
}


def whole(
    body: str, *, title: str = "Tarn Valley Railway", head: str = "", foot: str = "",
    menu: Mapping[str, str] = MENU,
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header><nav><ul class="menu">{links}</ul></nav></header><main>{body}</main>'
        f'<footer><p>Tarn Valley Railway, Station Yard, Cawdale</p>{foot}<a href="/legal">Legal</a>'
        "</footer></body></html>"
    )


def entries(told: Sequence[Work], kind: str = "work") -> str:
    """The list's elements as they were first written."""
    return "".join(
        f'<li class="{kind}"><h3><a href="{w.path}">{escape(w.title)}</a></h3>'
        f'<span class="line">{w.line}</span><time datetime="{w.when:%Y-%m-%d}">{w.when:%d %B %Y}</time>'
        f"<p>{w.text}</p></li>"
        for w in told
    )


def listed(told: Sequence[Work]) -> str:
    return f'<h1>Planned works</h1><ul class="works">{entries(told)}</ul>'


def articles(told: Sequence[Work]) -> str:
    rows = "".join(
        f'<article class="work"><h2><a href="{w.path}">{escape(w.title)}</a></h2>'
        f'<p>{w.text}</p><time datetime="{w.when:%Y-%m-%d}">{w.when:%d %B %Y}</time></article>'
        for w in told
    )
    return f'<h1>Planned works</h1><div class="stream">{rows}</div>'


def entry_rows(told: Sequence[Work]) -> str:
    """The articles after a theme was changed: elements of a list, with other names throughout."""
    rows = "".join(
        f'<li class="works-index__entry"><p class="works-index__date">{w.when:%d %B %Y}</p>'
        f'<a class="works-index__link" href="{w.path}">{escape(w.title)}</a>'
        f'<div class="works-index__text">{w.text}</div></li>'
        for w in told
    )
    return f'<h1>Planned works</h1><ol class="works-index">{rows}</ol>'


def in_tabs(current: Sequence[Work], finished: Sequence[Work]) -> str:
    """The list in a panel of tabs, and what is over in the panel beside it."""
    return (
        '<h1>Planned works</h1><div class="tabs"><div role="tablist"><a href="#current">Current</a>'
        '<a href="#finished">Finished</a></div>'
        f'<section class="tab-panel" id="current"><ul class="works">{entries(current)}</ul></section>'
        f'<section class="tab-panel" id="finished" hidden><ul class="works">{entries(finished)}</ul>'
        "</section></div>"
    )


def modules(told: Sequence[Work], *, root: str, title: str, line: str) -> str:
    """What a build with CSS modules writes: each name ends in a hash of that build."""
    rows = "".join(
        f'<div class="WorksCard_root__{root}"><a href="{w.path}"><span class="WorksCard_title__{title}">'
        f'{escape(w.title)}</span></a><span class="WorksCard_line__{line}">{w.line}</span>'
        f'<p class="Prose_small__{root[::-1]}">{w.text}</p></div>'
        for w in told
    )
    return f'<div class="Grid_wrap__{title[::-1]}">{rows}</div>'


def table(told: Sequence[Work]) -> str:
    rows = "".join(
        f'<tr class="work"><td class="what"><a href="{w.path}">{escape(w.title)}</a></td>'
        f'<td class="line">{w.line}</td><td class="from">{w.when:%Y-%m-%d}</td></tr>'
        for w in told
    )
    return (
        '<table id="works"><thead><tr><th>What</th><th>Line</th><th>From</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def cards(told: Sequence[Work]) -> str:
    rows = "".join(
        f'<article class="card"><header class="card-head"><span class="badge">{w.line}</span>'
        f'<h3 class="card-title"><a href="{w.path}">{escape(w.title)}</a></h3></header>'
        f'<dl class="card-facts"><dt>From</dt><dd>{w.when:%Y-%m-%d}</dd></dl></article>'
        for w in told
    )
    return f'<section class="cards">{rows}</section>'


def bare_table(told: Sequence[Work], *, line_first: bool = False) -> str:
    """A table without a class to hold on to; places are all there is."""
    rows = "".join(
        "<tr>" + (f"<td>{w.line}</td>" if line_first else "")
        + f'<td><a href="{w.path}">{escape(w.title)}</a></td><td>{w.when:%Y-%m-%d}</td>'
        f"<td>{w.late} min</td></tr>"
        for w in told
    )  # fmt: skip
    heads = ("Line", "What", "From", "Longer by") if line_first else ("What", "From", "Longer by")
    names = "".join(f"<th>{name}</th>" for name in heads)
    return f'<table class="works"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>'


def rss(told: Sequence[Work], origin: str, *, title: str = "Works on our lines") -> str:
    rows = "".join(
        f"<item><title>{escape(w.title)}</title><link>{origin}{w.path}</link>"
        f'<guid isPermaLink="false">order-{w.n}</guid><pubDate>{format_datetime(w.when)}</pubDate>'
        f"<description>{w.text}</description></item>"
        for w in told
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>{origin}/</link><description>Orders of the line manager"
        f"</description>{rows}</channel></rss>"
    )


def news(
    subjects: Sequence[str], origin: str, *, title: str, folder: str = "press", about: str = "News"
) -> str:
    """A feed of something else."""
    rows = "".join(
        f"<item><title>{escape(one)}</title><link>{origin}/{folder}/{number}</link>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(days=2 * number))}</pubDate>"
        f"<description>{about}</description></item>"
        for number, one in enumerate(subjects)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>{about}</description>{rows}</channel></rss>"
    )


PRESS = (
    "Annual report is out", "Jane Orme joins the board", "Record number of season tickets",
    "We sponsor the valley half marathon", "Answer to the county's consultation",
    "Railway wins a prize for its rolls", "Open day drew three thousand",
)  # fmt: skip
BETS = tuple(
    f"{what} {where}"
    for what in ("Free spins without deposit", "Ten best slots", "Live roulette bonus codes")
    for where in ("for new players", "this week", "on your phone", "in review", "explained")
)


def record(w: Work, origin: str) -> dict[str, Any]:
    return {"id": w.n, "title": w.title, "line": w.line, "link": origin + w.path,
            "starts": w.when.isoformat()}  # fmt: skip


def answer(told: Sequence[Work], origin: str, **more: Any) -> str:
    """What the interface gives: the works and what is told of them."""
    return json.dumps({"total": len(told), **more, "works": [record(w, origin) for w in told]})


def orders(
    table: str = "works", *, planned: str = "planned", lines: bool = False, more: str = ""
) -> str:
    """The database as a script; with `lines`, the lines stand in a table of their own."""
    rows = ", ".join(
        f"({w.n}, '{w.title}', {_LINES.index(w.line) + 1 if lines else repr(w.line)}, "
        f"'{('track', 'station')[w.n % 2]}', '{(planned, 'done', 'cancelled')[w.n % 3]}')"
        for w in HAD
    )
    named = ", ".join(f"({number}, '{name}')" for number, name in enumerate(_LINES, start=1))
    apart = (
        f"create table lines (id integer primary key, name text); insert into lines values {named};"
    )
    line = "line_id integer references lines (id)" if lines else "line text"
    return (
        f"create table {table} (id integer primary key, title text, {line}, kind text, state text);"
        f"insert into {table} values {rows};{apart if lines else ''}{more}"
    )
