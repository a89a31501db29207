"""The words of time in seven languages: what each means to the parser of schedules.

`words/<language>.txt` has one line for each meaning: `KIND value: phrase, phrase`. Phrases are
folded (no accents).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.grounding.numbers import NUMBERS

_WORDS = Path(__file__).parent / "words"
WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


class Meaning(NamedTuple):
    kind: str
    value: str


@cache
def lexicon(lang: str) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Every phrase of a language (as folded words and signs) with all it may mean."""
    found: dict[tuple[str, ...], list[Meaning]] = {}
    for line in (_WORDS / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        head, _, phrases = line.partition(":")
        kind, _, value = head.partition(" ")
        for phrase in phrases.split(","):
            found.setdefault(tuple(WORD.findall(phrase.strip())), []).append(Meaning(kind, value))
    for word, number in NUMBERS[lang].items():
        found.setdefault(tuple(WORD.findall(word)), []).append(Meaning("NUM", str(number)))
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@cache
def longest(lang: str) -> int:
    """Words in the longest phrase of a language."""
    return max(len(phrase) for phrase in lexicon(lang))
