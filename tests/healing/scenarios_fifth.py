"""A fifth batch in a world of its own, a seed bank: its pages and feeds. Not played while it was made.

Taken from how sites, feeds, interfaces, databases and models change in the public reports of those
who read them, without a look at healing. `MENDS` has for each scenario to mend what a careful person
would write instead; with it the run after the change is right.
"""

from __future__ import annotations

from dataclasses import replace

from tests.healing.scenarios import Table
from tests.healing.seedbank import (
    FEED,
    HAD,
    HAS,
    LIST,
    OLD,
    atom,
    cut_names,
    farewell,
    feed_link,
    names,
    praised,
    register,
    rss,
    shelf,
    talk,
    terms,
    whole,
)  # fmt: skip
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page, redirect

TABLE = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/register"
      selector: tbody tr
      fields: {title: "td:nth-child(1) a", rate: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.rate for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if contains(r.rate, '%')]) == size(steps.read.records) }}"]
"""
NAMED = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/seeds"
      selector: li.lot
      fields: {title: "h3 a", url: "h3 a@href"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if contains(r.title, '…')]) == 0 }}"]
"""
RATES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/seeds"
      selector: li.lot
      fields: {title: "h3 a", grower: p.grower, rate: span.rate}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.rate for r in steps.read.records] }}"}
"""
SEVERAL = FEED.replace("> 0 }}", "> 3 }}")
ATOM = FEED.replace("/new.rss", "/new.atom")
HURRIED = LIST.replace("    retry:", "    timeout: 1s\n    retry:")
BOTH = """steps:
  - id: read
    skill: fetch_feed
    with: {urls: ["{origin}/new.rss", "{origin}/partners.rss"], limit: 60}
    timeout: 2s
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 20 }}"]
budget: {seconds: 8s}
"""
MENDS = {
    "footer-still-names-the-feed": ("/new.rss", "/journal?format=rss"),
    "site-speaks-two-languages": ("{origin}/seeds", "{origin}/en/seeds"),
    "script-sends-visitors-on": ("{origin}/seeds", "{origin}/catalogue/lots"),
    "last-post-names-the-new-feed": ("/new.rss", "/feeds/lots.xml"),
    "column-slid-to-the-right": ("td:nth-child(3)", "td:nth-child(4)"),
    "names-are-cut-off": ('title: "h3 a"', 'title: "h3 a@title"'),
    "six-lots-to-a-page": ("selector: li.lot", "selector: li.lot, limit: 30"),
    "list-of-terms": (
        'selector: li.lot\n      fields: {title: "h3 a", grower: p.grower, rate: span.rate}',
        "selector: div.entry\n"
        "      fields: {title: a.entry-name, grower: dd.entry-by, rate: dd.entry-up}",
    ),
    "feed-became-an-archive-document": ("/new.atom", "/lots/current.atom"),
    "guests-have-a-door-of-their-own": ("{origin}/seeds", "{origin}/guest/seeds"),
    "list-takes-its-time": ("timeout: 1s", "timeout: 6s"),
}


def fill(table: Table) -> None:
    _gone(table)
    _moved(table)
    _shapes(table)
    _empty(table)
    _closed(table)
    _slow(table)


def _feed(w: World) -> dict:
    return {"/new.rss": rss(HAD, w.origin), "/": whole(praised())}


def _list(w: World) -> dict:
    return {"/seeds": whole(shelf(HAD)), "/": whole(praised())}


def _gone(t: Table) -> None:
    foot = '<a href="/journal?format=rss">RSS</a> <a href="/journal">Journal</a>'
    forum = feed_link("/forum.rss", "Growers' forum")
    t.add("footer-still-names-the-feed", "not_found", "heal", FEED, _feed,
          lambda w: {"/new.rss": status(404, whole("<p>We could not find that page.</p>", foot=foot)),
                     "/": whole(praised(), head=forum, foot=foot), "/forum.rss": talk(w.origin),
                     "/journal": whole(shelf(HAS), foot=foot),
                     "/journal?format=rss": rss(HAS, w.origin)},
          gives=("read", names(HAS)))  # fmt: skip
    tongues = {"/en/": "English", "/de/": "Deutsch"}
    english = {"/en/": "Home", "/en/seeds": "Seed list", "/en/visit": "Visit", "/de/": "Deutsch"}
    german = {"/de/": "Start", "/de/seeds": "Saatgutliste", "/en/": "English"}
    t.add("site-speaks-two-languages", "not_found", "heal", LIST, _list,
          lambda w: {"/seeds": status(404, whole("<p>Not found.</p>", menu=tongues)),
                     "/": redirect("/en/", 302),
                     "/en/": whole(praised(), menu=english),
                     "/en/seeds": whole(shelf(HAS), menu=english),
                     "/de/": whole("<p>Willkommen in der Saatgutbank.</p>", lang="de", menu=german),
                     "/de/seeds": whole(shelf(HAS).replace(" from ", " aus "), lang="de", menu=german)},
          gives=("read", names(HAS)))  # fmt: skip
    others = feed_link("/diary.rss", "The gardener's diary") + feed_link(
        "/2019/lots.rss", "Lots of the year 2019 (archive)")  # fmt: skip
    t.add("seed-list-came-to-an-end", "not_found", "leave", FEED, _feed,
          lambda w: {"/new.rss": status(410, whole(
              "<p>We no longer send out seeds, and this feed has ended. Thank you for 31 years.</p>")),
              "/": whole(praised(), head=others), "/diary.rss": talk(w.origin),
              "/2019/lots.rss": rss(OLD, w.origin, title="Lots of the year 2019 (archive)")})  # fmt: skip


def _moved(t: Table) -> None:
    t.add("script-sends-visitors-on", "moved", "heal", LIST, _list,
          lambda w: {"/seeds": whole("<p>One moment, please.</p>", head=(
              '<script>window.location.replace("/catalogue/lots");</script>')),
              "/catalogue/lots": whole(shelf(HAS)), "/": whole(praised())},
          gives=("read", names(HAS)))  # fmt: skip
    t.add("last-post-names-the-new-feed", "moved", "heal", SEVERAL, _feed,
          lambda w: {"/new.rss": farewell(w.origin, f"{w.origin}/feeds/lots.xml"),
                     "/feeds/lots.xml": rss(HAS, w.origin), "/": whole(praised())},
          gives=("read", names(HAS)))  # fmt: skip
    t.add("feed-went-to-another-house", "moved", "leave", FEED, _feed,
          lambda w: {"/new.rss": status(410, whole(
              "<p>Our lots are told by the Seed Savers' Union now: "
              f'<a href="{w.other.origin}/fenwick.rss">their feed for Fenwick</a>.</p>')),
              "/": whole(praised(), head=feed_link(f"{w.other.origin}/fenwick.rss", "New lots")),
              "other:/fenwick.rss": rss(HAS, w.other.origin)})  # fmt: skip


def _shapes(t: Table) -> None:
    t.add("column-slid-to-the-right", "shape_changed", "heal", TABLE,
          lambda w: {"/register": whole(register(HAD)), "/": whole(praised())},
          lambda w: {"/register": whole(register(HAS, year=True)), "/": whole(praised())},
          gives=("outputs", lambda w: [f"{x.name} / {x.rate} %" for x in HAS]))  # fmt: skip
    t.add("names-are-cut-off", "shape_changed", "heal", NAMED, _list,
          lambda w: {"/seeds": whole(cut_names(HAS)), "/": whole(praised())},
          gives=("outputs", names(HAS)))  # fmt: skip
    t.add("list-of-terms", "shape_changed", "heal", RATES, _list,
          lambda w: {"/seeds": whole(praised() + terms(HAS)), "/": whole(praised())},
          gives=("outputs", lambda w: [f"{x.name} / {x.rate} %" for x in HAS]))  # fmt: skip
    t.add("six-lots-to-a-page", "shape_changed", "heal", LIST, _list, lambda w: {
        "/seeds": _part(1), "/seeds?page=2": _part(2), "/seeds?page=3": _part(3),
        "/": whole(praised())},
        gives=("read", names(HAS)), good_runs=3, fails=False)  # fmt: skip


def _part(number: int) -> str:
    told = HAS[6 * number - 6 : 6 * number]
    onward = f'<a rel="next" href="/seeds?page={number + 1}">Next</a>' if number < 3 else ""
    return whole(shelf(told, onward=f'<nav class="pager">Page {number} of 3 {onward}</nav>'))


def _empty(t: Table) -> None:
    t.add("feed-became-an-archive-document", "empty_result", "heal", ATOM,
          lambda w: {"/new.atom": atom(HAD, w.origin, path="/new.atom"), "/": whole(praised())},
          lambda w: {"/new.atom": atom((), w.origin, path="/new.atom", more=(
              f'<fh:archive/><link rel="current" href="{w.origin}/lots/current.atom"/>')),
              "/lots/current.atom": atom(HAS, w.origin, path="/lots/current.atom"),
              "/": whole(praised())},
          gives=("read", names(HAS)))  # fmt: skip
    t.add("only-the-sold-out-are-listed", "empty_result", "leave", LIST, _list,
          lambda w: {"/seeds": whole(
              '<ul class="lots"></ul><p>Everything has been sent out. The next list comes in '
              "September.</p><h2>Sold out this year, not available</h2>" + shelf(HAD, kind="past")),
              "/": whole(praised())})  # fmt: skip


def _closed(t: Table) -> None:
    t.add("guests-have-a-door-of-their-own", "auth", "heal", LIST, _list,
          lambda w: {"/seeds": redirect("/login?next=/seeds", 302), "/login": whole(
              '<form method="post"><label>Name <input name="user"></label><label>Password '
              '<input type="password" name="password"></label><button>Log in</button></form>'
              '<p>No account? <a href="/guest/seeds">Read the seed list as a guest</a>.</p>',
              title="Log in"),
              "/guest/seeds": whole(shelf(HAS)), "/": whole(praised())},
          gives=("read", names(HAS)))  # fmt: skip
    t.add("list-is-for-members", "auth", "leave", LIST, _list,
          lambda w: {"/seeds": status(401, whole(
              "<p>The seed list is for members now. Membership is 20 a year; please log in.</p>"
              '<p>To see what it looks like: <a href="/sample">a sample from 2019</a>.</p>')),
              "/sample": whole(shelf(OLD), title="Sample of a seed list"),
              "/": whole(praised())})  # fmt: skip
    t.add("wants-to-know-who-asks", "blocked", "leave", FEED, _feed,
          lambda w: {"/new.rss": _named_only(rss(HAS, w.origin)), "/": whole(praised())})  # fmt: skip


def _named_only(feed: str) -> object:
    """Serves who leaves a mail address in the User-Agent, as some public services ask."""
    refusal = status(403, whole(
        "<p>Programs are asked to name the person behind them: set a User-Agent with your e-mail "
        "address.</p>", title="Forbidden"))  # fmt: skip

    def reply(asked: Asked) -> Page:
        told = as_route(feed) if "@" in asked.headers.get("user-agent", "") else refusal
        assert isinstance(told, Page)
        return told

    return reply


def _slow(t: Table) -> None:
    t.add("list-takes-its-time", "timeout", "heal", HURRIED, _list,
          lambda w: {"/seeds": replace(as_route(whole(shelf(HAS))), delay=1.9),  # type: ignore[type-var]
                     "/": whole(praised())},
          gives=("read", names(HAS)))  # fmt: skip
    t.add("one-of-two-feeds-hangs", "timeout", "leave", BOTH,
          lambda w: {"/new.rss": rss(HAD, w.origin),
                     "/partners.rss": rss(OLD, w.origin, title="Partners"), "/": whole(praised())},
          lambda w: {"/new.rss": rss(HAS, w.origin), "/": whole(praised()), "/partners.rss": replace(
              as_route(rss(OLD, w.origin, title="Partners")), delay=600.0)})  # type: ignore[type-var]  # fmt: skip
