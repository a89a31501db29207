"""What a request says besides its work: refusals, and days and times that start nothing."""

from __future__ import annotations

import pytest

from assistant.builder.besides import without_besides
from assistant.builder.terms import Question
from assistant.grounding.marks import mark


def left(text: str) -> str:
    """The marked request that is read."""
    marked = mark(text)
    question, read = without_besides(Question(marked.text, tuple(marked.values), ()), marked)
    assert question.text == read.text
    assert all(name in question.text for name in question.marks)
    return question.text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Rank these. Don't send it yet, Maureen wants to see it first.", "Rank these."),
        ("Read https://a.example/x. No need to mail it, I only want a look.", "Read <page1>."),
        ("That's all, nothing to anybody by mail.", "That's all."),
        ("Lay these out as a letter, but no mailing it round yet.", "Lay these out as a letter."),
        ("Nobody gets it yet, I want to look first. Rank them.", "Rank them."),
        ("Don't post it anywhere, just save it as x.md", "just save it as <file1>"),
        ("Rank these. It isn't to go out before Friday.", "Rank these."),
        (
            "If it's under 20, mail it. If it isn't I don't want a mail, we get them.",
            "If it's under <num1>, mail it.",
        ),
    ],
)
def test_what_is_not_to_go_out_is_no_work(text: str, read: str) -> None:
    assert left(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "Don't send it if there is nothing new",
        "Don't send it until I have approved it",
        "under 30 and the depot needs a mail, otherwise leave them in peace",
        "Mail it to jo@a.example, don't send it to anybody else",
    ],
)
def test_a_refusal_that_says_how_is_kept(text: str) -> None:
    assert left(text) == mark(text).text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "they switch it off on Sunday, so save https://a.example/rss as a.json",
            "they switch it off on Sunday, so save <feed1> as <file1>",
        ),
        (
            "They change it every Monday, so read https://a.example/x every Tuesday at 9",
            "They change it every Monday, so read <page1> <when1>",
        ),
        ("Our exam is on Friday. Find pages on mitosis.", "Our exam is on Friday. Find pages on mitosis."),
        ("the orders from 1 January to 31 March", "the orders from 1 January to 31 March"),
        ("how many between 3 and 10 March", "how many between <num1> and 10 March"),
        ("closed until Thursday", "closed until Thursday"),
        ("list it before our 7 o'clock meeting", "list it before our 7 o'clock meeting"),
        ("Twelve kids, two nights: a packing list", "<num1> kids, <num2> nights: a packing list"),
        ("write a notice about the fair on 14 June", "write a notice about the fair on 14 June"),
    ],
)  # fmt: skip
def test_a_day_that_only_tells_of_something_is_no_schedule(text: str, read: str) -> None:
    assert left(text).replace("<when2>", "<when1>") == read


@pytest.mark.parametrize(
    "text",
    [
        "On Friday mail the news to jo@a.example",
        "I'd like the news on Sunday evening",
        "It needs to be in my inbox on Monday at 7",
        "Every Monday at 8 until further notice mail me the news",
        "Read it before 8 every day",
        "The letter goes out on Fridays at 9",
    ],
)
def test_a_day_that_is_meant_stays_a_schedule(text: str) -> None:
    assert "<when1>" in left(text)
