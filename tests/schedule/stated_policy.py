"""The stated policy at clock changes, written down once more by brute force, as an oracle.

A line whose minute and hour are given fires once for each local time that fits: at the first of
two, and right after the gap for one that the gap swallows. A line with a wildcard in its minute
or hour fires at every real minute whose local time fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@dataclass(frozen=True)
class Line:
    """Five fields as sets of numbers. `either`: one of the two day fields is enough."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def fits_day(self, day: date) -> bool:
        by_day = day.day in self.days
        by_weekday = day.isoweekday() in self.weekdays or day.isoweekday() % 7 in self.weekdays
        fitting = (by_day or by_weekday) if self.either else (by_day and by_weekday)
        return fitting and day.month in self.months


def stated(cron: str, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """The instants (UTC) after `start` and up to `end`, both UTC."""
    fields = cron.split()
    sets = [_values(field, *span) for field, span in zip(fields, RANGES, strict=True)]
    line = Line(*sets, either=fields[2][0] != "*" and fields[4][0] != "*")
    if fields[0].startswith("*") or fields[1].startswith("*"):
        return _real_minutes(line, zone, start, end)
    return _local_times(line, zone, start, end)


def _real_minutes(line: Line, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    found, instant = [], start.replace(second=0, microsecond=0) + MINUTE
    while instant <= end:
        local = instant.astimezone(zone)
        if local.minute in line.minutes and local.hour in line.hours and line.fits_day(local):
            found.append(instant)
        instant += MINUTE
    return found


def _local_times(line: Line, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    found = set[datetime]()
    day, last = start.astimezone(zone).date() - DAY, end.astimezone(zone).date() + DAY
    while day <= last:
        for hour in line.hours if line.fits_day(day) else ():
            for minute in line.minutes:
                instant = real(datetime.combine(day, time(hour, minute)), zone)
                if start < instant <= end:
                    found.add(instant)
        day += DAY
    return sorted(found)


def real(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time: the first of two; the end of the gap when there is none."""
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    # With fold=1 the offset after the gap is taken: that instant lies before the gap.
    instant = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while instant.astimezone(zone).replace(tzinfo=None) < local:
        instant += MINUTE
    return instant


def _values(field: str, low: int, high: int) -> frozenset[int]:
    found = set[int]()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            values = range(low, high + 1)
        elif last:
            values = range(int(first), int(last) + 1)
        else:
            values = range(int(first), (high if step else int(first)) + 1)
        found |= set(list(values)[:: int(step or 1)])
    return frozenset(found)


def clock_changes(zone: ZoneInfo, first: int, last: int) -> list[datetime]:
    """Every instant of these years at which the zone's offset changes, to the minute."""
    found, early = list[datetime](), datetime(first, 1, 1, tzinfo=UTC)
    while early.year <= last:
        late = early + timedelta(hours=12)
        if _offset(early, zone) != _offset(late, zone):
            at = early
            while _offset(at, zone) == _offset(early, zone):
                at += MINUTE
            found.append(at)
        early = late
    return found


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
