"""Requests that ask for nothing to be set up, or for what takes hands."""

from __future__ import annotations

import pytest

from assistant.builder.drafting import Builder
from assistant.builder.evaluation import surroundings
from assistant.models.doubles import OneModel
from assistant.skills.library import Library
from tests.builder.conftest import Deciding


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("what does a line like 0 7 * * 1 mean, I saw it in one of my jobs", "answer"),
        ("I keep seeing */15 * * * * in there, what is that?", "answer"),
        ("I don't want you to set up anything yet. In principle, would it be possible that a mail goes out when a page changes?", "answer"),
        ("just out of curiosity, would you be able to read a feed every five minutes?", "answer"),
        ("Listen in on the council meeting this afternoon and write down who votes how", "unsupported"),
        ("Sit in on the parents' evening and take notes", "unsupported"),
        ("Phone the plumber for me and tell him the boiler is dripping again", "unsupported"),
        ("Water my tomatoes tonight, will you", "unsupported"),
        ("Strike the rows of everyone who resigned from the members table, db is club.", "unsupported"),
    ],
)  # fmt: skip
async def test_talk_and_handiwork_are_told_from_jobs(
    said: str, kind: str, library: Library
) -> None:
    model = Deciding({"kind": "job", "steps": ["ask_model", "send_email"]}, {}, {})
    builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
    assert (await builder.draft(said)).kind == kind


@pytest.mark.parametrize(
    "said",
    ["It ought to go out somewhat later than it does, people are still at work", "make it shorter please"],
)  # fmt: skip
async def test_which_of_several_jobs_is_asked(said: str, library: Library) -> None:
    builder = Builder(library, OneModel(Deciding({"kind": "answer"})), timezone=lambda: "UTC")
    around = surroundings({"jobs": ["Deliveries", "Dairy prices"]}, library)
    draft = await builder.draft(said, around)
    assert draft.kind == "clarify"
    assert [ask.text for ask in draft.asks] == [
        "Which job do you mean: Deliveries or Dairy prices?"
    ]
