"""The web skills on the demo newspaper: feed, front page without a selector, articles."""

from __future__ import annotations

import pytest

from assistant.clock import SystemClock
from assistant.demo import DemoSite, stories
from assistant.skills.calling import call
from assistant.skills.library import Library


@pytest.fixture
def paper():
    with DemoSite() as site:
        yield site


@pytest.fixture
def library(settings) -> Library:
    return Library.open(settings)


@pytest.fixture
def reader(desk, paper):
    return desk(paper)


async def test_the_front_page_is_read_without_a_selector(paper, library, reader):
    given = await call(library.get("scrape_page"), {"url": f"{paper.origin}/"}, reader)
    wanted = [story.title for story in stories(SystemClock().now())]
    found = [item["title"] for item in given["items"]]
    assert found == wanted[: len(found)]
    assert len(found) >= 5
    assert all(item["url"].startswith(paper.origin) for item in given["items"])


async def test_its_feed_and_its_articles_are_read(paper, library, reader):
    feed = await call(library.get("fetch_feed"), {"url": paper.feed, "limit": 3}, reader)
    given = await call(library.get("extract_article"), {"items": feed["items"]}, reader)
    told = {story.title: story for story in stories(SystemClock().now())}
    assert [page["state"] for page in given["pages"]] == ["ok"] * 3
    for item in given["items"]:
        first = told[item["title"]].paragraphs[0].replace("*", "")
        assert first[:60] in item["text"]
