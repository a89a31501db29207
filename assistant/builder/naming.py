"""A name and a title for a new job, made from its request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.grounding.marks import MARK, Marked
from assistant.ids import slug
from assistant.job.naming import name_from

_NOUNS = {
    "compile_newsletter": "newsletter", "summarize_items": "summary", "query_database": "report",
    "web_search": "search", "scrape_page": "watch", "fetch_feed": "stories",
}  # fmt: skip


def title_of(marked: Marked, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """`Batteries newsletter`: a title that was said, or what it is about and what it makes."""
    for _, values in steps:
        if isinstance(values.get("title"), str):
            return values["title"]
    noun = next((_NOUNS[s] for s in _NOUNS for name, _ in steps if name == s), "")
    about = next(
        (v for _, values in steps for key in ("topic", "query") if isinstance(v := values.get(key), str)),
        "",
    )  # fmt: skip
    if about and len(about) <= 50:
        told = about if noun and about.lower().endswith(noun) else f"{about} {noun}".strip()
        return told[:1].upper() + told[1:]
    words = name_from(MARK.sub(" ", marked.text)).replace("-", " ")
    return words[:1].upper() + words[1:]


def job_name(title: str) -> str:
    return slug(title)
