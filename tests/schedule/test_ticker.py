"""What becomes of every planned instant."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from assistant.clock import FixedClock
from assistant.errors import ModelUnavailable
from assistant.pipeline.spec import Schedule
from assistant.schedule import switch
from assistant.schedule.cron import fires
from assistant.schedule.ticker import Ticker
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import TickLedger

MONDAY = datetime(2026, 3, 2, 6, 59, 30, tzinfo=UTC)


class RunList:
    """Runs jobs by remembering them: a run goes on until `finish` is called."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.going: list[str] = []
        self.cancelled: list[str] = []
        self.trouble: Exception | None = None

    async def start(self, job: JobRecord, run_id: str, due: datetime) -> None:
        if self.trouble:
            raise self.trouble
        if run_id not in self.started:
            self.started.append(run_id)
            self.going.append(run_id)

    def active(self, job: JobRecord) -> list[str]:
        return [run for run in self.going if run.startswith(f"{job.name}:")]

    async def cancel(self, run_id: str) -> None:
        self.cancelled.append(run_id)
        self.going.remove(run_id)

    def finish(self) -> None:
        self.going.clear()


class World:
    def __init__(self, store: Store, settings: Settings, clock: FixedClock) -> None:
        clock.instant = MONDAY
        self.clock = clock
        self.jobs = JobRepository(store, settings, clock=clock)
        self.ledger = TickLedger(store, clock=clock)
        self.runs = RunList()
        self.ticker = self.another_ticker("one")

    def another_ticker(self, worker: str) -> Ticker:
        return Ticker(self.ledger, self.jobs, self.runs, clock=self.clock, worker=worker)

    def schedule(self, cron: str, **policy: str) -> JobRecord:
        job = self.jobs.create("digest")
        schedule = Schedule(cron, "Europe/London", **policy)  # type: ignore[arg-type]
        return switch.put_in_force(self.ledger, self.jobs, job, schedule, self.clock.now())

    async def at(self, moment: datetime) -> None:
        self.clock.instant = moment
        await self.ticker.tick(moment)

    def account(self, job: JobRecord) -> list[tuple[str, str]]:
        return [(t.due[5:16], t.outcome) for t in reversed(self.ledger.ticks(job.id, limit=1000))]


@pytest.fixture
def world(store: Store, settings: Settings, clock: FixedClock) -> World:
    return World(store, settings, clock)


async def test_a_tick_gives_one_run_named_after_job_and_instant(world: World) -> None:
    job = world.schedule("0 7 * * 1-5")
    await world.at(MONDAY)
    assert world.runs.started == []
    await world.at(MONDAY + timedelta(seconds=31))
    await world.at(MONDAY + timedelta(seconds=32))
    assert world.runs.started == ["digest:20260302T070000000Z"]
    [tick] = world.ledger.ticks(job.id)
    assert (tick.outcome, tick.reason, tick.run_id) == ("ran", "", "digest:20260302T070000000Z")
    row = world.ledger.schedule(job.id)
    assert row
    assert row.next_due == "2026-03-03T07:00:00.000Z"


@pytest.mark.parametrize(
    ("catch_up", "outcomes", "runs"),
    [
        ("none", ["missed", "missed", "missed"], 0),
        ("latest", ["coalesced", "coalesced", "ran"], 1),
        ("all", ["ran", "ran", "ran"], 3),
    ],
)
async def test_after_downtime_the_policy_decides(
    world: World, catch_up: str, outcomes: list[str], runs: int
) -> None:
    job = world.schedule("0 7 * * *", catch_up=catch_up)
    for minutes in range(3):  # what is caught up runs one after the other
        await world.at(datetime(2026, 3, 4, 12, minutes, tzinfo=UTC))
        world.runs.finish()
    days = ["03-02T07:00", "03-03T07:00", "03-04T07:00"]
    assert world.account(job) == list(zip(days, outcomes, strict=True))
    assert len(world.runs.started) == runs


@pytest.mark.parametrize(
    ("overlap", "first", "later"),
    [
        ("skip", ["ran", "skipped"], ["ran", "skipped"]),
        ("queue", ["ran", "planned"], ["ran", "ran"]),
        ("cancel", ["ran", "ran"], ["ran", "ran"]),
    ],
)
async def test_a_run_that_is_still_going_meets_the_next_tick(
    world: World, overlap: str, first: list[str], later: list[str]
) -> None:
    job = world.schedule("0 * * * *", overlap=overlap)
    await world.at(datetime(2026, 3, 2, 7, 0, 1, tzinfo=UTC))
    await world.at(datetime(2026, 3, 2, 8, 0, 1, tzinfo=UTC))
    assert [outcome for _, outcome in world.account(job)] == first
    world.runs.finish()
    await world.at(datetime(2026, 3, 2, 8, 20, tzinfo=UTC))
    assert [outcome for _, outcome in world.account(job)] == later
    assert world.runs.cancelled == (["digest:20260302T070000000Z"] if overlap == "cancel" else [])


async def test_a_paused_job_accounts_for_its_ticks(world: World) -> None:
    job = world.schedule("0 7 * * *")
    job = switch.pause(world.jobs, job)
    await world.at(datetime(2026, 3, 2, 7, 0, 5, tzinfo=UTC))
    world.clock.instant = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    switch.resume(world.ledger, world.jobs, job, world.clock.now())
    await world.at(datetime(2026, 3, 4, 7, 0, 5, tzinfo=UTC))
    assert world.account(job) == [
        ("03-02T07:00", "paused"),
        ("03-03T07:00", "paused"),
        ("03-04T07:00", "ran"),
    ]


async def test_a_run_that_cannot_start_is_a_missed_tick_with_its_reason(world: World) -> None:
    job = world.schedule("0 7 * * *")
    world.runs.trouble = ModelUnavailable("no model")
    await world.at(datetime(2026, 3, 2, 7, 0, 5, tzinfo=UTC))
    [tick] = world.ledger.ticks(job.id)
    assert (tick.outcome, tick.reason) == ("missed", "model_unavailable: no model")


async def test_a_changed_schedule_keeps_the_account_of_the_old_one(world: World) -> None:
    job = world.schedule("0 7 * * *", catch_up="none")
    world.clock.instant = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    new = Schedule("0 9 * * *", "Europe/London")
    switch.put_in_force(world.ledger, world.jobs, job, new, world.clock.now())
    await world.at(datetime(2026, 3, 3, 9, 0, 1, tzinfo=UTC))
    assert [day for day, _ in world.account(job)] == ["03-02T07:00", "03-03T07:00", "03-03T09:00"]
    assert world.runs.started == ["digest:20260303T090000000Z"]


async def test_eight_schedulers_give_one_run_a_tick(world: World) -> None:
    job = world.schedule("* * * * *", overlap="queue")
    tickers = [world.another_ticker(f"w{i}") for i in range(8)]
    for minute in range(60):
        world.clock.instant = MONDAY + timedelta(minutes=minute, seconds=31)
        await asyncio.gather(*(ticker.tick(world.clock.now()) for ticker in tickers))
        world.runs.finish()
    assert len(world.runs.started) == len(set(world.runs.started)) == 60
    assert Counter(outcome for _, outcome in world.account(job)) == {"ran": 60}


async def test_a_year_with_downtime_and_clock_jumps_leaves_no_instant_unexplained(
    world: World,
) -> None:
    job = world.schedule("30 1,7 * * *", catch_up="latest")
    end = MONDAY + timedelta(days=365)
    jumps = {40: timedelta(hours=2), 90: timedelta(hours=-2), 150: timedelta(days=-3),
             200: timedelta(days=5), 300: timedelta(days=3)}  # fmt: skip
    now, step = MONDAY, 0
    while now < end:
        step += 1
        now += timedelta(hours=7, minutes=13) + jumps.get(step, timedelta())
        await world.at(now)
        world.runs.finish()
    ticks = world.ledger.ticks(job.id, limit=5000)
    planned = []
    for instant in fires("30 1,7 * * *", "Europe/London", MONDAY):
        if instant > now:
            break
        planned.append(instant)
    assert sorted(t.due_at for t in ticks) == planned
    assert {t.outcome for t in ticks} == {"ran", "coalesced"}
    assert len(world.runs.started) == len(set(world.runs.started))
