"""What is assembled into a job file: tags with their values, containers of steps, the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.builder.drafts import Ask, Assumption
from assistant.builder.wiring import Part


@dataclass(frozen=True)
class Structured:
    """One structure tag with its values, already resolved to what the marks mean."""

    tag: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    wording: str = ""
    """The words around its number, folded."""


@dataclass
class Container:
    """A stretch of steps (first to last, counted from 1) that stands inside one step."""

    kind: str
    id: str
    first: int
    last: int
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    otherwise: int = 0
    collect: str = ""
    items: Any = None
    variable: str = "item"
    wording: str = ""

    def holds(self, number: int) -> bool:
        return self.first <= number <= self.last or number == self.otherwise


@dataclass
class Assembly:
    """What came out: keys of the job file, and what was assumed or is to be asked."""

    data: dict[str, Any] = field(default_factory=dict[str, Any])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])
    asks: list[Ask] = field(default_factory=list[Ask])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    parts: list[Part] = field(default_factory=list[Part])
    extra: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    """Keys such as `retry`, by the number of the step they belong to."""
