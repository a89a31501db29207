"""A batch in a world of its own, first part: pages, feeds and databases.

Written by somebody who had read neither the recipes nor the proof, and of the other batches one file.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from tests.healing.railway import (
    BETS,
    HAD,
    HAS,
    OLD,
    PRESS,
    articles,
    bare_table,
    cards,
    entry_rows,
    in_tabs,
    listed,
    modules,
    news,
    orders,
    rss,
    table,
    titles,
    whole,
    works,
)
from tests.healing.scenarios import Put, Table
from tests.healing.world import World, as_route, status
from tests.loopback import Page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/works/feed", limit: 50}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
LIST = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/planned-works", selector: li.work}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
MODULES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/planned-works"
      selector: div.WorksCard_root__x1Y2z
      fields: {title: .WorksCard_title__3kLmA, url: a@href, line: .WorksCard_line__9Qa_t}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
TABLE = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/planned-works"
      selector: "table#works tr.work"
      fields: {title: td.what, url: "td.what a@href", line: td.line, from: td.from}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
PLACES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/planned-works"
      selector: "table.works tbody tr"
      fields: {title: "td:nth-child(1)", url: "td:nth-child(1) a@href", longer: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
SQL = """steps:
  - id: rows
    skill: query_database
    with: {sql: "SQL", database: shop}
outputs: {count: "${{ steps.rows.count }}"}
expect: ["${{ steps.rows.count > 0 }}"]
"""
STATES = SQL.replace("SQL", "select title, line, state from works order by id")
LINES = SQL.replace("SQL", "select title, line from works order by id")
PLANNED = SQL.replace("SQL", "select title, line from works where state = 'planned' order by id")
QUOTED = SQL.replace('"SQL"', "'select title, line from works where kind = \"track\" order by id'")
GIVES = ("read", titles(HAS))


def fill(t: Table) -> None:
    _gone(t)
    _elsewhere(t)
    _redesigned(t)
    _emptied(t)
    _refused(t)
    _tables(t)


def _page(body: str) -> Put:
    return lambda w: {"/planned-works": whole(body), "/": whole("<p>Welcome aboard.</p>")}


def _feed(w: World) -> dict:
    return {"/works/feed": rss(HAD, w.origin), "/": whole("<p>Welcome aboard.</p>")}


def _without(
    code: int, text: str, home: Callable[[World], str], **more: Callable[[World], str]
) -> Put:
    """The feed answers so; `/` is `home`, and there are further pages (`_` stands for `/`)."""

    def put(w: World) -> dict[str, Page | str]:
        there = {f"/{path.replace('_', '/')}.xml": made(w) for path, made in more.items()}
        return {"/works/feed": status(code, whole(text)), "/": home(w), **there}

    return put


def _link(href: str, title: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def _press(w: World) -> str:
    return news(PRESS, w.origin, title="Press releases")


def _gone(t: Table) -> None:
    feet = '<a href="/press.xml">Press releases (RSS)</a> <a href="/rss.xml">Works and closures (RSS)</a>'
    t.add("footer-links-the-feed", "not_found", "heal", FEED, _feed, _without(
        404, "<h1>404</h1><p>This train does not run here any more.</p>",
        lambda w: whole("<p>Welcome aboard our new site.</p>", foot=feet),
        rss=lambda w: rss(HAS, w.origin), press=_press), gives=GIVES)  # fmt: skip
    t.add("service-ended-410", "not_found", "leave", FEED, _feed, _without(
        410, "<h1>Service ended</h1><p>On 31 March the works service ended. The county tells of works "
        "at stations now. Thank you for ten years.</p>",
        lambda w: whole("<p>Our works of 2025 can be read again.</p>",
                        head=_link("/archive.xml", "Works of 2025 (archive)")),
        archive=lambda w: rss(OLD, w.origin, title="Works of 2025 (archive)")))  # fmt: skip


def _elsewhere(t: Table) -> None:
    hops = ("/works/feed", "/works/feed/", "/en/works/feed", "/en/works/feed/", "/en/feeds/works",
            "/en/feeds/works/", "/en/feeds/works.xml")  # fmt: skip
    t.add("permanent-chain-too-long", "moved", "heal", FEED, _feed,
          lambda w: {**{old: redirect(w.origin + new, 308 if number == 2 else 301)
                        for number, (old, new) in enumerate(pairwise(hops))},
                     hops[-1]: rss(HAS, w.origin), "/": whole("<p>Welcome aboard.</p>")},
          gives=GIVES)  # fmt: skip
    menu = {"/": "Start", "/travel/planned-works": "Planned works", "/travel/fares": "Fares",
            "/travel/lost": "Lost property", "/about": "About us"}  # fmt: skip
    t.add("old-address-leads-home", "moved", "heal", LIST, _page(listed(HAD)),
          lambda w: {"/planned-works": redirect(w.origin + "/"),
                     "/": whole("<h1>Welcome aboard</h1><p>Buy tickets here.</p>", menu=menu),
                     "/travel/fares": whole("<p>Single 3.20</p>", menu=menu),
                     "/travel/planned-works": whole(listed(HAS), menu=menu)},
          gives=GIVES)  # fmt: skip
    t.add("feed-belongs-to-somebody-else", "moved", "leave", FEED, _feed,
          lambda w: {"/works/feed": news(BETS, w.origin, title="Lucky Valley", folder="bonus",
                                         about="Play now"),
                     "/": whole("<h1>Lucky Valley</h1><p>Play now.</p>", title="Lucky Valley")},
          fails=False)  # fmt: skip

    def with_the_county(w: World) -> dict:
        declared = _link(w.other.url("/rail/works.xml"), "Works, now at the county")
        told = "<p>The county runs our pages about works from now on.</p>"
        return {"/works/feed": status(404, whole("<h1>Not found</h1>")),
                "/": whole(told, head=declared),
                "other:/rail/works.xml": rss(HAS, w.other.origin, title="Rail works")}  # fmt: skip

    t.add("feed-is-with-the-county-now", "moved", "leave", FEED, _feed, with_the_county)


def _redesigned(t: Table) -> None:
    t.add("css-modules-built-anew", "shape_changed", "heal", MODULES,
          _page(modules(HAD, root="x1Y2z", title="3kLmA", line="9Qa_t")),
          _page(modules(HAS, root="Qp9Lk", title="u7_Zw", line="b0RtY")), gives=GIVES)  # fmt: skip
    t.add("table-turned-into-cards", "shape_changed", "heal", TABLE, _page(table(HAD)),
          _page(cards(HAS)), gives=GIVES)  # fmt: skip
    t.add("articles-became-list-entries", "shape_changed", "heal",
          LIST.replace("li.work", "article.work"), _page(articles(HAD)), _page(entry_rows(HAS)),
          gives=GIVES)  # fmt: skip
    t.add("list-went-into-tabs", "shape_changed", "heal",
          LIST.replace("li.work", "'main > ul.works > li'"), _page(listed(HAD)),
          _page(in_tabs(HAS, OLD)), gives=GIVES)  # fmt: skip
    t.add("column-put-in-front", "shape_changed", "heal", PLACES, _page(bare_table(HAD)),
          _page(bare_table(HAS, line_first=True)), gives=GIVES, fails=False)  # fmt: skip


def _emptied(t: Table) -> None:
    fewer = "<p>Ten works were finished on 1 March. These four go on:</p>"
    t.add("four-works-go-on", "empty_result", "leave", LIST, _page(listed(HAD)),
          _page(listed(works(4, newest=119)) + fewer), fails=False)  # fmt: skip
    t.add("nobody-writes-on-sundays", "empty_result", "leave", FEED, _feed,
          lambda w: {"/works/feed": rss([], w.origin), "/": whole("<p>Welcome aboard.</p>")},
          days=(-8, -7, -6, -5, -4, -3, -2, -1), quiet=(1,), fails=False)  # fmt: skip
    back = (
        "<h1>We are working on our site</h1><p>Scheduled maintenance. We are back on Monday at 06:00.</p>"
        '<ul class="help"><li><a href="tel:016329600">Call the ticket office</a></li><li>'
        '<a href="https://social.example/tvr">Ask on social media</a></li><li><a href="/map.pdf">Map of '
        'our lines</a></li><li><a href="/taxis.pdf">Taxis at stations</a></li></ul>'
    )
    t.add("site-is-back-on-monday", "transient", "leave", LIST, _page(listed(HAD)),
          lambda w: {"/planned-works": whole(back, menu={}), "/": whole(back, menu={})})  # fmt: skip


def _refused(t: Table) -> None:
    public = (
        "<h1>Sign in</h1><p>This address is for members' own feeds from now on. What everybody may read "
        'is in the <a href="/feeds/public.xml">public feed of works and closures</a>.</p>'
    )
    t.add("public-feed-wants-no-login", "auth", "heal", FEED, _feed,
          lambda w: {"/works/feed": status(401, whole(public)), "/": whole("<p>Welcome aboard.</p>"),
                     "/feeds/public.xml": rss(HAS, w.origin)}, gives=GIVES)  # fmt: skip
    t.add("works-are-for-members", "auth", "leave", FEED, _feed,
          lambda w: {"/works/feed": status(401, "<h1>Members only</h1>",
                                           www_authenticate='Basic realm="Members"'),
                     "/": whole("<p>Welcome aboard.</p>", head=_link("/press.xml", "Press releases")),
                     "/press.xml": _press(w)})  # fmt: skip

    def slow(w: World) -> dict:
        made = as_route(whole(listed(HAS)))
        assert isinstance(made, Page)
        return {"/planned-works": Page(200, made.headers, made.body, delay=2.2)}

    t.add("page-takes-two-seconds", "timeout", "heal", LIST.replace(
        "retry: {attempts: 1}", "retry: {attempts: 1}\n    timeout: 1s"), _page(listed(HAD)), slow,
          gives=GIVES)  # fmt: skip


def _database(script: str) -> Put:
    def put(w: World) -> dict:
        w.tables(script)
        return {}

    return put


def _tables(t: Table) -> None:
    before = _database(orders())
    older = "".join(
        f"insert into works_2025 values ({one.n}, '{one.title}', '{one.line}', 'track', 'done');"
        for one in OLD
    )
    archive = "create table works_2025 (id integer primary key, title text, line text, kind text, state text);"
    t.add("table-has-another-name", "shape_changed", "heal", STATES, before,
          _database(orders("line_works", more=archive + older)), gives=("rows", titles(HAD)))  # fmt: skip
    t.add("lines-got-a-table-of-their-own", "shape_changed", "heal", LINES, before,
          _database(orders(lines=True)),
          gives=("rows", lambda w: [f"{one.title} {one.line}" for one in HAD]))  # fmt: skip
    t.add("planned-is-called-scheduled", "empty_result", "heal", PLANNED, before,
          _database(orders(planned="scheduled")),
          gives=("rows", lambda w: [one.title for one in HAD if one.n % 3 == 0]))  # fmt: skip
    t.add("quotes-mean-a-column-now", "bug", "heal", QUOTED, before,
          _database(orders(more="alter table works add column track text;")),
          gives=("rows", lambda w: [one.title for one in HAD if one.n % 2 == 0]))  # fmt: skip
