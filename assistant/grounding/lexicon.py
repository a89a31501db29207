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
    for phrase, meaning in _compounds(lang, found):
        found.setdefault((phrase,), []).append(meaning)
    for word, number in NUMBERS[lang].items():
        found.setdefault(tuple(WORD.findall(word)), []).append(Meaning("NUM", str(number)))
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


# Words that German and Dutch write in one: a day and its part, a number and its unit.
_DAY_PARTS = {
    "de": {"morgen": "morning", "vormittag": "morning", "fruh": "morning", "mittag": "noon",
           "nachmittag": "afternoon", "abend": "evening", "nacht": "night"},
    "nl": {"ochtend": "morning", "morgen": "morning", "middag": "afternoon",
           "namiddag": "afternoon", "avond": "evening", "nacht": "night"},
}  # fmt: skip
_STEPS = {
    "de": {"stundlich": "hour", "minutlich": "minute", "minutig": "minute", "taglich": "day",
           "wochentlich": "week", "wochig": "week", "monatlich": "month"},
    "nl": {"uurlijks": "hour", "wekelijks": "week", "maandelijks": "month"},
}  # fmt: skip
_ENDINGS = ("", "s", "en")


def _compounds(lang: str, found: dict[tuple[str, ...], list[Meaning]]) -> list[tuple[str, Meaning]]:
    """`montagabend`, `vrijdagmiddag`, `zweistundlich`, each with what it means."""
    days = [
        (key[0], meaning.value) for key, meanings in found.items() for meaning in meanings
        if meaning.kind == "DAY" and len(key) == 1 and len(key[0]) > 4
    ]  # fmt: skip
    made = [
        (f"{day}{part}{ending}", Meaning("DAYPART", f"{number} {value}"))
        for day, number in days
        for part, value in _DAY_PARTS.get(lang, {}).items()
        for ending in _ENDINGS
    ]
    made += [
        (f"{word}{unit}", Meaning("STEP", f"{number} {value}"))
        for word, number in NUMBERS[lang].items()
        for unit, value in _STEPS.get(lang, {}).items()
        if number > 1
    ]
    return [(word, meaning) for word, meaning in made if (word,) not in found]


@cache
def longest(lang: str) -> int:
    """Words in the longest phrase of a language."""
    return max(len(phrase) for phrase in lexicon(lang))
