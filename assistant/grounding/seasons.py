"""Months that a schedule keeps to, or rests in, told apart from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.grounding.recurrence import RecurrenceReader
from assistant.grounding.schedules import cron_of

if TYPE_CHECKING:
    from assistant.grounding.times import Phrase


def in_season(reader: RecurrenceReader, found: list[Phrase]) -> list[Phrase]:
    """The phrases, the only schedule among them kept to the months that are told apart from it: "from
    April to September only, Saturdays at 7"."""
    whens = [n for n, p in enumerate(found) if p.kind == "when"]
    whens = whens or [n for n, p in enumerate(found) if p.kind == "time"]
    if len(whens) != 1 or found[whens[0]].facts.months:
        return found
    for number, word in enumerate(reader.words):
        opens = reader.see(number, "FROM") and not reader.see(number - 1, "EXCEPT")
        opens = opens or reader.word(number - 1) in (",", ".", ";", "(", ":", "-", "–")
        told = reader.in_months(number) if opens else None
        if told is None or len(told[0].months) < 2:
            continue
        if all(word.start >= p.end or word.start < p.start for p in found):
            phrase = found[whens[0]]
            facts = replace(phrase.facts, months=told[0].months)
            if phrase.kind == "time":  # "At six, from May to September": each day of these months
                facts = replace(facts, rates=frozenset({"day"}), recurring=True)
            found[whens[0]] = replace(phrase, kind="when", facts=facts, when=cron_of(facts))
            return found
    return found


_NEVER_IN = frozenset(
    {"in", "during", "from", "between", "im", "von", "en", "em", "de", "da", "van", "the"}
)


def out_of_season(reader: RecurrenceReader, found: list[Phrase]) -> list[Phrase]:
    """The phrases, the only schedule among them without the months that it rests in: "on weekdays, but
    not in August"."""
    whens = [n for n, p in enumerate(found) if p.kind == "when"]
    if len(whens) != 1 or found[whens[0]].facts.months:
        return found
    for number in range(len(reader.words)):
        seen = reader.see(number, "EXCEPT")
        first = seen[2] if seen else number + 1 if reader.word(number) in ("not", "never") else 0
        if not first:
            continue
        first += reader.word(first) in _NEVER_IN
        rest = reader.months(first)[0]
        if rest and len(rest) < 12 and reader.word(first - 1) in _NEVER_IN:
            phrase = found[whens[0]]
            facts = replace(phrase.facts, months=frozenset(range(1, 13)) - rest)
            if not (facts.has_days or facts.rates or facts.step):
                return found
            facts = facts if facts.has_days else replace(facts, rates=facts.rates | {"day"})
            found[whens[0]] = replace(phrase, facts=facts, when=cron_of(facts))
            return [p for p in found if p.start != reader.words[first].start]
    return found
