"""Results as the text of an answer: a single one whole, many in a line or two each."""

from __future__ import annotations

import pytest

from assistant.chat.summaries import in_full, shortened, summary_of

LONG = "The Lantern Line has swapped one diesel engine for a bank of cells. " * 20


def items(count: int) -> dict[str, object]:
    return {"items": [{"title": f"Story {n}", "url": f"https://x.example/{n}", "summary": LONG} for n in range(count)]}  # fmt: skip


def test_one_summary_that_was_asked_for_is_told_whole() -> None:
    assert " ".join(LONG.split()) in in_full(items(1))


@pytest.mark.parametrize("count", [3, 8, 30])
def test_many_are_cut_between_words(count: int) -> None:
    told = in_full(items(count))
    assert len(told) < 4000
    words = {word.strip(".:") for word in LONG.split()}
    for line in told.splitlines():
        if line.endswith("…"):
            assert line.removesuffix("…").split()[-1].strip(".:") in words


@pytest.mark.parametrize(
    ("text", "longest", "told"),
    [
        ("a short one", 20, "a short one"),
        ("batteries go to sea, says the ferry", 20, "batteries go to sea…"),
        ("batteries go to sea", 18, "batteries go to…"),
        ("https://x.example/one-long-address", 20, "https://x.example/o…"),
    ],
)
def test_a_text_is_cut_between_words_where_there_are_any(text: str, longest: int, told: str):
    assert shortened(text, longest) == told


@pytest.mark.parametrize(
    ("warnings", "told"),
    [
        ([], "2 items"),
        (["9 items left out: not about 'batteries'."], "2 items; 9 items left out: not about 'batteries'"),
        (["one", "two"], "2 items, 2 warnings"),
    ],
)  # fmt: skip
def test_a_single_warning_is_told_in_its_words(warnings: list[str], told: str):
    assert summary_of(items(2) | {"warnings": warnings}) == told
