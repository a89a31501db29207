"""Where a page or a feed says itself that its readers have to go on."""

from __future__ import annotations

import pytest

from assistant.healing.leading import leads_on
from assistant.healing.looking import Visited
from assistant.healing.moving import addresses_told
from assistant.insight.faults import Look, Seen
from assistant.skills.pages import parse_page
from tests.healing.running import a_world, play
from tests.healing.scenarios import Put, Scenario
from tests.healing.test_pages_that_change import HAD, HAS, job, listed, site

HERE = "https://clocks.example/sale"
THERE = "https://clocks.example/auctions/next"


def page(head: str, body: str = "<p>Please wait.</p>") -> Visited:
    text = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()
    return Visited(Look(HERE, 200, HERE, kind="page"), text, parse_page(text, ""))


def feed(more: str, kind: Seen = "feed") -> Visited:
    text = f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Clocks</title>{more}</channel></rss>"
    return Visited(Look(HERE, 200, HERE, kind=kind), text.encode())


def entry(title: str, text: str, link: str, day: int = 3) -> str:
    return (
        f"<item><title>{title}</title><description>{text}</description><link>{link}</link>"
        f"<pubDate>Mon, {day:02} Aug 2026 10:00:00 GMT</pubDate></item>"
    )


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="Refresh" content="0; URL=/auctions/next">',
        "<meta http-equiv='refresh' content=\"3;url='/auctions/next'\">",
        '<script>location = "/auctions/next";</script>',
        "<script>setTimeout(function() { window.location.href = '/auctions/next' }, 500)</script>",
        '<script>document.location.assign("https://clocks.example/auctions/next")</script>',
    ],
)
def test_a_page_that_sends_its_visitors_on_names_where(head: str):
    assert [address for address, _ in leads_on(page(head), HERE)] == [THERE]


@pytest.mark.parametrize(
    "head",
    [
        '<script>if (navigator.language == "de") { location = "/de"; }</script>',
        '<script>location = "/a"; location = "/b";</script>',
        '<script>location = "/shop?of=" + name;</script>',
        '<script>var mylocation = "/auctions/next";</script>',
        '<meta http-equiv="refresh" content="300">',
    ],
)
def test_a_script_that_hangs_on_something_and_a_mere_reload_name_nothing(head: str):
    assert list(leads_on(page(head), HERE)) == []


def test_a_page_with_much_to_read_is_no_signpost():
    script = '<script>location = "/auctions/next"</script>'
    assert list(leads_on(page(script, f"<p>{'tick tock ' * 200}</p>"), HERE)) == []


def test_a_feed_names_the_one_that_goes_on_by_its_link_or_its_last_entry():
    current = '<atom:link rel="current" href="/auctions/next"/><atom:link rel="prev-archive" href="/old"/>'
    assert [one for one, _ in leads_on(feed(current), HERE)] == [THERE]
    moved = entry("We have moved", f"From now on: {THERE}.", "https://clocks.example/blog/moved")
    usual = "".join(
        entry(f"Clock {n}", "Runs well.", f"https://clocks.example/{n}", 1) for n in range(4)
    )
    assert [one for one, _ in leads_on(feed(usual + moved), HERE)] == [
        THERE, "https://clocks.example/blog/moved",
    ]  # fmt: skip
    assert list(leads_on(feed(usual), HERE)) == []


def goes_to(where: str) -> Put:
    meta = f'<meta http-equiv="refresh" content="0; url={where}">'
    return lambda world: {
        "/sale": f"<html><head>{meta.replace('{other}', world.other.origin)}</head><body>Moved.</body></html>",
        "/auctions/next": site(listed(HAS))(world)["/sale"],
        "/forum": site(listed(HAS).replace("/lots/", "/forum/thread-of-") * 1)(world)["/sale"]
        .replace("clock", "quarrel"),
        "other:/sale": site(listed(HAS))(world)["/sale"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("where", "outcome", "called"),
    [("/auctions/next", "asked", 0), ("/forum", "given_up", 0), ("{other}/sale", "given_up", 0)],
)
async def test_only_an_address_of_the_same_host_that_has_the_list_is_asked_about(
    where: str, outcome: str, called: int
):
    scenario = Scenario(
        "page-sends-on", "moved", "heal", job("li.lot"), site(listed(HAD)), goes_to(where),
    )  # fmt: skip
    async with a_world() as world:
        result = await play(world, scenario, "recipes")
        assert (result.outcome, len(world.other.asked)) == (outcome, called)


def test_a_link_is_one_to_a_feed_by_its_words_or_its_parameters():
    foot = (
        '<a href="/news?format=rss">By post</a><a href="/subscribe-here">RSS feed</a>'
        '<a href="/news?format=html">News</a><a href="/feeding-clocks">Feeding clocks</a>'
    )
    told = addresses_told(page("", foot), HERE, feeds=True)
    assert [one.removeprefix("https://clocks.example") for one, _ in told] == [
        "/news?format=rss", "/subscribe-here",
    ]  # fmt: skip
