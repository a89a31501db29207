"""Parts of an address as an answer would have them: which are tried, and which are proposed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.healing.continuing import goes_on
from assistant.healing.converting import converted
from assistant.healing.parameters import personal, words_for
from assistant.healing.spelling import own_part
from assistant.healing.statements import Answer, choices, pairs_named
from tests.healing.pages import api
from tests.healing.scenarios_moved import NEW, OLD
from tests.healing.tending import GOOD, tended_api
from tests.healing.world import World, status
from tests.loopback import Asked, Page, Route

HERE = "https://harbour.example/tides"


@pytest.mark.parametrize(
    ("value", "statement", "forms"),
    [
        ("3.11.2026", "date has to be YYYY-MM-DD", ["2026-11-03"]),
        ("2026-11-03", "expected dd/mm/yyyy", ["03/11/2026"]),
        ("2026-11-03", "no valid date; write it like 31.12.2026", ["03.11.2026"]),
        ("3/11/2026", "date has to be YYYY-MM-DD", []),  # March or November: nobody knows
        ("30/11/2026", "date has to be in ISO 8601", ["2026-11-30"]),
        ("Nov 3, 2026", "'since' has to be a valid date", ["2026-11-03"]),
        ("2026-11-03", "since: an RFC 3339 date-time", ["2026-11-03T00:00:00Z"]),
        ("2026-11-03", "since is a Unix time in milliseconds", ["1793664000000"]),
        ("1793664000", "since has to be %Y%m%d", ["20261103"]),
        ("7:05 pm", "at must be HH:MM", ["19:05"]),
        ("51,5", "lat must be a decimal number", ["51.5"]),
        ("1,250", "max must be a number", []),  # a thousand or one and a quarter
        ("yes", "tidy takes true or false", ["true"]),
        ("false", "tidy takes 0 or 1", ["0"]),
        ("North", "area has to be in lower case", ["north"]),
        ("en-GB", "lang: two-letter code (ISO 639-1)", ["en"]),
        ("7d", "window: a duration as in ISO 8601, P1D", ["P7D"]),
        ("2h", "window is given in minutes", ["120"]),
        ("a;b", "areas are comma-separated", ["a,b"]),
        ("North", "area is wrong", []),
    ],
)  # fmt: skip
def test_a_value_is_written_as_the_answer_names_it_where_it_can_be_read_in_one_way(
    value: str, statement: str, forms: list[str]
):
    assert list(converted(value, statement)) == forms


@pytest.mark.parametrize(
    ("query", "said", "queries"),
    [
        ("", {"error": "Parameter 'unit' is required: 'm' or 'ft'."}, ["?unit=m", "?unit=ft"]),
        ("?a=1", {"detail": [{"loc": ["query", "lang"], "msg": "Field required", "ctx": {"enum": ["en"]}}]},
         ["?a=1&lang=en"]),
        ("", {"error": "lang is missing. Supported: en, cy or ga"}, ["?lang=en", "?lang=cy", "?lang=ga"]),
        ("", {"error": "api-version is required", "supported": ["2024-01", "2025-10"]},
         ["?api-version=2025-10", "?api-version=2024-01"]),
        ("", {"error": "Missing parameter: token. Supported: 'a'"}, []),
        ("", {"error": "Parameter 'card' is required: the number of your card."}, []),
        ("", {"error": "Too large. Add limit=20 or limit=80."}, ["?limit=80", "?limit=20"]),
        ("", {"error": "Say fields=title,height and page=1"},
         ["?fields=title,height", "?page=1", "?fields=title,height&page=1"]),
        ("?old=x&a=1", {"error": "Unknown parameter 'old'. Known are 'place' and 'a'."},
         ["?place=x&a=1", "?a=1"]),
        ("?top=9", {"errors": [{"field": "top", "text": "is not a parameter of this call; use page_size"}]},
         ["?page_size=9", ""]),
        ("?at=a,b", {"error": "at: repeat the parameter for several values"}, ["?at=a&at=b"]),
        ("?v=1", {"error": "version 1 is over", "v": ["2", "3"]}, ["?v=3", "?v=2"]),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_read_with_its_values(
    query: str, said: dict[str, Any], queries: list[str]
):
    words = words_for(Answer(400, "", said), HERE + query, 12)
    assert [word.url.removeprefix(HERE) for word in words] == queries


def test_a_value_in_the_path_is_spelled_as_the_answer_lists_it():
    said = {"error": "No quay '4'. There are 'Q1', 'Q4' and 'Q14'."}
    words = words_for(Answer(404, "", said), "https://harbour.example/quays/4/tides", 1)
    assert [word.url for word in words] == ["https://harbour.example/quays/Q4/tides"]


def test_words_of_an_answer_that_has_things_to_give_count_only_beside_them():
    rows = [{"title": "Add view=full"}]
    told = Answer(200, "", {"notice": "Add view=all for the rest.", "rows": rows})
    assert [word.url for word in words_for(told, HERE, 1)] == [f"{HERE}?view=all"]


def test_a_number_is_found_as_a_part_of_its_own_and_only_when_it_is_the_only_one():
    assert own_part("4", ["R1", "R4", "R14", "R40"]) == "R4"
    assert own_part("4", ["quay-04", "quay-14"]) == "quay-04"
    assert own_part("4", ["R4", "B4"]) is None
    assert own_part("north", ["1 north", "2 south"]) == "1 north"


def test_lists_and_pairs_are_read_from_sentences():
    assert choices("sort must be newest, oldest or title.") == ["newest", "oldest", "title"]
    assert pairs_named("Use ?page_size=50&page=1.") == [("page_size", "50"), ("page", "1")]
    assert personal("api_key")
    assert not personal("page_size")


def test_another_language_or_much_more_than_before_is_not_the_same_list():
    olds = [{"id": f"t{n}", "title": f"High tide {n}", "m": n} for n in range(9)]
    other = [row | {"title": f"Hochwasser {row['id']}"} for row in olds]
    more = [*olds, *({"id": f"x{n}", "title": "", "m": 0} for n in range(20))]
    assert goes_on(olds, olds) == 1.0
    assert goes_on(olds, other) is None
    assert goes_on(olds, more) is None
    unfiltered = [*olds[:4], {"id": "x", "title": "Low tide", "m": 1}, *olds[4:]]
    assert goes_on(olds, unfiltered) is None
    assert goes_on(olds, [unfiltered[4], *olds]) == 1.0
    assert goes_on({"now": "calm", "m": 3}, {"now": "calm", "m": 3}) == 1.0
    assert goes_on({"now": "calm", "m": 3}, {"now": "calm", "m": 9}) is None


def _by_query(world: World, tell: Callable[[dict[str, str]], Any]) -> Route:
    def route(asked: Asked) -> Page:
        query = parse_qs(urlsplit(asked.target).query, keep_blank_values=True)
        told = tell({name: values[-1] for name, values in query.items()})
        if isinstance(told, dict):
            return status(400, json.dumps(told))
        return status(200, api(told, world.origin))

    return route


@pytest.mark.parametrize(
    ("query", "tell", "mended"),
    [
        ("", lambda q: OLD if q.get("view") == "full" else {"error": "view is required: full or brief"},
         "?view=full"),
        ("", lambda q: OLD if "view" in q else {"error": "view is required: full or brief"}, None),
        ("?q=a", lambda q: {"error": "unknown parameter 'q', use 'query' or 'n'"} if "q" in q
         else NEW if q.get("query") == "a" else [*NEW, *NEW[::-1]], "?query=a"),
        ("?on=2.1.2026", lambda q: NEW if q["on"] == "2026-01-02" else {"error": "on: YYYY-MM-DD"},
         "?on=2026-01-02"),
        ("?on=sea", lambda q: {"error": "unknown parameter 'on'"} if "on" in q
         else [*OLD[:5], NEW[0], *OLD[5:]], None),
        ("?on=sea", lambda q: {"error": "unknown parameter 'on'"} if "on" in q else NEW, ""),
        ("", lambda q: OLD if q.get("email") else {"error": "email is required: a@b.c or d@e.f"}, None),
    ],
)  # fmt: skip
async def test_of_several_addresses_the_one_that_gives_the_same_is_proposed(
    world: World, query: str, tell: Callable[[dict[str, str]], Any], mended: str | None
):
    tended, words = await tended_api(world, query, api(OLD, world.origin), _by_query(world, tell))
    if mended is None:
        assert (tended.outcome, words) == ("given_up", [])
    else:
        assert words == [f'step \'api\': with.url was "{GOOD}{query}", now "{GOOD}{mended}"']


async def test_the_rows_themselves_tell_how_a_value_is_spelled_now(world: World):
    def answer(asked: Asked) -> Page:
        state = dict(parse_qs(urlsplit(asked.target).query)).get("state", [""])[0]
        rows = json.loads(api(NEW, world.origin))["stories"]
        told = [row | {"state": "live" if n else "draft"} for n, row in enumerate(rows)]
        chosen = [row for row in told if state in ("", row["state"])]
        return status(200, json.dumps({"stories": chosen}))

    tended, words = await tended_api(world, "?state=out", api(OLD, world.origin), answer)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}?state=out", now "{GOOD}?state=live"']


@pytest.mark.parametrize(
    ("query", "said", "queries"),
    [
        ("?rows=90", {"error": "Guests get up to 30 entries for each call, rows=90 was asked."}, ["?rows=30"]),
        ("?rows=90", {"error": "Guests get at most 30 things at once."}, ["?rows=30"]),
        ("?rows=90", {"error": "At most 30 requests a minute."}, []),
        ("?rows=90", {"error": "At most 30 records per minute."}, []),
        ("?rows=90", {"error": "No more than 30 of our friends come with rows=90."}, ["?rows=30"]),
        ("?rows=90", {"error": "It took too long; try a lower value for rows."}, ["?rows=45", "?rows=22", "?rows=12"]),
        ("?rows=90", {"error": "rows is too large"}, ["?rows=45", "?rows=22", "?rows=12"]),
        ("?rows=90", {"error": "Send fewer calls. You sent rows=90."}, []),
        ("?rows=90", {"error": "Up to 5 records."}, []),  # it gave twelve
        ("?page=90", {"error": "At most 30 records."}, []),
    ],
)  # fmt: skip
def test_less_is_asked_for_where_the_refusal_wants_fewer_things_and_not_fewer_calls(
    query: str, said: dict[str, Any], queries: list[str]
):
    told = words_for(Answer(429, json.dumps(said), said), HERE + query, 12)
    assert [one.url.removeprefix(HERE) for one in told if one.ranked] == queries


@pytest.mark.parametrize("code", [429, 502])
async def test_an_interface_that_takes_less_at_once_is_asked_for_what_it_still_gives(
    world: World, code: int
):
    def route(asked: Asked) -> Any:
        wanted = int(parse_qs(urlsplit(asked.target).query)["rows"][0])
        if wanted > 40:
            return status(code, json.dumps({"message": "Please ask for fewer rows at once."}))
        return status(200, api(NEW[:wanted], world.origin))

    tended, words = await tended_api(world, "?rows=120", api(OLD, world.origin), route)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}?rows=120", now "{GOOD}?rows=30"']
