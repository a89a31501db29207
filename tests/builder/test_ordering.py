"""The order of what goes out, and what comes before it by its words."""

from __future__ import annotations

import pytest

from assistant.builder.ordering import ordered


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("mail it to <mail1>, then tell the <chan1> channel", ["send_email", "notify"]),
        ("tell the <chan1> channel and mail <mail1>", ["notify", "send_email"]),
        ("let the <chan1> channel have the list; ah, and before that keep a copy as <file1>.", ["save_file", "notify"]),
        ("What I want in the <chan1> channel: that lunch is set. Before that, please, the menu gets stored as <file1>.",
         ["save_file", "notify"]),
        ("Tell the <chan1> channel to come, and before you do, save it as <file1>", ["save_file", "notify"]),
        ("Sag im <chan1> Kanal Bescheid. Vorher speichere es als <file1>.", ["save_file", "notify"]),
        ("save it as <file1> before mailing it to <mail1>", ["save_file", "send_email"]),
        ("mail it to <mail1>, but first save it as <file1>", ["save_file", "send_email"]),
        ("it goes to <mail1>, and before that to the <chan1> channel and into <file1>", ["notify", "save_file", "send_email"]),
    ],
)  # fmt: skip
def test_what_goes_out_keeps_the_order_of_the_words(said: str, right: list[str]) -> None:
    for steps in (right, right[::-1]):
        assert ordered(["fetch_feed", *steps], said) == ["fetch_feed", *right]


def test_several_of_a_kind_and_places_nobody_named_stay_where_they_are() -> None:
    twice = ["query_database", "notify", "send_email", "notify"]
    assert ordered(twice, "tell <chan1> and <chan2>, mail <mail1>") == twice
    assert ordered(["notify", "save_file"], "save it and tell the <chan1> channel") == ["notify", "save_file"]  # fmt: skip
