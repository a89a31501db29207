"""The rescue team's pages and feeds, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace

from tests.healing.rescue import (
    HAD,
    HAS,
    MANY_HAD,
    MANY_HAVE,
    QUIET_MENU,
    book,
    bulletin,
    callouts,
    evenings,
    feed_link,
    log,
    register,
    report_cards,
    rss,
    titles,
    training_rss,
    whole,
)
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/callouts.rss", limit: 40}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
LETTER = FEED.replace("outputs:", """  - id: letter
    skill: compile_newsletter
    with: {items: "${{ steps.read.items }}", title: What we were called to}
outputs:""")  # fmt: skip
LOG = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/callouts", selector: li.callout}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
REGISTER = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/register"
      selector: tr.job
      fields: {title: td.what a, url: td.what a@href, place: td.place, took: td.took}
    retry: {attempts: 1}
outputs: {said: "${{ [r.TOLD for r in steps.read.records] }}"}
"""
PLACES = REGISTER.replace("r.TOLD", "r.title + ' at ' + r.place + ', ' + r.took")
TIMES = REGISTER.replace("r.TOLD", "r.took")
DUTY = """steps:
  - id: due
    skill: query_database
    with: {sql: "select title, place from callouts where state = 'Report due' order by id desc", database: shop}
  - id: note
    set: {lines: "${{ [r.title + ', ' + r.place for r in steps.due.rows] }}"}
outputs: {said: "${{ vars.lines }}"}
"""
HOME = whole("<h1>We come when you call</h1><p>Sixty volunteers, two bases, one number.</p>")
DUE = [c for c in HAD if c.n % 2 == 0]


def _feed(w: World) -> dict:
    return {"/callouts.rss": rss(HAD, w.origin), "/callouts": whole(log(HAD)), "/": HOME,
            "/training": whole(evenings())}  # fmt: skip


def _log(w: World) -> dict:
    return {"/callouts": whole(log(HAD)), "/": HOME, "/training": whole(evenings())}


def _register(w: World) -> dict:
    return {"/register": whole(register(HAD)), "/": HOME}


def _due(w: World) -> dict:
    w.tables(book())
    return {}


def _told(w: World) -> list[str]:
    return [f"{c.title} at {c.place}, {c.took}" for c in HAS]


def fill(table: Table) -> None:
    _reshaped(table)
    _reshaped_to_leave(table)
    _moved(table)
    _gone(table)
    _behind_doors(table)
    _empty(table)
    _heavy_and_slow(table)


def _reshaped(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    # Both lists are made of one component now; only the list around them tells them apart.
    t.add("rescue-one-component-two-lists", "shape_changed", "heal", LOG, _log, lambda w: {
        "/callouts": whole(
            log(HAS, kind="teaser", around="teaser-list teaser-list--callouts")
            + evenings("teaser", "teaser-list teaser-list--evenings")),
        "/": HOME,
    }, **gives)  # fmt: skip
    t.add("rescue-register-became-cards", "shape_changed", "heal", PLACES, _register, lambda w: {
        "/register": whole(report_cards(HAS)), "/": HOME,
    }, gives=("outputs", _told))  # fmt: skip
    t.add("rescue-times-under-another-class", "shape_changed", "heal", TIMES, _register, lambda w: {
        "/register": whole(register(HAS, took="duration")), "/": HOME,
    }, gives=("outputs", lambda w: [c.took for c in HAS]), fails=False, good_runs=3)  # fmt: skip
    inside = LOG.replace("li.callout", "'#main > ul.callouts > li'")
    t.add("rescue-list-in-another-place", "shape_changed", "heal", inside, _log, lambda w: {
        "/callouts": whole(
            "<h1>Call-outs</h1><p>All times are local.</p><div class='columns'><section id='log'><ol "
            + log(HAS).split("<ul ", 1)[1].replace("</ul>", "</ol></section>")
            + f"<aside>{evenings()}</aside></div>"),
        "/": HOME,
    }, **gives)  # fmt: skip
    t.add("rescue-five-to-a-page", "shape_changed", "heal", LOG, lambda w: {
        "/callouts": whole(log(MANY_HAD)), "/": HOME,
    }, lambda w: {
        "/": HOME, "/callouts": whole(log(MANY_HAVE[:5]) + _pages(1)),
        **{f"/callouts?page={n}": whole(log(MANY_HAVE[5 * n - 5:5 * n]) + _pages(n))
           for n in (1, 2, 3, 4)},
    }, gives=("read", titles(MANY_HAVE)), fails=False, good_runs=3)  # fmt: skip


def _pages(current: int) -> str:
    onward = '<a rel="next" class="next" href="/callouts?page={}">Older</a>'
    numbers = "".join(f'<a href="/callouts?page={n}">{n}</a>' for n in (1, 2, 3, 4) if n != current)
    return f'<nav class="pager">{numbers}{onward.format(current + 1) if current < 4 else ""}</nav>'


def _reshaped_to_leave(t: Table) -> None:
    t.add("rescue-page-drawn-by-script", "shape_changed", "leave", LOG, _log, lambda w: dict.fromkeys(
        ("/callouts", "/", "/training"),
        "<!doctype html><html><head><title>Skarn Valley Mountain Rescue</title></head><body><noscript>"
        'You need to enable JavaScript to run this app.</noscript><div id="root"></div>'
        '<script src="/assets/index-4f8a21c9.js"></script></body></html>',
    ))  # fmt: skip
    # The base that answered stands there still; it is not where the people were found.
    named = "expect: [\"${{ size([r for r in steps.read.records if r.place != '']) > 0 }}\"]\n"
    t.add("rescue-places-are-withheld", "shape_changed", "leave", PLACES + named, _register, lambda w: {
        "/register": whole(
            "<p>At the wish of families we no longer publish where people were found.</p>"
            + register(HAS, place=False)),
        "/": HOME,
    })  # fmt: skip
    t.add("rescue-accents-encoded-twice", "shape_changed", "leave", FEED, lambda w: {
        "/callouts.rss": rss(HAD, w.origin, placed=True), "/": HOME,
    }, lambda w: {
        "/callouts.rss": rss(HAS, w.origin, placed=True).encode().decode("cp1252", "replace"),
        "/": whole("<h1>We come when you call</h1>", head=feed_link("/callouts.rss", "Call-outs")
                   + feed_link("/training.rss", "Training")),
        "/training.rss": training_rss(w.origin),
    }, fails=False, good_runs=3)  # fmt: skip


def _moved(t: Table) -> None:
    gives = {"gives": ("read", titles(HAS))}
    t.add("rescue-feed-linked-in-the-foot", "moved", "heal", LETTER, _feed, lambda w: {
        "/": whole("<h1>We come when you call</h1>",
                   foot='<a href="/feeds/log.rss">Call-outs as RSS</a> <a href="/feeds/training.rss">'
                        "Training as RSS</a> "),
        "/feeds/log.rss": rss(HAS, w.origin), "/feeds/training.rss": training_rss(w.origin),
    }, **gives)  # fmt: skip
    menu = {
        "/": "Home",
        "/team/training": "Training",
        "/team/callouts": "Call-outs",
        "/give": "Donate",
    }
    t.add("rescue-old-pages-lead-home", "moved", "heal", LOG, _log, lambda w: {
        "/callouts": redirect("/", 301), "/training": redirect("/", 301),
        "/": whole("<h1>Welcome to our new website</h1>" + evenings(), menu=menu),
        "/team/callouts": whole(log(HAS), menu=menu), "/team/training": whole(evenings(), menu=menu),
    }, **gives)  # fmt: skip
    t.add("rescue-bulletin-leaves-a-stub", "moved", "heal", """steps:
  - id: read
    skill: extract_article
    with: {url: "{origin}/bulletin"}
    retry: {attempts: 1}
outputs: {said: "${{ [i.text for i in steps.read.items] }}"}
expect: ["${{ size(steps.read.items[0].text) > 400 }}"]
""", lambda w: {"/bulletin": bulletin("Saturday"), "/": HOME}, lambda w: {
        "/bulletin": '<!doctype html><html><head><title>Moved</title><meta http-equiv="refresh" '
                     'content="5; url=/safety/bulletin"></head><body><p>The bulletin has moved to '
                     '<a href="/safety/bulletin">/safety/bulletin</a>.</p></body></html>',
        "/safety/bulletin": bulletin("Sunday"), "/": HOME,
    }, gives=("outputs", lambda w: ["The becks are high after the rain"]))  # fmt: skip
    t.add("rescue-joined-the-county-team", "moved", "leave", LOG, _log, lambda w: {
        "/callouts": whole(
            f'<h1>We have moved</h1><p>Skarn Valley is part of the county team now: <a href="'
            f'{w.other.origin}/callouts">see its call-outs</a>.</p>', menu={"/": "Home"}),
        "/": whole(f'<p>Go on to <a href="{w.other.origin}/">the county team</a>.</p>', menu={}),
        "other:/callouts": whole(log(HAS)), "other:/": HOME,
    })  # fmt: skip


def _gone(t: Table) -> None:
    t.add("rescue-soft-404-guesses", "not_found", "heal", LOG, _log, lambda w: {
        "/callouts": whole(
            "<h1>Nothing lives here any more</h1><p>Error 404. Perhaps you were looking for one of "
            'these?</p><p><a href="/training">Training evenings</a>, <a href="/operations">Latest '
            'call-outs</a>, <a href="/shop">The shop</a></p>', title="Page not found", menu=QUIET_MENU),
        "/": whole("<h1>We come when you call</h1>", menu=QUIET_MENU),
        "/operations": whole(log(HAS), menu=QUIET_MENU), "/training": whole(evenings()),
        "/shop": whole("<h1>Shop</h1><p>Hats and mugs.</p>"),
    }, gives=("read", titles(HAS)))  # fmt: skip
    # What is kept was over long before; a letter of what is new cannot be made of it.
    t.add("rescue-team-was-disbanded", "not_found", "leave", LETTER, _feed, lambda w: {
        "/callouts.rss": status(410, "<h1>Gone</h1><p>The team was disbanded in March.</p>"),
        "/": whole("<h1>Thank you</h1><p>After sixty years the team was disbanded. What we did from "
                   '1964 to 2019 <a href="/archive">is kept here</a>.</p>', menu={"/": "Home"},
                   head=feed_link("/archive.rss", "Archive 1964 to 2019")),
        "/archive": whole(log(callouts(8, newest=12))),
        "/archive.rss": rss(callouts(8, newest=12), w.origin, title="Archive 1964 to 2019"),
    })  # fmt: skip


def _behind_doors(t: Table) -> None:
    t.add("rescue-rest-for-members", "auth", "leave", LOG, _log, lambda w: {
        "/callouts": whole(log(HAS[:2]) + '<div class="wall"><p>Twelve more reports are for members. '
                           '<a href="/login?next=/callouts">Sign in</a> or <a href="/join">join us</a>.'
                           "</p></div>"),
        "/login": whole('<form method="post"><input name="email"><input type="password" name="pw">'
                        "<button>Sign in</button></form>", title="Sign in"),
        "/": HOME, "/training": whole(evenings()),
    }, fails=False, good_runs=3)  # fmt: skip
    t.add("rescue-consent-in-between", "blocked", "leave", LOG, _log, lambda w: {
        **{path: redirect(f"/consent?back={path}") for path in ("/", "/callouts", "/training")},
        "/consent": whole(
            "<h1>Your choices</h1><p>We and 214 partners store cookies on your device. Without your "
            "choice we cannot show you this site.</p><form method='post' action='/consent'><button "
            "name='all'>Agree to all</button><button name='none'>Reject</button></form>", menu={}),
    })  # fmt: skip
    t.add("rescue-feed-behind-a-firewall", "blocked", "leave", FEED, _feed, lambda w: {
        path: status(403, "<html><head><title>Access denied</title></head><body><h1>Error 1020</h1>"
                     "<p>Access denied. The owner of this website has banned the autonomous system "
                     "number you are in.</p></body></html>")
        for path in ("/callouts.rss", "/", "/callouts", "/training")
    })  # fmt: skip


def _empty(t: Table) -> None:
    t.add("rescue-feed-ran-dry", "empty_result", "heal", FEED, _feed, lambda w: {
        "/callouts.rss": rss([], w.origin),
        "/": whole("<h1>We come when you call</h1>", head=feed_link("/news/feed/callouts", "Call-outs")
                   + feed_link("/news/feed/training", "Training")),
        "/news/feed/callouts": rss(HAS, w.origin), "/news/feed/training": training_rss(w.origin),
    }, gives=("read", titles(HAS)), fails=False, good_runs=3)  # fmt: skip
    t.add("rescue-states-spelled-anew", "empty_result", "heal", DUTY, _due, lambda w: (
        w.tables(book(waiting="report_due")) or {}
    ), gives=("outputs", lambda w: [c.title for c in DUE]), fails=False, good_runs=3)  # fmt: skip
    t.add("rescue-no-path-is-closed", "empty_result", "leave", LOG.replace("/callouts", "/closures"),
          lambda w: {"/closures": whole(log(HAD[:6]).replace("Call-outs", "Closed paths")), "/": HOME},
          lambda w: {
        "/closures": whole('<h1>Closed paths</h1><p class="none">All paths are open today. Enjoy the '
                           "hills!</p>" + evenings()),
        "/": HOME,
    })  # fmt: skip
    # All of the week's reports are filed on Saturday evening: nothing is ever due on a Sunday.
    t.add("rescue-nothing-due-on-sundays", "empty_result", "leave", DUTY, _due, lambda w: (
        w.tables(book(waiting="Filed")) or {}
    ), days=(-15, -14, -13, -12, -8, -7, -6, -2, -1), quiet=(1, 5), fails=False)  # fmt: skip


def _heavy_and_slow(t: Table) -> None:
    t.add("rescue-feed-with-pictures-inside", "too_large", "heal", FEED, _feed, lambda w: {
        "/callouts.rss": rss(HAS, w.origin, title="Call-outs with pictures", heavy=900_000),
        "/": whole("<h1>We come when you call</h1>",
                   head=feed_link("/callouts.rss", "Call-outs with pictures")
                   + feed_link("/training.rss", "Training")
                   + feed_link("/callouts-light.rss", "Call-outs without pictures")),
        "/callouts-light.rss": rss(HAS, w.origin), "/training.rss": training_rss(w.origin),
    }, gives=("read", titles(HAS)))  # fmt: skip
    t.add("rescue-register-takes-its-time", "timeout", "heal",
          PLACES.replace("retry: {attempts: 1}", "retry: {attempts: 1}\n    timeout: 1s"), _register,
          lambda w: {"/register": replace(page(whole(register(HAS))), delay=1.7), "/": HOME},
          gives=("outputs", _told))  # fmt: skip
