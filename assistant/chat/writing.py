"""A call that a model has to write, where the model in use writes nothing: said before it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.chat.answering import STARTER, words
from assistant.workplace import Workplace

ASKS = "ask_model"
"""The skill whose answer is what a model writes."""


def needed(place: Workplace, calls: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """What is to be said in place of calls that need a writer; empty when they can be made."""
    asked = [
        str(given.get("model") or place.settings.model) for skill, given in calls if skill == ASKS
    ]
    if STARTER not in asked:
        return ""
    here = [name for name in place.models.names() if name != STARTER]
    if here:
        cure = words("writers_here", models=", ".join(here[:3]), first=here[0])
    else:
        cure = words("no_writer_here")
    return words("needs_writer_now", cure=cure)
