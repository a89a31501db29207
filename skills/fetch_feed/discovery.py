"""The feeds that a web page declares or links to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html
from lxml.etree import ParserError

from assistant.skills.markup import fold, web_link

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "text/xml",
        "application/xml",
    }
)
_LOOKS_LIKE_A_FEED = re.compile(
    r"(\.(rss|atom|rdf)$|/(rss|atom|feed|feeds)(/|\.xml|\.json|\.php|$)|feed\.(xml|json)$"
    r"|[?&](feed|format)=(rss|rss2|atom)|/index\.xml$)",
    re.IGNORECASE,
)
MOST = 10


@dataclass(frozen=True)
class Found:
    """`declared` feeds stand in the page's head; `linked` ones only look like feeds."""

    declared: tuple[str, ...]
    linked: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.declared, *self.linked)))[:MOST]


def feeds_in(body: bytes, url: str) -> Found:
    """The feeds of a page, in its order; feeds of comments come last and are not declared."""
    try:
        page = html.document_fromstring(body)
    except (ParserError, ValueError):
        return Found((), ())
    base = web_link(next(iter(page.xpath("//base/@href")), ""), url) or url
    declared, comments = list[str](), list[str]()
    for link in page.iter("link"):
        address = web_link(link.get("href", ""), base)
        if not address or not _declares_feed(link):
            continue
        about = fold(f"{link.get('title', '')} {address}").lower()
        (comments if "comment" in about else declared).append(address)
    linked = [web_link(a.get("href", ""), base) for a in page.iter("a")]
    found = [link for link in linked if link and _LOOKS_LIKE_A_FEED.search(link.split("#")[0])]
    return Found(_unique(declared), _unique([*found, *comments]))


def _declares_feed(link: html.HtmlElement) -> bool:
    relations = link.get("rel", "").lower().split()
    kind = link.get("type", "").split(";")[0].strip().lower()
    return "feed" in relations or ("alternate" in relations and kind in FEED_TYPES)


def _unique(links: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(links))[:MOST]
