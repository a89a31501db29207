"""Times of day as people say them: 7am, half past eight, um viertel vor neun, las ocho y media."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.grounding.reading import Reader, Step
from assistant.grounding.schedules import Clock, Facts, in_part
from assistant.grounding.zones import zones

_CAPPED = frozenset({"cap", "capped", "limit", "limited", "max", "maxed", "restrict", "peg"})
_MOVED = frozenset({"move", "shift", "push", "bring", "moved", "shifted", "pushed"})
_NO_CLOCK_AFTER = frozenset(["look", "looking", "aim", "aimed", "stop", "least", "most"])
_COUNTING = frozenset(
    ["best", "top", "first", "last", "newest", "latest", "the", "these", "those", "only", "all"]
)
# Numbers that no hour is called by: "half a dozen" is no half past twelve.
_AMOUNTS = frozenset(
    ["dozen", "hundred", "thousand", "dutzend", "hundert", "douzaine", "dizaine", "cent", "docena", "dozzina", "duzia", "dozijn"]
)  # fmt: skip


# What stands behind a time with a dot in it, which an amount has not: "6.30 every morning".
_BESIDE_CLOCK = ("OCLOCK", "AM", "PM", "PART", "PARTS", "EVERY", "ADV", "DAYS", "DAY", "WEEKDAYS")
# What stands before one: "every Monday 6.30".
_BEFORE_CLOCK = ("AT", "DAY", "DAYS", "WEEKDAYS", "WEEKEND", "ADV")
_OF_MONEY = frozenset(["%", "€", "$", "£", "percent", "euro", "euros", "dollars", "pounds"])
# An article that no hour is told by: "demande à un modèle".
_ARTICLES = frozenset(["un", "une"])
# "Alle 7 ora di Roma": behind several hours this begins a zone of time.
_ONE_HOUR = frozenset(["hora", "ora"])


class ClockReader(Reader):
    """Reads times of day. Each method gives what it read and the next word, or None."""

    def zone_at(self, i: int) -> bool:
        """Whether a zone of time is told from word i on: "9.30 New York time"."""
        starts = {zone.start for zone in zones(self.text)}
        return i < len(self.words) and self.words[i].start in starts

    def part(self, i: int) -> tuple[str, int] | None:
        j = self.skip(i, "FILL", most=2)
        seen = self.see(i, "PART") or self.see(j, "PART")
        return (seen[1], seen[2]) if seen else None

    def _moved_to(self, i: int) -> tuple[str, str, int] | None:
        """The "to" of "move it to nine", which leads to an hour."""
        moved = self.word(i - 2) in _MOVED and self.word(i - 1) in ("it", "this", "that")
        counted = self.word(i + 2).endswith("s")
        return ("AT", "", i + 1) if moved and self.word(i) == "to" and not counted else None

    def _capped(self, i: int) -> bool:
        """Whether a number behind "at" is the most there may be: "cap it at four"."""
        pointed = self.word(i - 1) in ("it", "them", "that", "this", "those", "things")
        return self.word(i - 1 - pointed) in _CAPPED

    def at_times(self, i: int) -> Step | None:
        """at 7 · at 8 and 20 · 7:30am · um halb acht · à 7 heures et quart"""
        at = self._moved_to(i) or self.see(i, "AT", "BY")
        loose = at is not None and at[0] == "AT"
        if loose and (self.word(i - 1) in _NO_CLOCK_AFTER or self._capped(i)):
            return None
        j = at[2] if at else i
        told = self.clock(j, loose=loose)
        if told is None and at is not None:
            told = self.clock(i, loose=False)
        if told is None or self._counts(i, told[1]):
            return None
        clocks, end = [told[0]], told[1]
        while amended := self.amended_clock(end):
            told_first, now = clocks[-1], amended[0]
            if told_first.hour >= 12 and now.hour < 12 and not now.sure:
                now = Clock(now.hour + 12, now.minute, True)  # "at 4pm, no, 4:30"
            clocks, end = [now], amended[1]
        part = self.part(end)
        if part:
            clocks, end = [in_part(clocks[0], part[0])], part[1]
        while more := self._and_clock(end, loose):
            last, next_ = clocks[-1], more[0]
            if not next_.sure and next_.hour < last.hour <= 12 and next_.hour < 12:
                next_ = Clock(next_.hour + 12, next_.minute, True)  # "at midday and at six"
            if last.vague:
                clocks.pop()
            clocks.append(next_)
            end = more[1]
            part = self.part(end)
            if part:
                clocks = [in_part(c, part[0]) for c in clocks]
                end = part[1]
        return Facts(clocks=tuple(clocks)), end

    def amended(self, i: int) -> int | None:
        """Where what was just said is taken back for something else: ", no, make that …"."""
        j, told = i, False
        for _ in range(6):
            if self.word(j) in (",", ".", ";", "-", "–", "—", "…", ":", "("):
                j += 1
            elif seen := self.see(j, "AMEND") or (self.see(j, "SETIT") if told else None):
                j, told = seen[2], True
            else:
                break
        return j if told else None

    def amended_clock(self, i: int) -> tuple[Clock, int] | None:
        """at 7, no, 8 · um 7, nein, halb acht: the time that holds in the end"""
        start = self.amended(i)
        if start is None:
            return None
        start += self.word(start) == "to"  # "Move it to 7, no, to 8:30"
        at = self.see(start, "AT", "BY")
        told = self.clock(at[2] if at else start, loose=True)
        if told is None:
            return None
        bare = told[1] == start + 1 and at is None and not told[0].sure
        ends = self.word(told[1]) in ("", ".", ",", ";", ")", "-", ":")
        known = (
            self.see(told[1], "PART", "PARTS", "EVERY", "FILL", "ADV", "AND", "DAYS") is not None
        )
        return told if not bare or ends or known else None

    def _counts(self, i: int, j: int) -> bool:
        """Portuguese writes "as cinco melhores" (the five best) and "às cinco" (at five)."""
        if self.lang != "pt" or self.text[self.words[i].start : self.words[i].end].lower() != "as":
            return False
        if self.word(j) in ("sobre", "que", "mais") or re.search(r"\bàs\b", self.text, re.I):
            return True
        return self.word(j).isalpha() and len(self.word(j)) > 3 and self.word(j).endswith("s")

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
            loosely = self.word(i).startswith("lunch") or self.word(i - 1) == "before"
            return Clock(12 if noon[0] == "NOON" else 0, 0, True, loosely), noon[2]
        fixed = self.see(i, "SETCLOCK")
        if fixed:
            exact = self.digits_clock(fixed[2] + 1) if self.word(fixed[2]) in (",", "(") else None
            if exact:
                return exact
            return Clock(int(fixed[1]), 0, True, True), fixed[2]
        told = self.words_clock(i) or self.digits_clock(i, loose) or self.hour_clock(i, loose)
        about = self.see(told[1], "ABOUT") if told else None
        return (told[0], about[2]) if told and about else told

    def words_clock(self, i: int) -> tuple[Clock, int] | None:
        """half past eight · halb acht · viertel vor neun · ten to eight"""
        for kind, minutes in (
            ("HALFPAST", 30), ("QUARTERPAST", 15), ("QUARTERTO", -15), ("HALFTO", -30),
            ("THREEQUARTERS", -15),
        ):  # fmt: skip
            seen = self.see(i, kind)
            hour = self.hour_named(seen[2]) if seen else None
            if seen and hour and 0 <= hour[0] <= 24:
                alone = kind == "HALFPAST" and self.word(i) == "half" and seen[2] == i + 1
                if alone and self.see(hour[1], "UNIT"):
                    continue
                return self.meridiem(self._offset(hour[0], minutes), hour[1])
        count = self.number(i)
        if count is None or not 1 <= count[0] <= 29:
            return None
        unit = self.see(count[1], "UNIT")
        k = unit[2] if unit and unit[1] == "minute" else count[1]
        way = self.see(k, "PAST", "BEFORE")
        half = self.see(way[2], "HALFTO", "HALFPAST") if way and self.lang in ("de", "nl") else None
        hour = self.hour_named(half[2] if half else way[2]) if way else None
        if way is None or hour is None or not 1 <= hour[0] <= 24 or count[0] % 5:
            return None
        if self.see(hour[1], "UNIT"):
            return None
        minutes = count[0] if way[0] == "PAST" else -count[0]
        minutes -= 30 * (half is not None)  # "tien voor half zeven"
        return self.meridiem(self._offset(hour[0], minutes), hour[1])

    def hour_named(self, i: int) -> tuple[int, int] | None:
        """The hour behind "ten to": a number, noon or midnight."""
        named = self.see(i, "NOON", "MIDNIGHT")
        if named:
            return (12 if named[0] == "NOON" else 24), named[2]
        told = self.number(i)
        return told if told and self.word(told[1] - 1) not in _AMOUNTS else None

    @staticmethod
    def _offset(hour: int, minutes: int) -> Clock:
        total = (hour * 60 + minutes) % 1440
        return Clock(total // 60, total % 60, spoken=hour <= 12)

    def digits_clock(self, i: int, loose: bool = False) -> tuple[Clock, int] | None:
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
            before = loose or self.see(i - 1, *_BEFORE_CLOCK) is not None
            after = self.see(j, *_BESIDE_CLOCK) is not None or self.zone_at(j)
            before = before and self.word(j) not in _OF_MONEY
            lone = self.word(i - 1) in (",", "-") and self.word(j) in ("", ":", ",", ";", "-")
            if not (before or after or lone) or (self.close(j) and self.word(j) == "."):
                return None
        if self.word(j) == ":" and self.close(j) and self.close(j + 1):
            j += 2
        sure = len(hour) == 2 and (hour[0] == "0" or int(hour) > 12)
        clock, end = self.meridiem(Clock(int(hour), int(minute), sure), j)
        seen = self.see(end, "OCLOCK")
        return clock, seen[2] if seen and self.lang != "en" else end

    def hour_clock(self, i: int, loose: bool) -> tuple[Clock, int] | None:
        """7am · 7 Uhr · sept heures et demie · las ocho y media · seven thirty · 7"""
        if (loose or self._military(i)) and self.word(i).isdecimal() and len(self.word(i)) == 4:
            value = int(self.word(i))
            if value // 100 < 24 and value % 100 < 60 and value % 5 == 0:
                after = self.see(i + 1, "OCLOCK")
                return Clock(value // 100, value % 100, True), after[2] if after else i + 1
        hour = self.number(i)
        if hour is None or not 0 <= hour[0] <= 24:
            return None
        clock, j = Clock(hour[0] % 24, 0, hour[0] > 12), hour[1]
        halved = self.after_hour(clock, j, loose) or self._oh_five(clock, j)
        if halved:
            return halved
        moved, k = self.meridiem(clock, j)
        if k > j:
            return moved, k
        if self.lang == "en" and loose and self.word(j) in ("hours", "hour", "h"):
            minutes = self.number(j + 1)
            if minutes and self.word(j + 1).isdecimal() and minutes[0] < 60:
                return replace(clock, minute=minutes[0], sure=True), minutes[1]
            return clock, j + 1
        if self.word(j) == "hour" and hour[0] > 1 and self.word(i - 1) == "on":
            return clock, j + 1
        oclock = self.see(j, "OCLOCK")
        known = oclock and (loose or self.word(j) in ("o", "oclock", "uhr", "uur", "h"))
        if oclock and known and not (self.lang == "en" and self.word(j) in ("hours", "hrs")):
            j = oclock[2]
            halved = self.after_hour(clock, j, True)
            if halved:
                return halved
            minutes = self.number(j) if self.lang in ("de", "fr", "nl") else None
            if minutes and minutes[0] < 60 and (self.word(j).isdecimal() or self._told_out(j)):
                clock, j = replace(clock, minute=minutes[0]), minutes[1]
            return self.meridiem(clock, j)
        if self.see(j, "ABOUT"):
            return clock, j
        part = self.see(j, "PART")
        if part and part[2] - j > 1 and self.word(i - 1) not in _COUNTING:
            return in_part(clock, part[1]), part[2]  # "make it eight in the evening"
        if not loose:
            return None
        if self.word(j - 1) in _ARTICLES:
            return None
        spoken = self.number(j)
        words = not self.word(i).isdecimal() and not self.word(j).isdecimal()
        if spoken and self.lang == "en" and words and spoken[0] in range(5, 60, 5):
            return self.meridiem(replace(clock, minute=spoken[0]), spoken[1])
        if self.lang in ("fr", "es", "it", "pt") and self._plural(j):
            return None
        counted = self.see(j, "UNIT") and not (self.word(j) in _ONE_HOUR and hour[0] > 1)
        if counted or self.word(j) in _OF_MONEY:
            return None
        return replace(clock, spoken=not self.word(i).isdecimal()), j

    def _oh_five(self, clock: Clock, j: int) -> tuple[Clock, int] | None:
        """six oh five: a minute below ten, as English tells it"""
        told = self.number(j + 1) if self.lang == "en" and self.word(j) in ("oh", "o") else None
        if told is None or not 1 <= told[0] <= 9 or self.close(j + 1):
            return None
        return self.meridiem(replace(clock, minute=told[0]), told[1])

    def _told_out(self, j: int) -> bool:
        """Whether minutes are told in words, and nothing is counted by them: "six heures quarante"."""
        minutes = self.number(j)
        if minutes is None or minutes[0] not in range(5, 60, 5):
            return False
        ends = self.word(minutes[1]) in ("", ",", ".", ";", ":", ")", "(")
        return ends or self.see(minutes[1], "EVERY", "DAYS", "WEEKDAYS", "ADV", "PART") is not None

    def _plural(self, j: int) -> bool:
        """Whether a word, of which the reader of times knows nothing, is a plural: what is counted."""
        word = self.word(j)
        return word.isalpha() and len(word) > 3 and word[-1] in "sx" and not self._known_at(j)

    def _military(self, i: int) -> bool:
        """0730 daily · 1800 every day · 0600 hours: four figures that can be nothing else"""
        if self.word(i).startswith("0") and not self.joined(i + 1):
            return True
        after = self.see(i + 1, "ADV", "EVERY", "DAYS", "WEEKDAYS", "OCLOCK")
        return after is not None and not self.joined(i + 1)

    def after_hour(self, clock: Clock, j: int, loose: bool) -> tuple[Clock, int] | None:
        for kind, minutes in (("HALFAFTER", 30), ("QUARTERAFTER", 15), ("QUARTERLESS", -15)):
            seen = self.see(j, kind)
            if seen and loose:
                return self.meridiem(self._offset(clock.hour, minutes), seen[2])
        for kind, sign in (("PLUS", 1), ("LESS", -1)):
            seen = self.see(j, kind)
            count = self.number(seen[2]) if seen and loose else None
            spelled = seen and (not self.word(seen[2]).isdecimal() or (count and count[0] > 24))
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
