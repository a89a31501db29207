"""The second world's calls: slow, too much, too often, refused, or answered with nonsense."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant.models.doubles import Asked as AskedModel
from assistant.models.errors import AnswerInvalid, Refused
from tests.healing.notices import (
    BARE,
    FEED,
    IS,
    NAMED,
    POSTS,
    WAS,
    posts,
    records,
    rss,
    site,
    titles,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.scenarios_fresh import BOATS, JOINED, _bare, _boats, _feed, _named, _posts
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page

BULK = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/notices?sort=new&per_page=500"}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.api.response.data.notices) }}"}
"""
TWO = """steps:
  - id: read
    skill: fetch_feed
    with: {urls: ["{origin}/news/rss", "{origin}/works/rss"], limit: 60}
    retry: {attempts: 1}
    timeout: 500ms
outputs: {count: "${{ size(steps.read.items) }}"}
"""
DETAILS = """steps:
  - id: each
    for_each: "${{ [11, 12, 13] }}"
    max_parallel: 3
    collect: "${{ steps.one.response.data.name }}"
    steps:
      - id: one
        skill: http_request
        with: {url: "{origin}/api/notices/${{ item }}"}
        retry: {attempts: 1}
outputs: {said: "${{ steps.each.items }}"}
"""
DIGEST = """steps:
  - id: rows
    skill: query_database
    with: {sql: "select line from log order by id desc", database: shop, limit: 400}
  - id: ask
    skill: ask_model
    with: {prompt: "What stands out? ${{ [r.line for r in steps.rows.rows] }}"}
outputs: {said: "${{ [steps.ask.text] }}"}
"""
REPORT = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "Tide and swell at the mole today?", schema: {schema}}
  - id: note
    set: {said: "${{ 'Tide ' + steps.ask.record.tide + ', swell ' + steps.ask.record.swell }}"}
outputs: {said: "${{ [vars.said] }}"}
"""
NAMES = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/news/rss", limit: 20}
  - id: ask
    skill: ask_model
    with:
      prompt: "Name the ships in: ${{ [i.title for i in steps.read.items] }}"
      schema: {type: object, properties: {ships: {type: array, items: {type: string}}}, required: [ships]}
outputs: {ships: "${{ steps.ask.record.ships }}"}
expect: ["${{ size(steps.ask.record.ships) > 0 }}"]
"""
LETTER = """steps:
  - id: send
    skill: send_email
    with: {to: kim@example.org, subject: Tides, body: High water is at noon.}
outputs: {state: "${{ steps.send.receipt.state }}"}
"""
SHARE = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/notices"}
  - id: sum
    set: {each: "${{ 120 / size(steps.api.response.data.notices) }}"}
outputs: {said: "${{ [vars.each] }}"}
"""
PAGES = """steps:
  - id: each
    for_each: "${{ [1, 2] }}"
    collect: "${{ steps.one.pages }}"
    steps:
      - id: one
        skill: count_pages
        with: {url: "{origin}/", limit: "${{ item }}"}
outputs: {said: "${{ steps.each.items }}"}
"""


def fill(table: Table) -> None:
    _transient(table)
    _timeouts(table)
    _too_large(table)
    _rates(table)
    _refusals(table)
    _models(table)
    _bugs(table)


def _hangs_up(asked: Asked) -> Page:
    raise ConnectionResetError("the server closes without a word")


def _locked(w: World) -> dict:
    w.tables(BOATS)
    holder = sqlite3.connect(w.database, check_same_thread=False)
    holder.execute("pragma locking_mode = exclusive")
    holder.execute("begin exclusive")
    w.state["holder"] = holder
    return {}


def _transient(t: Table) -> None:
    t.add("bad-gateway", "transient", "leave", POSTS, _posts, lambda w: {
        "/office/notices": status(502, "<html><h1>502 Bad Gateway</h1><hr>nginx</html>"),
        "/": status(502, "<html><h1>502 Bad Gateway</h1><hr>nginx</html>")})  # fmt: skip
    t.add("closed-without-a-word", "transient", "leave", FEED, _feed, lambda w: {
        "/news/rss": _hangs_up, "/": _hangs_up})  # fmt: skip
    t.add("half-of-the-json", "transient", "leave", NAMED, _named, lambda w: {
        "/api/notices": Page(200, {"content-type": "application/json"},
                             json.dumps({"notices": records(IS, w.origin)})[:700].encode())})  # fmt: skip
    t.add("database-is-locked", "transient", "leave", JOINED, _boats(BOATS), _locked)


def _slow(told: str, seconds: float) -> Page:
    return replace(as_route(told), delay=seconds)  # type: ignore[return-value, type-var]


def _timeouts(t: Table) -> None:
    hasty = POSTS.replace("    retry", "    timeout: 500ms\n    retry")
    t.add("page-takes-a-second", "timeout", "heal", hasty, _posts, lambda w: {
        "/office/notices": _slow(site(posts(IS)), 1.1)}, gives=("read", titles(IS)))  # fmt: skip
    t.add("second-feed-is-slow", "timeout", "heal", TWO, lambda w: {
        "/news/rss": rss(WAS[:7], w.origin), "/works/rss": rss(WAS[7:], w.origin)}, lambda w: {
        "/news/rss": rss(IS[:7], w.origin), "/works/rss": _slow(rss(IS[7:], w.origin), 0.9)},
        gives=("read", titles(IS)))  # fmt: skip
    t.add("page-never-comes", "timeout", "leave", hasty, _posts, lambda w: {
        "/office/notices": _slow(site(posts(IS)), 40.0), "/": _slow(site(""), 40.0)})  # fmt: skip


def _most(w: World, most: int, refusal: tuple[int, str]) -> Callable[[Asked], Page]:
    def answer(asked: Asked) -> Page:
        size = int(parse_qs(urlsplit(asked.target).query).get("per_page", ["20"])[0])
        if size > most:
            return status(*refusal)
        return as_route(json.dumps({"notices": records(IS[:size], w.origin)}))  # type: ignore[return-value]

    return answer


def _too_large(t: Table) -> None:
    def bulk(w: World) -> dict:
        return {"/api/notices": json.dumps({"notices": records(WAS, w.origin)})}

    def heavy(w: World) -> dict:
        def answer(asked: Asked) -> Page:
            size = int(parse_qs(urlsplit(asked.target).query).get("per_page", ["20"])[0])
            scans = [one | {"scan": "A" * 22_000 * size} for one in records(IS[:size], w.origin)]
            return as_route(json.dumps({"notices": scans[:1] + records(IS[1:size], w.origin)}))  # type: ignore[return-value]

        return {"/api/notices": answer}

    def log(lines: int, most: int) -> Callable[[World], dict]:
        def put(w: World) -> dict:
            rows = ", ".join(
                f"({n}, 'Line {n} of the log of the lock keeper')" for n in range(lines)
            )
            w.tables(f"create table log (id integer, line text); insert into log values {rows};")
            w.models["clerk"] = lambda asked: (
                AnswerInvalid("the conversation is too long for clerk") if len(asked.prompt) > most
                else "The lock was opened at noon."
            )  # fmt: skip
            return {}

        return put

    t.add("per-page-is-capped", "too_large", "heal", BULK, bulk, lambda w: {
        "/api/notices": _most(w, 100, (413, '{"message": "per_page must be 100 or less"}'))},
        gives=("api", titles(IS)))  # fmt: skip
    t.add("scans-inside-the-answer", "too_large", "heal", BULK, bulk, heavy,
          gives=("api", titles(IS)))  # fmt: skip
    t.add("log-has-grown", "model_output", "heal", DIGEST, log(20, 6000), log(400, 6000),
          gives=("ask", lambda w: ["The lock was opened"]))  # fmt: skip
    t.add("feed-of-thirty-megabytes", "too_large", "leave", FEED, _feed, lambda w: {
        "/news/rss": rss(IS, w.origin).replace("</channel>", "<!-- " + "x" * 31_000_000 + " --></channel>"),
        "/": site(posts(IS[:3]))})  # fmt: skip


def _spaced(w: World, seconds: float) -> Callable[[Asked], Page]:
    """Serves one call in so many seconds; the others are told when to come back."""
    w.state["served"] = 0.0

    def answer(asked: Asked) -> Page:
        if time.monotonic() - w.state["served"] < seconds:
            return status(429, '{"error": "too many requests"}', retry_after="1")
        w.state["served"] = time.monotonic()
        return as_route(json.dumps({"name": f"notice {asked.path.rpartition('/')[2]}"}))  # type: ignore[return-value]

    return answer


def _rates(t: Table) -> None:
    t.add("three-calls-at-once", "rate_limited", "heal", DETAILS, lambda w: {
        f"/api/notices/{n}": json.dumps({"name": f"notice {n}"}) for n in (11, 12, 13)},
        lambda w: dict.fromkeys([f"/api/notices/{n}" for n in (11, 12, 13)], _spaced(w, 0.5)),
        twice=True, gives=("outputs", lambda w: ["notice 11", "notice 12", "notice 13"]))  # fmt: skip
    # On the second host: what asks for a pause is left alone by all the scenarios after it, too.
    t.add("daily-limit-reached", "rate_limited", "leave", FEED.replace("{origin}", "{other}"),
          lambda w: {f"other:{path}": told for path, told in _feed(w).items()}, lambda w: {
        "other:/news/rss": status(429, "Daily limit of 100 requests reached, resets at 00:00 UTC",
                                  retry_after="40000"), "other:/": site(posts(IS[:3]))},
        twice=True)  # fmt: skip
    t.add("rate-limit-as-403", "rate_limited", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(403, '{"message": "API rate limit exceeded for 203.0.113.9"}',
                               x_ratelimit_remaining="0", x_ratelimit_reset="1790000000")})  # fmt: skip


def _mail(answer: str) -> Callable[[World], dict]:
    def put(w: World) -> dict:
        w.state["mail"] = answer
        return {}

    return put


def _refusals(t: Table) -> None:
    fine = {"/api/notices": WAS}
    t.add("per-page-validated", "bad_arguments", "heal", BULK,
          lambda w: {path: json.dumps({"notices": records(told, w.origin)}) for path, told in fine.items()},
          lambda w: {"/api/notices": _most(w, 50, (422, json.dumps({"detail": [{
              "loc": ["query", "per_page"], "type": "less_than_equal",
              "msg": "Input should be less than or equal to 50"}]})))},
          gives=("api", titles(IS)))  # fmt: skip
    t.add("a-new-header-is-wanted", "bad_arguments", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(400, '{"error": "header X-Client-Contact is required, see our terms"}')})  # fmt: skip
    t.add("body-wanted-for-a-search", "bad_arguments", "leave", NAMED, _named, lambda w: {
        "/api/notices": status(415, '{"error": "POST /api/search with a JSON body"}')})  # fmt: skip
    t.add("quota-of-the-project", "quota", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(403, json.dumps({"error": {
            "code": 403, "status": "RESOURCE_EXHAUSTED",
            "message": "Quota exceeded for quota metric 'Queries' of project 4711"}}))})  # fmt: skip
    t.add("sent-enough-for-today", "quota", "leave", LETTER, lambda w: {},
          _mail("452 4.5.3 Your account has reached its daily sending limit"))  # fmt: skip
    t.add("plan-has-run-out", "quota", "leave", FEED, _feed, lambda w: {
        "/news/rss": status(402, '{"error": "trial ended, please upgrade"}'), "/": site(posts(IS[:3]))})  # fmt: skip


def _models(t: Table) -> None:
    def says(clerk: Any, **others: Any) -> Callable[[World], dict]:
        def put(w: World) -> dict:
            w.models.clear()
            w.models["clerk"] = clerk
            w.models.update(others)
            return {"/news/rss": rss(WAS, w.origin)}

        return put

    good = {"tide": "4 metres", "swell": "low"}
    said = {"gives": ("outputs", lambda w: ["Tide 4 metres, swell low"])}

    def loose(asked: AskedModel) -> Any:
        """Numbers, where the schema does not say that text is wanted."""
        fields = (asked.schema or {}).get("properties", {})
        return good if fields.get("tide", {}).get("type") == "string" else {"tide": 4, "swell": 0}

    def tired(asked: AskedModel) -> Any:
        return AnswerInvalid("the answer of clerk does not fit its schema: 'tide' is missing")

    t.add("numbers-for-text", "model_output", "heal",
          REPORT.replace("{schema}", "{type: object, properties: {tide: {}, swell: {}}}"),
          says(lambda asked: good), says(loose), **said)  # fmt: skip
    t.add("clerk-forgets-a-field", "model_output", "heal",
          REPORT.replace("{schema}", "{tide: string, swell: string}"),
          says(lambda asked: good), says(tired, senior=lambda asked: good), **said)  # fmt: skip
    t.add("no-ship-is-named", "model_output", "leave", NAMES,
          says(lambda asked: {"ships": ["Gull", "Tern"]}), says(lambda asked: {"ships": []},
               senior=lambda asked: {"ships": []}))  # fmt: skip
    t.add("provider-will-not-answer", "model_output", "leave",
          REPORT.replace("{schema}", "{tide: string, swell: string}"), says(lambda asked: good),
          says(lambda asked: Refused("the provider will not answer this")))  # fmt: skip


def _kind(kind: str) -> Callable[[World], dict]:
    def put(w: World) -> dict:
        w.buggy.write_text(kind, encoding="utf-8")
        return {}

    return put


def _bugs(t: Table) -> None:
    t.add("share-of-nothing", "bug", "leave", SHARE, _named, lambda w: {
        "/api/notices": json.dumps({"notices": []})})  # fmt: skip
    t.add("skill-breaks-in-a-loop", "bug", "leave", PAGES, _kind("good"), _kind("broken"))
    t.add("feed-is-not-well-formed", "bug", "leave", FEED, _feed, lambda w: {
        "/news/rss": Page(200, {"content-type": "application/rss+xml"},
                          b'<?xml version="1.0"?><rss><channel><title>Harb\nFatal error: Uncaught '
                          b"TypeError in /var/www/feed.php:31"), "/": site(posts(IS[:3]))},
        fails=False, good_runs=4)  # fmt: skip
    t.add("server-speaks-of-a-bug", "bug", "leave", BARE, _bare, lambda w: {
        "/api/notices": status(500, '{"error": "NullPointerException at NoticeService.java:88"}')})  # fmt: skip
