"""Sentences of a text, and the few that tell the most."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[^\W_a-z])|(?<=[。！？])\s*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|Inc|Ltd|Co|Corp|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|z\.B|bzw|ca|Nr|Sr|Jr|Gen|Sen|Rep)\.$"
)
_WHOLE = re.compile(r"[.!?…。！？:][\"'”’»)\]]*$")
_WORD = re.compile(r"\w+")
SHORTEST_WORD = 4
FEWEST_WORDS = 4
LONGEST_TEXT = 60_000


def sentences(text: str) -> list[str]:
    """The sentences of a text, in their order; each paragraph ends one."""
    found = list[str]()
    for paragraph in re.split(r"\n\s*\n|\n(?=\S)", text[:LONGEST_TEXT]):
        start = 0
        # No-break spaces stay: they hold numbers together.
        line = re.sub(r"[ \t\r\n\f]+", " ", paragraph).strip()
        for end in _END.finditer(line):
            piece = line[start : end.start()]
            if _ABBREVIATION.search(piece):
                continue
            found.append(line[start : end.end()].strip())
            start = end.end()
        if rest := line[start:].strip():
            found.append(rest)
    return found


def most_telling(text: str, title: str, count: int) -> str:
    """The `count` sentences that say most of what a text says, in the text's order.

    A sentence counts by how many of the text's frequent words it has, of the title's words too,
    and by how early it stands; one that repeats what is already chosen counts less.
    """
    every = [s for s in sentences(text) if len(s.split()) >= FEWEST_WORDS or _unspaced(s)]
    # Headlines and captions have no full stop; they are taken only when there is nothing else.
    every = [s for s in every if _WHOLE.search(s)] or every
    if len(every) <= count:
        return " ".join(every)
    bags = [_content(sentence) for sentence in every]
    frequent = Counter(word for bag in bags for word in bag)
    wanted = _content(title)
    chosen = list[int]()
    covered = set[str]()
    while len(chosen) < count:
        best = max(
            (n for n in range(len(every)) if n not in chosen),
            key=lambda n: _worth(bags[n], frequent, wanted, covered, n, len(every)),
        )
        chosen.append(best)
        covered |= bags[best]
    return " ".join(every[n] for n in sorted(chosen))


def first_sentences(text: str, count: int) -> str:
    """At most `count` sentences of a text."""
    return " ".join(sentences(text)[:count])


def _worth(
    bag: set[str],
    frequent: Counter[str],
    wanted: set[str],
    covered: set[str],
    place: int,
    total: int,
) -> float:
    new = bag - covered
    if not bag:
        return 0.0
    central = sum(math.log1p(frequent[word] - 1) + 0.1 for word in new)
    about = 1.0 + 0.5 * len(bag & wanted) / (len(wanted) or 1)
    early = 1.0 + 1.0 / (1 + place) + 0.2 * (1 - place / total)
    return central / math.sqrt(len(bag) + 3) * about * early


def _content(sentence: str) -> set[str]:
    words = (word.casefold() for word in _WORD.findall(sentence))
    return {word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()}


def _unspaced(sentence: Sequence[str]) -> bool:
    return any("\u3040" <= sign <= "\u9fff" for sign in sentence)
