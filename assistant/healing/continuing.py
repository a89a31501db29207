"""Whether a list goes on where it was: the same things in the same order, word for word.

`comparing` asks whether an output is no worse than before. This asks more, for addresses that only
their content speaks for: a value tried out of several, a parameter that is new.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from assistant.healing.comparing import ENOUGH, NOISE, named_rows, rows_of
from assistant.healing.spelling import words_of

_MUCH_MORE = 1.5


def in_order(before: Any, after: Any) -> bool:
    """Whether what both lists have stands in the same order, from the front of the earlier one on.

    At least two things, and a third of what was there, have to be in both.
    """
    olds, news = [name for name, _ in named_rows(before)], [name for name, _ in named_rows(after)]
    shared = [one for one in olds if one in news]
    if len(shared) < max(2, len(olds) / 3) or not set(shared) & set(olds[: (len(olds) + 1) // 2]):
        return False
    return shared == [one for one in news if one in set(olds)]


def has_of_before(before: Any, after: Any) -> bool:
    """Whether a third of an earlier list, and at least two things, is in the new one; any record is."""
    olds, news = {name for name, _ in named_rows(before)}, {name for name, _ in named_rows(after)}
    return not rows_of(before)[1] or len(olds & news) >= min(len(olds), max(2, len(olds) / 3))


def goes_on(before: Any, after: Any) -> float | None:
    """How much of the earlier output is in the new one word for word, 0 to 1; None for too little.

    A list has to go on in its order, and no text of its rows may read otherwise now: another
    language, another unit. Much more than before is another list, and so is one with other things
    among those of before: a filter is gone. One record alone has to be nearly the same.
    """
    olds, news = named_rows(before), dict(named_rows(after))
    if len(olds) == 1 and not rows_of(before)[1]:
        pairs = [(olds[0][1], row) for row in news.values()][:1]
    elif (
        in_order(before, after)
        and len(news) <= _MUCH_MORE * len(olds) + 2
        and not _others_between([name for name, _ in olds], list(news))
    ):
        pairs = [(row, news[name]) for name, row in olds if name in news]
    else:
        return None
    shares = dict[str, float]()
    for name in dict.fromkeys(key for row, _ in pairs for key in row if key not in NOISE):
        told = [(row[name], new.get(name, "")) for row, new in pairs if row.get(name)]
        if told:
            shares[name] = sum(old == new for old, new in told) / len(told)
            if shares[name] < 0.5 and any(re.search(r"[^\W\d_]{3}", old) for old, _ in told):
                return None
    share = sum(shares.values()) / len(shares) if shares else 0.0
    share *= min(1.0, (len(olds) + 2) / max(1, len(news)))
    return share if share >= ENOUGH or len(pairs) > 1 else None


def _others_between(olds: list[str], news: list[str]) -> bool:
    """Whether there are things among those of before that were not there."""
    places = [place for place, name in enumerate(news) if name in set(olds)]
    return bool(places) and len(places) < places[-1] - places[0] + 1


def value_in_rows(name: str, before: Any, after: Any) -> str:
    """The one value that the rows of before have now in a field of that name; empty for none."""
    known = {one for one, _ in named_rows(before)}
    rows = [row for one, row in named_rows(after) if one in known]
    for field in dict.fromkeys(key for row in rows for key in row):
        if words_of(name) <= words_of(field):
            counted = Counter(row.get(field, "") for row in rows)
            (value, count), *_ = counted.most_common(1)
            if count >= max(2, ENOUGH * len(rows)):
                return value
    return ""
