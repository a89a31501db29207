"""What code reads in a request by its words: structure, skills, values, changes to a job."""

from __future__ import annotations

import pytest

from assistant.builder.chains import mended
from assistant.builder.edit_reading import edits_read
from assistant.builder.evidence import evidence
from assistant.builder.focusing import focused_job
from assistant.builder.frame import frame_of
from assistant.builder.offers import offer_of
from assistant.builder.questions import Surroundings, question_of
from assistant.builder.values import shown


def framed(text: str, **around):
    return frame_of(*question_of(text, (), Surroundings(**around)))


@pytest.mark.parametrize(
    ("text", "told", "left"),
    [
        ("read https://a.example/rss and mail it to jo@a.example, but ask me first",
         [("approve", {})], "read <feed1> and mail it to <mail1>"),
        ("whenever https://a.example/rss has a new post tell #ops",
         [("trigger_feed", {"url": "<feed1>"})], "read <feed1>, tell <chan1>"),
        ("save https://a.example/rss as a.json, give up after 30 seconds, try 4 times",
         [("timeout", {"after": "<dur1>"}), ("retry", {"times": "<num1>"})],
         "save <feed1> as <file1>"),
        ("chaque jour à 8h lis https://a.example/flux et envoie-le à jo@a.example, seulement s'il y a du nouveau",
         [("if", {"test": "any"})], "<when1> lis <feed1> et envoie-le à <mail1>"),
        ("frage die Datenbank nach Kunden; bei Fehlern 3 mal wiederholen",
         [("retry", {"times": "<num1>"})], "frage die Datenbank nach Kunden"),
        ("get https://a.example/api/level and tell #ops if it is above 80",
         [("if", {"test": "above", "than": "<num1>"})], "get <api1> and tell <chan1>"),
    ],
)  # fmt: skip
def test_structure_is_read_with_its_values_and_leaves_plain_words(text, told, left) -> None:
    frame = framed(text)

    assert [(item.tag, item.values) for item in frame.told] == told
    assert frame.question.text == left


def test_a_job_that_fails_starts_another_and_its_name_is_no_step() -> None:
    frame = framed("should price-watch ever crash, tell #oncall", jobs=("price-watch",))

    assert [(item.tag, item.values) for item in frame.told] == [
        ("trigger_job_failed", {"job": "<job1>"})
    ]
    assert frame.question.text == "tell <chan1>"


@pytest.mark.parametrize(
    ("text", "chain", "right"),
    [
        ("<when1> the <num1> best stories about boats from <feed1> to <mail1>", ["fetch_feed"],
         ["fetch_feed", "rank_items", "send_email"]),
        ("sum up <feed1> for <chan1>", ["fetch_feed", "save_file", "notify"],
         ["fetch_feed", "summarize_items", "notify"]),
        ("scrape <page1> into <file1>", ["extract_article", "save_file", "save_file"],
         ["scrape_page", "save_file"]),
        ("do what our own skill does", ["our_own_skill"], ["our_own_skill"]),
    ],
)  # fmt: skip
def test_a_chain_is_mended_by_what_the_words_show(text, chain, right) -> None:
    assert mended(chain, evidence(text), text, fed=False) == right


def test_values_go_where_the_words_around_them_say(library) -> None:
    skills = ["web_search", "rank_items", "summarize_items", "send_email"]
    offers = tuple(offer_of(library.get(name)) for name in skills)
    text = "search for cheap ferries, the 4 best, two sentences each, to jo@a.example"
    question, _ = question_of(text, offers, Surroundings())

    made = shown(question, [(o.name, o.fields) for o in offers], fed=False, looped=False)

    assert made.values == [
        {"query": "cheap ferries"}, {"limit": "<num1>"},
        {"sentences": "<num2>"}, {"to": ["<mail1>"]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("make it eight items", [{"do": "set", "step": 2, "key": "limit", "value": "<num1>"}]),
        ("send it to kim@example.org too", [{"do": "add", "step": 5, "key": "to", "value": "<mail1>"}]),
        ("drop the summaries", [{"do": "remove_step", "step": 3}]),
        ("stop it until January", [{"do": "pause"}]),
        ("Bitte pausieren", [{"do": "pause"}]),
        ("run it now", [{"do": "run_now"}]),
        ("what a lovely day", []),
        ("every day at 8 mail https://b.example/rss to kim@example.org", []),
    ],
)  # fmt: skip
def test_changes_are_read_by_their_words(digest_yaml, library, text, edits) -> None:
    offers = tuple(offer_of(skill) for skill in library.all())
    focus = focused_job("ai-digest", digest_yaml)
    frame = frame_of(*question_of(text, offers, Surroundings(focus=focus), all_offers=offers))
    read = edits_read(frame, [offer.name for offer in offers])

    assert read.edits == edits


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        ("see if there's something online about grants for museums, eight hits", ()),
        ("find out if there are any trains to Penzance, look on the internet", ()),
        ("every day at 8 check https://a.example/news and only if there is something new tell #ops", ("if",)),
        ("every day see if there is something new on https://a.example/feed and mail jo@a.example", ("if",)),
    ],
)  # fmt: skip
def test_an_if_that_only_asks_is_no_condition(said: str, tags: tuple[str, ...]) -> None:
    frame = framed(said)
    assert tuple(tag for tag in (*frame.tags, *frame.open_tags()) if tag == "if") == tags
