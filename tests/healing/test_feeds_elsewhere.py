"""A feed that is gone, and that only a page further into the site declares or links to."""

from __future__ import annotations

from tests.healing.harbour import (
    HAD,
    HAS,
    OLD,
    declared,
    feed,
    notice_list,
    notices,
    other_feed,
    titles,
    whole,
)  # fmt: skip
from tests.healing.running import a_world, play
from tests.healing.scenarios import Scenario
from tests.healing.scenarios_eighth import FEED
from tests.healing.world import World

PODCAST = declared("/podcast.xml", "Our podcast")
ELSEWHERE = notices(16, newest=120)


def _before(w: World) -> dict:
    return {"/notices.rss": feed(HAD, w.origin), "/": whole("<h1>Welcome</h1>")}


def _site(home: dict[str, str], **pages: str):
    """The site without the old feed: a menu, a podcast that the front page declares, and these pages."""

    def put(w: World) -> dict:
        return {
            "/": whole("<h1>Welcome</h1>", head=PODCAST, menu=home),
            "/podcast.xml": other_feed(w.origin, title="Harbour voices", about="Episode"),
            **{"/" + name.replace("__", "/"): page for name, page in pages.items()},
            "/now.xml": feed(HAS, w.origin), "/old.xml": feed(OLD, w.origin),
            "/other.xml": feed(ELSEWHERE, w.origin),
        }  # fmt: skip

    return put


LIST = whole(notice_list(HAS), head=declared("/now.xml"))
HEALED = [
    ("page-of-its-own-name", _site({"/a": "Notices", "/b": "Tickets"}, a=LIST)),
    ("page-about-feeds", _site({"/follow-us": "Subscribe", "/b": "Tickets"}, **{
        "follow-us": whole('<p>Read along: <a href="/podcast.xml">Podcast feed</a> <a href="/now.xml">RSS</a></p>')})),
    ("page-of-news", _site({"/x/7": "News", "/b": "Tickets"}, x__7=LIST)),
    ("among-other-feeds-of-the-page", _site({"/notices": "Notices"}, notices=whole(
        notice_list(HAS), head=declared("/other.xml", "Sister harbour") + declared("/now.xml")))),
]  # fmt: skip
LEFT = [
    ("only-the-archive-has-one", _site({"/notices": "Notices"}, notices=whole(
        notice_list(HAS), head=declared("/old.xml", "2024")))),
    ("feed-of-another-harbour", _site({"/news": "News"}, news=whole(
        "<h1>News</h1>", head=declared("/other.xml", "Sister harbour")))),
    ("page-wants-a-login", _site({"/notices": "Notices"}, notices=whole(
        '<h1>Log in</h1><form method="post"><input type="password" name="password"></form>',
        head=declared("/now.xml"), title="Log in"))),
    ("no-page-of-a-name-that-tells", _site({"/b": "Tickets"}, b=LIST)),
]  # fmt: skip


async def test_a_feed_is_found_two_pages_away_where_it_has_the_things_of_before():
    scenarios = [
        Scenario(name, "not_found", "heal", FEED, _before, put, ("read", titles(HAS)))
        for name, put in HEALED
    ] + [Scenario(name, "not_found", "leave", FEED, _before, put) for name, put in LEFT]
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in scenarios:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in scenarios}
