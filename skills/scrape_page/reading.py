"""One record of a page: the title, link, date, author, summary and image in some elements."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from assistant.skills.markup import fold, text_of, web_link

LONGEST_TITLE = 300
SHORTEST_SUMMARY = 30
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_NAMES = re.compile(r"(^|[-_ ])(title|headline|heading)", re.IGNORECASE)
_DATE_NAMES = re.compile(r"(^|[-_ ])(date|time|published|posted|age|ago|timestamp)", re.IGNORECASE)
_AUTHOR_NAMES = re.compile(r"(^|[-_ ])(author|byline|hnuser|writer)($|[-_ ])", re.IGNORECASE)
_BY = re.compile(r"^\s*(by|von|par|por|door|da)\s+", re.IGNORECASE)
_LOOKS_LIKE_A_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|"
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(st|nd|rd|th)?,? \d{4}|"
    r"\b\d{1,2}\.? (jan|feb|mär|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\.?,? \d{4}|"
    r"\b\d+ (minute|hour|day|week|month|min|hr)s? ago|\byesterday\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Record:
    """What was found in one member of a list. `published` is as the page writes it.

    `heading` tells that the title stands in a heading or under a name such as "headline";
    `headlines` counts the links that could be titles: a story has one.
    """

    title: str = ""
    url: str = ""
    summary: str = ""
    published: str = ""
    author: str = ""
    image: str = ""
    tags: tuple[str, ...] = ()
    heading: bool = False
    headlines: int = 0


def record_of(span: list[Any], base: str) -> Record:
    """The record in some neighbouring elements."""
    elements = [one for part in span for one in part.iter() if isinstance(one.tag, str)]
    links = _links(elements, base)
    title, url, heading = _headline(elements, links)
    published, author = _date(elements), _author(elements)
    return Record(
        title=title[:LONGEST_TITLE],
        url=url,
        summary=_summary(span, title, {author, published}),
        published=published,
        author=author,
        image=_image(elements, base),
        tags=tuple(
            fold(one.text_content()) for one in elements if "tag" in one.get("rel", "").split()
        ),
        heading=heading,
        headlines=_headlines(elements, links),
    )


def _links(elements: list[Any], base: str) -> list[tuple[Any, str, str]]:
    """Anchors to other pages: element, absolute address, text."""
    here = urldefrag(base).url
    found = list[tuple[Any, str, str]]()
    for one in elements:
        if one.tag != "a" or not one.get("href"):
            continue
        address = web_link(one.get("href"), base)
        if address and urldefrag(address).url != here:
            found.append((one, address, fold(one.text_content())))
    return found


def _headline(elements: list[Any], links: list[tuple[Any, str, str]]) -> tuple[str, str, bool]:
    """Title, address, and whether the page marks it as a title."""
    known = {element: (address, words) for element, address, words in links}
    for one in elements:
        named = one.tag in _HEADINGS or _TITLE_NAMES.search(one.get("class", ""))
        words = fold(one.text_content()) if named else ""
        if not words or len(words) > LONGEST_TITLE:
            continue
        inside = [known[part] for part in one.iter() if part in known]
        around = [known[part] for part in one.iterancestors() if part in known]
        # A heading above several links is a section's, not a story's.
        if not inside and not around and len(links) > 3:
            continue
        anywhere = [(address, told) for _, address, told in links]
        address, told = (inside or around or anywhere or [("", "")])[0]
        title = told if inside and one.tag not in _HEADINGS else words
        return title or words, address, True
    if links:
        _, address, words = max(links, key=lambda link: min(len(link[2]), 120))
        if words:
            return words, address, False
    return _first_line(elements), links[0][1] if links else "", False


def _first_line(elements: list[Any]) -> str:
    lines = text_of(elements[0]).split("\n") if elements else [""]
    return lines[0] if len(lines[0]) <= LONGEST_TITLE else ""


def _headlines(elements: list[Any], links: list[tuple[Any, str, str]]) -> int:
    """How many different addresses stand under headings, or else under long texts."""
    known = {element: address for element, address, _ in links}
    under = set[str]()
    for one in elements:
        if one.tag in _HEADINGS:
            under.update(known[part] for part in one.iter() if part in known)
            under.update(known[part] for part in one.iterancestors() if part in known)
    return len(under) or len({address for _, address, words in links if len(words) >= 25})


def _date(elements: list[Any]) -> str:
    """The date as it is written: an attribute for machines first, then a text that looks like one."""
    for one in elements:
        told = one.get("datetime") or (one.tag == "time" and fold(one.text_content()))
        if not told and one.get("itemprop") in ("datePublished", "dateCreated"):
            told = one.get("content") or fold(one.text_content())
        if told and len(told) <= 60:
            return fold(told)
    for one in elements:
        if _DATE_NAMES.search(one.get("class", "")):
            # A machine's date may stand in a title, as in <span class="age" title="2026-…">.
            for told in (one.get("title", ""), fold(one.text_content())):
                if found := _LOOKS_LIKE_A_DATE.search(told):
                    return told.split(" ")[0] if told[:4].isdigit() and "T" in told else found[0]
    for one in elements:
        words = one.text or "" if len(one) == 0 else ""
        if len(words) <= 60 and (found := _LOOKS_LIKE_A_DATE.search(words)):
            return found[0]
    return ""


def _author(elements: list[Any]) -> str:
    for one in elements:
        named = "author" in one.get("rel", "").split() or one.get("itemprop") == "author"
        if named or _AUTHOR_NAMES.search(one.get("class", "")):
            words = _BY.sub("", fold(one.text_content()))
            if 0 < len(words) <= 80:
                return words
    return ""


def _summary(span: list[Any], title: str, told: set[str]) -> str:
    """The longest line that says more than the title, the author and the date do."""
    lines = [line for part in span for line in text_of(part).split("\n")]
    fresh = [
        line
        for line in lines
        if len(line) >= SHORTEST_SUMMARY
        and line not in told
        and not (line.startswith(title) and len(line) < len(title) + SHORTEST_SUMMARY)
    ]
    return max(fresh, key=len, default="")[:2_000]


def _image(elements: list[Any], base: str) -> str:
    for one in elements:
        if one.tag != "img":
            continue
        source = one.get("data-src") or one.get("src") or one.get("srcset", "").split(" ")[0]
        small = any(
            one.get(side, "").isdigit() and int(one.get(side)) < 40 for side in ("width", "height")
        )
        address = web_link(source, base) if source and not small else ""
        if address:
            return address
    return ""
