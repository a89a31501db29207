"""Finds phrases of time in a text, in seven languages, and reads them exactly.

`phrases(text)` gives every schedule ("every weekday at 7"), bare time ("at half past eight"),
shift ("ten minutes earlier"), look-back ("the last 24 hours"), duration ("30 seconds") and single
date ("tomorrow at 9") with its place in the text. Schedules become cron; see `schedules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from assistant.grounding.languages import fold, language
from assistant.grounding.lexicon import WORD, lexicon, longest
from assistant.grounding.schedules import LAST_WEEKDAY, Clock, Facts, When, cron_of, in_part

_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "mo",
          "year": "y", "quarter": "q"}  # fmt: skip
_DAYS_IN = {"week": 7, "month": 30, "quarter": 91, "year": 365}
_ORDINAL = frozenset({"st", "nd", "rd", "th", "er", "re", "eme", "e", "o", "a", "º", "ª", "°"})
_NEEDS_DAY = frozenset({"next", "this", "kommenden", "nachsten", "proximo", "prochain", "volgende"})
_MONTHLY = frozenset({"month", "quarter", "year"})
_NO_CLOCK_AFTER = frozenset({"look", "looking", "aim", "aimed", "stop", "capped", "cap", "least",
                             "most"})  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """One phrase of time. `value` is a duration text for since, dur and shift ("24h", "-10m")."""

    kind: str
    """when, time, shift, since, dur or date"""
    start: int
    end: int
    text: str
    value: str = ""
    facts: Facts = Facts()
    when: When | None = None


class _Word(NamedTuple):
    text: str
    start: int
    end: int


Step = tuple[Facts, int]


def phrases(text: str, lang: str = "") -> list[Phrase]:
    """Every phrase of time, in order, none overlapping another. Never raises."""
    reader = _Reader(text, lang or language(text))
    found: list[Phrase] = []
    i = 0
    while i < len(reader.words):
        phrase, j = reader.phrase(i)
        if phrase is not None:
            found.append(phrase)
            i = j
        else:
            i += 1
    return _joined(found)


def schedule(text: str, lang: str = "") -> When | None:
    """The schedule a text states, all its phrases taken together; None when it states none."""
    for phrase in phrases(text, lang):
        if phrase.kind == "when":
            return phrase.when
    return None


def _joined(found: list[Phrase]) -> list[Phrase]:
    """Phrases that complete each other ("weekly … on Mondays … at 8") all mean the whole."""
    whens = [p for p in found if p.kind == "when"]
    times = [p for p in found if p.kind == "time"]
    if not whens:
        return found
    together: Facts | None = whens[0].facts
    for phrase in whens[1:]:
        together = together.plus(phrase.facts) if together else None
    if together is None:
        return found
    if len(times) == 1 and not together.clocks and not together.window:
        together = together.plus(times[0].facts)
    if together is None:
        return found
    whole = cron_of(together)
    return [replace(p, facts=together, when=whole) if p.kind == "when" else p for p in found]


class _Reader:
    """Reads phrases by descending through the words; nothing is consumed that is not understood."""

    def __init__(self, text: str, lang: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.words = [_Word(m.group(), m.start(), m.end()) for m in WORD.finditer(self.folded)]
        self.lang = lang
        self.lexicons = [lexicon(lang)] + ([lexicon("en")] if lang != "en" else [])
        self.reach = max(longest(lang), longest("en"))

    # Words ---------------------------------------------------------------------------------

    def word(self, i: int) -> str:
        return self.words[i].text if 0 <= i < len(self.words) else ""

    def close(self, i: int) -> bool:
        """Whether word i follows the one before it without a space."""
        return 0 < i < len(self.words) and self.words[i].start == self.words[i - 1].end

    def see(self, i: int, *kinds: str) -> tuple[str, str, int] | None:
        """(kind, value, next) of the longest phrase of one of these kinds at i."""
        for size in range(min(self.reach, len(self.words) - i), 0, -1):
            key = tuple(word.text for word in self.words[i : i + size])
            for table, entries in enumerate(self.lexicons):
                # A word that the text's own language knows keeps that meaning.
                if table and (key in self.lexicons[0] or (size == 1 and len(key[0]) < 4)):
                    continue
                for kind in kinds:
                    for meaning in entries.get(key, ()):
                        if meaning.kind == kind:
                            return kind, meaning.value, i + size
        return None

    def skip(self, i: int, *kinds: str, most: int = 3) -> int:
        for _ in range(most):
            seen = self.see(i, *kinds)
            if seen is None:
                break
            i = seen[2]
        return i

    def number(self, i: int) -> tuple[int, int] | None:
        if self.word(i).isdecimal() and len(self.word(i)) <= 4:
            if self.close(i) and self.word(i - 1) in ("-", ".", ":", "#", "/", "$", "€"):
                return None
            return int(self.word(i)), i + 1
        seen = self.see(i, "NUM")
        return (int(seen[1]), seen[2]) if seen else None

    def ordinal(self, i: int) -> tuple[int, int] | None:
        seen = self.see(i, "ORD")
        if seen:
            return int(seen[1]), seen[2]
        if self.word(i).isdecimal() and int(self.word(i)[:4]) <= 31:
            after = self.word(i + 1)
            if self.close(i + 1) and after in _ORDINAL and not self.close(i + 2):
                return int(self.word(i)), i + 2
            dotted = self.close(i + 1) and after == "." and not self.word(i + 2).isdecimal()
            if dotted and self.lang == "de" and i + 2 < len(self.words):
                return int(self.word(i)), i + 2
        return None

    # Phrases -------------------------------------------------------------------------------

    def phrase(self, i: int) -> tuple[Phrase | None, int]:
        for read in (self.shift, self.since, self.recurrence, self.oneoff, self.span, self.bare):
            found = read(i)
            if found is not None:
                return found
        return None, i

    def made(
        self, kind: str, i: int, j: int, value: str = "", facts: Facts | None = None
    ) -> tuple[Phrase, int]:
        start, end = self.words[i].start, self.words[j - 1].end
        facts = facts or Facts()
        when = cron_of(facts) if kind == "when" else None
        return Phrase(kind, start, end, self.text[start:end], value, facts, when), j

    def amount(self, i: int) -> tuple[int, str, int] | None:
        """(count, unit, next): "ten minutes", "half an hour", "2h"."""
        half = self.see(i, "HALF")
        if half:
            unit = self.see(half[2], "UNIT")
            if unit and unit[1] == "hour":
                return 30, "minute", unit[2]
            if self.word(i) in ("mezz'ora", "halbstunde"):
                return 30, "minute", half[2]
        count = self.number(i)
        if count is None:
            one = self.see(i, "ANIN")
            count = (1, one[2]) if one else None
            if count is None:
                return None
        n, j = count
        j += self.word(j) == "-"
        half = self.see(j, "HALF")
        if n == 1 and half:
            unit = self.see(half[2], "UNIT")
            if unit and unit[1] == "hour":
                return 30, "minute", unit[2]
        unit = self.see(j, "UNIT")
        if unit:
            return n, unit[1], unit[2]
        letter = self.word(j)
        short = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
        if self.close(j) and letter in short and not self.close(j + 1):
            return n, short[letter], j + 1
        return None

    def shift(self, i: int) -> tuple[Phrase, int] | None:
        told = self.amount(i)
        if told is None:
            return None
        count, unit, j = told
        way = self.see(j, "EARLIER", "LATER")
        if way is None or unit not in ("minute", "hour", "day"):
            return None
        sign = "-" if way[0] == "EARLIER" else "+"
        return self.made("shift", i, way[2], f"{sign}{count}{_UNITS[unit]}")

    def since(self, i: int) -> tuple[Phrase, int] | None:
        span = self.see(i, "ONESPAN")
        if span and not self.see(span[2], "AT"):
            return self.made("since", i, span[2], span[1])
        ago = self.see(i, "AGO")
        if ago is None:
            return None
        told = self.amount(ago[2])
        unit = None if told else self.see(ago[2], "UNIT")
        if told is None and unit and unit[1] != "second" and self.lang == "en":
            following = self.word(unit[2])
            if following not in ("of", "in") and self.word(i - 1) not in ("first", "second"):
                told = (1, unit[1], unit[2])
        if told is None:
            return None
        count, name, j = told
        if self.see(ago[2], "ANIN") and self.word(i) in ("last", "final"):
            return None
        return self.made("since", i, j, _period(count, name))

    def span(self, i: int) -> tuple[Phrase, int] | None:
        told = self.amount(i)
        if told is None:
            return None
        count, unit, j = told
        if (
            self.word(i).isalpha()
            and self.see(i, "ANIN")
            and unit not in ("minute", "hour", "second")
        ):
            return None
        if unit == "hour" and self.see(i - 1, "AT") and self.lang not in ("en",):
            return None
        return self.made("dur", i, j, _period(count, unit))

    def oneoff(self, i: int) -> tuple[Phrase, int] | None:
        once = self.see(i, "ONEOFF")
        if once is not None:
            j = self._dated(once[2])
            if j == once[2] and self.word(i) in _NEEDS_DAY:
                return None
            return self.made("date", i, j)
        date = self.calendar(i)
        if date is not None and date[1] <= len(self.words):
            _, j = date
            year = self.number(j + (self.word(j) == ","))
            if year and 1990 <= year[0] <= 2200:
                return self.made("date", i, year[1])
        return None

    def _dated(self, i: int) -> int:
        """Where a single date ends that has begun before i: "next [Friday at 9]"."""
        day = self.day(i)
        unit = None if day else self.see(i, "UNIT", "MONTH")
        j = day[1] if day else unit[2] if unit else i
        part = self.part(j)
        j = part[1] if part else j
        clock = self.at_times(self.skip(j, "FILL", most=1))
        return clock[1] if clock else j

    def bare(self, i: int) -> tuple[Phrase, int] | None:
        told = self.at_times(i)
        if told is None:
            return None
        facts, j = told
        part = self.part(j)
        if part:
            facts, j = replace(facts, part=part[0]), part[1]
        clocks = tuple(in_part(clock, facts.part) for clock in facts.clocks)
        return self.made("time", i, j, clocks[0].shown(), replace(facts, clocks=clocks, part=""))

    def recurrence(self, i: int) -> tuple[Phrase, int] | None:
        """A run of parts that together recur. Words that only fill are trimmed at both ends."""
        facts, j = self.run(i)
        if j == i or not facts.recurring:
            return None
        return self.made("when", i, j, facts=facts)

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

    # Parts of a recurrence -----------------------------------------------------------------

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
            more = self.ordinal(k)
            if k == j or more is None:
                return found, j
            found.append(more[0])
            j = more[1]

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

    def _year_follows(self, k: int) -> bool:
        year = self.number(k + (self.word(k) == ","))
        return year is not None and 1990 <= year[0] <= 2200

    def rate(self, i: int) -> Step | None:
        seen = self.see(i, "ADV")
        if seen is None:
            return None
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
            k = j
            while self.word(k) in (",", "+", "/", "&") or self.see(k, "AND", "FILL", "EVERY"):
                seen = self.see(k, "AND", "FILL", "EVERY")
                k = seen[2] if seen else k + 1
            more = self.day(k) if k > j else None
            if more is None:
                return found, j, recurs
            found, j, recurs = found | more[0], more[1], True

    def _through(self, j: int) -> int | None:
        if self.word(j) in ("-", "–", "—"):
            return j + 1
        seen = self.see(j, "TO")
        return seen[2] if seen else None

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
        if len(raw) <= 3 and not recurs and not self.at_times(j):
            return None
        if self.word(start - 1) in ("next", "this", "last", "coming"):
            return None
        return self.other_after(Facts(days=days, recurring=True), j)

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
        return self.word(j) in (":", "h") or self.see(j, "AM", "PM", "OCLOCK") is not None

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

    def _every_hour(self, i: int) -> int | None:
        every = self.see(i, "EVERY")
        hour = self.see(every[2], "UNIT") if every else self.see(self.skip(i, "FILL"), "UNIT")
        return hour[2] if hour and hour[1] == "hour" else None

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

    def part(self, i: int) -> tuple[str, int] | None:
        j = self.skip(i, "FILL", most=2)
        seen = self.see(i, "PART") or self.see(j, "PART")
        return (seen[1], seen[2]) if seen else None

    # Times of day --------------------------------------------------------------------------

    def at_times(self, i: int) -> Step | None:
        """at 7 · at 8 and 20 · 7:30am · um halb acht · à 7 heures et quart"""
        at = self.see(i, "AT", "BY")
        loose = at is not None and at[0] == "AT"
        if loose and self.word(i - 1) in _NO_CLOCK_AFTER:
            return None
        j = at[2] if at else i
        told = self.clock(j, loose=loose)
        if told is None and at is not None:
            told = self.clock(i, loose=False)
        if told is None:
            return None
        clocks, end = [told[0]], told[1]
        part = self.part(end)
        if part:
            clocks, end = [in_part(clocks[0], part[0])], part[1]
        while more := self._and_clock(end, loose):
            clocks.append(more[0])
            end = more[1]
            part = self.part(end)
            if part:
                clocks = [in_part(c, part[0]) for c in clocks]
                end = part[1]
        return Facts(clocks=tuple(clocks)), end

    def _and_clock(self, i: int, loose: bool) -> tuple[Clock, int] | None:
        k = i
        while self.word(k) in (",", "&", "+", "/") or self.see(k, "AND"):
            seen = self.see(k, "AND")
            k = seen[2] if seen else k + 1
        if k == i:
            return None
        at = self.see(k, "AT")
        told = self.clock(at[2], loose=True) if at else None
        if told is None:
            bare = self.clock(k, loose=False)
            if bare is None and loose and self.word(k).isdecimal():
                bare = self.clock(k, loose=True)
                # "at 8 and 20 fetch" is two times, "at 8 and 20 stories" hardly: nouns are plural.
                if bare and self.word(bare[1]).endswith("s"):
                    return None
            told = bare
        return told

    def clock(self, i: int, *, loose: bool) -> tuple[Clock, int] | None:
        """One time of day. `loose`: a number alone is an hour (it stood behind "at")."""
        noon = self.see(i, "NOON", "MIDNIGHT")
        if noon:
            return Clock(12 if noon[0] == "NOON" else 0, 0, True), noon[2]
        return self.words_clock(i) or self.digits_clock(i) or self.hour_clock(i, loose)

    def words_clock(self, i: int) -> tuple[Clock, int] | None:
        """half past eight · halb acht · viertel vor neun · ten to eight"""
        for kind, minutes in (
            ("HALFPAST", 30), ("QUARTERPAST", 15), ("QUARTERTO", -15), ("HALFTO", -30),
            ("THREEQUARTERS", -15),
        ):  # fmt: skip
            seen = self.see(i, kind)
            hour = self.number(seen[2]) if seen else None
            if seen and hour and 0 <= hour[0] <= 24:
                if self.word(i) == "half" and kind == "HALFPAST" and seen[2] == i + 1:
                    if self.see(hour[1], "UNIT"):
                        continue
                return self.meridiem(self._offset(hour[0], minutes), hour[1])
        count = self.number(i)
        if count is None or not 1 <= count[0] <= 29:
            return None
        unit = self.see(count[1], "UNIT")
        k = unit[2] if unit and unit[1] == "minute" else count[1]
        way = self.see(k, "PAST", "BEFORE")
        hour = self.number(way[2]) if way else None
        if way is None or hour is None or not 1 <= hour[0] <= 24 or count[0] % 5:
            return None
        if self.see(hour[1], "UNIT"):
            return None
        minutes = count[0] if way[0] == "PAST" else -count[0]
        return self.meridiem(self._offset(hour[0], minutes), hour[1])

    @staticmethod
    def _offset(hour: int, minutes: int) -> Clock:
        total = (hour * 60 + minutes) % 1440
        return Clock(total // 60, total % 60)

    def digits_clock(self, i: int) -> tuple[Clock, int] | None:
        """7:30 · 7h30 · 07.30 Uhr · 0730 hours"""
        hour, sign, minute = self.word(i), self.word(i + 1), self.word(i + 2)
        if not hour.isdecimal() or len(hour) > 2:
            return None
        if sign == "h" and not minute.isdecimal() and self.close(i + 1):
            return self.meridiem(Clock(int(hour), 0, True), i + 2)
        joined = self.close(i + 1) and self.close(i + 2)
        if not (
            minute.isdecimal() and len(minute) == 2 and joined and sign in (":", "h", ".", "u")
        ):
            return None
        j = i + 3
        if sign == ".":
            before = self.see(i - 1, "AT") is not None
            after = self.see(j, "OCLOCK", "AM", "PM") is not None
            if not (before or after) or self.close(j) and self.word(j) == ".":
                return None
        if self.word(j) == ":" and self.close(j) and self.close(j + 1):
            j += 2
        sure = len(hour) == 2 and (hour[0] == "0" or int(hour) > 12)
        clock, end = self.meridiem(Clock(int(hour), int(minute), sure), j)
        seen = self.see(end, "OCLOCK")
        return clock, seen[2] if seen and self.lang != "en" else end

    def hour_clock(self, i: int, loose: bool) -> tuple[Clock, int] | None:
        """7am · 7 Uhr · sept heures et demie · las ocho y media · seven thirty · 7"""
        if loose and self.word(i).isdecimal() and len(self.word(i)) == 4:
            value = int(self.word(i))
            if value // 100 < 24 and value % 100 < 60 and value % 5 == 0:
                after = self.see(i + 1, "OCLOCK")
                return Clock(value // 100, value % 100, True), after[2] if after else i + 1
        hour = self.number(i)
        if hour is None or not 0 <= hour[0] <= 24:
            return None
        clock, j = Clock(hour[0] % 24, 0, hour[0] > 12), hour[1]
        halved = self.after_hour(clock, j, loose)
        if halved:
            return halved
        moved, k = self.meridiem(clock, j)
        if k > j:
            return moved, k
        oclock = self.see(j, "OCLOCK")
        known = oclock and (loose or self.word(j) in ("o", "oclock", "uhr", "uur", "h"))
        if oclock and known and not (self.lang == "en" and self.word(j) in ("hours", "hrs")):
            j = oclock[2]
            halved = self.after_hour(clock, j, True)
            if halved:
                return halved
            minutes = self.number(j)
            if (
                minutes
                and self.word(j).isdecimal()
                and minutes[0] < 60
                and self.lang in ("de", "fr")
            ):
                clock, j = replace(clock, minute=minutes[0]), minutes[1]
            return self.meridiem(clock, j)
        if not loose:
            return None
        spoken = self.number(j)
        if (
            spoken
            and self.lang == "en"
            and not self.word(i).isdecimal()
            and not self.word(j).isdecimal()
        ):
            if spoken[0] in range(5, 60, 5):
                return self.meridiem(replace(clock, minute=spoken[0]), spoken[1])
        if self.see(j, "UNIT") or self.word(j) in ("%", "€", "$", "percent"):
            return None
        return clock, j

    def after_hour(self, clock: Clock, j: int, loose: bool) -> tuple[Clock, int] | None:
        for kind, minutes in (("HALFAFTER", 30), ("QUARTERAFTER", 15), ("QUARTERLESS", -15)):
            seen = self.see(j, kind)
            if seen and loose:
                return self.meridiem(self._offset(clock.hour, minutes), seen[2])
        for kind, sign in (("PLUS", 1), ("LESS", -1)):
            seen = self.see(j, kind)
            count = self.number(seen[2]) if seen and loose else None
            spelled = seen and not self.word(seen[2]).isdecimal()
            if count and spelled and count[0] in range(5, 60, 5):
                return self.meridiem(self._offset(clock.hour, sign * count[0]), count[1])
        return None

    def meridiem(self, clock: Clock, j: int) -> tuple[Clock, int]:
        seen = self.see(j, "AM", "PM")
        if seen is None or clock.hour > 12:
            return clock, j
        hour = clock.hour % 12 + (12 if seen[0] == "PM" else 0)
        end = seen[2] + (
            self.word(seen[2]) == "." and "." in self.folded[self.words[j].start :][:4]
        )
        return Clock(hour, clock.minute, True), min(end, len(self.words))


def _period(count: int, unit: str) -> str:
    """`24h`, `7d`: weeks and longer are told in days."""
    if unit in _DAYS_IN:
        return f"{count * _DAYS_IN[unit]}d"
    return f"{count}{_UNITS[unit]}"


def seconds(period: str) -> int:
    """Seconds of `24h`, `-10m`, `7d`. Raises ValueError for anything else."""
    told = re.fullmatch(r"([+-]?\d+)([smhd])", period)
    if told is None:
        raise ValueError(f"{period!r} is no duration")
    return int(told[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[told[2]]
