"""Binds what was given for a job's inputs to what the job declares."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.pipeline.fitting import misfits
from assistant.pipeline.suggest import did_you_mean

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def pairs(given: Iterable[str]) -> dict[str, str]:
    """`["limit=5", …]` as a mapping. Raises BindingsInvalid for a text without `=`."""
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise BindingsInvalid(f"{pair!r} is no input", hint="Write name=value.")
        found[name.strip()] = value
    return found


def bind(
    declared: Mapping[str, dict[str, Any]], given: Mapping[str, Any], *, texts: bool = False
) -> dict[str, Any]:
    """Every declared input with its value: given, or the default.

    With `texts`, values are texts as people type them, and are read by the declared type.
    Raises BindingsInvalid naming each input that is unknown, lacking or does not fit.
    """
    told = [
        f"no input {name!r}. {did_you_mean(name, declared) or 'The job declares none.'}"
        for name in given if name not in declared
    ]  # fmt: skip
    bound: dict[str, Any] = {}
    lacking: list[str] = []
    for name, schema in declared.items():
        if name in given:
            value = given[name]
            bound[name] = _read(value, schema) if texts and isinstance(value, str) else value
            told += [
                f"input {name!r} {m.message}. {m.hint}".strip()
                for m in misfits(bound[name], schema)
            ]
        elif "default" in schema:
            bound[name] = copy.deepcopy(schema["default"])
        else:
            lacking.append(name)
    if lacking:
        told.append(f"It needs {' and '.join(map(repr, lacking))} each time it runs.")
    if told:
        raise BindingsInvalid("\n".join(told), hint=_cure(lacking))
    return bound


def _cure(lacking: Sequence[str]) -> str:
    """How a person gives what is lacking."""
    if not lacking:
        return "See the inputs of the job file."
    each = ", ".join(f"{name}=…" for name in lacking)
    return (
        f"Say “run it with {each}”, fill in the form of its page, or give `--input {lacking[0]}=…`."
    )


def unanswered(declared: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The names of the inputs that have no default: each run must be given them."""
    return [name for name, schema in declared.items() if "default" not in schema]


def _read(text: str, schema: dict[str, Any]) -> Any:
    """The value a typed text means for this input; the text itself when it means none."""
    kinds = schema.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    word = text.strip().lower()
    if "null" in kinds and word in ("", "null"):
        return None
    if "boolean" in kinds and word in _TRUE + _FALSE:
        return word in _TRUE
    if "integer" in kinds or "number" in kinds:
        number = _number(text.strip())
        if number is not None and (isinstance(number, int) or "number" in kinds):
            return number
    if "array" in kinds and not text.lstrip().startswith("["):
        inner = schema.get("items") if isinstance(schema.get("items"), dict) else {}
        return [_read(part.strip(), inner or {}) for part in text.split(",") if part.strip()]
    if "array" in kinds or "object" in kinds:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _number(text: str) -> int | float | None:
    if len(text) > 100:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None
