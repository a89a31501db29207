"""What a model is sent and may answer: the texts the starter model is trained on."""

from __future__ import annotations

import json
import random

from assistant.builder.candidates import MOST, Candidates
from assistant.builder.focusing import focused_job
from assistant.builder.offers import few_words, fields_of, offer_of
from assistant.builder.questions import LastResult, Surroundings, question_of
from assistant.builder.tasks import (
    Decisions,
    dialogue,
    edits_schema,
    fill_schema,
    open_fields,
    open_structures,
    outline_schema,
    structures,
    system,
)
from assistant.models.grammar import compile_schema

WORDS = [
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "foxtrot",
    "golf",
    "hotel",
    "india",
    "juliet",
    "kilo",
    "lima",
    "mike",
]


def test_a_dialogue_reads_as_the_starter_model_has_learnt_it(library, digest_yaml) -> None:
    skills = [library.get(name) for name in ("fetch_feed", "rank_items", "send_email")]
    offers = tuple(offer_of(skill) for skill in skills)
    question, _ = question_of(
        "Every weekday at 7 mail jo@example.org the 5 best stories about batteries from "
        "https://a.example/rss",
        offers,
        Surroundings(last=LastResult("items", "web_search", 12)),
    )
    right = Decisions(
        {"kind": "job", "when": "<when1>", "steps": ["fetch_feed", "rank_items", "send_email"]},
        ({"urls": ["<feed1>"]}, {"topic": "batteries", "limit": "<num1>"}, {"to": ["<mail1>"]}),
    )

    assert [(m.role, m.text) for m in dialogue(question, right)[1:]] == [
        ("user",
         "Skills\n"
         "fetch_feed: Read RSS, Atom or JSON feeds and give their newest items, newest\n"
         "rank_items: Pick the best items for a topic\n"
         "send_email: Send an e-mail or a newsletter\n"
         "Result\n12 items by web_search\n"
         "Request\n<when1> mail <mail1> the <num1> best stories about batteries from <feed1>"),
        ("assistant",
         '{"kind": "job", "when": "<when1>", "steps": ["fetch_feed", "rank_items", "send_email"]}'),
        ("user", "1 fetch_feed: urls (links), limit (number)"),
        ("assistant", '{"urls": ["<feed1>"]}'),
        ("user", "2 rank_items: topic (text), limit (number)"),
        ("assistant", '{"topic": "batteries", "limit": "<num1>"}'),
        ("user", "3 send_email: to (addresses), subject (text), body (text), cc (addresses)"),
        ("assistant", '{"to": ["<mail1>"]}'),
    ]  # fmt: skip


def test_the_focused_job_is_shown_with_marks_for_its_values(library, digest_yaml) -> None:
    offers = tuple(offer_of(skill) for skill in library.all())
    around = Surroundings(focus=focused_job("ai-digest", digest_yaml))
    question, marked = question_of("send it to kim@example.org too", offers, around)
    text = dialogue(question, Decisions({"kind": "edit"}, edits=({"do": "pause"},)))[1].text

    assert text.split("Job ")[1] == (
        "ai-digest scheduled\n"
        "1 fetch_feed urls=<feed1> limit=50\n"
        "2 rank_items topic=AI safety limit=5\n"
        "3 summarize_items sentences=2\n"
        "4 compile_newsletter title=AI this week\n"
        "5 send_email to=<mail2>\n"
        "Request\nsend it to <mail1> too"
    )
    assert marked.meaning("<mail2>") == "jo@example.org"


def test_every_schema_can_be_enforced_while_decoding(library, digest_yaml) -> None:
    offers = tuple(offer_of(skill) for skill in library.all())
    around = Surroundings(jobs=("archive",), focus=focused_job("ai-digest", digest_yaml))
    question, _ = question_of(
        'every day at 9 mail "Hi" to a@b.example, 5 of https://a.example/rss, then archive, wait 5 minutes',
        offers, around,
    )  # fmt: skip

    compile_schema(outline_schema(question))
    compile_schema(edits_schema(question))
    for fields in [*(offer.fields for offer in offers), *structures().values()]:
        if open_fields(question, fields, 3):
            compile_schema(fill_schema(question, fields, 3))


def test_only_what_the_request_can_mean_is_offered(library) -> None:
    offers = tuple(offer_of(skill) for skill in library.all())
    question, _ = question_of("mail a@b.example that lunch is ready", offers, Surroundings())
    schema = outline_schema(question)

    assert "when" not in schema["properties"]
    assert "edit" not in schema["properties"]["kind"]["enum"]
    assert set(structures()) - set(open_structures(question)) == {
        "call_job", "trigger_job_done", "trigger_job_failed", "trigger_feed", "timeout",
    }  # fmt: skip
    rank = next(offer for offer in offers if offer.name == "rank_items")
    assert [field.name for field in open_fields(question, rank.fields, 1)] == ["topic"]


def test_the_first_prompt_is_short_even_with_two_hundred_skills(library) -> None:
    rng = random.Random(7)
    index = Candidates([*library.all(), *library.all()])
    offers = index.offers_for("<when1> mail <mail1> the <num1> best stories of <feed1>")
    text = "Every day at 7 " + " ".join(rng.choices(WORDS, k=60))
    question, _ = question_of(text, offers, Surroundings())
    prompt = "\n".join(m.text for m in dialogue(question, Decisions({"kind": "answer"}))[:2])

    assert len(offers) == MOST
    # A token of the starter model's vocabulary is about four characters; the bar is 2,000.
    assert len(prompt) / 3 < 2000
    assert len(system().text) < 1300


def test_a_description_is_cut_to_few_words() -> None:
    assert few_words("Send a letter. It goes out at once.") == "Send a letter"
    assert few_words(" ".join(WORDS)) == " ".join(WORDS[:12])


def test_the_kinds_of_fields_follow_from_any_schema() -> None:
    schema = json.loads(
        """{"properties": {
            "link": {"type": "string", "format": "uri"}, "to": {"type": "array", "items": {"type": "string"}},
            "mode": {"enum": ["a", "b"]}, "loud": {"type": "boolean"}, "count": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "words": {"type": "string"}, "items": {"type": "array"}, "extra": {"type": "object"}},
            "required": ["link"]}"""
    )

    assert [(f.name, f.kind, f.many, f.required, f.choices) for f in fields_of(schema)] == [
        ("link", "url", False, True, ()),
        ("to", "mail", True, False, ()),
        ("mode", "choice", False, False, ("a", "b")),
        ("loud", "flag", False, False, ()),
        ("count", "number", False, False, ()),
        ("words", "text", False, False, ()),
    ]
