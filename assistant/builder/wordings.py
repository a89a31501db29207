"""Which words of a request a free text may be: whole topics and clauses before single words."""

from __future__ import annotations

from typing import Any

from assistant.grounding.clauses import clauses
from assistant.grounding.topics import topics

# Fields that hold a subject, and fields that hold a saying of the person's own.
SUBJECTS = frozenset({"topic"})
SAYINGS = frozenset({"question", "prompt", "message", "query"})


def text_schema(name: str, request: str) -> dict[str, Any]:
    """The schema of a free text field, by its name: one of the request's topics or clauses where
    it has some, else any run of its words."""
    said: list[str] = []
    if name in SUBJECTS:
        said = topics(request)
    elif name in SAYINGS:
        said = [*topics(request), *clauses(request)] if name == "query" else clauses(request)
    return {"enum": said} if said else {"type": "string", "x-spans": request}
