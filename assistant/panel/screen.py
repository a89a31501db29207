"""One screen as plain data: what each part of the page shows at a moment.

The page asks once a second. Only parts that differ from what the page has are sent: it keeps
their digests in a hidden field, so the server remembers nothing about tabs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import Any

ChatMessage = dict[str, Any]
"""As Gradio's Chatbot takes it: role, content, and metadata for a collapsible line."""


@dataclass(frozen=True)
class Dock:
    """What waits for the person's word, with the buttons that fit; hidden when nothing waits."""

    html: str = ""
    yaml: str = ""
    kind: str = ""
    """draft, approval or empty"""


@dataclass(frozen=True)
class Actions:
    """Which buttons make sense for the focused job now."""

    run: bool = False
    stop: bool = False
    pause: str = ""
    """The button's word: Pause, Resume, or empty where there is no schedule."""


@dataclass(frozen=True)
class Debug:
    """The Debug tab: where a run is held and what may be changed there, or where it could be."""

    head: str = ""
    html: str = ""
    kind: str = ""
    """before or after (a run is held so), idle (it could be run) or empty"""
    text: str = ""
    """What the person may edit, as JSON; empty where there is nothing to."""
    label: str = ""
    place: str = ""
    """Changes when the run is held elsewhere, so that the field is filled anew."""


@dataclass(frozen=True)
class Screen:
    """Everything a tab shows."""

    messages: list[ChatMessage] = field(default_factory=list[ChatMessage])
    earlier: bool = False
    """Whether more was said before these messages."""
    place: str = ""
    """The place of the address; empty for the chat."""
    under: str = ""
    asked: str = ""
    """The questions of the focused job that wait for an answer."""
    jobs: str = ""
    foot: str = ""
    head: str = ""
    pipeline: str = ""
    output: str = ""
    log: str = ""
    history: str = ""
    debug: Debug = field(default_factory=Debug)
    dock: Dock = field(default_factory=Dock)
    actions: Actions = field(default_factory=Actions)
    busy: bool = False

    @property
    def can(self) -> str:
        """What can be done now, as words: the page hides each button whose word is missing."""
        held = self.debug.kind in ("before", "after")
        words = {
            "earlier": self.earlier,
            "dock": bool(self.dock.kind),
            "draft": self.dock.kind == "draft",
            "run": self.actions.run,
            "cancel": self.actions.stop,
            "pause": bool(self.actions.pause),
            "stop": self.busy,
            "held": held,
            "skip": self.debug.kind == "before",
            "use": held and bool(self.debug.text),
            "dry": self.debug.kind == "idle",
        }
        return " ".join(word for word, true in words.items() if true)

    def digests(self) -> dict[str, str]:
        """A short digest of each part."""
        return {
            name: _digest(getattr(self, name)) for name in (*(f.name for f in fields(self)), "can")
        }


def changed(screen: Screen, seen: str) -> tuple[set[str], str]:
    """The parts that differ from those whose digests `seen` holds, and the new digests.

    A `seen` that is empty or spoilt means that the page has nothing yet.
    """
    try:
        known = json.loads(seen)
    except ValueError:
        known = {}
    if not isinstance(known, dict):
        known = {}
    now = screen.digests()
    return {name for name, digest in now.items() if known.get(name) != digest}, json.dumps(now)


def _digest(value: object) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=6).hexdigest()
