"""A part of a list is noticed by what the answer says of itself, and the whole is asked for."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.healing.counting import Size, sizes_told, tells_of_more
from assistant.healing.healer import Healer
from assistant.healing.symptoms import part_of
from tests.healing.pages import api
from tests.healing.scenarios_moved import NEW, OLD
from tests.healing.tending import GOOD, tended_api
from tests.healing.world import World, status
from tests.loopback import Asked, Page


def _answer(count: int, headers: dict[str, str] | None = None, **beside: Any) -> dict[str, Any]:
    rows = [{"id": n, "title": f"Buoy {n}"} for n in range(count)]
    return {"response": {"data": {**beside, "buoys": rows}, "headers": headers or {}}}


@pytest.mark.parametrize(
    ("beside", "headers", "told"),
    [
        ({"total": 30, "limit": 4}, {}, [Size("limit", 0, 30)]),
        ({"meta": {"perPage": 4, "maxPerPage": 50, "lastPage": 3}}, {}, [Size("perPage", 50, 12)]),
        ({"links": {"next": "/b?page[number]=2&page[size]=4"}}, {}, [Size("page[size]", 0, 0)]),
        ({}, {"link": '</b?page=2&per_page=4>; rel="next"', "x-total-count": "9"},
         [Size("per_page", 0, 9)]),
        ({"pageInfo": {"hasNextPage": True}, "first": 4}, {}, [Size("first", 0, 0)]),
        ({"has_more": True}, {}, []),
    ],
)  # fmt: skip
def test_an_answer_that_is_a_part_says_so_in_many_ways(
    beside: dict[str, Any], headers: dict[str, str], told: list[Size]
):
    output = _answer(4, headers, **beside)
    assert tells_of_more(output)
    assert sizes_told(output) == told


@pytest.mark.parametrize(
    "beside",
    [{"total": 4}, {"next": None}, {"has_more": False}, {"page": 1, "pages": 1}, {"more": "soon"},
     {"next": ""}],
)  # fmt: skip
def test_an_answer_that_is_the_whole_says_nothing_of_more(beside: dict[str, Any]):
    assert tells_of_more(_answer(4, **beside)) == ""


def test_a_part_is_a_sign_only_when_it_is_less_than_usual_and_was_never_told_before():
    whole, part = _answer(9, total=9), _answer(4, total=9)
    assert part_of([whole], part) is not None
    assert part_of([_answer(9, total=30)], part) is None  # it always had more than it gave
    assert part_of([_answer(3, total=3)], part) is None
    assert part_of([], part) is None


async def test_the_whole_list_is_asked_for_by_the_name_that_the_link_to_the_next_page_has(
    world: World,
):
    rows = json.loads(api(NEW, world.origin))["stories"]

    def answer(asked: Asked) -> Page:
        size = int(parse_qs(urlsplit(asked.target).query).get("page_size", ["7"])[0])
        if size > 50:
            return status(400, json.dumps({"error": "too many"}))
        onward = f'<{GOOD}?page=2&page_size={size}>; rel="next"' if size < len(rows) else ""
        told = {"link": onward} if onward else {}
        return status(200, json.dumps({"stories": rows[:size]}), **told)

    tended, words = await tended_api(world, "", api(OLD, world.origin), answer)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}", now "{GOOD}?page_size=15"']


async def test_a_model_that_is_gone_is_replaced_by_one_of_the_settings_when_a_person_agrees(
    world: World,
):
    job = "job: says\nsteps:\n  - id: ask\n    skill: ask_model\n    with: {prompt: Say it., model: old}\n"
    says = {name: lambda asked: "It is calm." for name in ("old", "senior")}
    world.models.update(says)
    record = world.make_job(job)
    assert (await world.run(record)).status == "succeeded"
    del world.models["old"]
    desk = world.desk()
    run = await world.run(record)
    tended = await Healer(desk, await world.place.engine(), model_on=False).tend(run.id)
    await desk.http.aclose()
    assert tended is not None
    assert tended.outcome == "asked"
    (patch,) = world.place.patches.list()
    assert patch.words == ('step \'ask\': with.model was "old", now "senior"',)
    assert patch.reason == "the job asks for 'old' by its name"
