"""A new schedule for a job that has one: what the words leave out stays as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.builder.drafts import Ask, Assumption
from assistant.builder.seasons import in_months
from assistant.builder.texts import ask
from assistant.grounding.marks import Value
from assistant.grounding.schedules import Clock, Facts, When, cron_of
from assistant.grounding.times import phrases, seconds
from assistant.schedule.wording import in_words

_DAY = 1440


@dataclass
class Retimed:
    """The new cron line; empty when there is none."""

    cron: str = ""
    asks: list[Ask] = field(default_factory=list[Ask])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])


def retimed(edit: Mapping[str, Any], values: Mapping[str, Value], old: str) -> Retimed | None:
    """What an edit of the schedule makes of a cron line: other months, another hour for one that
    is named, or what a mark of time says; a zone leaves it. None when the edit names no time."""
    if edit.get("do") == "months":
        cron = in_months(old, frozenset(edit["months"]), str(edit["way"]))
        return Retimed(cron, [] if cron else [Ask("schedule.cron", ask("time"))])
    value, was = values.get(str(edit.get("when"))), values.get(str(edit.get("old")))
    if value is None:
        return None
    if value.kind == "zone":
        return Retimed(old)
    if was is not None:
        return Retimed(_other_hour(value.meant, was.meant, old))
    return rescheduled(value, old, str(edit.get("way", "")))


def rescheduled(value: Value, old: str, way: str = "") -> Retimed:
    """The schedule that a mark (when, time or shift) makes of the old one. `way`: `add` when its
    days or times come besides the old ones, `skip` when its days go."""
    meant = value.meant
    if isinstance(meant, When) and meant.facts.skipped and not meant.facts.clocks:
        way = "skip"
    if isinstance(meant, When) and meant.facts.also:
        way = "add"
    if way and (made := _besides(meant, old, way, value.raw)):
        return made
    if isinstance(meant, Clock):
        return _at_clock(meant, old)
    if isinstance(meant, When):
        return _anew(value, meant, old)
    return _shifted(value, str(meant), old)


def _other_hour(new: int, was: int, old: str) -> str:
    """The cron line with another hour: "6 instead of 7". `was`: the hour as it was called, which is
    less by twelve for an evening's. Empty when the job does not run at that hour."""
    clocks = _clocks(old.split()) if len(old.split()) == 5 else ()
    late = any(clock.hour == was + 12 for clock in clocks)
    hour = was + 12 if late else was
    if not any(clock.hour == hour for clock in clocks):
        return ""
    moved = new + 12 if late and new < 12 else new
    times = tuple(Clock(moved, c.minute, True) if c.hour == hour else c for c in clocks)
    when = cron_of(Facts(clocks=times, rates=frozenset({"day"}), recurring=True))
    return " ".join([*when.cron.split()[:2], *old.split()[2:]])


def _besides(meant: object, old: str, way: str, raw: str = "") -> Retimed | None:
    """ "on weekends too", "also at six", "skip Mondays"; None when the old schedule has no place
    for it."""
    fields = old.split()
    if len(fields) != 5 or fields[2:4] != ["*", "*"]:
        return None
    if isinstance(meant, Clock):
        clocks = _clocks(fields)
        if way != "add" or not clocks:
            return None
        facts = Facts(clocks=(*clocks, meant), rates=frozenset({"day"}), recurring=True)
        minute, hour = cron_of(facts).cron.split()[:2]
        return Retimed(" ".join([minute, hour, *fields[2:]]))
    if not isinstance(meant, When):
        return None
    if way == "add" and (clock := _told_apart(meant, raw)):
        made = _besides(replace(meant, facts=replace(meant.facts, clocks=())), old, way)
        return made and _at_clock(clock, made.cron)
    named = meant.facts.days or meant.facts.skipped or meant.facts.also
    if not named or meant.facts.clocks:
        return None
    had = _weekdays(fields[4])
    days = had | named if way == "add" else had - named
    if not days:
        return None
    field = cron_of(Facts(days=days, recurring=True)).cron.split()[4]
    return Retimed(" ".join([*fields[:4], field]))


_APART = re.compile(r"(?:,| and| und| et| y| e| en)+ ")


def _told_apart(when: When, raw: str) -> Clock | None:
    """The new hour of "twenty to six, and Saturdays", told before the days that come besides."""
    hour, _, days = _APART.sub("\n", raw).rpartition("\n")
    apart = bool(when.facts.days or when.facts.also) and not any(
        p.facts.clocks for p in phrases(days)
    )
    return when.facts.clocks[0] if hour and apart and len(when.facts.clocks) == 1 else None


def _weekdays(field: str) -> frozenset[int]:
    """The days of the last field of a cron line; all seven for `*`."""
    found: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            return frozenset(range(7))
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(day % 7 for day in found)


def _at_clock(clock: Clock, old: str) -> Retimed:
    """ "make it nine": the days stay."""
    fields = old.split()
    if len(fields) == 5:
        return Retimed(f"{clock.minute} {clock.hour} {' '.join(fields[2:])}")
    when = cron_of(Facts(clocks=(clock,), rates=frozenset({"day"}), recurring=True))
    told = Assumption("schedule.cron", when.cron, f"Every day at {clock.shown()}")
    return Retimed(when.cron, assumptions=[told])


def _anew(value: Value, when: When, old: str) -> Retimed:
    """ "move it to Sundays": the time of day stays when the words name none."""
    facts, fields = when.facts, old.split()
    often = when.facts.step is not None or {"hour", "minute"} & when.facts.rates
    if len(fields) == 5 and when.assumed and not facts.part and not often:
        kept = _clocks(fields)
        if kept:
            facts = replace(facts, clocks=kept)
            when = cron_of(facts)
    made = Retimed(when.cron)
    if not when.cron:
        made.asks.append(Ask("schedule.cron", ask("impossible", raw=value.raw, note=when.note)))
    elif not when.exact:
        text = ask("inexact", raw=value.raw, note=when.note, shown=in_words(when.cron))
        made.asks.append(Ask("schedule.cron", text))
    if when.assumed:
        made.assumptions.append(Assumption("schedule.cron", when.cron, when.assumed))
    return made


def _clocks(fields: list[str]) -> tuple[Clock, ...]:
    """The times of day of a cron line whose minute and hours are plain numbers."""
    minutes, hours = fields[0].split(","), fields[1].split(",")
    if not all(part.isdigit() for part in (*minutes, *hours)):
        return ()
    return tuple(Clock(int(h), int(m), True) for h in hours for m in minutes)


def _shifted(value: Value, shift: str, old: str) -> Retimed:
    """ "ten minutes earlier": every time of day moves; past midnight the day would change too."""
    fields = old.split()
    clocks = _clocks(fields) if len(fields) == 5 else ()
    if not clocks:
        return Retimed(asks=[Ask("schedule.cron", ask("time"))])
    moved = [clock.hour * 60 + clock.minute + seconds(shift) // 60 for clock in clocks]
    over = {minutes // _DAY for minutes in moved}
    if over != {0} and fields[2:] != ["*", "*", "*"]:
        note = "it would fall on another day"
        return Retimed(asks=[Ask("schedule.cron", ask("impossible", raw=value.raw, note=note))])
    times = tuple(Clock(m % _DAY // 60, m % 60, True) for m in moved)
    when = cron_of(Facts(clocks=times, rates=frozenset({"day"}), recurring=True))
    minute, hour = when.cron.split()[:2]
    return Retimed(" ".join([minute, hour, *fields[2:]]))
