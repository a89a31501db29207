"""A skill as the builder offers it to a model: its few words and the values it can be given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.builder.terms import Field, Offer
from assistant.skills.door import Skill

WORDS = 12
"""A description in the catalogue is cut after so many words."""

_BY_NAME = {
    "url": "url", "link": "url", "feed": "url", "page": "url", "uri": "url", "website": "url",
    "to": "mail", "cc": "mail", "bcc": "mail", "recipient": "mail", "email": "mail",
    "address": "mail", "channel": "channel", "since": "period", "within": "period",
    "newer_than": "period", "timeout": "duration", "every": "duration", "delay": "duration",
    "wait": "duration", "duration": "duration", "interval": "duration", "selector": "selector",
    "attachment": "file", "model": "model", "job": "job",
}  # fmt: skip
# Values that come out of earlier steps or out of code, never out of the request.
_NEVER = frozenset(
    [
        "items",
        "newsletter",
        "rows",
        "skills",
        "headers",
        "receipt",
        "response",
        "artifact",
        "images",
        "language",
    ]
)


def offer_of(skill: Skill) -> Offer:
    """What a model is told of a skill."""
    return Offer(skill.name, few_words(skill.description), fields_of(skill.schema()))


def few_words(description: str) -> str:
    """The first sentence, cut short, without its full stop."""
    sentence = re.split(r"(?<=[.!?;:])\s", description.strip(), maxsplit=1)[0].rstrip(".:;!")
    words = sentence.split()
    return " ".join(words[:WORDS]).rstrip(",")


def fields_of(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The values of a JSON Schema that a request can hold. Of `url` and `urls` the plural."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    required = set(schema.get("required", ()))
    fields: list[Field] = []
    for name, told in properties.items():
        if f"{name}s" in properties or (name == "title" and "message" in properties):
            continue
        kind, many, choices = _kind(name, told, schema)
        if kind:
            fields.append(Field(name, kind, many, name in required, choices))
    return tuple(fields)


def _kind(
    name: str, told: Mapping[str, Any], root: Mapping[str, Any]
) -> tuple[str, bool, tuple[str, ...]]:
    """(kind, many, choices); an empty kind: nothing a request holds."""
    if name in _NEVER:
        return "", False, ()
    forms = [_resolved(form, root) for form in told.get("anyOf", (told,))]
    forms = [form for form in forms if form.get("type") != "null"]
    lists = [
        form for form in forms
        if form.get("type") == "array" and {"type", "$ref", "anyOf"} & set(form.get("items", {}))
    ]  # fmt: skip
    inner = [_resolved(form.get("items", {}), root) for form in lists]
    single = [form for form in forms if form.get("type") not in ("array", None) or "enum" in form]
    leaf = next(iter([*single, *inner]), {})
    choices = tuple(str(choice) for choice in leaf.get("enum", ()))
    if choices:
        return "choice", bool(lists), choices
    if leaf.get("type") == "boolean":
        return "flag", False, ()
    stem = name[:-1] if name.endswith("s") and name[:-1] in _BY_NAME else name
    if leaf.get("type") in ("integer", "number"):
        return _BY_NAME.get(stem, "number"), bool(lists), ()
    if leaf.get("format") in ("uri", "email"):
        return ("url" if leaf["format"] == "uri" else "mail"), bool(lists), ()
    if stem in _BY_NAME:
        return _BY_NAME[stem], bool(lists), ()
    if name in ("schema", "fields"):
        return "text", True, ()
    if leaf.get("type") == "string":
        return "text", bool(lists), ()
    return "", False, ()


def _resolved(form: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(form.get("$ref", ""))
    if not reference.startswith("#/$defs/"):
        return form
    return root.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
