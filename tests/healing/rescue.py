"""A sixth world to break: a mountain rescue team with its call-outs, bulletins and duty rota."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_WHAT = (
    "Broken ankle on the descent path", "Two climbers stuck on a ledge",
    "Lost party in thick cloud", "Dog fallen into a gully", "Cyclist with a head injury",
    "Hypothermia beside the summit shelter", "Paraglider caught in larch trees",
    "Overdue runner found at dusk", "Rockfall hits a scrambler", "School group cut off by a beck",
    "Chest pain below the long staircase", "Skier without skis walks in circles",
    "Cragfast sheep and a worried farmer", "Twisted knee above the tarn",
    "Flashing light seen from the pass", "Canoe overturned in the gorge",
    "Heat stroke during the fell race", "Slip across wet slate steps",
    "Missing teenager comes home alone", "Avalanche buries an empty tent",
    "Dislocated shoulder at the abseil", "Night search along the ridge",
    "Photographer stranded after sunset", "Drone spots a pair of hikers",
    "Ice axe wound under the north face", "Quad bike upside down in bracken",
)  # fmt: skip
_WHERE = (
    "Grauhörnli", "Raven Crag", "Møllerfjell", "Stony Bield", "Val d'Érable", "Hause Gap",
    "Tête Noire", "Low Rigg", "Blåtind", "Mosedale", "Güterkopf", "Cold Pike", "Aiguille Brûlée",
)  # fmt: skip
_FIRST = datetime(2026, 2, 1, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Callout:
    n: int

    @property
    def title(self) -> str:
        return _WHAT[self.n % len(_WHAT)]

    @property
    def place(self) -> str:
        return _WHERE[self.n % len(_WHERE)]

    @property
    def path(self) -> str:
        return f"/log/2026-{self.n:03d}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=33 * self.n)

    @property
    def text(self) -> str:
        return f"Call {self.n} of the year: {5 + self.n % 9} of us went out and were back by {15 + self.n % 8}:30."

    @property
    def took(self) -> str:
        return f"{90 + 7 * self.n} min"

    @property
    def crew(self) -> int:
        return 5 + self.n % 9


def callouts(count: int, *, newest: int = 40) -> list[Callout]:
    return [Callout(newest - number) for number in range(count)]


HAD, HAS = callouts(14), callouts(14, newest=43)
MANY_HAD, MANY_HAVE = callouts(20), callouts(20, newest=43)
EVENINGS = (
    "Knots and belays for beginners", "Stretcher carry in the old quarry", "Radio procedure refresher",
    "Casualty care with the county nurses", "Map reading by night", "Driving the winter truck",
    "Swift water basics at the weir", "Search dogs meet the helicopter",
)  # fmt: skip
"""What the team trains; none of it is a call-out."""


def titles(told: Sequence[Callout]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


MENU = {"/": "Home", "/callouts": "Call-outs", "/training": "Training", "/donate": "Donate"}
QUIET_MENU = {"/": "Home", "/training": "Training", "/donate": "Donate", "/contact": "Contact"}


def whole(
    body: str, *, title: str = "Skarn Valley Mountain Rescue", head: str = "", foot: str = "",
    menu: Mapping[str, str] = MENU,
) -> str:  # fmt: skip
    links = "".join(f'<a href="{href}">{text}</a>' for href, text in menu.items())
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header class="site-header"><nav>{links}</nav></header><main id="main">{body}</main>'
        f'<footer class="site-footer"><p>Registered charity. In an emergency dial 112.</p>{foot}'
        '<a href="/privacy">Privacy</a></footer></body></html>'
    )


def entry(c: Callout, kind: str) -> str:
    return (
        f'<li class="{kind}"><h3><a href="{c.path}">{escape(c.title)}</a></h3>'
        f'<time datetime="{c.when:%Y-%m-%d}">{c.when:%d %B %Y}</time><p class="report">{c.text}</p></li>'
    )


def log(told: Sequence[Callout], *, kind: str = "callout", around: str = "callouts") -> str:
    rows = "".join(entry(c, kind) for c in told)
    return f'<h1>Call-outs</h1><ul class="{around}">{rows}</ul>'


def evenings(kind: str = "evening", around: str = "evenings") -> str:
    rows = "".join(
        f'<li class="{kind}"><h3><a href="/training/{number}">{name}</a></h3>'
        f'<time datetime="2026-04-{number + 1:02d}">{number + 1:02d} April 2026</time>'
        f'<p class="report">At the base, {number + 6} places left.</p></li>'
        for number, name in enumerate(EVENINGS)
    )
    return f'<h2>Training evenings</h2><ul class="{around}">{rows}</ul>'


def register(told: Sequence[Callout], *, took: str = "took", place: bool = True) -> str:
    """The log as a table; without `place`, only the base that answered is told."""
    rows = "".join(
        f'<tr class="job"><td class="what"><a href="{c.path}">{escape(c.title)}</a></td>'
        f'<td class="place">{c.place if place else ""}</td><td class="{took}">{c.took}</td>'
        f'<td class="base">{("North base", "South base")[c.n % 2]}</td></tr>'
        for c in told
    )
    return f'<table class="register"><tbody>{rows}</tbody></table>'


def report_cards(told: Sequence[Callout]) -> str:
    """The register after a redesign: cards, and a list of facts in each."""
    rows = "".join(
        f'<article class="report-card"><a class="report-card__link" href="{c.path}">'
        f'<strong class="report-card__title">{escape(c.title)}</strong></a>'
        f'<ul class="report-card__facts"><li class="fact fact--time">{c.took}</li>'
        f'<li class="fact fact--site">{c.place}</li>'
        f'<li class="fact fact--base">{("North base", "South base")[c.n % 2]}</li></ul></article>'
        for c in told
    )
    return f'<div class="report-grid">{rows}</div>'


def rss(
    told: Sequence[Callout], origin: str, *, title: str = "Call-outs", heavy: int = 0,
    placed: bool = False,
) -> str:  # fmt: skip
    """The feed; `heavy` bytes of a picture in each item; `placed` puts the place into the title."""
    picture = f'&lt;img src="data:image/jpeg;base64,{"A" * heavy}"&gt;' if heavy else ""
    rows = "".join(
        f"<item><title>{escape(c.title)}{f', {c.place}' if placed else ''}</title>"
        f'<link>{origin}{c.path}</link><guid isPermaLink="false">callout-{c.n}</guid>'
        f"<pubDate>{format_datetime(c.when)}</pubDate><description>{picture}{c.text}</description></item>"
        for c in told
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>{origin}/</link><description>Skarn Valley Mountain Rescue"
        f"</description>{rows}</channel></rss>"
    )


def training_rss(origin: str) -> str:
    rows = "".join(
        f"<item><title>{name}</title><link>{origin}/training/{number}</link>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(days=9 * number))}</pubDate>"
        f"<description>At the base.</description></item>"
        for number, name in enumerate(EVENINGS)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Training</title>'
        f"<link>{origin}/training</link><description>Evenings</description>{rows}</channel></rss>"
    )


def feed_link(href: str, title: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def record(c: Callout, origin: str, **names: str) -> dict[str, Any]:
    """A call-out as the interface gives it; `names` says what it calls a field now."""
    told = {"id": c.n, "headline": c.title, "page_url": origin + c.path, "place": c.place,
            "started_at": c.when.isoformat(), "crew_size": c.crew}  # fmt: skip
    return {names.get(name, name): value for name, value in told.items()}


def answer(
    told: Sequence[Callout], origin: str, *, key: str = "callouts", more: Any = None, **names: str
) -> str:
    rows = [record(c, origin, **names) for c in told]
    return json.dumps({"total": len(rows), key: rows, **(more or {})})


def bulletin(day: str) -> str:
    return whole(
        f"<article><h1>Mountain safety bulletin</h1><p class='day'>{day}</p>"
        "<p>The freezing level rises through the morning and reaches nine hundred metres by noon, so "
        "that old snow in the north-facing gullies turns soft and will not hold a fall.</p>"
        "<p>Winds from the south-west are strong on every ridge above seven hundred metres. Parties "
        "should plan a way down on the lee side and carry a shelter for each four people.</p>"
        "<p>The becks are high after the rain of the last two days. The stepping stones at the valley "
        "head are under water, and the footbridge half a mile below is the only safe crossing.</p>"
        "<p>Daylight ends before six. Every one of us was called out last week for walkers who had no "
        "lamp with them, so look into the rucksack before you leave the car.</p></article>"
    )


BOOK = """create table callouts (id integer primary key, title text, place text, state text, started text);
insert into callouts values {rows};
"""


def book(
    told: Sequence[Callout] = HAD, *, place: str = "place", waiting: str = "Report due"
) -> str:
    """The team's log book as a script; the column of places and one of the states have these names."""
    rows = ", ".join(
        f"({c.n}, '{c.title}', '{c.place.replace(chr(39), chr(39) * 2)}', "
        f"'{(waiting, 'Filed')[c.n % 2]}', '{c.when:%Y-%m-%d}')"
        for c in told
    )
    return BOOK.format(rows=rows).replace("place text", f"{place} text")
