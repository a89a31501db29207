"""Selectors that match a list's records and nothing besides.

What a selector matches falls into groups by the box it stands in. A group without any record known
from before is another list when it is hidden, repeats what is known, says itself that it is over, or
stands in a box with a name of its own after those with known ones and tells of nothing later. So is a
single element that leads elsewhere than the records do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.healing.ending import marked_as_over
from assistant.healing.reading import folders, is_class, is_hidden, is_tag, named, select
from assistant.skills.markup import text_of, web_link

_OVER = re.compile(
    r"\b(archive[ds]?|past|finished|completed|older|previous|expired|closed|ended|former|popular"
    r"|most read|related|recommended|sponsored|you may also)\b", re.I
)  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4")
_VARIED = 3
_FOLDER = re.compile(r"/[a-z][\w-]*/")
_MARKS = ("id", "class", "aria-label", "aria-labelledby")


def narrowed(tree: Any, selector: str, known: set[Any], base: str) -> Iterator[str]:
    """The selector itself where all that it matches is of the list, else narrower ones that match
    just that; none where there is no such selector.

    `known` are elements that are, or stand in, records of the list.
    """
    matched = select(tree, selector)
    strays = strays_among(matched, known, base)
    if not strays:
        yield selector
        return
    kept = [one for one in matched if one not in strays]
    for narrow in dict.fromkeys(
        (*_ways(selector, kept, strays), *_by_content(selector, kept, strays))
    ):
        if select(tree, narrow) == kept:
            yield narrow


def strays_among(matched: Sequence[Any], known: set[Any], base: str) -> set[Any]:
    """Those of the matched elements that are of another list, or no records at all."""
    holding = {one for one in matched if any(inner in known for inner in one.iter())}
    if not holding:
        return set()
    strays = set[Any]()
    groups = _groups(matched)
    if len(groups) > 1 and any(len(group) > 1 for _, group in groups):
        last = max(n for n, (_, group) in enumerate(groups) if holding & set(group))
        listed = [one for one in matched if one in holding]
        for number, (box, group) in enumerate(groups):
            if holding & set(group):
                continue
            after = number > last and _has_a_name(box) and not _tells_later(group, listed)
            if after or is_hidden(group[0]) or _says_so(box) or _repeats(group, listed, base):
                strays.update(group)
    if not any(map(marked_as_over, holding)):
        strays.update(one for one in matched if one not in holding and marked_as_over(one))
    return strays | _leading_elsewhere([one for one in matched if one not in strays], holding, base)


def _groups(matched: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """The elements by the child of their common ancestor that they stand in, in the page's order."""
    if len(matched) < 2:
        return [(one, [one]) for one in matched]
    chains = [[one, *one.iterancestors()] for one in matched]
    common = set(chains[0]).intersection(*map(set, chains[1:]))
    found = dict[Any, list[Any]]()
    for element, chain in zip(matched, chains, strict=True):
        box = element
        for one in chain:
            if one in common:
                break
            box = one
        found.setdefault(box, []).append(element)
    return list(found.items())


def _says_so(box: Any) -> bool:
    """Whether a box tells by its names or its heading that it holds what is over, or something else."""
    told = " ".join(re.sub(r"[-_]+", " ", box.get(mark, "")) for mark in _MARKS)
    heading = next((one for one in box.iter(*_HEADINGS, "summary", "legend")), None)
    before = box.getprevious()
    if before is not None and before.tag in _HEADINGS:
        told += f" {text_of(before)}"
    return bool(_OVER.search(told + (f" {text_of(heading)}"[:60] if heading is not None else "")))


def _has_a_name(box: Any) -> bool:
    """Whether a box is more than a row or a column: it has an id, a label, or a heading before all."""
    first = next((one for one in box if isinstance(one.tag, str)), None)
    heading = first is not None and first.tag in (*_HEADINGS, "summary", "header")
    return bool(box.get("id") or box.get("aria-label") or box.get("role")) or heading


def _tells_later(group: Sequence[Any], listed: Sequence[Any]) -> bool:
    """Whether something in a group is of a later day, or has a higher number, than all that is known."""
    days, known_days = _days(group), _days(listed)
    if days and known_days:
        return max(days) > max(known_days)
    numbers, known_numbers = _numbers(group), _numbers(listed)
    return bool(numbers and known_numbers) and max(numbers) > max(known_numbers)


def _days(elements: Sequence[Any]) -> list[str]:
    told = [time.get("datetime", "") for one in elements for time in one.iter("time")]
    told += [day for one in elements for day in re.findall(r"\b\d{4}-\d\d-\d\d\b", text_of(one))]
    return [day[:10] for day in told if re.match(r"\d{4}-\d\d-\d\d", day)]


def _numbers(elements: Sequence[Any]) -> list[int]:
    links = [link.get("href", "") for one in elements for link in one.iter("a")]
    return [
        int(number) for link in links for number in re.findall(r"(?<!\d)\d{1,9}(?!\d)", link)[-1:]
    ]


def _links(element: Any, base: str) -> set[str]:
    told = [one.get("href", "") for one in element.iter("a")]
    return {link for one in told if (link := web_link(one, base))}


def _repeats(group: Sequence[Any], others: Sequence[Any], base: str) -> bool:
    told = set[str]().union(*(_links(one, base) for one in group))
    return bool(told) and told <= set[str]().union(*(_links(one, base) for one in others))


def _leading_elsewhere(matched: Sequence[Any], holding: set[Any], base: str) -> set[Any]:
    """Elements among the records that lead nowhere, or elsewhere than all of these: advertisements."""
    usual = {folders(link) for one in matched if one in holding for link in _links(one, base)}
    linked = [one for one in matched if one in holding and _links(one, base)]
    if not 0 < len(usual) < _VARIED or len(linked) < len(holding):
        return set()  # each is in a folder of its own: a new one tells nothing
    strangers = {
        one for one in matched
        if one not in holding and not {folders(link) for link in _links(one, base)} & usual
    }  # fmt: skip
    return strangers if len(strangers) < len(matched) / 2 else set()


def _ways(selector: str, kept: Sequence[Any], strays: set[Any]) -> Iterator[str]:
    """Selectors that may leave the strays out, those that name the right box first."""
    around = _around_all(kept)
    if not selector.startswith("html "):
        for box in around:
            if name := named(box):
                yield f"{name} {selector}"
            for state in ("hidden", 'aria-hidden="true"'):
                yield f"{box.tag}:not([{state}]) {selector}"
    mine = {name for one in kept for name in one.get("class", "").split()}
    theirs = [set(one.get("class", "").split()) - mine for one in strays]
    if theirs and all(theirs):
        names = [sorted(filter(is_class, one))[:1] for one in theirs]
        chosen = dict.fromkeys(name for one in names for name in one)
        yield selector + "".join(f":not(.{name})" for name in chosen)
    if kept:
        shared = set.intersection(*(set(one.get("class", "").split()) for one in kept))
        for name in sorted(filter(is_class, shared)):
            yield f"{selector}.{name}"
    if not selector.startswith("html "):
        for box in around[:2]:
            parent = box.getparent()
            if parent is not None:
                place = [one for one in parent if isinstance(one.tag, str)].index(box) + 1
                yield f"{named(parent) or parent.tag} > {box.tag}:nth-child({place}) {selector}"


def _by_content(selector: str, kept: Sequence[Any], strays: set[Any]) -> Iterator[str]:
    """Selectors that tell the strays by what stands in them: a badge, where their links lead."""
    mine = {name for one in kept for inner in one.iter() if is_tag(inner)
            for name in inner.get("class", "").split()}  # fmt: skip
    theirs = [
        {name for inner in one.iter() if is_tag(inner) for name in inner.get("class", "").split()}
        for one in strays
    ]
    shared = set.intersection(*theirs) - mine if theirs else set[str]()
    for name in sorted(filter(is_class, shared)):
        yield f"{selector}:not(:has(.{name}))"
    folder = {
        found[0] for one in kept for link in one.iter("a")
        if (found := _FOLDER.match(link.get("href", "")))
    }  # fmt: skip
    for name in sorted(folder) if len(folder) == 1 else ():
        yield f'{selector}:has(a[href^="{name}"])'


def boxes_besides(matched: Sequence[Any], known: set[Any]) -> int:
    """How many of the matched elements stand in boxes of several of which none is, or holds, a known one."""
    groups = [group for _, group in _groups(matched) if len(group) >= _VARIED]
    without = [g for g in groups if not any(inner in known for one in g for inner in one.iter())]
    return sum(map(len, without)) if len(without) < len(groups) else 0


def _around_all(kept: Sequence[Any]) -> list[Any]:
    """The boxes that hold all of some elements, the innermost first, up to the page's body."""
    if not kept:
        return []
    common = set(kept[0].iterancestors()).intersection(
        *(set(one.iterancestors()) for one in kept[1:])
    )
    return [
        one for one in kept[0].iterancestors() if one in common and one.tag not in ("body", "html")
    ]
