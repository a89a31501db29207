"""Where in a focused job a value stands or belongs: steps by their skill, fields by what a number
counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.builder.tasks import marks_of
from assistant.builder.terms import Field, FocusStep
from assistant.builder.texts_said import following
from assistant.grounding.cues import says
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

_FEW = 6
"""Words of a change that names a value and nothing else."""
_REFUSING = re.compile(
    r"(?<!\w)(?:not?|never|don'?t|without|nicht|kein\w*|ohne|pas|ne|sans|non|senza|sin|nunca|nao|sem|niet|geen|zonder)(?!\w)"
)
_READ = re.compile(r"(?<!\w)(?:read|fetch|pull|collect|scan|look at|lies|lis|lee|leggi)\s*$")
_SOURCES = ("fetch_feed", "scrape_page", "web_search", "query_database")
Place = tuple[int, str]
"""A step's number, counted from 1, and a field of it."""


@dataclass(frozen=True)
class Places:
    """The steps of a focused job, asked by the words of a change."""

    steps: Sequence[FocusStep]
    text: str
    marked: Marked

    def numbers_of(self, *skills: str) -> list[int]:
        """The numbers of the steps of some skills, in the order of the skills."""
        return [
            n for skill in skills for n, step in enumerate(self.steps, 1) if step.skill == skill
        ]

    def field(self, number: int, name: str) -> Field | None:
        return next((f for f in self.steps[number - 1].fields if f.name == name), None)

    def holders(self, mark: str) -> list[Place]:
        """The fields whose value holds a mark."""
        return [
            (n, name)
            for n, step in enumerate(self.steps, 1)
            for name, value in step.values.items()
            if mark in value.split(",")
        ]

    def holds_all(self, marks: Sequence[str]) -> bool:
        """Whether a few words name nothing but numbers and addresses that the job has as they say."""
        numbers, mails = marks_of(marks, ("num",)), marks_of(marks, ("mail",))
        if len(self.text.split()) > _FEW or not marks or len(numbers + mails) != len(marks):
            return False
        if _REFUSING.search(fold(self.text)):
            return False
        places = [(m, self.counted(m, [n for n in numbers if n != m])) for m in numbers]
        told = [
            place is not None
            and self.steps[place[0] - 1].values.get(place[1]) == str(self.marked.values[m].meant)
            for m, place in places
        ]
        return all(told) and all(self.holders(m) for m in mails)

    def place(self, skills: Iterable[str], name: str) -> Place | None:
        for number in self.numbers_of(*skills):
            if self.field(number, name) is not None:
                return number, name
        return None

    def only_number(self) -> Place | None:
        """The field people mean by "make it eight": how many of the best, else the only number."""
        ranked = self.place(("rank_items",), "limit")
        told = self._told_numbers()
        return ranked if ranked in told else told[0] if len(told) == 1 else ranked

    def _told_numbers(self) -> list[Place]:
        return [
            (n, f.name) for n, step in enumerate(self.steps, 1) for f in step.fields
            if f.kind == "number" and f.name in step.values
        ]  # fmt: skip

    def counted(self, mark: str, others: Sequence[str]) -> Place | None:
        """The number field that a number is about: by its unit, by an old value or a unit that the
        words name besides (`others`: the other numbers, the old one among them), else the only one
        there is."""
        folded = fold(self.text)
        at = folded.index(mark)
        after = following(folded[at + len(mark) :])
        # "Make that four" and "cut it to six" say nothing of what is counted.
        before = re.sub(r"\b(?:that|to|it|which|only)\b", " ", " ".join(folded[:at].split()[-2:]))
        clause = re.split(r"[.;,!?]| and | but ", folded[:at])[-1] + folded[at:].split(",")[0]
        items = says("units", "items", after)
        short = says("steps", "summarize_items", clause) and not items
        if says("units", "sentences", after) or short:
            return self.place(("summarize_items",), "sentences")
        if _READ.search(before) and not items and (read := self.place(_SOURCES, "limit")):
            return read
        best = says("units", "best", before) or says("units", "best", after.split(" ")[0])
        if best and not self.numbers_of("rank_items"):
            return self._meant_before(others)
        if best or items:
            return self.place(("rank_items", "web_search", "fetch_feed", "scrape_page"), "limit")
        return self._meant_before(others) or self.only_number()

    def _meant_before(self, others: Sequence[str]) -> Place | None:
        """The field that another number of the request is about: "15 is too many, make it six"."""
        folded = fold(self.text)
        for mark in others:
            after = following(folded[folded.index(mark) + len(mark) :])
            if says("units", "sentences", after):
                return self.place(("summarize_items",), "sentences")
            held = [
                place for place in self._told_numbers()
                if self.steps[place[0] - 1].values[place[1]] == str(self.marked.values[mark].meant)
            ]  # fmt: skip
            if len(held) == 1:
                return held[0]
        return None
