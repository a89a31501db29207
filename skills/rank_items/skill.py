"""Pick the best stories for a topic."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from assistant.errors import ModelUnavailable
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.periods import moment_since
from assistant.skills.records import Item, Items
from assistant.skills.stories import WHY, SentBefore

from .ages import age, moment_of, recency
from .doubles import merged
from .relevance import Relevance, relevance

RECENCY_SHARE = 0.3
"""The part of a score that age decides when there is a topic."""
SAME_SOURCE = 0.85
"""Each earlier story of the same source takes this much off the next one's turn."""
ALIKE_IN_MEANING = 0.5
EMBEDDED_CHARS = 2_000


@dataclass(frozen=True)
class Ranked:
    item: Item
    score: float
    why: str


@skill(
    effect="read",
    patchable=("topic", "limit", "since"),
    examples=(
        Example(
            "pick the 5 best stories about AI safety",
            {"items": "${{ steps.read.items }}", "topic": "AI safety", "limit": 5},
        ),
        Example(
            "keep the top ten",
            {"items": "${{ steps.read.items }}", "limit": 10},
        ),
        Example(
            "only what is new since yesterday about batteries",
            {"items": "${{ steps.read.items }}", "topic": "batteries", "since": "24h"},
        ),
        Example(
            "filter the stories for climate and rank them",
            {"items": "${{ steps.read.items }}", "topic": "climate"},
        ),
        Example(
            "choose the most relevant three and drop the doubles",
            {"items": "${{ steps.read.items }}", "limit": 3},
        ),
    ),
    timeout=120,
)
async def rank_items(
    context: SkillContext,
    items: Annotated[list[Item], Field(description="The items to choose from")],
    topic: Annotated[str, Field(description="What they should be about, in a few words")] = "",
    limit: Annotated[int, Field(ge=1, le=500, description="Most items to keep")] = 10,
    since: Annotated[str, Field(description="Only newer ones: 24h, 7d or 2026-03-01")] = "",
) -> Items:
    """Pick the best items for a topic: relevant, recent, from many sources, each story once."""
    warnings = list[str]()
    now = context.clock.now()
    fresh = _newer(items, moment_since(since, now), warnings)
    new = _unsent(context, fresh, warnings)
    newest_first = sorted(new, key=lambda item: -recency(item, now))
    kept, doubles = await asyncio.to_thread(merged, newest_first)
    if doubles:
        warnings.append(f"{_items(doubles)} told the same story as another and were merged.")
    ranked = await _ranked(context, kept, topic.strip(), now, warnings)
    chosen = _taking_turns(ranked, limit)
    for warning in warnings:
        context.warn(warning)
    return Items(items=[_explained(one) for one in chosen], warnings=warnings)


def _newer(items: Sequence[Item], start: datetime | None, warnings: list[str]) -> list[Item]:
    if start is None:
        return list(items)
    kept, undated = list[Item](), 0
    for item in items:
        moment = moment_of(item)
        undated += moment is None
        if moment is None or moment >= start:
            kept.append(item)
    if undated:
        warnings.append(f"{_items(undated)} without a date kept: their age is not known.")
    if len(kept) < len(items):
        warnings.append(f"{_items(len(items) - len(kept))} left out: older than asked for.")
    return kept


def _unsent(context: SkillContext, items: list[Item], warnings: list[str]) -> list[Item]:
    if not context.job:
        return items
    sent = SentBefore(context.memory, context.run_id)
    kept = [item for item in items if item not in sent]
    if len(kept) < len(items):
        warnings.append(f"{_items(len(items) - len(kept))} left out: sent by an earlier run.")
    return kept


async def _ranked(
    context: SkillContext, items: list[Item], topic: str, now: datetime, warnings: list[str]
) -> list[Ranked]:
    if not topic:
        return [
            Ranked(item, recency(item, now), f"{age(item, now)}, no topic given") for item in items
        ]
    by_words = await asyncio.to_thread(relevance, items, topic)
    by_meaning = await _by_meaning(context, items, topic, warnings)
    ranked = list[Ranked]()
    for n, item in enumerate(items):
        near = by_meaning[n] if by_meaning else 0.0
        about = by_words[n].score if not by_meaning else (by_words[n].score + near) / 2
        if by_words[n].score == 0 and near < ALIKE_IN_MEANING:
            continue
        recent = recency(item, now)
        score = about * (1 - RECENCY_SHARE + RECENCY_SHARE * recent)
        ranked.append(Ranked(item, score, _why(by_words[n], near, age(item, now))))
    if len(ranked) < len(items):
        warnings.append(f"{_items(len(items) - len(ranked))} left out: not about {topic!r}.")
    return ranked


async def _by_meaning(
    context: SkillContext, items: Sequence[Item], topic: str, warnings: list[str]
) -> list[float]:
    """Nearness of each item to the topic by an embedding model; empty when none is set."""
    name = context.settings.embedding_model
    if not name or not items:
        return []
    texts = [f"{i.title}\n{i.summary or i.text}"[:EMBEDDED_CHARS] for i in items]
    try:
        vectors = await context.models.get(name).embed([topic, *texts])
    except ModelUnavailable as trouble:
        warnings.append(f"Ranked by words only: {trouble.message}")
        return []
    return [_cosine(vectors[0], vector) for vector in vectors[1:]]


def _taking_turns(ranked: Sequence[Ranked], limit: int) -> list[Ranked]:
    """The best ones, a source counting less with each story it already has."""
    left = sorted(ranked, key=lambda one: (-one.score, one.item.title))
    chosen, taken = list[Ranked](), dict[str, int]()
    while left and len(chosen) < limit:
        best = max(left, key=lambda one: one.score * SAME_SOURCE ** taken.get(one.item.source, 0))
        left.remove(best)
        chosen.append(best)
        if best.item.source:
            taken[best.item.source] = taken.get(best.item.source, 0) + 1
    return chosen


def _explained(one: Ranked) -> Item:
    tags = [tag for tag in one.item.tags if not tag.startswith(WHY)]
    return one.item.model_copy(
        update={"score": round(one.score, 3), "tags": [*tags, f"{WHY}{one.why}"]}
    )


def _why(words: Relevance, near: float, told_age: str) -> str:
    parts = [f"{words.where} has {', '.join(words.found)}"] if words.found else []
    if near >= ALIKE_IN_MEANING:
        parts.append(f"near in meaning ({near:.2f})")
    return ", ".join([*parts, told_age])


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    length = math.hypot(*a) * math.hypot(*b)
    return sum(x * y for x, y in zip(a, b, strict=True)) / length if length else 0.0


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
