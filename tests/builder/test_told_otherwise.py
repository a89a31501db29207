"""What is told in other words or afterwards: pages, letters, subjects, copies, topics, questions."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.copies import hidden_copy, open_copy
from assistant.builder.data_asked import database_named, databases_named
from assistant.builder.evidence import evidence
from assistant.builder.interests import interest
from assistant.builder.prompts_told import prompt_of
from assistant.builder.texts_said import question_in, saying, topic_of
from assistant.builder.ways import put_before
from assistant.grounding.cues import cues, says
from assistant.grounding.marks import mark
from assistant.grounding.times import schedule
from assistant.pipeline.loader import read_loosely
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("grab the JSON from https://a.example/v3/feeders", {"http_request"}),
        ("our stock is JSON at https://a.example/certs", {"http_request"}),
        ("read https://a.example/board (a page, terribly slow)", {"scrape_page"}),
        ("https://a.example/press, they never had a feed", {"scrape_page"}),
        ("take the whole of https://a.example/rules", {"extract_article"}),
        ("the first 15 stories off the page https://a.example/front, read in full", {"scrape_page", "extract_article"}),
        ("rewrite that as a letter to the parents", {"ask_model"}),
        ("put it into simple English", {"ask_model"}),
        ("the model should tell the buyers what differs", {"ask_model"}),
        ("Draft 311 has to go", set[str]()),
        ("take 10 newest of https://a.example/rss", {"fetch_feed"}),
        ("summarise what https://a.example/rss has on the elections", {"fetch_feed", "summarize_items", "rank_items"}),
        ("take whatever is new on https://a.example/rss", {"fetch_feed"}),
        ("get me the text itself, but only the German ones", {"extract_article"}),
    ],
)  # fmt: skip
def test_what_is_read_and_written_is_told_by_words_around_it(said: str, skills: set[str]) -> None:
    assert evidence(mark(said).text).sure == skills


@pytest.mark.parametrize(
    ("said", "quotes"),
    [
        ("Mail jo@a.example that it is off. Put Year 9 trip as the subject.", ["Year 9 trip"]),
        ("Set these out, with the heading The Allotment Post.", ["The Allotment Post"]),
        ("a newsletter, Farm Post, with the best of it", ["Farm Post"]),
        ("a newsletter, Monday at 8, with the best of it", []),
        ("mail jo@a.example, subject Staff meeting: it's moved to 4 pm", ["Staff meeting", "it's moved to 4 pm"]),
        ("put on telegram that the bus is late, it broke down", ["the bus is late, it broke down"]),
        ("telegram pls: van is loaded, we leave at ten", ["van is loaded, we leave at ten"]),
    ],
)  # fmt: skip
def test_titles_and_messages_may_be_told_afterwards(said: str, quotes: list[str]) -> None:
    assert [value.meant for value in mark(said).of("quote")] == quotes


def test_a_copy_is_told_in_other_words() -> None:
    assert open_copy("Wendy should see it too, put her in copy, <mail1>", "<mail1>")
    assert hidden_copy("and the chairman <mail1> as a blind copy because he checks", "<mail1>")
    assert not open_copy("mail it to <mail1>, put it in copy.txt", "<mail1>")


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("the two best ransomware stories, in plain English", "ransomware"),
        ("so I've something to read on the bus: the best two on home care", "home care"),
        ("top <num1> about tariffs out of <feed1>", "tariffs"),
        ("Only the <num1> that matter most for beekeepers, please", "beekeepers"),
        ("the five best new stories", ""),
    ],
)
def test_a_topic_is_no_reason_and_may_stand_before_what_it_is_of(said: str, topic: str) -> None:
    assert topic_of(said) == topic


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Before I ring I want one figure. In the takings database, how many whites did we sell?", "how many whites did we sell"),
        ("who has a tool out for longer than <num1> days? The list (database toolbank) goes straight into the mail to her", "who has a tool out for longer than <num1> days"),
        ("she'd like to know how sales went last week - the numbers sit in boxoffice, that's our database", "how sales went last week"),
    ],
)  # fmt: skip
def test_the_question_is_what_asks(said: str, question: str) -> None:
    assert question_in(said) == question


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("My thing this month is peat bogs. Go through <feed1>", "peat bogs"),
        ("Heat pumps are what we sell. Take <feed1>, pick the five that fit", "Heat pumps"),
        ("Badgers, that's what the committee reads about. Best <num1> of <feed1>", "Badgers"),
        ("My husband keeps bees - best <num1> of <feed1>", "bees"),
        ("Uns interessieren vor allem Wärmepumpen. <feed1>, die besten <num1>", "Wärmepumpen"),
        ("Anything on dry stone walls interests me. Best <num1> of <feed1>", "dry stone walls"),
        ("I keep forgetting to look. Best <num1> of <feed1>", ""),
        ("I'm Jo from the library. Pick <num1> from <feed1>", ""),
    ],
)
def test_what_somebody_is_interested_in_may_be_another_sentence(said: str, what: str) -> None:
    assert interest(said) == what


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("i want <num1> questions for my class on <page1> - read the article, have the model write them", "<num1> questions for my class: write them"),
        ("A toast for my brother, nothing rude. The model can write it; mail it to <mail1>", "A toast for my brother, nothing rude: write it"),
        ("<num1> arguments against the bypass from <page1>, let the model find them, to <mail1>", "<num1> arguments against the bypass: find them"),
        ("Read <page1>. Let the model write a polite reply of <num1> words.", "write a polite reply of <num1> words"),
    ],
)  # fmt: skip
def test_a_task_that_only_points_is_told_with_what_it_points_at(said: str, prompt: str) -> None:
    assert prompt_of(said, alone=False) == prompt


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("how many orders came in, from the shop database, and how many tickets are open in the desk database?",
         [("shop", "how many orders came in, from the shop database"), ("desk", "how many tickets are open in the desk database?")]),
        ("The till database says one thing, the rota database another. Pull the hours of both.",
         [("till", "Pull the hours of both."), ("rota", "Pull the hours of both.")]),
        ("count the members in the databases till and rota",
         [("till", "count the members in the databases till and rota"), ("rota", "count the members in the databases till and rota")]),
        ("chek db tools wats overdue n mail list", [("tools", "chek db tools wats overdue n mail list")]),
    ],
)  # fmt: skip
def test_each_of_several_databases_has_its_words(said: str, asked: list[tuple[str, str]]) -> None:
    assert databases_named(said) == asked


def test_a_text_that_was_fetched_is_kept_whole(draft: Drafts) -> None:
    made = draft(
        "get the full text of https://a.example/story and save it as story.md",
        {"kind": "job", "steps": ["extract_article", "save_file"]}, {}, {},
    )  # fmt: skip
    kept = read_loosely(made.yaml).document.data["steps"][1]["with"]["content"]
    assert (
        kept
        == "${{ join([i.title + ' ' + i.url + '\\n' + i.text for i in steps.full.items], '\\n\\n') }}"
    )
    assert made.problems == ()


def test_what_two_databases_give_goes_out_together(draft: Drafts) -> None:
    made = draft(
        "How many orders came in, from the shop database, and how many tickets are open in the desk"
        " database? Mail it to jo@a.example",
        {"kind": "job", "steps": ["query_database", "send_email"]},
        {},
        {},
        {"to": ["<mail1>"]},
    )
    steps = read_loosely(made.yaml).document.data["steps"]
    assert steps[2]["with"]["body"] == (
        "How many orders came in:\n"
        "${{ join([join(values(row), ', ') for row in steps.rows.rows], '\\n') }}\n\n"
        "How many tickets are open in the desk database:\n"
        "${{ join([join(values(row), ', ') for row in steps.rows_2.rows], '\\n') }}"
    )


def test_a_database_is_named_before_or_behind() -> None:
    assert database_named("the numbers sit in boxoffice, that's our database") == "boxoffice"
    assert database_named("count them in database orders. More than 25?") == "orders"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("a job that asks me for two inputs, call them town and trade. It", "town and trade"),
        ("one that asks for two things when it's started, topic and recipient: it", "topic and recipient"),
        ("Make a job that takes a city and a date, searches the web for concerts there", "city and a date"),
    ],
)  # fmt: skip
def test_inputs_are_named_behind_their_number(said: str, names: str) -> None:
    found = next(cue for cue in cues("structure", mark(said).text) if cue.name == "inputs")
    assert found.groups["name"] == names


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ("8am Mon Wed Fri, please", "0 8 * * 1,3,5"),
        ("thursdays at 4pm, no 4:30 sorry", "30 16 * * 4"),
        ("thursdays at 4pm, no, 9am", "0 9 * * 4"),
    ],
)
def test_days_need_no_sign_and_a_corrected_time_keeps_its_half(said: str, cron: str) -> None:
    found = schedule(said)
    assert found is not None
    assert found.cron == cron


def test_a_zone_is_told_by_where_somebody_sits() -> None:
    (zone,) = mark("My editor sits in New York, so 8 a.m. her time").of("zone")
    assert (zone.raw, zone.meant) == ("her time", "America/New_York")
    assert not mark("My editor sits in New York, her time is short and precious").of("zone")


@pytest.mark.parametrize(
    "said",
    [
        "Print forty copies of the flyer and staple them",
        "Could you sit in on the video call at three and record it?",
        "please change it in the shop database, the products table",
    ],
)
def test_what_takes_hands_or_changes_rows_is_beyond_the_assistant(draft: Drafts, said: str) -> None:
    assert draft(said, {"kind": "call", "steps": ["web_search"]}).kind == "unsupported"


def test_an_aside_may_stand_behind_a_question_about_the_assistant(draft: Drafts) -> None:
    said = "are you a real person or a machine? my pupils have a bet on"
    assert draft(said, {"kind": "unsupported"}).kind == "answer"


def test_politeness_is_no_condition() -> None:
    assert says("vague", "polite", "so do it now if you can.")
    assert not says("vague", "polite", "if you can find a feed, read it")


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("a summary of each, after they've been picked and before it's laid out", 3),
        ("sum them up once they are ranked", 3),
        ("also keep the rows as a.csv before it is mailed", 4),
    ],
)
def test_a_new_step_stands_where_the_words_say(said: str, before: int) -> None:
    edits: list[dict[str, Any]] = [{"do": "add_step", "skill": "summarize_items"}]
    put_before(said, ["fetch_feed", "rank_items", "compile_newsletter", "send_email"], edits)
    assert edits[0]["before"] == before


def test_an_opening_and_a_reminder_are_read_by_what_stands_around() -> None:
    assert saying("intro", "the title Oakhill and <quote1> as the opening") == "<quote1>"
    assert (
        saying("message", "nudge me on <chan1> to fill the pill box. I forgot.")
        == "fill the pill box"
    )


@pytest.mark.parametrize(
    ("said", "guessed", "steps"),
    [
        ("sum up https://a.example/rss in two sentences each and post the digest to #news",
         ["fetch_feed", "summarize_items", "compile_newsletter", "notify"], ["fetch_feed", "summarize_items", "notify"]),
        ("sum up https://a.example/rss, lay it out as a newsletter and tell #news",
         ["fetch_feed", "summarize_items", "compile_newsletter", "notify"],
         ["fetch_feed", "summarize_items", "compile_newsletter", "notify"]),
        ("let the model pull the names of the firms out of https://a.example/story into names.txt",
         ["scrape_page", "ask_model", "save_file"], ["extract_article", "ask_model", "save_file"]),
        ("let the model judge each of the lots on https://a.example/lots, into lots.txt",
         ["scrape_page", "ask_model", "save_file"], ["scrape_page", "ask_model", "save_file"]),
    ],
)  # fmt: skip
def test_what_a_step_is_for_says_which_it_is(
    draft: Drafts, said: str, guessed: list[str], steps: list[str]
) -> None:
    made = draft(said, {"kind": "job", "steps": guessed}, *({} for _ in guessed))
    assert [step.skill for step in made.steps] == steps
