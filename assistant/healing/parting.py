"""A name that several new ones carry: `fare` → `fare_adult`, `fare_child`.

Names alone never tell which is meant. Where rows that are there before and after have, without one
exception, the old value in one of them, and other values in the rest, that one is the old column.
Where the new ones are halves of what it was (net and gross, first and last, from and to), it is none
of them, whatever the values say: what it meant is for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.healing.pairing import leaves_of, pairs_of
from assistant.healing.spelling import words_of

_FEWEST = 3
"""Rows, and different values in them, that have to tell the same."""
_OTHERS = 0.5
"""Share of the rows up to which another column may have the old value too."""
_HALVES: tuple[frozenset[str], ...] = (
    frozenset({"net", "gross", "tax", "vat", "excl", "incl", "excluding", "including", "before", "after"}),
    frozenset({"first", "last", "middle", "given", "family", "sur", "surname", "forename", "second"}),
    frozenset({"from", "to", "until", "till", "start", "end", "begin", "starts", "ends", "open", "close",
               "opens", "closes", "arrival", "departure"}),
    frozenset({"min", "max", "low", "high", "lowest", "highest", "minimum", "maximum", "avg", "mean"}),
    frozenset({"short", "long", "full", "brief"}),
    frozenset({"old", "new", "previous", "current", "was", "now", "original", "reduced", "sale", "regular"}),
    frozenset({"amount", "value", "currency", "unit", "number", "code"}),
    frozenset({"lat", "lon", "lng", "latitude", "longitude", "x", "y"}),
    frozenset({"planned", "actual", "scheduled", "estimated", "expected", "due", "real"}),
    frozenset({"date", "time", "day", "hour", "year", "month"}),
)  # fmt: skip


def are_halves(old: str, fresh: Iterable[str]) -> bool:
    """Whether two of the new names that carry the old one say in their other words that each is a
    part, a bound or a stage of what it was."""
    before = words_of(old)
    besides = [words_of(name) - before for name in fresh if before < words_of(name)]
    return any(sum(bool(words & half) for words in besides) > 1 for half in _HALVES)


def same_in_rows(
    olds: Sequence[Mapping[str, Any]], news: Sequence[Mapping[str, Any]], old: str, new: str = ""
) -> list[tuple[str, str]]:
    """The old column's value and the new one's, in each row that something else shows to be the same."""
    before = [leaves_of({k: v for k, v in row.items() if k != old}) for row in olds]
    after = [leaves_of({k: v for k, v in row.items() if k != (new or old)}) for row in news]
    whose = {id(leaves): row for leaves, row in zip(before, olds, strict=True)}
    whose |= {id(leaves): row for leaves, row in zip(after, news, strict=True)}
    pairs = [(whose[id(one)], whose[id(other)]) for one, other in pairs_of(before, after)]
    return [
        (str(one[old]), str(other.get(new or old)))
        for one, other in pairs
        if one.get(old) is not None
    ]


def one_alone(given: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The one name under which all rows have the old value, and hardly any has it under another; else
    empty."""
    shares = {
        name: sum(old == now for old, now in told) / len(told) if told else 1.0
        for name, told in given.items()
    }
    best = [name for name, share in shares.items() if share == 1.0]
    if len(best) != 1:
        return ""
    telling = given[best[0]]
    if len(telling) < _FEWEST or len({old for old, _ in telling}) < _FEWEST:
        return ""
    others = [share for name, share in shares.items() if name != best[0]]
    return best[0] if all(share <= _OTHERS for share in others) else ""


def part_of(
    old: str,
    fresh: Sequence[str],
    olds: Sequence[Mapping[str, Any]],
    news: Sequence[Mapping[str, Any]],
) -> str:
    """The one of the new names that carry the old one which is the old column; empty for none."""
    before = words_of(old)
    names = [name for name in fresh if before < words_of(name)]
    if are_halves(old, names):
        return ""
    return one_alone({name: same_in_rows(olds, news, old, name) for name in names})
