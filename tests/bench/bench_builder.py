"""What a draft costs with 200 skills installed: its prompt, its candidates, its time.

Requests of split `look` without a context are drafted by the starter model; every fourth one, so
that it takes a minute.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant.builder.drafting import Builder
from assistant.builder.evaluation import BUNDLED, read_cases
from assistant.grounding.marks import mark
from assistant.models.registry import ModelRegistry
from assistant.settings import load, prepare
from assistant.store.database import Store
from tests.bench.figures import Figure, figure, report
from tests.builder.test_two_hundred_skills import install

SKILLS = 200
STEP = 4
"""Every so many requests one is drafted."""


def cases() -> list[dict[str, Any]]:
    return [c for c in read_cases(BUNDLED) if c.get("split") == "look" and "context" not in c]


def offered(builder: Builder, asked: list[dict[str, Any]]) -> float:
    """The share of the skills that requests need that stand among their candidates."""
    index, right, total = builder.candidates(), 0, 0
    for case in asked:
        wanted = set(case["expect"].get("skills") or ()) & {offer.name for offer in index.offers}
        there = {offer.name for offer in index.offers_for(mark(case["request"]).text)}
        right, total = right + len(wanted & there), total + len(wanted)
    return 100 * right / total


async def drafted(builder: Builder, asked: list[dict[str, Any]]) -> tuple[list[float], int]:
    """(seconds of each draft, tokens of the largest prompt)."""
    seconds: list[float] = []
    largest = 0
    await builder.draft(asked[0]["request"])  # the model is in memory after this
    for case in asked:
        began = time.perf_counter()
        draft = await builder.draft(case["request"])
        seconds.append(time.perf_counter() - began)
        largest = max(largest, draft.largest_prompt)
    return sorted(seconds), largest


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load(home=Path(folder))
        prepare(settings)
        store = Store(settings.store_path)
        models = ModelRegistry(settings, store)
        try:
            library = install(settings, SKILLS)
            builder = Builder(library, models, timezone=lambda: "Europe/London")
            asked = cases()
            seconds, largest = asyncio.run(drafted(builder, asked[::STEP]))
            return [
                figure("skills installed", len(builder.candidates().offers), ""),
                figure(
                    "right skill among candidates", offered(builder, asked), "%", 98, "at least"
                ),
                figure("largest prompt", largest, "tok", 2000),
                figure("draft, p50", statistics.median(seconds), "s", 2),
                figure("draft, p95", seconds[int(0.95 * len(seconds))], "s", 5),
            ]
        finally:
            models.close()
            store.close()


if __name__ == "__main__":
    sys.exit(report(measure))
