"""What people of many trades say: what the best are chosen by, how interfaces are called, what a model
may use, what is kept and mailed beside each other."""

from __future__ import annotations

import pytest

from assistant.builder.chains import mended
from assistant.builder.details import details
from assistant.builder.evidence import evidence
from assistant.builder.lending import lent, without_lending
from assistant.builder.messages import content_of, told_address, told_channel
from assistant.builder.methods import body_said, called, method_of
from assistant.builder.ordering import kept_as_read, sent_last
from assistant.builder.picked import most_for
from assistant.builder.remains import query_left, searches
from assistant.builder.texts_said import question_in, saying, topic_of
from assistant.grounding.marks import mark
from assistant.pipeline.loader import read_loosely
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("the <num1> that shunters would care about most", "shunters"),
        ("those closest to refugee youth on top", "refugee youth"),
        ("the five that smell most of German expressionism.", "German expressionism"),
        ("sift them for anamorphic lenses until <num1> remain", "anamorphic lenses"),
        ("weed out anything that isn't folk, shorten the rest", "folk"),
        ("throw out what isn't about wood burners, then read the pages", "wood burners"),
        ("get only crab and lobster stuff, put it in a letter", "crab and lobster"),
        ("put in order by how much it has to do with bronze, top eight", "bronze"),
        ("only the newest things, please", ""),
        ("the best of what people would like", ""),
    ],
)
def test_what_the_best_are_chosen_by_is_told_in_many_ways(said: str, topic: str) -> None:
    assert most_for(said) == topic


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("<feed1>, past week, about VAT for caterers, in full", "VAT for caterers"),
        ("stories about heat pumps in Norway from <feed1>", "heat pumps in Norway"),
        ("everything about tides in two sentences", "tides"),
        ("something about solar for me", "solar"),
        ("I go on air at five: <feed1>, the <num1> that are about vinyl reissues", "vinyl reissues"),
        ("vermin bulletin, <feed1>\n- only rats in grain stores\n- best <num1>", "rats in grain stores"),
    ],
)  # fmt: skip
def test_a_topic_may_have_an_aim_and_a_place(said: str, topic: str) -> None:
    assert topic_of(said) == topic


@pytest.mark.parametrize(
    ("said", "methods"),
    [
        ("GET <api1>, let the model judge it and POST its verdict to <api2>", {"<api1>": "GET", "<api2>": "POST"}),
        ("<page1> is moody. Fetch it with GET <when1>", {"<page1>": "GET"}),
        ("out as <file1> and then a POST of it to <page1>", {"<page1>": "POST"}),
        ("get <api1> and post the news to <chan1>", dict[str, str]()),
    ],
)  # fmt: skip
def test_each_link_is_called_by_its_own_method(said: str, methods: dict[str, str]) -> None:
    assert called(said) == methods
    for link, method in methods.items():
        assert method_of(said, link) == method


def test_what_is_sent_to_an_interface_is_made_first() -> None:
    text = "POST the day's viewings to <api1>. They're in the diary database"

    assert sent_last(["http_request", "query_database"], text) == ["query_database", "http_request"]
    assert sent_last(
        ["http_request", "query_database", "save_file"], "query it, out as <file1>, a POST of it to <api1>"
    ) == ["query_database", "save_file", "http_request"]  # fmt: skip
    assert sent_last(["http_request", "ask_model"], "GET <api1>, ask the model") == [
        "http_request", "ask_model",
    ]  # fmt: skip


def test_what_is_kept_before_a_model_is_spoken_of_is_kept_as_it_was_read() -> None:
    chain = ["http_request", "ask_model", "save_file", "send_email"]
    text = "Fetch <api1>, keep it as <file1>, ask the model which look odd, mail it to <mail1>"

    assert kept_as_read(chain, text) == ["http_request", "save_file", "ask_model", "send_email"]
    assert kept_as_read(chain, "Fetch <api1>, the model judges it, save that as <file1>") == chain


@pytest.mark.parametrize(
    ("said", "skills", "left"),
    [
        ("Have the model hunt for drills, it may use web_search for that", {"web_search"}, "Have the model hunt for drills"),
        ("let the model find out, with web_search at hand, who reviewed it", {"web_search"}, "let the model find out, who reviewed it"),
        ("search the web and let the model judge it", set[str](), "search the web and let the model judge it"),
        ("summarise with the database of the shop", set[str](), "summarise with the database of the shop"),
    ],
)  # fmt: skip
def test_a_model_may_be_lent_skills(said: str, skills: set[str], left: str) -> None:
    assert lent(said) == skills
    assert without_lending(said) == left
    assert details("ask_model", mark(said), lambda _: True) == (
        {"skills": ["web_search"]} if skills else {}
    )
    assert not skills & evidence(said).sure


def test_a_model_that_picks_needs_no_choice_before_it() -> None:
    picks = "read <page1>, have the model pick the ones that look cheap, mail them to <mail1>"

    assert "rank_items" not in evidence(picks).sure
    assert (
        "rank_items"
        in evidence("the best <num1> of <feed1>, the model says which the top one is").sure
    )


@pytest.mark.parametrize(
    ("said", "queries"),
    [
        ("Two searches, not one: carbon border tax, and steel subsidies. Fifteen each.", ["carbon border tax", "steel subsidies"]),
        ("two web searches: one for tides and one for moons", ["tides", "moons"]),
        ("search the web for tides and moons", []),
    ],
)  # fmt: skip
def test_two_searches_are_for_different_things(said: str, queries: list[str]) -> None:
    assert searches(said) == queries


def test_a_search_ends_where_the_next_thing_is_to_be_done() -> None:
    said = "Search the web for new tenancy rules in Bristol, take the five best pages"

    assert query_left(said) == "new tenancy rules in Bristol"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("and that goes out as Heat Pump Six to <mail1>", "Heat Pump Six"),
        ("all into one letter, Parts & Recalls, to <mail1>", "Parts & Recalls"),
        ("wrapped up as VAT Watch with the plain design", "VAT Watch"),
        ("it goes out as a letter to <mail1>", ""),
    ],
)
def test_a_name_stands_behind_what_it_names(said: str, title: str) -> None:
    assert saying("title", said) == title


def test_all_that_waits_goes_into_the_letter(draft: Drafts) -> None:
    text = "Fetch https://a.example/feed and how many orders are open in the shop database; mail both to me@a.example"
    made = draft(
        text, {"kind": "job", "steps": ["fetch_feed", "query_database", "send_email"]},
        {}, {"question": "how many orders are open"}, {},
    )  # fmt: skip

    steps = read_loosely(made.yaml).document.data["steps"]
    assert steps[2]["with"]["body"] == (
        "${{ join([i.title + ' ' + i.url for i in steps.read.items], '\\n') }}\n\n"
        "How many orders are open in the shop database:\n"
        "${{ join([join(values(row), ', ') for row in steps.rows.rows], '\\n') }}"
    )


def test_what_is_read_beside_it_is_no_part_of_a_question():
    said = "fetch <feed1> and how many orders are open in the shop database; mail both to <mail1>"

    assert question_in(said) == "how many orders are open in the shop database"


def test_a_link_that_is_taken_back_is_not_read(draft: Drafts) -> None:
    text = "Take https://a.example/old.xml, no sorry, they moved it, https://a.example/new.xml, and save it as a.md"
    made = draft(text, {"kind": "job", "steps": ["fetch_feed", "save_file"]}, {}, {})

    assert [(s.skill, s.arguments) for s in made.steps] == [
        ("fetch_feed", {"url": "https://a.example/new.xml"}), ("save_file", {"name": "a.md"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("then a short <quote1> on the <chan1> channel", "<quote1>"),
        ("<chan1> hears <quote1> at the end", "<quote1>"),
        ("dann Meldung <quote1> an <chan1>, sonst nichts", "<quote1>"),
        ("y en <chan1> pones <quote1>", "<quote1>"),
        ("<quote1> as the title, then tell <chan1>", ""),
        ("call it <quote1> and post it to <chan1>", ""),
    ],
)
def test_a_channel_is_told_what_stands_beside_it(said: str, message: str) -> None:
    assert told_channel(said) == message


def test_a_letter_says_what_stands_behind_its_address_or_what_a_channel_is_told() -> None:
    assert told_address("if there's nothing mail <mail1> <quote1>, otherwise", ()) == "<quote1>"
    assert told_address("mail <mail1> <quote1> as the subject", ()) == ""
    assert told_address("mail <mail1> <quote1>", ("<quote1>",)) == ""
    same = "tell <chan1> <quote1>, and a mail with the same words to <mail1>"
    assert told_address(same, ()) == "<quote1>"


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("PUT <api1>, body standby, and a header", "standby"),
        ("POST to <api1> with the body is it on", ""),
        ("POST the body of the mail to <api1>", ""),
    ],
)
def test_a_word_or_two_may_be_named_as_what_is_sent(said: str, body: str) -> None:
    assert body_said(said) == body


def test_a_file_holds_what_is_written_into_it_and_no_heading() -> None:
    assert content_of("write ok into <file1>", (), alone=False) == "ok"
    assert content_of("put it into <file1>, headed <quote1>", ["<quote1>"], alone=False) == ""
    assert content_of("<file1> with <quote1>", ["<quote1>"], alone=True) == "<quote1>"


def test_each_call_by_a_method_is_a_step() -> None:
    said = "GET <page1>, the model makes a record of it, and that goes back as a POST to <page2>"
    chain = ["scrape_page", "http_request", "ask_model"]

    assert mended(chain, evidence(said), said, fed=False) == [
        "http_request",
        "ask_model",
        "http_request",
    ]
