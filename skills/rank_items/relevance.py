"""How much an item is about a topic: BM25 over its words, each field with its weight."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.skills.records import Item

K1, B = 1.2, 0.75
FIELDS = (("title", 3.0), ("tags", 2.0), ("summary", 1.5), ("text", 1.0))
LONGEST_TEXT = 20_000
# Words that name no topic.
_SMALL_WORDS = (
    "a about all an and any are as at be by for from has have how i in is it its latest me my new "
    "news of on or our some story stories that the their this to top up was we what when which "
    "who will with you your today week daily weekly digest articles posts items"
)
EMPTY_WORDS = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?", re.UNICODE)
# Writing systems without spaces between words: pairs of signs stand for words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")


@dataclass(frozen=True)
class Relevance:
    """0 to 1 within its list, the topic's words that were found, and the field that has them."""

    score: float
    found: tuple[str, ...] = ()
    where: str = ""


def words(text: str) -> list[str]:
    """The words of a text, without accents, capitals and plural endings."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    found = list[str]()
    for word in _WORD.findall(plain):
        if _UNSPACED.fullmatch(word) and len(word) > 2:
            found.extend(word[n : n + 2] for n in range(len(word) - 1))
        else:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """An English word without its plural or -ing ending; other words as they are."""
    if len(word) > 6 and word.endswith("ing"):
        root = word[:-3]
        return root[:-1] if root[-1] == root[-2] and root[-1] not in "ls" else root
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def topic_words(topic: str) -> list[str]:
    """The words of a topic that mean something; all of them when none does."""
    every = list(dict.fromkeys(words(topic)))
    return [word for word in every if word not in EMPTY_WORDS] or every


def relevance(items: Sequence[Item], topic: str) -> list[Relevance]:
    """How much each item is about the topic; a score of 0 means not at all."""
    wanted = topic_words(topic)
    weighed = [_weighed(item) for item in items]
    lengths = [sum(bag.values()) for bag, _ in weighed]
    average = sum(lengths) / len(lengths) if lengths else 1.0
    scores = [0.0] * len(weighed)
    for word in wanted:
        having = sum(1 for bag, _ in weighed if bag[word])
        rarity = math.log(1 + (len(weighed) - having + 0.5) / (having + 0.5))
        for n, (bag, _) in enumerate(weighed):
            count = bag[word]
            length = 1 - B + B * lengths[n] / (average or 1.0)
            scores[n] += rarity * count * (K1 + 1) / (count + K1 * length) if count else 0.0
    found = [tuple(word for word in wanted if bag[word]) for bag, _ in weighed]
    # An item that has two of three words of a topic is nearer to it than one that repeats one.
    covered = [score * len(f) / len(wanted) for score, f in zip(scores, found, strict=True)]
    highest = max(covered, default=0.0) or 1.0
    return [
        Relevance(score / highest, hit, _where(fields, hit))
        for score, hit, (_, fields) in zip(covered, found, weighed, strict=True)
    ]


def _weighed(item: Item) -> tuple[Counter[str], dict[str, set[str]]]:
    """Words with their weights, and which field has which word."""
    bag, fields = Counter[str](), dict[str, set[str]]()
    for name, weight in FIELDS:
        value = getattr(item, name)
        text = " ".join(value) if isinstance(value, list) else value[:LONGEST_TEXT]
        counted = Counter(words(text))
        fields[name] = set(counted)
        for word, count in counted.items():
            bag[word] += weight * count  # type: ignore[assignment]
    return bag, fields


def _where(fields: dict[str, set[str]], found: tuple[str, ...]) -> str:
    return next((name for name, _ in FIELDS if fields[name].intersection(found)), "")
