"""Manners towards other people's servers, with time held in hand."""

from __future__ import annotations

import asyncio

import pytest

from assistant.errors import TryAgain
from assistant.net.manners import Manners, Visits


class Time:
    """A monotonic clock that sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def visits(time: Time, clock, **manners: float) -> Visits:
    return Visits(Manners(**manners), monotonic=time, sleep=time.sleep, clock=clock)


async def test_after_a_burst_a_host_is_asked_at_its_pace(time, clock):
    visiting = visits(time, clock, burst=3, per_second=2.0)
    for _ in range(6):
        async with visiting.visit("a.example"):
            pass
    assert time.slept == [0.5, 0.5, 0.5]
    async with visiting.visit("b.example"):
        assert len(time.slept) == 3


async def test_only_so_many_requests_are_at_a_host_at_once(clock):
    visiting = Visits(Manners(at_once=2, burst=100), clock=clock)
    inside, most = 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with visiting.visit("a.example"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(8)))
    assert most == 2


async def test_a_short_pause_is_waited_and_a_long_one_told(time, clock):
    visiting = visits(time, clock)
    assert visiting.answered("a.example", 429, "2") == 2
    async with visiting.visit("a.example"):
        assert time.slept == [2]
    visiting.answered("a.example", 503, "Mon, 02 Mar 2026 12:10:00 GMT")
    with pytest.raises(TryAgain, match=r"a\.example asked for a pause") as told:
        async with visiting.visit("a.example"):
            pass
    assert told.value.retry_after == 600


async def test_a_host_that_fails_five_times_is_left_alone_for_a_while(time, clock):
    visiting = visits(time, clock)
    for _ in range(4):
        visiting.failed("a.example")
    visiting.answered("a.example", 200, None)
    for _ in range(5):
        visiting.answered("a.example", 500, None)
    with pytest.raises(TryAgain, match="failed 5 times in a row") as told:
        async with visiting.visit("a.example"):
            pass
    assert told.value.retry_after == 30
    time.now += 31
    async with visiting.visit("a.example"):
        pass


async def test_the_operators_own_origins_are_not_paced(time, clock):
    visiting = visits(time, clock, burst=1)
    for _ in range(10):
        visiting.answered("http://127.0.0.1:8808", 500, None, paced=False)
        async with visiting.visit("http://127.0.0.1:8808", paced=False):
            pass
    assert time.slept == []


@pytest.mark.parametrize("told", ["soon", "", "-3", "1.5", "Mon, 99 Foo"])
async def test_a_retry_after_that_cannot_be_read_is_none(time, clock, told):
    assert visits(time, clock).answered("a.example", 503, told) is None
