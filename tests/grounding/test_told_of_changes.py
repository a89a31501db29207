"""What a change to a job says: numbers that are a limit, hours that something moves to, new names."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("cap it at four", "cap it at <num1>"),
        ("capped at seven, please", "capped at <num1>, please"),
        ("weekends too, half an hour earlier", "<when1>, <shift1>"),
        ("every half an hour", "<when1>"),
        ("move it to nine", "move it <time1>"),
        ("move it to nine stories", "move it to <num1> stories"),
        ("same hour but by Lisbon's clock", "same hour but by <zone1>"),
        ("rename this one to Friday Fish Report", "rename this one to <quote1>"),
        ("renómbralo a Viento del Lunes", "renómbralo a <quote1>"),
        ("rename it to tide-letter", "rename it to tide-letter"),
        ("the title should be Saturday eight then", "the title should be <quote1> then"),
        ("it should also appear in #stage-door", "it should also appear in <chan1>"),
        ("the #main element of the page", "the <sel1> element of the page"),
        ("we want the #ops channel told", "we want the <chan1> channel told"),
        ("kein Kanal mehr", "kein Kanal mehr"),
    ],
)
def test_what_a_change_says_is_marked(said: str, text: str) -> None:
    assert mark(said).text == text
