"""A context with real parts: files in a folder, memory that lasts, models that are small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.clock import FixedClock
from assistant.models.doubles import OneModel, ScriptedModel
from assistant.net.client import open_client
from assistant.settings import Settings
from assistant.skills.context import SkillContext
from assistant.skills.files import FolderArtifacts
from assistant.skills.library import Library
from assistant.skills.memory import PassingMemory

MakeContext = Callable[..., SkillContext]


class Heard:
    """Keeps what a skill says."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.progress: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def tell(self, message: str, *, done: float | None = None, total: float | None = None) -> None:
        self.progress.append(message)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def library(settings: Settings) -> Library:
    return Library.open(settings)


@pytest.fixture
async def make_context(settings: Settings, clock: FixedClock, tmp_path: Path, heard: Heard):
    """Builds contexts of one job; runs of it share a memory. `change` replaces settings."""
    memory = PassingMemory()
    clients: list[httpx.AsyncClient] = []

    def make(
        *,
        run_id: str = "run-1",
        job: str = "digest",
        path: str = "send",
        model: Any = None,
        models: Any = None,
        secrets: Mapping[str, str] | None = None,
        change: dict[str, Any] | None = None,
        dry: bool = False,
    ) -> SkillContext:
        set_to = Settings.model_validate(settings.model_dump() | (change or {}))
        client = open_client(set_to)
        clients.append(client)
        return SkillContext(
            settings=set_to,
            http=client,
            artifacts=FolderArtifacts(tmp_path / "runs" / run_id / "artifacts"),
            memory=memory,
            models=models or OneModel(model or ScriptedModel()),
            secrets=secrets or {},
            clock=clock,
            progress=heard.tell,
            warn=heard.warn,
            outbox=set_to.outbox_dir,
            run_id=run_id,
            job=job,
            path=path,
            idempotency_key=f"{run_id}/{path}",
            dry=dry,
        )

    yield make
    for client in clients:
        await client.aclose()
