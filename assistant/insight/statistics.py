"""Statistics that can be said in a sentence: the middle of some numbers, and how far they stray.

The median and the MAD (the median distance from it) are used throughout: half of the numbers lie
within one MAD of the median, and a few wild ones among them move neither.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# A MAD times this is a standard deviation, for numbers that scatter normally.
_SCALE = 1.4826


@dataclass(frozen=True)
class Usual:
    """What some numbers usually are. `spread` is the MAD."""

    median: float
    spread: float
    count: int

    def bound(self, deviations: float, least_share: float) -> float:
        """How far from the median counts as unusual: so many deviations, or a share of it."""
        return max(deviations * _SCALE * self.spread, least_share * abs(self.median))


def usual(numbers: Sequence[float]) -> Usual:
    """The middle of some numbers. Raises ValueError when there are none."""
    if not numbers:
        raise ValueError("there are no numbers")
    middle = statistics.median(numbers)
    return Usual(middle, statistics.median(abs(n - middle) for n in numbers), len(numbers))


def shown(number: float) -> str:
    """A number for a sentence: `1,204`, `41.2`, `0.031`."""
    if number == int(number):
        return f"{int(number):,}"
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2g}"


def duration(seconds: float) -> str:
    """Seconds for a sentence: `8 s`, `4.5 minutes`, `26 hours`, `8 days`."""
    for size, name in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{shown(round(seconds / size, 1))} {name}"
    return f"{shown(round(seconds, 1 if seconds >= 10 else 2))} s"
