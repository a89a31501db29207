"""Changes as people say them, each read without a model and made as the smallest patch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.builder.drafting import Builder
from assistant.builder.evaluation import prediction, surroundings
from assistant.builder.scoring import score
from assistant.models.doubles import OneModel
from assistant.skills.library import Library
from tests.builder.conftest import Deciding

FILE = Path(__file__).parents[1] / "evals" / "edits.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["request"] for case in CASES])
async def test_a_change_is_read_from_its_words(case: Mapping[str, Any], library: Library) -> None:
    model = Deciding({"kind": "clarify", "missing": ["what"]}, {})
    builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
    around = surroundings(case["context"], library)
    told = prediction(case["id"], await builder.draft(case["request"], around))
    assert score(case, told).wrong == []
    named = told["settings"].get("edit.job")
    assert named == case["context"]["job"]["name"]


async def test_an_action_on_a_named_job_needs_no_focus(library: Library) -> None:
    model = Deciding({"kind": "clarify", "missing": ["what"]}, {})
    builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
    around = surroundings({"jobs": ["nightly-dump", "printer-queue"]}, library)
    draft = await builder.draft("pause nightly-dump until I am back", around)
    assert (draft.kind, draft.actions, draft.settings) == (
        "edit",
        ("pause",),
        {"edit.job": "nightly-dump"},
    )
