"""Phrases of time that mean something only together: days here and an hour there, an hour and what it
is set off by, all days and the only ones that are meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.grounding.languages import fold
from assistant.grounding.schedules import Clock, Facts, cron_of

if TYPE_CHECKING:
    from assistant.grounding.times import Phrase

# "Every day … only Monday to Friday": of days that contradict each other, these are meant.
_ONLY = re.compile(
    r"(?<!\w)(?:only|just|seulement|uniquement|nur|solo|solamente|soltanto|so|apenas|alleen|enkel|slechts)"
    r"(?: (?:on|am|les?|los|el|il|op|aos?|as|noch|nog))?\s*$"
)
_DAY = 1440
_NOON = 12
# "First at 8:00, last at 17:50": between these hours it comes again and again.
_AT = r"(?: (?:one|time|run|mal|fois|vez|volta|keer))?(?: (?:at|um|om|a|a las?|alle|as|vers|gegen|rond))?\s*$"
_FIRST = re.compile(
    r"(?<!\w)(?:first|start(?:s|ing)?|begin(?:s|ning)?|from|erst(?:e|es|er|mals)|zuerst|beginn\w*|premiere?|prim(?:er[oa]?|[ao])|empez\w*|primeir[oa]|comecando|iniziando|eerste|vanaf|beginnend)"
    + _AT
)
_LAST = re.compile(
    r"(?<!\w)(?:last|end(?:s|ing)?|stop(?:s|ping)?|finish(?:es|ing)?|until|till|up to|letzte[sr]?|zuletzt|derniere?|ultim[oa]|laatste)"
    + _AT
)


def joined(text: str, found: Sequence[Phrase]) -> list[Phrase]:
    """The phrases, those that complete each other ("weekly … on Mondays … at 8") each with what all
    of them mean together."""
    found = _set_off(found)
    whens = [p for p in found if p.kind == "when"]
    if not whens:
        return found
    together = _all_of([p.facts for p in whens]) or _only(text, whens)
    if together is None:
        return found
    found, together = _bounded(text, found, together)
    times = [p for p in found if p.kind == "time"]
    vague = all(clock.vague for clock in together.clocks)
    if times and vague and not together.window:
        clocks = tuple(clock for phrase in times for clock in phrase.facts.clocks)
        together = replace(together, clocks=clocks)
    whole = cron_of(together)
    return [replace(p, facts=together, when=whole) if p.kind == "when" else p for p in found]


def _bounded(text: str, found: list[Phrase], together: Facts) -> tuple[list[Phrase], Facts]:
    """What comes several times a day, kept between the first and the last time that are told; these
    are then no times of their own."""
    often = "hour" in together.rates or (together.step and together.step[1] in ("minute", "hour"))
    if not often or together.window:
        return found, together
    folded = fold(text)
    timed = [p for p in found if p.kind == "time" and p.facts.clocks]
    last = next((p for p in timed if _LAST.search(folded[: p.start])), None)
    first = next((p for p in timed if _FIRST.search(folded[: p.start])), None)
    begins = first.facts.clocks if first else together.clocks
    if last is None or not begins:
        return found, together
    hour = last.facts.clocks[0].hour
    hour += 12 * (not last.facts.clocks[0].sure and hour <= begins[0].hour and hour < _NOON)
    told = [replace(p, kind="date") if p in (first, last) else p for p in found]
    minute = begins[0].minute or None
    return told, replace(together, clocks=(), window=(begins[0].hour, hour), minute=minute)


def _all_of(facts: Sequence[Facts]) -> Facts | None:
    together: Facts | None = Facts()
    for more in facts:
        together = together.plus(more) if together is not None else None
    return together


def _only(text: str, whens: Sequence[Phrase]) -> Facts | None:
    """What is left of days that contradict each other where it is told which are the only ones."""
    folded = fold(text)
    alone = [bool(_ONLY.search(folded[: p.start])) for p in whens]
    if not any(alone):
        return None
    none = frozenset[int]()
    plain = [
        p.facts if only else replace(p.facts, days=none, skipped=none, doms=(), nths=())
        for p, only in zip(whens, alone, strict=True)
    ]
    return _all_of(plain)


# A time that another is set off from -----------------------------------------------------


def _set_off(found: Sequence[Phrase]) -> list[Phrase]:
    """The phrases, the one time among them moved by what is told behind it: "I go on air at five and
    need it a quarter of an hour earlier"."""
    shifts = [n for n, p in enumerate(found) if p.kind == "shift"]
    timed = [n for n, p in enumerate(found) if p.kind in ("when", "time") and p.facts.clocks]
    if len(shifts) != 1 or len(timed) != 1 or timed[0] > shifts[0]:
        return list(found)
    shift, phrase = found[shifts[0]], found[timed[0]]
    minutes = _minutes(shift.value)
    clocks = tuple(_moved(clock, minutes) for clock in phrase.facts.clocks)
    if minutes >= 0 or None in clocks:
        return list(found)
    facts = replace(phrase.facts, clocks=tuple(c for c in clocks if c is not None))
    moved = list(found)
    value = facts.clocks[0].shown() if phrase.kind == "time" else phrase.value
    when = cron_of(facts) if phrase.kind == "when" else None
    moved[timed[0]] = replace(phrase, facts=facts, value=value, when=when)
    moved[shifts[0]] = replace(shift, kind="date")
    return moved


def _minutes(shift: str) -> int:
    """Minutes of `-10m`, `+2h`; 0 for days."""
    return int(shift[:-1]) * {"m": 1, "h": 60}.get(shift[-1], 0)


def _moved(clock: Clock, minutes: int) -> Clock | None:
    """The clock so many minutes on; None where that is another day. An hour that may still be of
    the afternoon is then taken as people speak."""
    at = clock.hour * 60 + clock.minute + minutes
    if not 0 <= at < _DAY:
        return None
    return replace(clock, hour=at // 60, minute=at % 60, spoken=not clock.sure)
