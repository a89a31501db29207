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
        (f"newsletter for the parents from {FEED}, title: school", [("compile_newsletter", {})], "Parents newsletter"),
        (f"each morning at seven read {FEED}", [("fetch_feed", {})], "Harbour stories"),
        (f"tell me what is new on {FEED}", [("fetch_feed", {})], "Harbour stories"),
        ("tell #ops what is up every day at 9", [("notify", {})], "Message"),
        ("every weekday at 7 the best stories about batteries to jo@example.org", [("rank_items", {"topic": "batteries"}), ("compile_newsletter", {})], "Batteries newsletter"),
        ("search the web for tide tables", [("web_search", {"query": "tide tables"})], "Tide tables search"),
        ("every monday mail me the products that are nearly sold out", [("query_database", {"question": "which products are nearly sold out"}), ("send_email", {})], "Products report"),
        ("Wie viele Kunden gibt es? Schick es jeden Morgen an jo@example.org", [("query_database", {}), ("send_email", {})], "Kunden report"),
        ("please could you check https://status.example.org/api/health every hour", [("http_request", {})], "Status check"),
        ("watch the price on https://shop.example.org/boat.html", [("scrape_page", {})], "Shop price watch"),
        ("tell me when the price on https://shop.example.org/boat drops below 40", [("scrape_page", {}), ("notify", {})], "Shop price watch"),
        ("every Monday collect the ferry fares from https://quay.example/fares and mail them", [("scrape_page", {}), ("send_email", {})], "Ferry fares watch"),
        (f"each Sunday at 9 read {FEED} and mail it to jo@example.org", [("fetch_feed", {}), ("send_email", {})], "Harbour digest"),
        ("each Sunday the news of https://parish.example/rss to the vestry channel", [("fetch_feed", {}), ("notify", {})], "Parish digest"),
        ("check every hour whether https://mill.example/ is up and tell the channel ops if not", [("http_request", {}), ("notify", {})], "Mill check"),
        ("last friday of each month ask the shop database how much tip money came in", [("query_database", {"question": "how much tip money came in that month"}), ("notify", {})], "Tip money report"),
        ("get the exchange rates from https://rates.example/latest.json at 9", [("http_request", {})], "Exchange rates check"),
        ("search for coverage of the ferry strike and save it", [("web_search", {"query": "coverage of the ferry strike"})], "Ferry strike search"),
        ("papers", [("web_search", {"query": "papers on microplastic uptake in mussels"})], "Microplastic uptake search"),
        ("scrape the listings at https://flats.example/rent", [("scrape_page", {})], "Flats listings watch"),
        ("mail jo@example.org each evening", [("send_email", {"subject": "Lights out"})], "Lights out"),
        ("ask the model for a haiku about boats every friday", [("ask_model", {})], "Haiku boats text"),
        ("every sunday night back up the orders to orders.csv", [("query_database", {}), ("save_file", {})], "Orders report"),
        ("with my coffee, what rosesociety.example/blog.rss has brought", [("fetch_feed", {}), ("send_email", {})], "Rosesociety digest"),
        ("treasurer here: whoever hasn't paid, in the subs database", [("query_database", {"question": "whoever hasn't paid", "database": "subs"})], "Subs report"),
        ("SELECT ward, COUNT(*) FROM complaints GROUP BY ward, run that on casework", [("query_database", {"sql": "SELECT ward, COUNT(*) FROM complaints GROUP BY ward", "database": "casework"})], "Complaints report"),
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
