"""Who works next: priority, fairness between jobs, limits, and no double by a double click."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from assistant.engine.places import PATIENCE, Places
from assistant.engine.queueing import RunGoesOn
from assistant.engine.request import RunRequest
from tests.engine.conftest import Bench


class Queue:
    """Runs that want a place; `served` is the order in which they got one."""

    def __init__(self, most: int, **limits: int) -> None:
        self.now = 0.0
        self.places = Places(most, lambda job: limits.get(job, 0), moment=lambda: self.now)
        self.served: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def want(self, *names: str, priority: int = 0) -> None:
        """`a1` is a run of job `a`."""
        for name in names:
            self.tasks[name] = asyncio.create_task(self._run(name, priority))
            await asyncio.sleep(0)

    async def _run(self, name: str, priority: int) -> None:
        await self.places.enter(name[0], priority)
        self.served.append(name)

    async def end(self, *names: str) -> None:
        for name in names:
            self.places.leave(name[0])
            await asyncio.sleep(0.001)


async def test_a_job_with_many_runs_does_not_keep_the_others_waiting() -> None:
    queue = Queue(2)
    await queue.want("a1", "a2", "a3", "a4", "a5", "b1", "c1", "b2")
    await queue.end("a1", "a2", "b1", "c1", "a3")
    assert queue.served == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


async def test_priority_goes_first_and_waiting_counts() -> None:
    queue = Queue(1)
    await queue.want("a1")
    await queue.want("b1", priority=-10)
    await queue.want("c1", priority=10)
    await queue.end("a1")
    queue.now = 20 * PATIENCE
    await queue.want("d1", priority=5)
    await queue.end("c1")
    assert queue.served == ["a1", "c1", "b1"]


async def test_a_jobs_own_limit_leaves_places_to_others() -> None:
    queue = Queue(3, a=1)
    await queue.want("a1", "a2", "a3", "b1", "b2")
    assert queue.served == ["a1", "b1", "b2"]
    await queue.end("a1")
    assert queue.served[3:] == ["a2"]


async def test_who_stops_waiting_takes_no_place() -> None:
    queue = Queue(1)
    await queue.want("a1", "b1", "c1")
    queue.tasks["b1"].cancel()
    queue.places.leave("a")  # b is called and cancelled in the same moment, or was taken out
    with contextlib.suppress(asyncio.CancelledError):
        await queue.tasks["b1"]
    await asyncio.sleep(0.001)
    assert queue.served == ["a1", "c1"]


@pytest.mark.parametrize(
    ("trigger", "priority"),
    [
        ({"kind": "cli"}, 10), ({"kind": "webhook"}, 5), ({"kind": "schedule"}, 0),
        ({"kind": "backfill"}, -10),
    ],
)  # fmt: skip
def test_what_starts_a_run_says_its_priority(trigger: dict[str, str], priority: int) -> None:
    assert RunRequest(job="a", yaml="", trigger=trigger).snapshot("r")["priority"] == priority
    told = RunRequest(job="a", yaml="", trigger=trigger, priority=3).snapshot("r")
    assert told["priority"] == 3


ASKING = "job: ask\ninputs: {n: {type: integer, default: 1}}\nsteps: [{approve: go on?}]\n"


async def test_a_second_run_with_the_same_inputs_is_refused_while_the_first_goes_on(
    bench: Bench,
) -> None:
    first = await bench.start(ASKING, once=True)
    await bench.until_status(first, "waiting")
    with pytest.raises(RunGoesOn) as refused:
        await bench.start(ASKING, once=True)
    assert (refused.value.run_id, refused.value.code) == (first, "job_policy_denied")
    other = await bench.start(ASKING, once=True, inputs={"n": 2})
    again = await bench.start(ASKING)
    assert len({first, other, again}) == 3
    await bench.engine.decide(first, "approve", True, "jo")
    await bench.until_status(first, "succeeded")
    await bench.engine.cancel(again)
    await bench.until_status(again, "cancelled")
    assert await bench.start(ASKING, once=True)


async def test_waiting_for_a_person_holds_no_place(bench: Bench) -> None:
    runs = [await bench.start(ASKING) for _ in range(bench.settings.max_parallel_runs + 3)]
    for run in runs:
        await bench.until_status(run, "waiting")
    receipt = await bench.run("  - {id: x, set: {y: 1}}")
    assert receipt["status"] == "succeeded"
