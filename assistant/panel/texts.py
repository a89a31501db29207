"""The panel's own words. They stand in `prompts/panel_texts.toml` and nowhere else."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from assistant.settings import PROJECT

PATH = PROJECT / "prompts" / "panel_texts.toml"


def say(key: str, **values: object) -> str:
    """The text of that key, its gaps filled: `say("jobs.count", count=3)`.

    Raises KeyError for a key or a gap that is not there.
    """
    text: Any = _texts()
    for part in key.split("."):
        text = text[part]
    if not isinstance(text, str):
        raise KeyError(key)
    return text.format(**values) if values else text


def count(key: str, number: int, **values: object) -> str:
    """The text for one (`key.one`), or for several (`key.many`, with `{n}`)."""
    return say(f"{key}.{'one' if number == 1 else 'many'}", n=f"{number:,}", **values)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))
