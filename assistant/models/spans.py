"""Runs of whole words of a text: what a grounded value may be.

A word is a URL, a mail address, a number with its separators, a mark such as `<feed1>` that
stands for a value, or a word in the usual sense;
every other character that is no space stands for itself. A span starts and ends with one of
these, so `example.org` is no span of a text that only says `jo@example.org`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CHUNK = re.compile(
    r"""
      \w[\w+.-]*://[^\s<>"'`]*[\w/=&\#~+-]         # a URL, without the punctuation after it
    | [\w.!\#$%&*+/=?^`{|}~-]*\w@\w[\w-]*(?:\.\w[\w-]*)+   # a mail address
    | \w+(?:[.,:'’\-/&]\w+)*                       # a word, 7:30, 1,000, well-known, and/or
    | <\w+>                                        # a mark that stands for a value
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def chunks(text: str) -> list[str]:
    """The text cut into words, single marks and stretches of space; joined they are the text."""
    return _CHUNK.findall(text)


def is_span(value: str, text: str) -> bool:
    """Whether `value` is a run of whole words of `text`."""
    if not value or value != value.strip():
        return False
    starts, ends, place = set[int](), set[int](), 0
    for chunk in chunks(text):
        starts.add(place)
        place += len(chunk)
        ends.add(place)
    found = text.find(value)
    while found >= 0:
        if found in starts and found + len(value) in ends:
            return True
        found = text.find(value, found + 1)
    return False


def invented(record: Any, schema: Mapping[str, Any]) -> list[str]:
    """The values of `record` that a schema with `x-spans` wanted from its text and are not there."""
    return list(_invented(record, schema, schema))


def _invented(value: Any, schema: Any, root: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield from _invented(value, resolve(reference, root), root)
    if isinstance(value, str) and "x-spans" in schema and not is_span(value, schema["x-spans"]):
        yield value
    for key in ("anyOf", "oneOf"):
        choices = [c for c in schema.get(key, ()) if _may_be(value, resolved(c, root))]
        found = [list(_invented(value, choice, root)) for choice in choices]
        if found and all(found):
            yield from found[0]
    for part in schema.get("allOf", ()):
        yield from _invented(value, part, root)
    if isinstance(value, Mapping):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _invented(value[name], inner, root)
    if isinstance(value, list):
        for item in value:
            yield from _invented(item, schema.get("items"), root)


_TYPES = {str: "string", bool: "boolean", int: "integer", dict: "object", list: "array"}


def _may_be(value: Any, schema: Any) -> bool:
    """Whether the schema's `type` leaves room for this value; only text and lists are looked into."""
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    kinds = [kind] if isinstance(kind, str) else kind
    return kinds is None or _TYPES.get(type(value), "") in kinds


def resolved(schema: Any, root: Mapping[str, Any]) -> Any:
    """The schema itself, or what its `$ref` points at."""
    seen = 0
    while isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str) and seen < 32:
        schema, seen = resolve(schema["$ref"], root), seen + 1
    return schema


def resolve(reference: str, root: Mapping[str, Any]) -> Any:
    """What `#/$defs/Name` of this schema points at. Raises KeyError when nothing is there."""
    found: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        if part:
            found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def without_spans(schema: Any) -> Any:
    """The schema as others understand it: the same, and no `x-spans`."""
    if isinstance(schema, Mapping):
        return {key: without_spans(part) for key, part in schema.items() if key != "x-spans"}
    if isinstance(schema, list):
        return [without_spans(part) for part in schema]
    return schema
