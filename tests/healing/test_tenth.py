"""The scenarios of the museum are sound: each breaks, and what is to be mended can be mended.

Healing is not asked here: the repair is written by hand, as a careful person would write it.
"""

from __future__ import annotations

from collections import Counter

from assistant.insight.faults import FAULTS
from tests.healing.mending import ended
from tests.healing.running import a_world
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_tenth import MENDS as PAGES
from tests.healing.scenarios_tenth_calls import MENDS as CALLS

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
    told = dict[str, str]()
    async with a_world() as world:
        for scenario in _tenth():
            told[scenario.name] = await ended(world, scenario, MENDS)
    assert told == {
        one.name: "mended by hand" if one.expect == "heal" else "broken" for one in _tenth()
    }
