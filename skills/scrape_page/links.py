"""Links of a page: where it says it is, and where its next page is."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urldefrag, urlsplit

from assistant.skills.markup import fold, web_link

_NEXT_WORDS = re.compile(
    r"(next( page)?|older( posts| stories| entries)?|more stories|more results|load more|"
    r"weiter|nächste( seite)?|suivant(e)?|page suivante|siguiente|successiva|volgende)?\s*[›»→>]*",
    re.IGNORECASE,
)


def base_of(page: Any, url: str) -> str:
    """What the page's relative links are relative to."""
    return web_link(next(iter(page.xpath("//base/@href")), ""), url) or url


def next_page(page: Any, url: str) -> str:
    """The address of the next page on the same site, or nothing."""
    base = base_of(page, url)
    declared = page.xpath("//link[@rel and @href] | //a[@rel and @href]")
    found = [link for link in declared if "next" in link.get("rel", "").lower().split()]
    found += [link for link in page.iter("a") if link.get("href") and _says_next(link)]
    for link in found:
        address = urldefrag(web_link(link.get("href"), base)).url
        same_site = urlsplit(address)[:2] == urlsplit(url)[:2]
        if address and same_site and address != urldefrag(url).url:
            return address
    return ""


def _says_next(link: Any) -> bool:
    words = fold(link.text_content()) or fold(link.get("aria-label", ""))
    if words and _NEXT_WORDS.fullmatch(words):
        return True
    classes = link.get("class", "").lower().split()
    return any(name in ("next", "morelink", "pagination-next", "next-page") for name in classes)
