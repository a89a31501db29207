"""Which few of many skills a request may need: BM25 over names, descriptions and examples.

A library of 200 skills costs the model no more than one of 14: only the likeliest are offered,
in the order of their names, so that the prompt's beginning stays the same and stays cached.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ruamel.yaml import YAML

from assistant.builder.offers import offer_of
from assistant.builder.terms import Offer
from assistant.grounding.languages import fold
from assistant.settings import PROJECT
from assistant.skills.door import Skill

MOST = 14
_K, _B = 1.2, 0.6
_NAME_WEIGHT = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
# What a mark says about the skills that could want it.
_OF_MARKS = {
    "feed": "feed rss newest", "page": "page web article", "api": "http web interface",
    "mail": "send mail recipients", "chan": "notify message channel", "file": "save file",
    "sel": "page selector elements", "model": "model ask",
}  # fmt: skip


@dataclass(frozen=True)
class _Entry:
    skill: Skill
    offer: Offer
    words: Counter[str]

    @property
    def length(self) -> int:
        return self.words.total()


class Candidates:
    """An index of skills; made once for a library and asked for each request."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self._entries = [_entry(skill) for skill in skills]
        self._entries.sort(key=lambda entry: entry.offer.name)
        self._seen = Counter(word for entry in self._entries for word in set(entry.words))
        self._mean = sum(e.length for e in self._entries) / max(1, len(self._entries))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every skill, as it would be offered."""
        return tuple(entry.offer for entry in self._entries)

    def ranked(self, marked_text: str) -> list[tuple[float, Offer]]:
        """Every skill with its score for a marked request, best first."""
        asked = _asked(marked_text)
        scored = [(self._score(entry, asked), entry.offer) for entry in self._entries]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].name))

    def offers_for(self, marked_text: str, *, always: Sequence[str] = ()) -> tuple[Offer, ...]:
        """The likeliest skills, in the order of names. `always` names skills that must be there."""
        if len(self._entries) <= MOST:
            return self.offers
        ranked = [offer for _, offer in self.ranked(marked_text)]
        kept = [offer for offer in ranked if offer.name in always]
        kept += [offer for offer in ranked if offer.name not in always]
        return tuple(sorted(kept[: max(MOST, len(always))], key=lambda offer: offer.name))

    def _score(self, entry: _Entry, asked: Counter[str]) -> float:
        total = 0.0
        for word, weight in asked.items():
            here = entry.words.get(word, 0)
            if not here:
                continue
            rare = math.log(
                1 + (len(self._entries) - self._seen[word] + 0.5) / (self._seen[word] + 0.5)
            )
            share = here * (_K + 1) / (here + _K * (1 - _B + _B * entry.length / self._mean))
            total += weight * rare * share
        return total


def _entry(skill: Skill) -> _Entry:
    words = Counter(_words(skill.description))
    for word in _words(skill.name.replace("_", " ")):
        words[word] += _NAME_WEIGHT
    for example in skill.examples:
        words.update(_words(example.says))
    return _Entry(skill, offer_of(skill), words)


def _asked(text: str) -> Counter[str]:
    """The words of a request, and what they mean in the words of skills (half as heavy)."""
    asked: Counter[str] = Counter()
    plain = re.sub(r"<([a-z]+)\d>", lambda m: " ", text)
    for word in _words(plain):
        asked[word] += 1
    for kind in re.findall(r"<([a-z]+)\d>", text):
        for word in _words(_OF_MARKS.get(kind, "")):
            asked[word] += 1
    folded = f" {fold(plain)} "
    for means, pattern in _glossary():
        if pattern.search(folded):
            for word in means:
                asked[word] += 1
    return asked


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(fold(text).replace("_", " "))]


def _stem(word: str) -> str:
    """English endings off: stories, story → stor; saved, saves, save → sav."""
    for ending in ("ies", "ing", "ied", "es", "ed", "y", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@cache
def _glossary() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    path = PROJECT / "prompts" / "builder_glossary.yaml"
    lines = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return tuple(
        (
            tuple(dict.fromkeys(_words(line["means"]))),
            re.compile(r"(?<!\w)(?:" + "|".join(re.escape(fold(s)) for s in line["says"]) + ")"),
        )
        for line in lines
    )
