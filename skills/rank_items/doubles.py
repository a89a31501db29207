"""Reports of one story, brought together: the same address, or nearly the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from rapidfuzz import fuzz, process, utils

from assistant.skills.records import Item
from assistant.skills.stories import ALSO, story_key

from .ages import moment_of

ALIKE = 90
"""Titles this near (0 to 100) tell one story, if nothing else speaks against it."""
FEWEST_WORDS = 4
APART = timedelta(days=4)
UNLIKE = 35
"""Summaries less alike than this tell two stories under one title ("Weekly notes")."""
_NUMBERS = re.compile(r"\d+")


def merged(items: Sequence[Item]) -> tuple[list[Item], int]:
    """The items without doubles, in their order, and how many were merged into others.

    The first report of a story stays as it is; the others are named in its tags.
    """
    titles = [utils.default_process(item.title) for item in items]
    keys = [story_key(item.url, item.title) for item in items]
    alike = (
        process.cdist(
            titles, titles, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, dtype=np.uint8
        )
        if titles
        else np.zeros((0, 0), np.uint8)
    )
    numbers = [frozenset(_NUMBERS.findall(title)) for title in titles]
    first, by_key = dict[int, list[int]](), dict[str, int]()
    for n in range(len(items)):
        owner = by_key.get(keys[n]) if keys[n] else None
        if owner is None and len(titles[n].split()) >= FEWEST_WORDS:
            owner = next(
                (
                    m
                    for m in np.flatnonzero(alike[:n, n]).tolist()
                    # "Part 1" and "Part 2", "3.1 released" and "3.2 released" are two stories.
                    if m in first and numbers[m] == numbers[n] and _one_story(items[m], items[n])
                ),
                None,
            )
        if owner is None:
            first[n] = []
            by_key.setdefault(keys[n], n)
        else:
            first[owner].append(n)
    kept = [_with_also(items[n], [items[m] for m in others]) for n, others in first.items()]
    return kept, len(items) - len(kept)


def _one_story(a: Item, b: Item) -> bool:
    """Whether two items with nearly the same headline can be reports of one event."""
    when_a, when_b = moment_of(a), moment_of(b)
    if when_a and when_b and abs(when_a - when_b) > APART:
        return False
    told_a, told_b = a.summary or a.text[:500], b.summary or b.text[:500]
    if a.source == b.source and told_a and told_b:
        return fuzz.token_set_ratio(told_a, told_b) >= UNLIKE
    return True


def _with_also(item: Item, others: Sequence[Item]) -> Item:
    notes = list(dict.fromkeys(f"{ALSO}{_named(other)}" for other in others if other.url))
    notes = [note for note in notes if not note.endswith(f"<{item.url}>")]
    return item.model_copy(update={"tags": [*item.tags, *notes]}) if notes else item


def _named(item: Item) -> str:
    return f"{item.source or item.title} <{item.url}>"
