"""Conditions told by both of their sides, or by what a model judges; loops that send each its own."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.frame import Frame, frame_of
from assistant.builder.terms import Question
from assistant.grounding.marks import mark
from assistant.pipeline.loader import read_loosely
from tests.builder.conftest import Drafts


def framed(said: str) -> Frame:
    marked = mark(said)
    return frame_of(Question(marked.text, tuple(marked.values), ()), marked)


@pytest.mark.parametrize(
    ("said", "test", "left"),
    [
        ("how many are overdue? More than fifty, and jo@a.example gets a mail; fifty or fewer, and a line in #quiet will do.", "above",
         "how many are overdue? <mail1> gets a mail; otherwise, a line in <chan1> will do."),
        ("ask it; more than five and you mail jo@a.example the list, five or less then only ping #quiet", "above",
         "ask it; you mail <mail1> the list, otherwise, only ping <chan1>"),
        ("Mehr als zwanzig, dann Mail an jo@a.example, zwanzig oder weniger, dann eine Zeile an #quiet", "above",
         "Mail an <mail1>, otherwise, eine Zeile an <chan1>"),
        ("the feed https://a.example/rss to jo@a.example. Nothing found = no mail.", "any", "the feed <feed1> to <mail1>."),
        ("https://a.example/rss to jo@a.example. No hits, no mail.", "any", "<feed1> to <mail1>."),
        ("als er niets nieuws is geen mail, https://a.example/rss naar jo@a.example", "any", "<feed1> naar <mail1>"),
        ("Ist nichts dabei, dann aufhören, sonst an jo@a.example damit", "any", "sonst an <mail1> damit"),
    ],
)  # fmt: skip
def test_the_other_side_of_a_condition_is_an_otherwise(said: str, test: str, left: str) -> None:
    frame = framed(said)
    assert [item.values["test"] for item in frame.told if item.tag == "if"] == [test]
    assert frame.question.text == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("let the model judge whether it concerns a bank, and only if so, jo@a.example should get it",
         "let the model judge whether it concerns a bank, <mail1> should get it"),
        ("let the model say if it's breaking for us, and if yes, shout in dev, if no, nothing",
         "let the model say if it's breaking for us, shout in <chan1>"),
        ("das Modell soll sagen, ob es um Bienen geht, und wenn ja, an jo@a.example schicken",
         "das Modell soll sagen, ob es um Bienen geht, an <mail1> schicken"),
    ],
)  # fmt: skip
def test_what_a_model_judges_decides(said: str, left: str) -> None:
    frame = framed(said)
    assert [(t.tag, t.values) for t in frame.told] == [("if", {"test": "contains", "what": "yes"})]
    assert frame.question.text == left


def test_a_judged_condition_asks_for_yes_or_no_and_sends_what_was_judged(draft: Drafts) -> None:
    made = draft(
        "when https://a.example/rss has something new let the model judge whether it is about us, and only if so, mail jo@a.example",
        {"kind": "job", "steps": ["fetch_feed", "ask_model", "send_email"]}, {}, {}, {},
    )  # fmt: skip
    steps: list[dict[str, Any]] = read_loosely(made.yaml).document.data["steps"]
    assert steps[1]["with"]["prompt"].startswith(
        "judge whether it is about us. Answer yes or no\n\n"
    )
    assert steps[2] == {
        "id": "check", "if": "${{ not contains(lower(steps.ask.text), 'yes') }}", "stop": "nothing with 'yes'",
    }  # fmt: skip
    assert steps[3]["with"]["body"] == "${{ join([i.title + ' ' + i.url for i in steps.read.items], '\\n') }}"  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "Our guides each get their own: ask db guides for name and email, and for every one of them have the model write a note and email it to that person",
        "For every client in the retainers database (name and email) the model should draft a reminder and mail it to that person",
    ],
)  # fmt: skip
def test_each_of_a_loop_gets_only_its_own(draft: Drafts, said: str) -> None:
    made = draft(
        said, {"kind": "job", "steps": ["query_database", "ask_model", "send_email"]}, {}, {}, {}
    )
    loop: dict[str, Any] = read_loosely(made.yaml).document.data["steps"][1]
    assert loop["for_each"] == "${{ steps.rows.rows }}"
    told = {key: loop["steps"][1]["with"][key] for key in ("to", "body")}
    assert told == {"to": "${{ row.email }}", "body": "${{ steps.ask.text }}"}


@pytest.mark.parametrize(
    ("said", "tag", "values"),
    [
        ("Don't let it hang for more than 90 seconds", "timeout", {"after": "<dur1>"}),
        ("should the whole round take longer than two minutes, cut it off", "timeout", {"after": "<dur1>"}),
        ("cada día lee https://a.example/rss; si falla reintenta 3 veces, como mucho dos minutos", "timeout", {"after": "<dur1>"}),
        ("If a page doesn't load, try twice more", "retry", {"times": "<num1>"}),
        ("Lukt dat niet, dan tot drie keer proberen", "retry", {"times": "<num1>"}),
        ("If the thing falls over, it's me who has to hear of it, at jo@a.example", "alert", {"to": "<mail1>"}),
        ("y si ni así, que se entere jo@a.example", "alert", {"to": "<mail1>"}),
        ("New thing in the feed https://a.example/rss? mail jo@a.example", "trigger_feed", {"url": "<feed1>"}),
    ],
)  # fmt: skip
def test_limits_tries_alerts_and_starts_are_told_in_many_ways(
    said: str, tag: str, values: dict[str, str]
) -> None:
    assert [item.values for item in framed(said).told if item.tag == tag] == [values]


def test_what_names_a_failed_job_in_a_subject_waits_for_nothing_more() -> None:
    frame = framed("if nightly-sync falls over mail jo@a.example, subject nightly-sync is down")
    assert (frame.tags, frame.open_tags()) == (("trigger_job_failed",), [])


@pytest.mark.parametrize(
    ("said", "negated"),
    [
        ("GET https://a.example/ping; when it isn't 200 tell #ops", True),
        ("GET https://a.example/ping; if it answers anything but 200 tell #ops", True),
        ("GET https://a.example/ping; unless the status is 200 tell #ops", True),
        ("GET https://a.example/ping; wenn nicht 200 kommt, sag #ops Bescheid", True),
        ("GET https://a.example/ping; si ça ne répond pas 200, préviens #ops", True),
        ("GET https://a.example/ping; si no da 200 avisa a #ops", True),
        ("GET https://a.example/ping; if the answer is 404 tell #ops", False),
    ],
)
def test_what_a_server_answers_is_its_status(said: str, negated: bool) -> None:
    told = [item.values for item in framed(said).told if item.tag == "if"]
    status = {"test": "status", "than": "<num1>"}
    assert told == [status | {"what": "not"} if negated else status]


def test_a_call_that_fails_is_told_of_by_its_address(draft: Drafts) -> None:
    made = draft(
        "every hour GET https://a.example/ping; when it isn't 200 tell #ops, else save it as ping.log",
        {"kind": "job", "steps": ["http_request", "notify", "save_file"], "when": "<when1>"}, {}, {}, {},
    )  # fmt: skip
    call, check = read_loosely(made.yaml).document.data["steps"]
    assert (call["on_error"], made.problems) == ("continue", ())
    assert check["if"] == "${{ default(steps.call.response.status, 0) != 200 }}"
    assert check["steps"][0]["with"]["message"] == "https://a.example/ping does not answer with 200"
    assert check["else"][0]["with"]["content"] == "${{ steps.call.response.text }}"


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("how many loans are overdue", "number(default(values(steps.rows.rows[0])[0], 0))"),
        ("which loans are overdue", "size(steps.rows.rows)"),
    ],
)
def test_what_is_counted_is_compared_by_its_figure(
    draft: Drafts, question: str, compared: str
) -> None:
    made = draft(
        f"ask the lending database {question}; more than fifty, and mail jo@a.example; fifty or fewer, and tell #quiet",
        {"kind": "job", "steps": ["query_database", "send_email", "notify"]}, {}, {}, {},
    )  # fmt: skip
    check = read_loosely(made.yaml).document.data["steps"][1]
    assert check["if"] == f"${{{{ {compared} > 50 }}}}"
    assert [step["skill"] for step in (*check["steps"], *check["else"])] == ["send_email", "notify"]
