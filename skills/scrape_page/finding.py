"""The list in a page: the repeated structure whose members look most like stories.

Elements with the same path of tags, or the same class among those, form a group. A group's
worth is the sum of its members' headlines, more when they come with text, a date or an image,
less where a page keeps its menus and footers. The best group is the list; everything is
decided by numbers that are the same on every run.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from .reading import Record, record_of

FEWEST = 3
MOST_MEMBERS = 3_000
MOST_ELEMENTS = 60_000
MOST_CLASSES = 20
LARGEST_MEMBER = 400
ASIDE = frozenset({"nav", "footer", "aside", "header", "form", "select", "menu", "dialog"})
_ASIDE_ROLES = frozenset({"navigation", "contentinfo", "complementary", "banner", "menu", "search"})
_ASIDE_NAMES = re.compile(
    r"(^|[-_ ])(nav(bar|igation)?|menu|footer|side(bar)?|breadcrumbs?|related|pag(ination|er)|"
    r"social|share|cookies?|comments?|tags?(-?cloud)?|widget|popular|trending|most-?(read|viewed)|"
    r"promo|ads?|advert\w*|sponsor\w*|partners?|newsletter|subscribe|toolbar|topbar|masthead|"
    r"archives?|categories|blogroll|recommend\w*|legal|lang(uage)?s?)($|[-_ ])",
    re.IGNORECASE,
)
_MAIN = frozenset({"main", "article"})
_SKIPPED = frozenset(
    {"script", "style", "head", "meta", "link", "br", "hr", "img", "svg", "path", "option", "b",
     "i", "em", "strong", "small", "source", "input", "button", "col", "title", "html", "body"}
)  # fmt: skip
_WORDS_WORTH = (0.0, 0.2, 0.5, 1.0)
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_CLASS = re.compile(r"-?[_a-zA-Z][\w-]*")


@dataclass(frozen=True)
class Group:
    """Elements of one kind; `spans` are a member and the siblings that belong to it."""

    selector: str
    members: tuple[Any, ...]

    @cached_property
    def spans(self) -> list[list[Any]]:
        return _spans(self.members)


@dataclass(frozen=True)
class Found:
    """The list of a page: a selector that matches its members, and what it is worth."""

    selector: str
    score: float


def find_list(page: Any, url: str) -> Found | None:
    """The best list of a page, or None when nothing in it repeats."""
    best: Found | None = None
    for group in _groups(page):
        records = [record_of(span, url) for span in group.spans]
        score = _score(group, records)
        if score > (best.score if best else 0.5):
            best = Found(group.selector, score)
    return best


def _groups(page: Any) -> list[Group]:
    elements = [one for one in islice(page.iter(), MOST_ELEMENTS) if isinstance(one.tag, str)]
    sizes = _sizes(elements)
    by_path, paths = defaultdict[str, list[Any]](list), dict[Any, str]()
    for element in elements:
        parent = element.getparent()
        tag = element.tag if _TAG.fullmatch(element.tag) else "*"
        path = f"{paths.get(parent, '')} > {tag}" if parent is not None else tag
        paths[element] = path
        if element.tag not in _SKIPPED:
            by_path[path].append(element)
    groups = list[Group]()
    for path, members in by_path.items():
        # What holds hundreds of elements is a part of the page, not a story in it.
        large = sorted(sizes[member] for member in members)[len(members) // 2] > LARGEST_MEMBER
        if len(members) >= FEWEST and not large:
            chosen = members[:MOST_MEMBERS]
            groups.append(Group(path, tuple(chosen)))
            groups.extend(_by_class(path, chosen))
    return groups


def _sizes(elements: list[Any]) -> dict[Any, int]:
    """How many elements each one holds, itself included."""
    sizes = dict.fromkeys(elements, 1)
    for element in reversed(elements):
        parent = element.getparent()
        if parent in sizes:
            sizes[parent] += sizes[element]
    return sizes


def _by_class(path: str, elements: list[Any]) -> list[Group]:
    """The groups within a path that share a class, when that parts them from the others."""
    classes = defaultdict[str, list[Any]](list)
    for element in elements:
        for name in set(element.get("class", "").split()):
            classes[name].append(element)
    seen, groups = set[tuple[int, ...]](), list[Group]()
    for name, members in sorted(classes.items()):
        key = tuple(map(id, members))
        if FEWEST <= len(members) < len(elements) and key not in seen and _CLASS.fullmatch(name):
            seen.add(key)
            groups.append(Group(f"{path}.{name}", tuple(members)))
    return sorted(groups, key=lambda group: len(group.members), reverse=True)[:MOST_CLASSES]


def _spans(members: tuple[Any, ...]) -> list[list[Any]]:
    """Members with the siblings after them, where those regularly stand between members.

    That is how tables of two rows a story, and headings followed by paragraphs, are written.
    """
    chosen = set(members)
    if len(members) < FEWEST:
        return [[member] for member in members]
    spans = [_with_followers(member, chosen) for member in members]
    followed = sum(len(span) > 1 for span in spans[:-1])
    if followed < 0.6 * max(1, len(spans) - 1) or max(map(len, spans)) > 8:
        return [[member] for member in members]
    return spans


def _with_followers(member: Any, chosen: set[Any]) -> list[Any]:
    span, ended = [member], False
    for sibling in member.itersiblings():
        if sibling in chosen:
            ended = True
            break
        span.append(sibling)
    # After the last member there is no next one to end its span.
    return span if ended else span[:3]


def _score(group: Group, records: list[Record]) -> float:
    seen, worth, good = set[str](), 0.0, list[Record]()
    for record in records:
        key = record.url or record.title
        if not record.title or key in seen:
            continue
        seen.add(key)
        good.append(record)
        worth += _headline_worth(record)
    if len(good) < FEWEST:
        return 0.0
    # A single word is rarely a story: user names, buttons, numbers.
    coverage = sum(1.0 if " " in record.title else 0.3 for record in good) / len(records)
    extras = 1 + sum(
        weight * sum(map(bool, values)) / len(good)
        for weight, values in (
            (0.5, [record.summary for record in good]),
            (0.4, [record.published for record in good]),
            (0.2, [record.image for record in good]),
            (0.1, [record.author for record in good]),
        )
    )
    crowd = sum(record.headlines for record in good) / len(good)
    crowded = 1.0 if crowd <= 1.5 else 1.5 / crowd**2
    return worth**0.8 * coverage * extras * crowded * _region(group.members[0])


def _headline_worth(record: Record) -> float:
    length = min(len(record.title), 80) / 80
    worth = length * _WORDS_WORTH[min(len(record.title.split()), 3)]
    return worth * (1.0 if record.url else 0.35) * (1.3 if record.heading else 1.0)


def _region(element: Any) -> float:
    """How likely a place of a page is to hold what the page is about."""
    factor = 1.0
    for one in (element, *element.iterancestors()):
        names = f"{one.get('class', '')} {one.get('id', '')}"
        if one.tag in ASIDE or one.get("role", "") in _ASIDE_ROLES:
            factor *= 0.25
        elif one.tag not in ("body", "html") and _ASIDE_NAMES.search(names):
            factor *= 0.4
        if one.tag in _MAIN or one.get("role") == "main":
            factor *= 1.3
    return max(0.05, min(factor, 1.7))
