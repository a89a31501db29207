"""What an answer says would be right is taken only for the step's own fields, proven, and asked."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.healing.continuing import in_order
from assistant.healing.healer import Healer
from assistant.healing.rewiring import Renamed, renamings
from assistant.healing.spelling import nearest
from assistant.healing.statements import Answer, headers_named, limits, listed, quoted
from assistant.healing.wording import Allowed, allowed_by
from tests.healing.pages import api
from tests.healing.scenarios_moved import NEW, OLD
from tests.healing.tending import GOOD, tended_api
from tests.healing.world import World, status
from tests.loopback import Asked, Route


def _refuses(world: World, wrong: str, said: dict[str, Any], *, code: int = 400) -> Route:
    """An interface that takes any query but `wrong`, and says `said` to that."""

    def route(asked: Asked) -> Any:
        if asked.target.endswith(f"?{wrong}"):
            return status(code, json.dumps(said))
        return status(200, api(NEW, world.origin))

    return route


@pytest.mark.parametrize(
    ("query", "wrong", "code", "said", "mended"),
    [
        ("?topicid=7", "topicid=7", 400, {"error": 'No "topicid" here. Did you mean "topic_id"?'},
         "?topic_id=7"),
        ("?from=north", "from=north", 422, {"field": "from", "allowed": ["north-coast", "south-coast"]},
         "?from=north-coast"),
        ("?rows=400", "rows=400", 503, {"detail": "Busy. rows: at most 60, for instance rows=60."},
         "?rows=60"),
    ],
)  # fmt: skip
async def test_the_part_that_the_answer_speaks_of_is_spelled_as_it_says(
    world: World, query: str, wrong: str, code: int, said: dict[str, Any], mended: str
):
    tended, words = await tended_api(
        world, query, api(OLD, world.origin), _refuses(world, wrong, said, code=code)
    )
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}{query}", now "{GOOD}{mended}"']


async def test_two_values_that_do_equally_well_are_left_to_a_person(world: World):
    said = {"error": "view 'short' is gone. It takes 'brief' or 'compact'."}
    after = _refuses(world, "view=short", said)
    tended, words = await tended_api(world, "?view=short", api(OLD, world.origin), after)
    assert (tended.outcome, words) == ("given_up", [])


async def test_of_listed_values_only_the_one_that_keeps_the_order_is_proposed(world: World):
    def sorted_by(asked: Asked) -> Any:
        order = parse_qs(urlsplit(asked.target).query)["order"][0]
        if order not in ("date_desc", "date_asc"):
            return status(400, json.dumps({"error": "order takes 'date_desc' or 'date_asc'"}))
        return status(200, api(NEW if order == "date_desc" else NEW[::-1], world.origin))

    tended, words = await tended_api(world, "?order=latest", api(OLD, world.origin), sorted_by)
    assert tended.outcome == "asked"
    assert words == [
        f'step \'api\': with.url was "{GOOD}?order=latest", now "{GOOD}?order=date_desc"'
    ]


async def test_an_address_on_another_host_that_a_refusal_names_is_not_even_called(world: World):
    away = f"{world.other.origin}/open/stories"
    after = {
        GOOD: status(401, json.dumps({"anonymous_access": away})),
        "other:/open/stories": api(NEW, world.origin),
    }
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome, words, world.other.asked) == ("left", [], [])


async def test_an_open_address_of_the_same_host_that_a_refusal_names_is_asked_about(world: World):
    after = {
        GOOD: status(401, json.dumps({"open": f"{world.origin}/open/stories"})),
        "/open/stories": api(NEW, world.origin),
    }
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}", now "/open/stories"']


async def test_a_key_refused_with_a_200_is_left_to_a_person(world: World):
    said = json.dumps({"error": {"message": "This API key was revoked."}})
    tended, words = await tended_api(world, "", api(OLD, world.origin), said)
    assert (tended.outcome, words) == ("left", [])
    assert tended.reason.startswith("auth: ")


def test_the_same_letters_are_nearer_than_a_word_besides_and_two_alike_are_none():
    assert nearest("on loan", ["on_loan", "on loan now", "returned"]) == "on_loan"
    assert nearest("central", ["central-library", "east-library"]) == "central-library"
    assert nearest("central", ["central-library", "central-station"]) is None
    assert nearest("colour", ["color", "size"]) == "color"
    assert nearest("open", ["not open", "closed"]) is None
    assert nearest("v1", ["v2"]) is None
    assert nearest("report-2024", ["report-2025"]) is None


def test_a_key_that_was_split_in_two_is_no_renamed_key():
    old = [{"id": n, "price": f"{n}.00"} for n in range(5)]
    split = [{"id": n, "price_net": f"{n}.00", "price_gross": f"{n}.90"} for n in range(5)]
    once = [{"id": n, "price_net": f"{n}.00"} for n in range(5)]
    assert list(renamings(old, split)) == []
    assert list(renamings(old, once)) == [Renamed("price", "price_net")]


def test_what_an_answer_says_is_read_word_for_word():
    assert quoted("Don't use 'a b'; did you mean page_size?") == ["a b", "page_size"]
    assert limits("took 10 s; limit=100 is the most", "limit") == [100]
    assert limits("between 1 and 250", "limit") == [250, 1]
    assert list(listed({"facets": {"branch": {"east": 3, "west": 1}}}, "branch")) == [
        "east",
        "west",
    ]
    asked = Answer(406, "", {"error": "Set Accept.", "accepted": ["application/vnd.x.v2+json"]})
    assert headers_named(asked) == [("Accept", "application/vnd.x.v2+json")]
    wild = Answer(200, "Send Authorization: me, Host: there and Api-Version: 3.")
    assert headers_named(wild) == [("Api-Version", "3")]


def test_a_list_is_in_order_only_with_its_front_and_enough_in_common():
    olds = [{"id": n} for n in range(9, 0, -1)]
    assert in_order(olds, [{"id": n} for n in range(12, 3, -1)])
    assert not in_order(olds, olds[::-1])
    assert not in_order(olds, [{"id": n} for n in range(4, -4, -1)])
    assert not in_order(olds, [{"id": n} for n in range(30, 8, -1)])


def test_an_expect_line_tells_the_words_that_it_allows():
    line = "${{ steps.ask.record.a.level in ['low', \"high\"] }} does not hold"
    (told,) = allowed_by(line)
    assert told == Allowed("ask", ("a", "level"), ("low", "high"))
    assert told.takes({"record": {"a": {"level": "low"}}})
    assert not told.takes({"record": {"a": {"level": "Low: all is well"}}})
    assert allowed_by("steps.ask.record.level in [inputs.a, 'x']") == []


async def test_a_value_that_its_table_spells_differently_now_is_asked_about(world: World):
    job = """job: open-orders
steps:
  - id: rows
    skill: query_database
    with: {sql: "select o.buyer from orders o where o.state = 'in transit' and o.kind = 'post'", database: shop}
outputs: {count: "${{ steps.rows.count }}"}
expect: ["${{ steps.rows.count > 0 }}"]
"""
    script = (
        "create table orders (buyer text, state text, kind text); insert into orders values"
        " ('Ann', 'in transit', 'post'), ('Bea', 'in transit', 'post'), ('Cy', 'done', 'post');"
    )
    world.tables(script)
    record = world.make_job(job)
    assert (await world.run(record)).status == "succeeded"
    world.tables(script.replace("in transit", "in_transit"))
    desk = world.desk()
    run = await world.run(record)
    tended = await Healer(desk, await world.place.engine(), model_on=False).tend(run.id)
    await desk.http.aclose()
    assert tended is not None
    (patch,) = world.place.patches.list()
    assert (tended.outcome, patch.source) == ("asked", "respelled_values")
    assert patch.yaml == job.replace("'in transit'", "'in_transit'")


async def test_a_model_is_held_to_the_words_that_an_expect_line_lists(world: World):
    job = """job: mood
steps:
  - id: ask
    skill: ask_model
    with:
      prompt: "Is the sea calm or rough?"
      schema: {type: object, properties: {sea: {type: string}}, required: [sea]}
expect: ["${{ steps.ask.record.sea in ['calm', 'rough'] }}"]
"""
    world.models["clerk"] = lambda asked: {"sea": "calm"}
    record = world.make_job(job)
    assert (await world.run(record)).status == "succeeded"
    world.models["clerk"] = lambda asked: {
        "sea": "calm" if '"enum"' in json.dumps(asked.schema) else "It is rather calm."
    }
    desk = world.desk()
    run = await world.run(record)
    tended = await Healer(desk, await world.place.engine(), model_on=False).tend(run.id)
    await desk.http.aclose()
    assert tended is not None
    (patch,) = world.place.patches.list()
    assert (tended.outcome, patch.source) == ("patched", "stricter")
    assert (await world.run(record)).status == "succeeded"


DESKS = [{"id": 31, "name": "South desk"}, {"id": 33, "name": "North"}]


@pytest.mark.parametrize(
    ("code", "said", "desks", "mended"),
    [
        (200, "Desks are given by id: see /v1/desks.", {"desks": DESKS}, "33"),
        (400, "Unknown desk. The desks are listed at /v1/desks.", DESKS, "33"),
        (200, "See /v1/desks.", [*DESKS, {"id": 40, "name": "north"}], ""),  # which of two, nothing tells
        (200, "See /v1/desks.", [{"id": 31, "name": "North"}], ""),  # with it, it gives other things
        (200, "See http://desks.example/v1/desks.", DESKS, ""),
    ],
)  # fmt: skip
async def test_a_value_that_a_list_named_in_words_calls_otherwise_is_asked_about(
    world: World, code: int, said: str, desks: Any, mended: str
):
    def route(asked: Asked) -> Any:
        desk = parse_qs(urlsplit(asked.target).query)["desk"][0]
        if desk == "33":
            return status(200, api(NEW, world.origin))
        key = "note" if code == 200 else "error"
        return status(code if desk == "north" else 200, json.dumps({"stories": [], key: said}))

    after = {GOOD: route, "/v1/desks": json.dumps(desks)}
    tended, words = await tended_api(world, "?desk=north", api(OLD, world.origin), after)
    assert tended.outcome == ("asked" if mended else "given_up"), tended.reason
    assert [word.rpartition("desk=")[2].rstrip('"') for word in words] == [mended] * bool(mended)
