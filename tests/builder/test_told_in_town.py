"""How people in a small town and a big office tell it: models by name, ages, lists, pages, bodies."""

from __future__ import annotations

import pytest

from assistant.builder.amounts import age
from assistant.builder.chains import mended
from assistant.builder.columns import fields_named
from assistant.builder.evidence import evidence
from assistant.builder.methods import body_said, called
from assistant.builder.picked import most_for
from assistant.builder.statements import statement_in
from assistant.builder.texts_said import question_in, saying, topic_of
from assistant.grounding.marks import mark
from assistant.pipeline.loader import read_loosely
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("get somebody clever (gpt-large) to say which look odd", "gpt-large"),
        ("then claude-sonnet thinks up three questions", "claude-sonnet"),
        ("three sentences per story, mixtral for those", "mixtral"),
        ("summaries w openai/gpt-4.1-mini", "openai/gpt-4.1-mini"),
        ("have the starter model explain it", "starter"),
        ("the llama farm has a newsletter", ""),
    ],
)
def test_a_model_is_heard_by_its_name(said: str, model: str) -> None:
    assert [str(value.meant) for value in mark(said).of("model")] == [model] * bool(model)


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("pick the <num1> best of <feed1> about translated poetry, mail them to <mail1>", {"fetch_feed", "rank_items", "send_email"}),
        ("some model turns the two into a buying list", {"ask_model"}),
        ("get somebody clever (<model1>) to say which look odd", {"ask_model"}),
        ("the <num1> nicest posts of <feed1>", {"fetch_feed", "rank_items"}),
        ("the <num1> newest posts of <feed1>", {"fetch_feed"}),
        ("nothing but lithium from <feed1>", {"fetch_feed", "rank_items"}),
        ("search odd news from <since1>, <num1> of them", {"web_search"}),
        ("read <page1> and give me <num1> bullet points in <file1>", {"extract_article", "summarize_items", "save_file"}),
        ("posts of <feed1>, letter design, to <mail1>", {"fetch_feed", "compile_newsletter", "send_email"}),
        ("grab <sel1> from <page1> and text me", {"scrape_page", "notify"}),
    ],
)  # fmt: skip
def test_what_is_wanted_is_heard_in_plain_words(said: str, skills: set[str]) -> None:
    assert evidence(said).sure == skills


def test_an_age_is_no_number_of_stories() -> None:
    assert age("it's for my mum, she's ")
    assert not age("take the best ")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("has them as <sel1> with ref, address and decision", ["ref", "address", "decision"]),
        ("lists them, address and reference, in <sel1>", ["address", "reference"]),
        ("bins again!! street and day from <page1>, the <sel1> ones", ["street", "day"]),
    ],
)
def test_columns_stand_beside_the_rows(said: str, names: list[str]) -> None:
    assert fields_named(f"<page1> {said}") == names


def test_the_numbers_of_points_count_nothing() -> None:
    marked = mark(
        "choir mail\n1) feed https://a.example/feed\n2) only bits about shanties\n3) best 4"
    )

    assert [value.meant for value in marked.of("num")] == [4]


def test_a_host_that_is_called_feeds_is_no_feed() -> None:
    assert [v.kind for v in mark("scrape pellmanfeeds.example/offers").of("feed", "page")] == [
        "page"
    ]
    assert [v.kind for v in mark("read a.example/newsfeed").of("feed", "page")] == ["feed"]


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (
            "no wait, she's on leave. The top <num1> posts on grid storage from <feed1>",
            "grid storage",
        ),
        ("the top <num1> stories re bees from <feed1>", "bees"),
        ("rank for semiconductors, then a one-liner on the mood", "semiconductors"),
    ],
)
def test_a_subject_is_no_place_where_somebody_is(said: str, topic: str) -> None:
    assert topic_of(said) == topic


def test_what_nothing_else_may_be_is_the_subject() -> None:
    assert most_for("Nothing but lithium, nothing older than <since1>") == "lithium"
    assert most_for("nothing but the newest, please") == ""


def test_a_link_that_wants_a_method_is_called_by_it() -> None:
    assert called("at ten <page1> wants a PUT with the number") == {"<page1>": "PUT"}
    assert body_said("POST hours=<num1> to <api1> then mail <mail1>") == "hours=<num1>"


def test_a_statement_ends_where_somebody_is_told() -> None:
    said = "run select sum(total) from sales where day = current_date and message me the number"

    assert statement_in(said) == "select sum(total) from sales where day = current_date"


def test_an_opening_that_is_named_may_have_commas() -> None:
    assert (
        saying("intro", "letter style, intro: Evening all, bring a cushion\nto <mail1>")
        == "Evening all, bring a cushion"
    )


def test_rows_are_no_stories_to_shorten() -> None:
    said = "ask the shop database for orders, the model compares them in <num1> bullet points"

    assert mended(["query_database", "ask_model"], evidence(said), said, fed=False) == [
        "query_database", "ask_model",
    ]  # fmt: skip


def test_small_words_say_that_it_is_out(draft: Drafts) -> None:
    made = draft(
        "read https://a.example/rss, mail it to jo@a.example and drop a line in #depot that its out",
        {"kind": "job", "steps": ["fetch_feed", "send_email", "notify"]}, {}, {}, {},
    )  # fmt: skip

    assert made.steps[2].arguments == {"channel": "#depot", "message": "its out"}


def test_an_answer_stands_under_what_was_asked_and_not_under_whom(draft: Drafts) -> None:
    made = draft(
        "every day at noon ask the shop database which products are out of stock and post the list to #stock",
        {"kind": "job", "steps": ["query_database", "notify"]}, {}, {},
    )  # fmt: skip

    steps = read_loosely(made.yaml).document.data["steps"]
    assert steps[1]["with"]["message"] == (
        "Which products are out of stock:\n"
        "${{ join([join(values(row), ', ') for row in steps.rows.rows], '\\n') }}"
    )


def test_only_the_items_that_say_it_go_on(draft: Drafts) -> None:
    made = draft(
        "every morning read https://a.example/rss and if any of them mentions our brand Larkspur, forward it to pr@a.example",
        {"kind": "job", "steps": ["fetch_feed", "send_email"]}, {}, {},
    )  # fmt: skip

    assert made.problems == ()
    steps = read_loosely(made.yaml).document.data["steps"]
    assert steps[1]["if"] == "${{ not contains(lower(json(steps.read.items)), 'larkspur') }}"
    assert steps[2]["with"]["body"] == (
        "${{ join([i.title + ' ' + i.url for i in [one for one in steps.read.items"
        " if contains(lower(json(one)), 'larkspur')]], '\\n') }}"
    )


def test_a_question_may_stand_far_from_its_database() -> None:
    said = "mail me the number of unpaid invoices <when1>, <mail1>, from the billing db"

    assert question_in(said) == "the number of unpaid invoices"


@pytest.mark.parametrize(
    ("said", "skills", "order"),
    [
        ("every Monday run the job collect-sources, then tell #ops that the sources are in", ["notify"], ["run_collect_sources", "tell"]),
        ("each friday read https://a.example/rss, save it as a.md and then run the job tidy-up", ["fetch_feed", "save_file"],
         ["read", "file", "run_tidy_up"]),
    ],
)  # fmt: skip
def test_a_job_is_called_where_it_is_spoken_of(
    draft: Drafts, said: str, skills: list[str], order: list[str]
) -> None:
    made = draft(said, {"kind": "job", "steps": skills}, *[{} for _ in skills])

    steps = read_loosely(made.yaml).document.data["steps"]
    assert [step["id"] for step in steps] == order
