"""The demo world stands by itself: every link leads somewhere, and the shop is what its script says."""

from __future__ import annotations

import re
import sqlite3
import urllib.error
import urllib.request

import feedparser
import pytest

from assistant.clock import FixedClock
from assistant.demo import SHOP, DemoPortTaken, DemoSite
from assistant.settings import PROJECT


def read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def test_every_page_of_the_demo_site_links_to_pages_that_are_there(clock: FixedClock):
    with DemoSite(clock=clock) as site:
        seen, queue = set[str](), ["/"]
        while queue:
            path = queue.pop()
            seen.add(path)
            text = read(site.origin + path).decode()
            queue += [p for p in re.findall(r'href="(/[^"]*)"', text) if p not in seen | set(queue)]
    assert len([path for path in seen if path.startswith("/news/")]) == 16


def test_the_three_feeds_tell_the_same_sixteen_stories(clock: FixedClock):
    with DemoSite(clock=clock) as site:
        rss = feedparser.parse(read(site.feed))
        atom = feedparser.parse(read(f"{site.origin}/atom.xml"))
        titles = [entry.title for entry in rss.entries]
        assert titles == [entry.title for entry in atom.entries]
        assert titles == [story.title for story in site.stories]
        assert not rss.bozo
        assert not atom.bozo
    assert sum("batter" in title.lower() for title in titles) == 7


def test_an_unchanged_feed_is_answered_with_304(clock: FixedClock):
    with DemoSite(clock=clock) as site:
        tag = urllib.request.urlopen(site.feed).headers["ETag"]
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(
                urllib.request.Request(site.feed, headers={"If-None-Match": tag})
            )
    assert answer.value.code == 304


def test_a_taken_port_is_one_clear_error(clock: FixedClock):
    with DemoSite(clock=clock) as site, pytest.raises(DemoPortTaken) as told:
        DemoSite(int(site.origin.rsplit(":", 1)[1]), clock=clock)
    assert told.value.hint == "Set ASSISTANT_DEMO_PORT to a free port."


def test_the_shop_database_is_what_its_script_makes():
    made = sqlite3.connect(":memory:")
    made.executescript((PROJECT / "data/demo/shop.sql").read_text(encoding="utf-8"))
    kept = sqlite3.connect(f"file:{SHOP}?mode=ro", uri=True)
    assert list(kept.iterdump()) == list(made.iterdump())
