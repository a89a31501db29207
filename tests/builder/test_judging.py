"""What was said and has no place in a draft is named, in the builder and on both cards."""

from __future__ import annotations

import pytest

from assistant.builder.drafts import Draft
from assistant.builder.judging import unplaced
from assistant.builder.resolving import Resolver
from assistant.chat.events import DraftCard, StepLine
from assistant.cli.turns import tell_card
from assistant.grounding.marks import mark
from assistant.panel import cards

SAID = "Watch https://shop.example/kettle, tell ops@shop.example when it costs less than 40"
WATCH = """job: kettle
steps:
  - id: read
    skill: extract_article
    with: {url: "https://shop.example/kettle/"}
"""
CARD = DraftCard(
    "d1", "1", "kettle", "Kettle", WATCH, (StepLine("read", "Read the page.", "extract_article", "read"),),
    unplaced=("ops@shop.example", "40"),
)  # fmt: skip


def test_what_no_step_holds_is_named_as_it_was_written() -> None:
    resolver = Resolver(mark(SAID))
    assert unplaced(Draft("job", yaml=WATCH), resolver) == ("ops@shop.example", "40")
    sends = '  - {id: send, skill: send_email, with: {to: ops@shop.example, body: "under 40"}}\n'
    assert unplaced(Draft("job", yaml=WATCH + sends), resolver) == ()


def test_a_number_within_another_one_is_not_held() -> None:
    resolver = Resolver(mark("keep 4 of https://shop.example/rss"))
    draft = Draft("job", yaml="with: {url: https://shop.example/rss, limit: 40}")
    assert unplaced(draft, resolver) == ("4",)


def test_the_cards_of_both_screens_say_what_is_not_in_the_draft(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell_card(CARD)
    told = [line for line in capsys.readouterr().out.splitlines() if "Not in it" in line]
    assert told == [
        f"Not in it: {said}  (say it in other words, or edit the draft)"
        for said in ("ops@shop.example", "40")
    ]
    assert "You said “ops@shop.example”, “40”, and nothing in this draft holds it" in cards.draft(
        CARD, ""
    )
