"""A fourth batch in a world of its own, a town library: pages and feeds. Played once, then kept.

Written from how sites, feeds, interfaces, databases and models break, without a look at healing.
`MENDS` has for each scenario to mend what a careful person would write instead, so that it is known
that it can be mended.
"""

from __future__ import annotations

from dataclasses import replace

from tests.healing.library import (
    CLASSICS,
    CLOUD,
    FEED,
    HAD,
    HAS,
    PARKED,
    SHELF,
    accordion,
    components,
    feed_link,
    late_covers,
    lendings,
    praised,
    remarks,
    rss,
    shelf,
    titles,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, as_route, status
from tests.loopback import redirect

MARKS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/new-books"
      selector: li.book
      fields: {title: "h3 a", url: "h3 a@href", author: p.author, mark: p.mark}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.mark for r in steps.read.records] }}"}
"""
COVERS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/new-books"
      selector: li.book
      fields: {title: "h3 a", cover: img@src}
    retry: {attempts: 1}
outputs: {said: "${{ [r.cover for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if r.cover]) == size(steps.read.records) }}"]
"""
FEES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/lendings"
      selector: tr.lending
      fields: {title: "td.what a", fee: td.fee}
    retry: {attempts: 1}
outputs: {said: "${{ [r.fee for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if r.fee]) == size(steps.read.records) }}"]
"""
OLD_PAGE = SHELF.replace("/new-books", "/new-books.php")
HURRIED = FEED.replace("    retry:", "    timeout: 2s\n    retry:")
IMPATIENT = FEED.replace("    retry:", "    timeout: 1s\n    retry:")
MENDS = {
    "php-page-became-a-folder": ("/new-books.php", "/new-books/"),
    "two-feeds-under-new-names": ("/arrivals.xml", "/index.xml"),
    "podcast-names-its-new-feed": ("/arrivals.xml", "/feeds/arrivals.xml"),
    "meta-refresh-to-a-new-page": ("/new-books", "/catalogue/new"),
    "component-classes": (
        'selector: li.book\n      fields: {title: "h3 a", url: "h3 a@href", author: p.author, mark: p.mark}',
        "selector: article.c-medium\n      fields: {title: a.c-medium__link, url: a.c-medium__link@href,"
        " author: span.c-medium__by, mark: span.c-medium__sig}",
    ),
    "list-became-an-accordion": ("li.book", "details.fold"),
    "covers-load-late": ("img@src", "img@data-src"),
    "feed-server-is-slower-now": ("timeout: 2s", "timeout: 8s"),
    "feed-for-readers-only": ("/arrivals.xml", "/feeds/readers.xml"),
}  # fmt: skip


def fill(table: Table) -> None:
    _gone(table)
    _moved(table)
    _shapes(table)
    _closed(table)
    _slow(table)


def _feed(w: World) -> dict:
    return {"/arrivals.xml": rss(HAD, w.origin), "/": whole(praised(CLASSICS))}


def _shelf(w: World) -> dict:
    return {"/new-books": whole(shelf(HAD)), "/": whole(praised(CLASSICS))}


def _gone(t: Table) -> None:
    t.add("only-the-remarks-feed-is-left", "not_found", "leave", FEED, _feed,
          lambda w: {"/arrivals.xml": status(410, whole("<p>This feed has been closed.</p>")),
                     "/": whole(praised(CLASSICS),
                                head=feed_link("/comments/feed", "Comments for Millbrook Library")),
                     "/comments/feed": remarks(HAD, w.origin)})  # fmt: skip
    menu = {"/": "Home", "/new-books/": "New books", "/visit": "Visit us"}
    t.add("php-page-became-a-folder", "not_found", "heal", OLD_PAGE,
          lambda w: {"/new-books.php": whole(shelf(HAD))},
          lambda w: {"/new-books.php": status(404, whole("<p>There is no such page.</p>", menu=menu)),
                     "/": whole(praised(CLASSICS), menu=menu),
                     "/new-books/": whole(shelf(HAS), menu=menu)},
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("two-feeds-under-new-names", "not_found", "heal", FEED, _feed,
          lambda w: {"/arrivals.xml": status(404, "404 page not found"),
                     "/": whole(praised(CLASSICS), head=feed_link("/events/index.xml", "Events")
                                + feed_link("/index.xml", "New at Millbrook")),
                     "/events/index.xml": rss(CLASSICS, w.origin, title="Events"),
                     "/index.xml": rss(HAS, w.origin)},
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("nothing-is-bought-before-easter", "empty_result", "leave", SHELF, _shelf,
          lambda w: {"/new-books": whole(
              '<ul class="books"></ul><p>No new books this month. We buy again after Easter.</p>'
              '<h2>Who is here</h2><ul class="staff">' + "".join(
                  f'<li><a href="/staff/{n}">{name}</a><p>Room {n}, Monday to Friday</p></li>'
                  for n, name in enumerate(("Ada Wick", "Ben Orr", "Cy Holm", "Di Marr", "Ed Nye"), 1)
              ) + "</ul>"), "/": whole(praised(CLASSICS))})  # fmt: skip


def _moved(t: Table) -> None:
    t.add("podcast-names-its-new-feed", "moved", "heal", FEED, _feed,
          lambda w: {"/arrivals.xml": rss((), w.origin, more="<itunes:new-feed-url>"
                                          f"{w.origin}/feeds/arrivals.xml</itunes:new-feed-url>"),
                     "/feeds/arrivals.xml": rss(HAS, w.origin), "/": whole(praised(CLASSICS))},
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("meta-refresh-to-a-new-page", "moved", "heal", SHELF, _shelf,
          lambda w: {"/new-books": whole(
              '<p>This page has moved <a href="/catalogue/new">here</a>. You will be taken there.</p>',
              head='<meta http-equiv="refresh" content="0; url=/catalogue/new">'),
              "/catalogue/new": whole(shelf(HAS)), "/": whole(praised(CLASSICS))},
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("domain-is-for-sale", "moved", "leave", SHELF, _shelf,
          lambda w: {"/new-books": redirect(f"{w.other.origin}/lander", 301), "other:/lander": PARKED,
                     "/": redirect(f"{w.other.origin}/lander", 301)})  # fmt: skip
    t.add("sent-to-the-front-page", "moved", "leave", SHELF, _shelf,
          lambda w: {"/new-books": redirect("/", 302), "/": whole(praised(CLASSICS))})  # fmt: skip


def _shapes(t: Table) -> None:
    t.add("component-classes", "shape_changed", "heal", MARKS, _shelf,
          lambda w: {"/new-books": whole(components(HAS)), "/": whole(praised(CLASSICS))},
          gives=("outputs", lambda w: [f"{b.title} / {b.mark}" for b in HAS]))  # fmt: skip
    t.add("list-became-an-accordion", "shape_changed", "heal", SHELF, _shelf,
          lambda w: {"/new-books": whole(praised(CLASSICS) + accordion(HAS))},
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("covers-load-late", "shape_changed", "heal", COVERS, _shelf,
          lambda w: {"/new-books": whole(late_covers(HAS))},
          gives=("outputs", lambda w: [b.cover for b in HAS]))  # fmt: skip
    t.add("fee-is-no-longer-told", "shape_changed", "leave", FEES,
          lambda w: {"/lendings": whole(lendings(HAD))},
          lambda w: {"/lendings": whole(lendings(HAS, fee=False) + "<p>Ask at the desk for fees.</p>")},
          )  # fmt: skip


def _closed(t: Table) -> None:
    t.add("security-service-says-no", "blocked", "leave", FEED, _feed,
          lambda w: dict.fromkeys(("/arrivals.xml", "/"), status(
              403, CLOUD, server="cloudflare", cf_ray="8d1f2ab93c0e")))  # fmt: skip
    t.add("closed-by-law-with-a-mirror", "blocked", "leave", SHELF, _shelf,
          lambda w: {"/new-books": status(451, whole(
              "<p>This list is not available in your country for legal reasons.</p>"
              f'<p>Mirror: <a href="{w.other.origin}/new-books">new books</a></p>')),
              "other:/new-books": whole(shelf(HAS))})  # fmt: skip
    readers = feed_link("/feeds/readers.xml", "New at Millbrook")
    t.add("feed-for-readers-only", "blocked", "heal", FEED, _feed,
          lambda w: {"/arrivals.xml": status(403, whole(
              "<p>This address is closed, because it was asked every second. Programs that read feeds "
              'are welcome at <a href="/feeds/readers.xml">the feed for readers</a>.</p>', head=readers)),
              "/feeds/readers.xml": rss(HAS, w.origin), "/": whole(praised(CLASSICS), head=readers)},
          gives=("read", titles(HAS)))  # fmt: skip


def _slow(t: Table) -> None:
    t.add("feed-server-is-slower-now", "timeout", "heal", HURRIED, _feed,
          lambda w: {"/arrivals.xml": replace(as_route(rss(HAS, w.origin)), delay=3.0)},  # type: ignore[type-var]
          gives=("read", titles(HAS)))  # fmt: skip
    t.add("feed-server-never-answers", "timeout", "leave", IMPATIENT, _feed,
          lambda w: {"/arrivals.xml": replace(as_route(rss(HAS, w.origin)), delay=600.0)},  # type: ignore[type-var]
          )  # fmt: skip
    t.add("feed-ends-in-the-middle", "transient", "leave", FEED, _feed,
          lambda w: {"/arrivals.xml": replace(as_route(rss(HAS, w.origin)), cut_after=400),  # type: ignore[type-var]
                     "/": whole(praised(CLASSICS))})  # fmt: skip
