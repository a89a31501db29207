"""The fifth batch, second part: the interface and the database of the seed bank.

`MENDS` as in `scenarios_fifth`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.healing.scenarios import Table
from tests.healing.seedbank import (
    HAD,
    HAS,
    LOTS,
    MANY,
    OLD,
    Lot,
    answer,
    json_api,
    lots,
    names,
    praised,
    renamed_stock,
    spent_stock,
    stock,
    third_version,
    whole,
)  # fmt: skip
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page, Route, redirect

SIZED = LOTS.replace("/api/lots", "/api/lots?per_page=100")
COUNTED = LOTS.replace("/api/lots", "/api/lots?count=100")
LIMITED = LOTS.replace("/api/lots", "/api/lots?limit=200")
LARGE = LOTS.replace("/api/lots", "/api/lots?limit=500")
SINCE = LOTS.replace("/api/lots", "/api/lots?since=01.02.2026")
AVAILABLE = LOTS.replace("/api/lots", "/api/lots?state=available")
SINGULAR = LOTS.replace("/api/lots", "/api/lot")
VERSIONED = LOTS.replace("/api/lots", "/api/v1/lots")
TWO_CALLS = LOTS.replace(
    "steps:\n",
    """steps:
  - id: growers
    skill: http_request
    with: {url: "{origin}/api/growers"}
    retry: {attempts: 1}
""",
)
KEYS = "'title': x.name, 'url': x.link} for x in steps.api.response.data.lots]"
ROWS = """steps:
  - id: ask
    skill: query_database
    with: {database: shop, sql: "SQL"}
    retry: {attempts: 1}
outputs: {said: "${{ [VALUE for r in steps.ask.rows] }}"}
expect: ["${{ size(steps.ask.rows) > 0 }}"]
"""
TESTED = ROWS.replace(
    "SQL", "select l.name, t.rate from lots l join tests t on t.lot_id = l.id order by l.id"
).replace("VALUE", "join([r.name, r.rate], ' / ')")
WEIGHED = ROWS.replace("SQL", "select name, grams from lots order by grams").replace(
    "VALUE", "r.name"
)
VIABLE = ROWS.replace("SQL", "select name from lots where viable = 'yes' order by id").replace(
    "VALUE", "r.name"
)
MENDS = {
    "gateway-tires-of-a-hundred": ("per_page=100", "per_page=50"),
    "two-questions-in-one-second": (
        'with: {url: "{origin}/api/lots"}\n    retry: {attempts: 1}',
        'with: {url: "{origin}/api/lots"}\n    retry: {attempts: 3, delay: 2s}',
    ),
    "at-most-twenty-at-once": ("count=100", "count=20"),
    "open-data-beside-the-locked": ("/api/lots", "/open/lots.json"),
    "resource-is-plural-now": ('/api/lot"', '/api/lots"'),
    "manual-tells-of-version-two": ("/api/v1/lots", "/api/v2/lots"),
    "json-api-dialect": (
        KEYS,
        "'title': x.attributes.name, 'url': x.links.self} for x in steps.api.response.data.data]",
    ),
    "old-dialect-on-request": (
        '"{origin}/api/lots"}',
        '"{origin}/api/lots", headers: {Accept: application/vnd.fenwick.v2+json}}',
    ),
    "tables-have-the-words-of-the-trade": (
        "from lots l join tests t on t.lot_id",
        "from accessions l join tests t on t.accession_id",
    ),
    "yes-became-true": ("'yes'", "'true'"),
    "states-in-capitals": ("state=available", "state=AVAILABLE"),
    "validation-tells-the-most": ("limit=200", "limit=50"),
    "day-first-is-refused": ("since=01.02.2026", "since=2026-02-01"),
    "answer-of-fourteen-megabytes": ("limit=500", "limit=60"),
    "bulk-readers-next-door": ("/api/lots", "/bulk/lots.json"),
}  # fmt: skip


def fill(table: Table) -> None:
    _passing(table)
    _closed(table)
    _elsewhere(table)
    _shapes(table)
    _tables(table)
    _arguments(table)
    _large(table)
    _spent(table)


def _api(w: World) -> dict:
    return {"/api/lots": answer(HAD, w.origin), "/": whole(praised())}


def _each(path: str, told: list[Lot] = HAD) -> Callable[[World], dict[str, Any]]:
    return lambda w: {path: answer(told, w.origin), "/": whole(praised())}


def _refused(number: int, /, **more: Any) -> Page:
    return status(number, json.dumps(more))


def _when(asked_for: Callable[[dict[str, str]], Page | str]) -> Route:
    """An answer that hangs on the parameters of the address."""

    def reply(asked: Asked) -> Page:
        told = {name: values[-1] for name, values in parse_qs(urlsplit(asked.target).query).items()}
        page = as_route(asked_for(told))
        assert isinstance(page, Page)
        return page

    return reply


def _up_to(most: int, told: list[Lot], origin: str, name: str, refusal: Page) -> Route:
    """Gives at most so many records, and refuses who asks for more."""

    def give(query: dict[str, str]) -> Page | str:
        wanted = int(query.get(name, "10"))
        if wanted > most:
            return refusal
        return answer(told[:wanted], origin)

    return _when(give)


def _passing(t: Table) -> None:
    tired = _refused(502, message="This page could not be put together in time. Please try again "
                     "with a smaller per_page.")  # fmt: skip
    t.add("gateway-tires-of-a-hundred", "transient", "heal", SIZED,
          lambda w: {"/api/lots": _up_to(100, MANY, w.origin, "per_page", tired)},
          lambda w: {"/api/lots": _up_to(60, MANY, w.origin, "per_page", tired)},
          gives=("list", names(MANY)))  # fmt: skip
    t.add("back-after-the-move", "transient", "leave", LOTS, _api,
          lambda w: dict.fromkeys(("/api/lots", "/"), status(503, whole(
              "<p>Our servers are being moved today. We are back at six in the evening.</p>"))))  # fmt: skip
    t.add("two-questions-in-one-second", "rate_limited", "heal", TWO_CALLS,
          lambda w: {"/api/lots": answer(HAD, w.origin), "/api/growers": '{"growers": []}'},
          lambda w: _after_a_quiet_second("/api/growers", "/api/lots", answer(HAS, w.origin)),
          gives=("list", names(HAS)), twice=True)  # fmt: skip
    t.add("at-most-twenty-at-once", "rate_limited", "heal", COUNTED, _each("/api/lots"),
          lambda w: {"/api/lots": _up_to(20, HAS, w.origin, "count", _refused(
              429, error="too_many_records", message="Programs without an agreement may take at most "
              "20 records with one call. You asked for count=100."))},
          gives=("list", names(HAS)))  # fmt: skip
    t.add("fifty-calls-a-day", "rate_limited", "leave", LOTS, _api,
          lambda w: {"/api/lots": status(429, json.dumps(
              {"error": "50 of 50 calls of today are used. The count starts again at midnight."}),
              x_ratelimit_limit="50", x_ratelimit_remaining="0"), "/": whole(praised())})  # fmt: skip


def _after_a_quiet_second(first: str, second: str, told: str) -> dict[str, Route]:
    """The second address answers when the first was not asked within the last second."""
    asked_at = [0.0]

    def small(asked: Asked) -> Page:
        asked_at[0] = time.monotonic()
        return status(200, '{"growers": []}')

    def large(asked: Asked) -> Page:
        if time.monotonic() - asked_at[0] < 1:
            return status(429, '{"error": "One call a second, please."}')
        page = as_route(told)
        assert isinstance(page, Page)
        return page

    return {first: small, second: large}


def _closed(t: Table) -> None:
    t.add("open-data-beside-the-locked", "auth", "heal", LOTS, _api,
          lambda w: {"/api/lots": status(401, json.dumps(
              {"error": "token_required", "message": "Everything under /api needs a token from now "
               "on. The open data that the Link header names need none."}),
              www_authenticate='Bearer realm="growers"',
              link='</open/lots.json>; rel="alternate"; type="application/json"; title="Open data"'),
              "/open/lots.json": answer(HAS, w.origin, licence="CC0"), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip
    t.add("bulk-readers-next-door", "blocked", "heal", LOTS, _api,
          lambda w: {"/api/lots": _refused(
              403, error="automated_access", message="This address serves our own pages. Programs are "
              "welcome at /bulk/lots.json, which has the same records."),
              "/bulk/lots.json": answer(HAS, w.origin), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip


def _elsewhere(t: Table) -> None:
    t.add("resource-is-plural-now", "not_found", "heal", SINGULAR, _each("/api/lot"),
          lambda w: {"/api/lot": _refused(
              404, status=404, error="Not Found", message="No resource api/lot.",
              available=["/api/growers", "/api/lots", "/api/orders"]),
              "/api/growers": '{"growers": [{"name": "Nan Pell"}]}', "/api/orders": '{"orders": []}',
              "/api/lots": answer(HAS, w.origin), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip
    manual = whole(
        "<p>Version 1 was switched off on 1 March. The records are as they were; only the addresses "
        "are others.</p><table><tr><th>Before</th><th>Now</th></tr>"
        + "".join(f"<tr><td><code>GET /api/v1/{one}</code></td><td><code>GET /api/v2/{one}</code></td>"
                  "</tr>" for one in ("growers", "lots", "orders")) + "</table>",
        title="How to change to version 2")  # fmt: skip
    t.add("manual-tells-of-version-two", "moved", "heal", VERSIONED, _each("/api/v1/lots"),
          lambda w: {"/api/v1/lots": redirect("/docs/upgrade", 301), "/docs/upgrade": manual,
                     "/api/v2/lots": answer(HAS, w.origin), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip


def _shapes(t: Table) -> None:
    t.add("json-api-dialect", "shape_changed", "heal", LOTS, _api,
          lambda w: {"/api/lots": json_api(HAS, w.origin), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip
    kept = "application/vnd.fenwick.v2+json"
    notice = f"This is version 3. Version 2 is given until 2028 to who sends Accept: {kept}"

    def dialect(w: World) -> Route:
        def reply(asked: Asked) -> Page:
            old = asked.headers.get("accept", "").strip() == kept
            page = as_route(answer(HAS, w.origin) if old else third_version(HAS, w.origin, notice))
            assert isinstance(page, Page)
            return page

        return reply

    t.add("old-dialect-on-request", "shape_changed", "heal", LOTS, _api,
          lambda w: {"/api/lots": dialect(w), "/": whole(praised())},
          gives=("list", names(HAS)))  # fmt: skip


def _held(script: str) -> Callable[[World], dict[str, Any]]:
    def put(w: World) -> dict[str, Any]:
        w.tables(script)
        return {}

    return put


def _tables(t: Table) -> None:
    t.add("tables-have-the-words-of-the-trade", "shape_changed", "heal", TESTED, _held(stock()),
          _held(renamed_stock()),
          gives=("outputs", lambda w: [f"{x.name} / {x.rate}" for x in HAD]))  # fmt: skip
    t.add("weights-are-gone", "shape_changed", "leave", WEIGHED, _held(stock()),
          _held(spent_stock()))  # fmt: skip
    t.add("yes-became-true", "empty_result", "heal", VIABLE, _held(stock()),
          _held(stock(yes="true", no="false")),
          gives=("outputs", lambda w: [x.name for x in HAD if x.viable]))  # fmt: skip
    facets = {"state": {"AVAILABLE": 14, "RESERVED": 6, "WITHDRAWN": 2}}

    def capitals(told: list[Lot], word: str) -> Callable[[World], dict[str, Any]]:
        return lambda w: {"/": whole(praised()), "/api/lots": _when(lambda query: (
            answer(told, w.origin, facets=facets) if query.get("state") == word
            else answer((), w.origin, facets=facets)))}  # fmt: skip

    t.add("states-in-capitals", "empty_result", "heal", AVAILABLE, capitals(HAD, "available"),
          capitals(HAS, "AVAILABLE"), gives=("list", names(HAS)), good_runs=3, fails=False)  # fmt: skip


def _arguments(t: Table) -> None:
    t.add("validation-tells-the-most", "bad_arguments", "heal", LIMITED, _each("/api/lots"),
          lambda w: {"/api/lots": _up_to(50, HAS, w.origin, "limit", _refused(422, detail=[{
              "loc": ["query", "limit"], "msg": "ensure this value is less than or equal to 50",
              "type": "value_error.number.not_le", "ctx": {"limit_value": 50}}]))},
          gives=("list", names(HAS)))  # fmt: skip
    february = [one for one in lots(24, newest=23) if f"{one.when:%Y-%m-%d}" >= "2026-02-01"]

    def dated(w: World) -> Route:
        def give(query: dict[str, str]) -> Page | str:
            start = query.get("since", "")
            if len(start) != 10 or start[4:5] != "-":
                return _refused(
                    400,
                    errors={
                        "since": [
                            f"'{start}' is not a date. Write YYYY-MM-DD, for example 2025-12-31."
                        ]
                    },
                )
            told = [one for one in lots(24, newest=23) if f"{one.when:%Y-%m-%d}" >= start]
            return answer(told, w.origin)

        return _when(give)

    t.add("day-first-is-refused", "bad_arguments", "heal", SINCE,
          _each("/api/lots", february[1:]), lambda w: {"/api/lots": dated(w)},
          gives=("list", names(february)))  # fmt: skip
    t.add("purpose-must-be-told", "bad_arguments", "leave", LOTS, _api,
          lambda w: {"/api/lots": _when(lambda query: (
              answer(HAS, w.origin) if query.get("purpose") in ("research", "breeding", "resale")
              else _refused(400, error="Say what the records are for: purpose=research, "
                            "purpose=breeding or purpose=resale. Fees hang on it.")))})  # fmt: skip


def _large(t: Table) -> None:
    t.add("answer-of-fourteen-megabytes", "too_large", "heal", LARGE, _each("/api/lots", MANY),
          lambda w: {"/api/lots": _up_to(60, MANY, w.origin, "limit", _refused(
              413, message="Response payload size (14680064 bytes) exceeded the maximum allowed "
              "(6291456 bytes). Reduce 'limit' to 60 or less."))},
          gives=("list", names(MANY)))  # fmt: skip


def _spent(t: Table) -> None:
    t.add("plan-of-the-month-is-used-up", "quota", "leave", LOTS, _api,
          lambda w: {"/api/lots": _refused(
              403, code="quotaExceeded", message="1000 of 1000 calls of this month are used. The plan "
              "Grower Plus has 20000.", upgrade="/plans"), "/plans": whole("<p>Plans</p>"),
              "/api/lots/sample": answer(OLD, w.origin), "/": whole(praised())})  # fmt: skip
