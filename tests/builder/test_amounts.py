"""How many are wanted, and what a number counts besides."""

from __future__ import annotations

import pytest

from assistant.builder.amounts import aside_since, at_most, changed_by, enough
from assistant.builder.seasons import in_months, months_said
from assistant.grounding.marks import mark


@pytest.mark.parametrize(
    "behind",
    [" is enough", " will do", " rows is plenty: select", " rows are plenty", " of them would do.", " max", " is plenty", " rows at most", " filas me basta", " zeilen komme ich aus", " lignes j'ai assez", " rows is plenty for me"],
)  # fmt: skip
def test_no_more_than_a_number_is_said_behind_it(behind: str) -> None:
    assert enough(behind)


@pytest.mark.parametrize("behind", [" is the bus", " stories", " rows of chairs"])
def test_other_words_behind_a_number_limit_nothing(behind: str) -> None:
    assert not enough(behind)


@pytest.mark.parametrize(
    "before",
    ["but stop at ", "cap it at ", "limit it to ", "the first ", "no more than ", "onley "],
)
def test_a_limit_is_said_before_its_number(before: str) -> None:
    assert at_most(before, "")


@pytest.mark.parametrize(
    ("said", "numbers"),
    [("a manual for the Vulkan 24 Eco boiler", []), ("parts of the Bergamo 3000 machine", []), ("mail Anna 5 stories", [5]),
     ("which rooms are free on 3 March", []), ("since March 3 the 5 best", [5]), ("then Peter 200 of them", [200])],
)  # fmt: skip
def test_a_number_of_a_name_or_a_date_counts_nothing(said: str, numbers: list[int]) -> None:
    assert [value.meant for value in mark(said).of("num")] == numbers


@pytest.mark.parametrize(
    ("said", "aside"),
    [
        ("any manual online, the tenant has been without heating <since1>, so have a look", True),
        ("what has been published <since1>", False),
        ("search the web, only what is new <since1>", False),
        ("it has been quiet <since1>", False),
    ],
)
def test_how_long_something_lasts_is_no_look_back(said: str, aside: bool) -> None:
    assert aside_since(said, "<since1>") is aside


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("everything since the twentieth of October 2026", "2026-10-20"),
        ("I was away from 5 November 2026 on", "2026-11-05"),
        ("news since October 12, 2026", "2026-10-12"),
        ("what came after 1 May 2026", "2026-05-01"),
    ],
)
def test_a_day_with_its_year_is_looked_back_to(said: str, day: str) -> None:
    assert [value.meant for value in mark(said).of("since")] == [day]


@pytest.mark.parametrize(
    ("said", "months", "way"),
    [
        ("no runs in July and August, there's no school", {7, 8}, "skip"),
        ("not in August", {8}, "skip"),
        ("only from September to May, please", {1, 2, 3, 4, 5, 9, 10, 11, 12}, "only"),
        ("leave out December", {12}, "skip"),
        ("it may come later", set(), ""),
        ("send it on 3 March", set(), ""),
        ("nur von Oktober bis April", {10, 11, 12, 1, 2, 3, 4}, "only"),
    ],
)
def test_months_of_rest_are_read(said: str, months: set[int], way: str) -> None:
    assert months_said(said, mark(said).lang) == (frozenset(months), way)


@pytest.mark.parametrize(
    ("old", "months", "way", "new"),
    [
        ("0 7 * * 1-5", {7, 8}, "skip", "0 7 * 1-6,9-12 1-5"),
        ("0 7 * 1-6,9-12 1-5", {6}, "skip", "0 7 * 1-5,9-12 1-5"),
        ("0 7 1 * *", {9, 10}, "only", "0 7 1 9,10 *"),
        ("0 7 * 8 *", {8}, "skip", ""),
        ("", {8}, "skip", ""),
    ],
)
def test_a_cron_line_rests_in_months(old: str, months: set[int], way: str, new: str) -> None:
    assert in_months(old, frozenset(months), way) == new


def test_a_number_changes_by_another() -> None:
    assert changed_by(5, 2, "more") == 7
    assert changed_by(5, 9, "less") == 1
    assert changed_by(None, 2, "more") == 2


@pytest.mark.parametrize(
    ("said", "long"),
    [
        ("nothing older than a week", "7d"),
        ("e niente che sia più vecchio di una settimana", "7d"),
        ("und nichts, was älter als eine Woche ist", "7d"),
    ],
)
def test_one_of_a_unit_is_a_length_where_it_is_compared(said: str, long: str) -> None:
    assert [value.meant for value in mark(said).of("dur", "since")] == [long]


def test_a_week_alone_is_no_length() -> None:
    assert mark("the best articles of a week").of("dur", "since") == []
