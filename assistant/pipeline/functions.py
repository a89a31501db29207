"""The functions that expressions may call. Each takes plain data and gives plain data.

A function's docstring is its line in docs/expressions.md: what it does, then examples as
`expression` → `result`, which run as tests.
"""

from __future__ import annotations

import decimal
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.pipeline import moments, patterns
from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import as_json, as_text, is_number, kind_of, same

Number = int | float


@dataclass(frozen=True)
class Function:
    """One row of the table. `parameters` are the names that may also be given as `name=`."""

    name: str
    call: Callable[..., Any]
    parameters: tuple[str, ...]
    required: int
    variadic: bool
    doc: str


FUNCTIONS: dict[str, Function] = {}


def function(implementation: Callable[..., Any]) -> Callable[..., Any]:
    """Put a function into the table, under its name without the trailing underscore."""
    name = implementation.__name__.rstrip("_")
    given = list(inspect.signature(implementation).parameters.values())[1:]
    named = [p for p in given if p.kind is not p.VAR_POSITIONAL]
    FUNCTIONS[name] = Function(
        name=name,
        call=implementation,
        parameters=tuple(p.name for p in named),
        required=sum(p.default is p.empty for p in named),
        variadic=len(named) < len(given),
        doc=inspect.getdoc(implementation) or "",
    )
    return implementation


def _text(value: Any, who: str) -> str:
    if type(value) is not str:
        raise TypeMismatch(
            f"{who} needs text, not {kind_of(value)}",
            hint="" if value is not None else "Use default(…, '') for what may be missing.",
        )
    return value


def _list(value: Any, who: str) -> list[Any]:
    if type(value) is not list:
        raise TypeMismatch(
            f"{who} needs a list, not {kind_of(value)}",
            hint="" if value is not None else "Use default(…, []) for what may be missing.",
        )
    return value


def _record(value: Any, who: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise TypeMismatch(f"{who} needs a record, not {kind_of(value)}")
    return value


def _number(value: Any, who: str) -> Number:
    if not is_number(value):
        raise TypeMismatch(f"{who} needs a number, not {kind_of(value)}")
    return value


def _whole(value: Any, who: str) -> int:
    if type(value) is not int:
        raise TypeMismatch(f"{who} needs a whole number, not {kind_of(value)}")
    return value


@function
def size(meter: Meter, value: Any) -> int:
    """How many characters a text, places a list or keys a record has.

    `size([1, 2, 3])` → `3`
    """
    if type(value) not in (str, list, dict):
        raise TypeMismatch(
            f"size needs text, a list or a record, not {kind_of(value)}",
            hint="" if value is not None else "Use size(default(…, [])) for what may be missing.",
        )
    return len(value)


@function
def lower(meter: Meter, text: Any) -> str:
    """The text in small letters.

    `lower('Jo Bloggs')` → `'jo bloggs'`
    """
    meter.made_text(len(_text(text, "lower")))
    return text.lower()


@function
def upper(meter: Meter, text: Any) -> str:
    """The text in capitals.

    `upper('news')` → `'NEWS'`
    """
    meter.made_text(len(_text(text, "upper")))
    return text.upper()


@function
def trim(meter: Meter, text: Any, characters: Any = None) -> str:
    """The text without white space, or without these characters, at both ends.

    `trim('  Jo ')` → `'Jo'`
    `trim('--x--', '-')` → `'x'`
    """
    meter.made_text(len(_text(text, "trim")))
    return text.strip() if characters is None else text.strip(_text(characters, "trim"))


@function
def split(meter: Meter, text: Any, separator: Any = None) -> list[str]:
    """The pieces of a text between separators; at white space when none is given.

    `split('a,b', ',')` → `['a', 'b']`
    `split(' two  words ')` → `['two', 'words']`
    """
    meter.read(_text(text, "split"))
    if separator is None:
        # A word and its gap are two characters at least.
        meter.made_text(len(text))
        meter.made_places(min(len(text) // 2 + 1, text.count(" ") + text.count("\n") + 1))
        return text.split()
    if not _text(separator, "split"):
        raise TypeMismatch("split needs a separator with at least one character")
    meter.made_text(len(text))
    meter.made_places(text.count(separator) + 1)
    return text.split(separator)


@function
def join(meter: Meter, items: Any, separator: Any = "") -> str:
    """One text from the elements of a list, with a separator between them.

    `join(['a', 'b'], ' and ')` → `'a and b'`
    `join([1, 2], '-')` → `'1-2'`
    """
    between = _text(separator, "join")
    pieces = [as_text(item, meter) for item in _list(items, "join")]
    meter.made_text(len(between) * len(pieces))
    return between.join(pieces)


@function
def contains(meter: Meter, value: Any, part: Any) -> bool:
    """Whether a text has this part, a list this element, or a record this key.

    `contains('safety news', 'news')` → `true`
    `contains(['a', 'b'], 'c')` → `false`
    """
    if type(value) is str:
        meter.read(value)
        return _text(part, "contains") in value
    if type(value) is dict:
        return _text(part, "contains") in value
    meter.work(len(_list(value, "contains")))
    return any(same(element, part, meter) for element in value)


@function
def replace(meter: Meter, text: Any, old: Any, new: Any) -> str:
    """The text with every `old` replaced by `new`.

    `replace('a-b-c', '-', '+')` → `'a+b+c'`
    """
    meter.read(_text(text, "replace"))
    if not _text(old, "replace"):
        raise TypeMismatch("replace needs something to replace, not an empty text")
    growth = text.count(old) * max(0, len(_text(new, "replace")) - len(old))
    meter.made_text(len(text) + growth)
    return text.replace(old, new)


@function
def matches(meter: Meter, text: Any, pattern: Any) -> bool:
    """Whether a regular expression (RE2) is found in the text; `^…$` for the whole text.

    `matches('Release 1.4', '[0-9]+[.][0-9]+')` → `true`
    `matches('draft', '^final$')` → `false`
    """
    subject = _text(text, "matches")
    meter.work(20 + len(subject) // 4)
    return patterns.found(_text(pattern, "matches"), subject)


@function
def sort(meter: Meter, items: Any, by: Any = None, descending: Any = False) -> list[Any]:
    """The list in order; records by the value under `by`; what has no value comes last.

    `sort([3, 1, 2])` → `[1, 2, 3]`
    `sort([{'n': 1}, {'n': 2}], by='n', descending=true)` → `[{'n': 2}, {'n': 1}]`
    """
    elements = _list(items, "sort")
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
    meter.made_places(len(_list(items, "unique")))
    for element in items:
        mark = _mark(_by(element, by, "unique"), meter)
        if mark not in seen:
            seen.add(mark)
            kept.append(element)
    return kept


def _by(element: Any, by: Any, who: str) -> Any:
    if by is None:
        return element
    for key in _text(by, who).split("."):
        if element is None:
            return None
        element = _record(element, f"{who} by {by!r}").get(key)
    return element


def _mark(value: Any, meter: Meter) -> Any:
    """What equal values share, so that a set can tell them apart."""
    if type(value) in (list, dict):
        return as_json(value, meter)
    if type(value) is str:
        meter.read(value)
    return (type(value) is bool, value is None, value)


@function
def sum_(meter: Meter, items: Any) -> Number:
    """The sum of a list of numbers; 0 for an empty one.

    `sum([1, 2.5])` → `3.5`
    """
    meter.work(len(_list(items, "sum")))
    total: Number = 0
    for item in items:
        total = meter.number(total + _number(item, "sum"))
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
    elements = _list(values[0], who) if len(values) == 1 else list(values)
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
def round_(meter: Meter, number: Any, digits: Any = 0) -> Number:
    """The number rounded as people do (halves away from zero), to whole numbers or to digits.

    `round(2.5)` → `3`
    `round(2.675, 2)` → `2.68`
    """
    value, places = _number(number, "round"), _whole(digits, "round")
    if not 0 <= places <= 15:
        raise TypeMismatch("round needs 0 to 15 digits")
    if type(value) is int or abs(value) >= 1e15:
        return int(value) if places == 0 else value
    step = decimal.Decimal(1).scaleb(-places)
    rounded = decimal.Decimal(repr(value)).quantize(step, rounding=decimal.ROUND_HALF_UP)
    return int(rounded) if places == 0 else float(rounded)


@function
def now(meter: Meter) -> str:
    """This moment of the run, as it was recorded: a run that is resumed sees the same one.

    `now()` → `'2026-03-02T12:00:00.000Z'`
    """
    return moments.written(moments.known(meter.moment))


@function
def date(
    meter: Meter, value: Any, zone: Any = "UTC", weeks: Any = 0, days: Any = 0, hours: Any = 0,
    minutes: Any = 0,
) -> str:  # fmt: skip
    """A moment, written so that earlier sorts before later; moved, if asked, on or back.

    A text without an offset is read in `zone`.

    `date('2026-03-02')` → `'2026-03-02T00:00:00.000Z'`
    `date(now(), days=-7)` → `'2026-02-23T12:00:00.000Z'`
    `date('2026-07-01 09:00', zone='Europe/London')` → `'2026-07-01T08:00:00.000Z'`
    """
    parts = {"weeks": weeks, "days": days, "hours": hours, "minutes": minutes}
    shift = {name: _number(amount, "date") for name, amount in parts.items()}
    return moments.moved(_text(value, "date"), _text(zone, "date"), shift)


@function
def format_date(meter: Meter, value: Any, pattern: Any = "%Y-%m-%d", zone: Any = "UTC") -> str:
    """A moment in words of your own: `%Y %m %d %H %M %S %B %b %A %a %y %j %e %I %p %z %Z`.

    `format_date('2026-03-02T12:00:00Z', '%A %e %B %Y')` → `'Monday 2 March 2026'`
    `format_date('2026-07-01T12:00:00Z', '%H:%M', 'Europe/London')` → `'13:00'`
    """
    shape = _text(pattern, "format_date")
    meter.made_text(len(shape) * 4)
    return moments.formatted(_text(value, "format_date"), shape, _text(zone, "format_date"))


@function
def json(meter: Meter, value: Any) -> str:
    """The value as JSON text.

    `json({'a': [1, true]})` → `'{"a": [1, true]}'`
    """
    return as_json(value, meter)


@function
def default(meter: Meter, value: Any, otherwise: Any) -> Any:
    """The value, or `otherwise` when it is missing or null.

    `default(steps.read.subtitle, 'none')` → `'none'`
    `default(null, 3)` → `3`
    """
    return otherwise if value is None else value


@function
def keys(meter: Meter, record: Any) -> list[str]:
    """The keys of a record, in their order.

    `keys({'a': 1, 'b': 2})` → `['a', 'b']`
    """
    meter.made_places(len(_record(record, "keys")))
    return list(record)


@function
def values(meter: Meter, record: Any) -> list[Any]:
    """The values of a record, in their order.

    `values({'a': 1, 'b': 2})` → `[1, 2]`
    """
    meter.made_places(len(_record(record, "values")))
    return list(record.values())


@function
def flatten(meter: Meter, items: Any) -> list[Any]:
    """One list from a list of lists; one level deep.

    `flatten([[1, 2], [3], 4])` → `[1, 2, 3, 4]`
    """
    flat: list[Any] = []
    for item in _list(items, "flatten"):
        meter.made_places(len(item) if type(item) is list else 1)
        flat.extend(item if type(item) is list else [item])
    return flat


@function
def slice_(meter: Meter, value: Any, start: Any, end: Any = None) -> Any:
    """The part of a list or text from `start` up to, not including, `end`.

    `slice([1, 2, 3, 4], 0, 2)` → `[1, 2]`
    `slice('headline', 4)` → `'line'`
    """
    first = None if start is None else _whole(start, "slice")
    last = None if end is None else _whole(end, "slice")
    return part(meter, value, first, last)


def part(meter: Meter, value: Any, start: int | None, end: int | None) -> Any:
    """What `slice` and `[start:end]` give."""
    if type(value) not in (list, str):
        raise TypeMismatch(f"only a list or text has parts, not {kind_of(value)}")
    taken = value[start:end]
    meter.made_text(len(taken)) if type(taken) is str else meter.made_places(len(taken))
    return taken
