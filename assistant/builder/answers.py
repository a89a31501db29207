"""Steps whose answer decides what happens next: a model that says yes or no, a call by its status."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder.structure import Container
from assistant.builder.wiring import CARRIERS, Part, gives


def answering(before: Sequence[Part]) -> set[int]:
    """Lets the last model of some steps say yes or no, which a condition then looks for. Gives its
    number, since its answer goes nowhere else."""
    part = next((p for p in reversed(before) if p.skill.name == "ask_model"), None)
    prompt = str(part.arguments.get("prompt", "")) if part else ""
    if part is None or not prompt or re.search(r"\byes\b", prompt, re.I):
        return set()
    part.arguments["prompt"] = f"{prompt}. Answer yes or no"
    return {part.number}


def unanswered(parts: Sequence[Part], check: Container) -> list[int]:
    """The number of the call whose status a condition looks at: it may fail, and who is told of
    that gets no answer to read."""
    calls = [p for p in parts[: check.first - 1] if "Response" in gives(p.skill).values()]
    if not calls:
        return []
    call = calls[-1]
    bad = check.values.get("what") == "not"
    for part in parts:
        inside = check.first <= part.number <= check.last
        told = inside if bad else part.number == check.otherwise
        for key in CARRIERS if told else ():
            if key not in part.said and f"steps.{call.id}." in str(part.arguments.get(key, "")):
                url, than = call.arguments.get("url", "It"), check.values.get("than")
                part.arguments[key] = f"{url} does not answer with {than}"
    return [call.number]
