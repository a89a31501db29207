"""What the best are chosen for, how many are read before, and names that hold a number."""

from __future__ import annotations

import pytest

from assistant.builder.amounts import rows_wanted
from assistant.builder.copies import hidden_copy
from assistant.builder.evidence import evidence
from assistant.builder.picked import most_for
from assistant.builder.texts_said import saying, topic_of
from assistant.grounding.marks import mark
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("the <num1> that matter most for river restoration, boiled down", "river restoration"),
        ("keep the <num1> that matter most to nurses and give me", "nurses"),
        ("out of that the <num2> that fit a roofing firm best, then", "a roofing firm"),
        ("<feed1>, chip export rules is what I care about, top <num1>", "chip export rules"),
        ("read <feed1>. We only care about eel traps. <num1> of them", "eel traps"),
        ("my subject is harbour law, the best <num1> from <feed1>", "harbour law"),
        ("<page1>; what we follow: reed warblers, best <num1>", "reed warblers"),
        ("throw out whatever isn't about youth theatre", "youth theatre"),
        ("on which days there are nuts in something", ""),
        ("read <feed1> on one side and scrape <page1> on the other, the best <num1> on rockets", "rockets"),
    ],
)  # fmt: skip
def test_the_best_are_chosen_for_something(said: str, topic: str) -> None:
    assert topic_of(said) == topic


def test_a_search_and_its_choice_have_each_their_own_topic() -> None:
    said = "anything on the net about overtime rulings, at most <num1>, keep the <num2> that matter most for nurses"
    assert (topic_of(said), most_for(said)) == ("overtime rulings", "nurses")


@pytest.mark.parametrize(
    "said",
    ["throw out whatever isn't about youth theatre", "drop everything that is not about eels", "skip all that has nothing to do with locks",
     "the <num1> that matter most for us"],
)  # fmt: skip
def test_what_is_thrown_out_is_chosen(said: str) -> None:
    assert "rank_items" in evidence(f"read <feed1>, {said}, mail <mail1>").sure


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [("the list at <page1>, ", " rows, then", True), ("only ", " rows of it", True), ("more than ", " rows, tell", False),
     ("if there are ", " rows in it", False)],
)  # fmt: skip
def test_rows_that_are_wanted_are_a_limit(before: str, after: str, wanted: bool) -> None:
    assert rows_wanted(before, after) is wanted


@pytest.mark.parametrize(
    ("said", "numbers"),
    [("new reviews of the Kestrel 300, ten of them", [10]), ("our Vito 119 needs 4 articles", [4]), ("the Top 5", [5])],
)  # fmt: skip
def test_a_number_in_a_name_counts_nothing(said: str, numbers: list[int]) -> None:
    assert [value.meant for value in mark(said).of("num")] == numbers


@pytest.mark.parametrize(
    ("said", "hidden"),
    [("to <mail1>, and <mail2> too but he mustn't see that", True), ("to <mail1>, <mail2> as well, nobody should know", False),
     ("to <mail1>, <mail2> gets it too and <mail1> mustn't know", True), ("to <mail1>, and <mail2> must see it", False)],
)  # fmt: skip
def test_a_copy_is_hidden_from_somebody(said: str, hidden: bool) -> None:
    assert hidden_copy(said, "<mail2>") is hidden


@pytest.mark.parametrize(
    ("said", "name", "told"),
    [
        ("as a letter with the heading Varroa Watch, to a@b.example", "title", "Varroa Watch"),
        ("a letter in the gallery design, Winter Ideas it's called, to a@b.example", "title", "Winter Ideas"),
        ("mail it to a@b.example, subject just Drones", "subject", "Drones"),
        ("mail it to a@b.example, name of mail: Kasa", "subject", "Kasa"),
        ("a mail for a@b.example (subject: Unpaid fees), and tell the board channel", "subject", "Unpaid fees"),
        ("mail the list to a@b.example subj Overdue tools", "subject", "Overdue tools"),
    ],
)  # fmt: skip
def test_names_are_told_loosely(said: str, name: str, told: str) -> None:
    marked = mark(said)
    assert marked.raw(saying(name, marked.text)) == told


@pytest.mark.parametrize(
    ("said", "since"),
    [("nothing older than a week", "7d"), ("not older than a fortnight", "14d"), ("no older than three days", "3d"),
     ("the week's posts from https://a.example/feed", "7d")],
)  # fmt: skip
def test_how_far_back_is_told_by_age(said: str, since: str) -> None:
    assert [value.meant for value in mark(said).of("since")] == [since]


def test_how_many_are_read_stands_before_how_many_are_chosen(draft: Drafts) -> None:
    steps = ["web_search", "rank_items", "summarize_items", "save_file"]
    made = draft(
        "Search the web for overtime rulings, at most 15, keep the four best, 2 sentences each, as a.md",
        {"kind": "job", "steps": steps},
    )
    assert [step.arguments.get("limit") for step in made.steps] == [15, 4, None, None]
