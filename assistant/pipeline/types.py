"""What is known about a value before anything runs: a small lattice over JSON's kinds.

A type says which kinds a value may have, and for lists and records what is inside. Knowing
nothing is `ANY`. Two types clash only when no value could be of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

KINDS = frozenset({"text", "integer", "number", "boolean", "null", "list", "record"})
_JSON_NAMES = {
    "string": "text", "integer": "integer", "number": "number", "boolean": "boolean",
    "null": "null", "array": "list", "object": "record",
}  # fmt: skip
_WORDS = {
    "text": "text", "integer": "a whole number", "number": "a number", "null": "null",
    "boolean": "true or false", "list": "a list", "record": "a record",
}  # fmt: skip
_DEEPEST = 12
_JUST_LIST, _JUST_RECORD = frozenset({"list"}), frozenset({"record"})


@dataclass(frozen=True)
class Type:
    """`item` and `fields` are None where nothing is known. An `open` record may hold more."""

    kinds: frozenset[str] = KINDS
    item: Type | None = None
    fields: Mapping[str, Type] | None = None
    open: bool = True
    absent: str = ""
    """Why the value may be null although its kinds do not say so: `step 'x' may be skipped`."""
    missing: bool = False
    """Whether the very key may be missing, for the reason in `absent`."""

    @property
    def words(self) -> str:
        """`text`, `a list of records`, `a number or null`."""
        if self.kinds >= KINDS - {"null", "integer"}:
            return "anything"
        shown = self.kinds - {"integer"} if "number" in self.kinds else self.kinds
        names = [_WORDS[kind] for kind in sorted(shown, key=list(_WORDS).index)]
        text = " or ".join(names)
        if self.is_only("list") and self.item and len(self.item.kinds) == 1:
            text = f"a list of {_plural(next(iter(self.item.kinds)))}"
        return text

    @property
    def is_any(self) -> bool:
        return self.kinds == KINDS and self.fields is None and self.item is None

    def with_absence(self, reason: str, *, missing: bool = False) -> Type:
        """The same value, which for this reason may not be there."""
        return replace(self, absent=self.absent or reason, missing=self.missing or missing)

    def present(self) -> Type:
        """The same value, now known to be there."""
        kinds = self.kinds - {"null"} if not self.is_only("null") else self.kinds
        return replace(self, absent="", missing=False, kinds=kinds)

    def is_only(self, kind: str) -> bool:
        return self.kinds == frozenset({kind})

    def may_be(self, *kinds: str) -> bool:
        return not self.kinds.isdisjoint(kinds)


def _plural(kind: str) -> str:
    return {"text": "texts", "boolean": "true or false", "null": "nulls"}.get(
        kind, _WORDS[kind].removeprefix("a ") + "s"
    )


ANY = Type()
TEXT = Type(frozenset({"text"}))
INTEGER = Type(frozenset({"integer"}))
NUMBER = Type(frozenset({"integer", "number"}))
BOOLEAN = Type(frozenset({"boolean"}))
NULL = Type(frozenset({"null"}))
LIST = Type(frozenset({"list"}))
RECORD = Type(frozenset({"record"}))


def list_of(item: Type) -> Type:
    return Type(frozenset({"list"}), item=item)


def record_of(fields: Mapping[str, Type], *, open: bool = False) -> Type:
    return Type(frozenset({"record"}), fields=dict(fields), open=open)


def union(types: Iterable[Type]) -> Type:
    """What a value is that may be any of these. Of nothing: ANY."""
    made: Type | None = None
    for kind in types:
        made = kind if made is None else _either(made, kind)
    return made or ANY


def _either(left: Type, right: Type) -> Type:
    if left == right:
        return left
    both_list = "list" in left.kinds and "list" in right.kinds
    item = _either(left.item, right.item) if both_list and left.item and right.item else None
    if not both_list:
        item = left.item if "list" in left.kinds else right.item
    fields, is_open = _fields_of_either(left, right)
    return Type(
        left.kinds | right.kinds, item=item, fields=fields, open=is_open,
        absent=left.absent or right.absent, missing=left.missing or right.missing,
    )  # fmt: skip


def _fields_of_either(left: Type, right: Type) -> tuple[Mapping[str, Type] | None, bool]:
    if not ("record" in left.kinds and "record" in right.kinds):
        chosen = left if "record" in left.kinds else right
        return chosen.fields, chosen.open
    if left.fields is None or right.fields is None:
        return None, True
    fields = {
        name: _either(left.fields[name], right.fields[name])
        if name in left.fields and name in right.fields else ANY
        for name in {**left.fields, **right.fields}
    }  # fmt: skip
    return fields, left.open or right.open


def from_schema(schema: Any, root: Any = None, *, depth: int = 0) -> Type:
    """The type that a JSON Schema describes; ANY where it says what we do not read."""
    root = root if root is not None else schema
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return ANY
    schema = followed(schema, root)
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            return union(from_schema(s, root, depth=depth + 1) for s in schema[word])
    if isinstance(schema.get("allOf"), list) and len(schema["allOf"]) == 1:
        return from_schema(schema["allOf"][0], root, depth=depth + 1)
    if isinstance(schema.get("enum"), list):
        return union(of_value(value) for value in schema["enum"])
    if "const" in schema:
        return of_value(schema["const"])
    kinds = _kinds(schema)
    return Type(
        kinds,
        item=from_schema(schema["items"], root, depth=depth + 1) if "items" in schema else None,
        fields=_schema_fields(schema, root, depth),
        open=schema.get("additionalProperties", "properties" not in schema) is not False,
    )


def _schema_fields(schema: dict[str, Any], root: Any, depth: int) -> dict[str, Type] | None:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return None
    return {str(n): from_schema(s, root, depth=depth + 1) for n, s in properties.items()}


def _kinds(schema: dict[str, Any]) -> frozenset[str]:
    given = schema.get("type")
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list):
        inside = {"properties": "record", "items": "list"}
        guess = frozenset(kind for word, kind in inside.items() if word in schema)
        return guess or KINDS
    kinds = frozenset(_JSON_NAMES[n] for n in names if n in _JSON_NAMES)
    return (kinds | {"integer"} if "number" in kinds else kinds) or KINDS


def followed(schema: dict[str, Any], root: Any) -> dict[str, Any]:
    """The schema that a local `$ref` points to, however many there are on the way."""
    for _ in range(_DEEPEST):
        target = schema.get("$ref")
        if not isinstance(target, str) or not target.startswith("#/"):
            return schema
        found = root
        for piece in target[2:].split("/"):
            found = found.get(piece, {}) if isinstance(found, dict) else {}
        schema = found if isinstance(found, dict) else {}
    return schema


def of_value(value: Any, *, depth: int = 0) -> Type:
    """The type of a value that stands there as it is."""
    if depth > _DEEPEST:
        return ANY
    if isinstance(value, list):
        return list_of(union(of_value(v, depth=depth + 1) for v in value[:50]))
    if isinstance(value, dict):
        return record_of({str(k): of_value(v, depth=depth + 1) for k, v in value.items()})
    plain = {str: TEXT, bool: BOOLEAN, int: INTEGER, float: NUMBER, type(None): NULL}
    return plain.get(type(value), ANY)


def clash(expected: Type, found: Type, *, depth: int = 0) -> str:
    """Why no value could be of both types, or an empty text."""
    if depth > _DEEPEST:
        return ""
    wanted = expected.kinds | ({"integer"} if "number" in expected.kinds else frozenset[str]())
    given = found.kinds | ({"integer"} if "number" in found.kinds else frozenset[str]())
    shared = wanted & given
    if not shared:
        return f"needs {expected.words}, not {found.words}"
    if shared <= {"null"} and not found.is_only("null"):
        return f"needs {expected.words}, not {found.words}"
    if shared == _JUST_LIST and expected.item and found.item:
        inner = clash(expected.item, found.item, depth=depth + 1)
        return f"each element {inner}" if inner else ""
    if shared == _JUST_RECORD and expected.fields is not None and found.fields is not None:
        for name, kind in found.fields.items():
            if name in expected.fields:
                if inner := clash(expected.fields[name], kind, depth=depth + 1):
                    return f"its {name!r} {inner}"
            elif not expected.open:
                return f"has no place for {name!r}"
    return ""
