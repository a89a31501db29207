"""A further world to break: a seed bank with its list of lots, its feeds and an interface for growers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_LOOKS = (
    "Crimson", "Early", "Dwarf", "Striped", "Winter", "Golden", "Speckled", "Hill", "Marsh",
    "Old Dutch", "Pale", "Long", "Trailing",
)  # fmt: skip
_CROPS = ("broad bean", "leek", "parsnip", "tomato", "kale", "field pea", "barley")
_PLACES = (
    "Ullapool", "Borth", "Kirkwall", "Thaxted", "Lostwithiel", "Wharram", "Cley", "Ennis",
    "Totnes", "Saltburn", "Malvern",
)  # fmt: skip
_GROWERS = ("Nan Pell", "Gil Farrow", "Sue Tarn", "Abe Coker", "Iris Wynn", "Lew Dunn")
_FIRST = datetime(2026, 1, 16, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Lot:
    """Seeds of one harvest; `n` counts them in the order in which they came."""

    n: int

    @property
    def name(self) -> str:
        return f"{_LOOKS[self.n % 13]} {self.crop} from {_PLACES[self.n % 11]}"

    @property
    def crop(self) -> str:
        return _CROPS[self.n % len(_CROPS)]

    @property
    def grower(self) -> str:
        return _GROWERS[self.n % len(_GROWERS)]

    @property
    def path(self) -> str:
        return f"/lots/{3100 + self.n}"

    @property
    def rate(self) -> int:
        """How many of a hundred seeds come up."""
        return 71 + self.n * 5 % 28

    @property
    def grams(self) -> int:
        return 40 + 7 * self.n

    @property
    def viable(self) -> bool:
        return self.n % 4 != 0

    @property
    def when(self) -> datetime:
        return _FIRST + timedelta(hours=50 * self.n)

    @property
    def note(self) -> str:
        return f"Harvested by {self.grower}; {self.grams} grams were dried and counted as bag {self.n}."


def lots(count: int, *, newest: int = 20) -> list[Lot]:
    return [Lot(newest - number) for number in range(count)]


HAD, HAS = lots(14), lots(14, newest=23)
MANY = lots(40, newest=60)
PRAISED = lots(6, newest=6)
"""What the front page shows; none of them is among the new ones."""
OLD = lots(14, newest=90)
"""The list of a year that has long gone."""


def names(told: Sequence[Lot]) -> Callable[[object], list[str]]:
    return lambda world: [one.name for one in told]


def whole(
    body: str, *, title: str = "Fenwick Seed Bank", head: str = "", foot: str = "", lang: str = "en",
    menu: Mapping[str, str] = {"/": "Home", "/visit": "Visit", "/give": "Give seeds"},
) -> str:  # fmt: skip
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in menu.items())
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'</head><body><header><ul class="menu">{links}</ul></header><main><h1>{title}</h1>{body}'
        f'</main><footer><p>Fenwick Mill, Orchard Road</p><a href="/privacy">Privacy</a>{foot}</footer>'
        "</body></html>"
    )


def shelf(told: Sequence[Lot], *, kind: str = "lot", onward: str = "") -> str:
    """The list as it has stood on the site for years."""
    rows = "".join(
        f'<li class="{kind}"><h3><a href="{x.path}">{escape(x.name)}</a></h3>'
        f'<p class="grower">{x.grower}</p><span class="rate">{x.rate} %</span>'
        f'<time datetime="{x.when:%Y-%m-%d}">{x.when:%d %b %Y}</time></li>'
        for x in told
    )
    return f'<ul class="{kind}s">{rows}</ul>{onward}'


def cut_names(told: Sequence[Lot], *, at: int = 14) -> str:
    """The list on narrow tiles: a name that is too long is cut, the whole one shows on hovering."""
    text = shelf(told)
    for x in told:
        short = f'title="{escape(x.name)}">{escape(x.name[:at])}…</a>'
        text = text.replace(f">{escape(x.name)}</a>", f" {short}")
    return text


def register(told: Sequence[Lot], *, year: bool = False) -> str:
    """A table without a class anywhere; `year` puts a column more into it."""
    heads = ["Variety", *(["Year"] if year else []), "Crop", "Germination", "Grower"]
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell}</td>"
            for cell in (
                f'<a href="{x.path}">{escape(x.name)}</a>', *([x.when.year - 1] if year else []),
                x.crop, f"{x.rate} %", x.grower,
            )
        )
        + "</tr>"
        for x in told
    )  # fmt: skip
    head = "".join(f"<th>{one}</th>" for one in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def terms(told: Sequence[Lot]) -> str:
    """The same as a list of terms, after a rebuild for screen readers."""
    rows = "".join(
        f'<div class="entry"><dt><a class="entry-name" href="{x.path}">{escape(x.name)}</a></dt>'
        f'<dd class="entry-by">{x.grower}</dd><dd class="entry-up">{x.rate} %</dd></div>'
        for x in told
    )
    return f'<dl class="entries">{rows}</dl>'


def praised(told: Sequence[Lot] = PRAISED) -> str:
    rows = "".join(
        f'<div class="loved"><h4><a href="{x.path}">{escape(x.name)}</a></h4><p>{x.note}</p></div>'
        for x in told
    )
    return f'<h2>Loved by our growers</h2><div class="all-loved">{rows}</div>'


def feed_link(href: str, title: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def rss(told: Sequence[Lot], origin: str, *, title: str = "New lots at Fenwick") -> str:
    entries = "".join(
        f"<item><title>{escape(x.name)}</title><link>{origin}{x.path}</link>"
        f"<guid isPermaLink='false'>lot-{x.n}</guid><pubDate>{format_datetime(x.when)}</pubDate>"
        f"<description>{x.note}</description></item>"
        for x in told
    )
    return _channel(entries, origin, title)


def farewell(origin: str, to: str) -> str:
    """The one post that a publisher leaves in a feed that is given up."""
    return _channel(
        "<item><title>Please update your feed reader</title>"
        f"<link>{to}</link><guid isPermaLink='false'>moved-1</guid>"
        f"<pubDate>{format_datetime(datetime(2026, 3, 20, 8, tzinfo=UTC))}</pubDate>"
        "<description>&lt;p&gt;This feed has moved. New lots are told at "
        f"&lt;a href=&quot;{to}&quot;&gt;{to}&lt;/a&gt; from now on.&lt;/p&gt;</description></item>",
        origin, "New lots at Fenwick",
    )  # fmt: skip


def talk(origin: str) -> str:
    """The feed of the growers' forum: other things altogether."""
    asked = (
        "Slugs again",
        "Who has a spare dibber?",
        "Frost dates in the north",
        "Label ink that lasts",
    )
    entries = "".join(
        f"<item><title>{what}</title><link>{origin}/forum/{n}</link>"
        f"<guid isPermaLink='false'>talk-{n}</guid><description>{n} answers</description></item>"
        for n, what in enumerate(asked, 1)
    )
    return _channel(entries, origin, "Growers' forum")


def _channel(entries: str, origin: str, title: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>{title}</description>{entries}</channel></rss>"
    )


def atom(told: Sequence[Lot], origin: str, *, path: str, more: str = "") -> str:
    entries = "".join(
        f"<entry><title>{escape(x.name)}</title><id>tag:fenwick.example,2026:lot-{x.n}</id>"
        f'<link href="{origin}{x.path}"/><updated>{x.when.isoformat()}</updated>'
        f"<summary>{x.note}</summary></entry>"
        for x in told
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:fh="http://purl.org/syndication/history/1.0"><title>New lots at Fenwick</title>'
        f"<id>tag:fenwick.example,2026:lots</id><updated>2026-03-20T08:00:00Z</updated>"
        f'<link rel="self" href="{origin}{path}"/>{more}{entries}</feed>'
    )


def records(told: Sequence[Lot], origin: str) -> list[dict[str, Any]]:
    return [
        {"id": 3100 + x.n, "name": x.name, "grower": x.grower, "link": origin + x.path,
         "added": x.when.date().isoformat()}
        for x in told
    ]  # fmt: skip


def answer(told: Sequence[Lot], origin: str, **more: Any) -> str:
    """What the interface gives: the lots, and what is told of them."""
    return json.dumps({"total": len(told), **more, "lots": records(told, origin)})


def json_api(told: Sequence[Lot], origin: str) -> str:
    """The same in the dialect of jsonapi.org."""
    return json.dumps({
        "jsonapi": {"version": "1.1"}, "links": {"self": f"{origin}/api/lots"},
        "data": [
            {"type": "lots", "id": str(one.pop("id")), "links": {"self": one.pop("link")},
             "attributes": one}
            for one in records(told, origin)
        ],
    })  # fmt: skip


def third_version(told: Sequence[Lot], origin: str, notice: str) -> str:
    """The same with other names, and a word on how to have the old ones."""
    return json.dumps({
        "notice": notice,
        "results": [
            {"ref": one["id"], "label": one["name"], "uri": one["link"], "on": one["added"]}
            for one in records(told, origin)
        ],
    })  # fmt: skip


STOCK = """create table lots (id integer primary key, name text, grams integer, viable text);
create table tests (id integer primary key, lot_id integer, rate integer);
insert into lots (id, name, grams, viable) values {lots};
insert into tests (lot_id, rate) values {tests};
"""


def stock(*, yes: str = "yes", no: str = "no") -> str:
    """The database as a script; `yes` and `no` are how it says whether seeds are viable."""
    held = ", ".join(f"({x.n}, '{x.name}', {x.grams}, '{yes if x.viable else no}')" for x in HAD)
    tested = ", ".join(f"({x.n}, {x.rate})" for x in HAD)
    return STOCK.format(lots=held, tests=tested)


def renamed_stock() -> str:
    """The same after a migration to the words that seed banks use for it."""
    return (
        stock().replace("table lots", "table accessions").replace("into lots", "into accessions")
        .replace("lot_id", "accession_id")
    )  # fmt: skip


def spent_stock() -> str:
    """The same after what is in stock was given to another program; only what was sent is told."""
    sent = ", ".join(f"({x.n}, '{x.name}', {x.n % 5 * 10}, 'yes')" for x in HAD)
    script = STOCK.replace("grams", "grams_sent")
    return script.format(lots=sent, tests=", ".join(f"({x.n}, {x.rate})" for x in HAD))


LIST = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/seeds", selector: li.lot}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/new.rss", limit: 40}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 0 }}"]
"""
LOTS = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/lots"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': x.name, 'url': x.link} for x in steps.api.response.data.lots] }}", limit: 100}
outputs: {count: "${{ size(steps.list.items) }}"}
"""
