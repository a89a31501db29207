"""Everything the job language has can be reached from words."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from assistant.builder.drafting import Builder
from assistant.models.doubles import OneModel
from assistant.skills.library import Library
from tests.builder.conftest import Deciding

READ = {"urls": ["<feed1>"]}


def steps_of(made) -> list:
    return YAML(typ="safe").load(made.yaml)["steps"]


def data_of(made) -> dict:
    return YAML(typ="safe").load(made.yaml)


def test_a_condition_for_all_that_follows_ends_the_run(draft) -> None:
    made = draft(
        "read https://example.org/rss and only if there is something mail jo@example.org",
        {"kind": "job", "steps": ["fetch_feed", "send_email"], "structure": ["if"]},
        READ, {"to": ["<mail1>"]}, {"test": "any", "first": 2, "last": 2},
    )  # fmt: skip

    assert made.problems == ()
    assert steps_of(made)[1] == {
        "id": "check", "if": "${{ size(steps.read.items) == 0 }}", "stop": "nothing new",
    }  # fmt: skip


def test_a_condition_on_nothing_makes_no_branch(draft) -> None:
    made = draft(
        "¿Qué se ha publicado en la web sobre desaladoras solares en las últimas 48 horas?",
        {"kind": "job", "steps": ["web_search"], "structure": ["if"]},
        {"query": "<title1>"}, {"test": "none", "first": 1, "last": 1},
    )  # fmt: skip

    assert made.problems == ()
    assert [step.get("skill") for step in steps_of(made)] == ["web_search"]


def test_otherwise_is_the_other_branch(draft) -> None:
    made = draft(
        "read https://example.org/rss; if there are at least 10 mail jo@example.org, otherwise tell #ops",
        {"kind": "job", "steps": ["fetch_feed", "send_email", "notify"], "structure": ["if"]},
        READ, {"to": ["<mail1>"]}, {"channel": "<chan1>"},
        {"test": "above", "than": "<num1>", "first": 2, "last": 2, "else": 3},
    )  # fmt: skip

    branch = steps_of(made)[1]
    assert made.problems == ()
    assert branch["if"] == "${{ size(steps.read.items) >= 10 }}"
    assert [s["skill"] for s in branch["steps"]] == ["send_email"]
    assert [s["skill"] for s in branch["else"]] == ["notify"]


def test_sources_are_read_side_by_side(draft) -> None:
    made = draft(
        "read https://a.example/rss and https://b.example/rss at the same time, save the best 5 as b.json",
        {"kind": "job", "steps": ["fetch_feed", "fetch_feed", "rank_items", "save_file"], "structure": ["parallel"]},
        {"urls": ["<feed1>"]}, {"urls": ["<feed2>"]}, {"limit": "<num1>"}, {"name": "<file1>"},
    )  # fmt: skip

    steps = steps_of(made)
    assert made.problems == ()
    assert list(steps[0]["parallel"]) == ["read", "read_2"]
    assert steps[1]["with"]["items"] == (
        "${{ steps.gather.read.read.items + steps.gather.read_2.read_2.items }}"
    )


def test_each_of_several_links_is_gone_through(draft) -> None:
    made = draft(
        "for each of https://a.example/p1 and https://a.example/p2 get the article, save all as p.json",
        {"kind": "job", "steps": ["extract_article", "save_file"], "structure": ["for_each"]},
        {}, {"name": "<file1>"}, {"over": ["<page1>", "<page2>"], "first": 1, "last": 1},
    )  # fmt: skip

    loop, saved = steps_of(made)
    assert made.problems == ()
    assert loop["for_each"] == ["https://a.example/p1", "https://a.example/p2"]
    assert loop["steps"][0]["with"] == {"url": "${{ url }}"}
    assert saved["with"]["content"].startswith("${{ flatten(steps.each.items)")


def test_each_row_of_a_query_gets_its_own_mail(draft) -> None:
    made = draft(
        "ask the database for customers without orders and send each of them a mail saying we miss you",
        {"kind": "job", "steps": ["query_database", "send_email"], "structure": ["for_each"]},
        {"question": "customers without orders"}, {"body": "we miss you"}, {"first": 2, "last": 2},
    )  # fmt: skip

    loop = steps_of(made)[1]
    assert made.problems == ()
    assert loop["for_each"] == "${{ steps.rows.rows }}"
    assert loop["steps"][0]["with"]["to"] in ("${{ row.email }}", ["${{ row.email }}"])
    assert [a.text for a in made.assumptions] == ["Each row's column 'email' is the address"]


@pytest.mark.parametrize(
    ("words", "tag", "values", "key", "expected"),
    [
        ("alert ops@example.org if it fails", "alert", {"to": "<mail2>"}, "alerts",
         {"on": ["failed", "missed"], "to": ["ops@example.org"]}),
        ("whenever https://example.org/rss has news", "trigger_feed", {"url": "<feed1>"}, "triggers",
         [{"on": "feed_changed", "url": "https://example.org/rss", "every": "15m"}]),
        ("it failed if there are fewer than 3", "expect", {"test": "below", "than": "<num1>"}, "expect",
         ["${{ size(steps.read.items) >= 3 }}"]),
        ("I expect more than 3", "expect", {"test": "above", "than": "<num1>"}, "expect",
         ["${{ size(steps.read.items) > 3 }}"]),
    ],
)  # fmt: skip
def test_what_stands_beside_the_steps(draft, words, tag, values, key, expected) -> None:
    made = draft(
        f"mail https://example.org/rss to jo@example.org, {words}",
        {"kind": "job", "steps": ["fetch_feed", "send_email"], "structure": [tag]},
        READ, {"to": ["<mail1>"]}, values,
    )  # fmt: skip

    assert made.problems == ()
    assert data_of(made)[key] == expected


def test_retry_timeout_and_approval_stand_at_their_steps(draft) -> None:
    made = draft(
        "mail https://example.org/rss to jo@example.org, retry 4 times, give up after 30 seconds, ask me first",
        {"kind": "job", "steps": ["fetch_feed", "send_email"], "structure": ["retry", "timeout", "approve"]},
        READ, {"to": ["<mail1>"]}, {"times": "<num1>", "step": 1}, {"after": "<dur1>", "step": 1}, {"step": 2},
    )  # fmt: skip

    steps = steps_of(made)
    assert made.problems == ()
    assert (steps[0]["retry"]["attempts"], steps[0]["timeout"]) == (4, "30s")
    assert steps[1] == {"id": "approve", "approve": "Go on with: send email?"}
    assert made.settings == {"retry.times": 4, "timeout.after": "30s"}


def test_an_input_takes_the_place_of_a_value(draft) -> None:
    made = draft(
        "rank https://example.org/rss about boats, make the topic a parameter, save as r.json",
        {"kind": "job", "steps": ["fetch_feed", "rank_items", "save_file"], "structure": ["inputs"]},
        READ, {"topic": "boats"}, {"name": "<file1>"}, {"names": ["topic"]},
    )  # fmt: skip

    assert made.problems == ()
    assert data_of(made)["inputs"] == {"topic": {"type": "string", "default": "boats"}}
    assert steps_of(made)[1]["with"]["topic"] == "${{ inputs.topic }}"


@pytest.mark.parametrize(
    ("words", "condition", "reason"),
    [
        ("if it says open tell #ops", "not contains(lower(", "nothing with 'open'"),
        ("if it isn't open tell #ops", "contains(lower(", "'open' is there"),
        ("if it doesnt say operational ping #ops", "contains(lower(", "'operational' is there"),
        ("and tell #ops unless it says sold out", "contains(lower(", "'sold out' is there"),
        ("if it mentions asbestos tell #ops", "not contains(lower(", "nothing with 'asbestos'"),
        ("if the text does not mention asbestos tell #ops", "contains(lower(", "'asbestos' is there"),
    ],
)  # fmt: skip
async def test_a_condition_on_what_is_not_said_is_not_its_opposite(
    library: Library, words: str, condition: str, reason: str
) -> None:
    model = Deciding({"kind": "job", "steps": ["scrape_page", "notify"]}, {})
    builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
    draft = await builder.draft(f"every hour read https://a.example/news, {words}")
    check = next(step for step in steps_of(draft) if "stop" in step)
    assert check["if"].startswith(f"${{{{ {condition}")
    assert check["stop"] == reason
