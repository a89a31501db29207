"""A batch in a world of its own, second part: interfaces and models."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.healing.railway import HAD, HAS, OLD, Work, answer, record, titles, works
from tests.healing.scenarios import Put, Table
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page

API = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/v1/works"}
    retry: {attempts: 1}
  - id: list
    skill: rank_items
    with: {items: "${{ [{'title': w.title, 'url': w.link} for w in steps.api.response.data.works] }}", limit: 100}
outputs: {count: "${{ size(steps.list.items) }}"}
expect: ["${{ size(steps.list.items) > 0 }}"]
"""
BARE = API.replace("response.data.works", "response.data")
SNAKES = API.replace("w.title", "w.work_title").replace("w.link", "w.detail_url").replace(
    "'url'", "'published': w.starts_at, 'url'")  # fmt: skip
DELAYS = API.replace(
    "'url': w.link", "'url': w.link, 'summary': 'Late by ' + json(w.delay) + ' min'"
)
HOURS = API.replace(
    "'url': w.link", "'url': w.link, 'summary': 'Late by ' + json(round(w.seconds / 60)) + ' min'"
)
MAPS = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/v1/works?limit=60"}
    retry: {attempts: 1}
outputs: {said: "${{ [w.title for w in slice(steps.api.response.data.works, 0, 14)] }}"}
"""
LOOP = """steps:
  - id: each
    for_each: ["R1", "R4", "R5", "R7", "R14"]
    as: line
    max_parallel: 5
    steps:
      - id: ask
        skill: http_request
        with: {url: "{origin}/api/v1/lines?name=${{ line }}"}
        retry: {attempts: 1}
    collect: "${{ steps.ask.response.data.state }}"
outputs: {said: "${{ steps.each.items }}"}
"""
SLOW = """budget: {seconds: 4s}
steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/v1/works"}
    retry: {attempts: 1}
    timeout: 1s
outputs: {said: "${{ [w.title for w in steps.api.response.data.works] }}"}
"""
LETTER = """steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "Which line is this letter about? The platform at Marl Junction on the R4 is raised."
      schema: {type: object, properties: {line: {type: string}}, required: [line]}
outputs: {said: "${{ values(steps.ask.record) }}"}
expect: ["${{ keys(steps.ask.record) == ['line'] }}"]
"""
NAMED = """steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "Which lines does this order name? Buses run on the R1 and on the R4."
      schema: {type: object, properties: {lines: {type: [array, string]}}, required: [lines]}
  - id: each
    for_each: "${{ steps.ask.record.lines }}"
    steps:
      - set: {told: "Line ${{ item }}"}
    collect: "Line ${{ item }}"
outputs: {said: "${{ steps.each.items }}"}
"""
RETIRED = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "Say in one sentence that buses run on the R1.", model: archivist}
outputs: {said: "${{ [steps.ask.text] }}"}
"""
STARTS = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/v1/letter"}
    retry: {attempts: 1}
  - id: ask
    skill: ask_model
    with:
      prompt: "On which day do the works begin? ${{ steps.api.response.data.text }}"
      schema: {type: object, properties: {day: {type: string}}, required: [day]}
outputs: {said: "${{ [steps.ask.record.day] }}"}
expect: ["${{ matches(steps.ask.record.day, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }}"]
"""
BUSES = "Buses run on the R1."
GIVES = ("list", titles(HAS))


def fill(t: Table) -> None:
    _hurried(t)
    _moved(t)
    _shapes(t)
    _questions(t)
    _sizes(t)
    _models(t)


def _api(query: str = "", **more: Any) -> tuple[str, Put]:
    """A job that reads the works with this query, and the world in which it does."""
    path = f"/api/v1/works{query}"
    return API.replace("/api/v1/works", path), lambda w: {path: answer(HAD, w.origin, **more)}


def _answering(
    told: Callable[[World, dict[str, str]], Page | str], path: str = "/api/v1/works"
) -> Put:
    """The interface answers by what it is asked."""

    def put(w: World) -> dict:
        def route(asked: Asked) -> Page:
            query = parse_qs(urlsplit(asked.target).query)
            made = as_route(told(w, {name: values[-1] for name, values in query.items()}))
            assert isinstance(made, Page)
            return made

        return {path: route}

    return put


def _no(code: int, body: dict[str, Any], **headers: str) -> Page:
    return status(code, json.dumps(body), **headers)


def _hurried(t: Table) -> None:
    wide, before = _api("?page_size=1000")
    busy = {"error": "overloaded", "message": "Answers of more than 200 entries are switched off until "
            "the new servers are there. Ask with page_size=200 or less."}  # fmt: skip
    t.add("large-answers-are-switched-off", "transient", "heal", wide, before, _answering(
        lambda w, told: _no(503, busy) if int(told.get("page_size", 20)) > 200 else answer(HAS, w.origin)),
          gives=GIVES)  # fmt: skip
    t.add("one-at-a-time-please", "rate_limited", "heal", LOOP, _lines(at_once=5), _lines(at_once=1),
          gives=("outputs", lambda w: ["R1 runs", "R4 runs", "R5 runs", "R7 runs", "R14 runs"]),
          twice=True)  # fmt: skip
    plain, before = _api()
    t.add("daily-limit-until-midnight", "rate_limited", "leave", plain, before, _answering(
        lambda w, told: _no(429, {"error": "The daily limit of 1,000 requests for your address is reached."
                                  " It is reset at midnight UTC."})))  # fmt: skip
    spent = {"error": {"code": 403, "status": "PERMISSION_DENIED",
                       "message": "Quota exceeded for quota metric 'Queries' of project 4711.",
                       "errors": [{"domain": "usageLimits", "reason": "monthlyQuotaExceeded"}]}}  # fmt: skip
    t.add("months-quota-is-exceeded", "quota", "leave", plain, before,
          _answering(lambda w, told: _no(403, spent)))  # fmt: skip
    door = {"error": "automated_access", "message": "This interface serves our own app and nothing else. "
            "Programs of others read the same data at /open-data/works.json."}  # fmt: skip
    t.add("programs-have-their-own-door", "blocked", "heal", plain, before,
          lambda w: {"/api/v1/works": _no(403, door), "/open-data/works.json": answer(HAS, w.origin)},
          gives=GIVES)  # fmt: skip
    contact = {"error": "Forbidden. Say who you are: send a User-Agent with your organisation and a mail "
               "address at which we reach you."}  # fmt: skip
    t.add("say-who-you-are", "blocked", "leave", plain, before,
          _answering(lambda w, told: _no(403, contact)))  # fmt: skip


def _lines(*, at_once: int) -> Put:
    """Tells of one line; more than so many requests at the same time are refused."""

    def put(w: World) -> dict:
        going = 0

        async def route(asked: Asked) -> Page:
            nonlocal going
            if going >= at_once:
                return _no(429, {"error": "At most 1 request at a time for each client."})
            going += 1
            try:
                await asyncio.sleep(0.1)
            finally:
                going -= 1
            name = asked.target.rpartition("=")[2]
            return status(200, json.dumps({"name": name, "state": f"{name} runs"}))

        return {"/api/v1/lines": route}

    return put


def _moved(t: Table) -> None:
    plain, before = _api()
    t.add("version-one-was-retired", "moved", "heal", plain, before,
          lambda w: {"/api/v1/works": _no(410, {"error": "gone", "message":
                         "Version v1 of this interface was retired on 1 March 2026. Please use v2."}),
                     "/api/v2/works": answer(HAS, w.origin, version="v2")},
          gives=GIVES)  # fmt: skip


def _records(make: Callable[[Work, str], dict[str, Any]], told: list[Work]) -> Put:
    return lambda w: {"/api/v1/works": json.dumps({"works": [make(one, w.origin) for one in told]})}


def _shapes(t: Table) -> None:
    plain, before = _api()

    def rows(w: World, told: list[Work]) -> list[dict[str, Any]]:
        return [record(one, w.origin) for one in told]

    t.add("list-came-into-an-envelope", "shape_changed", "heal", BARE,
          lambda w: {"/api/v1/works": json.dumps(rows(w, HAD))},
          lambda w: {"/api/v1/works": json.dumps({
              "data": rows(w, HAS), "meta": {"total": 14, "generated": "2026-03-02T05:00:00Z"}})},
          gives=GIVES)  # fmt: skip
    t.add("keys-went-to-camel-case", "shape_changed", "heal", SNAKES,
          _records(lambda one, origin: {"work_id": one.n, "work_title": one.title, "detail_url":
                   origin + one.path, "starts_at": one.when.isoformat(), "line_name": one.line}, HAD),
          _records(lambda one, origin: {"workId": one.n, "workTitle": one.title, "detailUrl":
                   origin + one.path, "startsAt": one.when.isoformat(), "lineName": one.line}, HAS),
          gives=GIVES)  # fmt: skip
    t.add("works-became-edges-and-nodes", "shape_changed", "heal", plain, before,
          lambda w: {"/api/v1/works": json.dumps({"data": {"works": {
              "edges": [{"cursor": f"c{number}", "node": one} for number, one in enumerate(rows(w, HAS))],
              "pageInfo": {"hasNextPage": False}}}})}, gives=GIVES)  # fmt: skip
    t.add("delay-is-in-seconds-now", "shape_changed", "leave", DELAYS,
          _records(lambda one, origin: record(one, origin) | {"delay": one.late}, HAD),
          _records(lambda one, origin: record(one, origin) | {"delay_seconds": 60 * one.late}, HAS))  # fmt: skip
    t.add("cancelled-trains-have-no-delay", "bug", "leave", HOURS,
          _records(lambda one, origin: record(one, origin) | {"seconds": 60 * one.late}, HAD),
          _records(lambda one, origin: record(one, origin) | {
              "seconds": 60 * one.late if one.n % 5 else None, "cancelled": one.n % 5 == 0}, HAS))  # fmt: skip


def _questions(t: Table) -> None:
    told = {"filters": {"line": ["R1", "R4", "R5", "R7", "R14"]}}
    by_line, before = _api("?line=4", filters={"line": ["1", "4", "5", "7", "14"]})
    t.add("lines-have-a-letter-now", "empty_result", "heal", by_line, before, _answering(
        lambda w, asked: answer({"R4": HAS, "R14": OLD, "R1": OLD[2:]}.get(asked.get("line", ""), []),
                                w.origin, **told)), gives=GIVES)  # fmt: skip
    current, before = _api("?status=active")
    t.add("active-is-called-current-now", "bad_arguments", "heal", current, before, _answering(_by_status),
          gives=GIVES)  # fmt: skip
    plain, before = _api()
    t.add("language-has-to-be-named", "bad_arguments", "heal", plain, before, _answering(_in_language),
          gives=GIVES)  # fmt: skip
    since, before = _api("?from=15.12.2025")
    t.add("days-are-written-iso", "bad_arguments", "heal", since, before, _answering(_from_day),
          gives=GIVES)  # fmt: skip


def _by_status(w: World, told: dict[str, str]) -> Page | str:
    known = {"current": HAS, "upcoming": works(5, newest=130), "past": OLD}
    if told.get("status", "current") not in known:
        return _no(422, {"detail": [{
            "loc": ["query", "status"], "type": "type_error.enum", "ctx": {"enum_values": list(known)},
            "msg": "value is not a valid enumeration member; permitted: 'current', 'upcoming', 'past'"}]})  # fmt: skip
    return answer(known[told.get("status", "current")], w.origin)


def _in_language(w: World, told: dict[str, str]) -> Page | str:
    if told.get("lang") not in ("en", "cy"):
        return _no(400, {"error": "missing_parameter",
                         "message": "Parameter 'lang' is required. Supported: 'en', 'cy'."})  # fmt: skip
    rows = [record(one, w.origin) for one in HAS]
    if told["lang"] == "cy":
        rows = [row | {"title": f"Gwaith ar lein {row['line']}, rhif {row['id']}"} for row in rows]
    return json.dumps({"total": len(rows), "lang": told["lang"], "works": rows})


def _from_day(w: World, told: dict[str, str]) -> Page | str:
    try:
        day = date.fromisoformat(told.get("from", "2026-01-01"))
    except ValueError:
        return _no(400, {"error": f"'{told['from']}' is no valid date for 'from'. Expected format: "
                         "YYYY-MM-DD."})  # fmt: skip
    return answer([one for one in HAS if one.when.date() >= day], w.origin)


def _sizes(t: Table) -> None:
    plain, before = _api()
    t.add("pages-of-five-by-default", "empty_result", "heal", plain, before, _answering(_in_pages),
          gives=GIVES, fails=False)  # fmt: skip
    t.add("longer-than-the-run-may-take", "timeout", "leave", SLOW, before,
          lambda w: {"/api/v1/works": Page(200, {"content-type": "application/json"},
                                           answer(HAS, w.origin).encode(), delay=9)})  # fmt: skip

    def with_maps(w: World, told: dict[str, str]) -> str:
        rows = [record(one, w.origin) | {"map": "M0 0L" * 44_000} for one in works(60, newest=121)]
        return json.dumps({"works": rows[: int(told.get("limit", 60))]})

    t.add("each-work-carries-its-map", "too_large", "heal", MAPS,
          lambda w: {"/api/v1/works": answer(HAD, w.origin)}, _answering(with_maps),
          gives=("outputs", titles(HAS)))  # fmt: skip


def _in_pages(w: World, told: dict[str, str]) -> str:
    size, number = min(int(told.get("page_size", 5)), 100), int(told.get("page", 1))
    start = size * (number - 1)
    more = start + size < len(HAS)
    rows = [record(one, w.origin) for one in HAS[start : start + size]]
    onward = f"{w.origin}/api/v1/works?page={number + 1}&page_size={size}" if more else None
    return json.dumps({"total": len(HAS), "page": number, "page_size": size, "max_page_size": 100,
                       "next": onward, "works": rows})  # fmt: skip


def _saying(**models: Callable[[Any], Any]) -> Put:
    def put(w: World) -> dict:
        w.models.clear()
        w.models.update(models)
        return {}

    return put


def _explaining(asked: Any) -> dict[str, str]:
    """A model that explains itself unless it is told that nothing else is wanted."""
    strict = asked.schema.get("additionalProperties") is False
    told = any(word in asked.prompt.lower() for word in ("only", "nothing else", "no other"))
    return (
        {"line": "R4"}
        if strict or told
        else {"line": "R4", "reasoning": "The letter names the R4."}
    )


def _listing(asked: Any) -> dict[str, Any]:
    kind = asked.schema["properties"]["lines"].get("type")
    listed = kind in ("array", ["array"]) or "array" in asked.prompt.lower()
    return {"lines": ["R1", "R4"] if listed else "R1 and R4"}


def _dating(asked: Any) -> dict[str, str]:
    return {"day": "2026-04-07" if "7 April 2026" in asked.prompt else ""}


def _models(t: Table) -> None:
    t.add("it-explains-its-answer", "model_output", "heal", LETTER,
          _saying(clerk=lambda asked: {"line": "R4"}), _saying(clerk=_explaining),
          gives=("outputs", lambda w: ["R4"]))  # fmt: skip
    t.add("lines-come-as-one-text", "model_output", "heal", NAMED,
          _saying(clerk=lambda asked: {"lines": ["R1", "R4"]}), _saying(clerk=_listing),
          gives=("outputs", lambda w: ["Line R1", "Line R4"]))  # fmt: skip
    here = {"clerk": lambda asked: BUSES, "senior": lambda asked: BUSES}
    t.add("the-archivist-is-retired", "model_output", "heal", RETIRED,
          _saying(archivist=lambda asked: BUSES, **here), _saying(**here),
          gives=("outputs", lambda w: [BUSES]))  # fmt: skip

    def letter(text: str) -> Put:
        says = _saying(clerk=_dating, senior=_dating)
        return lambda w: {**says(w), "/api/v1/letter": json.dumps({"text": text})}

    t.add("the-day-is-not-fixed-yet", "model_output", "leave", STARTS,
          letter("The works begin on 7 April 2026 at five in the morning."),
          letter("The works begin later; we tell you as soon as the day is fixed."))  # fmt: skip
