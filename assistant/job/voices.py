"""Voices: the coaching texts, each with an id, a file under `prompts/voices/`.

A file begins with what the voice is for and the arguments it takes; `{{name}}` in the text is
filled in. Every voice is spoken somewhere: `speak("id", …)`, or by the `Speaker` of a job's phase,
which speaks it as the plan of the job has changed it.
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
ADDED_PHASE = "added-phase"
"""The voice that opens a phase which a plugin has added."""
JOB_ID = "job_id"
"""The gap that every voice of a job may have."""
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
    """Speaks the voices of a job in a phase, as its plan has changed them there."""

    job_id: str
    phase: str
    changes: Changes = field(default_factory=dict[str, Change])

    def opening(self) -> str:
        """The voice that opens the phase."""
        if self.phase in PHASE_VOICES:
            return self.speak(PHASE_VOICES[self.phase])
        return self.speak(ADDED_PHASE, phase=self.phase)

    def speak(self, ident: str, **values: str) -> str:
        """A voice with its gaps filled. Raises InternalError for other arguments than it declares."""
        return _filled(get(ident), self.changes, {JOB_ID: self.job_id, **values})


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


def speak(ident: str, **values: str) -> str:
    """A voice with its gaps filled, where no job's plan has a say.

    Raises InternalError when the code gives other arguments than the voice declares.
    """
    return _filled(get(ident), _NONE, values)


def _filled(voice: Voice, changes: Changes, values: Mapping[str, str]) -> str:
    if wrong := sorted((values.keys() ^ set(voice.arguments)) - {JOB_ID}):
        raise InternalError(f"voice {voice.id!r} is spoken with missing or unknown {wrong}")
    if JOB_ID in voice.arguments and JOB_ID not in values:
        raise InternalError(f"voice {voice.id!r} is spoken without its {JOB_ID}")
    text = changes[voice.id].of(voice.text) if voice.id in changes else voice.text
    return _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def unknown_gaps(ident: str, text: str) -> list[str]:
    """Gaps in the text of a change that the voice has no argument for."""
    return [name for name in _GAP.findall(text) if name not in gaps(ident)]


def gaps(ident: str) -> tuple[str, ...]:
    """What the text of a change may fill in: the job's id, and the voice's own arguments."""
    return tuple(dict.fromkeys((JOB_ID, *get(ident).arguments)))


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def _read(ident: str, raw: str) -> Voice:
    _, head, text = raw.split("---\n", 2)
    facts = YAML(typ="safe", pure=True).load(head)
    return Voice(ident, facts["about"], tuple(facts["arguments"] or ()), text.strip())
