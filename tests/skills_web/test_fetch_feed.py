"""fetch_feed against a real server: every format, many at once, unchanged feeds, wrong ones."""

from __future__ import annotations

import resource

import pytest

from assistant.errors import CannotDo, StepTimeout, TryAgain
from assistant.skills.calling import call
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from tests.loopback import Page, page

FETCH_FEED = load_code(BUNDLED / "fetch_feed")

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Small news</title>
<item><title>Second &amp; newer</title><link>/b</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>
<description>&lt;p&gt;Two &lt;b&gt;bold&lt;/b&gt; words&lt;/p&gt;</description><category>a</category></item>
<item><title>First</title><link>http://example.org/a</link>
<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Atoms</title><entry><title>One</title>
<link href="http://example.org/one"/><updated>2026-03-01T10:00:00Z</updated>
<author><name>Ada</name></author><summary>Short.</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel><title>Old</title></channel><item><title>R</title>
<link>http://example.org/r</link></item></rdf:RDF>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1",
"url": "http://example.org/j", "title": "Jay", "content_html": "<p>Hello</p>",
"date_published": "2026-03-01T08:00:00+01:00", "authors": [{"name": "Jo"}], "tags": ["x"]}]}"""


async def test_an_rss_feed_becomes_items_newest_first(site, context):
    site.routes["/feed.xml"] = page(RSS, "application/rss+xml")
    assert await call(FETCH_FEED, {"url": site.url("/feed.xml")}, context) == {
        "items": [
            {
                "title": "Second & newer",
                "url": site.url("/b"),
                "source": "Small news",
                "published": "2026-03-02T09:00:00.000Z",
                "author": "",
                "summary": "Two bold words",
                "text": "",
                "image": "",
                "score": None,
                "tags": ["a"],
            },
            {
                "title": "First",
                "url": "http://example.org/a",
                "source": "Small news",
                "published": "2026-03-01T09:00:00.000Z",
                "author": "",
                "summary": "",
                "text": "",
                "image": "",
                "score": None,
                "tags": [],
            },
        ],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("body", "kind", "title", "source", "author"),
    [
        (ATOM, "application/atom+xml", "One", "Atoms", "Ada"),
        (RDF, "application/rdf+xml", "R", "Old", ""),
        (JSON_FEED, "application/feed+json", "Jay", "J", "Jo"),
    ],
)
async def test_each_format_is_read(site, context, body, kind, title, source, author):
    site.routes["/f"] = page(body, kind)
    [item] = (await call(FETCH_FEED, {"url": site.url("/f")}, context))["items"]
    assert (item["title"], item["source"], item["author"]) == (title, source, author)


async def test_one_bad_feed_of_several_is_a_warning(site, context):
    site.routes["/good"] = page(ATOM, "application/atom+xml")
    urls = [site.url("/good"), site.url("/gone")]
    given = await call(FETCH_FEED, {"urls": urls}, context)
    assert [item["title"] for item in given["items"]] == ["One"]
    assert given["warnings"] == [f"{urls[1]}: {urls[1]} answered 404 Told."]
    assert context.warn == given["warnings"]


async def test_when_all_feeds_fail_the_step_fails(site, context):
    urls = [site.url(f"/gone/{n}") for n in range(20)]
    with pytest.raises(CannotDo, match="None of 20 feeds could be read"):
        await call(FETCH_FEED, {"urls": urls}, context)


async def test_when_some_of_the_failures_may_pass_it_is_tried_again(site, context):
    site.routes["/busy"] = Page(503, {"retry-after": "7"})
    with pytest.raises(TryAgain) as told:
        await call(FETCH_FEED, {"urls": [site.url("/busy"), site.url("/gone")]}, context)
    assert told.value.retry_after == 7


async def test_an_unchanged_feed_is_not_sent_again(site, context):
    def feed(asked):
        if asked.headers.get("if-none-match") == '"v1"':
            return Page(304, {"etag": '"v1"'})
        return page(ATOM, "application/atom+xml", etag='"v1"')

    site.routes["/f"] = feed
    first = await call(FETCH_FEED, {"url": site.url("/f")}, context)
    second = await call(FETCH_FEED, {"url": site.url("/f")}, context)
    assert first == second
    assert [asked.headers.get("if-none-match") for asked in site.asked] == [None, '"v1"']


async def test_a_fresh_feed_is_not_asked_for(site, context, clock):
    site.routes["/f"] = page(ATOM, "application/atom+xml", cache_control="max-age=600")
    for _ in range(2):
        await call(FETCH_FEED, {"url": site.url("/f")}, context)
    assert len(site.asked) == 1
    clock.advance(minutes=11)
    await call(FETCH_FEED, {"url": site.url("/f")}, context)
    assert len(site.asked) == 2


async def test_since_keeps_newer_items_and_dates_the_undated_by_first_sight(site, context, clock):
    site.routes["/dated"] = page(RSS, "application/rss+xml")
    site.routes["/undated"] = page(RDF, "application/rdf+xml")
    urls = [site.url("/dated"), site.url("/undated")]
    given = await call(FETCH_FEED, {"urls": urls, "since": "24h"}, context)
    assert [item["title"] for item in given["items"]] == ["R", "Second & newer"]
    clock.advance(days=2)
    given = await call(FETCH_FEED, {"urls": urls, "since": "24h"}, context)
    assert given["items"] == []


async def test_a_page_that_declares_one_feed_is_replaced_by_it(site, context):
    site.routes["/"] = page(
        '<html><head><link rel="alternate" type="application/atom+xml" href="/atom"></head></html>'
    )
    site.routes["/atom"] = page(ATOM, "application/atom+xml")
    given = await call(FETCH_FEED, {"url": site.url("/")}, context)
    assert [item["title"] for item in given["items"]] == ["One"]
    assert given["warnings"] == [
        f"{site.url('/')} is a web page; its feed {site.url('/atom')} was read."
    ]


async def test_a_page_with_several_feeds_is_an_error_that_offers_them(site, context):
    site.routes["/"] = page(
        '<html><link rel="alternate" type="application/rss+xml" href="/news.rss">'
        '<link rel="alternate" type="application/rss+xml" href="/sport.rss">'
        '<body><a href="http://elsewhere.example/feed">more</a></body></html>'
    )
    with pytest.raises(CannotDo, match="is a web page, not a feed") as told:
        await call(FETCH_FEED, {"url": site.url("/")}, context)
    assert told.value.hint == (
        f"Use one of the feeds found in it: {site.url('/news.rss')}, {site.url('/sport.rss')}, "
        "http://elsewhere.example/feed"
    )


async def test_a_large_feed_is_read_in_a_process_of_its_own_to_the_same_items(site, context):
    entry = "<item><title>Story {0}</title><link>/{0}</link><description>{1}</description></item>"
    told = "words " * 100
    small = "".join(entry.format(n, told) for n in range(50))
    large = "".join(entry.format(n, told) for n in range(600))
    for path, items in (("/small", small), ("/large", large)):
        feed = f"<rss version='2.0'><channel><title>Big</title>{items}</channel></rss>"
        site.routes[path] = page(feed, "application/rss+xml")
    one = await call(FETCH_FEED, {"url": site.url("/small")}, context)
    two = await call(FETCH_FEED, {"url": site.url("/large"), "limit": 1000}, context)
    assert (len(large) > 250_000, len(two["items"])) == (True, 600)
    assert two["items"][:50] == one["items"]


async def test_a_large_page_is_no_feed_wherever_it_is_read(site, context):
    site.routes["/page"] = page("<html><body>" + "<p>No feed here.</p>" * 20_000)
    with pytest.raises(CannotDo, match=r"/page is a web page, not a feed\.$"):
        await call(FETCH_FEED, {"url": site.url("/page")}, context)


async def test_a_hostile_feed_of_ten_megabytes_is_really_given_up(site, context):
    start = '<rss version="2.0"><channel><title>x</title><item>'
    site.routes["/f"] = page(start + "<a>" * 3_300_000, "application/rss+xml")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(StepTimeout, match=r"took longer than 3 s"):
        await call(FETCH_FEED, {"url": site.url("/f")}, context, timeout=3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The use of a process is counted here only once it has ended.
    assert 0.1 < after.ru_utime - before.ru_utime < 5
