"""Channels by what stands around their names."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("tell the crew channel practice is at 6 on Tuesday", ["crew"]),
        ("shout 'the gate is open' into porter", ["porter"]),
        ("ping night-shift: pump two stopped", ["night-shift"]),
        ("the menu once into the kitchen channel and once into lobby", ["kitchen", "lobby"]),
        ("post it in the channels barn and stable", ["barn", "stable"]),
        ("if it rains tell the team-a channel Stay home, else tell team-a Come in", ["team-a"]),
        ("the press channel was closed, it's media now", ["press", "media"]),
        ("the old channel is gone, newsroom is the new one", ["old", "newsroom"]),
        ("Everybody follows the canal closures, best 3 of it", []),
        ("in place of the channel message, same time", []),
        ("the channel is ward-c now", ["ward-c"]),
        ("Tell the night desk channel the lift is stuck", ["night desk"]),
        ("put it on the other slack channel", []),
        ("tell mum 'dinner is at eight'", []),
        ("tell everybody: the lift works", []),
        ("drop a note in kitchen: we are out of flour", ["kitchen"]),
        ("send a short message to the bakers: rye is late", ["bakers"]),
        ("write a note on bread: rye, spelt and oats", []),
        ("put 'done' on it", []),
        ("https://a.example/status.json -> model: is it open? -> drivers channel", ["drivers"]),
        ("save it, ping in labchat when it's there", ["labchat"]),
        ("a thank-you note to the team channel", ["team"]),
        (
            "tell me when https://a.example/rss or https://b.example/rss has a release, on my desktop",
            ["desktop"],
        ),
        ("Remind me on the desktop to water the plants", ["desktop"]),
        ("fetch https://a.example/list.csv and save it on my desktop, then tell #ops", ["#ops"]),
        ("read https://a.example/rss on my desktop computer and notify #ops", ["#ops"]),
        ("the team channel is called rowers, tell the rowers channel", ["rowers"]),
    ],
)
def test_a_channel_is_known_by_what_is_said_of_it(said: str, names: list[str]) -> None:
    assert [value.meant for value in mark(said).of("chan")] == names


@pytest.mark.parametrize(
    ("said", "literal"),
    [
        ("let the porters channel know that the lorry comes at nine on Monday. Thanks", "the lorry comes at nine on Monday"),
        ("mail ann@a.example and bo@b.example: the audit moved to 3 June, hall 2. Subject: Audit", "the audit moved to 3 June, hall 2"),
        ("inform #board that we meet on 5 May at 17:30, not on 4 May", "we meet on 5 May at 17:30, not on 4 May"),
        ("I want lee@a.example to know that the ferry sails at 6:40 tomorrow", "the ferry sails at 6:40 tomorrow"),
        ("tell #desk that the term is over every Friday at 4", "the term is over"),
        ("translate into Dutch: closed on Mondays until 10", "closed on Mondays until 10"),
        ("make this shorter: the board has, at 9 on Friday, agreed", "the board has, at 9 on Friday, agreed"),
    ],
)  # fmt: skip
def test_a_time_in_what_is_told_is_no_schedule(said: str, literal: str) -> None:
    marked = mark(said)
    told = [value.meant for value in marked.of("quote")]
    assert literal in told or literal in marked.text
    assert [v.kind for v in marked.of("when")] == (["when"] if "every" in said else [])
