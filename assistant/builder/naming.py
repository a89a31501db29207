"""A name and a title for a new job, made from its request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.grounding.languages import is_small
from assistant.grounding.marks import MARK, Marked
from assistant.grounding.topics import doing_words
from assistant.ids import slug
from assistant.job.naming import site_of, telling

LONGEST = 50
_WORDS = 3
# What a job is, by the step that tells most of it.
_NOUNS = {
    "compile_newsletter": "newsletter", "summarize_items": "summary", "query_database": "report",
    "web_search": "search", "scrape_page": "watch", "fetch_feed": "stories",
    "extract_article": "article", "http_request": "check", "ask_model": "text",
    "send_email": "mail", "notify": "message", "save_file": "file",
}  # fmt: skip
_STATED = ("title", "subject")
_SAID = ("message", "body")
_ABOUT = ("topic", "query")
# Words that order, hedge or tell a time, and so say nothing of what a job is about.
_NOTHING = re.compile(
    r"title[ds]?|call(?:ed)?|named?|headed|subject|saying|says|let|know|want|would|could|should|like|love|needs?|"
    r"hey|hi|kindly|maybe|just|whenever|once|twice|always|again|before|after|until|start(?:ing)?|end(?:ing)?|oclock|"
    r"mornings?|afternoons?|evenings?|nights?|nightly|noons?|midday|midnight|quarter|past|half|workdays?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|seven|eight|nine|eleven|twelve|"
    r"fetch|read|check|look|find|search|watch|collect|gather|pull|grab|pick|choose|keep|write|draft|compose|"
    r"summari[sz]e|sum|email|forward|add|include|using|nice|good|short|little|quick|best|latest|newest|everything|"
    r"ask|asking|models?|database|db|down|back|viele|gibt|something|anything|nothing|nearly|morgens?|abends?|matin|soir|manana|mattina|manha"
)


def title_of(marked: Marked, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """`Batteries newsletter`: a title that was said, or what it is about and what it makes."""
    if stated := _first(steps, _STATED):
        return stated
    noun = next((_NOUNS[s] for s in _NOUNS for name, _ in steps if name == s), "")
    about = _first(steps, _ABOUT)
    alone = noun and len(steps) == 1
    if alone and (said := _first(steps, _SAID)):
        # What is said tells more than the words that have it said.
        about = " ".join(_telling(said, noun)[:_WORDS])
    if not about or len(about) > LONGEST:
        about = " ".join(_telling(MARK.sub(" ", marked.text), noun)[:_WORDS])
    if not about:
        about = next(
            (site for v in marked.of("feed", "page", "api") if (site := site_of(v.raw))), ""
        )
    told = about if _has(about, noun) else f"{about} {noun}".strip()
    told = told or "job"
    return told[:1].upper() + told[1:]


def job_name(title: str) -> str:
    return slug(title)


def _first(steps: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str]) -> str:
    """The first value of those names that is a plain text."""
    values = (values.get(name) for _, values in steps for name in names)
    return next((v for v in values if isinstance(v, str) and v and "${{" not in v), "")


def _telling(text: str, noun: str) -> list[str]:
    """The words of a request that say what it is about, in their order."""
    orders = re.compile(rf"(?:{doing_words()})")
    words = telling(text.replace("'", ""))
    kept = [w for w in words if not (is_small(w) or _NOTHING.fullmatch(w) or orders.fullmatch(w))]
    return [word for word in kept if not _has(word, noun)]


def _has(about: str, noun: str) -> bool:
    return bool(noun) and re.search(rf"\b{noun.removesuffix('s')}s?$", about.lower()) is not None
