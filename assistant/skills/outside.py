"""A skill's surroundings when it is called outside any run: from a chat, a command, over MCP."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from assistant.clock import Clock, SystemClock
from assistant.models.protocol import Models
from assistant.settings import Settings
from assistant.skills.context import Memory, SkillContext
from assistant.skills.files import FolderArtifacts
from assistant.skills.memory import PassingMemory

log = logging.getLogger(__name__)


class _Say:
    """Progress and warnings as one line of text each."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def __call__(
        self, message: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        part = f" ({done:g} of {total:g})" if done is not None and total is not None else ""
        self._tell(f"{message}{part}")


def outside_context(
    settings: Settings,
    *,
    http: httpx.AsyncClient,
    models: Models,
    folder: Path,
    secrets: Mapping[str, str] | None = None,
    memory: Memory | None = None,
    clock: Clock | None = None,
    progress: Callable[[str], None] = log.info,
    warn: Callable[[str], None] = log.warning,
    idempotency_key: str = "",
    dry: bool = False,
) -> SkillContext:
    """A context without a run: files go to `folder`, memory is forgotten unless one is given."""
    return SkillContext(
        settings=settings,
        http=http,
        artifacts=FolderArtifacts(folder),
        memory=memory or PassingMemory(),
        models=models,
        secrets=secrets or {},
        clock=clock or SystemClock(),
        progress=_Say(progress),
        warn=_Say(warn),
        outbox=settings.outbox_dir,
        idempotency_key=idempotency_key,
        dry=dry,
    )
