"""The scenarios of the harbour are sound: each breaks, and what is to be mended can be mended.

Healing is not asked here: the repair is written by hand, as a careful person would write it.
"""

from __future__ import annotations

from collections import Counter

from assistant.insight.faults import FAULTS
from tests.healing.mending import ended
from tests.healing.running import a_world
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_eighth import MENDS as PAGES
from tests.healing.scenarios_eighth_calls import MENDS as CALLS

MENDS = {**PAGES, **CALLS}


def _eighth() -> list[Scenario]:
    return [one for one in scenarios() if one.split == "eighth"]


def test_every_class_is_there_and_seventeen_of_forty_four_are_not_to_be_patched():
    told = _eighth()
    assert {one.fault for one in told} == set(FAULTS)
    assert Counter(one.expect for one in told) == {"heal": 27, "leave": 17}


def test_each_to_mend_says_what_it_gives_and_has_a_mend_written_beside_it():
    to_mend = {one.name for one in _eighth() if one.expect == "heal"}
    assert to_mend == set(MENDS)
    assert all((one.gives is not None) == (one.expect == "heal") for one in _eighth())


async def test_each_breaks_for_good_and_a_careful_person_can_mend_what_is_to_be_mended():
    told = dict[str, str]()
    async with a_world() as world:
        for scenario in _eighth():
            told[scenario.name] = await ended(world, scenario, MENDS)
    assert told == {
        one.name: "mended by hand" if one.expect == "heal" else "broken" for one in _eighth()
    }
