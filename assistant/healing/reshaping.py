"""The recipe for a page that looks different: find its records again by what they used to say.

Text first: where the titles or addresses of the last good output stand in the new page, there the
records are. Then structure: links built like the old ones, and the list that the scraper itself
finds. Fields are found within the records: by their old values, then by the look of those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, profile, rows_of
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited, visit
from assistant.healing.proposals import Proposal
from assistant.skills.markup import fold, text_of, web_link

FEWEST = 2
MOST_SELECTORS = 8
_CLASS = re.compile(r"-?[_a-zA-Z][\w-]*")
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_WHERE = {"url": "href", "image": "src"}
_LATE = {
    "src": ("data-src", "data-lazy-src", "data-original", "data-srcset", "srcset"),
    "href": ("data-href",),
}
"""Where pages keep an attribute's value until it is scrolled into sight, the usual first."""


async def reshaped(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """New selectors for a step that scrapes, those that give the most of what it gave first."""
    if case.skill is None or "selector" not in case.skill.patchable:
        return
    url = str(case.arguments.get("url", ""))
    # A visit takes scripts and styles out of its tree, so the skill's own view decides in the end.
    seen = seen if seen is not None and seen.tree is not None else await visit(desk.http, url)
    if seen.tree is None or not case.good:
        return
    rows = [row for row in rows_of(case.good[0].output)[0] if isinstance(row, dict)]
    fields = case.arguments.get("fields") or {}
    proposals = list[tuple[int, Proposal]]()
    for selector, how in _selectors(seen, rows, await _offered(desk, case, url)):
        members = _select(seen.tree, selector)
        changed = _fields(members, rows, fields, seen.look.url) if fields else {}
        arguments = case.arguments | {"selector": selector}
        if fields:
            arguments["fields"] = changed
        try:
            output = await desk.call(case.skill.name, arguments)
        except AssistantError:
            continue
        compared = compare(case.good_outputs, output, wanted=case.wants)
        if compared.held:
            written: dict[str, Any] = {"selector": selector}
            if fields and changed != fields:
                written["fields"] = changed
            same = compared.figures.get("same", 0)
            rank = (same - len(compared.poorer)) * 1000 + profile(output).count
            proposals.append((rank, Proposal("reshaped", how, written)))
            if not compared.poorer and same >= profile(output).count / 2:
                break  # most of what it gave before is there: it will not get better
    for _, proposal in sorted(proposals, key=lambda pair: -pair[0])[:2]:
        yield proposal


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
    seen: Visited, rows: Sequence[dict[str, Any]], offered: str
) -> Iterator[tuple[str, str]]:
    """Selectors that may match one record each, with how they were found; each once."""
    known = set[str]()
    by_text = _anchors_by_text(seen, rows)
    by_shape = _anchors_by_shape(seen, rows)
    ways = (
        (by_text, f"{len(by_text)} of its earlier records stand there"),
        (by_shape, "addresses built like the earlier ones stand there"),
    )
    for anchors, how in ways:
        for selector in _around(seen.tree, anchors):
            if selector not in known and len(known) < MOST_SELECTORS:
                known.add(selector)
                yield selector, how
    if offered and offered not in known:
        yield offered, "it is the page's list now"


def _anchors_by_text(seen: Visited, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Elements that carry the title or the address of an earlier record."""
    titles = {_words(str(row.get("title") or row.get("name") or "")) for row in rows} - {""}
    paths = {_path(str(row.get("url", ""))) for row in rows} - {"", "/"}
    values = {
        _words(str(value)) for row in rows for value in row.values() if isinstance(value, str)
    }
    found, taken = list[Any](), set[str]()
    for element in seen.tree.iter():
        if not isinstance(element.tag, str):
            continue
        link = _path(web_link(element.get("href", ""), seen.look.url)) if element.tag == "a" else ""
        words = _words(text_of(element)) if len(element) < 8 else ""
        key = link if link in paths else words if words in titles else ""
        if key and key not in taken:
            taken.add(key)
            found.append(element)
    # A heading and the link in it tell of one record.
    chosen = set(found)
    found = [one for one in found if not any(outer in chosen for outer in one.iterancestors())]
    if len(found) >= FEWEST:
        return found
    return [
        one for one in seen.tree.iter()
        if isinstance(one.tag, str) and len(one) == 0 and len(w := _words(text_of(one))) > 12 and w in values
    ]  # fmt: skip


def _anchors_by_shape(seen: Visited, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Links whose addresses are built like those of the earlier records."""
    shapes = Counter(_folders(str(row.get("url", ""))) for row in rows if row.get("url"))
    if not shapes:
        return []
    usual = {shape for shape, count in shapes.items() if count >= len(rows) / 3}
    found, taken = list[Any](), set[str]()
    for link in seen.tree.iter("a"):
        address = web_link(link.get("href", ""), seen.look.url)
        if address and _folders(address) in usual and address not in taken:
            taken.add(address)
            found.append(link)
    return found


def _around(tree: Any, anchors: list[Any]) -> Iterator[str]:
    """Selectors of the elements that hold one anchor each: the records around them."""
    if len(anchors) < FEWEST:
        return
    chosen = set(anchors)
    for members in _levels(chosen):
        for selector in _described(members):
            matched = _select(tree, selector)
            holding = sum(any(one in chosen for one in m.iter()) for m in matched)
            # A selector that mostly matches other things describes something else.
            if holding >= len(members) * 0.8 and holding >= len(matched) * 0.5:
                yield selector


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
    if not _TAG.fullmatch(tag):
        return
    alike = [m for m in members if m.tag == tag]
    classes = Counter(name for m in alike for name in set(m.get("class", "").split()))
    common = [
        name
        for name, n in classes.most_common(3)
        if n >= len(alike) * 0.9 and _CLASS.fullmatch(name)
    ]
    parents = [p for m in alike if (p := m.getparent()) is not None]
    parent = parents[0] if parents and len({id(p) for p in parents}) <= len(parents) / 2 else None
    outer = _named(parent) if parent is not None else ""
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


def _named(element: Any) -> str:
    ident = element.get("id", "")
    if _CLASS.fullmatch(ident) and not re.search(r"\d", ident):
        return f"{element.tag}#{ident}"
    name = next((n for n in element.get("class", "").split() if _CLASS.fullmatch(n)), "")
    return f"{element.tag}.{name}" if name else ""


def _path_of_tags(members: list[Any]) -> str:
    """`html > body > main > ul > li`, when all have the same."""
    paths = Counter(
        " > ".join(str(one.tag) for one in (*reversed(list(m.iterancestors())), m)) for m in members
    )
    path, count = paths.most_common(1)[0]
    return path if count >= len(members) * 0.8 else ""


def _fields(
    members: Sequence[Any], rows: Sequence[dict[str, Any]], fields: dict[str, str], base: str
) -> dict[str, str]:
    """A selector for each field within the records; the old one where it still fits."""
    return {name: _field(members, rows, name, told, base) for name, told in fields.items()}


def _field(
    members: Sequence[Any], rows: Sequence[dict[str, Any]], name: str, told: str, base: str
) -> str:
    selector, at, attribute = told.rpartition("@")
    if not at:
        selector, attribute = told, _WHERE.get(name, "")
    values = [str(row[name]) for row in rows if row.get(name)]
    known = {_words(value) for value in values}
    kept = [v for m in members[:40] if (v := _read(m, selector, attribute, base))]
    looks = {_look(value) for value in values}
    if len(kept) >= len(members[:40]) * 0.6 and any(_look(v) in looks for v in kept):
        return told
    exact, alike = Counter[str](), Counter[str]()
    for member in members[:40]:
        seen = set[str]()
        for element in member.iter():
            if not isinstance(element.tag, str):
                continue
            late = [attr for attr in _LATE.get(attribute, ()) if element.get(attr)]
            for attr in (attribute, *late, "") if attribute else ("", "datetime", "content"):
                value = _value(element, attr, base)
                place = _within(element, member)
                usual = attr == _WHERE.get(name) and place
                key = f"{place}@{attr}" if attr and not usual else place
                # Of the record itself only an attribute tells one thing: its text is all of it.
                if not value or key in seen or not (place or attr):
                    continue
                seen.add(key)
                if _words(value) in known:
                    exact[key] += 1
                elif _look(value) in looks:
                    alike[key] += 1
    for counted in (exact, alike):
        if counted:
            return max(counted, key=lambda key: (counted[key], -len(key)))
    return told


def _within(element: Any, member: Any) -> str:
    """A short selector of an element inside its record; "" for the record itself."""
    if element is member or not _TAG.fullmatch(element.tag):
        return ""
    name = next((n for n in element.get("class", "").split() if _CLASS.fullmatch(n)), "")
    if name:
        return f".{name}"
    parent = element.getparent()
    outer = next((n for n in parent.get("class", "").split() if _CLASS.fullmatch(n)), "")
    return f".{outer} {element.tag}" if outer and parent is not member else str(element.tag)


def _read(member: Any, selector: str, attribute: str, base: str) -> str:
    found = _select(member, selector) if selector.strip() else [member]
    return _value(found[0], attribute, base) if found else ""


def _value(element: Any, attribute: str, base: str) -> str:
    if not attribute:
        return fold(text_of(element))
    told = element.get(attribute) or ""
    if attribute.endswith("srcset"):
        told = next(iter(told.split()), "").rstrip(",")
    linked = attribute in _LATE or any(attribute in late for late in _LATE.values())
    return web_link(told, base) if linked else told.strip()


def _select(tree: Any, selector: str) -> list[Any]:
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPathError

    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, XPathError):
        return []


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") or ""


def _folders(url: str) -> str:
    return re.sub(r"\d+", "#", urlsplit(url).path.rstrip("/").rpartition("/")[0])


def _look(text: str) -> str:
    look = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()[:60]))
    return re.sub(r"(a ?)+", "a", look)
