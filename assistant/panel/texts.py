"""The panel's own words. They stand in `prompts/panel_texts.toml` and nowhere else."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from assistant.noun import spoken
from assistant.settings import PROJECT

PATH = PROJECT / "prompts" / "panel_texts.toml"


_nouns = dict[str, str]()


def call_jobs(noun: str, nouns: str) -> None:
    """Take the person's word for a job, and for several, into every text from now on."""
    found = {"noun": noun, "nouns": nouns, "a_noun": spoken("a job", noun, nouns)}
    _nouns.update(found)
    _nouns.update(
        {name[:1].upper() + name[1:]: text[:1].upper() + text[1:] for name, text in found.items()}
    )


call_jobs("job", "jobs")


def say(key: str, **values: object) -> str:
    """The text of that key, its gaps filled: `say("jobs.count", count=3)`.

    Raises KeyError for a key or a gap that is not there.
    """
    text: Any = _texts()
    for part in key.split("."):
        text = text[part]
    if not isinstance(text, str):
        raise KeyError(key)
    return text.format(**{**_nouns, **values})


def in_own_words(message: str) -> str:
    """A message of the rooms below with the person's word for a job."""
    return spoken(message, _nouns["noun"], _nouns["nouns"])


def as_sentence(message: str) -> str:
    """A message in the person's words, with a capital where it begins with a plain word."""
    told = in_own_words(message)
    return told[:1].upper() + told[1:] if re.match(r"[a-z]+[ ,]", told) else told


def count(key: str, number: int, **values: object) -> str:
    """The text for one (`key.one`), or for several (`key.many`, with `{n}`)."""
    return say(f"{key}.{'one' if number == 1 else 'many'}", n=f"{number:,}", **values)


SPELLED = {"url": "URL", "urls": "URLs", "http": "HTTP", "html": "HTML", "css": "CSS", "sql": "SQL", "json": "JSON", "xml": "XML"}  # fmt: skip


def titled(name: str) -> str:
    """A name of code as a heading: `http_request` is "HTTP request"."""
    words = " ".join(SPELLED.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))
