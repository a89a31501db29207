"""Looking at what a trigger watches: a feed, a page, a file, the rows of a query.

A look compares what is there now with what was there at the last look (`state`) and gives the
new state and what has changed. The first look only remembers. Nothing that is found there decides
where a look goes: address, selector, path and query are those of the accepted job file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import httpx

from assistant.clock import Clock
from assistant.errors import ModelUnavailable
from assistant.models.protocol import Model
from assistant.settings import Settings
from assistant.skills import calling
from assistant.skills.context import ArtifactRef, Memory, SkillContext
from assistant.skills.door import Skill
from assistant.skills.outside import outside_context


class Finds(Protocol):
    """Where skills are found by name."""

    def get(self, name: str) -> Skill: ...


@dataclass(frozen=True)
class Found:
    """What a look found. `changes` holds the data of each change; `note` says in a few words
    what was seen; `settling` is true when the thing is changing this very moment."""

    state: dict[str, Any]
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    note: str = ""
    settling: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What looks are made with. `memory` keeps what skills remember between looks."""

    settings: Settings
    library: Finds
    http: httpx.AsyncClient
    secrets: Mapping[str, str]
    memory: Memory
    clock: Clock

    async def call(self, skill: str, arguments: dict[str, Any]) -> Any:
        """A read skill's answer. Raises its AssistantError."""
        return await calling.call(self.library.get(skill), arguments, self._context())

    def _context(self) -> SkillContext:
        made = outside_context(
            self.settings, http=self.http, models=_NoModels(), folder=self.settings.home,
            secrets=self.secrets, memory=self.memory, clock=self.clock,
        )  # fmt: skip
        return replace(made, artifacts=_NoFiles())

    def path(self, text: str) -> Path:
        """A path of a job file; one that is not absolute lies in the home folder of the work."""
        return self.settings.home / Path(text).expanduser()


def digest(value: Any) -> str:
    """The same short text for the same JSON data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class _NoModels:
    """A look asks no model."""

    def get(self, name: str = "") -> Model:
        raise ModelUnavailable("a trigger asks no model", hint="Let a step of the job ask it.")


class _NoFiles:
    """What a skill saves beside its answer is not kept."""

    def save(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        data = content.encode() if isinstance(content, str) else content
        return ArtifactRef(name, media_type, len(data), hashlib.sha256(data).hexdigest())

    add = save

    def read(self, ref: ArtifactRef | str) -> bytes:
        raise FileNotFoundError(str(ref))
