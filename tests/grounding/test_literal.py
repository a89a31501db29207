"""Names and texts that stand in words are kept as they stand; services are known by name."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark


@pytest.mark.parametrize(
    ("said", "marked", "literal"),
    [
        ("a newsletter titled Monday Post to jo@a.example", "a newsletter titled <quote1> to <mail1>", ["Monday Post"]),
        ("mail them to jo@a.example with the subject This week at the museum", "mail them to <mail1> with the subject <quote1>", ["This week at the museum"]),
        ("lay it out as the newsletter Bell Tower, please", "lay it out as the newsletter <quote1>, please", ["Bell Tower"]),
        ("mail jo@a.example, subject Friday trip, and say that Leo is ill.", "mail <mail1>, subject <quote1>, and say that <quote2>.", ["Friday trip", "Leo is ill"]),
        ("put a note in the office channel: closed until Thursday", "put a note in the <chan1> channel: <quote1>", ["closed until Thursday"]),
        ("save this as hours.txt: Mon-Fri 8 to 18", "save this as <file1>: <quote1>", ["Mon-Fri 8 to 18"]),
        ("telegram: lunch is at 12", "<chan1>: <quote1>", ["lunch is at 12"]),
        ("Tell #ops: rota is up, every friday at 9", "Tell <chan1>: <quote1>, <when1>", ["rota is up"]),
        ("Every day at 7: the top stories to #ops", "<when1>: the top stories to <chan1>", []),
        ("daily at 8: read https://a.example/rss", "<when1>: read <feed1>", []),
        ("mail Tom (tom@a.example) that the boat is ready on Friday at 5", "mail Tom (<mail1>) that <quote1>", ["the boat is ready on Friday at 5"]),
        ("write to hall@a.example asking whether it is free on 12 December", "write to <mail1> asking <quote1>", ["whether it is free on 12 December"]),
        ("ask bo@a.example when the delivery on Tuesday is", "ask <mail1> <quote1>", ["when the delivery on Tuesday is"]),
        ("tell sam@a.example that it comes on the 14th, and put Grain in the subject line", "tell <mail1> that <quote1>, and put <quote2> in the subject line", ["it comes on the 14th", "Grain"]),
        ("every Monday at 9 mail jo@a.example that the bins go out", "<when1> mail <mail1> that the bins go out", []),
        ("mail jo@a.example when a new post appears on https://a.example/feed", "mail <mail1> when a new post appears on <feed1>", []),
        ("tell everybody in #lab that the autoclave is broken", "tell everybody in <chan1> that <quote1>", ["the autoclave is broken"]),
        ("let the desk channel know the lift is out until Thursday", "let the <chan1> channel know <quote1>", ["the lift is out until Thursday"]),
        ("every Friday say on the office channel that they won't see Monday", "<when1> say on the <chan1> channel that <quote1>", ["they won't see Monday"]),
        ("let the ops channel know every Monday what is new", "let the <chan1> channel know <when1> what is new", []),
        ("schreib in den Kanal hof, dass der Kran bis Mittwoch zu ist", "schreib in den Kanal <chan1>, dass <quote1>", ["der Kran bis Mittwoch zu ist"]),
        ("schreib in den Kanal werkstatt: morgen zu", "schreib in den Kanal <chan1>: <quote1>", ["morgen zu"]),
    ],
)  # fmt: skip
def test_what_is_literal_is_found_before_times_are(
    said: str, marked: str, literal: list[str]
) -> None:
    found = mark(said)
    assert found.text == marked
    assert [value.raw for value in found.of("quote")] == literal


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("put them on telegram", "telegram"),
        ("post the list to Slack.", "Slack"),
        ("schick es an slack", "slack"),
        ("envía todo por telegram", "telegram"),
        ("msg oncall channel: disk full", "oncall"),
        ("read https://slack.example/feed.xml", None),
        ("what is new on slack.com", None),
    ],
)
def test_a_service_is_a_channel_where_something_is_put_on_it(
    said: str, channel: str | None
) -> None:
    assert next((value.raw for value in mark(said).of("chan")), None) == channel
