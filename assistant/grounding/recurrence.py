"""What comes again and again: hourly from 9 to 17, morning and evening, on Tuesdays at 8."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.grounding.reading import Step
from assistant.grounding.repeats import RepeatReader
from assistant.grounding.schedules import PART_HOUR, Clock, Facts, in_part

_COUNTED = frozenset(
    {"best", "top", "most", "new", "newest", "latest", "or", "beste", "besten", "neue"}
)
_ENDS = frozenset(["", ",", ".", ";", ")", ":", "-"])
_BETWEEN = frozenset({"between", "zwischen", "entre", "tra", "fra", "tussen"})
_MONTHLY = frozenset({"month", "quarter", "year"})


# "Fridays we rest", "weekends I'm off", "sonntags haben wir zu"
_RESTED = re.compile(
    r",? (?:(?:i|we|they|he|she)(?:'m|'re|'s| am| are| is)? (?:off|closed|shut|away|not (?:there|in|here|working|open)|rest|don't (?:work|open)|doesn't (?:work|open))"
    r"|(?:haben|sind|ist|hat|habe|bin) (?:wir|ich|er|sie|geschlossen|zu|frei)(?: (?:zu|geschlossen|frei|weg|nicht da))?|(?:on|nous) (?:est|sommes) fermes?|(?:cerramos|descansamos|descanso|siamo chiusi|riposo|riposiamo|fechamos|descansamos)|(?:zijn|ben|hebben) (?:we|ik|wij) (?:dicht|vrij|weg|gesloten))"
    r"(?=\s*(?:$|[.,;:!?)]))"
)


class RecurrenceReader(RepeatReader):
    """Reads runs of parts that together say when something recurs."""

    def run(self, i: int) -> Step:
        """As many parts as follow each other from i, taken together."""
        facts, end = Facts(), i
        taken_back = False  # "Wednesdays at nine, no, Thursdays at ten": the hour may go as well.
        parts: tuple[Callable[[int], Step | None], ...] = (
            self.forgotten, self.window, self.both_parts, self.every, self.edge, self.nth_day, self.days_listed, self.rate, self.times_per, self.day_list,
            self.month_day, self.in_months, self.minute_past, self.at_times, self.plural_part,
            self.day_part, self.day_and_part, self.except_days,
        )  # fmt: skip
        j = i
        while True:
            told = self.past_the_hour(j) if "hour" in facts.rates and facts.minute is None else None
            told = told or self.loose_window(j, facts)
            told = told or next(
                (t for part in parts if (t := part(j)) is not None and t[1] > j), None
            )
            told = told or self.loose_hour(j, facts)
            moved = told and (told[0].step or told[0].minute is not None)
            if told and moved and self.see(told[1], "EARLIER", "LATER"):
                told = None  # "Weekends too, half an hour earlier" moves what is there.
            told = self.besides(j, self.left_out(told)) if told else None
            if facts.doms and (date := self.amended_date(j)):
                facts, told = replace(facts, doms=date[0].doms), date
            elif facts.days and (amended := self.amended_day(j)):
                facts, told = replace(facts, days=amended[0]), (Facts(days=amended[0]), amended[1])
                taken_back = True
            elif told and told[0].clocks and taken_back:
                facts, taken_back = replace(facts, clocks=()), False
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
        if self.word(i) == "is" and self.word(i + 1) in ("enough", "plenty"):
            return i + 2
        seen = self.see(i, "FILL", "AND")
        return seen[2] if seen else i

    def loose_window(self, i: int, facts: Facts) -> Step | None:
        """every 15 minutes, 8 to 16h: hours of which only some are meant"""
        often = (
            facts.step is not None and facts.step[1] in ("minute", "hour")
        ) or "hour" in facts.rates
        if not often or facts.window:
            return None
        i += self.word(i) == "so"
        first = self.clock(i, loose=True)
        join = self.see(first[1], "TO") if first else None
        dash = first[1] + 1 if first and self.word(first[1]) in ("-", "–") else 0
        last = self.clock(join[2] if join else dash, loose=True) if join or dash else None
        if first is None or last is None:
            return None
        hour = last[0].hour
        if not last[0].sure and hour <= first[0].hour and hour < 12:
            hour += 12
        return Facts(window=(first[0].hour, hour)), last[1]

    def loose_hour(self, i: int, facts: Facts) -> Step | None:
        """Beside a day: around 6 · nine in the morning · wed 8 (and nothing after it)"""
        if facts.clocks or not (
            facts.days or facts.part or facts.rates or facts.doms or facts.nths
        ):
            return None
        near = self.see(i, "BY")
        told = self.clock(near[2] if near else i, loose=True)
        if told is None or self.number(near[2] if near else i) is None:
            return None
        clock, j = self.amended_clock(told[1]) or told
        part = self.see(j, "PART")
        if part and part[2] - j > 1:
            return Facts(clocks=(in_part(clock, part[1]),)), part[2]
        ends = self.word(j) in ("", ".", ",", ";", ")", "-", ":")
        counted = self.word(j).endswith("s") or self.word(j) in _COUNTED
        if ends or (near is not None and not counted):
            return Facts(clocks=(clock,)), j
        return None

    def plural_part(self, i: int) -> Step | None:
        """mornings at 8 · abends: what is said in the plural comes every day"""
        seen = self.see(i, "PARTS")
        if seen is None:
            return None
        return Facts(part=seen[1], rates=frozenset({"day"}), recurring=True), seen[2]

    def both_parts(self, i: int) -> Step | None:
        """morning and evening · every morning at 7 and every evening at 6 · matin et soir"""
        if self.word(i - 1) in ("this", "tomorrow", "yesterday", "last", "good"):
            return None
        told = self._timed_part(i)
        clocks: list[Clock] = []
        end = i
        while told is not None:
            clocks.append(told[0])
            end = j = told[1]
            while self.word(j) in (",", "&", "+", "/") or self.see(j, "AND"):
                seen = self.see(j, "AND")
                j = seen[2] if seen else j + 1
            told = self._timed_part(j) if j > end else None
        if len(set(clocks)) < 2:
            return None
        return Facts(clocks=tuple(clocks), rates=frozenset({"day"}), recurring=True), end

    def _timed_part(self, i: int) -> tuple[Clock, int] | None:
        j = self.skip(i, "EVERY", "FILL", most=2)
        part = self.see(i, "PART", "PARTS") or self.see(j, "PART", "PARTS")
        if part is None:
            return None
        told = self.at_times(part[2]) if self.see(part[2], "AT") else None
        if told is None or len(told[0].clocks) != 1:
            return Clock(PART_HOUR[part[1]], 0, True), part[2]
        return in_part(told[0].clocks[0], part[1]), told[1]

    def day_of_rate(self, i: int) -> Step | None:
        """monthly on the 28th: the day, when it has been said that months are meant"""
        j = self.skip(i, "FILL", most=2)
        told = self.ordinals(j)
        days = self.days(told[1]) if told else None
        if told and days and len(days[0]) == 1:
            return Facts(nths=tuple((n, min(days[0])) for n in told[0]), recurring=True), days[1]
        named = self.see(j, "DAYNUMBER")
        number = self.figure(named[2]) if named else None
        if number:
            return Facts(doms=(number[0],)), number[1]
        told = self.ordinals(j)
        if told is None or self.see(told[1], "UNIT", "DAY", "MONTH"):
            unit = self.see(told[1], "UNIT") if told else None
            if told is None or unit is None or unit[1] != "day":
                return None
            return Facts(doms=tuple(told[0])), unit[2]
        return Facts(doms=tuple(told[0])), told[1]

    def times_per(self, i: int) -> Step | None:
        """twice a day · three times per week"""
        twice = self.see(i, "TIMES")
        if twice and twice[1]:
            count, j = int(twice[1]), twice[2]
        else:
            told = self.number(i)
            if told and (weekly := self._days_per_week(*told)):
                return weekly
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
        if name == "day" and (listed := self._so_many_clocks(count, end)):
            return listed
        if name == "day":
            return Facts(per_day=count, recurring=True, rates=frozenset({"day"})), end
        if name in ("week", "month") and count > 1:
            if name == "week":
                return Facts(per_week=count, rates=frozenset({"week"}), recurring=True), end
            return Facts(doms={2: (1, 15)}.get(count, (1, 10, 20)), recurring=True), end
        return None

    def _so_many_clocks(self, count: int, i: int) -> Step | None:
        """three times a day: 8, 13 and 18"""
        j = i + (self.word(i) in (":", ",", "(", "-"))
        at = self.see(j, "AT")
        told = self.clock(at[2] if at else j, loose=True)
        clocks: list[Clock] = []
        while told is not None:
            clocks.append(told[0])
            j = k = told[1]
            while self.word(k) in (",", "&", "+", "/") or self.see(k, "AND", "AT"):
                seen = self.see(k, "AND", "AT")
                k = seen[2] if seen else k + 1
            told = self.clock(k, loose=True) if k > j and len(clocks) < count else None
        if len(clocks) != count or count < 2:
            return None
        return Facts(clocks=tuple(clocks), rates=frozenset({"day"}), recurring=True), j

    def past_the_hour(self, i: int) -> Step | None:
        """once an hour, at ten past: the minute, when it has been said that hours are meant"""
        j = self.skip(i, "AT", "FILL", most=2)
        told = self.number(j)
        if told is None or told[0] > 59:
            return None
        unit = self.see(told[1], "UNIT")
        past = self.see(unit[2] if unit and unit[1] == "minute" else told[1], "PAST")
        if past is None or self.number(past[2]) is not None:
            return None
        hour = self.see(self.skip(past[2], "FILL", most=1), "UNIT")
        return Facts(minute=told[0]), hour[2] if hour and hour[1] == "hour" else past[2]

    def _days_per_week(self, count: int, i: int) -> Step | None:
        """five days a week · sieben Tage die Woche"""
        unit = self.see(i, "UNIT")
        per = self.see(unit[2], "PER", "EVERY", "FILL") if unit and unit[1] == "day" else None
        week = self.see(per[2], "UNIT") if per else None
        if week is None or week[1] != "week" or not 2 <= count <= 7:
            return None
        if count >= 5:
            days = frozenset(
                {1, 2, 3, 4, 5, *((6,) if count > 5 else ()), *((0,) if count > 6 else ())}
            )
            return Facts(days=days, recurring=True), week[2]
        return Facts(per_week=count, rates=frozenset({"week"}), recurring=True), week[2]

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
        if (gone := self.left_out((Facts(days=days), j)))[1] > j:
            return gone
        if self.word(j) == "included" and self.word(j + 1) in _ENDS and not recurs:
            return Facts(rates=frozenset({"day"}), recurring=True), j + 1
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
        months, j = self.months(filler[2] if filler else i)
        if filler and self.word(i) in _BETWEEN and len(months) == 2:
            months = self._months_between(filler[2])
        if not filler and len(months) < 2:  # "October to April, every day" needs no "in"
            return None
        if not months or self._year_follows(j):
            return None
        return Facts(months=months), j

    def _months_between(self, i: int) -> frozenset[int]:
        """between October and March: all from the one to the other"""
        first = self.see(i, "MONTH")
        join = self.see(first[2], "AND") if first else None
        last = self.see(join[2], "MONTH") if join else None
        if first is None or last is None:
            return self.months(i)[0]
        begin = int(first[1])
        return frozenset((begin - 1 + n) % 12 + 1 for n in range((int(last[1]) - begin) % 12 + 1))

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
        """daily bar Sunday · every day but weekends · not Sundays · not on Fridays but on Mondays"""
        seen = self.see(i, "EXCEPT")
        start = self.skip(seen[2], "FILL", "EVERY", most=2) if seen else i
        days = self.days(start) if seen else None
        if seen is None or days is None:
            return None
        if rather := self.see(days[1] + (self.word(days[1]) == ","), "RATHER"):
            instead = self.days(self.skip(rather[2], "FILL", "EVERY", most=2))
            if instead and seen[1]:
                return Facts(days=instead[0], recurring=True), instead[1]
        # "Never on weekends" says by itself that all other days are meant.
        alone = seen[1] == "never" and (days[2] or start > seen[2])
        return Facts(skipped=days[0], recurring=alone), days[1]

    def left_out(self, told: Step) -> Step:
        """Sundays excepted · weekends off · dienstags nicht: the days behind which it says so go"""
        if not told[0].days or told[0].clocks:
            return told
        gone = self.see(told[1], "LEFTOUT")
        rested = _RESTED.match(self.folded, self.words[told[1] - 1].end)
        if rested:
            return Facts(skipped=told[0].days, recurring=True), self.word_at(rested.end())
        if gone is None or self.word(gone[2]) not in _ENDS:
            return told
        return Facts(skipped=told[0].days, recurring=True), gone[2]

    def amended_date(self, i: int) -> Step | None:
        """the 3rd, sorry, the 4th: the day of the month that holds in the end"""
        start = self.amended(i)
        told = self.ordinal(self.skip(start, "FILL", most=2)) if start is not None else None
        if told is None or self.see(told[1], "UNIT", "DAY", "MONTH"):
            return None
        month = self.of_month(told[1])
        return Facts(doms=(told[0],)), month[1] if month else told[1]

    def day_part(self, i: int) -> Step | None:
        part = self.part(i)
        return (Facts(part=part[0]), part[1]) if part else None
