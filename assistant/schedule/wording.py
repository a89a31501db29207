"""A schedule in English: `Every weekday at 07:00`, and moments as a person reads them."""

from __future__ import annotations

import re
from datetime import datetime

from cronsim import CronSim

from assistant.schedule.cron import ClockChange, Fire

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SYMBOLS = {
    name: str(i) for i, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
}


def in_words(cron: str, timezone: str = "") -> str:
    """What a cron line says. It must be one that `cron.check` accepts."""
    words = _plain(cron.upper().split()) or CronSim(cron, datetime(2024, 1, 1)).explain()
    return f"{words} ({timezone})" if timezone else words


def moment(local: datetime) -> str:
    """`Tue 3 Mar 2026, 07:00`."""
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def fire_in_words(fire: Fire) -> str:
    """The moment of a fire, marked when the clocks have moved since the one before."""
    return f"{moment(fire.local)}{' (the clocks have changed)' if fire.clock_change else ''}"


def change_in_words(change: ClockChange) -> str:
    """`On Sun 29 Mar 2026 the clocks go forward an hour, to 02:00`."""
    way, minutes, to = (
        "forward" if change.minutes > 0 else "back",
        abs(change.minutes),
        change.local,
    )
    far = "an hour" if minutes == 60 else f"{minutes} minutes"
    return f"On {to:%a} {to.day} {to:%b %Y} the clocks go {way} {far}, to {to:%H:%M}"


def _plain(fields: list[str]) -> str:
    """The phrase for the lines that people mostly write; empty for the others."""
    minute, hour, day, month, weekday = fields
    if month != "*":
        return ""
    if hour == "*":
        often, when = _intervals(minute), _days(day, weekday) if day == "*" else None
        return f"{often}{_on(when)}" if often and when else ""
    if (every := re.fullmatch(r"\*/(\d+)", hour)) and (day, weekday) == ("*", "*"):
        return _hourly(int(every[1]), minute)
    if not (re.fullmatch(r"\d+", minute) and re.fullmatch(r"\d+(,\d+)*", hour)):
        return ""
    times = _and([f"{int(h):02d}:{int(minute):02d}" for h in hour.split(",")])
    if (when := _days(day, weekday)) is None:
        return ""
    return f"{when} at {times}"


def _on(when: str) -> str:
    """Days behind an interval: `Every 10 minutes on Sunday`."""
    if when == "Every day":
        return ""
    return " on weekdays" if when == "Every weekday" else f" on {when.removeprefix('Every ')}"


def _hourly(hours: int, minute: str) -> str:
    often = "Every hour" if hours == 1 else f"Every {hours} hours"
    if minute == "0" or not minute.isdecimal():
        return often if minute == "0" else ""
    return f"{often} at {int(minute)} minute{'s' if int(minute) != 1 else ''} past"


def _intervals(minute: str) -> str:
    if minute in ("*", "*/1"):
        return "Every minute"
    if minute == "0":
        return "Every hour"
    if every := re.fullmatch(r"(?:\*|0)/(\d+)", minute):
        return f"Every {every[1]} minutes" if 60 % int(every[1]) == 0 else ""
    return _hourly(1, minute)


def _days(day: str, weekday: str) -> str | None:
    if (day, weekday) == ("*", "*"):
        return "Every day"
    if weekday == "*":
        if day == "L":
            return "On the last day of every month"
        if re.fullmatch(r"\d+(,\d+)*", day):
            return f"On the {_and([_ordinal(int(d)) for d in day.split(',')])} of every month"
        if step := re.fullmatch(r"(?:\*|1)/(\d+)", day):
            return f"Every {step[1]} days, counted from the 1st of each month,"
        return None
    return _weekdays(weekday) if day == "*" else None


def _weekdays(weekday: str) -> str | None:
    for symbol, number in _SYMBOLS.items():
        weekday = weekday.replace(symbol, number)
    if weekday == "1-5":
        return "Every weekday"
    if weekday in ("0,6", "6,0", "6,7", "6-7"):
        return "Every Saturday and Sunday"
    if nth := re.fullmatch(r"([0-7])#([1-5])", weekday):
        return f"Every {('first', 'second', 'third', 'fourth', 'fifth')[int(nth[2]) - 1]} {DAYS[int(nth[1])]} of the month"
    if last := re.fullmatch(r"([0-7])L", weekday):
        return f"Every last {DAYS[int(last[1])]} of the month"
    if span := re.fullmatch(r"([0-7])-([0-7])", weekday):
        return f"Every day from {DAYS[int(span[1])]} to {DAYS[int(span[2])]}"
    if re.fullmatch(r"[0-7](,[0-7])*", weekday):
        return f"Every {_and([DAYS[int(d)] for d in weekday.split(',')])}"
    return None


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _ordinal(number: int) -> str:
    suffix = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"
