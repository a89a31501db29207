"""Pages, feeds and answers as sites give them, and as they give them after a change."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

_WORDS = (
    "Harbour ferry switches to sodium batteries", "School buses feed the grid in winter",
    "Old paper mill to recycle car batteries", "Solid-state cells delayed once again",
    "A village of ninety homes shares one battery", "Why e-bike batteries catch fire",
    "Grid storage passes ten gigawatts", "Library lends reading machines to patients",
    "Safety drill finds gaps in three hospitals", "Council appoints an ombudsman for robots",
    "Oysters return to the estuary after a century", "Crane driver opens a museum in her cabin",
    "New clock shows the tide in the market square", "Beans that grow through the winter",
    "Gardeners give up peat and miss little", "Night bus brings nurses home with music",
    "Bakers strike over the price of flour", "Lighthouse keeper retires after forty years",
    "River path opens between the two mills", "Choir records an album in the old tunnel",
    "Fishermen test nets that save porpoises", "Bridge closes for repairs until autumn",
    "Students build a weather balloon from scraps", "Farm shop sells milk by the bottle again",
    "Museum finds a lost map in its cellar", "Cyclists ask for lights on the canal path",
    "Swimmers brave the harbour on new year's day", "Town votes on the future of the pier",
    "Bees move into the roof of the theatre", "Clockmaker's daughter takes over the shop",
)  # fmt: skip
_START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    n: int

    @property
    def title(self) -> str:
        return _WORDS[self.n % len(_WORDS)] + ("" if self.n < len(_WORDS) else f" ({self.n})")

    @property
    def path(self) -> str:
        return f"/stories/{'-'.join(_WORDS[self.n % len(_WORDS)].lower().split()[:4])}-{self.n}"

    @property
    def when(self) -> datetime:
        return _START + timedelta(hours=5 * self.n)

    @property
    def teaser(self) -> str:
        return f"What happened, who was there, and what they say about it now, part {self.n}."

    @property
    def price(self) -> str:
        return f"£{10 + self.n}.{self.n % 10}0"

    @property
    def author(self) -> str:
        return ("Jo Marsh", "Ann Sands", "Lee Quay")[self.n % 3]


def stories(count: int, *, newest: int = 30) -> list[Story]:
    """So many stories, the newest first."""
    return [Story(newest - number) for number in range(count)]


Design = Callable[[Sequence[Story]], str]


def plain_list(told: Sequence[Story]) -> str:
    rows = "".join(
        f'<li class="story"><h2><a href="{s.path}">{escape(s.title)}</a></h2>'
        f'<time datetime="{s.when.isoformat()}">{s.when:%d %B %Y}</time>'
        f'<p class="teaser">{s.teaser}</p><span class="by">{s.author}</span></li>'
        for s in told
    )
    return f'<ul class="news">{rows}</ul>'


def renamed_classes(told: Sequence[Story]) -> str:
    """The same page with the class names of a new build."""
    return (
        plain_list(told).replace('class="story"', 'class="css-1x9ab7"')
        .replace('class="news"', 'class="css-8k2lq0"').replace('class="teaser"', 'class="css-77fd2"')
    )  # fmt: skip


def moved_container(told: Sequence[Story]) -> str:
    """The list stands in another place of the page, under another name."""
    rows = "".join(
        f'<div class="entry"><h2><a href="{s.path}">{escape(s.title)}</a></h2>'
        f'<time datetime="{s.when.isoformat()}">{s.when:%d %B %Y}</time>'
        f'<p class="teaser">{s.teaser}</p></div>'
        for s in told
    )
    return f'<section id="stream"><div class="inner">{rows}</div></section>'


def cards(told: Sequence[Story]) -> str:
    rows = "".join(
        f'<article class="card"><a class="cover" href="{s.path}"><img src="/i/{s.n}.jpg" alt=""></a>'
        f'<div class="body"><h3 class="headline"><a href="{s.path}">{escape(s.title)}</a></h3>'
        f'<p class="lead">{s.teaser}</p><span class="when">{s.when:%d %B %Y}</span></div></article>'
        for s in told
    )
    return f'<div class="grid">{rows}</div>'


def table(told: Sequence[Story]) -> str:
    rows = "".join(
        f'<tr class="row"><td class="date">{s.when:%d %B %Y}</td>'
        f'<td class="what"><a href="{s.path}">{escape(s.title)}</a></td></tr>'
        for s in told
    )
    return f'<table class="listing"><tbody>{rows}</tbody></table>'


def definitions(told: Sequence[Story]) -> str:
    rows = "".join(
        f'<dt class="t"><a href="{s.path}">{escape(s.title)}</a></dt><dd class="d">{s.teaser}</dd>'
        for s in told
    )
    return f'<dl class="index">{rows}</dl>'


def bare_divs(told: Sequence[Story]) -> str:
    """A redesign without any class to hold on to."""
    rows = "".join(
        f'<div><div><a href="{s.path}">{escape(s.title)}</a></div><div>{s.teaser}</div></div>'
        for s in told
    )
    return f'<div id="main-feed">{rows}</div>'


def shop(told: Sequence[Story], *, price: str = "price", item: str = "product") -> str:
    rows = "".join(
        f'<li class="{item}"><h3 class="name"><a href="{s.path}">{escape(s.title)}</a></h3>'
        f'<span class="{price}">{s.price}</span><span class="stock">{s.n % 7} left</span></li>'
        for s in told
    )
    return f'<ul class="products">{rows}</ul>'


def shop_cards(told: Sequence[Story]) -> str:
    rows = "".join(
        f'<div class="tile"><a class="tile-link" href="{s.path}"><strong class="tile-title">'
        f'{escape(s.title)}</strong></a><div class="tile-foot"><em class="badge">{s.n % 7} left</em>'
        f'<b class="amount">{s.price}</b></div></div>'
        for s in told
    )
    return f'<div class="tiles">{rows}</div>'


def page(
    body: str,
    *,
    title: str = "The Quay Post",
    head: str = "",
    most_read: Sequence[Story] = (),
    after: str = "",
) -> str:
    """A whole page: menus, a "most read" box and a footer around what it is about."""
    menu = "".join(
        f'<li><a href="/section/{name.lower()}">{name}</a></li>'
        for name in ("Town", "Harbour", "Sport", "Culture", "Opinion", "Weather", "Jobs")
    )
    side = "".join(f'<li><a href="{s.path}">{escape(s.title)}</a></li>' for s in most_read)
    box = f'<aside class="most-read"><h4>Most read</h4><ol>{side}</ol></aside>' if side else ""
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>"
        f'<nav class="menu"><ul>{menu}</ul></nav><main>{body}{after}</main>{box}'
        '<footer><p><a href="/about">About</a> <a href="/privacy">Privacy and cookies</a> '
        '<a href="/contact">Contact</a></p></footer></body></html>'
    )


def feed_link(href: str, title: str = "Stories", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def rss(told: Sequence[Story], origin: str, *, title: str = "The Quay Post") -> str:
    entries = "".join(
        f"<item><title>{escape(s.title)}</title><link>{origin}{s.path}</link>"
        f"<pubDate>{format_datetime(s.when)}</pubDate><description>{s.teaser}</description>"
        f"<author>desk@quay.example ({s.author})</author></item>"
        for s in told
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>{origin}/</link><description>News</description>{entries}</channel></rss>"
    )


def atom(told: Sequence[Story], origin: str) -> str:
    entries = "".join(
        f'<entry><title>{escape(s.title)}</title><link href="{origin}{s.path}"/><id>{s.path}</id>'
        f"<updated>{s.when.isoformat()}</updated><summary>{s.teaser}</summary>"
        f"<author><name>{s.author}</name></author></entry>"
        for s in told
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>The Quay Post</title><id>{origin}/</id><updated>{_START.isoformat()}</updated>"
        f"{entries}</feed>"
    )


def api(
    told: Sequence[Story],
    origin: str,
    *,
    key: str = "stories",
    names: tuple[str, str, str] = ("title", "link", "teaser"),
    wrap: str = "",
) -> str:
    """An interface's JSON; `names` are what it calls a story's title, address and summary."""
    rows: list[dict[str, Any]] = [
        {names[0]: s.title, names[1]: f"{origin}{s.path}", names[2]: s.teaser, "number": s.n}
        for s in told
    ]
    data: dict[str, Any] = {key: rows, "total": len(rows), "page": 1}
    return json.dumps({wrap: data} if wrap else data)


LOGIN = (
    "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1>"
    '<form action="/login" method="post"><input name="user"><input type="password" name="pw">'
    "<button>Sign in</button></form><p>Members only. No account? Register.</p></body></html>"
)
CONSENT = (
    "<!doctype html><html><head><title>Before you continue</title></head><body>"
    "<h1>We value your privacy</h1><p>We and our 843 partners use cookies to store and read personal "
    "data. Please accept or manage your choices before you continue to the site.</p>"
    '<form method="post" action="/consent"><button name="a">Accept all</button>'
    '<button name="m">Manage options</button></form><a href="/privacy">Privacy policy</a>'
    "</body></html>"
)
CHALLENGE = (
    "<!doctype html><html><head><title>Just a moment...</title></head><body>"
    "<h1>Checking your browser before accessing the site</h1><p>Verify you are human by completing "
    'the action below.</p><div id="captcha"></div></body></html>'
)
SOFT_404 = page(
    "<h1>Page not found</h1><p>The page you are looking for has been removed. Try the front page.</p>",
    title="Not found – The Quay Post",
)
