"""One browser as the server knows it, and what it may begin with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from assistant.chat.events import Notice, TurnEvent

STARTERS = (
    "Every weekday at 7 make me a newsletter of the five best stories about batteries from {feed} and mail it to jo@example.org",
    "What is new in {feed} ?",
    "How many orders are late in the shop database?",
    "What can you do?",
)


@dataclass
class Session:
    """One browser: its focused job (an id, or empty) and its turn."""

    focus: str = ""
    looked_at: str = ""
    """The place of a held run that was chosen in the Debug tab."""
    turn: asyncio.Task[None] | None = None
    events: list[TurnEvent] = field(default_factory=list[TurnEvent])
    said: str = ""
    notice: Notice | None = None
    earlier: int = 0
    """How many more messages are shown than the latest ones."""
    model: str = ""
    """The model that this browser has chosen; empty: the one of the settings."""
    folded: set[str] = field(default_factory=set[str])
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def busy(self) -> bool:
        return self.turn is not None and not self.turn.done()
