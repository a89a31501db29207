"""Functions of expressions over any value, numbers and dates."""

from __future__ import annotations

import decimal
from typing import Any

from assistant.pipeline import moments
from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.function_table import (
    Number,
    function,
    need_list,
    need_number,
    need_text,
    need_whole,
)
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import as_json, kind_of, same


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
def contains(meter: Meter, value: Any, part: Any) -> bool:
    """Whether a text has this part, a list this element, or a record this key.

    `contains('safety news', 'news')` → `true`
    `contains(['a', 'b'], 'c')` → `false`
    """
    if type(value) is str:
        meter.read(value)
        return need_text(part, "contains") in value
    if type(value) is dict:
        return need_text(part, "contains") in value
    meter.work(len(need_list(value, "contains")))
    return any(same(element, part, meter) for element in value)


@function
def round_(meter: Meter, number: Any, digits: Any = 0) -> Number:
    """The number rounded as people do (halves away from zero), to whole numbers or to digits.

    `round(2.5)` → `3`
    `round(2.675, 2)` → `2.68`
    """
    value, places = need_number(number, "round"), need_whole(digits, "round")
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
    shift = {name: need_number(amount, "date") for name, amount in parts.items()}
    return moments.moved(need_text(value, "date"), need_text(zone, "date"), shift)


@function
def format_date(meter: Meter, value: Any, pattern: Any = "%Y-%m-%d", zone: Any = "UTC") -> str:
    """A moment in words of your own: `%Y %m %d %H %M %S %B %b %A %a %y %j %e %I %p %z %Z`.

    `format_date('2026-03-02T12:00:00Z', '%A %e %B %Y')` → `'Monday 2 March 2026'`
    `format_date('2026-07-01T12:00:00Z', '%H:%M', 'Europe/London')` → `'13:00'`
    """
    shape = need_text(pattern, "format_date")
    meter.made_text(len(shape) * 4)
    return moments.formatted(need_text(value, "format_date"), shape, need_text(zone, "format_date"))


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
