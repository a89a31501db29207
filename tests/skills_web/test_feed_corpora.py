"""Reading feeds, measured on the published test feeds beside the repository."""

from __future__ import annotations

import json

import pytest

from assistant.skills.records import Item
from skills.fetch_feed.reading import Feed, NoFeed, read_feed
from tests.skills_web.scores import body_of, conditions_met, feed_cases, headers_of

pytestmark = pytest.mark.external


def test_what_feedparser_meets_is_met_by_our_way_of_calling_it(shared_data):
    ours, met = conditions_met(shared_data)
    assert met > 300
    assert ours / met >= 0.98


@pytest.mark.parametrize("name", ["feedparser", "feedvalidator", "gofeed"])
def test_every_feed_gives_items_or_a_clear_error_and_none_a_crash(shared_data, name):
    read = 0
    for case in feed_cases(shared_data, name):
        try:
            feed = read_feed(body_of(case), headers_of(case), "http://feeds.example/f")
        except NoFeed:
            continue
        assert isinstance(feed, Feed)
        links = [story["url"] for story in feed.stories if "url" in story]
        assert all(link.startswith(("http://", "https://")) for link in links)
        assert all(Item(**story) for story in feed.stories)
        read += 1
    assert read / len(feed_cases(shared_data, name)) > 0.95


def test_a_valid_feed_is_never_refused(shared_data):
    for case in feed_cases(shared_data, "feedvalidator"):
        if case["valid"]:
            read_feed(body_of(case), {}, "http://feeds.example/f")


def test_titles_and_links_are_those_that_another_reader_finds(shared_data):
    for case in feed_cases(shared_data, "gofeed"):
        wanted = case["expected"].get("entries") or case["expected"].get("items") or []
        stories = read_feed(body_of(case), {}, "").stories
        for entry, story in zip(wanted, stories, strict=False):
            # Ours are plain texts: markup in a title is read, not shown.
            if entry.get("title") and "<" not in entry["title"]:
                assert story["title"] == " ".join(entry["title"].split())
            if entry.get("link"):
                assert story["url"] == entry["link"]


def test_no_entity_is_expanded_and_no_file_read(shared_data, tmp_path):
    lines = (shared_data / "security_payloads" / "xxe_xml.jsonl").read_text().splitlines()
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret words")
    payloads = [json.loads(line)["xml"] for line in lines]
    payloads.append(
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel>'
        "<item><title>&x;</title></item></channel></rss>"
    )
    for payload in payloads:
        try:
            told = str(read_feed(payload.encode(), {}, "http://feeds.example/f"))
        except NoFeed as wrong:
            told = wrong.message
        assert "root:" not in told
        assert "top secret" not in told


def test_a_billion_laughs_cost_nothing():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<!DOCTYPE rss [<!ENTITY a0 "lol">{entities}]><rss version="2.0"><channel><item>'
        "<title>&a9;</title></item></channel></rss>"
    )
    feed = read_feed(bomb.encode(), {}, "http://feeds.example/f")
    assert len(str(feed)) < 1_000
