"""With the starter model, which writes nothing, a brief is made of what the stories say."""

from __future__ import annotations

import pytest

from assistant.chat.unwritten import without_writer
from assistant.pipeline.document import read_document

ASKS = """job: brief
title: Tides brief
steps:
- id: read
  skill: fetch_feed
  with: {url: "https://harbour.example/feed.xml"}
- id: ask
  skill: ask_model
  with: {prompt: "Write it up: ${{ join([i.title for i in steps.read.items], ', ') }}"}
- id: send
  skill: send_email
  with: {to: jo@example.org, subject: Tides, body: "${{ steps.ask.text }}"}
- id: keep
  skill: save_file
  with: {name: brief.md, content: "As of today:\\n${{ steps.ask.text }}"}
"""


def test_a_written_brief_gives_way_to_the_sentences_of_the_articles():
    yaml, told = without_writer(ASKS, "Write me a brief about tides from the feed", "starter")
    assert [(s["id"], s["skill"], s["with"]) for s in read_document(yaml).data["steps"]] == [
        ("read", "fetch_feed", {"url": "https://harbour.example/feed.xml"}),
        ("best", "rank_items", {"items": "${{ steps.read.items }}", "topic": "tides", "limit": 8}),
        ("articles", "extract_article", {"items": "${{ steps.best.items }}"}),
        ("facts", "summarize_items", {"items": "${{ steps.articles.items }}", "sentences": 3}),
        ("brief", "compile_newsletter", {"items": "${{ steps.facts.items }}", "title": "Tides brief", "design": "brief"}),
        ("send", "send_email", {"to": "jo@example.org", "subject": "Tides", "newsletter": "${{ steps.brief.newsletter }}"}),
        ("keep", "save_file", {"name": "brief.md", "content": "As of today:\n${{ steps.brief.newsletter.markdown }}"}),
    ]  # fmt: skip
    assert ["the stories tell it" in one for one in told] == [True]


@pytest.mark.parametrize("model", ["anthropic/claude-sonnet-4-5", "local/big"])
def test_a_model_that_writes_is_asked_as_drafted(model: str):
    assert without_writer(ASKS, "Write me a brief", model) == (ASKS, [])


def test_what_cannot_be_done_without_a_writer_is_said():
    poem = "job: poem\nsteps:\n- {id: ask, skill: ask_model, with: {prompt: Write a poem}}\n"
    yaml, told = without_writer(poem, "Write a poem every day", "starter")
    assert read_document(yaml).data == read_document(poem).data
    assert ["Step ask asks a model to write" in one for one in told] == [True]
    other = poem.replace("prompt: Write a poem", "prompt: Write a poem, model: local/big")
    assert without_writer(other, "Write a poem", "starter")[1] == []


def test_a_translation_is_not_made_of_what_the_stories_say():
    german = ASKS.replace("Write it up:", "Translate into German:")
    yaml, told = without_writer(german, "Translate the feed into German", "starter")
    assert read_document(yaml).data == read_document(german).data
    assert ["Step ask asks a model to write" in one for one in told] == [True]
