"""Interfaces and feeds that answer otherwise than they did, and say in their own way what they want."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.healing.cinema import (
    HAD,
    HAS,
    OLD,
    Film,
    answer,
    ended,
    feed,
    record,
    scenario,
    titles,
    whole,
)
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page

API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/films"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with:
      items: "${{ [{'title': s.title, 'url': s.link, 'published': s.shown_on} for s in steps.api.response.data.films] }}"
      limit: 50
outputs: {count: "${{ size(steps.list.items) }}"}
"""
PRICES = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/films"}
    retry: {attempts: 1}
  - id: list
    set: {rows: "${{ [{'title': s.title, 'price': s.price} for s in steps.api.response.data.films] }}"}
outputs: {said: "${{ vars.rows }}"}
"""
FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/feed.rss", limit: 60}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
ROUNDS = """steps:
  - id: each
    for_each: ["rex", "lido", "astra"]
    as: hall
    max_parallel: 3
    steps:
      - {id: ask, skill: http_request, with: {url: "{origin}/halls/${{ hall }}"}, retry: {attempts: 1}}
    collect: "${{ steps.ask.response.data.next }}"
outputs: {said: "${{ steps.each.items }}"}
"""
A, LISTED = "/api/films", ("list", titles)
BEFORE = {A: answer(HAD), "/": whole("<h1>Rex</h1>")}
DATED, SORTED = (
    API.replace(A, f"{A}?{query}") for query in ("since=01.03.2026", "since=01.03.2026&sort=by-day")
)
V2 = "application/vnd.rex.v2+json"


def _refusal(code: int, **told: Any) -> Page:
    return status(code, json.dumps(told))


def _json(text: str) -> Page:
    return page(text, "application/json")


def _asked(asked: Asked) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(asked.target).query).items()}


def _since(told: list[Film], *wanted: tuple[str, str, str]) -> Callable[[Asked], Page]:
    """Gives what is shown from March on; `wanted` are a parameter, its value and what else is answered,
    one refusal after the other."""

    def some(asked: Asked) -> Page:
        for name, value, words in wanted:
            if _asked(asked).get(name) != value:
                return _refusal(422, error=words)
        return _json(answer([f for f in told if f"{f.day}" >= "2026-03-01"]))

    return some


def _only(asked: Asked) -> Page:
    if asked.headers.get("accept") == V2:
        return _json(answer(HAS))
    return _refusal(406, error=f"Not acceptable. Supported: {V2}")


ISO = ("since", "2026-03-01", "invalid date, expected ISO 8601 (YYYY-MM-DD)")
SORT = ("sort", "by_day", "unknown value 'by-day' for sort, allowed: by_day, by_title")
PRICED = {
    "films": [{**record(f), "price": {"shown": f.price, "amount": float(f.price[1:])}} for f in HAS]
}
CENTS = {"films": [{"title": f.title, "price_cents": int(float(f.price[1:]) * 100)} for f in HAS]}
BESIDE = {"popular": [record(f) for f in HAS[4:9]], "archive": [record(f) for f in OLD],
          "current": [record(f) for f in HAS]}  # fmt: skip
USE = {
    "error": {"code": "deprecated", "message": "This one is deprecated. Use /api/2/films instead."}
}
MARCH = ("list", lambda world: [f.title for f in HAS if f"{f.day}" >= "2026-03-01"])


def _feeds(world: World) -> dict:
    return {"/feed.rss": feed(HAD, world), "/": whole("<h1>Rex</h1>")}


def _declared(path: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{path}">'


def _halls(told: list[Film], *, alone: bool = False, until: int = 0) -> Callable[[World], dict]:
    """What each hall shows next; `alone` answers one visitor at a time, until so many have asked."""
    inside, asked_so_far = [0], [0]

    def route(film: Film) -> Callable[[Asked], Any]:
        async def one(asked: Asked) -> Page:
            inside[0] += 1
            asked_so_far[0] += 1
            try:
                crowded = alone and (not until or asked_so_far[0] <= until)
                await asyncio.sleep(0.05)
                if crowded and inside[0] > 1:
                    return _refusal(429, error="One request at a time, please.")
                return _json(json.dumps({"next": film.title}))
            finally:
                inside[0] -= 1

        return one

    return lambda world: {
        f"/halls/{hall}": route(told[n]) for n, hall in enumerate(("rex", "lido", "astra"))
    }


MENDED = [
    scenario("popular-and-archive-beside-it", API, BEFORE, {A: json.dumps(BESIDE)}, LISTED),
    scenario("price-became-an-object", PRICES, BEFORE, {A: json.dumps(PRICED)},
             ("outputs", lambda w: [f"{f.title} {f.price}" for f in HAS]), fails=False),
    scenario("not-acceptable-and-no-word-of-a-header", API, BEFORE, {A: _only}, LISTED),
    scenario("a-day-in-another-form-and-no-word-of-which", DATED, {A: _since(HAD)}, {A: _since(HAS, ISO)}, MARCH),
    scenario("one-refusal-after-the-other", SORTED, {A: _since(HAD)}, {A: _since(HAS, ISO, SORT)}, MARCH),
    scenario("an-error-that-came-well", API, BEFORE, {A: json.dumps(USE), "/api/2/films": answer(HAS)}, LISTED),
    scenario("a-link-to-a-feed-by-its-words", FEED, _feeds, lambda w: {
        "/": whole('<a href="/syndication/7">Subscribe (RSS)</a>'), "/syndication/7": feed(HAS, w)}, ("read", titles)),
    scenario("one-visitor-at-a-time", ROUNDS, _halls(HAD), _halls(HAS, alone=True),
             ("outputs", lambda w: [f.title for f in HAS[:3]])),
]  # fmt: skip
LEFT = [
    scenario("price-in-cents", PRICES, BEFORE, {A: json.dumps(CENTS)}, None),
    scenario("only-an-archive", API, BEFORE, {A: answer(OLD, "archive")}, None),
    scenario("feed-is-empty-and-another-has-what-was", FEED, _feeds, lambda w: {
        "/feed.rss": feed([], w), "/": whole("<h1>Rex</h1>", _declared("/all.xml")), "/all.xml": feed(HAD, w)},
        None, fails=False, good_runs=2),
    scenario("a-crowd-that-passed", ROUNDS, _halls(HAD), _halls(HAS, alone=True, until=3), None),
]  # fmt: skip


async def test_what_an_answer_says_in_its_own_way_is_heard():
    assert await ended(MENDED) == {one.name: "right" for one in MENDED}


async def test_an_answer_with_something_else_in_it_is_left():
    assert await ended(LEFT) == {one.name: "right" for one in LEFT}
