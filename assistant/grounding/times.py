"""Finds phrases of time in a text, in seven languages, and reads them exactly.

`phrases(text)` gives every schedule ("every weekday at 7"), bare time ("at half past eight"),
shift ("ten minutes earlier"), look-back ("the last 24 hours"), duration ("30 seconds") and single
date ("tomorrow at 9") with its place in the text. Schedules become cron; see `schedules`.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from dataclasses import dataclass, field, replace

from assistant.grounding.languages import fold, language
from assistant.grounding.recurrence import RecurrenceReader
from assistant.grounding.retractions import holding
from assistant.grounding.schedules import Facts, When, cron_of, in_part
from assistant.grounding.seasons import in_season, out_of_season
from assistant.grounding.spans import looks_back, set_off
from assistant.grounding.together import joined

_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "mo",
          "year": "y", "quarter": "q"}  # fmt: skip
_DAYS_IN = {"week": 7, "month": 30, "quarter": 91, "year": 365}
_THAN = frozenset({"than", "als", "que", "qu", "qu'", "di", "do", "dan"})
"""Words behind which "a week" is a length of time: "older than a week"."""
_GOING = frozenset({"go", "goes", "going", "look", "looks", "looking", "reach"})
"""Words before "back", behind which "a month" is a length of time."""
_NEEDS_DAY = frozenset({"next", "this", "kommenden", "nachsten", "proximo", "prochain", "volgende"})


@dataclass(frozen=True)
class Phrase:
    """One phrase of time. `value` is a duration text for since, dur and shift ("24h", "-10m")."""

    kind: str
    """when, time, shift, since, dur or date"""
    start: int
    end: int
    text: str
    value: str = ""
    facts: Facts = field(default_factory=Facts)
    when: When | None = None


def phrases(text: str, lang: str = "", *, mending: bool = True) -> list[Phrase]:
    """Every phrase of time, in order, none overlapping another. `mending`: words of time that are
    typed wrong count as what they were meant for. Never raises."""
    reader = PhraseReader(text, lang or language(text), mending=mending)
    found: list[Phrase] = []
    i = 0
    while i < len(reader.words):
        phrase, j = reader.phrase(i)
        if phrase is not None:
            found.append(phrase)
            i = j
        else:
            i += 1
    found = out_of_season(reader, in_season(reader, found))
    found = [_in_its_part(text, p) for p in found if not _MODAL.fullmatch(p.text)]
    return [
        _once(text, p) for p in joined(text, holding(text, _of_the_job(text, _untold(text, found))))
    ]


def schedule(text: str, lang: str = "") -> When | None:
    """The schedule a text states, all its phrases taken together; None when it states none."""
    for phrase in phrases(text, lang):
        if phrase.kind == "when":
            return phrase.when
    return None


# "Whether one may sail" names no month.
_MODAL = re.compile(r"(?:one|you|we|it|they|he|she|who|that|which|this|there) may", re.ASCII)
# "In the evening, say at seven": the part of the day stands before its clock.
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<evening>(?:in the|of an|during the) evenings?|abends|am abend|le soir|la sera|di sera|'s avonds)"
    r"|(?P<afternoon>in the afternoons?|nachmittags|am nachmittag|l'apres-midi|por la tarde|nel pomeriggio|a tarde|'s middags)"
    r"|(?P<night>at night|nachts|por la noche|a noite|'s nachts))"
    r"(?:[\s,–-]|(?:say|sort of|maybe|perhaps|preferably|ideally|just|sagen wir|vielleicht|disons|digamos|diciamo|zeg)\b)*$"
)


def _in_its_part(text: str, phrase: Phrase) -> Phrase:
    if phrase.kind != "time" or not phrase.facts.clocks:
        return phrase
    before = _PART_BEFORE.search(fold(text[: phrase.start]))
    if before is None or before.lastgroup is None:
        return phrase
    clocks = tuple(in_part(clock, before.lastgroup) for clock in phrase.facts.clocks)
    return replace(phrase, facts=replace(phrase.facts, clocks=clocks))


# A day inside what is to be told: "say the boxes leave on Thursday".
_TOLD = re.compile(
    r"(?<!\w)(?:say|saying|says|mention|mentioning|write|writing|that)(?: that)?(?: [\w'-]+){1,8} $"
)
# "Retires Friday", "wants the hall on 3 May": what somebody else does or wishes, told of them.
_OF_SOMEBODY = re.compile(
    r"(?<![\w'])(?:retires?|retiring|turns|turning|marr(?:ies|ying)|leaves|leaving|arrives?|arriving|moves|moving|graduates?|starts school|(?:is|'s) (?:getting married|due|expected|back|away)|wants?|needs|booked|would like|asked for|asks for|has booked|reserved)"
    r"(?: (?!(?:me|us|it|them|this|that|you|mailed|sent|every)\b)[\w'-]+){0,3} $"
)
_REMIND = re.compile(r"(?:please |pls |can you |could you )?remind (?:me|us)(?!\w)")


# "How much since the first of September": a date that something is counted from is no time to run.
_COUNTED_FROM = re.compile(
    r"(?<!\w)(?:since|seit|depuis|desde(?: hace)?|dal?|sinds|ha|a partir de)(?: (?:the|dem|der|den|le|el|il|o|a|de|l'))?\s*$"
)
# "Because Friday is when I print": why it is so, and not when.
_WHY = re.compile(
    r"(?<!\w)(?:because|weil|parce que|porque|perche|poiche|omdat)(?: (?!(?:and|so|but)\b)[\w'’-]+){0,4}\s*(?:on )?$"
)


# "How many beds are free on 24 December": a date that is asked about is no time to run.
_ASKED = re.compile(
    r"(?:^|[.;:!?,] |(?<!\w)(?:know|me|us|ask|asks|asking|see|out|wonder|wondering|curious|please|and|database) )"
    r"(?:how (?:many|much|long|often|old|big|full|high|warm|cold)|which|who|whose|what|where|did|does|do (?!it|this|that)|is|are|was|were|has|have|had|will|were|count|list|"
    r"(?:the )?(?:number|count|total|sum|average|share) of|any(?:thing|body|one)?|search|google|look up|"
    r"wie ?viele?|welche[rsnm]?|wer|combien|quel\w*|qui|cuant[oa]s?|cual(?:es)?|quien(?:es)?|quant[iea]|qual[ie]|chi|quantos|quantas|quais|quem|hoeveel|welke|wie)(?!\w)[^.;!?]*$"
)
# "Any vets open Sunday": what is asked of a day, and nothing is to be sent.
_ASKED_OF_DAY = re.compile(
    r"(?:please |pls |hi,? |hey,? )?(?:any(?:thing|body|one)?|which|who|where|what(?:'?s| is| are)?|is|are|does|do you know|can i)(?!\w)[^.;!?]*$"
)
_SENT = re.compile(
    r"[@#]|(?<!\w)(?:send|mail|e-?mail|post|save|notify|tell|remind|fetch|run)(?!\w)"
)
_AGAIN = re.compile(
    r"(?<!\w)(?:every|each|any|yearly|annual\w*|always|jede\w*|chaque|tous|toutes|cada|todos|todas|ogni|tutti|tutte|elke?|iedere?)(?!\w)|days(?!\w)"
)


def _asked(folded: str, phrase: Phrase) -> bool:
    """Whether a date of the year without a time of day stands in what is asked."""
    facts = phrase.facts
    if _one_day(phrase) and not facts.clocks and not _SENT.search(folded):
        return _ASKED_OF_DAY.match(folded[: phrase.start]) is not None
    plain = bool(facts.months) and not (facts.clocks or facts.rates or facts.step or facts.per_day)
    return (
        plain
        and not _AGAIN.search(fold(phrase.text))
        and _ASKED.search(folded[: phrase.start]) is not None
    )


def _of_the_job(text: str, found: list[Phrase]) -> list[Phrase]:
    """The phrases without those that count something from a date, are asked about or only give a
    reason."""
    folded = fold(text)
    return [
        p for p in found
        if p.kind != "when" or not (
            (_COUNTED_FROM.search(folded[: p.start]) and not p.facts.clocks)
            or _WHY.search(folded[: p.start])
            or _asked(folded, p)
        )
    ]  # fmt: skip


def _one_day(phrase: Phrase) -> bool:
    """Whether nothing but one day of the week is said, in the singular: "on Thursday"."""
    facts = phrase.facts
    single = phrase.kind == "when" and len(facts.days) == 1 and not facts.rates and not facts.step
    return single and re.fullmatch(r"(?:on )?[a-z]{3,6}day", fold(phrase.text)) is not None


def _untold(text: str, found: list[Phrase]) -> list[Phrase]:
    """The phrases without a bare day that is part of what is to be told."""
    folded = fold(text)
    return [p for p in found if not _told_of(folded, p)]


def _told_of(folded: str, phrase: Phrase) -> bool:
    """Whether a bare day is part of what is to be told, or of what is told of somebody."""
    facts, before = phrase.facts, folded[: phrase.start]
    dated = bool(facts.months and facts.doms) and not _AGAIN.search(fold(phrase.text))
    once = phrase.kind == "when" and not facts.clocks and (_one_day(phrase) or dated)
    if _one_day(phrase) and _TOLD.search(before):
        return True
    others = _OF_SOMEBODY.search(before)
    return (
        once
        and others is not None
        and re.search(r"(?<!\w)(?:i|we) $", before[: others.start()]) is None
    )


def _once(text: str, phrase: Phrase) -> Phrase:
    """A reminder "on Sunday" is meant once, which no schedule can keep: the nearest, and why."""
    single = len(phrase.facts.days) == 1 and re.search(r"day(?!s)", fold(phrase.text)) is not None
    recurs = re.search(r"(?<!\w)(?:every|each|all|weekly|evry|evrey)(?!\w)", fold(text))
    if phrase.when is None or recurs or not single or not _REMIND.match(fold(text)):
        return phrase
    note = "none comes only once; this comes every week"
    return replace(phrase, when=replace(phrase.when, exact=False, note=note))


class PhraseReader(RecurrenceReader):
    """Reads phrases by descending through the words; nothing is consumed that is not understood."""

    def phrase(self, i: int) -> tuple[Phrase | None, int]:
        for read in (self.shift, self.since, self.recurrence, self.oneoff, self.span, self.bare):
            found = read(i)
            if found is not None:
                return found if not self._hyphened(i, found[1]) else (None, i)
        return None, i

    def _hyphened(self, i: int, j: int) -> bool:
        """Whether the words are a part of a longer one: `monday-letter`, `pre-march`."""
        ahead = self.word(j) == "-" and self.close(j) and self.close(j + 1)
        behind = self.word(i - 1) == "-" and self.close(i) and self.close(i - 1)
        return (ahead and self.word(j + 1).isalpha()) or behind

    def made(
        self, kind: str, i: int, j: int, value: str = "", facts: Facts | None = None
    ) -> tuple[Phrase, int]:
        start, end = self.words[i].start, self.words[j - 1].end
        facts = facts or Facts()
        when = cron_of(facts) if kind == "when" else None
        return Phrase(kind, start, end, self.text[start:end], value, facts, when), j

    def shift(self, i: int) -> tuple[Phrase, int] | None:
        told = self.amount(i)
        if told is None:
            return None
        count, unit, j = told
        way = self.see(j, "EARLIER", "LATER")
        near = unit == "minute" or (unit == "hour" and count < 12)
        if way is None and near and (end := self._set_off(j)):
            return self.made("shift", i, end, f"-{count}{_UNITS[unit]}")
        if way is None or unit not in ("minute", "hour", "day"):
            return None
        sign = "-" if way[0] == "EARLIER" else "+"
        return self.made("shift", i, way[2], f"{sign}{count}{_UNITS[unit]}")

    def _set_off(self, j: int) -> int:
        """The word behind "before that", which sets a time off from another; 0 for none."""
        end = set_off(self.folded, self.words[j - 1].end)
        return self.word_at(end) if end else 0

    def since(self, i: int) -> tuple[Phrase, int] | None:
        span = self.see(i, "ONESPAN")
        if span and not self.see(span[2], "AT"):
            return self.made("since", i, span[2], span[1])
        day = self.since_day(i) or self.back(i)
        if day is not None:
            return day
        ago, counted = self.see(i, "AGO"), self.number(i)
        if ago is None and counted and self.lang != "en" and (ago := self.see(counted[1], "AGO")):
            unit = self.see(ago[2], "UNIT")  # "ces trois derniers jours"
            return self.made("since", i, unit[2], _period(counted[0], unit[1])) if unit else None
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

    def back(self, i: int) -> tuple[Phrase, int] | None:
        """the seven days before · more than a week old · de hace más de un mes"""
        i += 2 * (self.word(i) in ("d", "qu") and self.word(i + 1) == "'")
        told = self.amount(i)
        if told is None:
            return None
        count, unit, j = told
        if unit in _DAYS_IN and _COUNTED_FROM.search(self.folded[: self.words[i].start]):
            return self.made("since", i, j, _period(count, unit))
        start, end = self.words[i].start, self.words[j - 1].end
        back = looks_back(self.folded, start, end, count, unit)
        return self.made("since", i, j, _period(count, unit)) if back else None

    def since_day(self, i: int) -> tuple[Phrase, int] | None:
        """The day that something is counted from, without its year: "since 3 November", "since last
        Tuesday". It is the last such day, whenever that is."""
        if not _COUNTED_FROM.search(self.folded[: self.words[i].start]):
            return None
        day = self.day(i + (self.word(i) in ("last", "past", "letzten", "letztem")))
        if day is not None and len(day[0]) == 1 and not day[2]:
            return self.made("since", i, day[1], day_name[(min(day[0]) - 1) % 7])
        date = self.calendar(i)
        facts, j = date or (Facts(), i)
        if len(facts.months) != 1 or len(facts.doms) != 1 or facts.doms[0] < 1:
            return None
        year = self.number(j + (self.word(j) == ","))
        if year and 1990 <= year[0] <= 2200:
            return None
        return self.made("since", i, j, f"{facts.doms[0]} {month_name[min(facts.months)]}")

    def span(self, i: int) -> tuple[Phrase, int] | None:
        told = self.amount(i)
        if told is None:
            return None
        count, unit, j = told
        if (
            self.word(i).isalpha()
            and self.see(i, "ANIN")
            and unit not in ("minute", "hour", "second")
            and self.word(i - 1) not in _THAN
            and not (self.word(i - 1) == "back" and self.word(i - 2) in _GOING)
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
            facts, j = date
            year = self.number(j + (self.word(j) == ","))
            if year and 1990 <= year[0] <= 2200:
                return self.made("date", i, year[1], _iso(facts, year[0]))
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
        clocks = facts.clocks
        if facts.part:
            clocks = tuple(in_part(clock, facts.part) for clock in clocks)
        first = clocks[0].shown()
        if len(clocks) > 1:  # "At 8 and at 20" comes each day, if nothing else is said.
            daily = Facts(clocks=clocks, rates=frozenset({"day"}), recurring=True)
            return self.made("when", i, j, facts=daily)
        return self.made("time", i, j, first, replace(facts, clocks=clocks, part=""))

    def recurrence(self, i: int) -> tuple[Phrase, int] | None:
        """A run of parts that together recur. Words that only fill are trimmed at both ends."""
        facts, j = self.run(i)
        if j > i and facts.clocks and len(facts.months) > 1:
            # "At six from May to September" comes each day of these months.
            facts = replace(facts, rates=facts.rates | {"day"}, recurring=True)
        if j == i or not facts.recurring:
            return None
        return self.made("when", i, j, facts=facts)


def _iso(facts: Facts, year: int) -> str:
    """`2026-10-20` for the one day that is named; nothing for several or the last of a month."""
    days, months = facts.doms, sorted(facts.months)
    one = len(days) == len(months) == 1 and days[0] > 0
    return f"{year:04}-{months[0]:02}-{days[0]:02}" if one else ""


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
