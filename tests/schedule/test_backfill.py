"""Running a schedule over the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.errors import BindingsInvalid
from assistant.schedule import backfill, switch
from assistant.store.jobs import JobRecord
from tests.schedule.world import MONDAY, World


def _day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=UTC)


def _fill(world: World, job: JobRecord, start: datetime, end: datetime) -> backfill.Backfill:
    wanted = backfill.look_back(
        world.ledger, job, "0 7 * * *", "Europe/London", start=start, end=end, now=world.clock.now()
    )
    assert backfill.plan(world.ledger, job, wanted) == len(wanted.instants)
    return wanted


async def test_a_range_runs_one_instant_after_the_other_and_nothing_twice(world: World) -> None:
    job = world.schedule("0 7 * * *", catch_up="none")
    await world.at(_day(2, 7))  # 2 March runs by itself, 3 and 4 March are missed
    world.runs.finish()
    await world.at(_day(4, 12))
    assert world.account(job) == [
        ("03-02T07:00", "ran"), ("03-03T07:00", "missed"), ("03-04T07:00", "missed"),
    ]  # fmt: skip
    wanted = _fill(world, job, _day(1), _day(4, 9))
    assert ([i.day for i in wanted.instants], [t.due_at.day for t in wanted.kept]) == (
        [1, 3, 4],
        [2],
    )
    for seconds in range(5):
        await world.at(_day(4, 12) + timedelta(seconds=seconds))
        assert len(world.runs.going) <= 1
        world.runs.finish()
    assert world.account(job) == [(f"03-0{n}T07:00", "ran") for n in range(1, 5)]
    assert world.runs.started == [
        "digest:20260302T070000000Z", "digest:20260301T070000000Z",
        "digest:20260303T070000000Z", "digest:20260304T070000000Z",
    ]  # fmt: skip
    assert world.runs.triggers[-1] == {"kind": "backfill", "due": "2026-03-04T07:00:00.000Z"}
    assert _fill(world, job, _day(1), _day(4, 9)).instants == ()


async def test_a_backfill_runs_also_while_the_job_is_paused_or_off(world: World) -> None:
    job = world.schedule("0 7 * * *")
    switch.pause(world.jobs, job)
    _fill(world, job, _day(1), _day(1, 9))
    await world.at(MONDAY)
    world.runs.finish()
    switch.disable(world.ledger, world.jobs, job, world.clock.now())
    _fill(world, job, _day(1) - timedelta(days=1), _day(1, 9))
    await world.at(MONDAY)
    assert world.account(job) == [("02-28T07:00", "ran"), ("03-01T07:00", "ran")]


async def test_a_tick_of_the_schedule_waits_for_a_backfill_and_is_not_skipped(world: World) -> None:
    job = world.schedule("0 7 * * *", overlap="skip")
    _fill(world, job, _day(1), _day(1, 9))
    await world.at(MONDAY)
    await world.at(_day(2, 7))
    [waiting] = world.ledger.ticks(job.id, outcome="planned")
    assert waiting.reason == "waits for digest:20260301T070000000Z"
    world.runs.finish()
    await world.at(_day(2, 7) + timedelta(minutes=10))
    assert world.account(job) == [("03-01T07:00", "ran"), ("03-02T07:00", "ran")]


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (_day(2), _day(1), "the range ends before it starts"),
        (_day(3), _day(4), "the range has not come yet"),
    ],
)
def test_a_range_that_cannot_be_is_refused(
    world: World, start: datetime, end: datetime, message: str
) -> None:
    job = world.schedule("0 7 * * *")
    with pytest.raises(BindingsInvalid, match=message):
        _fill(world, job, start, end)


def test_a_range_with_too_many_instants_is_refused(world: World) -> None:
    job = world.schedule("* * * * *")
    with pytest.raises(BindingsInvalid, match="more than 10000 instants"):
        backfill.look_back(
            world.ledger, job, "* * * * *", "UTC", start=_day(2) - timedelta(days=10),
            end=_day(2), now=MONDAY,
        )  # fmt: skip
