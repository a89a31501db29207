"""A drafted job that takes the steps of a template begins from it, and loses nothing by that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant.builder.drafting import Builder
from assistant.builder.drafts import Draft
from assistant.builder.evaluation import invented
from assistant.job.templates import Template, offered
from assistant.models.doubles import OneModel
from assistant.skills.library import Library
from tests.builder.conftest import Deciding

Begun = Callable[..., Draft]

DIGEST = ["fetch_feed", "rank_items", "summarize_items", "compile_newsletter", "send_email"]
HERONS = (
    "Every Thursday at 6pm take the four best stories about herons from "
    "https://birds.example.org/feed.xml, summarise them, make a newsletter of it and mail it to "
    "warden@example.org"
)
VALUES = (
    {"urls": ["<feed1>"]},
    {"topic": "herons", "limit": "<num1>"},
    {},
    {},
    {"to": ["<mail1>"]},
)


@pytest.fixture
def begun(library: Library) -> Begun:
    """A draft by a model that decides as told, with templates to begin from."""

    def drafted(text: str, *answers: Any, templates: Sequence[Template] | None = None) -> Draft:
        builder = Builder(
            library, OneModel(Deciding(*answers)), timezone=lambda: "Europe/London",
            templates=lambda: offered() if templates is None else templates,
        )  # fmt: skip
        return asyncio.run(builder.draft(text))

    return drafted


def job(steps: list[str], **more: Any) -> dict[str, Any]:
    return {"kind": "job", "when": "<when1>", "steps": steps} | more


def test_a_weekly_letter_begins_from_the_weekly_digest_and_shows_what_that_adds(begun) -> None:
    made = begun(HERONS, job(DIGEST), *VALUES)

    assert (made.kind, made.template, made.problems, made.asks) == ("job", "weekly-digest", (), ())
    assert made.yaml == (
        "job: herons-newsletter\n"
        "title: Herons newsletter\n"
        'schedule: {cron: "0 18 * * 4", timezone: Europe/London}\n'
        "steps:\n"
        "  - id: read\n"
        "    skill: fetch_feed\n"
        '    with: {url: "https://birds.example.org/feed.xml", since: 7d}\n'
        "    retry: {attempts: 4, delay: 5s}\n"
        "  - id: best\n"
        "    skill: rank_items\n"
        '    with: {items: "${{ steps.read.items }}", topic: herons, limit: 4}\n'
        "  - id: quiet\n"
        '    if: "${{ size(steps.best.items) == 0 }}"\n'
        "    stop: nothing new this week\n"
        "  - id: short\n"
        "    skill: summarize_items\n"
        '    with: {items: "${{ steps.best.items }}", sentences: 2}\n'
        "  - id: letter\n"
        "    skill: compile_newsletter\n"
        '    with: {title: Herons newsletter, items: "${{ steps.short.items }}"}\n'
        "  - id: send\n"
        "    skill: send_email\n"
        '    with: {to: warden@example.org, newsletter: "${{ steps.letter.newsletter }}"}\n'
        "outputs:\n"
        '  stories: "${{ size(steps.short.items) }}"\n'
        '  newsletter: "${{ steps.letter.newsletter }}"\n'
        'expect: ["${{ size(steps.short.items) > 0 }}"]\n'
        "alerts: {on: [failed, missed]}\n"
    )
    assert [assumed.text for assumed in made.assumptions] == [
        "Title: Herons newsletter",
        "Fetch feed: since 7d",
        "Fetch feed: up to 4 tries",
        "Summarize items: sentences 2",
        "It ends early if there are no items of step best: nothing new this week",
        "It has failed unless there are items of step short",
        "You are told when it has failed or missed",
        "Each run keeps: stories, newsletter",
    ]


def test_what_the_request_says_is_the_same_with_and_without_the_template(begun) -> None:
    plain = begun(HERONS, job(DIGEST), *VALUES, templates=())
    made = begun(HERONS, job(DIGEST), *VALUES)

    assert [(s.skill, s.arguments) for s in made.steps] == [
        (s.skill, s.arguments) for s in plain.steps
    ]
    assert (made.cron, made.name, made.title) == (plain.cron, plain.name, plain.title)
    assert invented({"request": HERONS}, made) == []
    whole, theirs = data(made.yaml), data(plain.yaml)
    given = {step["id"]: step.get("with", {}) for step in whole["steps"]}
    for step in theirs["steps"]:
        assert given[step["id"]] | step["with"] == given[step["id"]]


def test_conditions_alerts_tries_and_inputs_that_were_asked_for_stay(begun) -> None:
    text = (
        "Every Friday at 9 take the best stories from https://birds.example.org/feed.xml, summarise "
        "them, make a newsletter and mail it to jo@example.org; only send it if there is something; "
        "tell boss@example.org if it fails, try the feed 5 times and make the topic an input"
    )
    tags = {"structure": ["if", "alert", "retry", "inputs"]}
    answers = (
        job(DIGEST, **tags), {"urls": ["<feed1>"]}, {}, {}, {}, {"to": ["<mail1>"]}, {"test": "any"},
        {"to": "<mail2>"}, {"times": 5}, {"names": ["topic"]},
    )  # fmt: skip
    plain, made = begun(text, *answers, templates=()), begun(text, *answers)

    assert made.template == "weekly-digest"
    whole, theirs = data(made.yaml), data(plain.yaml)
    assert whole["inputs"] == theirs["inputs"]
    assert whole["alerts"] == theirs["alerts"]
    assert whole["alerts"]["to"] == ["boss@example.org"]
    ends = [step for step in whole["steps"] if "stop" in step]
    assert [step for step in theirs["steps"] if "stop" in step] == [ends[1]]
    assert whole["steps"][0]["retry"] == theirs["steps"][0]["retry"]
    assert whole["steps"][1]["with"]["topic"] == "${{ inputs.topic }}"


@pytest.mark.parametrize(
    ("text", "steps", "values"),
    [
        (  # a skill more
            HERONS + " and save it as herons.md",
            [*DIGEST, "save_file"], (*VALUES, {"name": "<file1>"}),
        ),
        (  # it runs each day, and the template takes a week's stories
            HERONS.replace("Every Thursday", "Every day"), DIGEST, VALUES,
        ),
    ],
)  # fmt: skip
def test_a_job_that_takes_another_way_or_time_is_drafted_as_it_is(
    begun, text, steps, values
) -> None:
    assert begun(text, job(steps), *values) == begun(text, job(steps), *values, templates=())


OWN = """\
# Bird post: what the reserve sends.
job: bird-post
title: Bird post
inputs:
  source: {type: string, description: Where it comes from}
  people: {type: string, description: Who gets it}
schedule: {cron: "0 7 * * 1", timezone: UTC}
steps:
  - {id: feed, skill: fetch_feed, with: {url: "${{ inputs.source }}"}}
  - {id: few, skill: rank_items, with: {items: "${{ steps.feed.items }}", limit: 3}}
  - {id: brief, skill: summarize_items, with: {items: "${{ steps.few.items }}", sentences: 1}}
  - id: page
    skill: compile_newsletter
    with: {title: "From ${{ inputs.source }}", items: "${{ steps.brief.items }}", design: brief}
  - id: post
    skill: send_email
    with: {to: "${{ inputs.people }}", newsletter: "${{ steps.page.newsletter }}"}
outputs: {source: "${{ inputs.source }}"}
"""


def test_a_template_of_the_home_comes_first_and_gives_the_steps_their_names(
    begun, tmp_path: Path
) -> None:
    (tmp_path / "bird-post.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "broken.yaml").write_bytes(b"\xff\xfe job: [")

    made = begun(HERONS, job(DIGEST), *VALUES, templates=offered(tmp_path))

    assert made.template == "bird-post"
    assert [step.id for step in made.steps] == ["feed", "few", "brief", "page", "post"]
    whole = data(made.yaml)
    assert "inputs" not in whole
    assert whole["outputs"] == {"source": "https://birds.example.org/feed.xml"}
    assert whole["steps"][1]["with"] == {
        "items": "${{ steps.feed.items }}", "topic": "herons", "limit": 4,
    }  # fmt: skip
    assert made.assumptions[0].place == "steps.page.title"


@pytest.mark.parametrize(
    ("theirs", "other"),
    [
        # the letter goes out with what came before the summaries
        ('items: "${{ steps.brief.items }}", design', 'items: "${{ steps.few.items }}", design'),
        # a blank that the request says nothing of
        ("limit: 3", 'limit: 3, language: "${{ inputs.tongue }}"'),
        # the same skills in another order
        ("skill: summarize_items, with: {items: \"${{ steps.few.items }}\", sentences: 1}",
         "skill: extract_article, with: {items: \"${{ steps.few.items }}\"}"),
    ],
)  # fmt: skip
def test_a_template_in_which_something_has_no_place_is_not_taken(begun, theirs, other) -> None:
    assert theirs in OWN
    own = OWN.replace(theirs, other)
    if "tongue" in other:
        own = own.replace("inputs:\n", "inputs:\n  tongue: {type: string}\n")

    made = begun(HERONS, job(DIGEST), *VALUES, templates=[Template("bird-post", "", own)])

    assert made == begun(HERONS, job(DIGEST), *VALUES, templates=())


def test_a_template_that_asks_a_person_first_suits_only_a_job_that_asks(begun) -> None:
    asks = "  - {id: ok, approve: 'Send it?'}\n  - id: post\n"
    own = [Template("bird-post", "", OWN.replace("  - id: post\n", asks))]
    asked = f"{HERONS}, but ask me before sending"

    assert begun(HERONS, job(DIGEST), *VALUES, templates=own).template == ""
    made = begun(asked, job(DIGEST, structure=["approve"]), *VALUES, {}, templates=own)
    assert made.template == "bird-post"


def test_what_was_only_assumed_fills_no_blank(begun) -> None:
    text = "Make a job: search the web for tidal mills, keep the best 5, read them in full, summarise them, make a newsletter and save it as mills.md"
    steps = [
        "web_search",
        "rank_items",
        "extract_article",
        "summarize_items",
        "compile_newsletter",
        "save_file",
    ]
    made = begun(
        text, {"kind": "job", "steps": steps}, {"query": "tidal mills"}, {"limit": "<num1>"}, {}, {}, {},
        {"name": "<file1>"},
    )  # fmt: skip

    assert made.template == "research-brief"
    by_id = {step["id"]: step.get("with") for step in data(made.yaml)["steps"]}
    assert by_id["best"] == {"items": "${{ steps.find.items }}", "topic": "tidal mills", "limit": 5}
    assert by_id["brief"]["title"] == made.title
    assert "schedule" not in data(made.yaml)


def data(yaml: str) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load(yaml)
