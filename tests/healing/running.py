"""Runs scenarios and says for each what was done, and whether that was right.

Four ways can be compared: `ours`, `recipes` (no model), `retry` (the same run again, and nothing
else), and `model` (a model rewrites the step, and what it writes is put in force unseen).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller

from assistant.errors import AssistantError
from assistant.healing.applying import apply
from assistant.healing.case import Nothing, gather
from assistant.healing.healer import Healer
from assistant.healing.proposals import patched
from assistant.healing.rewriting import by_model
from assistant.insight.faults import classify
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRow
from tests.healing.scenarios import Scenario
from tests.healing.world import World, open_world
from tests.loopback import Site

Way = Literal["ours", "recipes", "retry", "model"]
SUNDAY_NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """`right` says whether the end is as it should be; `tries` the proposals it took."""

    scenario: Scenario
    outcome: str
    right: bool
    wrong_repair: bool
    tries: int
    seconds: float
    fault: str
    reason: str
    first: bool


class Postman:
    """A mail server that answers what the scenario says."""

    def __init__(self) -> None:
        self.world: World | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # fmt: skip
        told = self.world.state.get("mail") if self.world else None
        if told:
            return str(told)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 taken"


class MailServer(Controller):
    """aiosmtpd's own check of its port does not know that 0 stands for any."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """A home with its two sites and its mail server, closed afterwards."""
    postman = Postman()
    mail = MailServer(postman, hostname="127.0.0.1", port=0)
    mail.start()
    with tempfile.TemporaryDirectory() as folder, Site() as site, Site() as other:
        world = open_world(Path(folder) / "home", site, other, smtp_port=mail.port)
        postman.world = world
        try:
            yield world
        finally:
            await world.place.close()
            mail.stop()


async def play(world: World, scenario: Scenario, way: Way, *, models: Any = None) -> Result:
    """One scenario, from its good days to what became of the change."""
    world.forget()
    world.clock.offset = timedelta()
    record = await good_days(world, scenario)
    world.put(scenario.after(world))
    run = await world.run(record)
    if scenario.fails and run.status == "succeeded":
        raise ValueError(f"{scenario.name}: the change broke nothing")
    desk = world.desk()
    healer = Healer(
        desk, await world.place.engine(), advisers=models, recipes_on=way != "model",
        model_on=models is not None,
    )  # fmt: skip
    try:
        if scenario.twice and way in ("ours", "recipes"):
            await healer.tend(run.id)
            run = await world.run(record)
        match way:
            case "retry":
                return await _retried(world, scenario, record, run)
            case "model":
                return await _rewritten(world, scenario, record, run, desk, models)
            case _:
                return await _healed(world, scenario, record, run, healer)
    finally:
        await desk.http.aclose()


async def good_days(world: World, scenario: Scenario) -> JobRecord:
    """Make the job of a scenario and let it run well; ValueError when it does not."""
    world.put(scenario.before(world))
    record = world.make_job(scenario.file(world))
    for number, day in enumerate(scenario.days):
        world.clock.go_to(SUNDAY_NOON + timedelta(days=day))
        world.put((scenario.after if number in scenario.quiet else scenario.before)(world))
        await world.run(record)
    if scenario.days:
        world.clock.go_to(SUNDAY_NOON)
        return record
    for _ in range(scenario.good_runs):
        run = await world.run(record)
        if run.status != "succeeded":
            raise ValueError(f"{scenario.name} does not run well before: {run.error}")
    return record


async def _healed(
    world: World, scenario: Scenario, record: JobRecord, run: RunRow, healer: Healer
) -> Result:
    started = time.monotonic()
    tended = await healer.tend(run.id)
    seconds = time.monotonic() - started
    assert tended is not None
    patches = world.place.patches.list(job_id=record.id)
    proven = [p for p in patches if p.state in ("asked", "canary", "kept")]
    for patch in proven:
        if patch.state == "asked":
            apply(healer.desk, patch, by="person")
    right = not proven
    if scenario.expect == "heal":
        again = await world.run(record) if proven else run
        right = bool(proven) and scenario.is_right(world, again)
    fault = patches[0].fault if patches else tended.reason.split(":")[0]
    return Result(
        scenario, tended.outcome, right, wrong_repair=bool(proven) and not right,
        tries=len(patches), seconds=proven[0].seconds if proven else seconds, fault=fault,
        reason=tended.reason, first=right and len(patches) <= 1,
    )  # fmt: skip


async def _retried(world: World, scenario: Scenario, record: JobRecord, run: RunRow) -> Result:
    again = await world.run(record)
    healed = scenario.is_right(world, again)
    right = healed if scenario.expect == "heal" else True
    return Result(scenario, "retried", right, False, 0, 0.0, "", "", right)


async def _rewritten(
    world: World, scenario: Scenario, record: JobRecord, run: RunRow, desk: Any, models: Any
) -> Result:
    """What a model says is made the next version, without any other word on it."""
    case = gather(desk, run)
    changed, right = False, scenario.expect == "leave"
    if not isinstance(case, Nothing):
        proposal = await by_model(models, case, classify(case.failure))
        if proposal is not None:
            with contextlib.suppress(AssistantError):
                world.place.lifecycle.save(record.id, patched(case, proposal), author="healing")
                changed = True
    if changed:
        again = await world.run(record)
        right = scenario.expect == "heal" and scenario.is_right(world, again)
    return Result(
        scenario, "rewritten" if changed else "left", right, changed and not right, int(changed),
        0.0, "", "", right,
    )  # fmt: skip


async def play_all(
    chosen: Sequence[Scenario], way: Way, *, models: Any = None, tell: Any = None
) -> list[Result]:
    """All scenarios, one after another; each later batch in a home and at a site of its own."""
    results = list[Result]()
    first = ("tune", "report", "late")
    for _, members in itertools.groupby(
        chosen, lambda one: first if one.split in first else one.split
    ):
        async with a_world() as world:
            for scenario in members:
                results.append(await _played(world, scenario, way, models))
                if tell:
                    tell(results[-1])
    return results


async def _played(world: World, scenario: Scenario, way: Way, models: Any) -> Result:
    try:
        async with asyncio.timeout(150):
            return await play(world, scenario, way, models=models)
    except (ValueError, TimeoutError) as wrong:
        reason = str(wrong) or "it took too long"
        return Result(scenario, "broken", False, False, 0, 0.0, "", reason, False)


def line(result: Result) -> str:
    sign = "✓" if result.right else "✗ WRONG REPAIR" if result.wrong_repair else "✗"
    s = result.scenario
    return (
        f"{sign:2} {s.name:28} {s.fault:13} {s.expect:5} → {result.outcome:9} {result.tries} "
        f"{result.seconds:5.2f}s  [{result.fault[:14]}] {result.reason[:150]}"
    )


if __name__ == "__main__":
    import sys

    from tests.healing.scenarios import scenarios

    wanted = [
        s
        for s in scenarios()
        if (s.name in sys.argv[1:] if len(sys.argv) > 1 else s.split == "tune")
    ]
    asyncio.run(play_all(wanted, "recipes", tell=lambda r: print(line(r), flush=True)))
