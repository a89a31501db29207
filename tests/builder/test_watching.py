"""Pages that are watched, states that are asked about, and values that only speak of an input."""

from __future__ import annotations

import pytest

from assistant.builder.texts_said import into_language, question_in
from assistant.builder.triggering import triggered
from assistant.builder.wiring import parts_of
from assistant.pipeline.loader import read_loosely
from assistant.skills.library import Library
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("skill", "url", "trigger"),
    [
        ("scrape_page", "https://town.example/permits", {"on": "page_changed", "url": "https://town.example/permits", "every": "1h"}),
        ("fetch_feed", "https://town.example/rss", {"on": "feed_changed", "url": "https://town.example/rss", "every": "15m"}),
    ],
)  # fmt: skip
def test_a_page_is_watched_as_a_page(
    skill: str, url: str, trigger: dict[str, str], library: Library
) -> None:
    parts = parts_of([(library.get(skill), {"url": url})])
    assert triggered("trigger_feed", {}, parts).triggers == [trigger]


def test_watching_a_page_needs_no_schedule(draft: Drafts) -> None:
    made = draft(
        "keep an eye on https://town.example/permits and ping #works whenever the page changes",
        {"kind": "job", "steps": ["scrape_page", "notify"]}, {}, {},
    )  # fmt: skip
    data = read_loosely(made.yaml).document.data
    assert data["triggers"] == [
        {"on": "page_changed", "url": "https://town.example/permits", "every": "1h"}
    ]
    assert [step.skill for step in made.steps] == ["scrape_page", "notify"]
    assert made.problems == ()


def test_each_of_several_feeds_starts_the_job(draft: Drafts) -> None:
    feeds = ["https://a.example/releases.atom", "https://b.example/releases.atom"]
    made = draft(
        f"tell me when {feeds[0]} or {feeds[1]} have a new release, on my desktop",
        {"kind": "job", "steps": ["fetch_feed", "notify"]},
        {"urls": ["<feed1>", "<feed2>"]}, {"channel": "<chan1>"},
    )  # fmt: skip
    data = read_loosely(made.yaml).document.data
    assert data["triggers"] == [{"on": "feed_changed", "url": url, "every": "15m"} for url in feeds]
    assert [step.arguments for step in made.steps] == [{"urls": feeds}, {"channel": "desktop"}]
    assert (made.unplaced, made.problems) == ((), ())


def test_a_value_of_an_answer_is_compared_by_its_name(draft: Drafts) -> None:
    made = draft(
        "every hour: if https://a.example/api/tank says the level is under 20 warn the barn channel",
        {"kind": "job", "steps": ["http_request", "notify"], "when": "<when1>"}, {}, {},
    )  # fmt: skip
    stop = read_loosely(made.yaml).document.data["steps"][1]
    assert stop["if"] == "${{ steps.call.response.data.level >= 20 }}"
    assert made.problems == ()


def test_what_a_model_makes_of_rows_is_not_asked_of_them() -> None:
    asked = "each tenant in the flats database whose lease ends soon have the model write a note"
    assert question_in(asked) == "each tenant in the flats database whose lease ends soon"


def test_the_language_of_a_translation_may_stand_in_another_sentence() -> None:
    told = into_language(
        "have it translated", "My aunt reads only Greek. Could you have it translated?"
    )
    assert told == "My aunt reads only Greek: have it translated"
