"""Days, dates and months as people say them, alone, in lists and in ranges."""

from __future__ import annotations

from dataclasses import replace

from assistant.grounding.clocks import ClockReader
from assistant.grounding.reading import Step
from assistant.grounding.schedules import Facts

_INCLUDED = frozenset({"included", "inclusive"})
_NEW = frozenset(["new", "neuer", "neue", "neues", "nouveau", "nouvelle", "nuevo", "nueva", "nuovo", "nuova", "novo", "nova", "nieuwe"])  # fmt: skip


def _begun(unit: str, over: bool) -> Facts | None:
    """The first or the last day of a week, a month, a quarter or a year."""
    if unit == "week":
        return Facts(days=frozenset({5 if over else 1}), recurring=True)
    months = {"month": (), "quarter": (3, 6, 9, 12) if over else (1, 4, 7, 10), "year": (12 if over else 1,)}  # fmt: skip
    if unit not in months:
        return None
    return Facts(doms=(-1 if over else 1,), months=frozenset(months[unit]), recurring=True)


class CalendarReader(ClockReader):
    """Reads days and months. Each method gives what it read and the next word, or None."""

    def ordinals(self, i: int) -> tuple[list[int], int] | None:
        """1st · the first, third and last · 1st and 15th · 1 und 15"""
        told = self.ordinal(i)
        if told is None:
            return None
        found, j = [told[0]], told[1]
        while True:
            k = j
            while self.word(k) in (",", "&", "+", "/") or self.see(k, "AND", "FILL"):
                seen = self.see(k, "AND", "FILL")
                k = seen[2] if seen else k + 1
            more = self.ordinal(k) or self.figure(k)
            if k == j or more is None:
                return found, j
            found.append(more[0])
            j = more[1]

    def figure(self, i: int) -> tuple[int, int] | None:
        """The day of a month that is written as a plain number: "le 1er et le 15", "el 1 y el 15".
        What it counts would stand behind it, so nothing does but a time or the month."""
        told = self.number(i)
        if told is None or not self.word(i).isdecimal() or not 1 <= told[0] <= 31:
            return None
        if self._clock_like(told[1]) or self.see(told[1], "PART"):
            return None
        ends = self.word(told[1]) in ("", ",", ".", ";", ")", ":", "&", "/")
        return told if ends or self.see(told[1], "AT", "AND", "FILL", "EVERY") else None

    def days_listed(self, i: int) -> Step | None:
        """on the 1st and 15th · am 1. und 15. · el 1 y el 15 · dia 1 e dia 15"""
        start = self.skip(i, "FILL", "DAYNUMBER", most=3)
        spelled = not self.word(start).isdecimal()
        if start == i or (spelled and self.lang == "en" and self.word(i) != "on"):
            return None
        first = self.ordinal(start) or self.figure(start)
        if first is None:
            return None
        found, j = [first[0]], first[1]
        while True:
            k = j
            while self.word(k) in (",", "&", "+", "/") or self.see(k, "AND", "FILL", "DAYNUMBER"):
                seen = self.see(k, "AND", "FILL", "DAYNUMBER")
                k = seen[2] if seen else k + 1
            hour = self.see(j, "AT") is not None and self.at_times(j) is not None
            more = self.ordinal(k) or self.figure(k) if k > j and not hour else None
            if more is None:
                break
            found.append(more[0])
            j = more[1]
        if month := self.of_month(j):
            return replace(month[0], doms=tuple(found)), month[1]
        monthly = self.see(j, "ADV")
        if monthly and monthly[1] == "month":
            return Facts(doms=tuple(found), recurring=True), j
        if self.see(j, "UNIT", "DAY", "MONTH"):
            return None
        if spelled and len(found) < 2:
            return None  # "On the first floor", "on the second try".
        if len(found) < 2:
            # "On the 15th, at noon" comes each month; "by the 15th" and "the 15th page" do not.
            alone = self.word(i) == "on" and self.close(start + 1)
            timed = self.see(j, "AT") is not None and self.at_times(j) is not None
            told = (self.word(j) in (",", ":") or timed) if alone else timed and self.lang != "en"
            return (Facts(doms=tuple(found), recurring=True), j) if told else None
        if spelled and self.lang != "en" and not self.see(j, "AT"):
            return None
        noun = self.word(j).isalpha() and not self.see(j, "AT", "BY", "FROM", "PART", "FILL", "AND")
        return None if noun else (Facts(doms=tuple(found), recurring=True), j)

    def edge(self, i: int) -> Step | None:
        """at month end · am Monatsanfang · at the end of every working day · of each week"""
        start = self.skip(i, "FILL", "AT", most=2)
        month = self.see(start, "MONTHEDGE")
        if month:
            return Facts(doms=(int(month[1]),), recurring=True), month[2]
        told = self.see(i, "EDGE")
        if told is None:
            return self.begun(i)
        j = self.skip(told[2], "FILL", "EVERY", "PER", most=3)
        again = any(self.see(k, "EVERY", "PER") for k in range(told[2], j))
        part = "evening" if told[1] == "-1" else "morning"
        seen = self.see(j, "WEEKDAYS", "UNIT")
        if seen is None or seen[1] not in ("", "day", "week"):
            return None
        if seen[1] == "week":
            day = 5 if told[1] == "-1" else 1
            return (Facts(days=frozenset({day}), recurring=True), seen[2]) if again else None
        days = frozenset({1, 2, 3, 4, 5}) if seen[0] == "WEEKDAYS" else frozenset[int]()
        rates = frozenset({"day"}) if again else frozenset[str]()
        return Facts(days=days, part=part, rates=rates, recurring=again), seen[2]

    def begun(self, i: int) -> Step | None:
        """when a month begins · sobald die Woche anfängt · cuando termina el mes"""
        lead = self.see(i, "WHENEVER")
        j = lead[2] if lead else i
        first = self.see(j, "BEGINS") if lead else None
        k = self.skip(first[2] if first else j, "FILL", "EVERY", "ANIN", most=3)
        unit = self.see(k + (self.word(k) in _NEW), "UNIT")
        begins = first or (self.see(unit[2], "BEGINS") if unit else None)
        if unit is None or begins is None or (lead is None and self.see(j, "EVERY") is None):
            return None
        facts, last = _begun(unit[1], begins[1] == "-1"), first is not None
        return (facts, unit[2] if last else begins[2]) if facts else None

    def day(self, i: int) -> tuple[frozenset[int], int, bool] | None:
        """(days, next, plural) of one word for a day or a kind of days."""
        for kind, days in (
            ("WEEKDAYS", frozenset({1, 2, 3, 4, 5})), ("WEEKEND", frozenset({0, 6}))
        ):  # fmt: skip
            seen = self.see(i, kind)
            if seen:
                return days, seen[2], True
        seen = self.see(i, "DAYS", "DAY")
        if seen is None:
            return None
        end = seen[2] + (self.word(seen[2]) == "." and len(self.word(seen[2] - 1)) <= 4)
        plural = seen[0] == "DAYS"
        return frozenset({int(seen[1])}), end, plural

    def days(self, i: int) -> tuple[frozenset[int], int, bool] | None:
        """A list or range of days: (days, next, whether it recurs by itself)."""
        told = self.day(i)
        if told is None:
            return None
        found, j, recurs = told
        while True:
            through = self._through(j)
            last = self.day(through) if through else None
            if last and len(last[0]) == 1 and len(found) == 1:
                first, end = next(iter(found)), next(iter(last[0]))
                span = [(first + n) % 7 for n in range((end - first) % 7 + 1)]
                found, j, recurs = frozenset(span), last[1], True
                continue
            if amended := self.amended_day(j):
                found, j = amended[0], amended[1]
                continue
            k = j
            while self.word(k) in (",", "+", "/", "&") or self.see(k, "AND", "FILL", "EVERY"):
                seen = self.see(k, "AND", "FILL", "EVERY")
                k = seen[2] if seen else k + 1
            short = len(self.word(j)) <= 4 and len(self.word(j - 1)) <= 4  # "Mon Wed Fri"
            more = self.day(k) if k > j or short else None
            if more is None:
                return found, j, recurs
            found, j, recurs = found | more[0], more[1], True

    def amended_day(self, i: int) -> tuple[frozenset[int], int] | None:
        """Monday, sorry, Tuesday: the day that holds in the end"""
        start = self.amended(i)
        told = self.day(self.skip(start, "FILL", "EVERY", most=2)) if start is not None else None
        return (told[0], told[1]) if told else None

    def _through(self, j: int) -> int | None:
        if self.word(j) in ("-", "–", "—"):
            return j + 1
        seen = self.see(j, "TO")
        return seen[2] if seen else None

    def months(self, i: int) -> tuple[frozenset[int], int]:
        found: set[int] = set()
        j = k = i
        while month := self.see(k, "MONTH"):
            value = int(month[1])
            if through := self._through(month[2]):
                last = self.see(through, "MONTH")
                if last:
                    span = (int(last[1]) - value) % 12
                    found |= {(value - 1 + n) % 12 + 1 for n in range(span + 1)}
                    j = last[2]
                    k = j
                    continue
            found.add(value)
            j = k = month[2]
            while self.word(k) in (",", "&", "+") or self.see(k, "AND", "FILL"):
                seen = self.see(k, "AND", "FILL")
                k = seen[2] if seen else k + 1
        return frozenset(found), j

    def calendar(self, i: int) -> Step | None:
        """January 2nd · 2 January · the 4th of July · am 2. Januar"""
        j = self.skip(i, "FILL", most=2)
        month = self.see(j, "MONTH")
        if month:
            day = self.ordinal(self.skip(month[2], "FILL", most=1)) or self.number(month[2])
            if day and 1 <= day[0] <= 31 and not self._clock_like(day[1]):
                return Facts(doms=(day[0],), months=frozenset({int(month[1])})), day[1]
            return None
        day = self.ordinal(j) or self.number(j)
        if day is None or not -1 <= day[0] <= 31:
            return None
        k = self.skip(day[1], "FILL", most=2)
        months, end = self.months(k)
        if not months:
            return None
        return Facts(doms=(day[0],), months=months), end

    def _clock_like(self, j: int) -> bool:
        dotted = self.word(j) == "." and self.close(j + 1) and self.word(j + 1).isdecimal()
        return self.word(j) in (":", "h") or dotted or self.see(j, "AM", "PM", "OCLOCK") is not None

    def _year_follows(self, k: int) -> bool:
        year = self.number(k + (self.word(k) == ","))
        return year is not None and 1990 <= year[0] <= 2200

    def of_month(self, i: int) -> Step | None:
        """of the month · of every month · of each quarter · im Monat · in January"""
        j = self.skip(i, "FILL", "EVERY", "PER", most=3)
        if j == i:
            unit = self.see(i, "UNIT", "ADV")
            if unit and unit[1] == "month" and unit[0] == "UNIT" and self.lang != "en":
                return Facts(recurring=True), unit[2]
            return None
        unit = self.see(j, "UNIT")
        if unit and unit[1] in ("month", "quarter", "year"):
            facts = Facts(recurring=True)
            if unit[1] == "quarter":
                facts = replace(facts, months=frozenset({1, 4, 7, 10}))
            if unit[1] == "year":
                facts = replace(facts, months=frozenset({1}))
            return facts, unit[2]
        months, k = self.months(j)
        if months and not self._year_follows(k):
            recurring = self.see(i, "EVERY") is not None
            return Facts(months=months, recurring=recurring or True), k
        return None

    def _every_hour(self, i: int) -> int | None:
        every = self.see(i, "EVERY")
        hour = self.see(every[2], "UNIT") if every else self.see(self.skip(i, "FILL"), "UNIT")
        return hour[2] if hour and hour[1] == "hour" else None

    def forgotten(self, i: int) -> Step | None:
        """forget Thursdays, Wednesday is the day: the days that hold in place of others"""
        seen = self.see(i, "FORGET")
        old = self.day(self.skip(seen[2], "FILL", "EVERY", most=2)) if seen else None
        if old is None:
            return None
        j = old[1]
        while self.word(j) in (",", ".", ";", ":", "-", "–", "—", "!"):
            j += 1
        new = self.days(self.skip(j, "AMEND", "FILL", "EVERY", most=3)) if j > old[1] else None
        return (Facts(days=new[0], recurring=True), new[1]) if new else None

    def besides(self, i: int, told: Step) -> Step:
        """Saturdays too · auch am Wochenende · le samedi aussi: days that come besides the others"""
        facts, j = told
        if not facts.days or facts.clocks:
            return told
        behind = self.see(j, "ALSO")
        if behind is None and not any(
            self.see(n, "ALSO")
            for n in (i - 1, i - 2)
            if n == i - 1 or self.see(i - 1, "FILL") or self.word(i - 1) == "."
        ):
            return told
        daily = frozenset({"day"} if behind and self.word(j) in _INCLUDED else ())
        also = replace(facts, days=frozenset(), also=facts.days, rates=facts.rates | daily)
        return replace(also, recurring=True), behind[2] if behind else j
