"""A ninth batch, in the town of Tarnbeck: its addresses, its pages and its doors.

`MENDS` are the repairs that a careful person would write: old and new words of the job file.
"""

from __future__ import annotations

import re

from tests.healing.scenarios import Table
from tests.healing.tarnbeck import (
    NOTICED,
    NOTICES,
    OFFERED,
    OFFERS,
    SHOWN,
    SHOWS,
    TENDERED,
    TENDERS,
    Notice,
    Show,
    Tender,
    Vacancy,
    atom,
    blocks,
    cards,
    declared,
    json_feed,
    meetings,
    newest,
    notice_list,
    of_year,
    offers,
    posts,
    programme,
    rss,
    season,
    tender_table,
    titles,
    vacancies,
    view,
    whole,
)  # fmt: skip
from tests.healing.world import World, status
from tests.loopback import page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/rss.xml", limit: 40}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
NOTICE_FEED = FEED.replace("/rss.xml", "/planning.rss")
SHOW_LIST = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/whats-on", selector: li.show}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
NEWS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/news"
      selector: article.post
      fields: {title: h2.entry-title, url: "h2.entry-title a@href", published: "time.entry-date@datetime"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.published for r in steps.read.records] }}"}
"""
NOTICE_LIST = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/planning/notices"
      selector: li.notice
      fields: {title: h3, url: "h3 a@href", ref: .ref}
    retry: {attempts: 1}
outputs: {said: "${{ [r.ref + ' ' + r.title for r in steps.read.records] }}"}
"""
VIEW = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/planning"
      selector: .view-notices .views-row
      fields: {title: .views-field-title, url: ".views-field-title a@href", ref: .views-field-field-ref}
    retry: {attempts: 1}
outputs: {said: "${{ [r.ref + ' ' + r.title for r in steps.read.records] }}"}
"""
TENDER_LIST = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/tenders"
      selector: table.tenders tbody tr
      fields: {title: td.title, url: "td.title a@href", value: td.value, closes: td.closes}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.value for r in steps.read.records] }}"}
"""
COLUMNS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/tenders"
      selector: table.tenders tbody tr
      fields: {title: "td:nth-child(1)", url: "td:nth-child(1) a@href", value: "td:nth-child(2)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.value for r in steps.read.records] }}"}
"""
JOBS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/jobs"
      selector: li.vacancy
      fields: {title: h3, url: "h3 a@href", pay: .pay}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.pay for r in steps.read.records] }}"}
"""
HOME = whole("<h1>Tarnbeck</h1><p>A town with a river, a playhouse and six bridges.</p>")
MISSING = whole(
    "<h1>We looked everywhere</h1><p>This page does not exist. You may have typed the address wrongly. "
    'People often look for:</p><ul class="popular"><li><a href="/tax">Pay your council tax</a></li><li>'
    '<a href="/bins">When are my bins emptied?</a></li><li><a href="/contact">Report a broken lamp</a>'
    "</li></ul>", title="Page not found – Tarnbeck Town",
)  # fmt: skip
CONSENT = whole(
    "<h1>Before the curtain rises</h1><p>We and 174 partners would like to keep cookies on your device. "
    'Choose first, then you may go on to the programme.</p><form method="post" action="/choice"><button>'
    'Accept</button><button name="less">Only what is needed</button></form>', menu={}, title="Cookies",
)  # fmt: skip
CHECK = (
    "<!doctype html><html><head><title>Just a moment…</title></head><body><h1>Checking that you are human"
    '</h1><p>Complete the captcha to go on.</p><div class="captcha" data-sitekey="4f1c"></div></body></html>'
)
SIGN_IN = whole(
    "<h1>Supplier portal</h1><p>Since 1 March tenders are shown to registered suppliers only.</p>"
    '<form method="post" action="/sign-in"><label>Mail <input name="mail"></label><label>Password '
    '<input type="password" name="word"></label><button>Sign in</button></form>', title="Sign in",
)  # fmt: skip


def _feed(w: World) -> dict:
    return {
        "/rss.xml": rss(SHOWN, w.origin, "What's on at the Lantern"),
        "/": whole("<h1>The Lantern</h1>", head=declared("/rss.xml", "What's on at the Lantern")),
    }


def _planning_feed(w: World) -> dict:
    return {
        "/planning.rss": rss(NOTICED, w.origin, "Planning notices"),
        "/": whole("<h1>Tarnbeck</h1>", head=declared("/planning.rss", "Planning notices")),
    }


def _shows(w: World) -> dict:
    return {"/whats-on": whole(programme(SHOWN)), "/": whole('<a href="/whats-on">What\'s on</a>')}


def _news(w: World) -> dict:
    return {"/news": whole(posts(SHOWN)), "/": whole('<a href="/news">News</a>')}


def _notices(w: World) -> dict:
    return {
        "/planning/notices": whole(notice_list(NOTICED)),
        "/": whole('<a href="/planning/notices">Planning notices</a>'),
    }


def _view(w: World) -> dict:
    return {"/planning": whole(meetings() + view(NOTICED, "notices")), "/": HOME}


def _tenders(w: World) -> dict:
    return {"/tenders": whole(tender_table(TENDERED)), "/": whole('<a href="/tenders">Tenders</a>')}


def _jobs(w: World) -> dict:
    return {"/jobs": whole(vacancies(OFFERED)), "/": whole('<a href="/jobs">Vacancies</a>')}


def _valued(w: World) -> list[str]:
    return [f"{one.title} / {one.value}" for one in TENDERS]


def _paid(w: World) -> list[str]:
    return [f"{one.title} / {one.pay}" for one in OFFERS]


def _referred(w: World) -> list[str]:
    return [f"{one.ref} {one.title}" for one in NOTICES]


def fill(table: Table) -> None:
    _moved(table)
    _gone(table)
    _redrawn(table)
    _empty(table)
    _doors(table)


def _moved(t: Table) -> None:
    news = declared("/backstage/feed/", "Backstage, the blog of the Lantern", "atom+xml")
    said = declared("/comments/feed/", "The Lantern: comments")
    on = declared("/whats-on/feed/", "What's on at the Lantern", "atom+xml")
    t.add("town-feed-leads-home", "moved", "heal", FEED, _feed, lambda w: {
        "/rss.xml": redirect("/", 301),
        "/": whole("<h1>The Lantern, now with a new site</h1>", head=news + on + said),
        "/whats-on/feed/": atom(SHOWS, w.origin, "What's on at the Lantern"),
        "/backstage/feed/": atom(newest(Show, 22, 8), w.origin, "Backstage, the blog of the Lantern"),
        "/comments/feed/": rss([], w.origin, "The Lantern: comments"),
    }, gives=("read", titles(SHOWS)))  # fmt: skip
    t.add("town-notices-behind-a-landing", "moved", "heal", NOTICE_LIST, _notices, lambda w: {
        "/planning/notices": redirect("/planning", 301),
        "/planning": whole(
            "<h1>Planning and building</h1><p>All about planning in Tarnbeck.</p><p><a "
            'href="/planning/fees">What an application costs</a></p><p><a href="/planning/current-notices">'
            'Planning notices</a></p><p><a href="/planning/notices-2024">Planning notices of 2024</a></p>'),
        "/planning/current-notices": whole(notice_list(NOTICES)),
        "/planning/notices-2024": whole(of_year(notice_list(newest(Notice, 20)), 2024)),
        "/planning/fees": whole("<h1>Fees</h1><p>A loft conversion costs £258.</p>"),
        "/": HOME,
    }, gives=("outputs", _referred))  # fmt: skip


def _gone(t: Table) -> None:
    minutes = declared("/feeds/minutes.json", "Minutes of the council", "feed+json")
    ours = declared("/feeds/planning.json", "Planning notices", "feed+json")
    t.add("town-feed-is-json-now", "not_found", "heal", NOTICE_FEED, _planning_feed, lambda w: {
        "/planning.rss": status(404, MISSING),
        "/": whole("<h1>Tarnbeck</h1>", head=minutes + ours),
        "/feeds/planning.json": page(json_feed(NOTICES, w.origin, "Planning notices"), "application/feed+json"),
        "/feeds/minutes.json": page(
            json_feed(newest(Notice, 15, 5), w.origin, "Minutes of the council"), "application/feed+json"),
    }, gives=("read", titles(NOTICES)))  # fmt: skip
    t.add("town-jobs-under-another-name", "not_found", "heal", JOBS, _jobs, lambda w: {
        "/jobs": status(404, whole(
            "<h1>Page not found</h1><p>Our site has been sorted anew. Vacancies stand under "
            '<a href="/working-for-us/vacancies">Working for us</a>.</p>')),
        "/working-for-us/vacancies": whole(vacancies(OFFERS)),
        "/volunteering": whole(re.sub(
            "£[0-9,]+ a year", "unpaid", vacancies(newest(Vacancy, 8, 5)).replace("Vacancies", "Volunteers"))),
        "/": whole('<h1>Tarnbeck</h1><a href="/volunteering">Volunteering</a> '
                   '<a href="/working-for-us/vacancies">Working for us: vacancies</a>'),
    }, gives=("outputs", _paid))  # fmt: skip
    t.add("town-page-says-not-found", "not_found", "leave", JOBS, _jobs,
          lambda w: {"/jobs": MISSING, "/": HOME})  # fmt: skip
    farewell = whole(
        "<h1>Curtain</h1><p>The Lantern Playhouse closed on 28 February after 91 years. Thank you all. "
        "There will be no further programme and this site goes offline in June.</p>", menu={},
        title="The Lantern Playhouse has closed",
    )  # fmt: skip
    t.add("town-playhouse-closed", "not_found", "leave", FEED, _feed,
          lambda w: {"/rss.xml": status(410, farewell), "/": farewell})  # fmt: skip


def _redrawn(t: Table) -> None:
    t.add("town-news-in-blocks", "shape_changed", "heal", NEWS, _news,
          lambda w: {"/news": whole(blocks(SHOWS)), "/": HOME},
          gives=("outputs", lambda w: [f"{s.title} / {s.when:%Y-%m-%d}" for s in SHOWS]))  # fmt: skip
    t.add("town-view-renamed", "shape_changed", "heal", VIEW, _view, lambda w: {
        "/planning": whole(meetings() + view(NOTICES, "planning-register")), "/": HOME,
    }, gives=("outputs", _referred))  # fmt: skip
    t.add("town-tenders-as-cards", "shape_changed", "heal", TENDER_LIST, _tenders, lambda w: {
        "/tenders": whole("<h1>Open tenders</h1>" + cards(TENDERS, "tender-card") + "<h2>Lately awarded</h2>"
                          + cards(newest(Tender, 12, 4), "award-card")),
        "/": HOME,
    }, gives=("outputs", _valued))  # fmt: skip
    t.add("town-jobs-as-terms", "shape_changed", "heal", JOBS, _jobs, lambda w: {
        "/jobs": whole(
            '<h1>Vacancies</h1><dl class="hours"><div><dt>Personnel office</dt><dd>Monday to Friday</dd></div>'
            "<div><dt>Telephone</dt><dd>from nine to four</dd></div><div><dt>Visitors</dt><dd>Tuesdays</dd>"
            "</div></dl>" + offers(OFFERS)),
        "/": HOME,
    }, gives=("outputs", _paid))  # fmt: skip
    t.add("town-columns-before", "shape_changed", "heal", COLUMNS, _tenders, lambda w: {
        "/tenders": whole(tender_table(TENDERS, wider=True)), "/": HOME,
    }, gives=("outputs", _valued), fails=False, good_runs=3)  # fmt: skip
    t.add("town-shows-under-headings", "shape_changed", "heal", SHOW_LIST, _shows, lambda w: {
        "/whats-on": whole(season(SHOWS) + '<section class="over"><h2>What you missed</h2>'
                           + programme(newest(Show, 18, 9), kind="gone", around="gone-by") + "</section>"),
        "/": HOME,
    }, gives=("read", titles(SHOWS)))  # fmt: skip
    t.add("town-only-awarded-tenders", "shape_changed", "leave", TENDER_LIST, _tenders, lambda w: {
        "/tenders": whole(
            "<h1>Tenders</h1><p>Open tenders are advertised in the county gazette from now on, no longer "
            "here.</p><h2>Contracts that were awarded</h2>"
            + tender_table(newest(Tender, 12, 12), kind="awarded")),
        "/": HOME,
    })  # fmt: skip


def _empty(t: Table) -> None:
    t.add("town-no-notices-on-sundays", "empty_result", "leave", NOTICE_LIST, _notices, lambda w: {
        "/planning/notices": whole(
            "<h1>Planning notices</h1><p>Notices are shown from Monday to Saturday. None today.</p>"),
        "/": whole('<a href="/planning/notices">Planning notices</a>'),
    }, days=(-21, -20, -14, -13, -7, -4, -1), quiet=(0, 2, 4))  # fmt: skip
    t.add("town-notices-came-to-an-end", "empty_result", "leave", NOTICE_LIST, _notices, lambda w: {
        "/planning/notices": whole(
            "<h1>Planning notices</h1><p>The list of notices ended with no. TB/26/0460. The county does the "
            'planning of Tarnbeck since March and publishes nothing here.</p><ul class="notices"></ul>'),
        "/": whole('<a href="/planning/notices">Planning notices</a>'),
    })  # fmt: skip
    t.add("town-last-season-only", "empty_result", "leave", SHOW_LIST, _shows, lambda w: {
        "/whats-on": whole(
            "<h1>What's on</h1><p>The house is being rewired. The next season will be announced in May.</p>"
            "<h2>Looking back: our season of 2025</h2>"
            + of_year(programme(newest(Show, 14, 14), kind="memory", around="memories"), 2025)),
        "/": whole('<a href="/whats-on">What\'s on</a>'),
    })  # fmt: skip


def _doors(t: Table) -> None:
    t.add("town-tenders-for-members", "auth", "leave", TENDER_LIST, _tenders, lambda w: {
        "/tenders": redirect("/sign-in?next=/tenders"), "/sign-in": SIGN_IN, "/": HOME,
    })  # fmt: skip
    t.add("town-cookies-first", "blocked", "leave", SHOW_LIST, _shows,
          lambda w: {"/whats-on": CONSENT, "/": CONSENT})  # fmt: skip
    t.add("town-are-you-human", "blocked", "leave", NEWS, _news,
          lambda w: {"/news": status(403, CHECK), "/": status(403, CHECK)})  # fmt: skip
    t.add("town-robots-keep-out", "blocked", "leave", NOTICE_LIST, _notices, lambda w: {
        **_notices(w), "/robots.txt": page("User-agent: *\nDisallow: /planning/\n", "text/plain"),
    }, days=(-4, -2))  # fmt: skip


_CARD = (
    "selector: table.tenders tbody tr\n      fields: {title: td.title, url: \"td.title a@href\", value: td.value, closes: td.closes}",
    'selector: div.tender-card\n      fields: {title: h3, url: "h3 a@href", value: .tender-card__value b, closes: "@data-closes"}',
)  # fmt: skip
MENDS = {
    "town-feed-leads-home": [("/rss.xml", "/whats-on/feed/")],
    "town-notices-behind-a-landing": [("/planning/notices", "/planning/current-notices")],
    "town-feed-is-json-now": [("/planning.rss", "/feeds/planning.json")],
    "town-jobs-under-another-name": [("{origin}/jobs", "{origin}/working-for-us/vacancies")],
    "town-news-in-blocks": [
        ("article.post", "li.wp-block-post"),
        ("h2.entry-title", "h2.wp-block-post-title"),
        ("time.entry-date", ".wp-block-post-date time"),
    ],
    "town-view-renamed": [(".view-notices", ".view-planning-register")],
    "town-tenders-as-cards": [_CARD],
    "town-jobs-as-terms": [
        ("li.vacancy", "div.offer"),
        ('{title: h3, url: "h3 a@href", pay: .pay}', '{title: dt, url: "dt a@href", pay: .offer__wage}'),
    ],
    "town-columns-before": [
        ("td:nth-child(2)", "td:nth-child(4)"),
        ("td:nth-child(1)", "td:nth-child(2)"),
    ],
    "town-shows-under-headings": [("li.show", "h3.season-title")],
}  # fmt: skip
