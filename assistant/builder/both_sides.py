"""The two sides of a condition that go out in the same way: "if there's nothing mail Jo 'none today',
otherwise mail him the list" are two letters, each with its own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from typing import Any

from assistant.builder.evidence import evidence
from assistant.builder.terms import Question
from assistant.builder.turns import Shown, Turn
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold

_OUT = ("save_file", "send_email", "notify")
_TO = {"send_email": "to", "notify": "channel"}
_SAID_IN = {"send_email": "body", "notify": "message"}
_OPENING = re.compile(r"(?:^|[.;,:!?–—-]\s*|\s(?:and|but|und|et|y|e|en)\s)$")

_HIM = re.compile(
    r"(?<!\w)(?P<verb>(?:e-?)?mail|send|write|schick\w*|sende|schreib\w*|stuur|mail\w*|manda\w*|envia\w*)[ -](?:him|her|them|ihm|ihr|ihnen|lui|leur|les?|gli|lhes?|hem|haar|hen)(?!\w)"
)

Reading = Callable[[Question, Sequence[Turn]], Shown]
"""Reads the values of steps in a request."""


def sides(text: str) -> tuple[str, str] | None:
    """The words before an "otherwise" that opens its clause, and those behind it."""
    for cue in cues("branches", text):
        if _OPENING.search(fold(text[: cue.start])):
            here, there = text[: cue.start], text[cue.end :]
            whom = re.findall(r"<mail\d>", here)
            if len(set(whom)) == 1 and "<mail" not in there:
                there = _HIM.sub(
                    rf"\g<verb> {whom[0]}", there, count=1
                )  # "Otherwise mail him the list"
            return here, there
    return None


def twice(text: str) -> tuple[str, ...]:
    """The skills by which both sides of a condition go out."""
    both = sides(text)
    if both is None:
        return ()
    here, there = map(_going_out, both)
    return tuple(skill for skill in _OUT if skill in here and skill in there)


def _going_out(side: str) -> Set[str]:
    """The skills by which one side goes out; what goes to a channel alone is no letter."""
    out = evidence(side).sure & set(_OUT)
    return out - {"send_email"} | {"notify"} if "<chan" in side and "<mail" not in side else out


def with_both_sides(steps: list[str], text: str) -> list[str]:
    """The chain with a step of its own for each side, the other side's behind all others."""
    return [*steps, *(s for s in twice(text) if steps.count(s) == 1)][: len(steps) + 1]


def branches(steps: Sequence[str], text: str) -> dict[str, int]:
    """`first`, `last` and `else` of a condition with an "otherwise"."""
    other = next(iter(cues("branches", text)), None)
    if other is None:
        return {}
    first = evidence(text).first
    going = [(n, first.get(name, 0)) for n, name in enumerate(steps, 1) if name in _OUT]
    if steps.count(steps[-1]) == 2 and steps[-1] in twice(text):
        going[-1] = (len(steps), other.end)
    before = [n for n, at in going if at < other.start]
    after = [n for n, at in going if at > other.start]
    if not before or not after:
        return {}
    return {"first": before[0], "last": before[-1], "else": after[0]}


def give_sides(question: Question, turns: Sequence[Turn], made: Shown, read: Reading) -> None:
    """Gives the two steps that go out in the same way the values of their own side."""
    both = sides(question.text)
    names = [name for name, _ in turns]
    doubled = [skill for skill in twice(question.text) if names.count(skill) == 2]
    if both is None or not doubled:
        return
    skill = doubled[0]
    numbers = [n for n, name in enumerate(names) if name == skill]
    given: list[dict[str, Any]] = []
    for number, words in zip(numbers, both, strict=True):
        told = read(replace(question, text=words), [turns[number]])
        given.append(told.values[0])
        made.used |= told.used
        quotes = [mark for mark in re.findall(r"<quote\d>", words) if mark not in told.used]
        if quotes and (told_in := _SAID_IN.get(skill)):
            given[-1].setdefault(told_in, quotes[0])  # "Avisa a #sala con 'sin novedades'"
            made.used.add(quotes[0])
    to = _TO.get(skill, "")
    if to and to in given[0]:
        given[1].setdefault(to, given[0][to])
    for number, values in zip(numbers, given, strict=True):
        made.values[number] = values
