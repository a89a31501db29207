"""Which step and which argument a tag means: by its number, its value, its name."""

from __future__ import annotations

import re
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
        for part in parts:
            if key and key in part.skill.parameters.model_fields:
                return part, key
    return None


_WHOLE = frozenset(
    {"topic", "keyword", "search", "term", "query", "question", "prompt", "recipient", "address"}
)
_THERE = re.compile(r"\s(?:over )?there(?!\w)", re.I)
_POINTED = re.compile(
    r"(?<!\w)(?P<to>for|by|on|about|of|to|in|at|with|from) (?:it|that|this|them|him|her)(?!\w)"
)


def embedded(value: Any, said: str, put: str) -> str | None:
    """A text with an input in it, where the words only point at it: "flea markets there"; None where
    the input is the whole of the value."""
    if not isinstance(value, str) or "${{" in value or set(said.lower().split()) & _WHOLE:
        return None
    value = re.sub(rf",\s*(?:the |an? )?{re.escape(said)}$", "", value, flags=re.I)
    named = re.compile(
        rf"(?<!\w)(?:(?:the|that|this|my|our|an?|any|which(?:ever)?|whatever) )?{re.escape(said)}(?!\w)",
        re.I,
    )
    for pattern, instead in ((named, put), (_THERE, f" in {put}"), (_POINTED, f"\\g<to> {put}")):
        if pattern.search(value) and value.lower().strip() != said.lower():
            return pattern.sub(instead, value, count=1)
    return None if value.lower().strip() == said.lower() else f"{value} {put}"


_TEXTS = (
    ("web_search", "query"), ("query_database", "question"), ("ask_model", "prompt"), ("rank_items", "topic"),
)  # fmt: skip


def free_text(parts: Sequence[Part]) -> tuple[Part, str] | None:
    """The text that an input of no other place goes into: what is searched for, asked or done."""
    return next(
        (
            (part, key) for skill, key in _TEXTS for part in parts
            if part.skill.name == skill and key in part.arguments
        ), None,
    )  # fmt: skip


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
