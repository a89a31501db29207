"""The panel's own words. They stand in `prompts/panel_texts.toml` and nowhere else."""

from __future__ import annotations

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


def count(key: str, number: int, **values: object) -> str:
    """The text for one (`key.one`), or for several (`key.many`, with `{n}`)."""
    return say(f"{key}.{'one' if number == 1 else 'many'}", n=f"{number:,}", **values)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))
