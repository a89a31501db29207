"""What a summary claims: its numbers and its names, to be found again in the text it tells of."""

from __future__ import annotations

import re

from .sentences import sentences

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’\u00a0\u202f])\d{3})(?:\1\d{3})*")
_NAME = re.compile(r"[^\W\d_][\w.&’'-]*")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_SMALL = {word: str(n) for n, word in enumerate(_NUMBER_WORDS.split())}
# Capitalised in the middle of an English sentence without being a name of the story.
_PLAIN = frozenset(["i", "i'm", "i've", "i'll", "mr", "mrs", "ms", "dr"])


def invented(summary: str, source: str) -> list[str]:
    """The numbers and names of a summary that its source does not have, in their order."""
    return list(dict.fromkeys([*_numbers_not_in(summary, source), *_names_not_in(summary, source)]))


def _numbers_not_in(summary: str, source: str) -> list[str]:
    known = {_value(number) for number in _NUMBER.findall(source)}
    known |= {_SMALL[w] for w in re.findall(r"[a-z]+", source.casefold()) if w in _SMALL}
    missing = [n for n in _NUMBER.findall(summary) if _value(n) not in known]
    # A small number written out is a claim too; "one" is mostly no number.
    said = [w for w in re.findall(r"[a-z]+", summary.casefold()) if w in _SMALL and w != "one"]
    return [*missing, *(word for word in said if _SMALL[word] not in known)]


def _names_not_in(summary: str, source: str) -> list[str]:
    known = {_bare(word) for word in _NAME.findall(source)}
    missing = list[str]()
    for sentence in sentences(summary):
        for n, found in enumerate(_NAME.finditer(sentence)):
            word = found.group()
            # A sentence's first word is capitalised anyway; "NASA" or "McKay" is a name there too.
            named = any(c.isupper() for c in (word[1:] if n == 0 else word))
            if named and _bare(word) not in known and _bare(word) not in _PLAIN:
                missing.append(word)
    return missing


def _value(number: str) -> str:
    """One spelling of a number: 4,200 and 4.200 and 4200 are the same; 4,2 and 4.2 too."""
    if _GROUPED.fullmatch(number):
        return re.sub(r"\D", "", number)
    plain = re.sub(r"(?<=\d)[,'’\u00a0\u202f](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    if plain.count(".") == 1:
        whole, part = plain.split(".")
        return f"{whole}.{part.rstrip('0')}".rstrip(".")
    return plain


def _bare(word: str) -> str:
    plain = re.sub(r"['’]s?$", "", word.casefold().rstrip(".'’-"))
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain
