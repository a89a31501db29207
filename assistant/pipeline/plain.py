"""Plain data: what JSON can say, in the words that people read."""

from __future__ import annotations

import json
from typing import Any

from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.meter import Meter

_WORDS = {
    str: "text", int: "a number", float: "a number", bool: "true or false",
    list: "a list", dict: "a record", type(None): "null",
}  # fmt: skip


def kind_of(value: Any) -> str:
    """`a list`, `text`, `null` …: how messages call a value."""
    return _WORDS.get(type(value), "something that is not plain data")


def is_plain(value: Any) -> bool:
    return type(value) in _WORDS


def is_number(value: Any) -> bool:
    return type(value) is int or type(value) is float


def same(left: Any, right: Any, meter: Meter) -> bool:
    """Equal as JSON: 1 and 1.0 are, 1 and true are not."""
    if type(left) is str and type(right) is str:
        meter.read(left)
    elif type(left) in (list, dict) and type(right) in (list, dict):
        meter.weigh(left)
    elif (type(left) is bool) != (type(right) is bool):
        return False
    return left == right


def as_json(value: Any, meter: Meter) -> str:
    """The value as JSON text. Raises TypeMismatch for what is not plain data."""
    meter.weigh(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise TypeMismatch(f"{kind_of(value)} cannot be written as JSON: {wrong}") from wrong


def as_text(value: Any, meter: Meter) -> str:
    """How a value stands inside a text: null as nothing, lists and records as JSON."""
    if type(value) is str:
        meter.made_text(len(value))
        return value
    if value is None:
        return ""
    return as_json(value, meter)
