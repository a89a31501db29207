"""Scenarios of a second world, written without a look at what healing can do, and played once.

These are about places: what moved, is gone, or looks different. Calls are in `scenarios_fresh_calls`.
"""

from __future__ import annotations

import json

from tests.healing.notices import (
    BARE,
    FEED,
    IS,
    NAMED,
    POSTS,
    ROWS,
    WAS,
    advertisements,
    alternate,
    comments,
    custom_elements,
    grid,
    json_feed,
    linked_cards,
    notices,
    posts,
    records,
    rows,
    rss,
    site,
    titles,
    utilities,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import Page

MENU = {"/": "Start", "/aktuelles": "Aktuelles", "/kontakt": "Kontakt"}
FAR = notices(14, newest=47)
JOINED = """steps:
  - id: rows
    skill: query_database
    with:
      sql: "select name, seats from boats join owners on owners.id = boats.owner where seats > 4 order by seats"
      database: shop
outputs: {count: "${{ steps.rows.count }}"}
"""
BOATS = """create table owners (id integer primary key, person text);
create table boats (id integer primary key, name text, seats integer, owner integer);
insert into owners (id, person) values (1, 'Ann'), (2, 'Lee');
insert into boats (name, seats, owner) values ('Gull', 6, 1), ('Tern', 12, 2), ('Auk', 2, 1),
 ('Heron', 40, 2), ('Skua', 8, 1);
"""
MANY = NAMED + 'expect: ["${{ size(steps.list.items) >= 25 }}"]\n'
SHORT = POSTS.replace(
    "outputs: {count", 'expect: ["${{ size(steps.read.items) > 3 }}"]\noutputs: {count'
)


def _feed(w: World) -> dict:
    return {"/news/rss": rss(WAS, w.origin), "/": site(posts(WAS[:3]))}


def _posts(w: World) -> dict:
    return {"/office/notices": site(posts(WAS)), "/": site("<h1>The harbour</h1>")}


def _rows(w: World) -> dict:
    return {"/register": site(rows(WAS)), "/": site("<h1>The harbour</h1>")}


def _bare(w: World) -> dict:
    return {"/api/notices": json.dumps(records(WAS, w.origin))}


def _named(w: World) -> dict:
    return {"/api/notices": json.dumps({"notices": records(WAS, w.origin)})}


def _boats(script: str) -> object:
    def put(w: World) -> dict:
        w.tables(script)
        return {}

    return put


def fill(table: Table) -> None:
    _moved(table)
    _not_found(table)
    _behind_doors(table)
    _pages(table)
    _data(table)
    _empty(table)


def _moved(t: Table) -> None:
    read, listed = {"gives": ("read", titles(IS))}, {"gives": ("list", titles(IS))}
    t.add("new-blog-software", "moved", "heal", FEED, _feed, lambda w: {
        "/": site(posts(IS[:5]), head=alternate("/feed/", "Harbour office » Feed")
                  + alternate("/comments/feed/", "Harbour office » Comments Feed")),
        "/feed/": rss(IS, w.origin), "/comments/feed/": rss(FAR[:4], w.origin),
    }, **read)  # fmt: skip
    t.add("feed-is-json-now", "moved", "heal", FEED, _feed, lambda w: {
        "/news/rss": status(410, "<h1>410 Gone</h1>"),
        "/": site(posts(IS[:5]), head=alternate("/feed.json", "News", "application/feed+json")),
        "/feed.json": Page(200, {"content-type": "application/feed+json"},
                           json_feed(IS, w.origin).encode()),
    }, **read)  # fmt: skip
    t.add("shorter-address-in-menu", "moved", "heal", POSTS, _posts, lambda w: {
        "/": site("<h1>The harbour</h1>", menu={"/": "Home", "/notices": "Notices", "/contact": "Contact"}),
        "/notices": site(posts(IS)), "/contact": site("<p>Quay 1</p>"),
    }, **read)  # fmt: skip
    t.add("feed-split-by-topic", "moved", "leave", FEED, _feed, lambda w: {
        "/": site(posts(WAS[:3]), head="".join(
            alternate(f"/topics/{name}.rss", name.title()) for name in ("works", "fees", "events"))),
        "/topics/works.rss": rss(WAS[0::3], w.origin), "/topics/fees.rss": rss(WAS[1::3], w.origin),
        "/topics/events.rss": rss(WAS[2::3], w.origin)})  # fmt: skip
    t.add("successor-in-a-link-header", "moved", "heal", BARE, _bare, lambda w: {
        "/api/notices": status(410, '{"message": "This resource was retired."}',
                               link='</api/2026/notices>; rel="successor-version"'),
        "/api/2026/notices": json.dumps(records(IS, w.origin)),
    }, **listed)  # fmt: skip


def _not_found(t: Table) -> None:
    t.add("german-soft-404", "not_found", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site("<h1>Seite nicht gefunden</h1><p>Die gesuchte Seite gibt es nicht mehr."
                                "</p>", lang="de", menu=MENU),
        "/": site("<h1>Willkommen</h1>", lang="de", menu=MENU), "/kontakt": site("<p>Kai 1</p>"),
        "/aktuelles": site(posts(IS), lang="de", menu=MENU),
    }, gives=("read", titles(IS)))  # fmt: skip
    t.add("farewell", "not_found", "leave", FEED, _feed, lambda w: {
        "/news/rss": status(410, site("<h1>Gone</h1>")),
        "/": site("<h1>Goodbye</h1><p>After nine years the office stops writing here.</p>")})  # fmt: skip
    t.add("record-deleted-sibling-left", "not_found", "leave", NAMED, _named, lambda w: {
        "/api/notices": status(404, '{"message": "Not Found"}'),
        "/api/notices-archive": json.dumps({"notices": records(notices(14, newest=13), w.origin)}),
        "/api/": '{"notices-archive": "/api/notices-archive"}'})  # fmt: skip


def _behind_doors(t: Table) -> None:
    t.add("feed-asks-for-a-password", "auth", "leave", FEED, _feed, lambda w: {
        "/news/rss": status(401, "Unauthorized", www_authenticate='Basic realm="members"'),
        "/": site(posts(IS[:3]))})  # fmt: skip
    t.add("error-inside-a-200", "auth", "leave", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"errors": [{"message": "Not authenticated", "code": "UNAUTHENTICATED"}],
                                    "notices": None})})  # fmt: skip
    t.add("token-without-the-scope", "auth", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(403, '{"error": "insufficient_scope", "message": "Token lacks scope read"}')})  # fmt: skip
    t.add("not-in-your-country", "blocked", "leave", POSTS, _posts, lambda w: {
        "/office/notices": status(451, site("<h1>Unavailable for legal reasons</h1>")),
        "/": status(451, site("<h1>Unavailable for legal reasons</h1>"))})  # fmt: skip
    t.add("javascript-wanted", "blocked", "leave", POSTS, _posts, lambda w: {
        "/office/notices": "<!DOCTYPE html><html><head><title>office</title></head><body><noscript>"
                           "You need to enable JavaScript to run this app.</noscript>"
                           '<div id="root"></div><script src="/app.js"></script></body></html>'})  # fmt: skip
    t.add("three-teasers-and-a-paywall", "blocked", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site(utilities(IS[:3]) + "<section><h2>Subscribe to continue reading</h2>"
                                "<p>You have read your free articles of this month.</p></section>"),
        "/": site("<h1>The harbour</h1>")})  # fmt: skip


def _pages(t: Table) -> None:
    read = {"gives": ("read", titles(IS))}
    t.add("utility-classes", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site(utilities(IS)), "/": site("<h1>The harbour</h1>")}, **read)  # fmt: skip
    t.add("custom-elements", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site(custom_elements(IS))}, **read)  # fmt: skip
    t.add("table-became-grid", "shape_changed", "heal", ROWS, _rows, lambda w: {
        "/register": site(grid(IS))}, gives=("read", titles(IS)))  # fmt: skip
    t.add("whole-card-is-a-link", "shape_changed", "heal", ROWS, _rows, lambda w: {
        "/register": site(linked_cards(IS))}, **read)  # fmt: skip
    t.add("one-column-class-renamed", "shape_changed", "heal", ROWS, _rows, lambda w: {
        "/register": site(rows(IS).replace('class="fee"', 'class="charge"'))},
        fails=False, good_runs=4, gives=("read", lambda w: [n.fee for n in IS]))  # fmt: skip
    t.add("advertisements-in-its-place", "shape_changed", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site(advertisements(14))})  # fmt: skip
    t.add("one-article-with-comments", "shape_changed", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site(f"<article><h1>{IS[0].title}</h1><p>{IS[0].text}</p></article>"
                                + comments(14))})  # fmt: skip
    t.add("only-links-to-years", "shape_changed", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site("<ul class='years'>" + "".join(
            f'<li><a href="/office/notices/{year}">Notices of the year {year}</a></li>'
            for year in range(2012, 2026)) + "</ul>")})  # fmt: skip


def _data(t: Table) -> None:
    listed = {"gives": ("list", titles(IS))}
    told = {"gives": ("rows", lambda w: ["Gull", "Skua", "Tern", "Heron"])}
    t.add("list-wrapped-in-data", "shape_changed", "heal", BARE, _bare, lambda w: {
        "/api/notices": json.dumps({"data": records(IS, w.origin), "meta": {"total": 14}})},
        **listed)  # fmt: skip
    t.add("camel-case-now", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": records(IS, w.origin, html_url="htmlUrl",
                                                       published_at="publishedAt")})},
        **listed)  # fmt: skip
    t.add("edges-and-nodes", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": {"edges": [
            {"node": one, "cursor": str(one["id"])} for one in records(IS, w.origin)]}})},
        **listed)  # fmt: skip
    t.add("list-became-a-map", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": {str(one["id"]): one for one in records(IS, w.origin)}})},
        **listed)  # fmt: skip
    t.add("only-ids-are-left", "shape_changed", "leave", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": [
            {"id": n.n, "html_url": f"{w.origin}{n.path}"} for n in IS]})})  # fmt: skip
    t.add("column-is-ambiguous-now", "shape_changed", "heal", JOINED, _boats(BOATS),
          _boats(BOATS.replace("person", "name")), **told)  # fmt: skip
    t.add("table-in-the-singular", "shape_changed", "heal", JOINED, _boats(BOATS),
          _boats(BOATS.replace("boats", "boat")), **told)  # fmt: skip
    t.add("column-went-with-its-data", "shape_changed", "leave", JOINED, _boats(BOATS),
          _boats(BOATS.replace("seats integer", "length real").replace("(name, seats,", "(name, length,")
                 ))  # fmt: skip


def _empty(t: Table) -> None:
    def paged(w: World) -> dict:
        whole = records(notices(30, newest=33), w.origin)
        return {
            "/api/notices": json.dumps({"notices": whole[:10], "total": 30, "per_page": 10,
                                        "next": f"{w.origin}/api/notices?per_page=10&page=2"}),
            "/api/notices?per_page=30": json.dumps({"notices": whole, "total": 30, "per_page": 30}),
            "/api/notices?per_page=100": json.dumps({"notices": whole, "total": 30, "per_page": 100}),
        }  # fmt: skip

    t.add("api-has-pages-now", "empty_result", "heal", MANY, lambda w: {
        "/api/notices": json.dumps({"notices": records(notices(30), w.origin)})},
        paged, gives=("list", titles(notices(30, newest=33))))  # fmt: skip
    t.add("old-feed-is-left-empty", "empty_result", "heal", FEED, _feed, lambda w: {
        "/news/rss": rss([], w.origin), "/feed": rss(IS, w.origin),
        "/": site(posts(IS[:5]), head=alternate("/feed", "All news")),
    }, fails=False, good_runs=6, gives=("read", titles(IS)))  # fmt: skip
    t.add("nothing-is-planned", "empty_result", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site('<h1>Notices</h1><p class="none">There are no notices at present.</p>'),
        "/": site("<h1>The harbour</h1>")})  # fmt: skip
    t.add("table-is-empty-today", "empty_result", "leave",
          JOINED + 'expect: ["${{ steps.rows.count > 0 }}"]\n', _boats(BOATS),
          _boats(BOATS.partition("insert into boats")[0]))  # fmt: skip
    t.add("quiet-over-the-holidays", "empty_result", "leave", FEED, _feed, lambda w: {
        "/news/rss": rss([], w.origin), "/": site(posts(WAS[:3]), head=alternate("/news/rss", "News"))},
        days=(-20, -19, -14, -13, -12, -7, -6, -5), quiet=(1, 3, 6), fails=False)  # fmt: skip
    t.add("two-of-fourteen-left", "empty_result", "leave", SHORT, _posts, lambda w: {
        "/office/notices": site(posts(IS[:2])), "/": site("<h1>The harbour</h1>")})  # fmt: skip
