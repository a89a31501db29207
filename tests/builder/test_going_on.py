"""A request that goes on from what is shown is done at once; a job cannot begin there."""

from __future__ import annotations

from assistant.builder.questions import LastResult, Surroundings

SHOWN = Surroundings(last=LastResult("items", "fetch_feed", 12))


def test_several_steps_on_what_is_shown_are_called_at_once(draft) -> None:
    made = draft(
        "summarise these and mail them to jo@example.org",
        {"kind": "job", "steps": ["summarize_items", "send_email"]},
        {},
        {},
        around=SHOWN,
    )
    assert (made.kind, made.yaml, made.problems) == ("call", "", ())
    short, send = made.steps
    assert short.arguments == {"items": "${{ last.items }}"}
    assert send.arguments["to"] == "jo@example.org"
    assert "steps.short.items" in send.arguments["body"]


def test_a_job_on_what_is_shown_now_is_asked_about(draft) -> None:
    made = draft(
        "mail these to jo@example.org every morning at 8",
        {"kind": "job", "when": "<when1>", "steps": ["send_email"]},
        {},
        around=SHOWN,
    )
    assert made.kind == "clarify"
    assert [ask.place for ask in made.asks] == ["items"]


def test_a_file_called_last_is_only_a_file(draft) -> None:
    made = draft(
        "every day at 6 read https://example.org/feed.xml and save it as last.json",
        {"kind": "job", "when": "<when1>", "steps": ["fetch_feed", "save_file"]},
        {},
        {},
    )
    assert (made.kind, made.asks) == ("job", ())
