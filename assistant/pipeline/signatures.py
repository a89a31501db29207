"""What kinds of values the functions of expressions take and give, for the checker."""

from __future__ import annotations

from collections.abc import Callable

from assistant.pipeline.functions import FUNCTIONS
from assistant.pipeline.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    LIST,
    NUMBER,
    RECORD,
    TEXT,
    Type,
    list_of,
    union,
)

_SIZED = Type(frozenset({"text", "list", "record"}))
_READ = Type(frozenset({"text", "number", "integer"}))
_SLICED = Type(frozenset({"text", "list"}))
_TAKES: dict[str, dict[str, Type]] = {
    "size": {"value": _SIZED},
    "lower": {"text": TEXT},
    "upper": {"text": TEXT},
    "trim": {"text": TEXT, "characters": TEXT},
    "split": {"text": TEXT, "separator": TEXT},
    "join": {"items": LIST, "separator": TEXT},
    "contains": {"value": _SIZED},
    "replace": {"text": TEXT, "old": TEXT, "new": TEXT},
    "matches": {"text": TEXT, "pattern": TEXT},
    "number": {"value": _READ, "of": TEXT},
    "sort": {"items": LIST, "by": TEXT, "descending": BOOLEAN},
    "unique": {"items": LIST, "by": TEXT},
    "sum": {"items": LIST},
    "round": {"number": NUMBER, "digits": INTEGER},
    "date": {"value": TEXT, "zone": TEXT, "days": NUMBER, "hours": NUMBER, "weeks": NUMBER, "minutes": NUMBER},
    "format_date": {"value": TEXT, "pattern": TEXT, "zone": TEXT},
    "keys": {"record": RECORD},
    "values": {"record": RECORD},
    "flatten": {"items": LIST},
    "slice": {"value": _SLICED, "start": INTEGER, "end": INTEGER},
}  # fmt: skip


def wrong_argument(name: str, given: list[Type], named: dict[str, Type]) -> str:
    """Why the function cannot take these values, or an empty text."""
    takes = _TAKES.get(name, {})
    entry = FUNCTIONS.get(name)
    by_name = dict(zip(entry.parameters, given, strict=False)) | named if entry else {}
    for parameter, kind in by_name.items():
        wanted = takes.get(parameter)
        if wanted and not kind.may_be(*_widened(wanted)):
            return f"{name} needs {wanted.words} as {parameter!r}, not {kind.words}"
        if wanted and kind.absent and parameter in ("value", "text", "items"):
            return f"what {name} is given may be null"
    return ""


def _widened(wanted: Type) -> frozenset[str]:
    """A whole number is wanted: a number may turn out to be one."""
    return wanted.kinds | {"number"} if "integer" in wanted.kinds else wanted.kinds


def _same(given: list[Type]) -> Type:
    return given[0] if given and given[0].is_only("list") else LIST


def _flat(given: list[Type]) -> Type:
    item = given[0].item if given else None
    return list_of(item.item or ANY) if item and item.is_only("list") else LIST


def _element(given: list[Type]) -> Type:
    if len(given) == 1:
        return (given[0].item or ANY) if given[0].is_only("list") else ANY
    return union(given)


_GIVES: dict[str, Callable[[list[Type]], Type]] = {
    "sort": _same, "unique": _same, "flatten": _flat, "min": _element, "max": _element,
    "slice": lambda given: given[0] if given and given[0].kinds <= _SLICED.kinds else _SLICED,
    "split": lambda _: list_of(TEXT), "keys": lambda _: list_of(TEXT), "values": lambda _: LIST,
    "size": lambda _: INTEGER, "sum": lambda _: NUMBER, "round": lambda _: NUMBER, "number": lambda _: NUMBER,
    "contains": lambda _: BOOLEAN, "matches": lambda _: BOOLEAN,
    **dict.fromkeys(
        ("lower", "upper", "trim", "join", "replace", "now", "date", "format_date", "json"),
        lambda _: TEXT,
    ),
}  # fmt: skip


def result(name: str, given: list[Type]) -> Type:
    """What the function gives for values of these types."""
    made = _GIVES.get(name)
    return made(given) if made else ANY
