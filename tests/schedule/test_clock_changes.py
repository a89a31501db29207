"""Every clock change of forty zones from 2024 to 2030: what fires is what the policy states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.schedule.cron import ClockChange, fires, next_clock_change
from tests.schedule.stated_policy import clock_changes, stated

ZONES = [
    "Africa/Cairo", "Africa/Casablanca", "America/Adak", "America/Anchorage", "America/Asuncion",
    "America/Chicago", "America/Denver", "America/Halifax", "America/Havana",
    "America/Los_Angeles", "America/Miquelon", "America/New_York", "America/Nuuk",
    "America/Port-au-Prince", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund",
    "America/St_Johns", "Antarctica/Troll", "Antarctica/Vostok", "Asia/Almaty", "Asia/Beirut",
    "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo",
    "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin",
    "Europe/Chisinau", "Europe/Dublin", "Europe/Lisbon", "Europe/London", "Europe/Moscow",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk",
]  # fmt: skip
CHANGES = {name: clock_changes(ZoneInfo(name), 2024, 2030) for name in ZONES}
LINES = [
    "30 2 * * *", "15,45 0,1,2,3 * * *", "0 0 * * *", "5 0-5 * * *", "0 2 * * 0", "59 23 * * *",
    "*/15 * * * *", "30 * * * *", "0 */2 * * *", "*/30 1-3 * * *",
]  # fmt: skip


def _fires(line: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    return list(takewhile(lambda instant: instant <= end, fires(line, zone, start)))


def test_there_are_forty_zones_and_most_change_their_clocks() -> None:
    assert len(ZONES) == 40
    assert sum(map(len, CHANGES.values())) > 400


@pytest.mark.parametrize("zone", [name for name, changes in CHANGES.items() if changes])
def test_around_every_clock_change_the_policy_holds(zone: str) -> None:
    for change in CHANGES[zone]:
        start, end = change - timedelta(hours=5), change + timedelta(hours=6)
        for line in LINES:
            found = _fires(line, zone, start, end)
            assert found == stated(line, ZoneInfo(zone), start, end), (change, line)


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(2, 12).map(lambda n: f"*/{n}")
    some = st.lists(number, min_size=1, max_size=3).map(lambda numbers: ",".join(map(str, numbers)))
    return st.one_of(st.just("*"), some, some, span, step)


@st.composite
def _near_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    zone = draw(st.sampled_from([name for name, changes in CHANGES.items() if changes]))
    change = draw(st.sampled_from(CHANGES[zone]))
    return zone, change - timedelta(minutes=draw(st.integers(-200, 3000)))


LINE = st.tuples(
    _field(0, 59), _field(0, 23), st.one_of(st.just("*"), _field(1, 28)), st.just("*"),
    st.one_of(st.just("*"), _field(0, 7)),
).map(" ".join)  # fmt: skip


@given(line=LINE, near=_near_a_change())
@settings(max_examples=150, deadline=None)
def test_any_line_from_any_moment_near_a_change_keeps_the_policy(
    line: str, near: tuple[str, datetime]
) -> None:
    zone, start = near
    end = start + timedelta(days=3)
    assert _fires(line, zone, start, end) == stated(line, ZoneInfo(zone), start, end)


@given(line=LINE, near=_near_a_change())
@settings(max_examples=100, deadline=None)
def test_cronsim_says_the_same(line: str, near: tuple[str, datetime]) -> None:
    """Apart from what it passes by when the clocks move by half an hour."""
    zone, start = near
    end = start + timedelta(days=3)
    told = list[datetime]()
    for local in CronSim(line, start.astimezone(ZoneInfo(zone))):
        instant = local.astimezone(UTC)
        if instant > end:
            break
        if instant > (told[-1] if told else start):
            told.append(instant)
    found = _fires(line, zone, start, end)
    assert set(told) <= set(found) if zone == "Australia/Lord_Howe" else told == found


def test_the_next_clock_change_is_found_to_the_second() -> None:
    noon = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    found = next_clock_change("Europe/London", noon)
    at = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert found == ClockChange(at, at.astimezone(ZoneInfo("Europe/London")), 60)
    island = next_clock_change("Australia/Lord_Howe", noon)
    assert island
    assert (island.at, island.minutes) == (datetime(2026, 4, 4, 15, 0, tzinfo=UTC), -30)
    assert next_clock_change("Asia/Tokyo", noon) is None
