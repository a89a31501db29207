"""A third batch, written after what the second had shown was mended, and played once.

Fairs and ferries: what breaks here was taken from bug reports of scrapers, readers and interfaces.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant.models.errors import AnswerInvalid, ContextTooLong, QuotaSpent
from tests.healing.notices import (
    BARE,
    FEED,
    IS,
    NAMED,
    POSTS,
    ROWS,
    WAS,
    Notice,
    alternate,
    notices,
    posts,
    records,
    rows,
    rss,
    site,
    titles,
)  # fmt: skip
from tests.healing.scenarios import Put, Table
from tests.healing.scenarios_fresh import _bare, _boats, _feed, _named, _posts, _rows
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page, redirect

FERRIES = """create table ferries (id integer primary key, ship text, port text, sails text, cabins integer);
insert into ferries (ship, port, sails, cabins) values ('Brent', 'Oban', '07:10', 40),
 ('Solan', 'Mallaig', '08:30', 12), ('Fulmar', 'Ullapool', '09:00', 0), ('Eider', 'Oban', '11:45', 55);
"""
SAILS = """steps:
  - id: rows
    skill: query_database
    with: {sql: "select ship, port from ferries where cabins > 10 and port <> 'cabins' order by ship", database: shop}
outputs: {count: "${{ steps.rows.count }}"}
"""
PAGED = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/office/notices", selector: div.post-item}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) >= 20 }}"]
"""
FULL = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/news/rss", limit: 100}
  - id: ask
    skill: ask_model
    with: {prompt: "Write one line on: ${{ [i.title for i in steps.read.items] }}"}
outputs: {said: "${{ [steps.ask.text] }}"}
"""
GRADE = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "Grade the ferry: text and number of stars.", schema: {type: object, properties: {text: {type: string}, stars: {type: integer}}}}
  - id: note
    set: {said: "${{ steps.ask.record.text + ', ' + string_of }}"}
outputs: {said: "${{ [vars.said] }}"}
""".replace(" + ', ' + string_of", "")
COUNT = """steps:
  - id: count
    skill: count_pages
    with: {url: "{origin}/"}
outputs: {pages: "${{ steps.count.pages }}"}
"""
MAIL = """steps:
  - id: send
    skill: send_email
    with: {to: lee@example.org, subject: Ferries, body: The ferry sails at ten.}
outputs: {state: "${{ steps.send.receipt.state }}"}
"""
SHIPS = ("rows", lambda w: ["Brent", "Eider", "Solan"])


def _list_items(told: list[Notice]) -> str:
    """Bullets of a word processor: no class at all, a date in brackets."""
    lines = "".join(
        f"<li><a href='{n.path}'><b>{n.title}</b></a> ({n.when:%d %b %Y})<br>{n.text}</li>"
        for n in told
    )
    return f"<ul>{lines}</ul>"


def _outlined(told: list[Notice]) -> str:
    """Headings with paragraphs after them, and nothing around the two."""
    return "<div class='prose'>" + "".join(
        f'<h3><a href="{n.path}">{n.title}</a></h3><p>{n.text}</p>' for n in told
    ) + "</div>"  # fmt: skip


def _suffixed(told: list[Notice]) -> str:
    """CSS modules: every class with a hash that changes with each build."""
    return (
        posts(told).replace("post-item", "PostItem_root__x81Ka")
        .replace("post-title", "PostItem_title__m2Qq0").replace("post-meta", "PostItem_meta__9sd1z")
        .replace("post-excerpt", "PostItem_text__77aBc").replace('"posts"', '"Posts_list__0pQ2r"')
    )  # fmt: skip


def _kind(kind: str) -> Put:
    def put(w: World) -> dict:
        w.buggy.write_text(kind, encoding="utf-8")
        return {}

    return put


def _mail(answer: str) -> Put:
    def put(w: World) -> dict:
        w.state["mail"] = answer
        return {}

    return put


def _says(clerk: Any, count: int = 14, **others: Any) -> Put:
    def put(w: World) -> dict:
        w.models.clear()
        w.models["clerk"] = clerk
        w.models.update(others)
        return {"/news/rss": rss(notices(count, newest=count + 10), w.origin)}

    return put


def fill(table: Table) -> None:
    _moved(table)
    _closed(table)
    _pages(table)
    _data(table)
    _calls(table)
    _models(table)


def _moved(t: Table) -> None:
    read = {"gives": ("read", titles(IS))}
    t.add("moved-one-folder-up", "moved", "heal", POSTS, _posts, lambda w: {
        "/office/": site("<h1>The office</h1><p><a href='/office/news/'>News and notices</a></p>"),
        "/office/news/": site(posts(IS)), "/": site("<h1>The harbour</h1>")}, **read)  # fmt: skip
    t.add("feed-linked-in-the-footer", "moved", "heal", FEED, _feed, lambda w: {
        "/": site(posts(IS[:4]) + "<p><a href='/export/notices.rss'>RSS</a></p>"),
        "/export/notices.rss": rss(IS, w.origin)}, **read)  # fmt: skip
    t.add("answer-tells-the-new-place", "moved", "heal", NAMED, _named, lambda w: {
        "/api/notices": status(404, json.dumps({"error": {"code": "moved", "detail": {
            "documentation": "https://docs.example/api", "use": "/api/office/notices"}}})),
        "/api/office/notices": json.dumps({"notices": records(IS, w.origin)}),
    }, gives=("list", titles(IS)))  # fmt: skip
    t.add("sold-to-a-casino", "moved", "leave", FEED, _feed, lambda w: {
        "/news/rss": rss([], w.origin).replace("</channel>", "".join(
            f"<item><title>Best bonus number {n}</title><link>https://casino.example/{n}</link>"
            f"<description>Play now and win.</description></item>" for n in range(14)) + "</channel>"),
        "/": site("<h1>Best bonus</h1>")}, fails=False, good_runs=4)  # fmt: skip
    t.add("redirected-to-the-front-page", "not_found", "leave", POSTS, _posts, lambda w: {
        "/office/notices": redirect("/", 302),
        "/": site("<h1>The harbour</h1><p>Welcome to our new pages.</p>")})  # fmt: skip
    t.add("archive-of-last-year-only", "not_found", "leave", POSTS, _posts, lambda w: {
        "/": site("<p><a href='/office/archive'>Archive of notices</a></p>"),
        "/office/archive": site(posts(WAS[8:]) + posts(notices(8, newest=5)))})  # fmt: skip


def _closed(t: Table) -> None:
    t.add("sign-in-with-the-company", "auth", "leave", POSTS, _posts, lambda w: {
        "/office/notices": redirect("/sso/login?next=/office/notices"),
        "/sso/login": site("<h1>Log in</h1><p>Log in with your company account.</p><form method='post'>"
                           "<input name='user'><input type='password' name='password'></form>"),
        "/": site("<h1>The harbour</h1>")})  # fmt: skip
    t.add("key-was-revoked", "auth", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(401, '{"error": "invalid_api_key", "message": "This key was revoked."}')})  # fmt: skip
    t.add("cookie-wall", "blocked", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site("<h1>Cookies</h1><p>To read on, accept cookies of us and 212 partners, or "
                                "take the paid plan. We use personal data for advertising.</p>"
                                "<button>Accept and continue</button><button>Pay</button>")})  # fmt: skip
    t.add("bot-check-with-403", "blocked", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(403, "<html><title>Attention Required!</title><h1>Sorry, you have been "
                                    "blocked</h1></html>")})  # fmt: skip
    t.add("one-hundred-a-month", "quota", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(402, '{"message": "Monthly quota of 100 calls is used up"}')})  # fmt: skip
    t.add(
        "mailbox-over-its-size", "quota", "leave", MAIL, lambda w: {}, _mail("452 4.2.2 Over quota")
    )
    t.add("asked-too-often-for-a-while", "rate_limited", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(429, '{"message": "Too many requests"}')})  # fmt: skip


def _pages(t: Table) -> None:
    read = {"gives": ("read", titles(IS))}
    t.add("css-modules", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site(_suffixed(IS))}, **read)  # fmt: skip
    t.add("bullets-without-classes", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site(_list_items(IS))}, **read)  # fmt: skip
    t.add("headings-without-boxes", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site(_outlined(IS))}, **read)  # fmt: skip
    t.add("columns-in-another-order", "shape_changed", "heal", ROWS, _rows, lambda w: {
        "/register": site(rows(IS).replace('class="name"', 'class="c1"').replace('class="date"', 'class="c2"')
                          .replace('class="fee"', 'class="c3"').replace('class="notice"', 'class="r"'))},
        **read)  # fmt: skip
    t.add("list-in-a-second-tab", "shape_changed", "heal", POSTS, _posts, lambda w: {
        "/office/notices": site("<div class='tab' id='events'>" + "".join(
            f"<div class='event'><h3>Market day {n}</h3><p>On the quay.</p></div>" for n in range(6))
            + "</div><div class='tab' id='papers'>" + posts(IS).replace("post-item", "paper") + "</div>")},
        **read)  # fmt: skip
    t.add("pages-of-ten", "empty_result", "heal", PAGED, lambda w: {
        "/office/notices": site(posts(notices(24)))}, lambda w: {
        "/office/notices": site(posts(notices(24, newest=26)[:10]) + "<nav><a rel='next' href='?page=2'>Next</a></nav>"),
        "/office/notices?page=2": site(posts(notices(24, newest=26)[10:20]) + "<nav><a rel='next' href='?page=3'>Next</a></nav>"),
        "/office/notices?page=3": site(posts(notices(24, newest=26)[20:]))},
        gives=("read", titles(notices(24, newest=26))))  # fmt: skip
    t.add("related-links-are-left", "shape_changed", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site("<p>The list is being rebuilt.</p><aside><h4>Related</h4><ul>" + "".join(
            f"<li><a href='/topics/{n}'>All about topic {n}</a></li>" for n in range(12)) + "</ul></aside>")})  # fmt: skip
    t.add("fees-are-hidden-now", "shape_changed", "leave", ROWS, _rows, lambda w: {
        "/register": site("".join(rows(IS)).replace(" EUR</td>", "</td>").replace('class="fee">', 'class="fee">on request ')
                          .replace("on request ", "<!--").replace("</td></tr>", "--></td></tr>"))},
        fails=False, good_runs=4)  # fmt: skip
    t.add("school-holidays", "empty_result", "leave", POSTS, _posts, lambda w: {
        "/office/notices": site("<h1>Notices</h1><p>The office is closed until the 4th. No notices.</p>")})  # fmt: skip


def _data(t: Table) -> None:
    listed = {"gives": ("list", titles(IS))}
    t.add("results-in-place-of-notices", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"count": 14, "next": None, "results": records(IS, w.origin)})},
        **listed)  # fmt: skip
    t.add("json-api-attributes", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": [
            {"type": "notice", "key": str(one["id"]), "attributes": one} for one in records(IS, w.origin)]})},
        **listed)  # fmt: skip
    t.add("name-is-an-object", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"notices": [one | {"name": {"rendered": one["name"], "lang": "en"}}
                                                for one in records(IS, w.origin)]})},
        fails=False, **listed)  # fmt: skip
    t.add("bare-list-again", "shape_changed", "heal", NAMED, _named, lambda w: {
        "/api/notices": json.dumps(records(IS, w.origin))}, **listed)  # fmt: skip
    t.add("another-schema-of-strangers", "shape_changed", "leave", NAMED, _named, lambda w: {
        "/api/notices": json.dumps({"services": [{"host": f"node{n}", "up": True} for n in range(14)]})})  # fmt: skip
    t.add("column-in-quotes-untouched", "shape_changed", "heal", SAILS, _boats(FERRIES),
          _boats(FERRIES.replace("cabins integer", "cabin_count integer").replace("sails, cabins)", "sails, cabin_count)")),
          gives=SHIPS)  # fmt: skip
    t.add("table-with-a-prefix", "shape_changed", "heal", SAILS, _boats(FERRIES),
          _boats(FERRIES.replace(" ferries", " tbl_ferries")), gives=SHIPS)  # fmt: skip


def _calls(t: Table) -> None:
    hasty = BARE.replace("    retry", "    timeout: 400ms\n    retry")

    def capped(w: World) -> dict:
        def answer(asked: Asked) -> Page:
            size = int(parse_qs(urlsplit(asked.target).query).get("limit", ["20"])[0])
            if size > 200:
                return status(400, '{"error": "limit: must not exceed 200"}')
            return as_route(json.dumps({"notices": records(IS[:size], w.origin)}))  # type: ignore[return-value]

        return {"/api/notices": answer}

    sized = NAMED.replace("/api/notices", "/api/notices?limit=1000")
    t.add("limit-must-not-exceed", "bad_arguments", "heal", sized, _named, capped,
          gives=("list", titles(IS)))  # fmt: skip
    t.add("a-date-is-wanted", "bad_arguments", "leave", NAMED, _named, lambda w: {
        "/api/notices": status(400, '{"error": "from and until are required"}')})  # fmt: skip
    t.add("interface-takes-its-time", "timeout", "heal", hasty, _bare, lambda w: {
        "/api/notices": replace(as_route(json.dumps(records(IS, w.origin))), delay=1.2)},  # type: ignore[type-var]
        gives=("list", titles(IS)))  # fmt: skip
    t.add("maintenance-until-six", "transient", "leave", POSTS, _posts, lambda w: {
        "/office/notices": status(503, site("<h1>Maintenance</h1><p>Back at six.</p>")),
        "/": status(503, site("<h1>Maintenance</h1>"))})  # fmt: skip
    t.add("gateway-timed-out", "transient", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(504, "<h1>504 Gateway Time-out</h1>")})  # fmt: skip
    t.add("feed-with-all-of-history", "too_large", "leave", FEED, _feed, lambda w: {
        "/news/rss": rss(IS, w.origin) + "<!--" + "y" * 26_000_000 + "-->",
        "/": site(posts(IS[:2]), head=alternate("/news/rss", "News"))})  # fmt: skip
    t.add("skill-stumbles", "bug", "leave", COUNT, _kind("good"), _kind("broken"))
    t.add("skill-returns-a-list", "bug", "leave", COUNT, _kind("good"), _kind("odd"))


def _models(t: Table) -> None:
    good = {"text": "Calm", "stars": 4}
    said: dict[str, Any] = {"gives": ("outputs", lambda w: ["Calm"])}

    def reads(most: int) -> Callable[[Any], Any]:
        return lambda asked: (
            ContextTooLong("the conversation is too long for clerk") if len(asked.prompt) > most
            else "All is calm."
        )  # fmt: skip

    t.add("headlines-have-multiplied", "too_large", "heal", FULL, _says(reads(1800)),
          _says(reads(1800), count=90), gives=("ask", lambda w: ["All is calm"]))  # fmt: skip
    t.add("text-is-left-out", "model_output", "heal", GRADE, _says(lambda asked: good),
          _says(lambda asked: good if "text" in (asked.schema or {}).get("required", ()) else {"stars": 4}),
          **said)  # fmt: skip
    t.add("senior-keeps-to-the-form", "model_output", "heal", GRADE, _says(lambda asked: good),
          _says(lambda asked: AnswerInvalid("the answer of clerk does not fit its schema: 'stars' is text"),
                senior=lambda asked: good), **said)  # fmt: skip
    t.add("credit-is-used-up", "quota", "leave", GRADE, _says(lambda asked: good),
          _says(lambda asked: QuotaSpent("the account with the provider has nothing left")))  # fmt: skip
