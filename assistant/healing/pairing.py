"""Which record of before is which of now: told by the values themselves, whatever their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.healing.kinds import kind_of

_DEEPEST = 6
_FEWEST = 2
_SHARED = 0.3
"""Share of the old records that has to be found again for a list to be the old one."""

_AMOUNTS = frozenset({"a number", "a price", "an amount"})
Path = tuple[str, ...]
Leaves = dict[Path, str]
Pair = tuple[Leaves, Leaves]


def leaves_of(record: Mapping[str, Any]) -> Leaves:
    """A record's plain values by their path; what is empty is left out."""
    return dict(_leaves(record, ()))


def _leaves(value: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and len(path) < _DEEPEST:
            told: Mapping[str, Any] = inner
            yield from _leaves(told, (*path, str(key)))
        elif isinstance(inner, str | int | float) and inner != "":
            yield (*path, str(key)), str(inner)


def pairs_of(olds: Sequence[Leaves], news: Sequence[Leaves]) -> list[Pair]:
    """The records that are in both lists, by the value that tells one from another.

    Nothing where fewer than two, or less than a third of the old ones, are found again.
    """
    best = list[Pair]()
    for name in dict.fromkeys(key for row in olds for key in row):
        values = {row[name]: row for row in olds if name in row}
        if len(values) < max(_FEWEST, len(olds) * 0.9):
            continue
        for leaf in dict.fromkeys(key for row in news for key in row):
            found = [(values[row[leaf]], row) for row in news if row.get(leaf) in values]
            if len({id(before) for before, _ in found}) < len(found) or not found:
                continue
            if kind_of([row[leaf] for _, row in found]) in _AMOUNTS and not _agree(found):
                continue
            if (len(found), shared_values(found)) > (len(best), shared_values(best)):
                best = found
    return best if len(best) >= max(_FEWEST, len(olds) * _SHARED) else []


def shared_values(pairs: Sequence[Pair]) -> int:
    """How many values of the old records stand in the same records now, under whatever name."""
    return sum(len(set(old.values()) & set(now.values())) for old, now in pairs)


def _agree(pairs: Sequence[Pair]) -> bool:
    """Whether records that share an amount share anything else: a price may be anybody's."""
    return shared_values(pairs) >= 2 * len(pairs) or all(len(old) < _FEWEST for old, _ in pairs)


def rows_paired(olds: Sequence[Mapping[str, Any]], news: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """`pairs_of` for rows as they are; the only row of both is a pair, too."""
    before, after = [leaves_of(one) for one in olds], [leaves_of(one) for one in news]
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    return pairs_of(before, after)


def agreement(pairs: Sequence[Pair]) -> float:
    """The share of the old records' values that stand under the same name in the same record now.

    Of records that are not there any more nothing is told: 0 when none is.
    """
    told = [now.get(name) == value for old, now in pairs for name, value in old.items()]
    return sum(told) / len(told) if told else 0.0


def replaced(pairs: Sequence[Pair]) -> list[Path]:
    """The texts that are others now in every one of several records: that is another column."""
    found = list[Path]()
    for name in dict.fromkeys(key for old, _ in pairs for key in old):
        told = [(old[name], now[name]) for old, now in pairs if name in old and name in now]
        if len(told) < _FEWEST + 1 or any(_number(old) for old, _ in told):
            continue
        if not any(_folded(old) == _folded(now) for old, now in told):
            found.append(name)
    return found


def _number(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?", text) is not None


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
