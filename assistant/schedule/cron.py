"""Cron lines with a zone: are they right, and when do they fire.

Five fields and Debian's rules (cronsim): a time that a clock change leaves out fires right
after it, a time that happens twice fires once, a wildcard hour fires every real interval.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from assistant.errors import TriggerInvalid

FIELDS = {
    "minute": "0-59", "hour": "0-23", "day-of-month": "1-31, L or LW",
    "month": "1-12 or JAN-DEC", "day-of-week": "0-7 or SUN-SAT, 1#2 (second Monday), 5L (last Friday)",
}  # fmt: skip
NICKNAMES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip


@dataclass(frozen=True)
class Fire:
    """One instant of a schedule. `clock_change` is true for the first after the clocks moved."""

    at: datetime
    local: datetime
    clock_change: bool = False


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises TriggerInvalid with the nearest names."""
    if not name:
        raise TriggerInvalid(
            "a schedule needs a time zone", hint="Name one of IANA's: Europe/London."
        )
    if name not in _zones():
        near = nearest_zones(name)
        raise TriggerInvalid(
            f"{name[:80]!r} is no time zone",
            hint=f"Did you mean {' or '.join(near)}?" if near else "Use a name like Europe/London.",
        )
    return ZoneInfo(name)


def nearest_zones(name: str) -> list[str]:
    """Up to three zones that a misspelt name may have meant."""
    wanted = name.strip().replace(" ", "_").casefold()[:80]
    if not wanted:
        return []
    whole = {z.casefold(): z for z in _zones()}
    cities = {z.rpartition("/")[2].casefold(): z for z in sorted(_zones()) if "/" in z}
    found = [whole[n] for n in difflib.get_close_matches(wanted, whole, n=2, cutoff=0.7)]
    city = wanted.rpartition("/")[2]
    found += [cities[n] for n in difflib.get_close_matches(city, cities, n=2, cutoff=0.7)]
    return list(dict.fromkeys(found))[:3]


def check(cron: str, timezone: str) -> None:
    """Raises TriggerInvalid when the line or the zone does not hold, or when it never fires."""
    place = zone(timezone)
    fields = cron.split()
    if len(fields) != 5:
        nick = NICKNAMES.get(cron.strip().lower())
        raise TriggerInvalid(
            f"the cron line {cron[:80]!r} has {len(fields)} fields; it needs five",
            hint=f"Write {nick!r}."
            if nick
            else "minute, hour, day of month, month, day of week: '0 7 * * 1-5'.",
        )
    try:
        next(CronSim(cron, datetime(2024, 1, 1, tzinfo=place)))
    except CronSimError as wrong:
        raise _wrong(cron, str(wrong)) from wrong
    except StopIteration:
        raise TriggerInvalid(
            f"the cron line {cron!r} never comes due", hint="No date fits all of its fields."
        ) from None


def fires(cron: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """The instants (UTC, rising) strictly after a moment, without end."""
    place, last = zone(timezone), after.astimezone(UTC)
    lines = CronSim(cron, after.astimezone(place))
    wildcard = any(field.startswith("*") for field in cron.split()[:2])
    for local in lines:
        # Two lines of a day may meet at the instant right after a gap in the clock; it is one.
        if (instant := local.astimezone(UTC)) > last:
            if wildcard:
                yield from _beside_half_an_hour(lines, place, last, instant)
            last = instant
            yield instant


def _beside_half_an_hour(
    lines: CronSim, place: ZoneInfo, last: datetime, following: datetime
) -> Iterator[datetime]:
    """What lies between two fires when the clocks move by half an hour in between.

    cronsim goes from hour to hour and passes by the minutes that such a change (Lord Howe
    Island has one) brings or takes; here every minute around it is looked at.
    """
    moved = _offset(following, place) - _offset(last, place)
    if not moved % timedelta(hours=1):
        return
    change = _change_between(last, following, place)
    instant = max(last, change - timedelta(hours=2)).replace(second=0, microsecond=0)
    end = min(following, change + timedelta(hours=2))
    while (instant := instant + timedelta(minutes=1)) < end:
        local = instant.astimezone(place)
        fits = local.minute in lines.minutes and local.hour in lines.hours
        if fits and local.month in lines.months and lines.match_day(local.date()):
            yield instant


def next_fire(cron: str, timezone: str, after: datetime) -> datetime | None:
    """The first instant after a moment, or None when there is none."""
    return next(fires(cron, timezone, after), None)


def next_fires(cron: str, timezone: str, after: datetime, count: int) -> list[Fire]:
    """The next so many instants, with their local time and where the clocks have moved."""
    place = zone(timezone)
    offset, found = after.astimezone(place).utcoffset(), list[Fire]()
    for instant in islice(fires(cron, timezone, after), count):
        local = instant.astimezone(place)
        found.append(Fire(instant, local, clock_change=local.utcoffset() != offset))
        offset = local.utcoffset()
    return found


@dataclass(frozen=True)
class ClockChange:
    """The clocks of a zone move at `at` (UTC) by `minutes`: 60 forward, -60 back."""

    at: datetime
    local: datetime
    minutes: int


def next_clock_change(timezone: str, after: datetime) -> ClockChange | None:
    """The next moment within 13 months at which the zone's clocks move; None when they do not."""
    place = zone(timezone)
    early = after.astimezone(UTC).replace(microsecond=0)
    for _ in range(400):
        late = early + timedelta(days=1)
        before = _offset(early, place)
        if before != _offset(late, place):
            at = _change_between(early, late, place)
            moved = int((_offset(at, place) - before).total_seconds() // 60)
            return ClockChange(at, at.astimezone(place), moved)
        early = late
    return None


def _change_between(early: datetime, late: datetime, place: ZoneInfo) -> datetime:
    """The first whole second (UTC) with another offset than `early` has; `late` has one."""
    before = _offset(early, place)
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) // 2).replace(microsecond=0)
        early, late = (middle, late) if _offset(middle, place) == before else (early, middle)
    return late.replace(microsecond=0)


def _offset(moment: datetime, place: ZoneInfo) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta()


def _wrong(cron: str, told: str) -> TriggerInvalid:
    name = told.removeprefix("Bad ")
    if name not in FIELDS:
        return TriggerInvalid(f"the cron line {cron[:80]!r} does not hold: {told}")
    part = cron.split()[list(FIELDS).index(name)]
    return TriggerInvalid(
        f"the {name} field {part[:40]!r} of the cron line {cron[:80]!r} does not hold",
        hint=f"It may be * or {FIELDS[name]}, with lists 1,2, ranges 1-5 and steps */2.",
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_here(wanted: str = "") -> str:
    """The zone for schedules whose words name none: the one that is set, else the machine's.

    A machine that does not say gets UTC. Raises TriggerInvalid when the one that is set is none.
    """
    if wanted:
        return zone(wanted).key
    for told in (os.environ.get("TZ", "").removeprefix(":"), _localtime()):
        if told in _zones():
            return "UTC" if told in ("Etc/UTC", "Etc/Universal", "Etc/Zulu") else told
    return "UTC"


def _localtime() -> str:
    """The zone that /etc/localtime points to: `Europe/London`; empty when it points nowhere."""
    target = os.path.realpath("/etc/localtime")
    return target.partition("zoneinfo/")[2]
