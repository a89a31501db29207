"""Months in which a job is to run or to rest: "no runs in July and August", "only from September to
May"."""

from __future__ import annotations

import re

from assistant.grounding.languages import fold
from assistant.grounding.schedules import Facts, cron_of
from assistant.grounding.times import PhraseReader

_REST = re.compile(
    r"(?<!\w)(?:no(?: \w+)?|not|never|nothing|none|skip\w*|except|but|without|leave out|leaving out|omit\w*|drop|spare (?:me|us)|kein\w*|nicht|ohne|ausser|pas|sans|sauf|no|sin|salvo|"
    r"non|senza|tranne|nao|sem|exceto|niet|geen|zonder|behalve)(?:,? (?:it|them|this|run\w*|mails?|letters?|issues?|messages?|posts?|come|send\w*|be|go|goes|out|in|during|over|for|all|of|the|whole|months?|im|en|em|au|durante|pendant|wahrend))*\s*$"
)
_KEPT = re.compile(
    r"(?<!\w)(?:only|just|solely|nothing but|nur|seulement|uniquement|solo|solamente|soltanto|so|somente|apenas|alleen)(?:,? (?:it|run\w*|needed|wanted|from|between|in|during|for|the|months?|of|should|come|send|be|im|von|de|en|em|da|van))*\s*$"
)


def months_said(text: str, lang: str) -> tuple[frozenset[int], str]:
    """The months of the year that a change names, and `skip` when they are to be left out, `only`
    when no others are to be kept. Without any: no months and an empty way."""
    reader = PhraseReader(text, lang)
    for place, word in enumerate(reader.words):
        months, end = reader.months(place)
        if not months or (word.text in ("may", "march") and not text[word.start].isupper()):
            continue
        lead = fold(text[: word.start])
        alone = reader.number(end) is None and reader.number(place - 1) is None
        way = "skip" if _REST.search(lead) else "only" if _KEPT.search(lead) else ""
        if way and alone:
            return months, way
    return frozenset(), ""


def in_months(old: str, months: frozenset[int], way: str) -> str:
    """A cron line that runs only in some months, or in all of its own but those; empty when it has
    none left, or when its months are no plain numbers."""
    fields = old.split()
    had = _months(fields[3]) if len(fields) == 5 else frozenset[int]()
    left = months if way == "only" else had - months
    if not had or not left:
        return ""
    told = cron_of(Facts(months=left, rates=frozenset({"day"}), recurring=True)).cron.split()[3]
    return " ".join([*fields[:3], "*" if len(left) == 12 else told, fields[4]])


def _months(field: str) -> frozenset[int]:
    if field == "*":
        return frozenset(range(1, 13))
    found: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            return frozenset()
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)
