"""Values that the form of the words shows, without a model."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.chains import mended
from assistant.builder.columns import record_named
from assistant.builder.details import details
from assistant.builder.evidence import denied, evidence
from assistant.builder.hints import besides, better_name, named_persons, refused
from assistant.builder.text_work import only_judged, works_on_text
from assistant.grounding.marks import mark
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("skill", "said", "found"),
    [
        ("http_request", "PATCH https://a.example/v1/x with the header X-Plant: north", {"headers": {"X-Plant": "north"}}),
        ("http_request", "get https://a.example/v1/x, headers Accept: text/csv and X-Key: 9", {"headers": {"Accept": "text/csv", "X-Key": "9"}}),
        ("http_request", "get https://a.example/v1/x every hour", {}),
        ("http_request", 'PUT {"open": true} to https://g.example/state, with Authorization: Bearer abc123 in the headers', {"headers": {"Authorization": "Bearer abc123"}}),
        ("http_request", "it wants X-Key: 99 as a header, https://g.example/codes/17", {"headers": {"X-Key": "99"}}),
        ("http_request", 'wants Accept-Language: fr among the headers, and the body would be {"from": "Gare"}', {"headers": {"Accept-Language": "fr"}}),
        ("http_request", "with X-Team: ops and X-Room: 4 as headers", {"headers": {"X-Team": "ops", "X-Room": "4"}}),
        ("notify", "put 'Sluice shut' as its heading and 'wait' under it, for the locks channel", {"title": "Sluice shut"}),
        ("notify", "tell the locks channel: shut until noon. Title it Sluice shut", {"title": "Sluice shut"}),
        ("scrape_page", "At https://c.example/77 the rows I'm after are tr.bid. Who bids stands in td.who and how much in td.amt; call the columns bidder and sum.", {"fields": {"bidder": "td.who", "sum": "td.amt"}}),
        ("scrape_page", "https://f.example/market has li.catch entries; I want species from b.sp and price from i.pr", {"fields": {"species": "b.sp", "price": "i.pr"}}),
        ("scrape_page", "scrape https://h.example/beds, every div.bed, with its number (span.no) and its state (span.st)", {"fields": {"number": "span.no", "state": "span.st"}}),
        ("scrape_page", "each div.job on https://a.example/x: h3 and span.pay, columns named role and wage", {"fields": {"role": "h3", "wage": "span.pay"}}),
        ("notify", "put 'all dry' on #dock, heading 'Pumps'", {"title": "Pumps"}),
        ("notify", "tell #floor how many are left, with title Pallets", {"title": "Pallets"}),
        ("extract_article", "read them all in full, only the German ones please", {"language": "de"}),
        ("extract_article", "get https://a.example/x, I only want it if it is in Italian", {"language": "it"}),
        ("compile_newsletter", "make a newsletter of it, the one with pictures", {"design": "gallery"}),
        ("scrape_page", "https://a.example/today - every lot is a div.lot. I need title (that's the h3) and price (span.price)", {"fields": {"title": "h3", "price": "span.price"}}),
        ("scrape_page", "on https://a.example/x h3 is the title and span.cost the price; each div.row is a record", {"fields": {"title": "h3", "price": "span.cost"}}),
        ("scrape_page", "https://a.example/flats has one div.flat per flat: the rent (strong.rent), the street (that'd be the h4)", {"fields": {"rent": "strong.rent", "street": "h4"}}),
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


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("From this note pull who, when and how much as fields: <quote1>", ["who", "when", "how much"]),
        ("I need buyer, item and price out of this mail, each as its own field: <quote1>", ["buyer", "item", "price"]),
        ("Out of this letter I need sender and amount as two separate fields: <quote1>", ["sender", "amount"]),
    ],
)  # fmt: skip
def test_fields_of_a_record_are_listed(said: str, names: list[str]) -> None:
    assert record_named(said) == names


@pytest.mark.parametrize(
    ("said", "judged"),
    [
        ("Is this polite enough to send to a customer? <quote1>", True),
        ("Tell me whether the following sounds angry: <quote1>", True),
        ("correct this and mail it to <mail1>: <quote1>", False),
        ("correct this and send it to my boss: <quote1>", False),
    ],
)
def test_a_text_that_is_judged_goes_nowhere(said: str, judged: bool) -> None:
    assert only_judged(said, {"ask_model"}) is judged


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("lay these out as a letter. Don't send it yet, Maureen wants to see it first.", False),
        ("list what is on <page1>. No need to send it anywhere, I only want to see it", False),
        ("make a letter of these, nobody gets it yet", False),
        ("don't send it to <mail1>, send it to <mail2>", True),
        ("make a letter of these and send it", True),
    ],
)
def test_what_is_not_to_be_sent_needs_no_address(said: str, sent: bool) -> None:
    assert ("send_email" not in denied(said)) is sent
