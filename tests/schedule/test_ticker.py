"""What becomes of every planned instant."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable, ServerAway
from assistant.pipeline.spec import Schedule
from assistant.schedule import switch
from assistant.schedule.cron import fires
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository
from assistant.store.ticks import TickLedger
from tests.schedule.world import MONDAY, World

SCHEDULER = Path(__file__).with_name("scheduler.py")


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


async def test_a_job_whose_making_is_complete_goes_on_running(world: World) -> None:
    job = world.schedule("0 7 * * 1-5")
    world.jobs.update(job.id, status="completed")
    await world.at(MONDAY + timedelta(seconds=31))
    assert world.runs.started == ["digest:20260302T070000000Z"]


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


@pytest.mark.parametrize("catch_up", ["none", "latest", "all"])
async def test_a_tick_waits_for_a_server_that_is_away_however_long(
    world: World, catch_up: str
) -> None:
    job = world.schedule("0 7 * * *", catch_up=catch_up)
    world.runs.trouble = ServerAway("connection refused")
    for minutes in (0, 20):
        await world.at(datetime(2026, 3, 2, 7, minutes, 5, tzinfo=UTC))
        [tick] = world.ledger.ticks(job.id)
        assert (tick.outcome, tick.reason) == ("planned", "waits for the database server")
    world.runs.trouble = None
    await world.at(datetime(2026, 3, 2, 7, 40, 5, tzinfo=UTC))
    assert world.account(job) == [("03-02T07:00", "ran")]


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


def test_eight_scheduler_processes_give_500_ticks_500_runs(
    settings: Settings, store: Store
) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    jobs, ledger = JobRepository(store, settings), TickLedger(store)
    # Claims last a minute, which is a hundredth of a second here: every tick is fought over.
    schedule = Schedule("* * * * *", "Europe/London", catch_up="all", overlap="queue")
    job = switch.put_in_force(ledger, jobs, jobs.create("digest"), schedule, start)
    command = [sys.executable, str(SCHEDULER), str(settings.home), "6000", "500"]
    processes = [subprocess.Popen(command) for _ in range(8)]
    ready, go = settings.home / "ready", settings.home / "start.part"
    while not ready.exists() or len(list(ready.iterdir())) < 8:
        time.sleep(0.05)
    go.write_text(str(time.monotonic()))
    go.rename(settings.home / "start")
    assert [process.wait(120) for process in processes] == [0] * 8
    planned = [start + timedelta(minutes=n) for n in range(1, 501)]
    ids = [f"digest:{instant:%Y%m%dT%H%M%S}000Z" for instant in planned]
    ticks = ledger.ticks(job.id, limit=1000)
    assert [(t.due_at, t.outcome, t.run_id) for t in reversed(ticks)] == [
        (instant, "ran", run_id) for instant, run_id in zip(planned, ids, strict=True)
    ]
    assert sorted((settings.home / "begun").read_text().split()) == ids
    assert sorted(run.id for run in RunRepository(store).list(limit=1000)) == ids


POLICIES = [("none", "skip"), ("latest", "skip"), ("latest", "queue"), ("all", "cancel")]


async def test_a_year_of_downtimes_and_clock_jumps_leaves_no_instant_unexplained(
    world: World,
) -> None:
    chance = random.Random(7)
    lines = {
        world.schedule(line, name=f"j{n}", catch_up=catch_up, overlap=overlap).id: line
        for n, (line, (catch_up, overlap)) in enumerate(
            zip(["30 1 * * *", "15,45 7 * * 1-5", "0 */6 * * *", "0 3 1,15 * *"], POLICIES, strict=True)
        )
    }  # fmt: skip
    now = latest = MONDAY
    jumps = [timedelta(hours=2), timedelta(hours=-2), timedelta(days=3), timedelta(days=-3)]
    jumped, down = 0, 0
    while latest < MONDAY + timedelta(days=365):
        now += timedelta(minutes=chance.choice([1, 20, 75, 500]))
        if chance.random() < 0.02:
            now += jumps[jumped % 4]
            jumped += 1
        if chance.random() < 0.01:
            now += timedelta(days=chance.uniform(0.1, 9))
            down += 1
        latest = max(now, latest)
        await world.at(now)
        if chance.random() < 0.7:
            world.runs.finish()
    assert min(jumped, down) >= 10
    for minutes in range(3000):  # whatever still waits has its turn
        await world.at(now + timedelta(minutes=minutes))
        world.runs.finish()
        if not world.ledger.open_jobs() and now + timedelta(minutes=minutes) > latest:
            break
    latest = max(latest, world.clock.now())
    for job_id, line in lines.items():
        ticks = world.ledger.ticks(job_id, limit=-1)
        due = list(takewhile(lambda i: i <= latest, fires(line, "Europe/London", MONDAY)))
        assert [tick.due_at for tick in reversed(ticks)] == due
        assert {t.outcome for t in ticks} <= {"ran", "skipped", "missed", "coalesced"}
        assert all(t.reason for t in ticks if t.outcome != "ran")
        assert all((t.run_id is not None) == (t.outcome == "ran") for t in ticks)
    assert len(world.runs.started) == len(set(world.runs.started))
    ran = [t.run_id for t in world.ledger.ticks(outcome="ran", limit=-1)]
    assert sorted(ran) == sorted(world.runs.started)
