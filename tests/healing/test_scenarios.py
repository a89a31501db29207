"""A part of the scenarios, some of each class, with the real engine and the real skills.

All of them are played by `python -m tests.bench.bench_healing`.
"""

from __future__ import annotations

import pytest

from assistant.insight.faults import FAULTS
from tests.healing.running import a_world, play
from tests.healing.scenarios import scenarios

PLAYED = {
    "feed-home-declares-it", "api-names-its-successor", "feed-redirected-301",
    "only-a-podcast-is-left", "soft-404-and-moved", "feed-gone-for-good", "login-wall-on-page",
    "captcha-in-front", "classes-renamed", "redesign-cards", "price-class-renamed",
    "json-names-renamed", "table-renamed", "only-most-read-is-left", "pages-were-added",
    "key-empties-silently", "feed-is-empty", "feed-is-slow-now", "slow-once", "prompt-too-long",
    "wants-to-be-left-alone", "limit-refused-400", "field-left-out", "no-model-fits",
    "payment-wanted", "mailbox-full", "server-500", "skill-breaks",
}  # fmt: skip


def test_there_are_enough_scenarios_of_every_class_and_half_of_them_are_put_aside():
    told = scenarios()
    assert len(told) >= 60
    assert {one.fault for one in told} == set(FAULTS)
    assert sum(one.expect == "leave" for one in told) >= 15
    tuned = [one for one in told if one.split == "tune"]
    assert len(tuned) <= len(told) / 2


def test_the_second_world_has_every_class_too():
    fresh = [one for one in scenarios() if one.split == "fresh"]
    assert len(fresh) >= 42
    assert {one.fault for one in fresh} == set(FAULTS)
    assert sum(one.expect == "leave" for one in fresh) >= 12


@pytest.mark.parametrize("expect", ["heal", "leave"])
async def test_what_can_be_mended_is_and_what_cannot_is_left_alone(expect: str):
    chosen = [one for one in scenarios() if one.name in PLAYED and one.expect == expect]
    assert all(one.split == "tune" for one in chosen)
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in chosen:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in chosen}


def test_every_scenario_that_is_played_here_exists():
    assert {one.name for one in scenarios()} >= PLAYED
