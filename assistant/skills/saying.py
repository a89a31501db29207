"""How skills say their own steps: the phrase of their SKILL.md, `Read {url}[, at most {limit} items]`."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.errors import AssistantError
from assistant.skills.library import Library


def own_words(library: Library, names: Iterable[str]) -> dict[str, str]:
    """The phrases of these skills by name; one that has none, or does not load, is left out."""
    found = dict[str, str]()
    for name in names:
        try:
            phrase = library.get(name).extra.get("metadata", {}).get("phrase", "")
        except AssistantError:  # a sentence is told with what there is
            continue
        if phrase:
            found[name] = phrase
    return found
