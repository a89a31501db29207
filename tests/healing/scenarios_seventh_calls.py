"""The seventh batch, what is asked rather than read: interfaces, tables, models and mail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant.models.doubles import Asked as Prompted
from assistant.models.protocol import Reply
from tests.healing.apiary import (
    HAD,
    HAS,
    ON_SALE,
    Swarm,
    answer,
    board,
    colonies,
    courses,
    feed,
    lot_answer,
    lots,
    market,
    region,
    state_of,
    swarms,
    temper_of,
    titles,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Put, Table
from tests.healing.scenarios_seventh import API, BOARD
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page


def _asking(query: str) -> str:
    return API.replace("/v1/swarms", f"/v1/swarms?{query}")


COLONIES = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select origin, place, temper from colonies where marked = 1 order by id desc"}
outputs: {count: "${{ steps.read.count }}"}
"""
OPEN = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select name, bid from lots where state = 'Open' order by id desc"}
outputs: {count: "${{ steps.read.count }}"}
"""
MARKET = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/lots"}
    retry: {attempts: 1}
  - id: list
    set: {lots: "${{ [{'title': l.name, 'bid': l.bid} for l in steps.api.response.data.lots] }}"}
outputs: {said: "${{ vars.lots }}"}
"""
DISTRICTS = """steps:
  - id: each
    for_each: ["vale", "coast", "moor", "town"]
    as: district
    max_parallel: 4
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/v1/districts/${{ district }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.latest }}"
outputs: {said: "${{ steps.each.items }}"}
"""
SLOW = API.replace("    retry: {attempts: 1}\n", "    retry: {attempts: 1}\n    timeout: 2s\n")
CALL = "A swarm hangs over the gate of Llanfêl school, some 9000 bees, children are coming out."
JUDGE = """steps:
  - id: judge
    skill: ask_model
    with: {prompt: "Is this call urgent or routine? {call}"}
    retry: {attempts: 1}
outputs: {said: "${{ steps.judge.text }}"}
expect: ["${{ steps.judge.text in ['urgent', 'routine'] }}"]
""".replace("{call}", CALL)
NOTE = """steps:
  - id: note
    skill: ask_model
    with:
      prompt: "Note where the swarm is and how many bees it has: {call}"
      schema: {place: string, bees: integer}
    retry: {attempts: 1}
outputs: {said: "${{ [steps.note.record] }}"}
""".replace("{call}", CALL)
MAIL = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/rss.xml", limit: 5}
  - id: send
    skill: send_email
    with: {to: warden@wenyn.example, subject: Swarms, body: "${{ size(steps.read.items) }} swarms were reported."}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
COUNT = """steps:
  - {id: hives, skill: count_pages, with: {url: "{origin}/hives"}}
outputs: {count: "${{ steps.hives.pages }}"}
"""


def _told(asked: Asked) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(asked.target).query).items()}


def _refusal(code: int, told: Any) -> Page:
    return status(code, json.dumps(told))


def _json(text: str) -> Page:
    return page(text, "application/json")


def _api(w: World) -> dict:
    return {"/v1/swarms": answer(HAD, w.origin), "/": whole("<h1>Wenyn Vale</h1>")}


def _board(w: World) -> dict:
    return {"/swarms": whole(board(HAD)), "/": whole('<a href="/swarms">Swarms</a>')}


def fill(table: Table) -> None:
    _tables(table)
    _empty(table)
    _arguments(table)
    _strain(table)
    _models(table)
    _others(table)


def _base(*scripts: str) -> Put:
    def put(world: World) -> dict:
        world.tables("\n".join(scripts))
        return {}

    return put


def _marked(told: list[Swarm]) -> Callable[[World], list[str]]:
    return lambda world: [f"{s.title} {s.place} {temper_of(s)}" for s in told if s.n % 2]


def _tables(t: Table) -> None:
    t.add("bees-place-is-a-parish", "shape_changed", "heal", COLONIES, _base(colonies()),
          _base(colonies(HAS, place="parish")), gives=("read", _marked(HAS)))  # fmt: skip
    t.add("bees-colonies-renamed-twice", "shape_changed", "heal", COLONIES, _base(colonies()), _base(
        # A copy of two seasons ago has the columns that the query knows.
        colonies(swarms(16, newest=20), table="colonies_2024"),
        colonies(HAS, table="hive_colonies", temper="temperament"),
    ), gives=("read", _marked(HAS)))  # fmt: skip


def _paged(w: World) -> dict:
    told = lots(20, newest=43)

    def some(asked: Asked) -> Page:
        size = int(_told(asked).get("per_page", "6"))
        start = (int(_told(asked).get("page", "1")) - 1) * size
        if not 1 <= size <= 40:
            return _refusal(400, {"error": "per_page must be between 1 and 40"})
        more = {"total": 20, "page": start // size + 1, "per_page": size, "max_per_page": 40}
        return _json(lot_answer(told[start : start + size], w.origin, more=more))

    return {"/api/lots": some}


def _empty(t: Table) -> None:
    t.add("bees-states-in-small-letters", "empty_result", "heal", OPEN, _base(market()),
          _base(market(ON_SALE, state=str.lower)), fails=False,
          gives=("read", lambda w: [one.title for one in ON_SALE if state_of(one) == "Open"]))  # fmt: skip
    t.add("bees-market-in-pages", "empty_result", "heal", MARKET, lambda w: {
        "/api/lots": lot_answer(lots(20), w.origin, more={"total": 20}),
    }, _paged, fails=False, gives=("outputs", titles(lots(20, newest=43))))  # fmt: skip
    t.add("bees-rest-on-sundays", "empty_result", "leave", API, _api, lambda w: {
        "/v1/swarms": answer([], w.origin, more={"note": "The line is not staffed on Sundays."}),
    }, fails=False, days=tuple(range(-15, 0)), quiet=(1, 8))  # fmt: skip


def _limited(w: World, name: str, told: list[Swarm]) -> Callable[[Asked], Page]:
    """Without its parameter the interface gives ten."""
    return lambda asked: _json(answer(told[: int(_told(asked).get(name, "10"))], w.origin))


def _by_region(w: World, told: list[Swarm], since: str, names: dict[str, str]) -> Callable[[Asked], Page]:  # fmt: skip
    """Filters by `region` when it is given, and by the day `since` when `from` is given."""

    def some(asked: Asked) -> Page:
        wanted = _told(asked)
        rows = [s for s in told if "from" not in wanted or f"{s.when:%Y-%m-%d}" >= since]
        rows = [
            s for s in rows if "region" not in wanted or names.get(wanted["region"]) == region(s)
        ]
        return _json(answer(rows, w.origin))

    return some


def _stricter(w: World) -> dict:
    names = {
        "north_east": "north-east",
        "south_west": "south-west",
        "north_west": "",
        "south_east": "",
    }
    some = _by_region(w, swarms(40, newest=47), "2026-02-15", names)

    def strict(asked: Asked) -> Page:
        wanted, wrong = _told(asked), list[dict[str, str]]()
        if wanted.get("from", "2026-02-15") != "2026-02-15":
            wrong.append(
                {"field": "from", "message": f"'{wanted['from']}' is no date, use YYYY-MM-DD"}
            )
        if wanted.get("region", "north_east") not in names:
            wrong.append({"field": "region", "message": f"unknown value '{wanted['region']}', "
                          f"allowed values: {', '.join(names)}"})  # fmt: skip
        return _refusal(422, {"errors": wrong}) if wrong else some(asked)

    return {"/v1/swarms": strict}


def _since(told: list[Swarm]) -> list[Swarm]:
    return [s for s in told if region(s) == "north-east" and f"{s.when:%Y-%m-%d}" >= "2026-02-15"]


def _arguments(t: Table) -> None:
    many = swarms(24, newest=47)
    t.add("bees-n-is-a-limit", "bad_arguments", "heal", _asking("n=30"), lambda w: {
        "/v1/swarms": _limited(w, "n", swarms(24)),
    }, lambda w: {
        "/v1/swarms": lambda asked: (
            _refusal(400, {"error": "Unknown parameter 'n'. Did you mean 'limit'?"})
            if "n" in _told(asked) else _limited(w, "limit", many)(asked)),
    }, gives=("list", titles(many)))  # fmt: skip
    t.add("bees-two-values-refused", "bad_arguments", "heal",
          _asking("from=15.02.2026&region=north-east"), lambda w: {
        "/v1/swarms": _by_region(w, swarms(40), "2026-02-15",
                                 {name: name for name in ("north-east", "south-west")}),
    }, _stricter, gives=("list", titles(_since(swarms(40, newest=47)))))  # fmt: skip
    t.add("bees-one-county-at-a-time", "bad_arguments", "leave", API, _api, lambda w: {
        # All counties came in one list: none of these is what was asked for.
        "/v1/swarms": lambda asked: (
            _json(answer([s for s in HAS if s.n % 3 == _COUNTIES.index(_told(asked)["county"])], w.origin))
            if _told(asked).get("county") in _COUNTIES
            else _refusal(400, {"error": "parameter 'county' is required: powys, gwent, dyfed"})),
    })  # fmt: skip


_COUNTIES = ("powys", "gwent", "dyfed")


def _districts(w: World, *, alone: bool = False) -> dict:
    """The latest swarm of each district; `alone` serves one request at a time."""
    inside = [0]

    def route(latest: Swarm) -> Callable[[Asked], Any]:
        async def one(asked: Asked) -> Page:
            inside[0] += 1
            try:
                await asyncio.sleep(0.1)
                if alone and inside[0] > 1:
                    return _refusal(
                        429, {"error": "Too many requests at once: one at a time, please."}
                    )
                return _json(json.dumps({"latest": latest.title}))
            finally:
                inside[0] -= 1

        return one

    newest = HAS if alone else HAD
    names = ("vale", "coast", "moor", "town")
    return {f"/v1/districts/{name}": route(newest[n]) for n, name in enumerate(names)}


def _out_for_a_moment(w: World) -> dict:
    def some(asked: Asked) -> Page:
        w.state["asked"] = w.state.get("asked", 0) + 1
        if w.state["asked"] == 1:
            return status(503, "<h1>Service Unavailable</h1><p>The backend did not answer.</p>")
        return _json(answer(HAS, w.origin))

    return {"/v1/swarms": some}


def _strain(t: Table) -> None:
    t.add("bees-answer-takes-longer", "timeout", "heal", SLOW, _api, lambda w: {
        "/v1/swarms": Page(200, {"content-type": "application/json"},
                           answer(HAS, w.origin).encode(), delay=2.7),
    }, gives=("list", titles(HAS)))  # fmt: skip
    t.add("bees-asks-for-too-many", "too_large", "heal", _asking("limit=500"), lambda w: {
        "/v1/swarms": _limited(w, "limit", HAD),
    }, lambda w: {
        "/v1/swarms": lambda asked: (
            _refusal(413, {"error": "Result set too large: limit may be at most 100."})
            if int(_told(asked).get("limit", "10")) > 100 else _limited(w, "limit", HAS)(asked)),
    }, gives=("list", titles(HAS)))  # fmt: skip
    t.add("bees-site-is-being-mended", "transient", "leave", BOARD, _board, lambda w: {
        "/swarms": whole(
            "<h1>Under maintenance</h1><p>We are working on the site and will be back on Monday at nine. "
            "The swarms will be here again.</p>" + courses("offer"), title="Under maintenance"),
        "/": whole("<h1>Under maintenance</h1><p>Back on Monday at nine.</p>"),
    })  # fmt: skip


def _says(**models: Callable[[Prompted], Any]) -> Put:
    def put(world: World) -> dict:
        world.models.clear()
        world.models.update(models)
        return {}

    return put


def _chatty(asked: Prompted) -> Any:
    """One word when it is told to give nothing but that, else a sentence around it."""
    prompt = asked.prompt.lower()
    if asked.schema is not None:
        return dict.fromkeys(asked.schema.get("properties", {"answer": {}}), "urgent")
    firm = ("only", "nothing else", "one word", "single word", "no other", "exactly", "just ")
    return "urgent" if any(word in prompt for word in firm) else (
        "Children are near, so I would call this one urgent. Shall I draft an answer?")  # fmt: skip


def _models(t: Table) -> None:
    noted = {"place": "Llanfêl school", "bees": 9000}
    t.add("bees-model-grew-chatty", "model_output", "heal", JUDGE, _says(clerk=lambda asked: "urgent"),
          _says(clerk=_chatty), gives=("outputs", lambda w: ["urgent"]))  # fmt: skip
    t.add("bees-model-fell-silent", "model_output", "heal", NOTE,
          _says(clerk=lambda asked: noted, senior=lambda asked: noted),
          # However it is asked, the clerk has nothing to say.
          _says(clerk=lambda asked: Reply(text=""), senior=lambda asked: noted),
          gives=("outputs", lambda w: ["Llanfêl school 9000"]))  # fmt: skip
    sorry = "I am sorry, but I cannot help with questions about animals that may be dangerous."
    t.add("bees-both-models-refuse", "model_output", "leave", JUDGE,
          _says(clerk=lambda asked: "urgent", senior=lambda asked: "urgent"),
          _says(clerk=lambda asked: sorry, senior=lambda asked: sorry))  # fmt: skip


def _mail(w: World) -> dict:
    w.state["mail"] = ""
    return {"/rss.xml": feed(HAD, w.origin)}


def _mail_full(w: World) -> dict:
    routes = _mail(w)
    w.state["mail"] = "452 4.2.2 The sender has used up today's quota of 50 messages"
    return routes


def _hives(kind: str) -> Put:
    def put(world: World) -> dict:
        world.buggy.write_text(kind, encoding="utf-8")
        return {"/hives": whole("<h1>Hives</h1>")}

    return put


def _others(t: Table) -> None:
    t.add("bees-warden-gets-no-more-mail", "quota", "leave", MAIL, _mail, _mail_full)
    t.add("bees-count-trips-over-itself", "bug", "leave", COUNT, _hives("good"), _hives("broken"))
    # Last, as a host that refused is asked more slowly for a while.
    t.add("bees-one-district-at-a-time", "rate_limited", "heal", DISTRICTS, _districts,
          lambda w: _districts(w, alone=True), gives=("outputs", titles(HAS[:4])))  # fmt: skip
    t.add("bees-backend-stumbled", "transient", "leave", API, _api, _out_for_a_moment)
