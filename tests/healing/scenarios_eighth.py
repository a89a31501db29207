"""An eighth batch, in the world of the ferry harbour: pages and feeds."""

from __future__ import annotations

from tests.healing.harbour import (
    HAD,
    HAS,
    LEAVE,
    LEFT,
    LEFT_LAST_YEAR,
    MENU,
    OLD,
    bare_table,
    declared,
    fares,
    feed,
    notice_cards,
    notice_list,
    notice_table,
    other_feed,
    questions,
    sailing_cards,
    sailing_table,
    titles,
    tour_cards,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/notices.rss", limit: 60}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 0 }}"]
"""
BOARD = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/notices", selector: li.notice}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
CURRENT = BOARD.replace("selector: li.notice", 'selector: "#current li.notice"')
FULL = BOARD + 'expect: ["${{ size(steps.read.items) >= 12 }}"]\n'
SAILINGS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/sailings"
      selector: tr.sailing
      fields: {title: td.name, url: "td.name a@href", fare: td.fare}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.fare for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if r.fare != '']) > 0 }}"]
"""
COLUMNS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/today"
      selector: "#day tbody tr"
      fields: {title: "td:nth-child(1)", url: "a@href", fare: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.fare for r in steps.read.records] }}"}
"""
CONSENT = whole(
    "<h1>Before you go aboard</h1><p>We and 164 partners use cookies and similar means to store and read "
    'data on your device.</p><form method="post" action="/consent"><button name="all">Accept all</button>'
    '<button name="some">Only what is needed</button></form>', menu={}, title="Your privacy",
)  # fmt: skip
MISSING = whole(
    "<h1>This page has sailed</h1><p>We could not find what you were looking for. Error 404.</p>"
    + questions("faq"), title="Page not found – Skarvøy Harbour",
)  # fmt: skip
LOGIN = whole(
    "<h1>Frequent traveller</h1><p>Notices are for registered passengers now. Please log in.</p>"
    '<form method="post" action="/login"><label>Card number <input name="card"></label><label>Password '
    '<input type="password" name="password"></label><button>Log in</button></form>', title="Log in",
)  # fmt: skip
PUZZLE = (
    "<!doctype html><html><head><title>Just a moment…</title></head><body><h1>Checking that you are human"
    '</h1><p>Tick the box to go on.</p><div class="h-captcha" data-sitekey="9d1c-77"></div>'
    '<script src="/cdn-cgi/challenge.js"></script></body></html>'
)
CLOSED = whole(
    "<h1>Good-bye</h1><p>After 71 years Skarvøy Harbour was closed for passengers on 15 March 2026. The ferries do not "
    "sail any more, and this site is not kept up. Thank you for travelling with us.</p>", menu={},
)  # fmt: skip
PAUSED = whole(
    "<h1>Timetable</h1><p>The winter timetable ended on 22 March. The ferries are in the yard; the summer timetable will "
    'be published here on 20 April.</p><table class="timetable"><tbody></tbody></table><h2>For comparison: the '
    "winter of 2025</h2>" + sailing_table(LEFT_LAST_YEAR, kind="past"),
)  # fmt: skip

MENDS = {
    "ferry-feed-sent-to-the-front": ("{origin}/notices.rss", "{origin}/feeds/notices.xml"),
    "ferry-board-301-and-redrawn": ("selector: li.notice", "selector: article.c-post"),
    "ferry-old-page-names-the-new": ("{origin}/notices", "{origin}/passengers/notices"),
    "ferry-feed-declared-elsewhere": ("{origin}/notices.rss", "{origin}/notices/rss2"),
    "ferry-board-in-the-menu": ("{origin}/notices", "{origin}/travel/updates"),
    "ferry-classes-renamed": ("selector: li.notice", "selector: li.Notice_item__x7Kq2"),
    "ferry-table-to-cards": (
        "selector: tr.sailing\n      fields: {title: td.name, url: \"td.name a@href\", fare: td.fare}",
        "selector: \"#departures .card\"\n      fields: {title: .card-title, url: \"a@href\", fare: .card-price}",
    ),
    "ferry-list-to-table": ("selector: li.notice", 'selector: "table.log tbody tr"'),
    "ferry-fare-in-an-attribute": ("fare: td.fare", 'fare: "@data-fare"'),
    "ferry-section-renamed": ("#current li.notice", "#live-notices li.notice"),
    "ferry-columns-reordered": (
        'title: "td:nth-child(1)", url: "a@href", fare: "td:nth-child(3)"',
        'title: "td:nth-child(2)", url: "a@href", fare: "td:nth-child(4)"',
    ),
    "ferry-only-today-is-shown": ('"{origin}/notices"', '"{origin}/notices?show=all"'),
    "ferry-pages-were-added": ("selector: li.notice", "selector: li.notice, limit: 60"),
}  # fmt: skip
"""What a careful person writes: the text of the job that is replaced, and what replaces it."""


def _feed(w: World) -> dict:
    return {
        "/notices.rss": feed(HAD, w.origin),
        "/": whole("<h1>Welcome aboard</h1>", head=declared("/notices.rss")),
    }


def _board(w: World) -> dict:
    return {"/notices": whole(notice_list(HAD)), "/": whole('<a href="/notices">Notices</a>')}


def _current(w: World) -> dict:
    archive = notice_list(OLD, around="archive", title="Archive")
    return {"/notices": whole(notice_list(HAD, around="current") + archive)}


def _sailings(w: World) -> dict:
    return {"/sailings": whole("<h1>Timetable</h1>" + sailing_table(LEFT)), "/": whole('<a href="/sailings">Sailings</a>')}  # fmt: skip


def _columns(w: World) -> dict:
    return {"/today": whole("<h1>Today</h1>" + bare_table(LEFT))}


def _everywhere(answer: Page | str) -> dict:
    return dict.fromkeys(("/", "/notices", "/sailings", "/notices.rss"), answer)


def fill(table: Table) -> None:
    _moved(table)
    _not_found(table)
    _redrawn(table)
    _fewer(table)
    _doors(table)


def _moved(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    t.add("ferry-feed-sent-to-the-front", "moved", "heal", FEED, _feed, lambda w: {
        "/notices.rss": redirect("/", 301),
        "/": whole("<h1>Our new site</h1>", head=declared("/feeds/tides.xml", "Tides")
                   + declared("/feeds/notices.xml")),
        "/feeds/tides.xml": other_feed(w.origin, title="Tides", about="Tide"),
        "/feeds/notices.xml": feed(HAS, w.origin),
    }, **gives)  # fmt: skip
    t.add("ferry-board-301-and-redrawn", "moved", "heal", BOARD, _board, lambda w: {
        "/notices": redirect("/travel/updates", 301),
        "/travel/updates": whole(notice_cards(HAS) + questions("faq")),
        "/": whole('<a href="/travel/updates">Travel updates</a>'),
    }, **gives)  # fmt: skip
    t.add("ferry-old-page-names-the-new", "moved", "heal", BOARD, _board, lambda w: {
        "/notices": whole('<h1>Notices</h1><p>The notices have moved to <a href="/passengers/notices">the pages for '
                          "passengers</a>. Please change your bookmark.</p>" + questions("faq")),
        "/passengers/notices": whole(notice_list(HAS)),
        "/passengers": whole('<a href="/passengers/notices">Notices</a> <a href="/tickets">Fares</a>'),
        "/": whole('<a href="/passengers">For passengers</a>'),
    }, **gives)  # fmt: skip
    t.add("ferry-name-sold", "moved", "leave", BOARD, _board, lambda w: {
        **dict.fromkeys(("/", "/notices"), redirect(f"{w.other.origin}/offers", 301)),
        "other:/offers": whole("<h1>Cheap holidays by the sea</h1>" + tour_cards(), menu={},
                               title="SunSeaDeals – book now"),
    })  # fmt: skip


def _not_found(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    t.add("ferry-feed-declared-elsewhere", "not_found", "heal", FEED, _feed, lambda w: {
        "/": whole("<h1>Welcome aboard</h1>", menu={**MENU, "/notices": "Notices"},
                   head=declared("/podcast.xml", "Harbour voices, our podcast")),
        "/notices": whole(notice_list(HAS), head=declared("/notices/rss2")),
        "/notices/rss2": feed(HAS, w.origin),
        "/podcast.xml": other_feed(w.origin, title="Harbour voices", about="Episode"),
    }, **gives)  # fmt: skip
    t.add("ferry-board-in-the-menu", "not_found", "heal", BOARD, _board, lambda w: {
        "/": whole("<h1>Our new site</h1>", menu={
            **MENU, "/travel/updates": "Notices", "/archive/2024": "Notices of 2024"}),
        "/travel/updates": whole(notice_list(HAS)),
        "/archive/2024": whole(notice_list(OLD, title="Notices of 2024")),
    }, **gives)  # fmt: skip
    t.add("ferry-page-has-sailed", "not_found", "leave", BOARD, _board, lambda w: {
        "/notices": MISSING, "/": whole("<h1>Welcome aboard</h1>" + questions("faq")),
    })  # fmt: skip
    t.add("ferry-harbour-closed", "not_found", "leave", FEED, _feed, lambda w: {
        "/": CLOSED, "/notices.rss": status(410, CLOSED),
    })  # fmt: skip


def _redrawn(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    priced = {"gives": ("outputs", fares(LEAVE))}
    t.add("ferry-classes-renamed", "shape_changed", "heal", BOARD, _board, lambda w: {
        "/notices": whole(questions("popular") + notice_list(HAS, kind="Notice_item__x7Kq2")),
    }, **gives)  # fmt: skip
    t.add("ferry-table-to-cards", "shape_changed", "heal", SAILINGS, _sailings, lambda w: {
        "/sailings": whole(sailing_cards(LEAVE) + tour_cards()),
    }, **priced)  # fmt: skip
    t.add("ferry-list-to-table", "shape_changed", "heal", BOARD, _board, lambda w: {
        "/notices": whole(notice_table(HAS)),
    }, **gives)  # fmt: skip
    t.add("ferry-fare-in-an-attribute", "shape_changed", "heal", SAILINGS, _sailings, lambda w: {
        "/sailings": whole(sailing_table(LEAVE, hidden=True)
                           + '<script src="/fill-in-fares.js"></script>'),
    }, **priced)  # fmt: skip
    t.add("ferry-section-renamed", "shape_changed", "heal", CURRENT, _current, lambda w: {
        "/notices": whole(notice_list(OLD, around="archive", title="Archive")
                          + notice_list(HAS, around="live-notices", title="Now")),
    }, **gives)  # fmt: skip
    t.add("ferry-columns-reordered", "shape_changed", "heal", COLUMNS, _columns, lambda w: {
        "/today": whole("<h1>Today</h1>" + bare_table(LEAVE, anew=True)),
    }, fails=False, **priced)  # fmt: skip
    t.add("ferry-only-the-archive-is-left", "shape_changed", "leave", CURRENT, _current, lambda w: {
        "/notices": whole("<p>Ask at the counter for what is new; we publish no notices any more.</p>"
                          + notice_list(OLD, around="archive", title="Archive of 2024")),
    })  # fmt: skip


def _fewer(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    tabs = '<nav class="tabs"><a href="/notices">Today</a> <a href="/notices?show=all">All notices</a></nav>'
    t.add("ferry-only-today-is-shown", "empty_result", "heal", BOARD, _board, lambda w: {
        "/notices": whole(f"<h1>Notices</h1>{tabs}<p>No notices for today.</p>" + questions("faq")),
        "/notices?show=all": whole(f"<h1>Notices</h1>{tabs}" + notice_list(HAS) + questions("faq")),
    }, **gives)  # fmt: skip
    t.add("ferry-pages-were-added", "empty_result", "heal", FULL, _board, lambda w: {
        "/notices": _paged(1), "/notices?page=2": _paged(2), "/notices?page=3": _paged(3),
    }, **gives)  # fmt: skip
    t.add("ferry-quiet-at-weekends", "empty_result", "leave", FEED, _feed, lambda w: {
        "/notices.rss": feed([], w.origin),
        "/": whole("<p>The office writes notices from Monday to Friday.</p>",
                   head=declared("/notices.rss")),
    }, days=(-9, -8, -7, -3, -2, -1), quiet=(1, 2, 5))  # fmt: skip
    t.add("ferry-season-is-over", "empty_result", "leave", SAILINGS, _sailings, lambda w: {
        "/sailings": PAUSED, "/": whole('<a href="/sailings">Sailings</a>'),
    })  # fmt: skip


def _paged(number: int) -> str:
    links = f"<p>Page {number} of 3</p>"
    if number < 3:
        links += f'<a rel="next" href="/notices?page={number + 1}">Next page</a>'
    return whole(notice_list(HAS[6 * number - 6 : 6 * number]) + links)


def _doors(t: Table) -> None:
    t.add("ferry-login-wall", "auth", "leave", BOARD, _board, lambda w: {
        "/notices": redirect("/login?next=/notices"), "/login": LOGIN,
        "/": whole('<a href="/notices">Notices</a>'),
    })  # fmt: skip
    t.add("ferry-consent-first", "blocked", "leave", BOARD, _board,
          lambda w: _everywhere(CONSENT))  # fmt: skip
    t.add("ferry-are-you-human", "blocked", "leave", SAILINGS, _sailings,
          lambda w: _everywhere(status(403, PUZZLE)))  # fmt: skip
    t.add("ferry-asks-robots-to-stay-away", "blocked", "leave", BOARD, _board, lambda w: {
        "/notices": whole(notice_list(HAS)), "/": whole('<a href="/notices">Notices</a>'),
        "/robots.txt": page("User-agent: *\nDisallow: /\n", "text/plain"),
    }, days=(-3, -2))  # fmt: skip
    t.add("ferry-under-repair", "transient", "leave", BOARD, _board, lambda w: _everywhere(
        status(503, whole("<h1>Back at noon</h1><p>We are changing a server.</p>"))))  # fmt: skip
    t.add("ferry-too-many-visits", "rate_limited", "leave", FEED, _feed, lambda w: _everywhere(
        status(429, "<p>Too many requests from your address today. Come back tomorrow.</p>")))  # fmt: skip
    t.add("ferry-site-does-not-answer", "timeout", "leave",
          SAILINGS.replace("attempts: 1}\n", "attempts: 1}\n    timeout: 1s\n"), _sailings,
          lambda w: _everywhere(_never))  # fmt: skip


def _never(asked: Asked) -> Page:
    return Page(504, {"content-type": "text/plain"}, b"", delay=8)
