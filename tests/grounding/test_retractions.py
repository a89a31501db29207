"""Times that are taken back, told of others, or kept to some months."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark
from assistant.grounding.times import phrases


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ("Every second Tuesday is too rare, so make it every Tuesday, at 8 pm", "0 20 * * 2"),
        ("every other hour? No: once a day, at 4 in the afternoon", "0 16 * * *"),
        ("On the first working day, no, simply on the 1st, 8:30", "30 8 1 * *"),
        ("every Monday, hm, sorry, every Wednesday at 9", "0 9 * * 3"),
        ("We meet at nine on Wednesdays, so quarter to nine on Wednesdays will do", "45 8 * * 3"),
        ("Saturday mornings I want to sit down at eight with a coffee. So by then, say 7:40", "40 7 * * 6"),
        ("The canteen puts the menu up late on Sunday. On Mondays at 6:30 the model tells me", "30 6 * * 1"),
        ("the shop opens at 9 on Saturdays, tell me at 8 on Saturdays", "0 8 * * 6"),
        ("I leave at five, mail it at 16:30 on Fridays", "30 16 * * 5"),
        ("at five, no wait, the boats leave at five, so at four every morning", "0 4 * * *"),
        ("We meet on Mondays at 9, send it then", "0 9 * * 1"),
        ("on Mondays, no, at nine", "0 9 * * 1"),
        ("at 6 in the evening from May to September", "0 18 * 5-9 *"),
        ("From April to September only, Saturdays 07:00", "0 7 * 4-9 6"),
        ("daily at 7 between October and March", "0 7 * 1-3,10-12 *"),
        ("at month's end, at noon", "0 12 L * *"),
    ],
)  # fmt: skip
def test_the_time_that_holds_in_the_end(said: str, cron: str) -> None:
    whens = [p.when for p in phrases(said) if p.kind == "when"]
    assert {when.cron for when in whens if when} == {cron}


def test_what_others_do_is_no_number_and_no_time_to_run() -> None:
    marked = mark("We meet at nine on Wednesdays, so quarter to nine on Wednesdays will do")
    assert [value.kind for value in marked.values.values()] == ["date", "when"]
