"""Where each field of a record stands now: by its recorded value in the same record, then by values
seen before, then by the look of those.

A record of before is told by its address or its title. A field keeps its selector as long as that
gives what it used to give.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.healing.converting import moment_of
from assistant.healing.kinds import same_amount
from assistant.healing.reading import (
    LATE,
    WHERE,
    class_of,
    is_tag,
    look,
    path_of,
    read,
    select,
    split_field,
    value_of,
    words,
)
from assistant.healing.spelling import words_of
from assistant.skills.markup import fold, text_of, web_link

MOST = 40
_FEW = 3
_LABELS = ("itemprop", "data-label", "data-field", "data-th", "data-testid", "headers")
"""Attributes that say what an element holds."""
_BESIDES = ("datetime", "content")
_NO_TEXTS = frozenset(
    {"class", "id", "style", "rel", "target", "type", "role", "href", "src", "for"}
)
"""Attributes that never hold what a page shows."""
_BARE = frozenset({"span", "div", "p", "b", "i", "td", "th", "dd", "dt", "li", "em", "strong"})
_ATTRIBUTE = re.compile(r"[a-z][a-z-]{1,30}")
_LABEL = re.compile(r"[\w .:%-]{1,40}")

_USUAL = ("title", "url", "published", "author", "summary", "image")
_NOWHERE = "no-such-element"

_ANOTHER_FORM, _BARE_AMOUNT = 0.99, 0.9
"""What a recorded value counts for that is written otherwise now, where 1 is the value itself."""
Row = dict[str, Any]
Pair = tuple[Any, Row]


def fields_now(
    members: Sequence[Any], rows: Sequence[Row], fields: Mapping[str, str], base: str
) -> dict[str, str]:
    """A selector for each field within the records; the old one where it still fits."""
    members = members[:MOST]
    pairs = _paired(members, rows, base)
    return {name: _field(members, pairs, rows, name, told, base) for name, told in fields.items()}


def fields_found(members: Sequence[Any], rows: Sequence[Row], base: str) -> dict[str, str]:
    """Selectors for what nearly all recorded rows had, where nothing has named any yet."""
    usual = [name for name in _USUAL if sum(bool(row.get(name)) for row in rows) >= len(rows) * 0.8]
    found = fields_now(members, rows, dict.fromkeys(usual, _NOWHERE), base)
    return {name: told for name, told in found.items() if told != _NOWHERE}


def _paired(members: Sequence[Any], rows: Sequence[Row], base: str) -> list[Pair]:
    """The records that were there before, each with what was recorded of it."""
    by_path = {path_of(str(row["url"])): row for row in rows if row.get("url")}
    by_title = {words(str(t)): row for row in rows if (t := row.get("title") or row.get("name"))}
    found = list[Pair]()
    for member in members:
        row = _row_of(member, by_path, by_title, base)
        if row is not None:
            found.append((member, row))
    return found


def _row_of(
    member: Any, by_path: dict[str, Row], by_title: dict[str, Row], base: str
) -> Row | None:
    for element in member.iter():
        if not is_tag(element):
            continue
        for attr in ("href", *LATE["href"]):
            if element.get(attr) and (
                row := by_path.get(path_of(web_link(element.get(attr), base)))
            ):
                return row
        if len(element) < 8 and (row := by_title.get(words(text_of(element)))):
            return row
    return None


def _field(
    members: Sequence[Any],
    pairs: Sequence[Pair],
    rows: Sequence[Row],
    name: str,
    told: str,
    base: str,
) -> str:
    selector, attribute = split_field(name, told)
    values = [str(row[name]) for row in rows if row.get(name)]
    known, looks = {_told(value) for value in values}, {look(value) for value in values}
    kept = [v for m in members if (v := read(m, selector, attribute, base))]
    fits = len(kept) >= len(members) * 0.6 and any(look(v) in looks for v in kept)
    recorded = {id(m): str(row[name]) for m, row in pairs if row.get(name)}
    now = [(read(m, selector, attribute, base), recorded.get(id(m))) for m, _ in pairs]
    right = sum(_sameness(value, was or "") for value, was in now)
    same, exact, alike = defaultdict[str, float](float), Counter[str](), Counter[str]()
    given = defaultdict[str, list[str]](list)
    for member in members:
        for key, value in _places(member, attribute, name, base):
            given[key].append(value)
            same[key] += _sameness(value, recorded.get(id(member), ""))
            exact[key] += _told(value) in known
            if _shows(key, attribute):  # any attribute may happen to look so
                alike[key] += _told(value) in known or look(value) in looks
    there = right and right >= max(same.values(), default=0) / 2
    if fits and (there or len(recorded) < 2):
        return told
    if best := _best(same, given, name, max(1.0, len(recorded) * 0.5) * _BARE_AMOUNT):
        return best
    if fits:
        return told
    if len(recorded) >= _FEW:
        # Records that were there before have none of their values in it: it is something else,
        # unless it is called like the field.
        exact, alike = (
            Counter({k: n for k, n in told_by.items() if same[k] or words_of(name) & words_of(k)})
            for told_by in (exact, alike)
        )
    if best := _best(exact, given, name, 1):
        return best
    # Only the look tells it: of several that look so the name has to tell, or none is taken.
    if best := _best(alike, given, name, len(members) * 0.5, alone=True):
        return best
    # Addresses may be written otherwise throughout: the one that each record has for itself is meant.
    own = Counter({
        key: len(set(told)) for key, told in given.items()
        if attribute == "href" and len(set(told)) == len(told) == len(members)
    })  # fmt: skip
    return _best(own, given, "", len(members), alone=True) or told


def _told(value: str) -> str:
    """A value made comparable: the day that it names, however that is written, else its words."""
    moment = moment_of(value)
    return moment.date().isoformat() if moment else words(value)


def _sameness(value: str, recorded: str) -> float:
    """1 for the recorded value, a little less for it in another form: a day, an amount without its sign."""
    if not recorded or words(value) == words(recorded):
        return 1.0 if recorded else 0.0
    if _told(value) == _told(recorded):
        return _ANOTHER_FORM
    return _BARE_AMOUNT if same_amount(value, recorded) else 0.0


def _shows(key: str, attribute: str) -> bool:
    _, at, attr = key.rpartition("@")
    return not at or attr in (attribute, *_BESIDES, *LATE.get(attribute, ()))


def _best(
    counted: Mapping[str, float],
    given: Mapping[str, list[str]],
    name: str,
    least: float,
    *,
    alone: bool = False,
) -> str:
    """The place that is counted most; of equal ones the one named like the field, then the shortest."""
    most = max(counted.values(), default=0)
    if not most or most < least:
        return ""
    places = [key for key in counted if counted[key] == most]
    alike = [key for key in places if words_of(name) & words_of(key)]
    if alone and not alike and len({tuple(given[key]) for key in places}) > 1:
        return ""
    return min(alike or places, key=lambda key: (_fragile(key), len(key)))


def _fragile(key: str) -> int:
    """How easily a change of the page would make a selector mean something else."""
    bare = key.partition("@")[0] in _BARE
    return key.count(":nth-child") * 2 + (":contains" in key) + bare


def _places(member: Any, attribute: str, name: str, base: str) -> Iterator[tuple[str, str]]:
    """What stands in a record: a selector with its attribute, and the value that it gives; each once."""
    seen = set[str]()
    for element in member.iter():
        if not is_tag(element):
            continue
        within = list(_selectors(element, member))
        for attr in _attributes(element, attribute):
            value = value_of(element, attr, base)
            for place in within if value else ():
                usual = attr == WHERE.get(name, "") and (place or not attr)
                key = place if usual else f"{place}@{attr}" if attr else place
                # Of the record itself only an attribute tells one thing: its text is all of it.
                if key in seen or not (place or attr):
                    continue
                seen.add(key)
                if not attr and WHERE.get(name):
                    continue  # a text is no address
                yield key, value


def _attributes(element: Any, attribute: str) -> list[str]:
    """The attributes of an element that a field may be read from; an empty one is its text."""
    if attribute in ("href", "src"):
        return [a for a in (attribute, *LATE[attribute]) if element.get(a)]
    others = [str(a) for a in element.attrib if _ATTRIBUTE.fullmatch(str(a)) and a not in _NO_TEXTS]
    besides = [a for a in (attribute, *_BESIDES, *others) if a and element.get(a)]
    return ["", *dict.fromkeys(besides)]


def _selectors(element: Any, member: Any) -> Iterator[str]:
    """Selectors within a record whose first match is this element; "" for the record itself."""
    if element is member:
        yield ""
        return
    for selector in dict.fromkeys(_ways(element, member)):
        found = select(member, selector)
        if found and found[0] is element:
            yield selector


def _ways(element: Any, member: Any) -> Iterator[str]:
    if name := class_of(element):
        yield f".{name}"
    for label in _LABELS:
        told = element.get(label, "")
        if told and _LABEL.fullmatch(told):
            yield f'[{label}="{told}"]'
    parent = element.getparent()
    if (outer := class_of(parent)) and parent is not member:
        yield f".{outer} {element.tag}"
    yield str(element.tag)
    before = element.getprevious()
    if element.tag == "dd" and before is not None and before.tag == "dt":
        label = fold(text_of(before))
        if _LABEL.fullmatch(label):
            yield f'dt:contains("{label}") + dd'
    yield _nth(element, member)


def _nth(element: Any, member: Any) -> str:
    """The way from the record to an element by places alone: `td:nth-child(4) a`."""
    steps = list[str]()
    for one in (element, *element.iterancestors()):
        if one is member:
            break
        parent = one.getparent()
        inner = [child for child in parent if isinstance(child.tag, str)]
        lone = len(inner) == 1
        steps.append(str(one.tag) if lone else f"{one.tag}:nth-child({inner.index(one) + 1})")
    return " ".join(reversed(steps))
