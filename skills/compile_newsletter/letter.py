"""What stands in a letter, before anything is known of its looks: stories, sections, facts in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from assistant.clock import parse_rfc3339
from assistant.skills.markup import fold, plain, web_link
from assistant.skills.records import Item
from assistant.skills.stories import ALSO, WHY

LONGEST_SUMMARY = 1200
LONGEST_TEASER = 320
PREHEADER = 140
WORDS_A_MINUTE = 220
FEWEST_FOR_SECTIONS = 5
FEWEST_IN_SECTION = 2
MOST_SECTIONS = 5
REST = "More stories"
_ALSO = re.compile(r"(.*) <(https?://[^<>\s]+)>")


@dataclass(frozen=True)
class Picture:
    """An image that may stand in a letter: `embedded` ones are data: URLs made by us."""

    src: str
    width: int = 0
    height: int = 0
    embedded: bool = False


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class Story:
    title: str
    url: str
    source: str
    date: str
    author: str
    paragraphs: tuple[str, ...]
    minutes: int
    also: tuple[Link, ...]
    section: str
    number: int
    picture: Picture | None = None

    @property
    def byline(self) -> str:
        """Source, date, author and length, as far as they are known."""
        minutes = f"{self.minutes} min read" if self.minutes > 1 else ""
        parts = (self.source, self.date, self.author, minutes)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Section:
    name: str
    stories: tuple[Story, ...]


@dataclass(frozen=True)
class Letter:
    title: str
    intro: str
    made_at: datetime
    lead: Story | None
    sections: tuple[Section, ...]
    sources: int

    @property
    def stories(self) -> tuple[Story, ...]:
        rest = (story for section in self.sections for story in section.stories)
        return ((self.lead,) if self.lead else ()) + tuple(rest)

    @property
    def count(self) -> int:
        return len(self.stories)

    @property
    def date(self) -> str:
        return long_date(self.made_at)

    @property
    def preheader(self) -> str:
        """What a mail list shows beside the subject."""
        first = fold(plain_intro(self.intro)) or " · ".join(s.title for s in self.stories[:3])
        return shortened(first, PREHEADER)

    @property
    def colophon(self) -> str:
        """What the letter was made of."""
        stories = "1 story" if self.count == 1 else f"{self.count} stories"
        sources = "1 source" if self.sources == 1 else f"{self.sources} sources"
        return f"{stories} from {sources}" if self.sources else stories


def letter_of(
    items: Sequence[Item],
    *,
    title: str,
    intro: str,
    made_at: datetime,
    pictures: Mapping[int, Picture],
) -> Letter:
    """The letter of some items, the first of them leading. `pictures` are by place in the list."""
    named = _sections([_tags(item) for item in items])
    stories = [
        _story(item, made_at, section=named[n], number=n + 1, picture=pictures.get(n))
        for n, item in enumerate(items)
    ]
    lead, rest = (stories[0], stories[1:]) if stories else (None, [])
    order = list(dict.fromkeys(story.section for story in rest))
    order.sort(key=lambda name: name in ("", REST))
    sections = tuple(Section(name, tuple(s for s in rest if s.section == name)) for name in order)
    return Letter(
        title=fold(title),
        intro=intro.strip(),
        made_at=made_at,
        lead=lead,
        sections=_renumbered(sections, start=2),
        sources=len({story.source for story in stories if story.source}),
    )


def long_date(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def shortened(text: str, longest: int) -> str:
    """The text, cut at a word when it is too long."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.·") + "…"


def plain_intro(intro: str) -> str:
    """Markdown's signs taken away, for a place that shows none."""
    unlinked = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", intro)
    return plain(re.sub(r"[*_`#>]+", "", unlinked))


def _renumbered(sections: tuple[Section, ...], *, start: int) -> tuple[Section, ...]:
    """Numbers run through the letter in reading order."""
    made, number = list[Section](), start
    for section in sections:
        stories = list[Story]()
        for story in section.stories:
            stories.append(replace(story, number=number))
            number += 1
        made.append(Section(section.name, tuple(stories)))
    return tuple(made)


def _story(
    item: Item, now: datetime, *, section: str, number: int, picture: Picture | None
) -> Story:
    url = web_link(item.url)
    source = shortened(fold(plain(item.source)), 60) or (urlsplit(url).hostname or "")
    text = plain(item.text)
    return Story(
        title=shortened(fold(plain(item.title)), 240) or source or "Untitled",
        url=url,
        source=source.removeprefix("www."),
        date=_short_date(item.published, now),
        author=_author(item.author, source),
        paragraphs=_paragraphs(plain(item.summary), text),
        minutes=round(len(text.split()) / WORDS_A_MINUTE),
        also=tuple(_also(item)),
        section=section,
        number=number,
        picture=picture,
    )


def _paragraphs(summary: str, text: str) -> tuple[str, ...]:
    told = shortened(summary, LONGEST_SUMMARY) or shortened(fold(text), LONGEST_TEASER)
    return tuple(line for part in told.splitlines() if (line := part.strip()))


def _author(author: str, source: str) -> str:
    name = shortened(fold(plain(author)), 60)
    return "" if not name or name.casefold() == source.casefold() or "@" in name else f"by {name}"


def _short_date(published: str, now: datetime) -> str:
    try:
        moment = parse_rfc3339(published).astimezone(now.tzinfo)
    except ValueError:
        return ""
    return (
        f"{moment.day} {moment:%B}" if moment.year == now.year else f"{moment.day} {moment:%B %Y}"
    )


def _also(item: Item) -> list[Link]:
    links = list[Link]()
    for tag in item.tags:
        found = _ALSO.fullmatch(tag.removeprefix(ALSO)) if tag.startswith(ALSO) else None
        url = web_link(found[2]) if found else ""
        if found and url:
            links.append(Link(shortened(fold(plain(found[1])), 60), url))
    return links


def _tags(item: Item) -> list[str]:
    every = (fold(plain(tag)) for tag in item.tags if not tag.startswith((WHY, ALSO)))
    return [tag for tag in every if 0 < len(tag) <= 30]


def _sections(tags: Sequence[Sequence[str]]) -> list[str]:
    """A section's name for each item: its most shared tag, where that makes a true division."""
    rest = tags[1:]
    counted = Counter(tag.casefold() for mine in rest for tag in dict.fromkeys(mine))
    shared = [
        tag for tag, count in counted.most_common() if FEWEST_IN_SECTION <= count < len(rest)
    ][:MOST_SECTIONS]
    if len(rest) < FEWEST_FOR_SECTIONS - 1 or not shared:
        return [""] * len(tags)
    names = dict[str, str]()
    for mine in tags:
        for tag in mine:
            names.setdefault(tag.casefold(), tag[:1].upper() + tag[1:])
    return [
        next((names[tag] for tag in shared if tag in {t.casefold() for t in mine}), REST)
        for mine in tags
    ]
