"""Subjects, headings and openings without quotation marks are kept as they stand."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark


@pytest.mark.parametrize(
    ("said", "marked", "literal"),
    [
        ("Write to ana@hut.example: the pass is closed until noon. Closed pass as the subject.",
         "Write to <mail1>: <quote1>. <quote2> as the subject.", ["the pass is closed until noon", "Closed pass"]),
        ("send it on to jo@a.example under the heading Weekly parcel numbers", "send it on to <mail1> under the heading <quote1>", ["Weekly parcel numbers"]),
        ("mail jo@a.example that the key is under the mat, with the headline Key", "mail <mail1> that the key is under the mat, with the headline <quote1>", ["Key"]),
        ("call it Evening tides from now on", "call it <quote1> from now on", ["Evening tides"]),
        ("it is to be known as Friday finds", "it is to be known as <quote1>", ["Friday finds"]),
        ("Have Minutes stand in the subject line.", "Have <quote1> stand in the subject line.", ["Minutes"]),
        ("For the subject take Road open", "For the subject take <quote1>", ["Road open"]),
        ("a note headed Boat shed: paint has arrived", "a note headed <quote1>: <quote2>", ["Boat shed", "paint has arrived"]),
        ("Tell the ward3 channel: visitors until eight. Title it Visiting hours", "Tell the <chan1> channel: <quote1>. Title it <quote2>", ["visitors until eight", "Visiting hours"]),
        ("put Monday's plan over it", "put <quote1> over it", ["Monday's plan"]),
        ("the name on top is Harbour Notes and it opens with the words Dear neighbours", "the name on top is <quote1> and it opens with the words <quote2>", ["Harbour Notes", "Dear neighbours"]),
        ("up front it says: Taken before sunrise.", "up front it says: <quote1>.", ["Taken before sunrise"]),
        ("with the words Good morning, millers at the top", "with the words <quote1> at the top", ["Good morning, millers"]),
        ("a newsletter titled Garden Weekly about roses", "a newsletter titled <quote1> about roses", ["Garden Weekly"]),
        ("it starts with whatever is new", "it starts with whatever is new", []),
    ],
)  # fmt: skip
def test_what_heads_a_text_is_taken_as_it_stands(
    said: str, marked: str, literal: list[str]
) -> None:
    found = mark(said)
    assert found.text == marked
    assert [value.raw for value in found.of("quote")] == literal
