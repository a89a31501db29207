"""The recipe for a page that looks different: find its records again by what they used to say.

Text first: where the titles or addresses of the last good output stand in the new page, there the
records are. Then structure: links built like the old ones, and the list that the scraper itself
finds. Fields are found within the records: by their old values, then by the look of those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, profile, rows_of, surplus
from assistant.healing.desk import Desk
from assistant.healing.ending import over_at, says_it_ended, says_it_pauses
from assistant.healing.looking import Visited, visit
from assistant.healing.looking import text_of as text_seen
from assistant.healing.moving import candidates
from assistant.healing.narrowing import narrowed
from assistant.healing.placing import fields_found, fields_now
from assistant.healing.proposals import Proposal
from assistant.healing.reading import (
    LATE,
    folders,
    is_class,
    is_hidden,
    is_tag,
    named,
    path_of,
    select,
    words,
)
from assistant.skills.markup import text_of, web_link

FEWEST = 2
MOST_SELECTORS = 8
MOST_PAGES = 10
_BEYOND = 1.25
"""How many times as much as ever before a list may give and still be the same list."""


async def reshaped(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """New selectors for a step that scrapes, those that give the most of what it gave first."""
    if case.skill is None or "selector" not in case.skill.patchable:
        return
    url = str(case.arguments.get("url", ""))
    # A visit takes scripts and styles out of its tree, so the skill's own view decides in the end.
    seen = seen if seen is not None and seen.tree is not None else await visit(desk.http, url)
    proposals = await ranked(desk, case, seen, {}) if seen.tree is not None else []
    for _, proposal in proposals[:2]:
        yield proposal


async def reshaped_elsewhere(
    desk: Desk, case: Case, seen: Visited | None
) -> AsyncIterator[Proposal]:
    """Another page of the site that has the records, in another form than the old one had."""
    old = case.literal("url")
    if case.skill is None or not case.good or not isinstance(old, str):
        return
    if not {"url", "selector"} <= set(case.skill.patchable) or case.effect == "write":
        return
    if case.symptom is not None and case.symptom.surplus:
        return
    seen = seen or await visit(desk.http, old)
    if says_it_ended(text_seen(seen)) or says_it_pauses(text_seen(seen)):
        return
    rows, found, visits = rows_in(case), list[tuple[int, Proposal]](), 0
    least = max(FEWEST, len(rows) / 3)
    async for address, how, _ in candidates(desk, case, old, seen):
        if urlsplit(address)[:2] != urlsplit(old)[:2]:
            continue
        visits += 1
        if visits > MOST_PAGES:
            break
        there = await visit(desk.http, address)
        if there.tree is None or there.look.status != 200:
            continue
        # Nothing but what it shows speaks for a page: it has to have a good part of the records.
        if len(anchors_by_text(there, rows)) >= least:
            for rank, one in await ranked(desk, case, there, {"url": address}):
                told = f"{how}: {address}; {one.why}"
                found.append((rank, Proposal("reshaped", told, one.arguments)))
    for _, proposal in sorted(found, key=lambda pair: -pair[0])[:1]:
        yield proposal


def rows_in(case: Case) -> list[dict[str, Any]]:
    """The records of the last good output, as the page had them: a day in its own form."""
    output: Any = case.good[0].output if case.good else None
    rows = [row for row in rows_of(output)[0] if isinstance(row, dict)]
    records: Any = output.get("records") if isinstance(output, dict) else None
    if not isinstance(records, list) or len(records) != len(rows):
        return rows
    return [
        row | {name: value for name, value in record.items() if value}
        if isinstance(record, dict) else row
        for row, record in zip(rows, records, strict=True)
    ]  # fmt: skip


async def ranked(
    desk: Desk, case: Case, seen: Visited, told: dict[str, Any]
) -> list[tuple[int, Proposal]]:
    """Ways to read a page, the best first. `told` are arguments that are changed in any case."""
    if not case.good:
        return []
    asked, rows = case.arguments | told, rows_in(case)
    most = max(profile(one).count for one in case.good_outputs)
    fields, old = asked.get("fields") or {}, str(asked.get("selector") or "")
    proposals = list[tuple[int, Proposal]]()
    offered = await _offered(desk, case, str(asked.get("url", "")))
    for selector, how in _selectors(seen, rows, old, offered):
        members = select(seen.tree, selector)
        for named_fields in _ways_to_read(members, rows, fields, seen.look.url):
            written = dict(told) | ({"selector": selector} if selector != old else {})
            if named_fields != fields:
                written["fields"] = named_fields
            judged = await _judged(desk, case, written, most, seen) if written != told else None
            if judged is None:
                continue
            rank, enough = judged
            proposals.append((rank, Proposal("reshaped", how, written)))
            if enough:  # most of what it gave before is there: it will not get better
                return sorted(proposals, key=lambda pair: -pair[0])
    return sorted(proposals, key=lambda pair: -pair[0])


def _ways_to_read(
    members: Sequence[Any], rows: Sequence[dict[str, Any]], fields: dict[str, str], base: str
) -> Iterator[dict[str, str]]:
    """The fields of the records: those that the job names, else none, else those that were recorded."""
    if fields:
        yield fields_now(members, rows, fields, base)
        return
    yield fields
    if found := fields_found(members, rows, base):
        yield found


async def _judged(
    desk: Desk, case: Case, written: dict[str, Any], most: int, seen: Visited
) -> tuple[int, bool] | None:
    """How good a call is with these arguments, and whether it cannot get better; None when it is bad."""
    if case.skill is None:
        return None
    try:
        output = await desk.call(case.skill.name, case.arguments | written)
    except AssistantError:
        return None
    compared = compare(case.good_outputs, output, wanted=case.wants)
    same, count = compared.figures.get("same", 0), profile(output).count
    beyond = max(0, count - round(most * _BEYOND))
    too_much = case.symptom is not None and case.symptom.surplus
    if too_much and (beyond or compared.poorer or surplus(case.good_outputs, output)):
        return None  # that is what is wrong, or something else would be
    selector = str((case.arguments | written).get("selector") or "")
    if not compared.held or over_at(case, seen.tree, selector, output):
        return None
    rank = (same - len(compared.poorer) - beyond) * 1000 + count
    return rank, not compared.poorer and not beyond and same >= count / 2


async def _offered(desk: Desk, case: Case, url: str) -> str:
    """The selector of the list that the scraper finds by itself."""
    if case.skill is None:
        return ""
    try:
        output = await desk.call(case.skill.name, {"url": url})
    except AssistantError:
        return ""
    return str(output.get("selector", "")) if isinstance(output, dict) else ""


def _selectors(
    seen: Visited, rows: Sequence[dict[str, Any]], old: str, offered: str
) -> Iterator[tuple[str, str]]:
    """Selectors that may match one record each, with how they were found; each once.

    The old one is first where it still matches: it may be the fields alone that have moved.
    """
    known, base = set[str](), seen.look.url
    by_text = _in_sight(anchors_by_text(seen, rows))
    by_shape = _in_sight(_anchors_by_shape(seen, rows))
    # What is known tells the list from those beside it; without it every address of its kind counts.
    known_ones = set(by_text if len(by_text) >= FEWEST else by_shape)
    if old and len(select(seen.tree, old)) >= FEWEST:
        known.add(old)
        yield old, "its records are where they were, their fields are not"
    ways = (
        (by_text, f"{len(by_text)} of its earlier records stand there"),
        (by_shape, "addresses built like the earlier ones stand there"),
    )
    for anchors, how in ways:
        for selector in _around(seen.tree, anchors, known_ones, base):
            if selector not in known and len(known) < MOST_SELECTORS:
                known.add(selector)
                yield selector, how
    for selector in narrowed(seen.tree, offered, set(by_text), base) if offered else ():
        if selector not in known:
            known.add(selector)
            yield selector, "it is the page's list now"


def _in_sight(anchors: list[Any]) -> list[Any]:
    """The anchors that a reader sees, where enough of them are to be seen."""
    shown = [one for one in anchors if not is_hidden(one)]
    return shown if len(shown) >= FEWEST else anchors


def anchors_by_text(seen: Visited, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Elements that carry the title or the address of an earlier record, one for each record."""
    titles = {words(str(row.get("title") or row.get("name") or "")) for row in rows} - {""}
    paths = {path_of(str(row.get("url", ""))) for row in rows} - {"", "/"}
    values = {words(str(value)) for row in rows for value in row.values() if isinstance(value, str)}
    places = dict[str, list[Any]]()
    for element in seen.tree.iter():
        if isinstance(element.tag, str) and (
            key := _told_by(element, titles, paths, seen.look.url)
        ):
            places.setdefault(key, []).append(element)
    # Of a record that stands there twice, the one in the page's list is meant, not the one beside it.
    found = [min(there, key=_is_beside) for there in places.values()]
    # A heading and the link in it tell of one record.
    chosen = set(found)
    found = [one for one in found if not any(outer in chosen for outer in one.iterancestors())]
    if len(found) >= FEWEST:
        return found
    return [
        one for one in seen.tree.iter()
        if isinstance(one.tag, str) and len(one) == 0 and len(w := words(text_of(one))) > 12 and w in values
    ]  # fmt: skip


def _told_by(element: Any, titles: set[str], paths: set[str], base: str) -> str:
    """The address or the title of an earlier record that an element carries, or nothing."""
    for attr in ("href", *LATE["href"]):
        if element.get(attr) and (path := path_of(web_link(element.get(attr), base))) in paths:
            return path
    told = [text_of(element)] if len(element) < 8 else []
    told += [element.get(attr, "") for attr in ("title", "aria-label", "alt", "data-title")]
    return next((text for one in told if (text := words(one)) in titles), "")


def _is_beside(element: Any) -> bool:
    """Whether an element stands beside what the page is about: in a menu, a side column, out of sight."""
    around = (str(one.tag) for one in element.iterancestors())
    return is_hidden(element) or any(tag in ("nav", "aside", "footer") for tag in around)


def _anchors_by_shape(seen: Visited, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Links whose addresses are built like those of the earlier records."""
    shapes = Counter(folders(str(row.get("url", ""))) for row in rows if row.get("url"))
    if not shapes:
        return []
    usual = {shape for shape, count in shapes.items() if count >= len(rows) / 3}
    found, taken = list[Any](), set[str]()
    for link in seen.tree.iter("a"):
        address = web_link(link.get("href", ""), seen.look.url)
        if address and folders(address) in usual and address not in taken:
            taken.add(address)
            found.append(link)
    return found


def _around(tree: Any, anchors: list[Any], known: set[Any], base: str) -> Iterator[str]:
    """Selectors of the elements that hold one anchor each: the records around them."""
    if len(anchors) < FEWEST:
        return
    chosen = set(anchors)
    for members in _levels(chosen):
        for selector in _described(members):
            for narrow in narrowed(tree, selector, known, base):
                matched = select(tree, narrow)
                holding = sum(any(one in chosen for one in m.iter()) for m in matched)
                # A selector that mostly matches other things describes something else.
                if holding >= len(members) * 0.8 and holding >= len(matched) * 0.5:
                    yield narrow


def _levels(anchors: set[Any]) -> Iterator[list[Any]]:
    """The anchors' outermost elements that still hold one anchor, then those further in."""
    chains = list[list[Any]]()
    for anchor in anchors:
        chain = [anchor]
        for parent in anchor.iterancestors():
            if parent.tag in ("body", "html") or _holds(parent, anchors) > 1:
                break
            chain.append(parent)
        chains.append(chain)
    depth = Counter(len(chain) for chain in chains).most_common(1)[0][0]
    for level in range(depth - 1, -1, -1):
        members = [chain[level] for chain in chains if len(chain) > level]
        if len(members) >= FEWEST:
            yield members


def _holds(element: Any, anchors: set[Any]) -> int:
    count = 0
    for one in element.iter():
        if one in anchors:
            count += 1
            if count > 1:
                break
    return count


def _described(members: list[Any]) -> Iterator[str]:
    """Selectors that fit most of some elements: by class, by place, by their parent's class."""
    tag = Counter(m.tag for m in members).most_common(1)[0][0]
    alike = [m for m in members if m.tag == tag]
    if not is_tag(alike[0]):
        return
    classes = Counter(name for m in alike for name in set(m.get("class", "").split()))
    common = [
        name for name, n in classes.most_common(3) if n >= len(alike) * 0.9 and is_class(name)
    ]
    parents = [p for m in alike if (p := m.getparent()) is not None]
    parent = parents[0] if parents and len({id(p) for p in parents}) <= len(parents) / 2 else None
    outer = named(parent) if parent is not None else ""
    for name in common:
        yield f"{tag}.{name}"
    if outer:
        yield f"{outer} > {tag}"
    if outer and common:
        yield f"{outer} > {tag}.{common[0]}"
    if tag not in ("div", "span", "a", "li", "p", "td"):
        yield tag
    if path := _path_of_tags(alike):
        yield path


def _path_of_tags(members: list[Any]) -> str:
    """`html > body > main > ul > li`, when all have the same."""
    paths = Counter(
        " > ".join(str(one.tag) for one in (*reversed(list(m.iterancestors())), m)) for m in members
    )
    path, count = paths.most_common(1)[0]
    return path if count >= len(members) * 0.8 else ""
