"""Where a document itself sends its readers on: a refresh, a plain script, a feed's own word.

All of it is only a hint: each address is tried, and has to give what the step used to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from assistant.healing.looking import FEW_WORDS, LONGEST, Visited
from assistant.skills.markup import fold, web_link
from assistant.skills.pages import parse_page

_REFRESH = re.compile(
    r"\s*(\d{1,2})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s]{1,500})", re.I
)
_SCRIPT = re.compile(
    r"(?<![\w.$])(?:(?:window|document|self|top|parent)\.)?location(?:\.href)?\s*"
    r"(?:=\s*|\.(?:replace|assign)\(\s*)([\"'])([^\"'\s<>\\]{1,500})\1\s*(?=[;)}\n]|$)"
)
_DEPENDS = re.compile(
    r"\b(if|else|switch|navigator|cookie|confirm|addEventListener|onclick)\b|\?|\+"
)
_LONGEST_SCRIPT = 800
_MOVED = re.compile(
    r"\b(moved?|moving|new (address|home|feed|location|url|place)|from now on|continues?|goes on"
    r"|update your|re-?subscribe|subscribe to|switch to|lives? (now )?at|umgezogen|déménagé)\b",
    re.I,
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]{}|\\]{4,500}")
_LAST_ENTRIES = 3
_MOST_BYTES = 1_000_000


def leads_on(seen: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Addresses that a page or feed sends its readers on to, with how it does."""
    if seen.look.kind == "feed":
        yield from _feed_leads(seen, old)
    elif seen.tree is not None and seen.look.kind != "challenge":
        yield from _page_leads(seen, old)


def _page_leads(seen: Visited, old: str) -> Iterator[tuple[str, str]]:
    base = seen.look.url or old
    # The visit took the scripts out of its tree, and with them what stands in a noscript.
    tree = parse_page(seen.body, "")
    if tree is None:
        return
    for meta in tree.iter("meta"):
        told = _REFRESH.match(meta.get("content", ""))
        if meta.get("http-equiv", "").lower() == "refresh" and told:
            yield web_link(told[2], base), "the page sends its visitors on"
    if len(fold(seen.tree.text_content()).split()) >= FEW_WORDS:
        return  # a page with something to read is no mere signpost
    for script in tree.iter("script"):
        text = script.text or ""
        if len(text) > _LONGEST_SCRIPT:
            continue
        found = [match for match in _SCRIPT.finditer(text) if match[2] not in ("#", "/")]
        # Where it hangs on something, nobody here can tell which way it goes.
        if len(found) == 1 and not _DEPENDS.search(text.replace(found[0][0], "")):
            yield web_link(found[0][2], base), "a script of the page sends its visitors on"


def _feed_leads(seen: Visited, old: str) -> Iterator[tuple[str, str]]:
    base = seen.look.url or old
    # Bytes in hand: of a text feedparser would take the start for a file or an address.
    try:
        told: Any = feedparser.parse(BytesIO(seen.body[:_MOST_BYTES]))
    except Exception:  # the parser raises all kinds of things on what is broken: it names nothing
        return
    for link in told.feed.get("links", ()):
        if link.get("rel") == "current":  # RFC 5005: an archive names the feed that goes on
            yield urljoin(base, link.get("href", "")), "the feed names it as the one that goes on"
    entries = sorted(told.entries, key=_moment, reverse=True)[:_LAST_ENTRIES]
    for entry in entries:
        text = f"{entry.get('title', '')} {entry.get('summary', '')}"[:LONGEST]
        content = [str(one.get("value", "")) for one in entry.get("content", ())]
        text = " ".join((text, *content))[:LONGEST]
        if not _MOVED.search(text):
            continue
        for address in (*_ADDRESS.findall(text), entry.get("link", "")):
            if address:
                yield urljoin(base, address.rstrip(".,;:!?")), "the last entry of the feed tells it"


def _moment(entry: Any) -> Any:
    return entry.get("published_parsed") or entry.get("updated_parsed") or ()
