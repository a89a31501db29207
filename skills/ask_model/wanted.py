"""The record that is wanted, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from assistant.errors import BadArguments

TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_WORDS = {
    "text": "string",
    "date": "string",
    "float": "number",
    "int": "integer",
    "bool": "boolean",
    "list": "array",
}
_SCHEMA_KEYS = frozenset(
    {"type", "properties", "$ref", "anyOf", "oneOf", "allOf", "enum", "const", "items"}
)


def as_schema(given: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema as it is; field names with types (`{amount: number}`) as an object of them.

    Raises BadArguments.
    """
    schema = dict(given) if _SCHEMA_KEYS & set(given) and not _short(given) else _object(given)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        raise BadArguments(
            f"schema: {wrong.message}", hint="Give a JSON Schema, or {field: type, …}."
        ) from wrong
    return schema


def _short(given: Mapping[str, Any]) -> bool:
    """Whether these are fields with types, though one of them is named like a schema's key."""
    return all(isinstance(value, str) and _type(value) for value in given.values()) and set(
        given
    ) != {"type"}


def _object(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {str(name): _field(str(name), value) for name, value in given.items()},
        "required": [str(name) for name in given],
        "additionalProperties": False,
    }


def _field(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return as_schema(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        one = _type(value[0]) if len(value) == 1 else ""
        return {"type": "array", "items": {"type": one}} if one else {"enum": value}
    if isinstance(value, str) and (known := _type(value)):
        return {"type": known, "items": {"type": "string"}} if known == "array" else {"type": known}
    raise BadArguments(
        f"schema: {name!r} has no type that is known.",
        hint=f"Use one of {', '.join(sorted(TYPES))}, or a list of the values it may have.",
    )


def _type(word: str) -> str:
    name = _WORDS.get(word.lower(), word.lower())
    return name if name in TYPES else ""
