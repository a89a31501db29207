"""The tenth batch, what is asked rather than read: interfaces, tables, models and mail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from assistant.models.doubles import Asked as Prompted
from assistant.models.errors import AnswerCutOff, AnswerInvalid
from tests.healing.museum import (
    HAD,
    HAS,
    OLD,
    SELLS,
    SOLD_BEFORE,
    SOLD_OUT,
    Entry,
    answer,
    feed,
    prices,
    query_of,
    rows_of,
    stock,
    titles,
)  # fmt: skip
from tests.healing.scenarios import Put, Table
from tests.healing.scenarios_tenth import FEED
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page

API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/posts"}
    retry: {attempts: 1}
  - id: list
    set: {posts: "${{ [{'title': p.title, 'url': p.link} for p in steps.api.response.data.posts] }}"}
outputs: {said: "${{ vars.posts }}"}
"""
PATIENT = API.replace("    retry:", "    timeout: 2s\n    retry:")
TAGGED = API.replace("/api/posts", "/api/posts?tag=workshop")
SINCE = API.replace("/api/posts", "/api/posts?since=15/02/2026")
HUNDRED = API.replace("/api/posts", "/api/posts?limit=100")
ALL = API + 'expect: ["${{ size(vars.posts) >= 12 }}"]\n'
TILL = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select name, price from wares order by id desc"}
outputs: {said: "${{ [r.name + ' for ' + r.price for r in steps.read.rows] }}"}
"""
BILL = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/wares"}
    retry: {attempts: 1}
  - id: list
    set: {wares: "${{ [{'name': w.name, 'price': w.price} for w in steps.api.response.data.wares] }}"}
outputs: {said: "${{ vars.wares }}"}
"""
ROOMS = """steps:
  - id: each
    for_each: ["tower", "gallery", "workshop", "cellar"]
    as: room
    max_parallel: 4
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/api/rooms/${{ room }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.climate }}"
outputs: {said: "${{ steps.each.items }}"}
"""
JUDGE = """steps:
  - id: judge
    skill: ask_model
    with:
      model: clerk
      prompt: "Is this an order, a complaint or a question? My winding key broke on the first day, and nobody answers my letters."
      schema: {kind: string}
outputs: {said: "${{ [steps.judge.record.kind] }}"}
"""
SUMMARY = """steps:
  - id: sum
    skill: ask_model
    with:
      model: clerk
      prompt: "Summarise the diary: the turret clock got a new suspension spring, and its bell was hung again."
      schema: {summary: string}
outputs: {said: "${{ [steps.sum.record.summary] }}"}
"""
MAIL = FEED.replace("outputs:", """  - id: send
    skill: send_email
    with: {to: trustees@orrery-house.example, subject: Workshop diary, body: "${{ steps.read.items[0].title }}"}
    retry: {attempts: 1}
outputs:""")  # fmt: skip
COUNT = """steps:
  - {id: count, skill: count_pages, with: {url: "{origin}/guide"}}
outputs: {said: "${{ [steps.count.pages] }}"}
"""
V2 = "application/vnd.orreryhouse.v2+json"

MENDS = {
    "museum-parameter-renamed": ("posts?tag=workshop", "posts?topic=workshop"),
    "museum-iso-dates": ("since=15/02/2026", "since=2026-02-15"),
    "museum-page-size-capped": ("limit=100", "limit=50"),
    "museum-accept-wanted": (
        'with: {url: "{origin}/api/posts"}',
        'with: {url: "{origin}/api/posts", headers: {Accept: "' + V2 + '"}}',
    ),
    "museum-key-renamed": ("p.title", "p.headline"),
    "museum-in-an-envelope": ("response.data.posts", "response.data.data.posts"),
    "museum-five-at-a-time": ("{origin}/api/posts", "{origin}/api/posts?per_page=50"),
    "museum-column-renamed": ("select name, price", "select name, retail_price as price"),
    "museum-table-renamed": ("from wares", "from shop_wares"),
    "museum-model-chats": ("prompt: \"Is this", "prompt: \"Answer with one word only. Is this"),
    "museum-model-goes-on": ("Summarise the diary:", "Summarise the diary in one short sentence:"),
    "museum-slow-answer": ("timeout: 2s", "timeout: 20s"),
    "museum-one-at-a-time": ("max_parallel: 4", "max_parallel: 1"),
}  # fmt: skip
"""What a careful person writes: the text of the job that is replaced, and what replaces it."""


def _error(code: int, text: str, **more: Any) -> Page:
    return status(code, json.dumps({"error": text, **more}))


def _data(text: str) -> Page:
    return page(text, "application/json")


def _api(w: World) -> dict:
    return {"/api/posts": answer(HAD, w.origin)}


def _asked_for(name: str, others: str) -> Put:
    """The interface knows the parameter `name`; it tells what it wants when `name` is not there."""

    def put(w: World) -> dict:
        def told(asked: Asked) -> Page:
            query = query_of(asked)
            if name not in query:
                unknown = next(iter(query), "")
                return _error(
                    400, f"Unknown parameter '{unknown}'. {others}" if unknown else others
                )
            wanted = HAS if name == "topic" else HAD
            return _data(answer(wanted if query[name] == "workshop" else [], w.origin))

        return {"/api/posts": told}

    return put


def _since(style: str, posts: list[Entry]) -> Put:
    """The interface reads dates of one style."""

    def put(w: World) -> dict:
        def told(asked: Asked) -> Page:
            since = query_of(asked).get("since", "")
            try:
                day = datetime.strptime(since, style).replace(tzinfo=UTC)
            except ValueError:
                return _error(422, f"since: '{since}' is not a date. Use ISO 8601: YYYY-MM-DD.")
            return _data(answer([one for one in posts if one.when >= day], w.origin))

        return {"/api/posts": told}

    return put


def _capped(w: World) -> dict:
    def told(asked: Asked) -> Page:
        limit = int(query_of(asked).get("limit", "5"))
        if limit > 50:
            return _error(400, "limit: must be at most 50", parameter="limit", maximum=50)
        return _data(answer(HAS[:limit], w.origin))

    return {"/api/posts": told}


def _with_accept(w: World) -> dict:
    def told(asked: Asked) -> Page:
        if V2 not in asked.headers.get("accept", ""):
            return _error(406, f"Name the version that you can read: send the header Accept: {V2}")
        return page(answer(HAS, w.origin), V2)

    return {"/api/posts": told}


def _key_renamed(w: World) -> dict:
    rows = rows_of(HAS, w.origin, name="headline")
    return {"/api/posts": json.dumps({"posts": rows}, ensure_ascii=False)}


def _enveloped(w: World) -> dict:
    data = {"archived": rows_of(OLD, w.origin), "posts": rows_of(HAS, w.origin)}
    meta = {"version": 3, "posts": len(HAS), "archived": len(OLD)}
    return {"/api/posts": json.dumps({"meta": meta, "data": data}, ensure_ascii=False)}


def _five_at_a_time(w: World) -> dict:
    def told(asked: Asked) -> Page:
        query = query_of(asked)
        each, number = min(int(query.get("per_page", "5")), 50), int(query.get("page", "1"))
        more = {"page": number, "per_page": each, "max_per_page": 50, "total": len(HAS)}
        following = f"{w.origin}/api/posts?page={number + 1}&per_page={each}"
        more["next"] = following if number * each < len(HAS) else None
        return _data(answer(HAS[(number - 1) * each : number * each], w.origin, **more))

    return {"/api/posts": told}


def _slow(w: World) -> dict:
    text = answer(HAS, w.origin)
    return {"/api/posts": Page(200, {"content-type": "application/json"}, text.encode(), delay=2.8)}


_CLIMATE = {"tower": "11 degrees", "gallery": "19 degrees", "workshop": "18 degrees", "cellar": "9 degrees"}  # fmt: skip


def _rooms(w: World) -> dict:
    return {f"/api/rooms/{room}": json.dumps({"climate": told}) for room, told in _CLIMATE.items()}


def _one_at_a_time(w: World) -> dict:
    """The interface answers one request at a time, and says so to the others."""
    at_work = set[str]()

    def of(room: str) -> Callable[[Asked], Any]:
        async def told(asked: Asked) -> Page:
            if at_work:
                return _error(429, "Too many requests at once: please send one after another.")
            at_work.add(room)
            try:
                await asyncio.sleep(0.4)
            finally:
                at_work.discard(room)
            return _data(json.dumps({"climate": _CLIMATE[room]}))

        return told

    return {f"/api/rooms/{room}": of(room) for room in _CLIMATE}


def _till(w: World) -> dict:
    w.tables(stock(SOLD_BEFORE))
    return {}


def _column_renamed(w: World) -> dict:
    w.tables(stock(SELLS, price="retail_price"))
    return {}


def _till_with_last_year(w: World) -> dict:
    w.tables(stock(SOLD_BEFORE) + stock(SOLD_OUT, table="wares_2024"))
    return {}


def _table_renamed(w: World) -> dict:
    w.tables(stock(SELLS, table="shop_wares") + stock(SOLD_OUT, table="wares_2024"))
    return {}


_TO_THE_POINT = (
    "only", "json", "one word", "one of", "nothing else", "no other", "exactly", "just ", "record", "field", "schema",
)  # fmt: skip
_SHORTLY = ("short", "brief", "concise", "at most", "sentence", "words", "characters")


def _sorts_well(w: World) -> dict:
    w.models["clerk"] = w.models["senior"] = lambda asked: {"kind": "complaint"}
    return {}


def _chats(w: World) -> dict:
    """The small model talks round the answer, unless it is told how to give it."""
    prose = "Oh dear, what a pity about the key! Going by the tone, I would say it is a complaint."

    def says(asked: Prompted) -> Any:
        prompt = asked.messages[0].text.lower()
        told = any(word in prompt for word in _TO_THE_POINT)
        if told or "enum" in json.dumps(asked.schema):
            return {"kind": "complaint"}
        return AnswerInvalid("The answer does not fit its schema: it is no JSON.", raw=prose)

    w.models.update(clerk=says, senior=lambda asked: {"kind": "complaint"})
    return {}


_SHORT = {"summary": "The turret clock has a new suspension spring and its bell."}


def _sums_up(w: World) -> dict:
    w.models["clerk"] = w.models["senior"] = lambda asked: _SHORT
    return {}


def _goes_on(w: World) -> dict:
    """The small model does not come to an end, unless it is told to be short."""
    raw = '{"summary": "In the long history of turret clocks, which begins in the cathedrals of '

    def says(asked: Prompted) -> Any:
        prompt = asked.messages[0].text.lower()
        if any(word in prompt for word in _SHORTLY):
            return _SHORT
        return AnswerCutOff("The answer was cut off at 2048 tokens, inside the record.", raw=raw)

    w.models.update(clerk=says, senior=lambda asked: _SHORT)
    return {}


def _bill(w: World) -> dict:
    rows = [{"name": one.title, "price": one.price} for one in SOLD_BEFORE]
    return {"/api/wares": json.dumps({"wares": rows}, ensure_ascii=False)}


def _without_tax(w: World) -> dict:
    """What is told is another amount: without the tax, which depends on where the buyer lives."""
    rows = [
        {"name": one.title, "net_price": f"£{(6 + one.n + 0.5) / 1.2:.2f}", "tax_class": "A"}
        for one in SELLS
    ]
    note = "Since 1 March amounts are net: the tax of the buyer's country is not in them."
    return {"/api/wares": json.dumps({"note": note, "wares": rows}, ensure_ascii=False)}


def _mail(w: World) -> dict:
    return {"/diary.rss": feed(HAD, w.origin)}


def _relay_denied(w: World) -> dict:
    w.state["mail"] = "554 5.7.1 <trustees@orrery-house.example>: Relay access denied"
    return {"/diary.rss": feed(HAS, w.origin)}


def _counted(kind: str) -> Put:
    def put(w: World) -> dict:
        w.buggy.write_text(kind, encoding="utf-8")
        return {}

    return put


def fill(table: Table) -> None:
    """Put the scenarios of this file into the table."""
    posts = {"gives": ("outputs", titles(HAS))}
    goods = {"gives": ("outputs", prices(SELLS))}
    add = table.add
    add("museum-parameter-renamed", "bad_arguments", "heal", TAGGED,
        _asked_for("tag", "Use 'tag'."), _asked_for("topic", "It was renamed: use 'topic'."), **posts)  # fmt: skip
    lately = [one for one in HAS if one.when >= datetime(2026, 2, 15, tzinfo=UTC)]
    add("museum-iso-dates", "bad_arguments", "heal", SINCE,
        _since("%d/%m/%Y", HAD), _since("%Y-%m-%d", HAS), gives=("outputs", titles(lately)))  # fmt: skip
    add("museum-page-size-capped", "bad_arguments", "heal", HUNDRED, _api, _capped, **posts)
    add("museum-accept-wanted", "bad_arguments", "heal", API, _api, _with_accept, **posts)
    add("museum-key-renamed", "shape_changed", "heal", API, _api, _key_renamed, **posts)
    add("museum-in-an-envelope", "shape_changed", "heal", API, _api, _enveloped, **posts)
    add("museum-five-at-a-time", "empty_result", "heal", ALL, _api, _five_at_a_time, **posts)
    add("museum-column-renamed", "shape_changed", "heal", TILL, _till, _column_renamed, **goods)
    add("museum-table-renamed", "not_found", "heal", TILL, _till_with_last_year, _table_renamed, **goods)  # fmt: skip
    add("museum-model-chats", "model_output", "heal", JUDGE,
        _sorts_well, _chats, gives=("outputs", lambda w: ["complaint"]))  # fmt: skip
    add("museum-model-goes-on", "model_output", "heal", SUMMARY,
        _sums_up, _goes_on, gives=("outputs", lambda w: ["suspension spring"]))  # fmt: skip
    add("museum-slow-answer", "timeout", "heal", PATIENT, _api, _slow, **posts)
    add("museum-one-at-a-time", "rate_limited", "heal", ROOMS,
        _rooms, _one_at_a_time, gives=("outputs", lambda w: list(_CLIMATE.values())))  # fmt: skip
    add("museum-prices-without-tax", "shape_changed", "leave", BILL, _bill, _without_tax)
    add("museum-key-wanted", "auth", "leave", API,
        _api, lambda w: {"/api/posts": _error(401, "This interface needs a key now. Write to us to be given one.")})  # fmt: skip
    add("museum-quota-of-the-month", "quota", "leave", API,
        _api, lambda w: {"/api/posts": _error(402, "Your 500 free calls of this month are used up. They begin anew on 1 April.")})  # fmt: skip
    add("museum-server-down", "transient", "leave", API,
        _api, lambda w: {"/api/posts": _error(503, "We are down for an hour. Please come back later.")})  # fmt: skip
    add("museum-mail-refused", "blocked", "leave", MAIL, _mail, _relay_denied)
    add("museum-skill-with-a-bug", "bug", "leave", COUNT, _counted("good"), _counted("bad"))
