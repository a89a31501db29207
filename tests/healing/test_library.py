"""The scenarios of the library are sound: each breaks, and what is to be mended can be mended.

Healing is not asked here: the repair is written by hand, as a careful person would write it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from assistant.insight.faults import FAULTS
from tests.healing.running import a_world, good_days
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_library import MENDS as PAGES
from tests.healing.scenarios_library_calls import MENDS as CALLS
from tests.healing.world import World

MENDS = {**PAGES, **CALLS}


def _third() -> list[Scenario]:
    return [one for one in scenarios() if one.split == "third"]


def test_there_are_enough_of_every_class_and_nearly_half_are_not_to_be_patched():
    told = _third()
    assert len(told) >= 44
    assert {one.fault for one in told} == set(FAULTS)
    assert 0.4 <= Counter(one.expect for one in told)["leave"] / len(told) <= 0.5


def test_each_to_mend_says_what_it_gives_and_has_a_mend_written_beside_it():
    to_mend = {one.name for one in _third() if one.expect == "heal"}
    assert to_mend == set(MENDS)
    assert all((one.gives is not None) == (one.expect == "heal") for one in _third())


async def test_each_breaks_for_good_and_a_careful_person_can_mend_what_is_to_be_mended():
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in _third():
            ended[scenario.name] = await _ended(world, scenario)
    assert ended == {
        one.name: "mended by hand" if one.expect == "heal" else "broken" for one in _third()
    }


async def _ended(world: World, scenario: Scenario) -> str:
    world.forget()
    world.clock.offset = timedelta()
    record = await good_days(world, scenario)
    world.put(scenario.after(world))
    for _ in range(2):
        run = await world.run(record)
        if run.status == "succeeded":
            return "it did not break"
    if scenario.expect == "leave":
        return "broken"
    text = scenario.file(world)
    old, new = (told.replace("{origin}", world.origin) for told in MENDS[scenario.name])
    if text.count(old) < 1:
        return f"there is no {old!r} to mend"
    world.place.lifecycle.save(record.id, text.replace(old, new))
    run = await world.run(record)
    return "mended by hand" if scenario.is_right(world, run) else f"not mended: {run.error}"
