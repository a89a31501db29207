"""What moved, is gone, or stands behind a door."""

from __future__ import annotations

from datetime import timedelta

from tests.healing.pages import (
    CHALLENGE,
    CONSENT,
    LOGIN,
    SOFT_404,
    api,
    atom,
    cards,
    feed_link,
    page,
    plain_list,
    rss,
    stories,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import Page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/blog/feed.xml", limit: 40}
    retry: {attempts: 1}
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", limit: 5}
outputs: {count: "${{ size(steps.best.items) }}"}
"""
SCRAPE = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/news/latest", selector: li.story}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/v1/stories"}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': s.title, 'url': s.link} for s in steps.api.response.data.stories] }}", limit: 50}
outputs: {count: "${{ size(steps.list.items) }}"}
"""
OLD, NEW = stories(12), stories(12, newest=33)


def titles(told: list) -> object:
    return lambda world: [one.title for one in told]


def _blog(w: World) -> dict:
    return {"/blog/feed.xml": rss(OLD, w.origin), "/": page(cards(OLD))}


def _news(w: World) -> dict:
    return {"/news/latest": page(plain_list(OLD)), "/": page("<h1>Welcome</h1>")}


def _api(w: World) -> dict:
    return {"/v1/stories": api(OLD, w.origin)}


def fill(table: Table) -> None:
    _moved(table)
    _not_found(table)
    _auth(table)
    _blocked(table)


def _moved(t: Table) -> None:
    gives = {"gives": ("read", titles(NEW))}
    t.add("feed-home-declares-it", "moved", "heal", FEED, _blog, lambda w: {
        "/": page(cards(NEW), head=feed_link("/stories/all.rss")),
        "/stories/all.rss": rss(NEW, w.origin),
        "/blog/feed.xml": redirect("/", 301),
        # Two feeds are declared, so the skill itself cannot choose.
        "/replies.rss": rss(stories(5, newest=60), w.origin)} | {"/": page(
            cards(NEW), head=feed_link("/replies.rss", "All replies") + feed_link("/stories/all.rss"))},
        **gives)  # fmt: skip
    t.add("feed-gone-silently", "moved", "heal", FEED, _blog, lambda w: {
        "/": page(cards(NEW), head=feed_link("/rss/stories")), "/rss/stories": rss(NEW, w.origin),
    }, **gives)  # fmt: skip
    t.add("feed-usual-place", "moved", "heal", FEED, _blog, lambda w: {
        "/": page(cards(NEW)), "/feed.xml": rss(NEW, w.origin),
    }, **gives)  # fmt: skip
    t.add("feed-became-atom", "moved", "heal", FEED, _blog, lambda w: {
        "/": page(cards(NEW)), "/blog/atom.xml": atom(NEW, w.origin),
        "/blog/": page(cards(NEW[:4]), head=feed_link("atom.xml", kind="application/atom+xml")),
    }, **gives)  # fmt: skip
    t.add("list-page-moved", "moved", "heal", SCRAPE, _news, lambda w: {
        "/": page('<h1>Welcome</h1><p><a href="/stories/latest">Latest stories</a></p>'),
        "/stories/latest": page(plain_list(NEW)),
    }, **gives)  # fmt: skip
    t.add("list-page-behind-section", "moved", "heal", SCRAPE, _news, lambda w: {
        "/": page('<p><a href="/archive">Archive</a> <a href="/town/news">All the news</a></p>'),
        "/archive": page(plain_list(stories(12, newest=12))), "/town/news": page(plain_list(NEW)),
    }, **gives)  # fmt: skip
    t.add("api-names-its-successor", "moved", "heal", API, _api, lambda w: {
        "/v1/stories": status(410, '{"error": "gone", "moved_to": "/v2/stories"}'),
        "/v2/stories": api(NEW, w.origin),
    }, gives=("list", lambda w: [s.title for s in NEW]))  # fmt: skip
    t.add("api-next-version", "moved", "heal", API, _api, lambda w: {
        "/v2/stories": api(NEW, w.origin),
    }, gives=("list", lambda w: [s.title for s in NEW]))  # fmt: skip
    t.add("feed-redirected-301", "moved", "leave", FEED, _blog, lambda w: {
        "/blog/feed.xml": redirect("/new/feed.xml", 301), "/new/feed.xml": rss(NEW, w.origin),
    }, fails=False)  # fmt: skip
    t.add("feed-on-another-host", "moved", "leave", FEED, _blog, lambda w: {
        "/": page(cards(NEW), head=feed_link(f"{w.other.origin}/feed.xml")),
        "other:/feed.xml": rss(NEW, w.origin),
    })  # fmt: skip
    t.add("only-a-podcast-is-left", "moved", "leave", FEED, _blog, lambda w: {
        "/": page("<h1>We stopped writing</h1>", head=feed_link("/podcast.xml", "Our podcast")),
        "/podcast.xml": rss(stories(12, newest=12), "https://cast.example/episode"),
    })  # fmt: skip
    t.add("page-redirects-to-other-host", "moved", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": redirect(f"{w.other.origin}/bought", 301),
        "other:/bought": page("<h1>This domain was bought</h1><p>Offers welcome.</p>"),
    })  # fmt: skip


def _not_found(t: Table) -> None:
    t.add("feed-gone-for-good", "not_found", "leave", FEED, _blog, lambda w: {
        "/": page("<h1>Farewell</h1><p>This blog has ended.</p>"),
    })  # fmt: skip
    t.add("page-gone-for-good", "not_found", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": status(410, "<h1>Gone</h1>"),
        "/": page('<h1>Shop</h1><a href="/offers">Offers</a>'), "/offers": page("<p>None.</p>"),
    })  # fmt: skip
    t.add("soft-404-and-moved", "not_found", "heal", SCRAPE, _news, lambda w: {
        "/news/latest": page(SOFT_404), "/": page('<a href="/news-desk">News desk, latest</a>'),
        "/news-desk": page(plain_list(NEW)),
    } | {"/news/latest": SOFT_404}, gives=("read", titles(NEW)))  # fmt: skip
    t.add("soft-404-and-gone", "not_found", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": SOFT_404, "/": page("<h1>Welcome</h1>"),
    })  # fmt: skip
    t.add("old-list-in-archive", "not_found", "leave", SCRAPE, _news, lambda w: {
        # The archive holds other, older stories: that is not the news.
        "/": page('<a href="/news/archive-2019">Old news</a>'),
        "/news/archive-2019": page(plain_list(stories(3, newest=5))),
    })  # fmt: skip
    t.add("feed-soft-404-declares", "not_found", "heal", FEED, _blog, lambda w: {
        "/blog/feed.xml": SOFT_404, "/": page(cards(NEW), head=feed_link("/feeds/stories.xml")),
        "/feeds/stories.xml": rss(NEW, w.origin),
    }, gives=("read", titles(NEW)))  # fmt: skip


def _auth(t: Table) -> None:
    t.add("api-401", "auth", "leave", API, _api, lambda w: {
        "/v1/stories": status(401, '{"error": "token expired"}'),
    })  # fmt: skip
    t.add("login-wall-on-feed", "auth", "leave", FEED, _blog, lambda w: {
        "/blog/feed.xml": page(LOGIN), "/": page(LOGIN),
    })  # fmt: skip
    t.add("login-wall-on-page", "auth", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": page(LOGIN), "/": page(LOGIN),
    })  # fmt: skip
    t.add("page-sends-to-login", "auth", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": redirect("/login?next=/news/latest"), "/login": page(LOGIN),
    })  # fmt: skip


def _robots_say_no(w: World) -> dict:
    w.clock.offset += timedelta(days=2)  # what robots.txt said is remembered for a day
    rules = Page(200, {"content-type": "text/plain"}, b"User-agent: *\nDisallow: /\n")
    return {"/robots.txt": rules, "/news/latest": page(plain_list(NEW))}


def _blocked(t: Table) -> None:
    t.add("page-403", "blocked", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": status(403, "<h1>Forbidden</h1>"),
    })  # fmt: skip
    t.add("consent-in-front", "blocked", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": page(CONSENT), "/": page(CONSENT),
    })  # fmt: skip
    t.add("captcha-in-front", "blocked", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": page(CHALLENGE), "/": page(CHALLENGE),
    })  # fmt: skip
    t.add("robots-say-no", "blocked", "leave", SCRAPE, _news, _robots_say_no)
