"""What a phrase of time says, and the five cron fields that say the same, as cronsim reads them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

# Hours that words without a clock stand for; a draft shows them as an assumption.
PART_HOUR = {"morning": 8, "afternoon": 15, "evening": 18, "night": 22, "dawn": 6}
DEFAULT_HOUR = 8
NIGHTLY_HOUR = 2
OFFICE = (9, 17)
LAST_WEEKDAY = -2
"""A day of the month: the last from Monday to Friday."""
_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_WEEK_PARTS = {2: (1, 4), 3: (1, 3, 5)}
"""Days for so many times a week, where none are named."""
_QUARTERS = frozenset({1, 4, 7, 10})


_AWAKE = 5


@dataclass(frozen=True)
class Clock:
    """A time of day. `sure` is false while a part of the day may still move it by 12 hours."""

    hour: int
    minute: int = 0
    sure: bool = False
    vague: bool = False
    """Said loosely ("end of business", "before midnight"): an exact time of day beside it holds."""
    spoken: bool = False
    """Said as people speak ("ten past two"): by itself that is a time when they are awake."""

    def shown(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


@dataclass(frozen=True)
class Facts:
    """Everything a phrase of time says, in no order."""

    days: frozenset[int] = frozenset()
    doms: tuple[int, ...] = ()
    """Days of the month; -1 is the last, LAST_WEEKDAY the last from Monday to Friday."""
    nths: tuple[tuple[int, int], ...] = ()
    """(n, weekday): the n-th such day of the month; n = -1 is the last."""
    months: frozenset[int] = frozenset()
    clocks: tuple[Clock, ...] = ()
    part: str = ""
    step: tuple[int, str] | None = None
    """Every so many of a unit: (5, "minute")."""
    rates: frozenset[str] = frozenset()
    """Adverbs: day, week, hour …"""
    window: tuple[int, int] | None = None
    minute: int | None = None
    per_day: int = 0
    per_week: int = 0
    also: frozenset[int] = frozenset()
    """Days told besides the others: "Saturdays too"."""
    skipped: frozenset[int] = frozenset()
    other: bool = False
    """Every other day or week: not to be said in cron."""
    recurring: bool = False

    @property
    def empty(self) -> bool:
        return self == Facts()

    @property
    def has_days(self) -> bool:
        named = self.days or self.doms or self.nths or self.also or self.skipped
        return bool(named or self.step or self.rates)

    def plus(self, more: Facts) -> Facts | None:
        """Both together, or None when they contradict each other."""
        if self.clocks and more.clocks and self.clocks != more.clocks:
            if all(clock.vague for clock in self.clocks):
                return replace(self, clocks=()).plus(more)
            if all(clock.vague for clock in more.clocks):
                return self.plus(replace(more, clocks=()))
            return None
        if self.days and more.days and self.days != more.days:
            return None
        if self.step and more.step and self.step != more.step:
            return None
        if self.doms and more.doms and self.doms != more.doms:
            return None
        if (self.days and (more.doms or more.nths)) or (more.days and (self.doms or self.nths)):
            return None
        return replace(
            self,
            days=self.days | more.days,
            doms=self.doms or more.doms,
            nths=tuple(dict.fromkeys((*self.nths, *more.nths))),
            months=self.months | more.months,
            clocks=self.clocks or more.clocks,
            part=self.part or more.part,
            step=self.step or more.step,
            rates=self.rates | more.rates,
            window=self.window or more.window,
            minute=self.minute if self.minute is not None else more.minute,
            per_day=self.per_day or more.per_day,
            per_week=self.per_week or more.per_week,
            also=self.also | more.also,
            skipped=self.skipped | more.skipped,
            other=self.other or more.other,
            recurring=self.recurring or more.recurring,
        )


@dataclass(frozen=True)
class When:
    """A schedule. Not `exact`: cron cannot say it, this is the nearest, and `note` says so.
    `assumed` names what the words left open; an empty `cron`: it can never happen."""

    cron: str
    exact: bool = True
    note: str = ""
    assumed: str = ""
    facts: Facts = field(default_factory=Facts)


def cron_of(facts: Facts) -> When:
    """The five fields for what a phrase says."""
    if facts.also and (facts.days or not (facts.rates or facts.step or facts.part or facts.doms)):
        facts = replace(facts, days=facts.days | facts.also)
    if facts.step and facts.step[1] in ("minute", "hour", "second"):
        return _often(facts)
    if "hour" in facts.rates or "minute" in facts.rates or "office" in facts.rates:
        return _often(facts)
    if facts.minute is not None and not facts.clocks:
        return _often(facts)
    if facts.window and not facts.clocks:
        return _often(replace(facts, rates=facts.rates | {"hour"}))
    return _daily(facts)


# Several times a day ----------------------------------------------------------------------


def _often(facts: Facts) -> When:
    count, unit = facts.step or (1, "minute" if "minute" in facts.rates else "hour")
    note, exact = "", True
    start, end = facts.window or (OFFICE if "office" in facts.rates else (0, 23))
    hours = "*" if (start, end) == (0, 23) else _range(start, end, 24)
    if facts.clocks and unit == "hour" and facts.window is None:
        facts = replace(facts, minute=facts.clocks[0].minute)
    if unit == "second":
        count, unit, exact = max(1, round(count / 60)), "minute", count % 60 == 0
        note = "" if exact else "the shortest step is a minute"
    if unit == "minute" and count >= 60:
        exact = exact and count % 60 == 0
        if not exact:
            note = f"every {count} minutes does not fit the hours of a day"
        count, unit = max(1, round(count / 60)), "hour"
    if unit == "minute":
        near = min((n for n in range(1, 61) if 60 % n == 0), key=lambda n: (abs(n - count), n))
        if near != count:
            note, exact = f"every {count} minutes starts over at each full hour", False
        minutes = "*" if count == 1 else f"*/{near}" if near < 60 else "0"
    else:
        minutes = str(facts.minute or 0)
        if count >= 24:
            daily = replace(facts, step=(max(1, round(count / 24)), "day"), rates=frozenset())
            return _daily(daily)
        near = min((n for n in range(1, 25) if 24 % n == 0), key=lambda n: (abs(n - count), n))
        if near != count:
            note, exact = f"every {count} hours starts over at midnight", False
        if count > 1:
            hours = f"{hours if hours != '*' else '*'}/{near}"
    days = _days_of(facts) if "office" not in facts.rates or facts.days else "1-5"
    cron = f"{minutes} {hours} {_doms_of(facts)} {_months_of(facts)} {days}"
    return When(cron, exact, note, facts=facts)


# At given times of given days -------------------------------------------------------------


def _daily(facts: Facts) -> When:
    clocks, assumed = _clocks_of(facts)
    if facts.per_week and not facts.days:
        facts = replace(facts, days=frozenset(_WEEK_PARTS.get(facts.per_week, range(1, 6))))
    notes: list[str] = []
    times = _times(clocks)
    if times is None:
        notes.append("one schedule keeps one minute past the hour: " + _list_of(clocks[1:]))
        times = _times(clocks[:1])
    if any(clock.hour > 23 or clock.minute > 59 for clock in clocks):
        return When("", False, "there is no such time of day", facts=facts)
    facts, more = _without_steps(facts)
    notes += more
    if facts.other:
        notes.append("none skips every other one")
    doms, days, months = _doms_of(facts), _days_of(facts), _months_of(facts)
    impossible = _impossible(facts)
    if impossible:
        return When("", False, impossible, facts=facts)
    return When(f"{times} {doms} {months} {days}", not notes, "; ".join(notes), assumed, facts)


def _clocks_of(facts: Facts) -> tuple[tuple[Clock, ...], str]:
    if facts.clocks:
        part = facts.part or ("night" if "night" in facts.rates else "")
        return tuple(dict.fromkeys(in_part(c, part) for c in facts.clocks)), ""
    if facts.per_day == 2:
        return (Clock(8), Clock(20)), "at 08:00 and 20:00"
    if facts.per_day > 2:
        gap = max(1, 12 // (facts.per_day - 1))
        clocks = tuple(Clock(min(8 + gap * n, 23)) for n in range(min(facts.per_day, 12)))
        return clocks, "at " + _list_of(clocks)
    hour = PART_HOUR.get(facts.part, NIGHTLY_HOUR if "night" in facts.rates else DEFAULT_HOUR)
    return (Clock(hour),), f"at {hour:02}:00"


def in_part(clock: Clock, part: str) -> Clock:
    """A clock moved into the part of the day it was said with: 4 in the afternoon is 16:00."""
    if clock.spoken and not part and not clock.sure and clock.hour < _AWAKE:
        return replace(clock, hour=clock.hour + 12)
    if clock.sure or not part:
        return clock
    hour = clock.hour
    if (part in ("afternoon", "evening") and 1 <= hour < 12) or (
        part == "night" and 6 <= hour < 12
    ):
        hour += 12
    elif part in ("night", "morning", "evening", "dawn") and hour == 12:
        hour = 0
    return Clock(hour, clock.minute, True, clock.vague)


def _times(clocks: tuple[Clock, ...]) -> str | None:
    minutes = sorted({clock.minute for clock in clocks})
    hours = sorted({clock.hour for clock in clocks})
    if len(minutes) > 1 and len(hours) > 1:
        wanted = {(c.hour, c.minute) for c in clocks}
        if wanted != {(h, m) for h in hours for m in minutes}:
            return None
    return f"{_numbers(minutes)} {_numbers(hours)}"


def _without_steps(facts: Facts) -> tuple[Facts, list[str]]:
    """Steps of days and longer, as plain days and months, with what is lost."""
    notes: list[str] = []
    count, unit = facts.step or (1, "")
    rates = facts.rates
    if "fortnight" in rates:
        count, unit = 2, "week"
    if unit == "week" or "week" in rates:
        if count > 1:
            notes.append(f"none comes every {count} weeks; this is every week")
        if not (facts.days or facts.doms or facts.nths):
            facts = replace(facts, days=frozenset({1}))
    elif unit == "day" and count > 1:
        notes.append(f"every {count} days starts over on the 1st of each month")
        facts = replace(facts, step=(count, "day"))
    elif unit == "month" or "month" in rates:
        if not (facts.doms or facts.nths):
            facts = replace(facts, doms=(1,), days=frozenset())
        if count > 1:
            if 12 % count:
                notes.append(f"every {count} months starts over in January")
            facts = replace(facts, months=frozenset(range(1, 13, count)))
    elif unit == "quarter" or "quarter" in rates:
        facts = replace(facts, doms=facts.doms or ((1,) if not facts.nths else ()))
        facts = replace(facts, months=facts.months or _QUARTERS)
    elif unit == "year" or "year" in rates:
        if count > 1:
            notes.append(f"none comes every {count} years; this is every year")
        if not facts.nths and not facts.days:
            facts = replace(facts, doms=facts.doms or (1,))
        facts = replace(facts, months=facts.months or frozenset({1}))
    elif facts.months and not (facts.has_days or "day" in rates):
        facts = replace(facts, doms=(1,))
    return facts, notes


def _impossible(facts: Facts) -> str:
    if not facts.doms:
        return ""
    months = facts.months or frozenset(range(1, 13))
    possible = [d for d in facts.doms if any(d <= _LONGEST_MONTH.get(m, 31) for m in months)]
    wrong = [d for d in facts.doms if d not in possible or d > 31 or d == 0]
    if wrong:
        return f"there is no day {wrong[0]} in the month meant"
    return ""


def _doms_of(facts: Facts) -> str:
    if facts.step and facts.step[1] == "day" and facts.step[0] > 1:
        return f"*/{facts.step[0]}"
    if not facts.doms:
        return "*"
    last = ["L"] if -1 in facts.doms else ["LW"] if LAST_WEEKDAY in facts.doms else []
    rest = sorted(d for d in facts.doms if d > 0)
    return ",".join(([_numbers(rest)] if rest else []) + last)


def _months_of(facts: Facts) -> str:
    return _numbers(sorted(facts.months)) if facts.months else "*"


def _days_of(facts: Facts) -> str:
    if facts.nths:
        return ",".join(f"{day}L" if n < 0 else f"{day}#{n}" for n, day in facts.nths)
    days = facts.days
    if facts.skipped:
        days = (days or frozenset(range(7))) - facts.skipped
    if not days or len(days) == 7:
        return "*"
    return _numbers(sorted(days))


def _numbers(values: list[int]) -> str:
    """`1-5`, `0,6`, `1,15`: runs of three or more as ranges."""
    parts: list[str] = []
    start = 0
    for index in range(1, len(values) + 1):
        if index < len(values) and values[index] == values[index - 1] + 1:
            continue
        run = values[start:index]
        parts += [f"{run[0]}-{run[-1]}"] if len(run) > 2 else [str(v) for v in run]
        start = index
    return ",".join(parts)


def _range(start: int, end: int, size: int) -> str:
    return f"{start}-{end}" if start <= end else f"{start}-{size - 1},0-{end}"


def _list_of(clocks: tuple[Clock, ...]) -> str:
    return ", ".join(clock.shown() for clock in clocks)
