"""A small town: its playhouse, its planning notices, its tenders and the jobs that it offers.

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

_PLAYS = (
    "The Ferryman's Ledger", "Salt on the Stairs", "A Winter for Beginners", "Nine Lamps Burning",
    "The Orchard Keeper's Trial", "Letters to a Lighthouse", "Mrs Quill Disappears",
    "The Last Tram to Ebbing", "Pigeons of State", "An Honest Forger", "Under the Copper Moon",
)  # fmt: skip
_BY = (
    "Dovecote Players", "Thornfield Youth Theatre", "the Minster Consort", "Two Left Shoes",
    "Blackwater Opera", "the Tarnbeck Amateurs", "Paper Crane Company",
)  # fmt: skip
_WORKS = (
    "Loft conversion", "Two-storey extension", "Felling of a copper beech", "Change of use to a bakery",
    "Replacement shop front", "Solar panels", "Detached garage", "Demolition of a barn",
    "New footbridge", "Boundary wall",
)  # fmt: skip
_STREETS = (
    "Weir Lane", "Cooper's Yard", "Almshouse Row", "Kiln Street", "Upper Tenter Road", "Fuller's Bank",
    "Glebe Close", "Rope Walk", "Sexton's Hill",
)  # fmt: skip
_GOODS = (
    "Resurfacing of", "Street lamps for", "Winter gritting of", "Tree surgery along",
    "Drain survey under", "Benches and bins for", "Flood barrier beside",
)  # fmt: skip
_POSTS = (
    "Parking warden", "Assistant archivist", "Swimming teacher", "Planning officer",
    "Stage carpenter", "Youth worker", "Rent accountant", "Park ranger", "Registrar's clerk",
)  # fmt: skip
_TEAMS = ("Northgate depot", "the Guildhall", "the Moot Library", "Southmead baths", "Castle Park")
WARDS = ("Northgate", "Southmead", "Castle", "Waterside", "Minster")
_FIRST = datetime(2026, 1, 12, 19, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Show:
    """An evening at the Lantern Playhouse."""

    n: int

    @property
    def title(self) -> str:
        return f"{_PLAYS[self.n % 11]}, with {_BY[self.n % 7]}"

    @property
    def path(self) -> str:
        return f"/whats-on/{2600 + self.n}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(days=2 * self.n)

    @property
    def text(self) -> str:
        return (
            f"In the {('main hall', 'studio')[self.n % 2]}, {85 + self.n} minutes and one interval."
        )

    @property
    def price(self) -> str:
        return f"£{11 + self.n % 13}.50"


@dataclass(frozen=True)
class Notice:
    """Somebody wants to build something, and the town says so."""

    n: int

    @property
    def title(self) -> str:
        return f"{_WORKS[self.n % 10]} at {self.address}"

    @property
    def address(self) -> str:
        return f"{self.n + 2} {_STREETS[self.n % 9]}"

    @property
    def ref(self) -> str:
        return f"TB/26/{400 + self.n:04d}"

    @property
    def ward(self) -> str:
        return WARDS[self.n % 5]

    @property
    def path(self) -> str:
        return f"/planning/{400 + self.n}"

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(days=self.n)

    @property
    def text(self) -> str:
        return f"In the ward of {self.ward}; comments are taken for {14 + self.n % 8} days."


@dataclass(frozen=True)
class Tender:
    """Work that the town wants done."""

    n: int

    @property
    def title(self) -> str:
        return f"{_GOODS[self.n % 7]} {_STREETS[self.n % 9]}"

    @property
    def path(self) -> str:
        return f"/tenders/{self.n + 9000}"

    @property
    def value(self) -> str:
        return f"£{41 + 3 * self.n},{500 + self.n % 7}"

    @property
    def bond(self) -> str:
        return f"£{1 + self.n % 4},{200 + self.n}"

    @property
    def closes(self) -> datetime:
        return _FIRST + timedelta(days=30 + self.n)

    @property
    def state(self) -> str:
        return ("Open", "Open", "Awarded", "Withdrawn")[self.n % 4]


@dataclass(frozen=True)
class Vacancy:
    """A job with the town."""

    n: int

    @property
    def title(self) -> str:
        return f"{_POSTS[self.n % 9]} at {_TEAMS[self.n % 5]}"

    @property
    def path(self) -> str:
        return f"/jobs/{self.n + 5100}"

    @property
    def pay(self) -> str:
        return f"£{23 + self.n},{400 + 10 * (self.n % 9)} a year"

    @property
    def closes(self) -> datetime:
        return _FIRST + timedelta(days=40 + self.n)


Told = Show | Notice | Tender | Vacancy


def newest(kind: Callable[[int], Any], last: int, count: int = 16) -> list[Any]:
    return [kind(last - number) for number in range(count)]


SHOWN, SHOWS = newest(Show, 40), newest(Show, 43)
NOTICED, NOTICES = newest(Notice, 60), newest(Notice, 63)
TENDERED, TENDERS = newest(Tender, 30, 12), newest(Tender, 32, 12)
OFFERED, OFFERS = newest(Vacancy, 24, 12), newest(Vacancy, 26, 12)
"""What was there on the good days, and what is there after the change: newer at the top."""


def of_year(text: str, year: int) -> str:
    """A page, a script or an answer as it was in an earlier year."""
    return text.replace("2026", str(year)).replace("TB/26", f"TB/{year - 2000}")


def titles(told: Sequence[Told]) -> Callable[[object], list[str]]:
    return lambda world: [one.title for one in told]


MENU = {"/": "Home", "/bins": "Bins and recycling", "/tax": "Council tax", "/contact": "Contact"}


def whole(
    body: str, *, head: str = "", menu: Mapping[str, str] = MENU, title: str = "Tarnbeck Town"
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header><nav><ul>{links}</ul></nav></header><main>{body}</main><footer><p>Tarnbeck Town '
        'Council, the Guildhall</p><a href="/privacy">Privacy</a></footer></body></html>'
    )  # fmt: skip


def link(one: Told) -> str:
    return f'<a href="{one.path}">{escape(one.title)}</a>'


def day(moment: datetime, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<time{named} datetime="{moment:%Y-%m-%d}">{moment:%d %B %Y}</time>'


# The playhouse.


def programme(told: Sequence[Show], *, kind: str = "show", around: str = "programme") -> str:
    rows = "".join(
        f'<li class="{kind}"><h3>{link(s)}</h3>{day(s.when)}<p>{s.text}</p></li>' for s in told
    )
    return f'<ul class="{around}">{rows}</ul>'


def season(told: Sequence[Show]) -> str:
    """The programme after a redesign: headings and paragraphs, with nothing around each."""
    rows = "".join(
        f'<h3 class="season-title">{link(s)}</h3><p class="season-day">{day(s.when)}</p><p>{s.text}</p>'
        for s in told
    )
    return f'<section class="season"><h2>This spring</h2>{rows}</section>'


def posts(told: Sequence[Show]) -> str:
    """The playhouse's news in its old theme."""
    return "".join(
        f'<article class="post hentry"><h2 class="entry-title">{link(s)}</h2><div class="entry-meta">'
        f'{day(s.when, "entry-date")}</div><div class="entry-content"><p>{s.text}</p></div></article>'
        for s in told
    )  # fmt: skip


def blocks(told: Sequence[Show]) -> str:
    """The same news in a theme of blocks, under what visitors said."""
    rows = "".join(
        f'<li class="wp-block-post post-{s.n}"><h2 class="wp-block-post-title">{link(s)}</h2><div class='
        f'"wp-block-post-date">{day(s.when)}</div><div class="wp-block-post-excerpt"><p>{s.text}</p></div></li>'
        for s in told
    )
    said = "".join(
        f'<li class="wp-block-latest-comments__comment"><article><footer>Visitor {one.n} on {link(one)}'
        f"</footer><p>We laughed, we cried, and we missed the last bus home.</p></article></li>"
        for one in newest(Show, 20, 6)
    )
    return (
        f'<ol class="wp-block-latest-comments">{said}</ol><div class="wp-block-query">'
        f'<ul class="wp-block-post-template">{rows}</ul></div>'
    )


def rss(told: Sequence[Show | Notice], origin: str, title: str) -> str:
    rows = "".join(
        f"<item><title>{escape(s.title)}</title><link>{origin}{s.path}</link>"
        f"<pubDate>{format_datetime(s.when)}</pubDate><description>{s.text}</description></item>"
        for s in told
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>Tarnbeck</description>{rows}</channel></rss>"
    )


def atom(told: Sequence[Show | Notice], origin: str, title: str) -> str:
    rows = "".join(
        f'<entry><title>{escape(s.title)}</title><id>{origin}{s.path}</id><link href="{origin}{s.path}"/>'
        f"<updated>{s.when:%Y-%m-%dT%H:%M:%SZ}</updated><summary>{s.text}</summary></entry>"
        for s in told
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{title}</title><id>{origin}/</id>{rows}</feed>"
    )


def json_feed(told: Sequence[Show | Notice], origin: str, title: str) -> str:
    rows = [
        {"id": origin + s.path, "url": origin + s.path, "title": s.title, "content_text": s.text,
         "date_published": f"{s.when:%Y-%m-%dT%H:%M:%SZ}"}
        for s in told
    ]  # fmt: skip
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": rows}
    )


def declared(href: str, title: str, kind: str = "rss+xml") -> str:
    return f'<link rel="alternate" type="application/{kind}" title="{title}" href="{href}">'


# The town.


def notice_list(told: Sequence[Notice]) -> str:
    rows = "".join(
        f'<li class="notice"><h3>{link(s)}</h3><span class="ref">{s.ref}</span>{day(s.when)}'
        f"<p>{s.text}</p></li>"
        for s in told
    )
    return f'<h1>Planning notices</h1><ul class="notices">{rows}</ul>'


def view(told: Sequence[Notice], name: str) -> str:
    """The notices as one kind of content system names such lists."""
    rows = "".join(
        f'<div class="views-row"><div class="views-field-title">{link(s)}</div><div class="views-field-'
        f'field-ref">{s.ref}</div><div class="views-field-created">{day(s.when)}</div></div>'
        for s in told
    )
    return f'<div class="view view-{name}"><div class="view-content">{rows}</div></div>'


def meetings() -> str:
    rows = "".join(
        f'<div class="views-row"><div class="views-field-title"><a href="/meetings/{n}">{ward} ward '
        f'meeting</a></div><div class="views-field-created">{day(_FIRST + timedelta(days=n))}</div></div>'
        for n, ward in enumerate(WARDS * 2)
    )
    return f'<div class="view view-meetings"><div class="view-content">{rows}</div></div>'


def tender_table(told: Sequence[Tender], *, wider: bool = False, kind: str = "tenders") -> str:
    """The tenders; `wider` puts a number before the title and the bond before the value."""
    heads = [
        *(["No."] if wider else []),
        "Tender",
        *(["Bid bond"] if wider else []),
        "Value",
        "Closes",
    ]
    rows = "".join(
        "<tr>" + (f"<td>{9000 + t.n}</td>" if wider else "") + f'<td class="title">{link(t)}</td>'
        + (f"<td>{t.bond}</td>" if wider else "") + f'<td class="value">{t.value}</td>'
        f'<td class="closes">{t.closes:%d %B %Y}</td></tr>'
        for t in told
    )  # fmt: skip
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def cards(told: Sequence[Tender], kind: str) -> str:
    """Tenders as cards, whose last day stands in an attribute too."""
    rows = "".join(
        f'<div class="{kind}" data-number="{9000 + t.n}" data-closes="{t.closes:%Y-%m-%d}"><h3 class="{kind}'
        f'__name">{link(t)}</h3><p class="{kind}__bond">Bid bond <b>{t.bond}</b></p><p class="{kind}__value">'
        f'Value <b>{t.value}</b></p><p class="{kind}__day">{t.closes:%d %B %Y}</p></div>'
        for t in told
    )  # fmt: skip
    return f'<div class="{kind}s">{rows}</div>'


def vacancies(told: Sequence[Vacancy]) -> str:
    rows = "".join(
        f'<li class="vacancy"><h3>{link(v)}</h3><span class="pay">{v.pay}</span>'
        f'<span class="until">until {v.closes:%d %B %Y}</span></li>'
        for v in told
    )
    return f'<h1>Vacancies</h1><ul class="vacancies">{rows}</ul>'


def offers(told: Sequence[Vacancy]) -> str:
    """The vacancies as a list of terms."""
    rows = "".join(
        f'<div class="offer"><dt class="offer__post">{link(v)}</dt><dd class="offer__wage">{v.pay}</dd>'
        f'<dd class="offer__end">until {v.closes:%d %B %Y}</dd></div>'
        for v in told
    )
    return f'<dl class="offers">{rows}</dl>'


def answer(told: Sequence[Told], origin: str, key: str, **more: Any) -> str:
    """An interface's list; `more` stands beside it."""
    return json.dumps({key: rows(told, origin), **more})


def rows(told: Sequence[Told], origin: str) -> list[dict[str, Any]]:
    return [
        {"id": one.n, "title": one.title, "page": origin + one.path, **_facts(one)} for one in told
    ]


def _facts(one: Told) -> dict[str, Any]:
    match one:
        case Show():
            return {"date": f"{one.when:%Y-%m-%d}", "price": one.price}
        case Notice():
            return {"ref": one.ref, "ward": one.ward, "year": 2026}
        case Tender():
            return {"value": one.value, "closes": f"{one.closes:%Y-%m-%d}"}
        case Vacancy():
            return {"pay": one.pay, "closes": f"{one.closes:%Y-%m-%d}"}
