"""A job that reads an interface, once before and once after a change, and what healing made of it."""

from __future__ import annotations

from typing import Any

from assistant.healing.healer import Healer
from assistant.store.patches import Tended
from tests.healing.scenarios_moved import API
from tests.healing.world import World

GOOD = "/v1/stories"


async def tended_api(
    world: World, query: str, before: Any, after: Any, *, job: str = API
) -> tuple[Tended, list[str]]:
    """What came of a job whose address has this query, and the words of its patches.

    `after` is what the address answers then, or all the routes of the site.
    """
    job = job.replace(GOOD, GOOD + query)
    world.put({GOOD: before})
    record = world.make_job(f"job: listens\n{job}".replace("{origin}", world.origin))
    run = await world.run(record)
    assert run.status == "succeeded", run.error
    world.put({GOOD: after} if not isinstance(after, dict) else after)
    desk = world.desk()
    run = await world.run(record)
    tended = await Healer(desk, await world.place.engine(), model_on=False).tend(run.id)
    await desk.http.aclose()
    assert tended is not None
    words = [word for patch in world.place.patches.list() for word in patch.words]
    return tended, [word.replace(world.origin, "") for word in words]
