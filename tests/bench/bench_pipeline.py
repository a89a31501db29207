"""What the language costs: one expression, a whole file checked, read and edited.

It only computes, so processor time is taken: what else the machine does leaves it alone.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from assistant.pipeline.checker import check
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.expressions import compile_expression, read_template, resolve
from assistant.pipeline.loader import load
from tests.bench.figures import Figure, figure, report
from tests.pipeline.conftest import SKILLS

ITEM = {
    "title": "Harbour wall holds", "url": "https://example.org/1", "source": "The Lantern",
    "published": "2026-03-02T12:00:00.000Z", "author": "Jo", "summary": "s" * 200,
    "text": "t" * 2_000, "image": "", "tags": ["sea"],
}  # fmt: skip
NAMES: dict[str, Any] = {
    "steps": {"read": {"items": [{**ITEM, "score": n / 100} for n in range(100)]}},
    "inputs": {"topic": "harbour", "limit": 5},
    "run": {"started_at": "2026-03-02T12:00:00.000Z"},
}
CONDITION = "size(steps.read.items) > 0 and inputs.limit <= 5"
FILTER = "[i for i in steps.read.items if i.score > 0.3 and 'wall' in i.title]"
STEPS = 200


def job_file(steps: int) -> str:
    """A file in which every step uses the one before it, with a condition on each fourth."""
    lines = [
        "job: long-one",
        "steps:",
        '  - {id: s0, skill: fetch_feed, with: {url: "https://example.org"}}',
    ]
    for n in range(1, steps):
        condition = f'    if: "${{{{ size(steps.s0.items) > {n} }}}}"\n' if n % 4 == 0 else ""
        before = f"default(steps.s{n - 1}.items, [])" if n % 4 == 1 else f"steps.s{n - 1}.items"
        lines.append(
            f"  - id: s{n}\n    skill: rank_items\n{condition}"
            f'    with: {{topic: "news of ${{{{ run.job }}}}", limit: 50, items: "${{{{ {before} }}}}"}}\n'
            f"    retry: {{attempts: 4, delay: 2s}}\n    timeout: 30s"
        )
    return "\n".join(lines) + "\n"


def milliseconds(
    work: Callable[[], object], repeats: int, *, before: Callable[[], object] = lambda: None
) -> float:
    """The median of so many goes."""
    found: list[float] = []
    for _ in range(repeats):
        before()
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1000)
    return statistics.median(found)


def forget() -> None:
    """As if no expression had been read before."""
    compile_expression.cache_clear()
    read_template.cache_clear()


def measure() -> list[Figure]:
    condition, filtering = compile_expression(CONDITION), compile_expression(FILTER)
    text = job_file(STEPS)
    loaded = load(text)
    assert check(loaded, SKILLS) == []
    job = EditableJob(text)
    arguments = {"items": "${{ steps.read.items }}", "topic": "On ${{ inputs.topic }}", "limit": 5}
    return [
        figure("a condition", milliseconds(lambda: condition.evaluate(NAMES), 2_000), "ms", 0.1),
        figure("a filter over 100 items", milliseconds(lambda: filtering.evaluate(NAMES), 500), "ms", 0.5),
        figure("the arguments of a step", milliseconds(lambda: resolve(arguments, NAMES), 2_000), "ms", 0.1),
        figure("an expression read the first time", milliseconds(lambda: compile_expression(CONDITION), 300, before=forget), "ms"),
        figure(f"{STEPS} steps checked, first time", milliseconds(lambda: check(loaded, SKILLS), 9, before=forget), "ms", 50),
        figure(f"{STEPS} steps checked again", milliseconds(lambda: check(loaded, SKILLS), 9), "ms", 50),
        figure(f"{STEPS} steps read from YAML", milliseconds(lambda: load(text), 9), "ms"),
        figure(f"one value edited among {STEPS} steps", milliseconds(lambda: job.set(("steps", 100, "with", "limit"), 20), 5), "ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(report(measure))
