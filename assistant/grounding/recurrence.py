"""What comes again and again: every other Tuesday, hourly from 9 to 17, the 3rd of every month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.grounding.calendars import CalendarReader
from assistant.grounding.reading import Step
from assistant.grounding.schedules import LAST_WEEKDAY, Clock, Facts, in_part

_COUNTED = frozenset(
    {"best", "top", "most", "new", "newest", "latest", "or", "beste", "besten", "neue"}
)
_MONTHLY = frozenset({"month", "quarter", "year"})


class RecurrenceReader(CalendarReader):
    """Reads runs of parts that together say when something recurs."""

    def run(self, i: int) -> Step:
        """As many parts as follow each other from i, taken together."""
        facts, end = Facts(), i
        parts: tuple[Callable[[int], Step | None], ...] = (
            self.window, self.every, self.nth_day, self.rate, self.times_per, self.day_list,
            self.month_day, self.in_months, self.minute_past, self.at_times, self.day_part,
            self.except_days,
        )  # fmt: skip
        j = i
        while True:
            told = next((t for part in parts if (t := part(j)) is not None and t[1] > j), None)
            told = told or self.loose_hour(j, facts)
            if told is None and _MONTHLY & (facts.rates | {facts.step[1] if facts.step else ""}):
                told = self.day_of_rate(j)
            merged = facts.plus(told[0]) if told else None
            if told is None or merged is None:
                if j > end or end == i:
                    following = self._filler(j) if end > i else j
                    if following == j or end == i:
                        return facts, end
                    j = following
                    continue
                following = self._filler(j)
                if following == j:
                    return facts, end
                j = following
                continue
            facts, end = merged, told[1]
            j = end

    def _filler(self, i: int) -> int:
        if self.word(i) in (",", "(", ")", "-", ";", "·", "–", "@", "'"):
            return i + 1
        seen = self.see(i, "FILL", "AND")
        return seen[2] if seen else i

    def loose_hour(self, i: int, facts: Facts) -> Step | None:
        """Beside a day: around 6 · nine in the morning · wed 8 (and nothing after it)"""
        if facts.clocks or not (facts.days or facts.part or facts.rates or facts.doms):
            return None
        near = self.see(i, "BY")
        told = self.clock(near[2] if near else i, loose=True)
        if told is None or self.number(near[2] if near else i) is None:
            return None
        clock, j = told
        part = self.see(j, "PART")
        if part and part[2] - j > 1:
            return Facts(clocks=(in_part(clock, part[1]),)), part[2]
        ends = self.word(j) in ("", ".", ",", ";", ")", "-", ":")
        counted = self.word(j).endswith("s") or self.word(j) in _COUNTED
        if ends or (near is not None and not counted):
            return Facts(clocks=(clock,)), j
        return None

    def every(self, i: int) -> Step | None:
        """every 5 minutes · every other Tuesday · each Monday and Friday · every morning"""
        other = self.see(i, "OTHER")
        word = self.see(i, "EVERY")
        strong = self.lang in ("en", "de", "nl") or self.see(i, "EVERYSTRONG") is not None
        if other and (word is None or other[2] > word[2]):
            return self.every_other(other[2])
        if word is None:
            return None
        j = word[2]
        if other := self.see(j, "OTHER"):
            return self.every_other(other[2])
        if self.word(j) == "other":
            return self.every_other(j + 1)
        if self.see(j, "ORD") and (found := self.every_nth(j)):
            return found
        if strong and (stepped := self.every_step(j)):
            return stepped
        if found := self.every_nth(j):
            return found
        days = self.days(self.skip(j, "FILL", most=1))
        if days and not (self.lang in ("fr", "es", "it", "pt") and not strong and days[2]):
            return self.other_after(Facts(days=days[0], recurring=True), days[1])
        if days:
            return Facts(days=days[0], recurring=True), days[1]
        part = self.see(j, "PART")
        if part and strong:
            return Facts(part=part[1], rates=frozenset({"day"}), recurring=True), part[2]
        noon = self.see(j, "NOON", "MIDNIGHT")
        if noon and strong:
            clock = Clock(12 if noon[0] == "NOON" else 0, 0, True)
            return Facts(clocks=(clock,), rates=frozenset({"day"}), recurring=True), noon[2]
        date = self.calendar(j)
        if date and strong:
            return replace(date[0], recurring=True), date[1]
        month = self.see(j, "MONTH")
        if month and strong:
            return Facts(months=frozenset({int(month[1])}), recurring=True), month[2]
        return None

    def every_step(self, j: int) -> Step | None:
        told = self.amount(j)
        if told is None:
            unit = self.see(j, "UNIT")
            quarter = self.see(j, "QUARTER")
            if quarter and (hour := self.see(quarter[2], "UNIT")) and hour[1] == "hour":
                return Facts(step=(15, "minute"), recurring=True), hour[2]
            if quarter and self.lang == "nl":
                return Facts(step=(15, "minute"), recurring=True), quarter[2]
            if unit is None:
                return None
            told = (1, unit[1], unit[2])
        count, unit_name, k = told
        ranged = self.see(k, "FROM") if unit_name == "month" else None
        months, end = self.months(ranged[2]) if ranged else (frozenset[int](), k)
        if months and count == 1:
            return Facts(months=months, rates=frozenset({"day"}), recurring=True), end
        if count == 1 and unit_name in ("day", "week", "month", "year", "quarter", "minute"):
            rate = "minute" if unit_name == "minute" else unit_name
            facts = Facts(rates=frozenset({rate}), recurring=True)
            return self.other_after(facts, k, unit_name)
        return Facts(step=(count, unit_name), recurring=True), k

    def other_after(self, facts: Facts, j: int, unit: str = "") -> Step:
        """French says "every other" behind the day: un mardi sur deux."""
        after = self.see(j, "OTHERAFTER")
        if after is None:
            return facts, j
        if unit:
            return Facts(step=(2, unit), recurring=True), after[2]
        return replace(facts, other=True), after[2]

    def every_other(self, j: int) -> Step | None:
        unit = self.see(j, "UNIT")
        if unit and unit[1] == "day" and (month := self.of_month(unit[2])):
            return replace(month[0], doms=(2,), recurring=True), month[1]
        if unit:
            return Facts(step=(2, unit[1]), recurring=True), unit[2]
        days = self.days(j)
        if days:
            if month := self.of_month(days[1]):
                nths = tuple((2, day) for day in sorted(days[0]))
                return replace(month[0], nths=nths, recurring=True), month[1]
            return Facts(days=days[0], other=True, recurring=True), days[1]
        return None

    def every_nth(self, j: int) -> Step | None:
        """every third week · every second Tuesday · every 15th · every first Monday"""
        told = self.ordinal(j)
        if told is None:
            return None
        n, k = told
        if nth := self.nth_day(j):
            return replace(nth[0], recurring=True), nth[1]
        if nth := self.nth_days(j):
            return nth
        unit = self.see(k, "UNIT")
        if unit and n > 0 and unit[1] != "day":
            return Facts(step=(n, unit[1]), recurring=True), unit[2]
        if unit and n > 0:
            if month := self.of_month(unit[2]):
                return replace(month[0], doms=(n,), recurring=True), month[1]
            return Facts(step=(n, "day"), recurring=True), unit[2]
        days = self.days(k)
        if days and n == 2:
            return Facts(days=days[0], other=True, recurring=True), days[1]
        if days:
            nths = tuple((n, day) for day in sorted(days[0]))
            return Facts(nths=nths, recurring=True), days[1]
        month = self.see(self.skip(k, "FILL", most=2), "MONTH")
        if month:
            facts = Facts(doms=(n,), months=frozenset({int(month[1])}), recurring=True)
            return facts, month[2]
        return (Facts(doms=(n,), recurring=True), k) if n > 2 or n == 1 else None

    def nth_days(self, j: int) -> Step | None:
        """(every) first and third Monday: several of a month need no "of the month"."""
        told = self.ordinals(j)
        days = self.days(told[1]) if told and len(told[0]) > 1 else None
        if told is None or days is None or len(days[0]) > 1:
            return None
        nths = tuple((n, day) for n in told[0] for day in days[0])
        return Facts(nths=nths, recurring=True), days[1]

    def nth_day(self, i: int) -> Step | None:
        """first Monday of the month · last day of each month · the 3rd of every month"""
        start = self.skip(i, "FILL", most=2)
        told = self.ordinals(start)
        if told is None:
            return self.day_number(start)
        numbers, j = told
        days = self.days(j)
        if days:
            month = self.of_month(days[1])
            if month is None:
                return None
            day_set = sorted(days[0])
            if len(day_set) == 5 and numbers == [-1]:
                return replace(month[0], doms=(LAST_WEEKDAY,)), month[1]
            if len(day_set) == 5:
                return replace(month[0], doms=tuple(numbers), other=True), month[1]
            nths = tuple((n, day) for n in numbers for day in day_set)
            return replace(month[0], nths=nths), month[1]
        unit = self.see(j, "UNIT")
        if unit and unit[1] == "day":
            j = unit[2]
        month = self.of_month(j)
        if month is None:
            return None
        return replace(month[0], doms=tuple(numbers)), month[1]

    def day_of_rate(self, i: int) -> Step | None:
        """monthly on the 28th: the day, when it has been said that months are meant"""
        j = self.skip(i, "FILL", most=2)
        told = self.ordinals(j)
        if told is None or self.see(told[1], "UNIT", "DAY", "MONTH"):
            unit = self.see(told[1], "UNIT") if told else None
            if told is None or unit is None or unit[1] != "day":
                return None
            return Facts(doms=tuple(told[0])), unit[2]
        return Facts(doms=tuple(told[0])), told[1]

    def day_number(self, i: int) -> Step | None:
        """day 15 of each month · el día 1 de cada mes"""
        unit = self.see(i, "UNIT")
        k = unit[2] if unit and unit[1] == "day" else i
        told = self.number(k)
        if told is None or not 1 <= told[0] <= 31:
            return None
        numbers, j = [told[0]], told[1]
        while more := self.see(j, "AND"):
            other = self.number(more[2])
            if other is None or not 1 <= other[0] <= 31:
                break
            numbers.append(other[0])
            j = other[1]
        month = self.of_month(j)
        if month is None:
            return None
        return replace(month[0], doms=tuple(numbers)), month[1]

    def rate(self, i: int) -> Step | None:
        seen = self.see(i, "ADV")
        if seen is None:
            return None
        if seen[1] == "bimonth":
            return Facts(step=(2, "month"), recurring=True), seen[2]
        return Facts(rates=frozenset({seen[1]}), recurring=True), seen[2]

    def times_per(self, i: int) -> Step | None:
        """twice a day · three times per week"""
        twice = self.see(i, "TIMES")
        if twice and twice[1]:
            count, j = int(twice[1]), twice[2]
        else:
            told = self.number(i)
            times = self.see(told[1], "TIMES") if told else None
            if told is None or times is None:
                return None
            count, j = told[0], times[2]
        per = self.see(j, "PER", "EVERY")
        unit = self.see(per[2], "UNIT") if per else None
        adverb = None if unit else self.see(j, "ADV")
        name, end = (unit[1], unit[2]) if unit else (adverb[1], adverb[2]) if adverb else ("", j)
        if name == "hour":
            return Facts(step=(max(1, 60 // count), "minute"), recurring=True), end
        if name == "day":
            return Facts(per_day=count, recurring=True, rates=frozenset({"day"})), end
        if name in ("week", "month") and count > 1:
            days = {2: (1, 4), 3: (1, 3, 5)}.get(count, (1, 2, 3, 4, 5))
            if name == "week":
                return Facts(days=frozenset(days), recurring=True), end
            return Facts(doms={2: (1, 15)}.get(count, (1, 10, 20)), recurring=True), end
        return None

    def day_list(self, i: int) -> Step | None:
        """Tuesdays · mon, wed + sun · Monday to Friday · on Friday (weakly)"""
        start = i
        found = self.days(start)
        if found is None and self.see(i, "FROM", "FILL"):
            start = self.skip(i, "FROM", "FILL", "EVERY", most=2)
            found = self.days(start)
        if found is None:
            return None
        days, j, recurs = found
        raw = self.words[start].text
        hour = self.at_times(j) or self.loose_hour(j, Facts(days=days))
        if len(raw) <= 3 and not recurs and not hour:
            return None
        if self.word(start - 1) in ("next", "this", "last", "coming"):
            return None
        return self.other_after(Facts(days=days, recurring=True), j)

    def month_day(self, i: int) -> Step | None:
        """A date recurs when it names no year: it comes every year."""
        date = self.calendar(i)
        if date is None or self._year_follows(date[1]):
            return None
        return replace(date[0], recurring=True), date[1]

    def in_months(self, i: int) -> Step | None:
        """in March and September; only beside something that recurs"""
        filler = self.see(i, "FILL", "FROM")
        months, j = self.months(filler[2]) if filler else (frozenset[int](), i)
        if not months or self._year_follows(j):
            return None
        return Facts(months=months), j

    def minute_past(self, i: int) -> Step | None:
        """at 5 past every hour · at minute 5 of every hour · at quarter past each hour"""
        at = self.see(i, "AT")
        j = at[2] if at else i
        quarter = self.see(j, "QUARTERPAST", "HALFPAST")
        if quarter:
            hour = self._every_hour(quarter[2])
            minute = 15 if quarter[0] == "QUARTERPAST" else 30
            return (Facts(minute=minute, recurring=True), hour) if hour else None
        unit = self.see(j, "UNIT")
        named = unit is not None and unit[1] == "minute"
        told = self.number(unit[2] if unit and named else j)
        if told is None or told[0] > 59:
            return None
        after = self.see(told[1], "UNIT")
        k = after[2] if after and after[1] == "minute" else told[1]
        past = self.see(k, "PAST", "FILL")
        hour = self._every_hour(past[2] if past else k)
        if hour is None or not (named or past):
            return None
        return Facts(minute=told[0], recurring=True), hour

    def window(self, i: int) -> Step | None:
        """between 9 and 17 · from 9am to 5pm · von 9 bis 17 Uhr"""
        start = self.see(i, "FROM")
        first = self.clock(self.skip(start[2], "AT", "FILL", most=1), loose=True) if start else None
        if first is None:
            return None
        join = self.see(first[1], "TO", "AND")
        j = join[2] if join else first[1] + 1 if self.word(first[1]) in ("-", "–") else 0
        last = self.clock(self.skip(j, "AT", "FILL", most=1), loose=True) if j else None
        if last is None:
            return None
        begin, end = first[0], last[0]
        part = self.part(last[1])
        if part:
            end = in_part(end, part[0])
        hour = end.hour
        if not end.sure and hour <= begin.hour and hour < 12:
            hour += 12
        return Facts(window=(begin.hour, hour)), part[1] if part else last[1]

    def except_days(self, i: int) -> Step | None:
        seen = self.see(i, "EXCEPT")
        days = self.days(self.skip(seen[2], "FILL", "EVERY", most=2)) if seen else None
        return (Facts(skipped=days[0]), days[1]) if days else None

    def day_part(self, i: int) -> Step | None:
        part = self.part(i)
        return (Facts(part=part[0]), part[1]) if part else None
