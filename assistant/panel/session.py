"""One browser as the server knows it, and what it may begin with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from assistant.chat.events import Notice, TurnEvent
from assistant.panel.screen import ChatMessage

STARTERS = ("newsletter", "news", "database", "help")
"""What a conversation may begin with, by the names of the texts."""


@dataclass
class Session:
    """One browser: its focused job (an id, or empty) and its turn."""

    focus: str = ""
    looked_at: str = ""
    """The place of a held run that was chosen in the Debug tab."""
    turn: asyncio.Task[None] | None = None
    events: list[TurnEvent] = field(default_factory=list[TurnEvent])
    said: str = ""
    """The prompt of the turn that goes on; `last` stays after it."""
    last: str = ""
    aside: list[ChatMessage] = field(default_factory=list[ChatMessage])
    """What was said while no job was in focus: no job keeps it."""
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
