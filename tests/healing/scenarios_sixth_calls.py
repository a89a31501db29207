"""The rescue team's interfaces, log book, mail and models, and what becomes of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.healing.rescue import (
    EVENINGS,
    HAD,
    HAS,
    answer,
    book,
    callouts,
    rss,
    titles,
    whole,
)
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page

API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}ADDRESS"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': c.headline, 'url': c.page_url} for c in steps.api.response.data.callouts] }}", limit: 60}
outputs: {count: "${{ size(steps.list.items) }}"}
expect: ["${{ size(steps.list.items) > 0 }}"]
"""
GIVES = ("list", titles(HAS))
PLAIN = API.replace("ADDRESS", "/api/callouts")
WORST = """steps:
  - id: rows
    skill: query_database
    with:
      sql: "select id, title, place from callouts where place <> '' order by id desc"
      database: shop
  - id: note
    set: {lines: "${{ [r.title + ', ' + r.place for r in steps.rows.rows] }}"}
outputs: {said: "${{ vars.lines }}"}
"""
VALLEYS = ("skarn", "mose", "lorton", "hause", "tarn", "ulfdal")
EACH = """steps:
  - id: each
    for_each: ["skarn", "mose", "lorton", "hause", "tarn", "ulfdal"]
    as: valley
    max_parallel: 3
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/api/valleys/${{ valley }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.state }}"
outputs: {said: "${{ steps.each.items }}"}
"""
GRADE = """steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "Where was this and how many went out? Twisted knee above the tarn at Cold Pike, eight of us."
      schema: {type: object, properties: {place: {type: string}, crew: {type: integer}}}
outputs: {said: "${{ [default(steps.ask.record.place, ''), default(steps.ask.record.crew, 0)] }}"}
expect: ["${{ default(steps.ask.record.place, '') != '' }}"]
"""
SUMMARY = """steps:
  - id: ask
    skill: ask_model
    with:
      model: scribe
      prompt: "Sum up for the county in one sentence: Canoe overturned in the gorge, all three are well."
outputs: {said: "${{ [steps.ask.text] }}"}
"""
MAIL = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/callouts.rss", limit: 20}
  - id: letter
    skill: compile_newsletter
    with: {items: "${{ steps.read.items }}", title: What we were called to}
  - id: send
    skill: send_email
    with: {to: county@example.org, newsletter: "${{ steps.letter.newsletter }}"}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
PAGES = """steps:
  - id: count
    skill: count_pages
    with: {url: "{origin}/callouts"}
outputs: {said: "${{ [steps.count.pages] }}"}
"""


def _api(w: World) -> dict:
    return {"/api/callouts": answer(HAD, w.origin)}


def _query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(asked.target).query))


def _wrong(code: int, said: Any) -> Page:
    return status(code, json.dumps(said))


def _taking(
    w: World, wrong: Callable[[dict[str, str]], Any], code: int = 400
) -> Callable[[Asked], Page]:
    """An interface that gives the call-outs unless `wrong` has something to say about the query."""

    def route(asked: Asked) -> Page:
        query = _query(asked)
        said = wrong(query)
        told = HAS[: int(query.get("per_page", query.get("limit", "10")))]
        # No region has them all.
        told = {"east": told[::2], "west": told[1::2], "islands": []}.get(
            query.get("region", ""), told
        )
        return _wrong(code, said) if said else page(answer(told, w.origin), "application/json")

    return route


def fill(table: Table) -> None:
    _renamed(table)
    _moved(table)
    _arguments(table)
    _refused(table)
    _models(table)
    _troubles(table)


def _renamed(t: Table) -> None:
    evenings = [{"headline": name, "page_url": f"/training/{n}", "place": "Base", "crew_size": n}
                for n, name in enumerate(EVENINGS)]  # fmt: skip
    t.add("rescue-callouts-are-incidents", "shape_changed", "heal", PLAIN, _api, lambda w: {
        "/api/callouts": answer(HAS, w.origin, key="incidents", more={"training": evenings}),
    }, gives=GIVES)  # fmt: skip
    t.add("rescue-answer-in-an-envelope", "shape_changed", "heal", PLAIN, _api, lambda w: {
        "/api/callouts": json.dumps({
            "status": "ok", "data": json.loads(answer(HAS, w.origin)), "errors": [],
        }),
    }, gives=GIVES)  # fmt: skip
    t.add("rescue-keys-in-camel-case", "shape_changed", "heal", PLAIN, _api, lambda w: {
        "/api/callouts": answer(HAS, w.origin, page_url="pageUrl", started_at="startedAt",
                                crew_size="crewSize"),
    }, gives=("list", lambda w: [w.origin + c.path for c in HAS]))  # fmt: skip
    t.add("rescue-place-is-location", "shape_changed", "heal", WORST, lambda w: (
        w.tables(book()) or {}
    ), lambda w: (
        w.tables(book(place="location")) or {}
    ), gives=("outputs", lambda w: [c.title for c in HAD]))  # fmt: skip


def _moved(t: Table) -> None:
    t.add("rescue-interface-names-the-next", "moved", "heal", PLAIN, _api, lambda w: {
        "/api/callouts": status(410, '{"message": "This version was switched off on 1 March."}',
                                Link='</api/2026-01/callouts>; rel="successor-version"'),
        "/api/2026-01/callouts": answer(HAS, w.origin),
    }, gives=GIVES)  # fmt: skip
    team = API.replace("ADDRESS", "/api/team/7/callouts")
    t.add("rescue-route-in-the-plural", "not_found", "heal", team, lambda w: {
        "/api/team/7/callouts": answer(HAD, w.origin),
    }, lambda w: {
        "/api/team/7/callouts": _wrong(404, {
            "error": "No route matches /api/team/7/callouts", "did_you_mean": "/api/teams/7/callouts"}),
        "/api/teams/7/callouts": answer(HAS, w.origin),
        "/api/teams/8/callouts": answer(callouts(14, newest=25), w.origin),
    }, gives=GIVES)  # fmt: skip


def _arguments(t: Table) -> None:
    def put(query: str, wrong: Callable[[dict[str, str]], Any], code: int) -> dict[str, Any]:
        return {
            "yaml": API.replace("ADDRESS", f"/api/callouts?{query}"),
            "before": _api,
            "after": lambda w: {"/api/callouts": _taking(w, wrong, code)},
        }

    t.add("rescue-max-is-per-page-now", "bad_arguments", "heal", **put(
        "max=40&order=newest",
        lambda q: {"errors": [{"parameter": "max", "message": "is not a parameter of this call; use per_page"}]}
        if "max" in q else None, 400,
    ), gives=GIVES)  # fmt: skip
    t.add("rescue-no-more-than-a-hundred", "bad_arguments", "heal", **put(
        "limit=500",
        lambda q: {"detail": [{
            "type": "less_than_equal", "loc": ["query", "limit"], "input": q["limit"],
            "msg": "Input should be less than or equal to 100", "ctx": {"le": 100}}]}
        if int(q.get("limit", 20)) > 100 else None, 422,
    ), gives=GIVES)  # fmt: skip
    t.add("rescue-since-wants-a-time", "bad_arguments", "heal", **put(
        "since=2026-01-01&limit=50",
        lambda q: {"error": "invalid_parameter", "message":
                   "since must be a date-time as in RFC 3339, for example since=2026-01-01T00:00:00Z"}
        if "since" in q and "T" not in q["since"] else None, 400,
    ), gives=GIVES)  # fmt: skip
    t.add("rescue-which-region", "bad_arguments", "leave", **put(
        "limit=50",
        lambda q: {"error": "missing_parameter", "message":
                   "region is required since the teams were joined; one of east, west, islands"}
        if "region" not in q else None, 400,
    ))  # fmt: skip


def _refused(t: Table) -> None:
    t.add("rescue-interface-wants-a-key", "auth", "leave", PLAIN, _api, lambda w: {
        "/api/callouts": status(401, '{"error": "api_key_required", "message": "Anonymous access ended on '
                                '1 March. Register for a key at /developers."}',
                                WWW_Authenticate='Bearer realm="rescue"'),
        "/developers": whole("<h1>Developers</h1><p>Keys are given to partners by the secretary.</p>"),
    })  # fmt: skip

    def state(valley: str) -> str:
        return json.dumps({"valley": valley, "state": f"{valley}: {len(valley)} ready"})

    t.add("rescue-one-call-at-a-time", "rate_limited", "heal", EACH, lambda w: {
        f"/api/valleys/{one}": state(one) for one in VALLEYS
    }, lambda w: _one_by_one({one: state(one) for one in VALLEYS}), twice=True,
        gives=("outputs", lambda w: [f"{one}: {len(one)} ready" for one in VALLEYS]))  # fmt: skip

    def over(w: World) -> dict:
        w.state["mail"] = "452 4.5.3 Daily quota of 100 recipients is used up for this account"
        return {"/callouts.rss": rss(HAS, w.origin)}

    t.add("rescue-letters-of-the-day-used-up", "quota", "leave", MAIL, lambda w: {
        "/callouts.rss": rss(HAD, w.origin),
    }, over)  # fmt: skip


def _one_by_one(answers: dict[str, str]) -> dict[str, Any]:
    """Routes of which one at a time is served; who comes meanwhile is turned away."""
    busy = set[str]()

    def route(name: str) -> Callable[[Asked], Any]:
        async def serve(asked: Asked) -> Page:
            if busy:
                return _wrong(429, {"error": "Too many requests: one at a time, please."})
            busy.add(name)
            try:
                await asyncio.sleep(0.15)
            finally:
                busy.discard(name)
            return page(answers[name], "application/json")

        return serve

    return {f"/api/valleys/{name}": route(name) for name in answers}


def _models(t: Table) -> None:
    def scribe(w: World) -> dict:
        w.models["scribe"] = lambda asked: "Three canoeists are well after their boat overturned."
        return {}

    def retired(w: World) -> dict:
        w.models.pop("scribe", None)
        w.models["senior"] = lambda asked: "Three canoeists came out of the gorge unhurt."
        return {}

    def places(*, always: bool) -> Callable[[World], dict]:
        def put(w: World) -> dict:
            def say(asked: Any) -> dict[str, Any]:
                wanted = (asked.schema or {}).get("required", [])
                return {"crew": 8} | ({"place": "Cold Pike"} if always or "place" in wanted else {})

            w.models["clerk"] = say
            return {}

        return put

    t.add("rescue-model-leaves-the-place-out", "model_output", "heal", GRADE, places(always=True),
          places(always=False), gives=("outputs", lambda w: ["Cold Pike", "8"]))  # fmt: skip
    t.add("rescue-model-was-retired", "model_output", "heal", SUMMARY, scribe, retired,
          gives=("outputs", lambda w: ["canoeists"]))  # fmt: skip


def _troubles(t: Table) -> None:
    def passing(w: World) -> dict:
        asked = list[int]()

        def route(_: Asked) -> Page:
            asked.append(1)
            if len(asked) == 1:
                return status(502, "<html><h1>502 Bad Gateway</h1><hr>nginx</html>")
            return page(answer(HAS, w.origin), "application/json")

        return {"/api/callouts": route, "/api/v2/callouts": answer(HAS, w.origin)}

    t.add("rescue-bad-gateway-once", "transient", "leave", PLAIN, _api, passing)

    def skill(kind: str) -> Callable[[World], dict]:
        def put(w: World) -> dict:
            w.buggy.write_text(kind, encoding="utf-8")
            return {"/callouts": whole("<p>Seven pages.</p>"), "/": whole("<p>Welcome.</p>")}

        return put

    t.add("rescue-pages-miscounted", "bug", "leave", PAGES, skill("good"), skill("bad"))
