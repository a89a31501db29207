"""A new job is named after what it is about and what it makes, never after its orders or times."""

from __future__ import annotations

import pytest

from assistant.builder.naming import job_name, title_of
from assistant.grounding.marks import mark

FEED = "https://harbour.example/feed.xml"


@pytest.mark.parametrize(
    ("text", "steps", "title"),
    [
        ("make the parents a newsletter with the title School News", [("compile_newsletter", {"title": "School News"})], "School News"),
        (f"newsletter for the parents from {FEED}, title: school", [("compile_newsletter", {})], "Parents school newsletter"),
        (f"each morning at seven read {FEED}", [("fetch_feed", {})], "Harbour stories"),
        (f"tell me what is new on {FEED}", [("fetch_feed", {})], "Harbour stories"),
        ("tell #ops what is up every day at 9", [("notify", {})], "Message"),
        ("every weekday at 7 the best stories about batteries to jo@example.org", [("rank_items", {"topic": "batteries"}), ("compile_newsletter", {})], "Batteries newsletter"),
        ("search the web for tide tables", [("web_search", {"query": "tide tables"})], "Tide tables search"),
        ("every monday mail me the products that are nearly sold out", [("query_database", {"question": "x"}), ("send_email", {})], "Products sold report"),
        ("Wie viele Kunden gibt es? Schick es jeden Morgen an jo@example.org", [("query_database", {}), ("send_email", {})], "Kunden report"),
        ("please could you check https://status.example.org/api/health every hour", [("http_request", {})], "Status check"),
        ("watch the price on https://shop.example.org/boat.html", [("scrape_page", {})], "Price watch"),
        ("mail jo@example.org each evening", [("send_email", {"subject": "Lights out"})], "Lights out"),
        ("ask the model for a haiku about boats every friday", [("ask_model", {})], "Haiku boats text"),
        ("every sunday night back up the orders to orders.csv", [("query_database", {}), ("save_file", {})], "Orders report"),
        ("write it down", [], "Job"),
    ],
)  # fmt: skip
def test_a_title_says_what_a_job_is_about(text: str, steps: list, title: str) -> None:
    assert title_of(mark(text), steps) == title


def test_a_name_is_its_title_as_a_word_of_a_path() -> None:
    assert job_name("Batteries newsletter") == "batteries-newsletter"


def test_a_lone_message_is_named_by_what_it_says() -> None:
    marked = mark("let the porters channel know that the lorry comes early. He rang just now")
    steps = [("notify", {"message": "the lorry comes early", "channel": "porters"})]
    assert title_of(marked, steps) == "Lorry comes early message"
