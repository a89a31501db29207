"""A text as words with meanings: the ground of all reading of times."""

from __future__ import annotations

from typing import NamedTuple

from assistant.grounding.languages import fold
from assistant.grounding.lexicon import WORD, Meaning, lexicon, longest
from assistant.grounding.schedules import Facts
from assistant.grounding.spelling import mended

Step = tuple[Facts, int]
"""What a part of a phrase says, and the word after it."""
_ORDINAL = frozenset({"st", "nd", "rd", "th", "er", "re", "eme", "e", "o", "a", "º", "ª", "°"})


class Word(NamedTuple):
    """One word or sign, folded, and where it stands."""

    text: str
    start: int
    end: int


class Reader:
    """Words by number, and what they may mean in the text's language (and in English)."""

    def __init__(self, text: str, lang: str, *, mending: bool = True) -> None:
        self.text = text
        self.folded = fold(text)
        found = list(WORD.finditer(self.folded))
        said = mended(text, self.folded, lang) if mending else [m.group() for m in found]
        self.words = [Word(w, m.start(), m.end()) for w, m in zip(said, found, strict=True)]
        self.lang = lang
        self.lexicons = [lexicon(lang)] + ([lexicon("en")] if lang != "en" else [])
        self.reach = max(longest(lang), longest("en"))
        self._known: dict[int, list[tuple[int, tuple[Meaning, ...]]]] = {}

    def word(self, i: int) -> str:
        return self.words[i].text if 0 <= i < len(self.words) else ""

    def close(self, i: int) -> bool:
        """Whether word i follows the one before it without a space."""
        return 0 < i < len(self.words) and self.words[i].start == self.words[i - 1].end

    def word_at(self, place: int) -> int:
        """The number of the first word at or behind a place of the text."""
        behind = (n for n, word in enumerate(self.words) if word.start >= place)
        return next(behind, len(self.words))

    def joined(self, i: int) -> bool:
        """Whether word i is the rest of the one before it, and no sign."""
        return self.close(i) and self.word(i).isalnum()

    def see(self, i: int, *kinds: str) -> tuple[str, str, int] | None:
        """(kind, value, next) of the longest phrase of one of these kinds at i."""
        for size, meanings in self._known_at(i):
            for kind in kinds:
                for meaning in meanings:
                    if meaning.kind == kind:
                        return kind, meaning.value, i + size
        return None

    def _known_at(self, i: int) -> list[tuple[int, tuple[Meaning, ...]]]:
        """Every phrase of the lexicons that begins at word i, longest first. A text is asked
        hundreds of times what stands where, so each place is looked up once."""
        known = self._known.get(i) if i >= 0 else []
        if known is None:
            known = self._known[i] = []
            for size in range(min(self.reach, len(self.words) - i), 0, -1):
                key = tuple(word.text for word in self.words[i : i + size])
                for table, entries in enumerate(self.lexicons):
                    # A word that the text's own language knows keeps that meaning.
                    if table and (key in self.lexicons[0] or (size == 1 and len(key[0]) < 4)):
                        continue
                    if key in entries:
                        known.append((size, entries[key]))
        return known

    def skip(self, i: int, *kinds: str, most: int = 3) -> int:
        for _ in range(most):
            seen = self.see(i, *kinds)
            if seen is None:
                break
            i = seen[2]
        return i

    def number(self, i: int) -> tuple[int, int] | None:
        if self.word(i).isdecimal() and len(self.word(i)) <= 4:
            if self.close(i) and self.word(i - 1) in ("-", ".", ":", "#", "/", "$", "€"):
                return None
            return int(self.word(i)), i + 1
        seen = self.see(i, "NUM")
        return (int(seen[1]), seen[2]) if seen else None

    def ordinal(self, i: int) -> tuple[int, int] | None:
        seen = self.see(i, "ORD")
        if seen:
            return int(seen[1]), seen[2]
        if self.word(i).isdecimal() and int(self.word(i)[:4]) <= 31:
            after = self.word(i + 1)
            if self.close(i + 1) and after in _ORDINAL and not self.joined(i + 2):
                return int(self.word(i)), i + 2
            dotted = self.close(i + 1) and after == "." and not self.word(i + 2).isdecimal()
            if dotted and self.lang == "de" and i + 2 < len(self.words):
                return int(self.word(i)), i + 2
        return None

    def amount(self, i: int) -> tuple[int, str, int] | None:
        """(count, unit, next): "ten minutes", "half an hour", "2h"."""
        part = self.see(i, "HALFHOUR", "QUARTERHOUR")
        if part:
            return 30 if part[0] == "HALFHOUR" else 15, "minute", part[2]
        if longer := self.see(i, "HOURHALF"):
            return 90, "minute", longer[2]
        half = self.see(i, "HALF")
        if half:
            unit = self.see(half[2], "UNIT")
            if unit and unit[1] == "hour":
                return 30, "minute", unit[2]
        count = self.number(i)
        if count is None:
            one = self.see(i, "ANIN")
            count = (1, one[2]) if one else None
            if count is None:
                return None
        n, j = count
        j += self.word(j) == "-"
        part = self.see(j, "HALFHOUR", "QUARTERHOUR") if n == 1 else None
        if part:
            return 30 if part[0] == "HALFHOUR" else 15, "minute", part[2]
        half = self.see(j, "HALF")
        if n == 1 and half:
            unit = self.see(half[2], "UNIT")
            if unit and unit[1] == "hour":
                return 30, "minute", unit[2]
        unit = self.see(j, "UNIT")
        more = self.see(unit[2], "ANDAHALF") if unit and unit[1] == "hour" else None
        if more:
            return n * 60 + 30, "minute", more[2]
        if unit:
            return n, unit[1], unit[2]
        letter = self.word(j)
        short = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
        if self.close(j) and letter in short and not self.joined(j + 1):
            return n, short[letter], j + 1
        return None
