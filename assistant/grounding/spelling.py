"""Words of time that were typed wrong: `wensday` and `mornign` read as what they were meant for.

Only a word that is no word of time, and no common word of any of the languages, is mended. Those
that lie near a word of time stand in `words/real.txt`, a line for each language: "dairy" is not "daily",
"match" not "march". How common a word is was looked up in the wordfreq lists (CC BY-SA 4.0).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from assistant.grounding.languages import LANGUAGES, is_small
from assistant.grounding.lexicon import WORD, lexicon

_KINDS = frozenset(
    ["EVERY", "EVERYSTRONG", "OTHER", "UNIT", "DAY", "DAYS", "WEEKDAYS", "WEEKEND", "MONTH", "ORD", "PART", "PARTS",
     "NOON", "MIDNIGHT", "ADV", "HALFPAST", "QUARTERPAST", "QUARTERTO", "OCLOCK", "AND", "NUM", "DAYPART"]
)  # fmt: skip
_PROPER = frozenset({"DAY", "DAYS", "MONTH", "DAYPART"})
_SHORTEST, _LONG = 4, 8
"""Letters of a word that can be meant, and of one in which two letters may be wrong."""
_TRANSPOSED = {"adn": "and", "teh": "the", "evry": "every", "fo": "of", "fi": "if"}
_NAME_SIGN = re.compile(r"[\w./@#:&=+'\"“”‘’«»`-]")


def mended(written: str, text: str, lang: str) -> list[str]:
    """The words and signs of a text in order (`WORD`), those typed wrong put right. `text` is what
    was `written`, folded. A word written large is a name, unless it names a day or a month."""
    found: list[str] = []
    for match in WORD.finditer(text):
        word = match.group()
        alone = not (
            _NAME_SIGN.match(text[match.start() - 1 : match.start()])
            or re.match(r"[\w/@#:&=+'\"“”‘’«»`-]|\.\w", text[match.end() : match.end() + 2])
        )
        meant = right_word(word, lang) if alone else ""
        if meant and _is_name(written, match.start(), match.end()) and not is_proper(meant, lang):
            meant = "" if lang != "de" else meant
        found.append(meant or word)
    return found


def _is_name(written: str, start: int, end: int) -> bool:
    """Whether a word is written large where no sentence begins, or in capitals among small ones."""
    word = written[start:end]
    if len(word) > 1 and word.isupper():
        return not written.isupper()
    first = re.search(r"(?:^|[.!?:;\n-])\s*$", written[:start]) is not None
    return word[:1].isupper() and not first


@lru_cache(maxsize=4096)
def right_word(word: str, lang: str) -> str:
    """The word of time that a folded word was meant for; empty when it is one, or means another."""
    if word in _TRANSPOSED and lang == "en":
        return _TRANSPOSED[word]
    if not word.isalpha() or len(word) < 3 or word in _vocabulary() or is_small(word):
        return ""
    if word in _real(lang):
        return ""
    return nearest(word, lang)


def nearest(word: str, lang: str) -> str:
    """The word of time that lies nearest to a word, near enough to be meant; empty for none.
    Where two lie equally near, the one of the text's own language, then the first in order."""
    best, least = "", 99
    swapped = word[1::-1]
    for meant in (*_meant(lang), *(_meant("en") if lang != "en" else ())):
        if meant[0] != word[0] and not meant.startswith(swapped):
            continue
        most = 2 if len(meant) >= _LONG else 1
        far = OSA.distance(word, meant, score_cutoff=most)
        if far <= most and far < least:
            best, least = meant, far
    return best


def is_proper(word: str, lang: str) -> bool:
    """Whether a word names a day or a month: the words of time that are written large."""
    tables = (lexicon(lang), lexicon("en"))
    return any(m.kind in _PROPER for table in tables for m in table.get((word,), ()))


@cache
def _meant(lang: str) -> tuple[str, ...]:
    return tuple(sorted({
        word for phrase, meanings in lexicon(lang).items()
        if any(meaning.kind in _KINDS for meaning in meanings)
        for word in phrase if word.isalpha() and len(word) >= _SHORTEST
    }))  # fmt: skip


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for lang in LANGUAGES for phrase in lexicon(lang) for word in phrase)


@cache
def _real(lang: str) -> frozenset[str]:
    lines = (Path(__file__).parent / "words" / "real.txt").read_text(encoding="utf-8").splitlines()
    table = {name: words for name, _, words in (line.partition(": ") for line in lines)}
    return frozenset(table[lang].split())
