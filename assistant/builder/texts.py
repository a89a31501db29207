"""The sentences the builder says to people; their words stand in prompts/."""

from __future__ import annotations

from functools import cache

from ruamel.yaml import YAML

from assistant.settings import PROJECT


@cache
def _asks() -> dict[str, str]:
    path = PROJECT / "prompts" / "builder_asks.yaml"
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def ask(what: str, **values: str) -> str:
    """The question for something that is missing; the general one for what has none of its own."""
    asks = _asks()
    return asks.get(what, asks["what"]).format(**values)


def kind_asked(text: str) -> str:
    """What a question of `ask` asks for, by its text; empty for one of other words."""
    return next((kind for kind, asked in _asks().items() if asked == text), "")
