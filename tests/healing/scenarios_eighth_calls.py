"""The eighth batch, what is asked rather than read: interfaces, tables, models and mail."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.models.doubles import Asked as Prompted
from assistant.models.errors import AnswerCutOff, AnswerInvalid
from tests.healing.harbour import (
    HAD,
    HAS,
    LEAVE,
    LEFT,
    LEFT_LAST_YEAR,
    OLD,
    Notice,
    answer,
    fares,
    feed,
    notices,
    query_of,
    rows_of_notices,
    timetable,
    titles,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Put, Table
from tests.healing.scenarios_eighth import FEED
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page

API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/v1/notices"}
    retry: {attempts: 1}
  - id: list
    set: {notices: "${{ [{'title': n.title, 'url': n.page, 'published': n.posted} for n in steps.api.response.data.notices] }}"}
outputs: {said: "${{ vars.notices }}"}
"""
SAILS = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select ferry, fare from sailings order by id desc"}
outputs: {said: "${{ [r.ferry + ' / ' + r.fare for r in steps.read.rows] }}"}
"""
PORTS = """steps:
  - id: each
    for_each: ["north", "south", "islands", "city"]
    as: port
    max_parallel: 4
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/v1/ports/${{ port }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.state }}"
outputs: {said: "${{ steps.each.items }}"}
"""
JUDGE = """steps:
  - id: judge
    skill: ask_model
    with:
      model: clerk
      prompt: "How will the crossing be? Wind south-west 9, sea very rough, swell 5 metres at the outer mole."
      schema: {sea: [calm, choppy, rough]}
outputs: {said: "${{ [steps.judge.record.sea] }}"}
"""
MAIL = FEED.replace("outputs:", """  - id: send
    skill: send_email
    with: {to: purser@skarvoy.example, subject: Notices, body: "${{ steps.read.items[0].title }}"}
    retry: {attempts: 1}
outputs:""")  # fmt: skip
COUNT = """steps:
  - {id: count, skill: count_pages, with: {url: "{origin}/brochure"}}
outputs: {pages: "${{ steps.count.pages }}"}
"""
SLOW = API.replace("attempts: 1}\n", "attempts: 1}\n    timeout: 1s\n")
ALL = notices(40, newest=63)
SINCE = [one for one in ALL if one.when >= datetime(2026, 3, 14, tzinfo=UTC)]
NORTH = [one for one in ALL if one.port == "north" and one.n >= 40]
STATES = {
    "north": "Open, no delays", "south": "Open, berth 2 closed",
    "islands": "Closed by ice", "city": "Open, long queues",
}  # fmt: skip

MENDS = {
    "ferry-table-renamed": ("from sailings", "from departures"),
    "ferry-key-renamed": ("data.notices", "data.bulletins"),
    "ferry-list-in-an-envelope": ("response.data.notices", "response.data.data.notices"),
    "ferry-fields-renamed": (
        "'title': n.title, 'url': n.page, 'published': n.posted",
        "'title': n.headline, 'url': n.links.web, 'published': n.posted_at",
    ),
    "ferry-column-renamed": (
        "select ferry, fare from",
        "select ferry, fare_adult as fare from",
    ),
    "ferry-wants-iso-dates": ("since=14.03.2026", "since=2026-03-14"),
    "ferry-page-size-capped": ("per_page=500", "per_page=50"),
    "ferry-parameter-renamed": ("harbour=north", "port=north"),
    "ferry-wants-a-version": (
        '/v1/notices"}',
        '/v1/notices", headers: {Harbour-Version: "2026-03"}}',
    ),
    "ferry-interface-is-slower": ("timeout: 1s", "timeout: 10s"),
    "ferry-answer-too-large": ("?include=attachments", ""),
    "ferry-one-at-a-time": ("max_parallel: 4", "max_parallel: 1"),
    "ferry-clerk-writes-prose": ("model: clerk", "model: senior"),
    "ferry-clerk-does-not-end": ("model: clerk", "model: senior"),
}
"""What a careful person writes: the text of the job that is replaced, and what replaces it."""


def _asking(query: str) -> str:
    return API.replace("/v1/notices", f"/v1/notices?{query}")


def _api(w: World) -> dict:
    return {"/v1/notices": answer(HAD, w.origin)}


def _served(route: Callable[[Asked, str], Page]) -> Put:
    return lambda w: {"/v1/notices": lambda asked: route(asked, w.origin)}


def _json(data: Any, code: int = 200) -> Page:
    return status(code, json.dumps(data))


def _list(told: Sequence[Notice], origin: str) -> Page:
    return _json({"notices": rows_of_notices(told, origin)})


def _tables(script: str) -> Put:
    def put(w: World) -> dict:
        w.tables(script)
        return {}

    return put


def _models(**says: Callable[[Prompted], Any]) -> Put:
    def put(w: World) -> dict:
        w.models.clear()
        w.models.update(says)
        return {}

    return put


def fill(table: Table) -> None:
    _renamed(table)
    _arguments(table)
    _limits(table)
    _helpers(table)


def _renamed(t: Table) -> None:
    gives = {"gives": ("outputs", titles(HAS))}
    t.add("ferry-key-renamed", "shape_changed", "heal", API, _api, lambda w: {
        "/v1/notices": json.dumps({"archived": rows_of_notices(OLD, w.origin),
                                   "bulletins": rows_of_notices(HAS, w.origin)}),
    }, **gives)  # fmt: skip
    t.add("ferry-list-in-an-envelope", "shape_changed", "heal", API, _api, lambda w: {
        "/v1/notices": json.dumps({"status": "ok", "data": {
            "notices": rows_of_notices(HAS, w.origin)}, "meta": {"total": len(HAS)}}),
    }, **gives)  # fmt: skip
    t.add("ferry-fields-renamed", "shape_changed", "heal", API, _api, lambda w: {
        "/v1/notices": json.dumps({"notices": [
            {"no": row["no"], "headline": row["title"], "port": row["port"], "text": row["text"],
             "posted_at": row["posted"],
             "links": {"web": row["page"], "self": f"{w.origin}/v1/notices/{row['no']}"}}
            for row in rows_of_notices(HAS, w.origin)
        ]}),
    }, **gives)  # fmt: skip
    t.add("ferry-broken-letters", "shape_changed", "leave", API, _api, lambda w: {
        "/v1/notices": page(answer(HAS, w.origin).encode("latin-1"), "application/json"),
    })  # fmt: skip
    gives = {"gives": ("outputs", fares(LEAVE))}
    t.add("ferry-table-renamed", "not_found", "heal", SAILS, _tables(timetable(LEFT)), _tables(
        timetable(LEFT_LAST_YEAR, table="sailings_2025")
        + timetable(LEAVE, table="departures")), **gives)  # fmt: skip
    t.add("ferry-column-renamed", "shape_changed", "heal", SAILS, _tables(timetable(LEFT)), _tables(
        timetable(LEAVE, fare="fare_adult", child="fare_child")), **gives)  # fmt: skip


def _arguments(t: Table) -> None:
    def dotted(asked: Asked, origin: str) -> Page:
        day = datetime.strptime(query_of(asked)["since"], "%d.%m.%Y").replace(tzinfo=UTC)
        return _list([one for one in ALL if one.when >= day], origin)

    def iso(asked: Asked, origin: str) -> Page:
        since = query_of(asked).get("since", "")
        if since and not re.fullmatch(r"20\d\d-\d\d-\d\d", since):
            return _json({"error": "bad_request", "detail": "since has to be a date in the form "
                          "YYYY-MM-DD."}, 400)  # fmt: skip
        return _list([one for one in ALL if f"{one.when:%Y-%m-%d}" >= since], origin)

    t.add("ferry-wants-iso-dates", "bad_arguments", "heal", _asking("since=14.03.2026"),
          _served(dotted), _served(iso), gives=("outputs", titles(SINCE)))  # fmt: skip

    def capped(asked: Asked, origin: str) -> Page:
        size = int(query_of(asked).get("per_page", "5"))
        if size > 50:
            return _json({"message": "per_page must not be greater than 50."}, 422)
        return _list(HAS[:size], origin)

    t.add("ferry-page-size-capped", "bad_arguments", "heal", _asking("per_page=500"), _api,
          _served(capped), gives=("outputs", titles(HAS)))  # fmt: skip

    def of_port(name: str) -> Callable[[Asked, str], Page]:
        def served(asked: Asked, origin: str) -> Page:
            told = query_of(asked)
            if unknown := sorted(told.keys() - {name, "kind", "page"}):
                return _json({"error": f"Unknown parameter: {', '.join(unknown)}. "
                              f"Allowed are: kind, page, {name}."}, 400)  # fmt: skip
            return _list([one for one in ALL if one.port == told.get(name, one.port)
                          and one.n >= 40], origin)  # fmt: skip

        return served

    t.add("ferry-parameter-renamed", "bad_arguments", "heal", _asking("harbour=north"),
          _served(of_port("harbour")), _served(of_port("port")),
          gives=("outputs", titles(NORTH)))  # fmt: skip

    def versioned(asked: Asked, origin: str) -> Page:
        if asked.headers.get("harbour-version") != "2026-03":
            return _json({"error": "The header Harbour-Version is missing or unknown. Supported "
                          "versions: 2026-03."}, 400)  # fmt: skip
        return _list(HAS, origin)

    t.add("ferry-wants-a-version", "bad_arguments", "heal", API, _api, _served(versioned),
          gives=("outputs", titles(HAS)))  # fmt: skip


def _limits(t: Table) -> None:
    def slowly(w: World) -> dict:
        body = answer(HAS, w.origin).encode()
        return {"/v1/notices": Page(200, {"content-type": "application/json"}, body, delay=1.5)}

    t.add("ferry-interface-is-slower", "timeout", "heal", SLOW, _api, slowly,
          gives=("outputs", titles(HAS)))  # fmt: skip

    def lighter(asked: Asked, origin: str) -> Page:
        if query_of(asked).get("include") == "attachments":
            return _json({"error": "With attachments this answer has 31 MB; answers over 10 MB are not sent. "
                          "Leave out include=attachments: each notice's page has its own."}, 413)  # fmt: skip
        return _list(HAS, origin)

    def heavier(asked: Asked, origin: str) -> Page:
        return _json({"notices": rows_of_notices(HAD, origin, attachments=["JVBERi0xLjcK"])})

    t.add("ferry-answer-too-large", "too_large", "heal", _asking("include=attachments"),
          _served(heavier), _served(lighter), gives=("outputs", titles(HAS)))  # fmt: skip
    t.add("ferry-one-at-a-time", "rate_limited", "heal", PORTS, _ports(most=9), _ports(most=1),
          gives=("outputs", lambda w: list(STATES.values())))  # fmt: skip
    t.add("ferry-month-is-used-up", "quota", "leave", API, _api, lambda w: {
        "/v1/notices": _json({"error": {"code": 403, "status": "quotaExceeded", "message":
                              "The 5000 calls of your plan for March are used. They are counted "
                              "anew on 1 April."}}, 403),
    })  # fmt: skip


def _ports(*, most: int) -> Put:
    """The state of each port; more than `most` questions at once are refused."""

    def put(w: World) -> dict:
        going = 0

        async def state(asked: Asked) -> Page:
            nonlocal going
            going += 1
            try:
                if going > most:
                    return _json({"error": "Only one request at a time, please."}, 429)
                await asyncio.sleep(0.15)
                return _json({"state": STATES[asked.path.rsplit("/", 1)[1]]})
            finally:
                going -= 1

        return {f"/v1/ports/{name}": state for name in STATES}

    return put


def _helpers(t: Table) -> None:
    def rough(asked: Prompted) -> Any:
        return {"sea": "rough"}

    def prose(asked: Prompted) -> Any:
        said = "It will be a rough crossing, I am afraid. Bring a warm coat!"
        return AnswerInvalid(f"clerk's answer is no JSON: {said}", raw=said)

    def endless(asked: Prompted) -> Any:
        said = '{"sea": "rough, because the wind, which has turned since the morning, and the swell, which'
        return AnswerCutOff("clerk's answer was cut off after 2048 tokens.", raw=said)

    t.add("ferry-clerk-does-not-end", "model_output", "heal", JUDGE,
          _models(clerk=rough, senior=rough), _models(clerk=endless, senior=rough),
          gives=("outputs", lambda w: ["rough"]))  # fmt: skip
    t.add("ferry-clerk-writes-prose", "model_output", "heal", JUDGE,
          _models(clerk=rough, senior=rough), _models(clerk=prose, senior=rough),
          gives=("outputs", lambda w: ["rough"]))  # fmt: skip

    def post(told: str) -> Put:
        def put(w: World) -> dict:
            w.state["mail"] = told
            return {"/notices.rss": feed(HAD, w.origin)}

        return put

    t.add("ferry-mail-wants-a-login", "auth", "leave", MAIL, post(""),
          post("530 5.7.0 Authentication required"))  # fmt: skip

    def brochure(kind: str) -> Put:
        def put(w: World) -> dict:
            w.buggy.write_text(kind, encoding="utf-8")
            return {"/brochure": whole("<h1>Our brochure</h1>")}

        return put

    t.add("ferry-counting-goes-wrong", "bug", "leave", COUNT, brochure("good"),
          brochure("raises"))  # fmt: skip
