"""Voices: the coaching texts, each with an id, a file under `prompts/voices/`.

A file begins with what the voice is for and the arguments it takes; `{{name}}` in the text is
filled in. Every voice is spoken somewhere: `speak("id", …)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from assistant.errors import InternalError, TargetUnresolved
from assistant.pipeline.suggest import did_you_mean
from assistant.settings import PROJECT

FOLDER = PROJECT / "prompts" / "voices"
PHASE_VOICES = {
    "observe": "observe", "plan": "plan", "execute": "execute", "verify": "verify",
    "condense": "condense",
}  # fmt: skip
"""The voice that opens each phase."""
_GAP = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


@dataclass(frozen=True)
class Voice:
    """A coaching text. `arguments` are the names that its text and its changes may use."""

    id: str
    about: str
    arguments: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Change:
    """What a plan does to a voice."""

    text: str
    mode: str = "append"
    """append, replace or prepend"""

    def of(self, text: str) -> str:
        """The text with this change."""
        match self.mode:
            case "replace":
                return self.text
            case "prepend":
                return f"{self.text}\n{text}"
            case _:
                return f"{text}\n{self.text}"


Changes = Mapping[str, Change]
_NONE: Changes = {}


@dataclass(frozen=True)
class Speaker:
    """Speaks voices as a plan has changed them."""

    changes: Changes = field(default_factory=dict[str, Change])

    def phase(self, phase: str, **values: str) -> str:
        """The voice that opens a phase; empty for a phase that has none of its own."""
        voice = PHASE_VOICES.get(phase)
        return speak(voice, self.changes, **values) if voice else ""


@cache
def catalogue() -> dict[str, Voice]:
    """All voices by id."""
    return {path.stem: _read(path.stem, path.read_text("utf-8")) for path in _files()}


def get(ident: str) -> Voice:
    """Raises TargetUnresolved with the nearest id."""
    known = catalogue()
    if ident not in known:
        raise TargetUnresolved(f"there is no voice {ident[:60]!r}", hint=did_you_mean(ident, known))
    return known[ident]


def speak(ident: str, changes: Changes = _NONE, **values: str) -> str:
    """A voice with its gaps filled, after the changes of a plan.

    Raises InternalError when the code gives other arguments than the voice declares.
    """
    voice = get(ident)
    if values.keys() != set(voice.arguments):
        wrong = sorted(values.keys() ^ set(voice.arguments))
        raise InternalError(f"voice {ident!r} is spoken with missing or unknown {wrong}")
    text = changes[ident].of(voice.text) if ident in changes else voice.text
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def unknown_gaps(ident: str, text: str) -> list[str]:
    """Gaps in the text of a change that the voice has no argument for."""
    return [name for name in _GAP.findall(text) if name not in get(ident).arguments]


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def _read(ident: str, raw: str) -> Voice:
    _, head, text = raw.split("---\n", 2)
    facts = YAML(typ="safe", pure=True).load(head)
    return Voice(ident, facts["about"], tuple(facts["arguments"] or ()), text.strip())
