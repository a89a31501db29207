"""What an examination finds, as plain data with an optional cure that is safe to carry out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["fine", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `problem`: something does not work, or will not. `warning`: it works, and a person should know.
    `cure` says what to do, `command` is what to type for it. `fix` carries the cure out and gives
    what it did; it is there only where nothing can be lost by it.
    """

    check: str
    level: Level
    message: str
    cure: str = ""
    command: str = ""
    fix: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    def as_data(self) -> dict[str, Any]:
        return {
            "check": self.check, "level": self.level, "message": self.message, "cure": self.cure,
            "command": self.command, "fixable": self.fix is not None,
        }  # fmt: skip
