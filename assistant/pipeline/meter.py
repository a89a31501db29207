"""What one evaluation may cost: steps of work, and units of what it makes.

Counted, not timed, so that the same expression over the same data ends the same way on
every machine and on every replay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.pipeline.expression_errors import LimitReached

MOST_STEPS = 400_000
MOST_UNITS = 8_000_000
"""A character of text is one unit, a place in a list or dict sixteen."""
PER_PLACE = 16
CHARACTERS_PER_STEP = 32
LONGEST_NUMBER = 256
"""Bits of a whole number."""


LARGEST_RESULT = 16_000_000
"""Units of a whole result written out, where one value may stand in many places."""


class Meter:
    """Counts down while an expression is evaluated; raises LimitReached at zero."""

    __slots__ = ("moment", "steps", "units")

    def __init__(self, moment: datetime | None = None) -> None:
        self.steps = MOST_STEPS
        self.units = MOST_UNITS
        self.moment = moment

    def work(self, steps: int) -> None:
        """Spend steps; one is about the work of one operator."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitReached(
                f"this takes more than {MOST_STEPS:,} steps",
                hint="Shorten the list first, with slice(…) or a limit on the step before.",
            )

    def read(self, text: str) -> None:
        """Spend what it takes to look through a text once."""
        self.work(1 + len(text) // CHARACTERS_PER_STEP)

    def grow(self, units: int) -> None:
        """Spend units on something that is about to be made."""
        self.units -= units
        if self.units < 0:
            raise LimitReached(
                "this makes more than an expression may hold",
                hint="Let a skill do it, and keep large values in artifacts.",
            )

    def made_text(self, length: int) -> None:
        self.grow(length)
        self.work(1 + length // CHARACTERS_PER_STEP)

    def made_places(self, count: int) -> None:
        self.grow(count * PER_PLACE)
        self.work(1 + count)

    def weigh(self, value: Any) -> None:
        """Spend what it takes to write the whole value out, however deep it is."""
        waiting: list[Any] = [value]
        while waiting:
            current = waiting.pop()
            kind: type[Any] = type(current)
            if kind is str:
                self.made_text(len(current) + 2)
            elif kind is dict:
                self.made_places(len(current))
                waiting.extend(current.keys())
                waiting.extend(current.values())
            elif kind is list:
                self.made_places(len(current))
                waiting.extend(current)
            else:
                self.made_text(8)

    def number(self, value: int | float) -> int | float:
        """The number, when it is one that JSON and people can hold."""
        if type(value) is int:
            if value.bit_length() > LONGEST_NUMBER:
                raise LimitReached("this number is too large")
        elif value != value or value in (float("inf"), float("-inf")):
            raise LimitReached("this number is too large, or is none at all")
        return value


def check_result(value: Any) -> None:
    """Refuse a result that is small only as long as it shares its parts.

    A list that holds one text a thousand times costs nothing until it is written down.
    """
    if type(value) is not list and type(value) is not dict:
        return
    left = LARGEST_RESULT
    waiting: list[Any] = [value]
    while waiting:
        current = waiting.pop()
        inner: Any = current.values() if type(current) is dict else current
        left -= PER_PLACE * len(current)
        for part in inner:
            kind = type(part)
            if kind is str:
                left -= len(part)
            elif kind is list or kind is dict:
                waiting.append(part)
        if left < 0:
            raise LimitReached(
                "the result is larger than an expression may give",
                hint="Let a skill do it, and keep large values in artifacts.",
            )
