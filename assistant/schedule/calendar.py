"""What is coming: the fires of every schedule in force, by day; for screens and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from assistant.schedule import cron
from assistant.schedule.wording import in_words
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import ScheduleRow, TickLedger

MOST_A_DAY = 6


@dataclass(frozen=True)
class Entry:
    """A job on one day. `times` are its first fires (at most `MOST_A_DAY`, in the calendar's
    zone); `more`: there are others that day, as `words` says."""

    job: str
    job_id: str
    title: str
    words: str
    times: tuple[datetime, ...]
    more: bool
    paused: bool


@dataclass(frozen=True)
class Day:
    """One day of the calendar, its entries in the order of their first fires."""

    date: date
    entries: tuple[Entry, ...]


def coming(
    ledger: TickLedger, jobs: JobRepository, now: datetime, *, timezone: str, days: int = 7
) -> list[Day]:
    """The days from today on, as the clock of `timezone` has them, with what fires on each.

    Only fires after `now`; those of a paused job are there too, and say so.
    """
    place = cron.zone(timezone)
    today = now.astimezone(place).date()
    known = {record.id: record for record in jobs.list()}
    kept = [(known[row.job_id], row) for row in ledger.schedules() if row.job_id in known]
    return [_day(today + timedelta(days=n), place, kept, now) for n in range(days)]


def _day(
    day: date, place: ZoneInfo, kept: list[tuple[JobRecord, ScheduleRow]], now: datetime
) -> Day:
    start = datetime.combine(day, time(), place)
    end = datetime.combine(day + timedelta(days=1), time(), place)
    after = max(start - timedelta(seconds=1), now.astimezone(place))
    found = [
        _entry(record, row, times)
        for record, row in kept
        if (times := list(islice(_until(row, after, end), MOST_A_DAY + 1)))
    ]
    return Day(day, tuple(sorted(found, key=lambda entry: (entry.times[0], entry.job))))


def _entry(record: JobRecord, row: ScheduleRow, times: list[datetime]) -> Entry:
    return Entry(
        job=record.name,
        job_id=record.id,
        title=record.title,
        words=in_words(row.cron, row.timezone),
        times=tuple(times[:MOST_A_DAY]),
        more=len(times) > MOST_A_DAY,
        paused=record.paused,
    )


def _until(row: ScheduleRow, after: datetime, end: datetime) -> Iterator[datetime]:
    for instant in cron.fires(row.cron, row.timezone, after):
        if instant >= end:
            return
        yield instant.astimezone(after.tzinfo)
