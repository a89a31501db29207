"""The scenarios of the town are sound: each breaks, and what is to be mended can be mended.

Healing is not asked here: the repair is written by hand, as a careful person would write it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from assistant.insight.faults import FAULTS
from tests.healing.running import a_world, good_days
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_ninth import MENDS as PAGES
from tests.healing.scenarios_ninth_calls import MENDS as CALLS
from tests.healing.scenarios_ninth_own import MENDS as OWN
from tests.healing.world import World

MENDS = {**PAGES, **CALLS, **OWN}


def _ninth() -> list[Scenario]:
    return [one for one in scenarios() if one.split == "ninth"]


def test_there_are_enough_of_every_class_and_many_are_not_to_be_patched():
    told = _ninth()
    assert {one.fault for one in told} == set(FAULTS)
    assert Counter(one.expect for one in told) == {"heal": 27, "leave": 17}


def test_each_to_mend_says_what_it_gives_and_has_a_mend_written_beside_it():
    assert {one.name for one in _ninth() if one.expect == "heal"} == set(MENDS)
    assert all((one.gives is not None) == (one.expect == "heal") for one in _ninth())


async def test_each_breaks_for_good_and_a_careful_person_can_mend_what_is_to_be_mended():
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in _ninth():
            ended[scenario.name] = await _ended(world, scenario)
    assert ended == {
        one.name: "mended by hand" if one.expect == "heal" else "broken" for one in _ninth()
    }


async def _ended(world: World, scenario: Scenario) -> str:
    world.forget()
    world.clock.offset = timedelta()
    record = await good_days(world, scenario)
    if scenario.days and world.place.runs.list(job_id=record.id)[0].status != "succeeded":
        return "it did not run well the last time"
    world.put(scenario.after(world))
    for _ in range(2):
        run = await world.run(record)
        if run.status == "succeeded" and (scenario.fails or scenario.is_right(world, run)):
            return "it did not break"
    if scenario.expect == "leave":
        return "broken"
    text = mended = scenario.file(world)
    for old, new in MENDS[scenario.name]:
        if old.replace("{origin}", world.origin) not in text:
            return f"there is no {old!r} to mend"
        mended = mended.replace(*(told.replace("{origin}", world.origin) for told in (old, new)))
    world.place.lifecycle.save(record.id, mended)
    run = await world.run(record)
    return "mended by hand" if scenario.is_right(world, run) else f"not mended: {run.error}"
