"""docs/job-file.md: its examples are right, and its tables say what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from assistant.pipeline.checker import check
from assistant.pipeline.loader import load
from assistant.pipeline.skill_table import SkillTable
from assistant.pipeline.step_loader import MOST_PARALLEL, MOST_ROUNDS, MOST_STEPS
from assistant.pipeline.triggers import TRIGGERS
from tests.pipeline.test_checker_mistakes import find

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "job-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.M | re.S)


def whole(example: str) -> str:
    """An example that is only steps, as a job."""
    if example.startswith("job:"):
        return example
    return f"job: example\nsteps:\n{indent(dedent(example), '  ')}"


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = GUIDE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_the_guide_has_examples():
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_job_without_mistakes(skills: SkillTable, example: str):
    assert check(load(whole(example)), skills, find) == []


def test_every_trigger_is_in_the_guide_with_its_keys():
    told = {
        name: re.findall(r"`(\w+)`", keys)
        for names, keys, _ in table("Triggers")
        for name in re.findall(r"`(\w+)`", names)
    }
    assert told == {
        name: [*kind.needs, *kind.may, *(["schema"] if name == "webhook" else []), *(["every"] if kind.polls else [])]
        for name, kind in TRIGGERS.items()
    }  # fmt: skip


STEP = {
    "skill": "skill: fetch_feed, with: {url: u}, retry: 2, timeout: 5s, cache: true, needs_approval: true",
    "call_job": "call_job: archive, with: {}, retry: 2, timeout: 5s",
    "parallel": "parallel: {a: [{stop: x}]}, timeout: 5s",
    "for_each": "for_each: [1], as: n, max_parallel: 2, timeout: 5s, steps: [{stop: x}], collect: '${{ n }}'",
    "while": "while: '${{ index < 1 }}', max_iterations: 2, timeout: 5s, steps: [{stop: x}], accumulate: {name: n, start: 0, value: 1}",
    "if": "if: '${{ true }}', steps: [{stop: x}], else: [{stop: y}]",
    "approve": "approve: Go on?",
    "set": "set: {v: 1}",
    "stop": "stop: done",
}  # fmt: skip


def test_every_kind_of_step_takes_the_keys_of_the_guide():
    kinds = [re.findall(r"`(\w+)", row[0])[0] for row in table("Steps")]
    assert kinds == list(STEP)
    for step in STEP.values():
        load(f"job: x\nsteps:\n  - {{id: s, {step}}}\n")


def test_the_limits_in_the_guide_are_those_of_the_code():
    told = (
        f"{MOST_STEPS:,} steps",
        f"{MOST_ROUNDS:,} rounds",
        f"{MOST_PARALLEL} rounds side by side",
    )
    assert [words for words in told if words not in " ".join(GUIDE.split())] == []
