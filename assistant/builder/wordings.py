"""Which words of a request a free text may be: whole topics and clauses before single words."""

from __future__ import annotations

import re
from typing import Any

from assistant.grounding.clauses import clauses
from assistant.grounding.topics import topics

# Fields that hold a subject, and fields that hold a saying of the person's own.
SUBJECTS = frozenset({"topic"})
QUOTE = re.compile(r"<quote\d>")
SAYINGS = frozenset({"question", "prompt", "message", "query"})


def text_schema(name: str, request: str) -> dict[str, Any]:
    """The schema of a free text field, by its name: one of the request's topics or clauses where
    it has some, else any run of its words."""
    said: list[str] = []
    if name in SUBJECTS:
        said = topics(request)
    elif name in SAYINGS:
        said = [*topics(request), *clauses(request)] if name == "query" else clauses(request)
    # Quoted words are a saying as they stand.
    said += [quote for quote in QUOTE.findall(request) if quote not in said] if said else []
    return {"enum": said} if said else {"type": "string", "x-spans": request}
