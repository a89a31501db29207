"""The fourth batch, second part: interfaces, databases, models and mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant.models.errors import QuotaSpent, Refused
from tests.healing.library import (
    CATALOGUE,
    HAD,
    HAS,
    books,
    catalogue,
    entries,
    stock,
    titles,
)  # fmt: skip
from tests.healing.scenarios import Put, Table
from tests.healing.world import World, as_route, status
from tests.loopback import Asked, Page, page

PRICES = CATALOGUE.replace("'url': b.link}", "'url': b.link, 'summary': 'Costs ' + b.price}")
ONE = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/api/books/4711"}
    retry: {attempts: 1}
outputs: {said: "${{ [steps.api.response.data.title] }}"}
"""
SQL = """steps:
  - id: rows
    skill: query_database
    with: {sql: "SQL", database: shop}
outputs: {count: "${{ steps.rows.count }}"}
expect: ["${{ steps.rows.count > 0 }}"]
"""
STANDS = SQL.replace("SQL", "select title, shelfmark from books order by shelfmark")
LENT = SQL.replace("SQL", "select b.title, l.due from loans l join books b on b.id = l.book_id"
                   " where l.status = 'on loan' order by l.due")  # fmt: skip
DUE = SQL.replace(
    "SQL", "select title, due from loans join books on books.id = loans.book_id order by due"
)
ROOM = """steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "How full is the reading room, low or high? 41 of 44 seats are taken."
      schema: {type: object, properties: {level: {type: string}}, required: [level]}
outputs: {said: "${{ [steps.ask.record.level] }}"}
expect: ["${{ steps.ask.record.level in ['low', 'high'] }}"]
"""
FINE = """steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "What is the fine in this letter? Two weeks late, the fine is 12.50 EUR."
      schema: {type: object, properties: {amount: {type: [number, string]}}, required: [amount]}
  - id: both
    set: {total: "${{ steps.ask.record.amount * 2 }}"}
outputs: {said: "${{ ['Total ' + json(vars.total)] }}"}
"""
BLURB = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "Say in one sentence that the library opens at nine."}
outputs: {said: "${{ [steps.ask.text] }}"}
"""
MAIL = """steps:
  - id: send
    skill: send_email
    with: {to: desk@example.org, subject: Opening hours, body: The library opens at nine.}
outputs: {state: "${{ steps.send.receipt.state }}"}
"""
NINE = "The library opens at nine."
MENDS = {
    "wide-pages-are-throttled": ("per_page=100", "per_page=25"),
    "anonymous-door-is-elsewhere": ("/api/books", "/open/books"),
    "trailing-slash-is-wanted-now": ("/api/books", "/api/books/"),
    "answer-names-the-new-address": ("/api/books", "/api/v2/books"),
    "version-two-by-default": (
        '{url: "{origin}/api/books"}', '{url: "{origin}/api/books", headers: {X-Api-Version: "1"}}'),
    "column-has-another-name": ("select title, shelfmark from books order by shelfmark",
                                "select title, call_number from books order by call_number"),
    "branch-has-another-code": ("branch=central", "branch=central-library"),
    "status-is-spelled-differently": ("'on loan'", "'on_loan'"),
    "pages-count-from-one-now": ("page=0", "page=1"),
    "order-has-another-name": ("sort=newest", "sort=-added"),
    "parameter-has-an-underscore-now": ("pagesize=50", "page_size=50"),
    "accept-header-is-wanted": (
        '{url: "{origin}/api/books"}',
        '{url: "{origin}/api/books", headers: {Accept: application/vnd.millbrook.v1+json}}'),
    "heavy-query-ends-in-504": ("limit=500", "limit=100"),
    "answer-would-be-too-large": ("per_page=1000", "per_page=200"),
    "clerk-says-nothing": ("at nine.\"}", "at nine.\", model: senior}"),
    "level-comes-in-a-sentence": ("level: {type: string}", "level: {type: string, enum: [low, high]}"),
    "amount-comes-with-its-currency": ("type: [number, string]", "type: number"),
    "both-tables-have-a-title-now": ("select title, due", "select books.title, due"),
}  # fmt: skip


def fill(table: Table) -> None:
    _doors(table)
    _addresses(table)
    _questions(table)
    _sizes(table)
    _tables(table)
    _models(table)
    _failing(table)


def _api(query: str = "", **more: Any) -> tuple[str, Put]:
    """A job that reads the catalogue with this query, and the world in which it does."""
    path = f"/api/books{query}"
    return CATALOGUE.replace("/api/books", path), lambda w: {path: catalogue(HAD, w.origin, **more)}


def _told(asked: Asked) -> dict[str, str]:
    return {name: told[-1] for name, told in parse_qs(urlsplit(asked.target).query).items()}


def _answering(answer: Callable[[World, dict[str, str], Asked], Page | str | dict]) -> Put:
    """`/api/books` answers by what it is asked; a record is sent as JSON."""

    def put(w: World) -> dict:
        def route(asked: Asked) -> Page:
            told = answer(w, _told(asked), asked)
            made = as_route(json.dumps(told) if isinstance(told, dict) else told)
            assert isinstance(made, Page)
            return made

        return {"/api/books": route}

    return put


def _no(code: int, body: dict[str, Any], **headers: str) -> Page:
    return status(code, json.dumps(body), **headers)


def _at_most(name: str, most: int, code: int, body: dict[str, Any]) -> Put:
    return _answering(lambda w, told, _: (
        catalogue(HAS, w.origin) if int(told.get(name, 10)) <= most else _no(code, body)
    ) if name in told else catalogue(HAS[:10], w.origin))  # fmt: skip


def _doors(t: Table) -> None:
    plain, before = _api()
    t.add("hourly-limit-as-403", "rate_limited", "leave", plain, before, _answering(
        lambda w, told, _: _no(403, {"message": "API rate limit exceeded for 203.0.113.9."},
                               x_ratelimit_limit="60", x_ratelimit_remaining="0")))  # fmt: skip
    wide, before_wide = _api("?per_page=100")
    t.add("wide-pages-are-throttled", "rate_limited", "heal", wide, before_wide, _at_most(
        "per_page", 25, 429, {"error": "too_many_requests", "message": "Requests with per_page above 25"
                              " are limited to one a day. Use per_page=25 or less."}),
          gives=("list", titles(HAS)))  # fmt: skip
    t.add("token-has-run-out", "auth", "leave", plain, before, _answering(
        lambda w, told, _: _no(401, {"error": "invalid_token", "error_description": "The token expired"},
                               www_authenticate='Bearer error="invalid_token"')))  # fmt: skip
    t.add("key-refused-with-a-200", "auth", "leave", plain, before, _answering(
        lambda w, told, _: {"error": {"code": "invalid_key",
                                      "message": "Your API key is not valid or was revoked."}}))  # fmt: skip
    t.add("anonymous-door-is-elsewhere", "auth", "heal", plain, before,
          lambda w: {"/api/books": _no(401, {
              "message": "Since 1 March /api asks for an account.",
              "anonymous_access": f"{w.origin}/open/books"}),
              "/open/books": catalogue(HAS, w.origin)},
          gives=("list", titles(HAS)))  # fmt: skip


def _addresses(t: Table) -> None:
    plain, before = _api()
    t.add("record-was-withdrawn", "not_found", "leave", ONE,
          lambda w: {"/api/books/4711": json.dumps(entries(HAD, w.origin)[9])},
          lambda w: {"/api/books/4711": _no(404, {"detail": "Not found."}),
                     "/api/books": catalogue(books(3, newest=23), w.origin)})  # fmt: skip
    t.add("trailing-slash-is-wanted-now", "not_found", "heal", plain, before,
          lambda w: {"/api/books": _no(404, {"detail": "Not found.", "index": f"{w.origin}/api/"}),
                     "/api/": json.dumps({"books": f"{w.origin}/api/books/",
                                          "branches": f"{w.origin}/api/branches/"}),
                     "/api/branches/": json.dumps({"count": 0, "branches": []}),
                     "/api/books/": catalogue(HAS, w.origin)},
          gives=("list", titles(HAS)))  # fmt: skip
    t.add("answer-names-the-new-address", "moved", "heal", plain, before,
          lambda w: {"/api/books": json.dumps({"message": "This endpoint has moved permanently.",
                                               "location": f"{w.origin}/api/v2/books"}),
                     "/api/v2/books": catalogue(HAS, w.origin)},
          gives=("list", titles(HAS)))  # fmt: skip


def _questions(t: Table) -> None:
    central, before = _api("?branch=central", facets={"branch": {"central": 14, "east": 3}})
    facets = {"branch": {"central-library": 14, "east-library": 3}}
    t.add("branch-has-another-code", "empty_result", "heal", central, before, _answering(
        lambda w, told, _: catalogue(
            {"central-library": HAS, "east-library": HAS[:3]}.get(told.get("branch", ""), []),
            w.origin, facets=facets)),
          gives=("list", titles(HAS)))  # fmt: skip
    zero, before = _api("?page=0", page=0, pages=1, first_page=0)
    t.add("pages-count-from-one-now", "empty_result", "heal", zero, before, _answering(
        lambda w, told, _: catalogue(HAS if told.get("page") == "1" else [], w.origin,
                                     page=int(told.get("page", 0)), pages=1, first_page=1)),
          gives=("list", titles(HAS)))  # fmt: skip
    newest, before = _api("?sort=newest&n=14")
    t.add("order-has-another-name", "bad_arguments", "heal", newest, before, _answering(_sorted),
          gives=("list", titles(HAS)))  # fmt: skip
    sized, before = _api("?pagesize=50")
    t.add("parameter-has-an-underscore-now", "bad_arguments", "heal", sized, before, _answering(
        lambda w, told, _: _no(400, {"error": "Unknown parameter 'pagesize'. Did you mean 'page_size'?"})
        if "pagesize" in told
        else catalogue(HAS[: int(told.get("page_size", 5))], w.origin)),
          gives=("list", titles(HAS)))  # fmt: skip
    plain, before = _api()
    kind = "application/vnd.millbrook.v1+json"
    t.add("accept-header-is-wanted", "bad_arguments", "heal", plain, before, _answering(
        lambda w, told, asked: catalogue(HAS, w.origin) if asked.headers.get("accept") == kind
        else _no(406, {"error": "Name the wanted version in the header Accept.", "accepted": [kind]})),
          gives=("list", titles(HAS)))  # fmt: skip
    t.add("card-number-is-wanted", "bad_arguments", "leave", plain, before, _answering(
        lambda w, told, _: _no(400, {"error": "Parameter 'card' is required since 1 March: "
                                     "the number of your library card."})))  # fmt: skip


def _sorted(w: World, told: dict[str, str], _: Asked) -> Page | str:
    """The newest or the oldest of 24; only the newest are what the job has always read."""
    known = {"title": "title", "-title": "title", "added": "n", "-added": "n"}
    order = told.get("sort", "title")
    if order not in known:
        told_wrong = {"type": "literal_error", "loc": ["query", "sort"], "input": order,
                      "msg": "Input should be 'title', '-title', 'added' or '-added'"}  # fmt: skip
        return _no(422, {"detail": [told_wrong]})
    every = sorted(books(24, newest=23), key=lambda b: getattr(b, known[order]))
    every = every[::-1] if order.startswith("-") else every
    return catalogue(every[: int(told.get("n", 10))], w.origin)


def _sizes(t: Table) -> None:
    many, before = _api("?limit=500")
    t.add("heavy-query-ends-in-504", "timeout", "heal", many, before, _at_most(
        "limit", 100, 504, {"error": "The query took longer than 10 s and was stopped. "
                            "Ask for at most 100 entries (limit=100)."}),
          gives=("list", titles(HAS)))  # fmt: skip
    wide, before = _api("?per_page=1000")
    t.add("answer-would-be-too-large", "too_large", "heal", wide, before, _at_most(
        "per_page", 200, 413, {"error": "The answer would be too large: per_page is at most 200."}),
          gives=("list", titles(HAS)))  # fmt: skip
    plain, before = _api()
    t.add("dump-outgrew-the-limit", "too_large", "leave", plain, before,
          lambda w: {"/api/books": catalogue(HAS, w.origin, notes="x" * 11_000_000)})  # fmt: skip


def _database(script: str) -> Put:
    def put(w: World) -> dict:
        w.tables(script)
        return {}

    return put


def _tables(t: Table) -> None:
    before = _database(stock())
    t.add("column-has-another-name", "shape_changed", "heal", STANDS, before,
          _database(stock(mark="call_number")), gives=("rows", lambda w: [b.mark for b in HAD]))  # fmt: skip
    t.add("status-is-spelled-differently", "empty_result", "heal", LENT, before,
          _database(stock(status="on_loan")),
          gives=("rows", lambda w: [b.title for b in HAD if b.n % 2]))  # fmt: skip
    t.add("nightly-import-left-nothing", "empty_result", "leave", LENT, before,
          _database(stock(books=False)))  # fmt: skip
    salutation = "alter table loans add column title text; update loans set title = 'Ms';"
    t.add("both-tables-have-a-title-now", "bug", "heal", DUE, before, _database(stock() + salutation),
          gives=("rows", titles(HAD)))  # fmt: skip


def _saying(**models: Callable[[Any], Any]) -> Put:
    def put(w: World) -> dict:
        w.models.update(models)
        return {}

    return put


def _raising(error: Exception) -> Callable[[Any], Any]:
    return lambda asked: error


def _level(asked: Any) -> dict[str, str]:
    """A model that talks unless it is told the words it may use."""
    told = json.dumps(asked.schema) + asked.prompt
    strict = '"enum"' in told or "only" in told.lower() or "exactly" in told.lower()
    return {"level": "high" if strict else "High: nearly every seat is taken."}


def _amount(asked: Any) -> dict[str, Any]:
    kind = asked.schema["properties"]["amount"].get("type")
    return {"amount": 12.5 if kind in ("number", ["number"]) else "12.50 EUR"}


def _models(t: Table) -> None:
    good = _saying(clerk=lambda asked: NINE, senior=lambda asked: NINE)
    t.add("clerk-says-nothing", "model_output", "heal", BLURB, good, _saying(clerk=lambda asked: ""),
          gives=("outputs", lambda w: [NINE]))  # fmt: skip
    t.add("level-comes-in-a-sentence", "model_output", "heal", ROOM,
          _saying(clerk=lambda asked: {"level": "high"}), _saying(clerk=_level),
          gives=("outputs", lambda w: ["high"]))  # fmt: skip
    t.add("amount-comes-with-its-currency", "model_output", "heal", FINE,
          _saying(clerk=lambda asked: {"amount": 12.5}), _saying(clerk=_amount),
          gives=("outputs", lambda w: ["Total 25"]))  # fmt: skip
    refused = _raising(Refused("The provider will not answer this."))
    t.add("both-models-decline", "model_output", "leave", BLURB, good,
          _saying(clerk=refused, senior=refused))  # fmt: skip
    spent = _raising(QuotaSpent("The account has nothing left."))
    t.add("the-accounts-are-empty", "quota", "leave", BLURB, good,
          _saying(clerk=spent, senior=spent))  # fmt: skip


def _failing(t: Table) -> None:
    plain, before = _api()
    t.add("backend-fails-with-a-200", "transient", "leave", plain, before, _answering(
        lambda w, told, _: {"status": "error", "message": "Temporary failure in the search backend, "
                            "please try again."}))  # fmt: skip
    t.add("version-two-by-default", "shape_changed", "heal", plain,
          lambda w: {"/api/books": page(catalogue(HAD, w.origin), "application/json", x_api_version="1")},
          _answering(_versions), gives=("list", titles(HAS)))  # fmt: skip

    def priced(count: int, *names: str) -> Put:
        return lambda w: {"/api/books": json.dumps({"books": [
            {**row, **{name: f"{9 + n}.{number}0 EUR" for number, name in enumerate(names)}}
            for n, row in enumerate(entries(HAS[:count], w.origin))]})}  # fmt: skip

    t.add("price-was-split-in-two", "shape_changed", "leave", PRICES, priced(12, "price"),
          priced(12, "price_net", "price_gross"))  # fmt: skip
    t.add("warning-before-the-json", "bug", "leave", plain, before, _answering(
        lambda w, told, _: page("<br />\n<b>Warning</b>: Undefined array key \"shelf\" in "
                                "<b>/srv/api/books.php</b> on line <b>88</b><br />\n"
                                + catalogue(HAS, w.origin))))  # fmt: skip
    t.add("daily-sending-limit-is-reached", "quota", "leave", MAIL, lambda w: {}, _mail_says(
        "550 5.4.5 Daily user sending limit exceeded"))  # fmt: skip


def _mail_says(line: str) -> Put:
    def put(w: World) -> dict:
        w.state["mail"] = line
        return {}

    return put


def _versions(w: World, told: dict[str, str], asked: Asked) -> Page:
    if asked.headers.get("x-api-version") == "1":
        return page(catalogue(HAS, w.origin), "application/json", x_api_version="1")
    rows = [
        {"ref": one["id"], "name": one["title"], "self": one["link"]}
        for one in entries(HAS, w.origin)
    ]
    notice = (
        "Since 1 March version 2 is the default. Send the header X-Api-Version: 1 to get the "
        "former format, which is kept until 2028."
    )
    body = json.dumps({"notice": notice, "data": {"results": rows}})
    return page(body, "application/json", x_api_version="2")
