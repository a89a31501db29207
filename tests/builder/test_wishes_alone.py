"""Wishes that name what somebody wants, and lack what it would be made of."""

from __future__ import annotations

import pytest

from assistant.builder.questions import Surroundings
from assistant.grounding.marks import mark
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("as the others have it: a digest each weekday at 8:20, to all@a.example", "What should the letter say?"),
        ("please mail us the local headlines at 7", "Which feed or page should it read? Paste its address."),
        ("can you start sending me the trade news of a morning", "Which feed or page should it read? Paste its address."),
    ],
)  # fmt: skip
def test_what_a_digest_is_made_of_is_asked(draft: Drafts, said: str, asked: str) -> None:
    made = draft(said, {"kind": "job", "steps": ["send_email"]}, {}, {}, around=Surroundings())
    assert made.kind == "clarify"
    assert asked in [one.text for one in made.asks]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("what's on the page gets summarised in a sentence", [1]),
        ("put each into a short sentence", [1]),
        ("There's three of them: a, b and c", []),
        ("the best three of them", [3]),
    ],
)
def test_a_sentence_is_one_and_what_is_listed_counts_nothing(said: str, numbers: list[int]) -> None:
    assert [value.meant for value in mark(said).of("num")] == numbers
