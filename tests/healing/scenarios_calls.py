"""Calls that take too long, ask too much, come too often, or go to somebody in a bad mood."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.models.doubles import Asked as AskedModel
from assistant.models.errors import AnswerInvalid, ContextTooLong, QuotaSpent
from tests.healing.pages import api, page, plain_list, rss, stories
from tests.healing.scenarios import Table
from tests.healing.scenarios_moved import API, FEED, NEW, OLD, SCRAPE, _api, _blog, titles
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page

HASTY = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/blog/feed.xml", limit: 40}
    retry: {attempts: 1}
    timeout: 300ms
outputs: {count: "${{ size(steps.read.items) }}"}
"""
LARGE = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/v1/stories?limit=1000"}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.api.response.data.stories) }}"}
"""
IMPATIENT = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/blog/feed.xml", limit: 40}
    retry: {attempts: 2, delay: 100ms, max_delay: 200ms}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
LOOP = """steps:
  - id: each
    for_each: "${{ [1, 2, 3, 4] }}"
    max_parallel: 4
    collect: "${{ steps.one.response.data.name }}"
    steps:
      - id: one
        skill: http_request
        with: {url: "{origin}/part/${{ item }}"}
        retry: {attempts: 1}
outputs: {said: "${{ steps.each.items }}"}
"""
ASK = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/blog/feed.xml", limit: 200}
  - id: ask
    skill: ask_model
    with: {prompt: "Which story matters most? ${{ [i.title for i in steps.read.items] }}"}
outputs: {answer: "${{ steps.ask.text }}"}
"""
RECORD = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "How is the weather at the harbour? Give wind and rain.", schema: {schema}}
  - id: note
    set: {said: "${{ 'Wind ' + steps.ask.record.wind + ', rain ' + steps.ask.record.rain }}"}
outputs: {said: "${{ [vars.said] }}"}
"""
MAIL = """steps:
  - id: send
    skill: send_email
    with: {to: jo@example.org, subject: News, body: The ferry sails.}
outputs: {state: "${{ steps.send.receipt.state }}"}
"""
COUNT = """steps:
  - id: count
    skill: count_pages
    with: {url: "{origin}/"}
outputs: {pages: "${{ steps.count.pages }}"}
"""
OPEN = "{type: object, properties: {wind: {type: string}, rain: {type: string}}}"
WEATHER = {"wind": "strong", "rain": "none"}


def fill(table: Table) -> None:
    _transient(table)
    _timeouts(table)
    _too_large(table)
    _rate_limited(table)
    _models(table)
    _arguments(table)
    _quota(table)
    _bugs(table)


def _late(w: World, seconds: float, *, times: int = 1000) -> Callable[[Asked], Page]:
    """A feed that comes late, so many times."""
    told = as_route(rss(NEW, w.origin))
    w.state["late"] = times

    def answer(asked: Asked) -> Page:
        w.state["late"] -= 1
        return replace(told, delay=seconds) if w.state["late"] >= 0 else told  # type: ignore[type-var]

    return answer


def _transient(t: Table) -> None:
    t.add("server-503", "transient", "leave", FEED, _blog,
          lambda w: {"/blog/feed.xml": status(503, "<h1>Busy</h1>")})  # fmt: skip
    t.add("cut-in-the-middle", "transient", "leave", SCRAPE,
          lambda w: {"/news/latest": page(plain_list(OLD))},
          lambda w: {"/news/latest": Page(200, {"content-type": "text/html"}, b"<html>" * 500,
                                          cut_after=90)})  # fmt: skip
    t.add("server-500", "transient", "leave", API.replace("{url:", "{method: GET, url:"), _api,
          lambda w: {"/v1/stories": status(500, '{"error": "oops"}')})  # fmt: skip
    t.add("mail-server-busy", "transient", "leave", MAIL, lambda w: {}, _mail("421 4.3.2 busy"))


def _mail(answer: str) -> Callable[[World], dict]:
    def put(w: World) -> dict:
        w.state["mail"] = answer
        return {}

    return put


def _timeouts(t: Table) -> None:
    t.add("feed-is-slow-now", "timeout", "heal", HASTY, _blog,
          lambda w: {"/blog/feed.xml": _late(w, 0.6)}, gives=("read", titles(NEW)))  # fmt: skip
    t.add("feed-hangs", "timeout", "leave", HASTY, _blog,
          lambda w: {"/blog/feed.xml": _late(w, 15.0)})  # fmt: skip
    t.add("slow-once", "timeout", "leave", HASTY, _blog,
          lambda w: {"/blog/feed.xml": _late(w, 0.6, times=1)})  # fmt: skip
    t.add("api-is-slow-now", "timeout", "heal",
          API.replace("v1/stories\"}", "v1/stories\"}\n    timeout: 400ms\n    retry: {attempts: 1}"),
          _api, lambda w: {"/v1/stories": Page(200, {"content-type": "application/json"},
                                               api(NEW, w.origin).encode(), delay=0.9)},
          gives=("list", lambda w: [s.title for s in NEW]))  # fmt: skip


def _paged(w: World, told: list, *, most: int, code: int = 413) -> Callable[[Asked], Page]:
    """An interface that gives at most so many at once, and refuses to be asked for more."""

    def answer(asked: Asked) -> Page:
        limit = int(asked.target.rpartition("limit=")[2] or 10)
        if limit > most:
            return status(code, '{"error": "limit is too large"}')
        return as_route(api(told[:limit], w.origin))  # type: ignore[return-value]

    return answer


def _heavy(w: World, told: list) -> Callable[[Asked], Page]:
    """An interface whose answer is as heavy as the limit asked for."""

    def answer(asked: Asked) -> Page:
        limit = int(asked.target.rpartition("limit=")[2] or 10)
        body = api(told, w.origin)[:-1] + ', "padding": "' + "x" * (limit * 12_000) + '"}'
        return as_route(body)  # type: ignore[return-value]

    return answer


def _too_large(t: Table) -> None:
    asked = {"gives": ("api", titles(NEW))}
    before = {"before": lambda w: {"/v1/stories": api(OLD, w.origin)}}
    t.add("answer-over-10-mb", "too_large", "heal", LARGE, before["before"],
          lambda w: {"/v1/stories": _heavy(w, NEW)}, **asked)  # fmt: skip
    t.add("limit-refused-413", "too_large", "heal", LARGE, before["before"],
          lambda w: {"/v1/stories": _paged(w, NEW, most=500)}, **asked)  # fmt: skip
    t.add("prompt-too-long", "too_large", "heal", ASK, _model(_short, _blog), _model(
        _short, lambda w: {"/blog/feed.xml": rss(stories(150, newest=160), w.origin)}),
        gives=("ask", lambda w: ["It is"]))  # fmt: skip
    t.add("page-too-large", "too_large", "leave", SCRAPE,
          lambda w: {"/news/latest": page(plain_list(OLD))},
          lambda w: {"/news/latest": page(plain_list(NEW) + "<p>x</p>" * 1_300_000)})  # fmt: skip


def _model(says: Callable[[AskedModel], Any], put: Callable[[World], dict], **others: Any) -> Any:
    def both(w: World) -> dict:
        w.models.clear()
        w.models["clerk"] = says
        w.models.update(others)
        return put(w)

    return both


def _short(asked: AskedModel) -> Any:
    if len(asked.prompt) > 1500:
        return ContextTooLong("the conversation is too long for clerk: 900 tokens")
    return "It is the first one."


def _tired(w: World, told: str, *, calm: float) -> Callable[[Asked], Page]:
    """Answers 429 until it was left alone for so many seconds."""
    w.state["asked"] = time.monotonic()

    def answer(asked: Asked) -> Page:
        now, before = time.monotonic(), w.state["asked"]
        w.state["asked"] = now
        return as_route(told) if now - before >= calm else status(429, "<h1>Slow down</h1>")  # type: ignore[return-value]

    return answer


def _one_at_a_time(w: World) -> Callable[[Asked], Any]:
    w.state["busy"] = 0

    async def answer(asked: Asked) -> Page:
        import asyncio

        if w.state["busy"]:
            return status(429, '{"error": "one at a time"}')
        w.state["busy"] += 1
        await asyncio.sleep(0.05)
        w.state["busy"] -= 1
        return as_route(_part(asked.path.rpartition("/")[2]))  # type: ignore[return-value]

    return answer


def _part(number: object) -> str:
    return json.dumps({"name": f"part {number}"})


def _rate_limited(t: Table) -> None:
    t.add("wants-to-be-left-alone", "rate_limited", "heal", IMPATIENT, _blog,
          lambda w: {"/blog/feed.xml": _tired(w, rss(NEW, w.origin), calm=0.8)},
          twice=True, gives=("read", titles(NEW)))  # fmt: skip
    t.add("429-once", "rate_limited", "leave", IMPATIENT, _blog,
          lambda w: {"/blog/feed.xml": _tired(w, rss(NEW, w.origin), calm=0.8)})  # fmt: skip
    t.add("429-for-an-hour", "rate_limited", "leave", FEED.replace("{origin}", "{other}"),
          lambda w: {"other:/blog/feed.xml": rss(OLD, w.origin)},
          lambda w: {"other:/blog/feed.xml": status(429, "<h1>No</h1>", retry_after="3600")},
          twice=True)  # fmt: skip
    t.add("one-at-a-time", "rate_limited", "heal", LOOP,
          lambda w: {f"/part/{n}": _part(n) for n in range(1, 5)},
          lambda w: dict.fromkeys((f"/part/{n}" for n in range(1, 5)), _one_at_a_time(w)),
          twice=True, gives=("outputs", lambda w: [f"part {n}" for n in range(1, 5)]))  # fmt: skip


def _loose(asked: AskedModel) -> Any:
    """Leaves a field out where the schema lets it."""
    return WEATHER if "rain" in (asked.schema or {}).get("required", ()) else {"wind": "strong"}


def _talks(asked: AskedModel) -> Any:
    """Prose, unless a schema leaves it no way to."""
    return WEATHER if asked.schema else "Well, the wind is strong today, and no rain is in sight!"


def _always(answer: Any) -> Callable[[AskedModel], Any]:
    return lambda asked: answer


def _models(t: Table) -> None:
    def nothing(w: World) -> dict:
        return {}

    fine = _model(_always(WEATHER), nothing)
    said = {"gives": ("outputs", lambda w: ["Wind strong, rain none"])}
    t.add("field-left-out", "model_output", "heal", RECORD.replace("{schema}", OPEN), fine,
          _model(_loose, nothing), **said)  # fmt: skip
    t.add("model-does-not-fit", "model_output", "heal",
          RECORD.replace("{schema}", "{wind: string, rain: string}"), fine,
          _model(_always(AnswerInvalid("the answer of clerk does not fit its schema: no JSON")),
                 nothing, senior=_always(WEATHER)), **said)  # fmt: skip
    t.add("no-model-fits", "model_output", "leave",
          RECORD.replace("{schema}", "{wind: string, rain: string}"), fine,
          _model(_always(AnswerInvalid("the answer of clerk does not fit its schema: no JSON")),
                 nothing))  # fmt: skip
    t.add("prose-for-an-empty-schema", "model_output", "heal",
          RECORD.replace("{schema}", "{type: object}"), fine,
          _model(lambda asked: WEATHER if (asked.schema or {}).get("required") else {"note": "Windy!"},
                 nothing), **said)  # fmt: skip
    t.add("senior-answers-empty-clerk", "model_output", "heal", """steps:
  - id: ask
    skill: ask_model
    with: {prompt: Say how the harbour is today.}
outputs: {said: "${{ [steps.ask.text] }}"}
""", _model(_always("The harbour is calm."), nothing),
          _model(_always("   "), nothing, senior=_always("The harbour is rough.")),
          gives=("outputs", lambda w: ["harbour"]))  # fmt: skip


def _arguments(t: Table) -> None:
    t.add("limit-refused-400", "bad_arguments", "heal", LARGE,
          lambda w: {"/v1/stories": api(OLD, w.origin)},
          lambda w: {"/v1/stories": _paged(w, NEW, most=100, code=400)},
          gives=("api", titles(NEW)))  # fmt: skip
    t.add("a-key-is-wanted-now", "bad_arguments", "leave", API, _api,
          lambda w: {"/v1/stories": status(400, '{"error": "parameter region is required"}')})  # fmt: skip
    t.add("method-not-allowed", "bad_arguments", "leave", API, _api,
          lambda w: {"/v1/stories": status(405, '{"error": "use POST"}')})  # fmt: skip
    t.add("name-of-the-size-changed", "bad_arguments", "leave", LARGE,
          lambda w: {"/v1/stories": api(OLD, w.origin)},
          lambda w: {"/v1/stories": status(422, '{"error": "unknown parameter"}')})  # fmt: skip


def _quota(t: Table) -> None:
    t.add("payment-wanted", "quota", "leave", API, _api,
          lambda w: {"/v1/stories": status(402, '{"error": "plan expired"}')})  # fmt: skip
    t.add("account-is-empty", "quota", "leave", ASK, _model(_short, _blog), _model(
        _always(QuotaSpent("the account with the provider has nothing left")), _blog))  # fmt: skip
    t.add("mailbox-full", "quota", "leave", MAIL, lambda w: {}, _mail("452 4.2.2 mailbox full"))
    t.add("mail-refused", "blocked", "leave", MAIL, lambda w: {}, _mail("550 5.7.1 refused"))


def _kind(kind: str) -> Callable[[World], dict]:
    def put(w: World) -> dict:
        w.buggy.write_text(kind, encoding="utf-8")
        return {}

    return put


def _bugs(t: Table) -> None:
    t.add("skill-breaks", "bug", "leave", COUNT, _kind("good"), _kind("broken"))
    t.add("skill-gives-other-things", "bug", "leave", COUNT, _kind("good"), _kind("odd"))
