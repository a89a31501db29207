"""Which step and which argument a tag means: by its number, its value, its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.builder.wiring import Part


def is_number(part: Part, key: str) -> bool:
    """Whether a skill wants a number there."""
    told = part.skill.schema()["properties"].get(key, {})
    return told.get("type") in ("integer", "number")


_PLAIN = frozenset({"title", "name", "subject", "message"})


def argument(parts: Sequence[Part], said: str, name: str) -> tuple[Part, str] | None:
    """The argument that an input's name means: by its value, its name, or a telling word."""
    for part in parts:
        for key, value in part.arguments.items():
            if isinstance(value, str) and value.lower() == said.lower():
                return part, key
    words = set(name.split("_"))
    for part in parts:
        for key in part.skill.parameters.model_fields:
            if len(words) > 1 and key in _PLAIN:
                continue  # "A book title" heads no message.
            if key in words or (key + "s") in words or key.rstrip("s") in words:
                return part, key
    telling = {
        "recipient": "to", "address": "to", "email": "to", "number": "limit", "count": "limit",
        "subject": "subject", "feed": "url", "link": "url", "page": "url", "keyword": "topic",
        "search": "query", "city": "query", "topic": "query", "term": "query", "channel": "channel", "file": "name",
    }  # fmt: skip
    for word in words:
        key = telling.get(word) or telling.get(word.rstrip("s"))
        if key == "limit" and len(words) > 1:
            continue  # "A plate number" counts nothing.
        for part in parts:
            if key and key in part.skill.parameters.model_fields:
                return part, key
    return None


def aimed_at(parts: list[Part], values: Mapping[str, Any]) -> list[Part]:
    """The step that a retry or timeout is meant for; without one, all that go outside."""
    number = within(values.get("step"), 0, len(parts))
    if number:
        return [parts[number - 1]]
    reading = [part for part in parts if part.skill.hosts and part.skill.effect == "read"]
    sources = [part for part in reading if "items" not in part.skill.parameters.model_fields]
    return sources or reading or [p for p in parts if p.skill.hosts] or parts


def within(value: Any, otherwise: int, count: int) -> int:
    """The number of a step that is there, else `otherwise`."""
    return value if isinstance(value, int) and 1 <= value <= count else otherwise
