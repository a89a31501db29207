"""Reaching into plain data: names, keys and places, and what to say when they are not there."""

from __future__ import annotations

from typing import Any

from assistant.pipeline import operators
from assistant.pipeline.expression_errors import NameMissing, TypeMismatch
from assistant.pipeline.plain import is_plain, kind_of
from assistant.pipeline.suggest import did_you_mean


def missing_name(name: str, names: dict[str, Any]) -> NameMissing:
    return NameMissing(f"no {name!r} here", hint=did_you_mean(name, names))


def as_plain(value: Any, name: str) -> Any:
    if not is_plain(value):
        raise TypeMismatch(f"{name!r} is not plain data")
    return value


def key_of(value: Any, key: str) -> Any:
    """`value.key`, which only a record has."""
    if type(value) is dict:
        try:
            return as_plain(value[key], key)
        except KeyError:
            raise NameMissing(f"no {key!r}", hint=_dashed(key, value)) from None
    if value is None:
        raise NameMissing(
            f"null has no {key!r}",
            hint="What stands before it may be missing or skipped: default(…, …) answers that.",
        )
    if type(value) is list:
        raise TypeMismatch(
            f"a list has no {key!r}; its elements may",
            hint=f"Write [0].{key} for the first, or [x.{key} for x in …] for all.",
        )
    raise TypeMismatch(f"{kind_of(value)} has no {key!r}")


def _dashed(key: str, record: dict[str, Any]) -> str:
    """`a-b` reads as a minus b: show how such a key is written."""
    for known in record:
        if type(known) is str and "-" in known and known.split("-")[0] == key:
            return f"Write [{known!r}]: a dash is a minus here."
    return did_you_mean(key, record)


def element_of(value: Any, index: Any) -> Any:
    """`value[index]`: a key of a record, a place of a list or text."""
    if type(value) is dict:
        if type(index) is not str:
            raise TypeMismatch(f"a record's keys are texts, not {kind_of(index)}")
        return key_of(value, index)
    if value is None:
        raise NameMissing(f"null has no {index!r}", hint="Use default(…, …).")
    if type(value) not in (list, str):
        raise TypeMismatch(f"{kind_of(value)} has no places")
    place = operators.whole(index)
    if not -len(value) <= place < len(value):
        raise NameMissing(
            f"no place {place} in {kind_of(value)} of {len(value)}", hint="The first is [0]."
        )
    return as_plain(value[place], f"[{place}]")
