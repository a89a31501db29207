"""The ninth batch, what is asked rather than read: interfaces, tables, models and mail."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.healing.scenarios import Put, Table
from tests.healing.tarnbeck import (
    NOTICED,
    NOTICES,
    OFFERED,
    OFFERS,
    SHOWN,
    SHOWS,
    TENDERED,
    TENDERS,
    WARDS,
    Notice,
    Tender,
    answer,
    newest,
    of_year,
    titles,
    whole,
)  # fmt: skip
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page


def _asking(path: str, key: str, told: str) -> str:
    """A job that asks an interface for a list and takes something of each entry."""
    return f"""steps:
  - id: api
    skill: http_request
    with: {{url: "{{origin}}{path}"}}
    retry: {{attempts: 1}}
  - id: list
    set: {{found: "${{{{ [{told} for one in steps.api.response.data.{key}] }}}}"}}
outputs: {{said: "${{{{ vars.found }}}}"}}
"""


def _notices(query: str) -> str:
    return _asking(f"/api/v1/notices{query}", "notices", "one.ref + ' ' + one.title")


PROGRAMME = _asking("/api/v1/shows", "shows", "one.title + ' / ' + one.date")
SEATS = _asking("/api/v1/seats", "shows", "{'title': one.title, 'left': one.seats_left}")
WANTED = _asking("/api/v1/vacancies", "vacancies", "one.title + ' / ' + one.pay")
BUYING = _asking("/api/tenders", "tenders", "one.title + ' / ' + one.value")
EXPORT = _asking("/export/notices.json", "notices", "one.title").replace(
    "data.notices]", "data.notices if one.year == 2026]"
)
REPORT = _notices("").replace("    retry: {attempts: 1}\n", "    retry: {attempts: 1}\n    timeout: 1s\n", 1)  # fmt: skip
FEW = 'expect: ["${{ size(vars.found) > 0 }}"]\n'
BY_WARD = """steps:
  - id: each
    for_each: ["Northgate", "Southmead", "Castle", "Waterside", "Minster"]
    as: ward
    max_parallel: 5
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/api/v1/wards/${{ ward }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.latest }}"
outputs: {said: "${{ steps.each.items }}"}
"""
UNTIL_NOON = whole("<h1>We will be back</h1><p>Our servers are being moved. Please try again later today.</p>")  # fmt: skip


def _query(asked: Asked) -> dict[str, str]:
    return {name: told[0] for name, told in parse_qs(urlsplit(asked.target).query).items()}


def _refused(code: int, **told: Any) -> Page:
    return status(code, json.dumps(told))


def _listed(told: Sequence[Any], key: str, **more: Any) -> Put:
    paths = {"shows": "/api/v1/shows", "vacancies": "/api/v1/vacancies", "tenders": "/api/tenders",
             "notices": "/api/v1/notices"}  # fmt: skip
    return lambda w: {paths[key]: answer(told, w.origin, key, **more)}


def _when(check: Callable[[dict[str, str], Asked], Page | None], limit: str = "limit") -> Put:
    """The notices, unless `check` refuses; without the parameter `limit` they are five."""

    def put(w: World) -> dict:
        def route(asked: Asked) -> Page:
            query = _query(asked)
            refused = check(query, asked)
            most = int(query.get(limit, 5))
            return refused or page(answer(NOTICES[:most], w.origin, "notices"), "application/json")

        return {"/api/v1/notices": route, "/": whole("<h1>Tarnbeck, open data</h1>")}

    return put


def _referred(w: World) -> list[str]:
    return [f"{one.ref} {one.title}" for one in NOTICES]


def fill(table: Table) -> None:
    _interfaces(table)
    _refusals(table)
    _sizes(table)
    _trouble(table)


def _interfaces(t: Table) -> None:
    t.add("town-interface-second-version", "moved", "heal", WANTED, _listed(OFFERED, "vacancies"), lambda w: {
        "/api/v1/vacancies": _refused(410, error="Version 1 has ended.", successor="/api/v2/vacancies"),
        "/api/v2/vacancies": json.dumps({
            "data": json.loads(answer(OFFERS, w.origin, "vacancies")), "meta": {"version": 2}}),
    }, gives=("outputs", lambda w: [f"{v.title} / {v.pay}" for v in OFFERS]))  # fmt: skip
    t.add("town-interface-has-an-index", "not_found", "heal", BUYING, _listed(TENDERED, "tenders"), lambda w: {
        "/api/tenders": _refused(404, error="There is no resource 'tenders'.", resources="/api"),
        "/api": json.dumps({"resources": [
            {"href": "/api/contracts", "about": "Contracts that were awarded"},
            {"href": "/api/procurements", "about": "Open tenders (called 'tenders' until February)"},
            {"href": "/api/suppliers", "about": "Registered suppliers"}]}),
        "/api/procurements": answer(TENDERS, w.origin, "tenders"),
        "/api/contracts": answer(newest(Tender, 10, 9), w.origin, "tenders"),
        "/api/suppliers": json.dumps({"suppliers": []}),
    }, gives=("outputs", lambda w: [f"{one.title} / {one.value}" for one in TENDERS]))  # fmt: skip
    t.add("town-interface-nests", "shape_changed", "heal", PROGRAMME, _listed(SHOWN, "shows"), lambda w: {
        "/api/v1/shows": json.dumps({
            "data": [{"id": s.n, "type": "show", "links": {"self": w.origin + s.path}, "attributes": {
                "title": s.title, "starts": f"{s.when:%Y-%m-%d}", "announced": "2026-01-03"}} for s in SHOWS],
            "included": [{"id": 1, "type": "hall", "attributes": {"title": "The studio"}}]}),
    }, gives=("outputs", lambda w: [f"{s.title} / {s.when:%Y-%m-%d}" for s in SHOWS]))  # fmt: skip

    def seats(key: str, most: int, **more: Any) -> str:
        return json.dumps({"shows": [{"title": s.title, key: most - 7 * (s.n % 9) * (most < 420)}
                                     for s in SHOWS], **more})  # fmt: skip

    t.add("town-seats-of-another-kind", "shape_changed", "leave", SEATS,
          lambda w: {"/api/v1/seats": seats("seats_left", 90)},
          lambda w: {"/api/v1/seats": seats(
              "seats", 420, about={"seats": "Seats of the hall, sold or not. How many are left is told at "
                                            "the counter only, since 1 March."})})  # fmt: skip
    wards = [{"id": number, "name": name} for number, name in enumerate(WARDS, 31)]

    def by_ward(w: World) -> dict:
        def route(asked: Asked) -> Page:
            asked_for = _query(asked).get("ward", "")
            chosen = [one for one in NOTICES if str(31 + one.n % 5) == asked_for or not asked_for]
            note = "" if asked_for.isdigit() else "Wards are given by id: see /api/v1/wards."
            return page(answer(chosen, w.origin, "notices", note=note), "application/json")

        return {"/api/v1/notices": route, "/api/v1/wards": json.dumps({"wards": wards})}

    t.add("town-wards-by-number", "empty_result", "heal", _notices("?ward=Castle") + FEW,
          _listed([one for one in NOTICED if one.ward == "Castle"], "notices"), by_ward,
          gives=("outputs", lambda w: [f"{s.ref} {s.title}" for s in NOTICES if s.ward == "Castle"]))  # fmt: skip


def _refusals(t: Table) -> None:
    good, gives = _listed(NOTICED, "notices"), {"gives": ("outputs", _referred)}
    t.add("town-count-is-limit", "bad_arguments", "heal", _notices("?count=40"), good, _when(
        lambda q, a: _refused(400, error="There is no parameter 'count'. How many is told with 'limit'.")
        if "count" in q else None), **gives)  # fmt: skip
    t.add("town-days-in-order", "bad_arguments", "heal", _notices("?from=13.01.2026&limit=40"), good, _when(
        lambda q, a: None if re.fullmatch(r"\d{4}-\d\d-\d\d", q.get("from", ""))
        else _refused(400, error="'from' must be an ISO 8601 date (YYYY-MM-DD).")), **gives)  # fmt: skip
    t.add("town-wants-its-own-type", "bad_arguments", "heal", _notices("?limit=40"), good, _when(
        lambda q, a: None if "vnd.tarnbeck.v3+json" in a.headers.get("accept", "")
        else _refused(406, error="Send 'Accept: application/vnd.tarnbeck.v3+json'.")), **gives)  # fmt: skip
    t.add("town-pages-became-cursors", "bad_arguments", "heal", _notices("?page=1&limit=40"), good, _when(
        lambda q, a: _refused(400, error="'page' is gone. Leave it out for the first entries; 'next_cursor' "
                                         "leads on from there.")
        if "page" in q else None), **gives)  # fmt: skip
    t.add("town-fifty-at-most", "too_large", "heal", _notices("?per_page=500"), good, _when(
        lambda q, a: _refused(413, error="'per_page' may be 50 at most.")
        if int(q.get("per_page", 5)) > 50 else None, limit="per_page"), **gives)  # fmt: skip


def _sizes(t: Table) -> None:
    def slow(w: World, delay: float) -> Callable[[Asked], Any]:
        async def wait(_: Asked) -> Page:
            await asyncio.sleep(delay)
            return page(answer(NOTICES, w.origin, "notices"), "application/json")

        return wait

    t.add("town-report-takes-longer", "timeout", "heal", REPORT, _listed(NOTICED, "notices"), lambda w: {
        "/api/v1/notices": slow(w, 1.8), "/": whole(
            "<h1>Tarnbeck, open data</h1><p>Lists are made anew at each request since March, which takes two "
            "or three seconds.</p>"),
    }, gives=("outputs", _referred))  # fmt: skip
    t.add("town-storage-hangs", "timeout", "leave", REPORT, _listed(NOTICED, "notices"), lambda w: {
        "/api/v1/notices": slow(w, 3600), "/": whole(
            "<h1>Tarnbeck, open data</h1><p>Disturbance since 06:10: our storage does not answer. We are at "
            "work on it.</p>"),
    })  # fmt: skip

    def whole_export(w: World) -> dict:
        old = [
            {"title": f"Old notice {n}", "year": 1974 + n % 50, "scan": "0" * 1_100_000}
            for n in range(10)
        ]
        full = json.loads(answer(NOTICES, w.origin, "notices"))
        return {
            "/export/notices.json": json.dumps({"notices": full["notices"] + old}),
            "/export/notices-2026.json": answer(NOTICES, w.origin, "notices"),
            "/export/notices-2025.json": of_year(answer(newest(Notice, 20, 9), w.origin, "notices"), 2025),
            "/export/": whole(
                '<h1>Exports</h1><ul><li><a href="/export/notices.json">All notices since 1974 (11 MB)</a></li>'
                '<li><a href="/export/notices-2026.json">The notices of 2026</a></li><li>'
                '<a href="/export/notices-2025.json">The notices of 2025</a></li></ul>'),
            "/": whole('<h1>Tarnbeck, open data</h1><a href="/export/">Exports</a>'),
        }  # fmt: skip

    t.add("town-export-since-1974", "too_large", "heal", EXPORT,
          lambda w: {"/export/notices.json": answer(NOTICED, w.origin, "notices")}, whole_export,
          gives=("outputs", titles(NOTICES)))  # fmt: skip


def _trouble(t: Table) -> None:
    def latest(w: World) -> dict[str, str]:
        return {f"/api/v1/wards/{name}": json.dumps({"latest": next(s.title for s in NOTICES if s.ward == name)})
                for name in WARDS}  # fmt: skip

    def singly(w: World) -> dict:
        busy = list[str]()

        def route(told: str) -> Callable[[Asked], Awaitable[Page]]:
            async def ask(_: Asked) -> Page:
                if busy:
                    return _refused(
                        429, error="One request at a time, please.", policy="/api/policy"
                    )
                busy.append(told)
                await asyncio.sleep(0.12)
                busy.clear()
                return page(told, "application/json")

            return ask

        return {path: route(told) for path, told in latest(w).items()} | {
            "/api/policy": json.dumps({"parallel_requests": 1, "requests_per_day": 5000})}  # fmt: skip

    t.add("town-one-at-a-time", "rate_limited", "heal", BY_WARD, latest, singly, gives=("outputs", lambda w: [
        next(s.title for s in NOTICES if s.ward == name) for name in WARDS]))  # fmt: skip
    good = _listed(SHOWN, "shows")
    t.add("town-slow-down", "rate_limited", "leave", PROGRAMME, good, lambda w: {
        "/api/v1/shows": _refused(429, error="Too many requests from your network. Try again tomorrow."),
    })  # fmt: skip
    t.add("town-servers-are-moved", "transient", "leave", PROGRAMME, good, lambda w: {
        "/api/v1/shows": status(503, UNTIL_NOON), "/": status(503, UNTIL_NOON),
    })  # fmt: skip
    t.add("town-quota-of-the-month", "quota", "leave", PROGRAMME, good, lambda w: {
        "/api/v1/shows": _refused(403, error="Your quota of 1000 requests a month is used up; the next one "
                                             "begins on 1 April.", remaining=0),
    })  # fmt: skip


MENDS = {
    "town-interface-second-version": [
        ("/api/v1/vacancies", "/api/v2/vacancies"), ("data.vacancies", "data.data.vacancies")],
    "town-interface-has-an-index": [("/api/tenders", "/api/procurements")],
    "town-interface-nests": [
        ("one.title", "one.attributes.title"), ("one.date", "one.attributes.starts"),
        ("data.shows", "data.data")],
    "town-wards-by-number": [("ward=Castle", "ward=33")],
    "town-count-is-limit": [("count=40", "limit=40")],
    "town-days-in-order": [("13.01.2026", "2026-01-13")],
    "town-wants-its-own-type": [
        ('limit=40"}', 'limit=40", headers: {accept: application/vnd.tarnbeck.v3+json}}')],
    "town-pages-became-cursors": [("page=1&", "")],
    "town-fifty-at-most": [("per_page=500", "per_page=50")],
    "town-report-takes-longer": [("timeout: 1s", "timeout: 20s")],
    "town-export-since-1974": [("notices.json", "notices-2026.json")],
    "town-one-at-a-time": [("max_parallel: 5", "max_parallel: 1")],
}  # fmt: skip
