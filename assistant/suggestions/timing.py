"""Findings about when a job runs: days on which it finds nothing, and a source that comes later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from assistant.insight.statistics import duration, usual
from assistant.schedule.wording import in_words
from assistant.suggestions.shelf import Change, Edit, Fact, Finding, JobEdit
from assistant.suggestions.watched import Ran, Reading, Watched

FEWEST_DAYS = 4
"""Runs on a day of the week, all without a find, before that day is called quiet."""
_FEWEST_OTHERS = 8
_FINDING_SHARE = 0.7
_FEWEST_READINGS = 7
_LEAST_GAIN = timedelta(hours=6)
_LONGEST_SHIFT = timedelta(hours=6)
_LARGEST_SPREAD = timedelta(minutes=30)
_DAY = timedelta(days=1)
_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_WORDS = ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")


def quiet_days(one: Watched) -> Iterator[Finding]:
    """Days of the week on which a job runs and never finds anything."""
    schedule = one.job.schedule
    days = _cron_days(schedule.cron) if schedule else None
    if schedule is None or days is None:
        return
    by_day = {day: [run for run in one.runs if _weekday(run.local) == day] for day in days}
    quiet = sorted((d for d, runs in by_day.items() if _never_finds(runs)), key=lambda d: d or 7)
    others = [run for day, runs in by_day.items() if day not in quiet for run in runs]
    finding = sum(run.found for run in others)
    if not quiet or len(others) < _FEWEST_OTHERS or finding < _FINDING_SHARE * len(others):
        return
    kept = [day for day in days if day not in quiet]
    cron = " ".join([*schedule.cron.split()[:4], _written(kept)])
    names = _listed([_WORDS[day] for day in quiet])
    runs = sum(len(by_day[day]) for day in quiet)
    yield Finding(
        "quiet_days", one.record.id, _written(quiet),
        f"{one.record.name} finds nothing on {names}: none of its {runs} runs on those days found"
        f" anything, {finding} of {len(others)} on other days did.",
        (
            Fact(f"runs on {names}", f"{runs}, 0 of them with a find"),
            Fact("runs on other days", f"{len(others)}, {finding} of them with a find"),
            Fact("the last quiet run", by_day[quiet[-1]][-1].run_id),
        ),
        _retimed(one, cron),
    )  # fmt: skip


def later_source(one: Watched) -> Iterator[Finding]:
    """A source that publishes soon after the job has run, so that the job is a day behind."""
    schedule = one.job.schedule
    clock = _cron_clock(schedule.cron) if schedule else None
    if schedule is None or clock is None:
        return
    for step, readings in one.readings().items():
        published = _publishes_at(readings)
        if published is None:
            continue
        at, spread, days = published
        margin = max(timedelta(minutes=15), 2 * spread)
        wanted = _rounded_up(at + margin)
        shift, age = wanted - clock, _usual_age(readings)
        if not timedelta(0) < shift <= _LONGEST_SHIFT or wanted >= _DAY:
            continue
        if age - (wanted - at) < _LEAST_GAIN:
            continue
        minutes = int(wanted.total_seconds()) // 60
        cron = " ".join([str(minutes % 60), str(minutes // 60), *schedule.cron.split()[2:]])
        host = readings[-1].host
        yield Finding(
            "later_source", one.record.id, step,
            f"{host}, read by step {step!r} of {one.record.name}, publishes at about {_clock(at)}:"
            f" run at {_clock(wanted)} rather than {_clock(clock)}.",
            (
                Fact("days on which it published", str(days)),
                Fact("usual time", f"{_clock(at)}, half of the days within "
                     f"{duration(spread.total_seconds())} of it"),
                Fact("usual age of its newest item when the job runs",
                     duration(age.total_seconds())),
            ),
            _retimed(one, cron),
        )  # fmt: skip
        return  # one new time for the job; the next look tells whether it suits the others


def _retimed(one: Watched, cron: str) -> Change:
    zone = one.job.schedule.timezone if one.job.schedule else "UTC"
    edit = JobEdit(one.record.id, one.record.version, (Edit(("schedule", "cron"), cron),))
    return Change(f"{one.record.name} runs: {in_words(cron, zone)}.", "edit", jobs=(edit,))


# -- days --------------------------------------------------------------------------------


def _never_finds(runs: Sequence[Ran]) -> bool:
    """It ran well often enough, and nothing ever came of it; failures say nothing about the day."""
    told = [run for run in runs if run.status == "succeeded" or run.fault == "empty_result"]
    return len(told) >= FEWEST_DAYS and not any(run.found for run in runs)


def _weekday(local: datetime) -> int:
    """0 is Sunday, as in cron."""
    return local.isoweekday() % 7


def _cron_days(cron: str) -> list[int] | None:
    """The days of the week of a cron line that fires by them alone; None for any other."""
    _, _, day, month, weekday = cron.upper().split()
    if (day, month) != ("*", "*"):
        return None
    for number, name in enumerate(_NAMES):
        weekday = weekday.replace(name, str(number))
    if weekday == "*":
        return list(range(7))
    if not re.fullmatch(r"[0-7](-[0-7])?(,[0-7](-[0-7])?)*", weekday):
        return None
    found = set[int]()
    for part in weekday.split(","):
        first, _, last = part.partition("-")
        found.update(day % 7 for day in range(int(first), int(last or first) + 1))
    return sorted(found)


def _written(days: Sequence[int]) -> str:
    """`1-5`, `1,3`: Sunday is 0 and comes last in a week that has it beside Saturday."""
    order = sorted(days, key=lambda day: (day - 1) % 7)
    numbers = [7 if day == 0 and 6 in days else day for day in order]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(map(str, numbers))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# -- times of day ------------------------------------------------------------------------


def _cron_clock(cron: str) -> timedelta | None:
    """The time of day of a cron line that fires once a day; None for any other."""
    minute, hour = cron.split()[:2]
    if not (minute.isdigit() and hour.isdigit()):
        return None
    return timedelta(hours=int(hour), minutes=int(minute))


def _publishes_at(readings: Sequence[Reading]) -> tuple[timedelta, timedelta, int] | None:
    """The time of day at which a source publishes, how far it strays, and on how many days.

    None when it was seen too rarely, or keeps no time.
    """
    by_day = {reading.newest.date(): _time(reading.newest) for reading in readings}
    if len(by_day) < _FEWEST_READINGS:
        return None
    known = usual([time.total_seconds() for time in by_day.values()])
    spread = timedelta(seconds=known.spread)
    if spread > _LARGEST_SPREAD:
        return None
    return timedelta(seconds=round(known.median)), spread, known.count


def _usual_age(readings: Sequence[Reading]) -> timedelta:
    ages = [(reading.local - reading.newest).total_seconds() for reading in readings]
    return timedelta(seconds=usual(ages).median)


def _time(local: datetime) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _rounded_up(time: timedelta) -> timedelta:
    quarter = timedelta(minutes=15)
    return -(-time // quarter) * quarter


def _clock(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
