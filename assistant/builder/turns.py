"""The steps of a request while words give them their values, and the marks that are still free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.builder.amounts import corrected
from assistant.builder.terms import Field, Question
from assistant.grounding.languages import fold

Turn = tuple[str, Sequence[Field]]
"""A step's skill and its fields."""


@dataclass
class Shown:
    """What the words give each step, and the marks that have found their place."""

    values: list[dict[str, Any]]
    used: set[str] = field(default_factory=set[str])

    def left(self, question: Question) -> Question:
        """The question with only the marks that have no place yet."""
        return replace(question, marks=tuple(m for m in question.marks if m not in self.used))


class Turns:
    """The steps with their fields, and what the words have given them so far."""

    def __init__(self, question: Question, turns: Sequence[Turn], made: Shown) -> None:
        self.text, taken_back = corrected(question.text)
        made.used |= taken_back
        self.marks = [mark for mark in question.marks if mark in self.text]
        self.documents = question.documents
        self.turns = turns
        self.made = made
        self.folded = fold(self.text)

    def give(self, number: int, name: str, value: Any, marks: Iterable[str]) -> None:
        self.made.values[number][name] = value
        self.made.used |= set(marks)

    def taking(self, kind: str) -> list[tuple[int, Field]]:
        return [
            (number, item)
            for number, (_, fields) in enumerate(self.turns)
            for item in fields
            if item.kind == kind and item.name not in self.made.values[number]
        ]

    def named(self, skill: str) -> list[int]:
        return [number for number, (name, _) in enumerate(self.turns) if name == skill]

    def holder(self, skills: Iterable[str], name: str) -> tuple[int, str] | None:
        for skill in skills:
            for number in self.named(skill):
                if any(item.name == name for item in self.turns[number][1]):
                    return number, name
        return None
