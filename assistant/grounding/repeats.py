"""What "every" and its like lead in: every other Tuesday, every 5 minutes, the 3rd of each month."""

from __future__ import annotations

from dataclasses import replace

from assistant.grounding.calendars import CalendarReader
from assistant.grounding.reading import Step
from assistant.grounding.schedules import LAST_WEEKDAY, Clock, Facts

_LATIN = ("fr", "es", "it", "pt")


class RepeatReader(CalendarReader):
    """Reads what repeats. Each method gives what it read and the next word, or None."""

    def every(self, i: int) -> Step | None:
        """every 5 minutes · every other Tuesday · each Monday and Friday · every morning"""
        if self.see(i, "STEP"):
            return self.rate(i)
        other = self.see(i, "OTHER")
        word = self.see(i, "EVERY")
        strong = self.lang in ("en", "de", "nl") or self.see(i, "EVERYSTRONG") is not None
        if other and (word is None or other[2] > word[2]):
            return self.every_other(other[2])
        if word is None:
            return self.by_steps(i)
        if not strong and (listed := self.days_listed(i)):
            return listed
        j = word[2]
        if (numbered := self.day_numbered(j)) is not None:
            return numbered
        if self.see(j, "DAYPART"):
            return self.day_and_part(j)
        if other := self.see(j, "OTHER"):
            return self.every_other(other[2])
        if self.word(j) == "other":
            return self.every_other(j + 1)
        part = self.see(j, "HALFHOUR", "QUARTERHOUR", "WEEKDAYS")
        if self.see(j, "ORD") and not part and (found := self.every_nth(j)):
            return found
        weekdays = part is not None and part[0] == "WEEKDAYS"
        if strong and not weekdays and (stepped := self.every_step(j)):
            return stepped
        if found := self.every_nth(j):
            return found
        days = self.days(j) or self.days(self.skip(j, "FILL", most=1))
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

    def by_steps(self, i: int) -> Step | None:
        """de 15 em 15 minutos · de dos en dos horas"""
        if self.word(i) != "de" or self.lang not in ("pt", "es"):
            return None
        first = self.number(i + 1)
        second = (
            self.number(first[1] + 1) if first and self.word(first[1]) in ("em", "en") else None
        )
        unit = self.see(second[1], "UNIT") if second else None
        if first is None or second is None or unit is None or first[0] != second[0]:
            return None
        return Facts(step=(first[0], unit[1]), recurring=True), unit[2]

    def day_numbered(self, j: int) -> Step | None:
        """todo dia 5 · cada día 20: the day of every month, not every day at five"""
        named = self.see(j, "DAYNUMBER") if self.lang in ("es", "pt", "it") else None
        told = self.figure(named[2]) if named else None
        return (Facts(doms=(told[0],), recurring=True), told[1]) if told else None

    def day_and_part(self, i: int) -> Step | None:
        """montagmorgens · jeden Freitagabend · elke vrijdagmiddag"""
        seen = self.see(i, "DAYPART")
        if seen is None:
            return None
        day, _, part = seen[1].partition(" ")
        facts = Facts(days=frozenset({int(day)}), recurring=True)
        if part == "noon":
            return replace(facts, clocks=(Clock(12, 0, True),)), seen[2]
        return replace(facts, part=part), seen[2]

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
        if unit_name == "day" and count in ((14, 15) if self.lang in _LATIN else (14,)):
            count, unit_name = 2, "week"  # "Cada quince días"
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
        told = self.amount(j)
        if told and told[0] > 1:
            return Facts(step=told[:2], recurring=True), told[2]
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
        listed = self.ordinals(j)
        if listed and len(listed[0]) > 1 and not self.see(listed[1], "UNIT", "DAY"):
            return Facts(doms=tuple(listed[0]), recurring=True), listed[1]
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
        step = self.see(i, "STEP")
        if step:
            count, _, unit = step[1].partition(" ")
            return Facts(step=(int(count), unit), recurring=True), step[2]
        seen = self.see(i, "ADV")
        if seen is None:
            return None
        if seen[1] == "bimonth":
            return Facts(step=(2, "month"), recurring=True), seen[2]
        return Facts(rates=frozenset({seen[1]}), recurring=True), seen[2]
