"""Where recorded records stand now in an answer that is built otherwise, at whatever depth.

The records tell it themselves: a list is the old one when the old values stand in its elements, and
a field is where, in most of the records that are there before and after, the same value stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.healing.pairing import Pair, Path, leaves_of, pairs_of, shared_values
from assistant.healing.rewiring import Renamed, split_up

_DEEPEST = 6
_MOST = 200


@dataclass(frozen=True)
class _Place:
    """A list of records: its path, and each record as its plain values by their path.

    `keyed` when it is a mapping whose values are the records.
    """

    path: Path
    rows: tuple[dict[Path, str], ...]
    keyed: bool = False


def relocations(old: Any, new: Any) -> list[Renamed]:
    """What has to be read otherwise: the fields first, then the list. Nothing where two would do.

    A list that still stands where it was has not moved, though it may have become empty.
    """
    lists = list(_lists(new))
    for before in _lists(old):
        if isinstance(_at(new, before.path), list) and all(
            one.path != before.path for one in lists
        ):
            continue
        found = [(one, pairs) for one in lists if (pairs := pairs_of(before.rows, one.rows))]
        found.sort(key=lambda pair: -shared_values(pair[1]))
        if len(found) > 1 and shared_values(found[0][1]) == shared_values(found[1][1]):
            continue
        if not found:
            continue
        there, pairs = found[0]
        fields = list(_fields(pairs))
        path = ".".join(there.path)
        values = [Renamed(path, path, as_values=True)] if there.keyed and not before.keyed else []
        if there.path != before.path or fields or values:
            tail = [
                Renamed(one.new, one.new, as_values=True) for one in _moved(before.path, there.path)
            ]
            return [
                *fields,
                *_moved(before.path, there.path),
                *((tail or values) if values else ()),
            ]
    return list(_values(old, new))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _values(old: Any, new: Any) -> Iterator[Renamed]:
    """Single values that stand deeper or less deep now, under the name they had, where one alone does."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    before, now = leaves_of(old), leaves_of(new)
    for path in before:
        there = [leaf for leaf in now if leaf[-1] == path[-1]]
        if path not in now and len(there) == 1 and _kind(before[path]) == _kind(now[there[0]]):
            yield from _moved(path, there[0])


def _kind(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+([.,]\d+)?", "9", text.strip("-")[:20]))[:4]


def _lists(value: Any, path: Path = ()) -> Iterator[_Place]:
    """The lists of records in a value, the outer ones first; none within another's records."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield _Place(path, tuple(leaves_of(one) for one in value[:_MOST]))
    elif isinstance(value, Mapping) and len(path) <= _DEEPEST:
        told: Mapping[str, Any] = value
        records = [one for one in told.values() if isinstance(one, Mapping)]
        if path and len(records) == len(told) > 1:
            yield _Place(path, tuple(leaves_of(one) for one in records[:_MOST]), keyed=True)
        for key, inner in told.items():
            yield from _lists(inner, (*path, str(key)))


def _fields(pairs: Sequence[Pair]) -> Iterator[Renamed]:
    """The fields that stand elsewhere within each record now."""
    known = {key[-1] for before, _ in pairs for key in before}
    fresh = {key[-1] for _, now in pairs for key in now} - known
    for name in dict.fromkeys(key for before, _ in pairs for key in before):
        if sum(name in now for _, now in pairs) * 2 > len(pairs) or split_up(name[-1], fresh):
            continue
        equal = Counter(
            leaf for before, now in pairs if name in before
            for leaf, value in now.items() if value == before[name]
        )  # fmt: skip
        enough = [leaf for leaf, count in equal.items() if count * 2 > len(pairs)]
        namesakes = [leaf for leaf in enough if leaf[-1] == name[-1]]
        if not enough:
            # Its values changed since: only its name can tell.
            leaves = dict.fromkeys(key for _, now in pairs for key in now)
            namesakes = [leaf for leaf in leaves if leaf[-1] == name[-1]]
        fitting = namesakes or enough
        if len(fitting) == 1:
            yield Renamed(".".join(name), ".".join(fitting[0]))


def _moved(before: Path, now: Path) -> Iterator[Renamed]:
    if before == now:
        return
    same = 0
    while same < min(len(before), len(now)) - 1 and before[same] == now[same]:
        same += 1
    if not before or not now:
        return  # the whole output was the list, or is: there is no key to write otherwise
    yield Renamed(".".join(before[same:]), ".".join(now[same:]))
