"""What a skill is given besides its arguments: the doors to the world, each one guarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from assistant.clock import Clock
from assistant.models.protocol import Models
from assistant.settings import Settings


@dataclass(frozen=True)
class ArtifactRef:
    """A file that a run made: its name inside the run's `artifacts/` folder, size and hash."""

    name: str
    media_type: str
    size: int
    sha256: str
    uri: str = ""


class Artifacts(Protocol):
    """Writes files into the run's folder, atomically; a name never leaves that folder."""

    def save(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        """Write or replace a file.

        Raises BadArguments for a name with a path, control characters or over 120 bytes.
        """
        ...

    def add(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        """Write a file beside those that are there; it is numbered when its name is taken."""
        ...

    def read(self, ref: ArtifactRef | str) -> bytes: ...


class Memory(Protocol):
    """What a job remembers from run to run. `name` parts one use from another."""

    def get(self, name: str, key: str) -> Any: ...

    def put(self, name: str, key: str, value: Any) -> None: ...

    def keys(self, name: str) -> set[str]: ...


class Progress(Protocol):
    def __call__(
        self, message: str, *, done: float | None = None, total: float | None = None
    ) -> None: ...


class Warn(Protocol):
    def __call__(self, message: str) -> None: ...


@dataclass(frozen=True)
class SkillContext:
    """Handed to a skill that asks for it by annotating a parameter with this class.

    `http` is the guarded client: the only way out to the network. `idempotency_key` is the
    same for every try of the same step of the same run. `outbox` is where mail goes until a
    server is set. `dry` is true in a dry run (write skills are then not called at all).
    """

    settings: Settings
    http: httpx.AsyncClient
    artifacts: Artifacts
    memory: Memory
    models: Models
    secrets: Mapping[str, str]
    clock: Clock
    progress: Progress
    warn: Warn
    outbox: Path
    run_id: str = ""
    job: str = ""
    path: str = ""
    idempotency_key: str = ""
    dry: bool = False
