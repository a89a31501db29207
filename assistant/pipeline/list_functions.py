"""Functions of expressions over lists and records."""

from __future__ import annotations

from typing import Any

from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.function_table import (
    Number,
    function,
    need_list,
    need_number,
    need_record,
    need_text,
    need_whole,
)
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import as_json, kind_of


@function
def sort(meter: Meter, items: Any, by: Any = None, descending: Any = False) -> list[Any]:
    """The list in order; records by the value under `by`; what has no value comes last.

    `sort([3, 1, 2])` → `[1, 2, 3]`
    `sort([{'n': 1}, {'n': 2}], by='n', descending=true)` → `[{'n': 2}, {'n': 1}]`
    """
    elements = need_list(items, "sort")
    meter.made_places(len(elements) * max(1, len(elements).bit_length() // 4))
    pairs = [(_by(element, by, "sort"), element) for element in elements]
    known = [pair for pair in pairs if pair[0] is not None]
    wrong = {kind_of(value) for value, _ in known}
    if len(wrong) > 1 or wrong & {"a list", "a record"}:
        advice = "Name what to sort by: sort(…, by='score')." if "a record" in wrong else ""
        raise TypeMismatch(f"sort cannot put {' and '.join(sorted(wrong))} in order", hint=advice)
    for value, _ in known:
        if type(value) is str:
            meter.read(value)
    known.sort(key=lambda pair: pair[0], reverse=descending is True)
    return [element for _, element in known] + [e for value, e in pairs if value is None]


@function
def unique(meter: Meter, items: Any, by: Any = None) -> list[Any]:
    """The list without repetitions, the first of each kept; records alike by `by`, if given.

    `unique([1, 2, 1])` → `[1, 2]`
    `unique([{'url': 'a', 'n': 1}, {'url': 'a', 'n': 2}], by='url')` → `[{'url': 'a', 'n': 1}]`
    """
    seen = set[Any]()
    kept: list[Any] = []
    meter.made_places(len(need_list(items, "unique")))
    for element in items:
        mark = _mark(_by(element, by, "unique"), meter)
        if mark not in seen:
            seen.add(mark)
            kept.append(element)
    return kept


def _by(element: Any, by: Any, who: str) -> Any:
    if by is None:
        return element
    for key in need_text(by, who).split("."):
        if element is None:
            return None
        element = need_record(element, f"{who} by {by!r}").get(key)
    return element


def _mark(value: Any, meter: Meter) -> Any:
    """What equal values share, so that a set can tell them apart."""
    if type(value) in (list, dict):
        return as_json(value, meter)
    if type(value) is str:
        meter.read(value)
    return (type(value) is bool, value is None, value)


@function
def flatten(meter: Meter, items: Any) -> list[Any]:
    """One list from a list of lists; one level deep.

    `flatten([[1, 2], [3], 4])` → `[1, 2, 3, 4]`
    """
    flat: list[Any] = []
    for item in need_list(items, "flatten"):
        meter.made_places(len(item) if type(item) is list else 1)
        flat.extend(item if type(item) is list else [item])
    return flat


@function
def slice_(meter: Meter, value: Any, start: Any, end: Any = None) -> Any:
    """The part of a list or text from `start` up to, not including, `end`.

    `slice([1, 2, 3, 4], 0, 2)` → `[1, 2]`
    `slice('headline', 4)` → `'line'`
    """
    first = None if start is None else need_whole(start, "slice")
    last = None if end is None else need_whole(end, "slice")
    return part(meter, value, first, last)


def part(meter: Meter, value: Any, start: int | None, end: int | None) -> Any:
    """What `slice` and `[start:end]` give."""
    if type(value) not in (list, str):
        raise TypeMismatch(f"only a list or text has parts, not {kind_of(value)}")
    taken = value[start:end]
    meter.made_text(len(taken)) if type(taken) is str else meter.made_places(len(taken))
    return taken


@function
def sum_(meter: Meter, items: Any) -> Number:
    """The sum of a list of numbers; 0 for an empty one.

    `sum([1, 2.5])` → `3.5`
    """
    meter.work(len(need_list(items, "sum")))
    total: Number = 0
    for item in items:
        total = meter.number(total + need_number(item, "sum"))
    return total


@function
def min_(meter: Meter, *values: Any) -> Any:
    """The least of a list, or of the arguments: numbers with numbers, text with text.

    `min([3, 1])` → `1`
    `min('b', 'a')` → `'a'`
    """
    return min(_alike(meter, values, "min"))


@function
def max_(meter: Meter, *values: Any) -> Any:
    """The greatest of a list, or of the arguments.

    `max(3, 1)` → `3`
    """
    return max(_alike(meter, values, "max"))


def _alike(meter: Meter, values: tuple[Any, ...], who: str) -> list[Any]:
    elements = need_list(values[0], who) if len(values) == 1 else list(values)
    meter.work(len(elements))
    if not elements:
        raise TypeMismatch(
            f"{who} of an empty list is nothing",
            hint=f"Say what it is then: {who}(…) if size(…) > 0 else 0.",
        )
    kinds = {kind_of(element) for element in elements}
    if kinds != {"a number"} and kinds != {"text"}:
        raise TypeMismatch(f"{who} cannot compare {' and '.join(sorted(kinds))}")
    for element in elements:
        if type(element) is str:
            meter.read(element)
    return elements


@function
def keys(meter: Meter, record: Any) -> list[str]:
    """The keys of a record, in their order.

    `keys({'a': 1, 'b': 2})` → `['a', 'b']`
    """
    meter.made_places(len(need_record(record, "keys")))
    return list(record)


@function
def values(meter: Meter, record: Any) -> list[Any]:
    """The values of a record, in their order.

    `values({'a': 1, 'b': 2})` → `[1, 2]`
    """
    meter.made_places(len(need_record(record, "values")))
    return list(record.values())
