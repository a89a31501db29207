"""docs/expressions.md: every function is in it, and every example in it is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.pipeline.expressions import evaluate
from assistant.pipeline.functions import FUNCTIONS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "expressions.md").read_text(
    encoding="utf-8"
)
NAMES = {"steps": {"read": {}}, "run": {"started_at": "2026-03-02T12:00:00.000Z"}}
EXAMPLE = re.compile(r"`([^`]+)` → `([^`]+)`")
LISTED = [
    "size",
    "lower",
    "upper",
    "trim",
    "split",
    "join",
    "contains",
    "replace",
    "matches",
    "number",
    "sort",
    "unique",
    "sum",
    "min",
    "max",
    "round",
    "now",
    "date",
    "format_date",
    "json",
    "default",
    "keys",
    "values",
    "flatten",
    "slice",
]


def test_the_functions_are_the_listed_ones():
    assert sorted(FUNCTIONS) == sorted(LISTED)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_in_the_guide_as_its_code_says(name: str):
    doc = FUNCTIONS[name].doc
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{name}("))
    assert " ".join(line for line in doc.splitlines() if line and "→" not in line) in row
    assert EXAMPLE.findall(doc)
    assert EXAMPLE.findall(row) == EXAMPLE.findall(doc)


@pytest.mark.parametrize(("example", "result"), EXAMPLE.findall(GUIDE))
def test_every_example_in_the_guide_is_true(example: str, result: str):
    assert evaluate(example, NAMES) == evaluate(result, NAMES)
    assert type(evaluate(example, NAMES)) is type(evaluate(result, NAMES))
