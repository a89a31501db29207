"""How a scenario ends when a careful person mends it by hand: whether it is sound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.healing.running import good_days
from tests.healing.scenarios import Scenario
from tests.healing.world import World


async def ended(world: World, scenario: Scenario, mends: Mapping[str, tuple[str, str]]) -> str:
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
    old, new = (told.replace("{origin}", world.origin) for told in mends[scenario.name])
    if text.count(old) != 1:
        return f"there is not one {old!r} to mend"
    world.place.lifecycle.save(record.id, text.replace(old, new))
    run = await world.run(record)
    return "mended by hand" if scenario.is_right(world, run) else f"not mended: {run.error}"
