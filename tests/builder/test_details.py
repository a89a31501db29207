"""Values that the form of the words shows, without a model."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.details import details
from assistant.builder.evidence import evidence, mended
from assistant.builder.hints import besides, better_name, named_persons, refused
from assistant.builder.text_work import works_on_text
from assistant.grounding.marks import mark
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("skill", "said", "found"),
    [
        ("http_request", "PATCH https://a.example/v1/x with the header X-Plant: north", {"headers": {"X-Plant": "north"}}),
        ("http_request", "get https://a.example/v1/x, headers Accept: text/csv and X-Key: 9", {"headers": {"Accept": "text/csv", "X-Key": "9"}}),
        ("http_request", "get https://a.example/v1/x every hour", {}),
        ("notify", "put 'all dry' on #dock, heading 'Pumps'", {"title": "Pumps"}),
        ("notify", "tell #floor how many are left, with title Pallets", {"title": "Pallets"}),
        ("extract_article", "read them all in full, only the German ones please", {"language": "de"}),
        ("extract_article", "get https://a.example/x, I only want it if it is in Italian", {"language": "it"}),
        ("compile_newsletter", "make a newsletter of it, the one with pictures", {"design": "gallery"}),
        ("scrape_page", "on https://a.example/cars take the model from its h3 and the price from .cost", {"fields": {"model": "h3", "price": ".cost"}}),
    ],
)  # fmt: skip
def test_a_value_is_known_by_its_form(skill: str, said: str, found: dict[str, Any]) -> None:
    assert details(skill, mark(said), lambda _: True) == found


def test_sql_keeps_its_quotation_marks_and_names_its_database(draft: Drafts) -> None:
    made = draft(
        "select id from crates where bay = 'North 4' on depot",
        {"kind": "call", "steps": ["query_database"]}, {},
    )  # fmt: skip
    assert made.call == {"sql": "select id from crates where bay = 'North 4'", "database": "depot"}


def test_a_question_that_asks_nothing_is_asked_about(draft: Drafts) -> None:
    made = draft(
        "look something up for me in the stock database",
        {"kind": "call", "steps": ["query_database"]},
        {"question": "look something up for me in the stock database"},
    )
    assert made.kind == "clarify"
    assert [ask.text for ask in made.asks] == ["What do you want to know from the database?"]


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ("correct the grammar of this: <quote1>", True),
        ("is this mail friendly or rude? <quote1>", True),
        ("explain compound interest in <num1> sentences", True),
        ("mail <mail1>: <quote1>", False),
        ("rename it <quote1>", False),
        ("explain what you can do", False),
    ],
)
def test_a_text_that_goes_nowhere_is_worked_on_by_a_model(said: str, works: bool) -> None:
    assert works_on_text(said, frozenset()) is works


@pytest.mark.parametrize(
    ("said", "chain", "steps"),
    [
        ("mail <mail1> the rows attached as <file1>", ["query_database", "send_email", "save_file"], ["query_database", "save_file", "send_email"]),
        ("the menu of <page1> to <chan1> and to <chan2>", ["scrape_page", "notify"], ["scrape_page", "notify", "notify"]),
        ("shrink each to <num1> sentences, have <model1> do the writing", ["summarize_items", "ask_model"], ["summarize_items"]),
    ],
)  # fmt: skip
def test_steps_follow_from_what_is_named(said: str, chain: list[str], steps: list[str]) -> None:
    assert mended(chain, evidence(said), said, fed=True) == steps


def test_what_is_refused_is_no_new_value() -> None:
    assert refused("<num1> is too early for me, <time1> would do") == {"<num1>"}
    assert refused("<num1> lines are a bit thin, make it <num2>") == {"<num1>"}
    assert refused("<time1> would be better") == set()


def test_who_leaves_is_known_by_a_first_name() -> None:
    known = {"<mail2>": "bea.kurz@club.example", "<mail3>": "chair@club.example"}
    assert named_persons("Bea has retired, <mail1> takes over", known) == ["<mail2>"]
    assert named_persons("Bea also wants <mail1> to have it", known) == []


def test_what_comes_besides_an_old_topic_is_found() -> None:
    assert besides("not just moths, beetles as well, and make it ten", "moths") == "beetles"
    assert besides("could you put kayaks in too, besides canoes", "canoes") == "kayaks"
    assert besides("get the full articles too", "canoes") == ""


def test_a_name_that_is_said_to_be_better_is_the_new_name() -> None:
    assert better_name("Tide Watch would be a better name for this") == "Tide Watch"
    assert better_name("nine would be better") == ""
