"""A seventh batch, in the world of the beekeepers: addresses, pages and doors."""

from __future__ import annotations

from tests.healing.apiary import (
    HAD,
    HAS,
    ON_SALE,
    SOLD,
    answer,
    board,
    comments,
    courses,
    declared,
    feed,
    lot_cards,
    lot_rows,
    lot_table,
    lots,
    register,
    sightings,
    swarms,
    titles,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/rss.xml", limit: 60}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
BOARD = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/swarms", selector: li.swarm}
    retry: {attempts: 1}
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", limit: 8}
outputs: {count: "${{ size(steps.best.items) }}"}
"""
REGISTER = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/register"
      selector: tr.entry
      fields: {title: td.what, url: "td.what a@href", keeper: td.keeper, published: td.day}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.keeper for r in steps.read.records] }}"}
"""
LOTS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/market/honey_lots"
      selector: tr.lot
      fields: {title: td.name, url: "td.name a@href", price: td.bid}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.price for r in steps.read.records] }}"}
"""
COLUMNS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/market"
      selector: "#market tbody tr"
      fields: {title: "td:nth-child(2)", url: "td:nth-child(2) a@href", price: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.price for r in steps.read.records] }}"}
"""
API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/v1/swarms"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with:
      items: "${{ [{'title': s.title, 'url': s.page, 'published': s.found_at} for s in steps.api.response.data.swarms] }}"
      limit: 50
outputs: {count: "${{ size(steps.list.items) }}"}
"""
LOGIN = whole(
    '<h1>Members</h1><p>Sign in to continue.</p><form method="post" action="/members/sign-in">'
    '<label>Mail <input name="mail"></label><label>Password <input type="password" name="pw"></label>'
    "<button>Sign in</button></form>", title="Sign in – Wenyn Vale Beekeepers",
)  # fmt: skip
CONSENT = whole(
    "<h1>Honey is sweet, cookies are sweeter</h1><p>We and our 211 partners store and read data on your "
    'device. Accept before you go on to the site.</p><form method="post" action="/consent"><button>'
    'Accept all</button><button name="no">Reject</button></form>', menu={}, title="Your choice",
)  # fmt: skip
MISSING = whole(
    "<h1>Oh no, this comb is empty</h1><p>The page you wanted is not here any more (error 404). Try the "
    '<a href="/">front page</a>.</p>', title="Page not found",
)  # fmt: skip


def _feed(w: World) -> dict:
    return {
        "/rss.xml": feed(HAD, w.origin),
        "/": whole("<h1>Welcome</h1>", head=declared("/rss.xml")),
    }


def _board(w: World) -> dict:
    return {"/swarms": whole(board(HAD)), "/": whole('<a href="/swarms">Swarms</a>')}


def _register(w: World) -> dict:
    return {"/register": whole(register(HAD))}


def _lots(w: World) -> dict:
    return {"/market/honey_lots": whole(lot_rows(SOLD)), "/": whole('<a href="/market/honey_lots">Honey</a>')}  # fmt: skip


def _priced(w: World) -> list[str]:
    return [f"{one.title} / {one.bid}" for one in ON_SALE]


def _api(w: World) -> dict:
    return {"/v1/swarms": answer(HAD, w.origin)}


def fill(table: Table) -> None:
    _moved(table)
    _not_found(table)
    _shape(table)
    _doors(table)


def _moved(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    t.add("bees-feed-elsewhere", "moved", "heal", FEED, _feed, lambda w: {
        "/": whole("<h1>Welcome to our new site</h1>", head=declared("/feeds/swarms.xml")),
        "/feeds/swarms.xml": feed(HAS, w.origin),
    }, **gives)  # fmt: skip
    t.add("bees-interface-has-a-successor", "moved", "heal", API, _api, lambda w: {
        "/v1/swarms": status(410, '{"error": "Version 1 was switched off on 1 March."}',
                             link='</v2/swarms>; rel="successor-version"'),
        "/v2/swarms": answer(HAS, w.origin),
    }, gives=("list", titles(HAS)))  # fmt: skip
    t.add("bees-board-moved-and-redrawn", "moved", "heal", BOARD, _board, lambda w: {
        # The old markup lives on in the archive, whose swarms are long gone.
        "/": whole("<h1>Our new site</h1>", menu={
            "/swarms-2024": "Swarms of 2024", "/courses": "Courses", "/line/spotted": "Swarms spotted"}),
        "/swarms-2024": whole(board(swarms(16, newest=16))), "/courses": whole(courses("course")),
        "/line/spotted": whole(sightings(HAS)),
    }, **gives)  # fmt: skip
    t.add("bees-merged-with-the-neighbours", "moved", "leave", FEED, _feed, lambda w: {
        "/": whole("<h1>We are one with Aber Beekeepers now</h1>",
                   head=declared("/comments.xml", "Comments") + declared(f"{w.other.origin}/swarms.xml")),
        "/comments.xml": comments(w.origin), "other:/swarms.xml": feed(HAS, w.other.origin),
    })  # fmt: skip


def _not_found(t: Table) -> None:
    t.add("bees-board-says-not-found-politely", "not_found", "heal", BOARD, _board, lambda w: {
        "/swarms": MISSING, "/": whole('<p>Latest: <a href="/swarm-reports">Swarm reports</a></p>'),
        "/swarm-reports": whole(board(HAS)), "/courses": whole(courses("course")),
    }, gives=("read", titles(HAS)))  # fmt: skip
    t.add("bees-underscores-became-dashes", "not_found", "heal", LOTS, _lots, lambda w: {
        "/": whole('<p><a href="/market/honey-lots">Honey lots</a> <a href="/market/wax">Wax</a></p>'),
        "/market/honey-lots": whole(lot_rows(ON_SALE)), "/market/wax": whole("<h1>No wax</h1>"),
    }, gives=("outputs", _priced))  # fmt: skip
    t.add("bees-line-was-closed", "not_found", "leave", BOARD, _board, lambda w: {
        # Courses stand in the very markup that the swarms had.
        "/swarms": status(410, "<h1>Gone</h1><p>The swarm line was closed. Ring the council.</p>"),
        "/": whole('<h1>News</h1><p>The swarm line is closed for good.</p><a href="/courses">Courses</a>'),
        "/courses": whole(courses("swarm")),
    })  # fmt: skip


def _shape(t: Table) -> None:
    t.add("bees-build-renames-classes", "shape_changed", "heal", BOARD, _board, lambda w: {
        "/swarms": whole(board(HAS, kind="li_x81fQ", around="ul_p09Zz")), "/": whole("<h1>Hi</h1>"),
    }, gives=("read", titles(HAS)))  # fmt: skip
    t.add("bees-register-redrawn", "shape_changed", "heal", REGISTER, _register, lambda w: {
        "/register": whole(sightings(HAS)),
    }, gives=("outputs", lambda w: [f"{s.title} / {s.keeper}" for s in HAS]))  # fmt: skip
    t.add("bees-swarms-called-reports", "shape_changed", "heal", API, _api, lambda w: {
        "/v1/swarms": answer(HAS, w.origin, key="reports"),
    }, gives=("list", titles(HAS)))  # fmt: skip
    t.add("bees-market-shows-what-ended", "shape_changed", "heal", LOTS, _lots, lambda w: {
        "/market/honey_lots": whole(
            lot_cards(ON_SALE, around="open", heading="Open for bids")
            + lot_cards(lots(9, newest=26), around="ended", heading="Ended auctions")),
    }, gives=("outputs", _priced))  # fmt: skip
    t.add("bees-columns-before-the-bid", "shape_changed", "heal", COLUMNS, lambda w: {
        "/market": whole(lot_table(SOLD)),
    }, lambda w: {
        # The reserve is money as well, but nobody offered it.
        "/market": whole(lot_table(ON_SALE, wider=True)),
    }, gives=("outputs", _priced), fails=False)  # fmt: skip
    t.add("bees-which-of-two-dates", "shape_changed", "leave", API, _api, _two_dates)
    t.add("bees-letters-are-garbled", "shape_changed", "leave", BOARD, _board, lambda w: {
        "/swarms": whole(board(HAS).encode().decode("cp1252", "replace")), "/": whole("<h1>Hi</h1>"),
    }, fails=False)  # fmt: skip


def _two_dates(w: World) -> dict:
    """When it was found is not told any more; two other moments are, each some hours away."""
    told = answer(HAS, w.origin)
    for s in HAS:
        was = f'"found_at": "{s.when:%Y-%m-%dT%H:%M:%SZ}"'
        now = (
            f'"reported_at": "{s.when:%Y-%m-%dT}{(s.when.hour + 2) % 24:02d}:40:00Z", '
            f'"collected_at": "{s.when:%Y-%m-%dT}{(s.when.hour + 5) % 24:02d}:15:00Z"'
        )
        told = told.replace(was, now)
    return {"/v1/swarms": told}


def _doors(t: Table) -> None:
    t.add("bees-board-is-for-members", "auth", "leave", BOARD, _board, lambda w: {
        # Three are shown to make people join: not what the job is for.
        "/swarms": redirect("/members/sign-in?next=/swarms"), "/members/sign-in": page(LOGIN),
        "/": whole("<h1>Join to see all of them</h1>" + board(HAS[:3])),
    })  # fmt: skip
    t.add("bees-key-wanted-and-one-to-try", "auth", "leave", API, _api, lambda w: {
        "/v1/swarms": lambda asked: (
            page(answer(HAS[:3], w.origin), "application/json") if "key=DEMO" in asked.target
            else status(401, '{"error": "An API key is required.", '
                        '"hint": "To try it out: /v1/swarms?key=DEMO", "docs": "/developers"}')),
    })  # fmt: skip
    t.add("bees-cookies-first", "blocked", "leave", BOARD, _board, lambda w: {
        "/swarms": CONSENT, "/": CONSENT,
    })  # fmt: skip
    t.add("bees-browsers-only", "blocked", "leave", API, _api, lambda w: {
        "/v1/swarms": lambda asked: (
            page(answer(HAS, w.origin), "application/json")
            if "Mozilla" in asked.headers.get("user-agent", "")
            else status(403, '{"error": "Automated access is not allowed. Only requests with the '
                        'User-Agent of a browser (Mozilla/5.0 ...) are served."}')),
    })  # fmt: skip
