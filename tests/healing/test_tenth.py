"""The scenarios of the museum are sound: each breaks, and what is to be mended can be mended.

Healing is not asked here: the repair is written by hand, as a careful person would write it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from assistant.insight.faults import FAULTS
from tests.healing.running import a_world, good_days
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_tenth import MENDS as PAGES
from tests.healing.scenarios_tenth_calls import MENDS as CALLS
from tests.healing.world import World

MENDS = {**PAGES, **CALLS}


def _tenth() -> list[Scenario]:
    return [one for one in scenarios() if one.split == "tenth"]


def test_every_class_is_there_and_fifteen_of_forty_are_not_to_be_patched():
    told = _tenth()
    assert {one.fault for one in told} == set(FAULTS)
    assert Counter(one.expect for one in told) == {"heal": 25, "leave": 15}


def test_each_to_mend_says_what_it_gives_and_has_a_mend_written_beside_it():
    to_mend = {one.name for one in _tenth() if one.expect == "heal"}
    assert to_mend == set(MENDS)
    assert all((one.gives is not None) == (one.expect == "heal") for one in _tenth())


async def test_each_breaks_for_good_and_a_careful_person_can_mend_what_is_to_be_mended():
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in _tenth():
            ended[scenario.name] = await _ended(world, scenario)
    assert ended == {
        one.name: "mended by hand" if one.expect == "heal" else "broken" for one in _tenth()
    }


async def _ended(world: World, scenario: Scenario) -> str:
    world.forget()
    world.clock.offset = timedelta()
    record = await good_days(world, scenario)
    world.put(scenario.after(world))
    for _ in range(2):
        run = await world.run(record)
        if run.status != ("failed" if scenario.fails else "succeeded"):
            return f"it did not break: {run.status}"
    if scenario.expect == "leave":
        return "broken"
    if scenario.is_right(world, run):
        return "it gives what it should"
    text = scenario.file(world)
    old, new = (told.replace("{origin}", world.origin) for told in MENDS[scenario.name])
    if text.count(old) != 1:
        return f"there is not one {old!r} to mend"
    world.place.lifecycle.save(record.id, text.replace(old, new))
    run = await world.run(record)
    return "mended by hand" if scenario.is_right(world, run) else f"not mended: {run.error}"
