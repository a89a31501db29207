"""From a person's words to the five fields of cron, and a refusal where cron cannot say them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import TriggerInvalid
from assistant.grounding.schedules import When
from assistant.grounding.times import phrases
from assistant.grounding.zones import zone_of, zones
from assistant.schedule import cron
from assistant.schedule.idioms import own_words, written_out
from assistant.schedule.wording import in_words

LONGEST = 300
_SAYS_NOTHING = frozenset(
    ("please", "run", "it", "the", "a", "an", "and", "at", "on", "in", "time")
)


@dataclass(frozen=True)
class Understood:
    """A schedule as it was meant. `assumed` says what the words left open; `timezone` is empty
    when they name none."""

    cron: str
    timezone: str = ""
    assumed: str = ""


def understood(words: str) -> Understood:
    """What a person's words (or five cron fields) say.

    Raises TriggerInvalid when they say no schedule, or one that cron cannot keep; the hint then
    names the nearest that it can.
    """
    text = " ".join(words.split())[:LONGEST]
    if line := own_words(text):
        cron.check(line, "UTC")
        return Understood(line)
    try:
        return _understood(text)
    except TriggerInvalid as refused:
        full = written_out(text)
        if full == text:
            raise
        try:
            return _understood(full)
        except TriggerInvalid:
            raise refused from None


def _understood(text: str) -> Understood:
    if len(text.split()) == 5 and not re.search(r"[a-zA-Z]{4,}", text):
        cron.check(text, "UTC")
        return Understood(text)
    found = [p for p in phrases(text) if p.kind in ("when", "time")]
    when = next((p.when for p in found if p.when is not None), None)
    if when is None:
        raise TriggerInvalid(
            f"{text!r} says no schedule",
            hint="Say it like `every weekday at 7`, or in five fields: `0 7 * * 1-5`.",
        )
    if not when.cron:
        raise TriggerInvalid(f"{text!r} never comes: {when.note}", hint="Name a day that exists.")
    named = list(zones(text))
    left = _left_over(text, [(p.start, p.end) for p in [*found, *named]])
    place = named[0].name if named else zone_of(left)
    left = "" if place and not named else left
    if not when.exact or left:
        why = when.note if not when.exact else f"{left!r} is not understood"
        raise TriggerInvalid(f"cron cannot say {text!r}: {why}", hint=_nearest(when))
    return Understood(when.cron, place, when.assumed)


def _nearest(when: When) -> str:
    return f"The nearest that it can: `{in_words(when.cron)}` ({when.cron})."


def _left_over(text: str, spans: list[tuple[int, int]]) -> str:
    """The words of a text that no phrase has taken and that are not mere filling."""
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", "".join(rest))
    return " ".join(word for word in words if word.lower() not in _SAYS_NOTHING)
