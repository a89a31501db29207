"""What healing works with: the home's parts, a way out to look, and a way to try a call."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistant.clock import Clock
from assistant.engine.values import Values
from assistant.errors import PolicyDenied
from assistant.insight.incidents import IncidentLog
from assistant.job.lifecycle import Lifecycle
from assistant.models.protocol import Models
from assistant.net.client import open_client
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.skills import calling
from assistant.skills.context import SkillContext
from assistant.skills.files import FolderArtifacts
from assistant.skills.library import Library
from assistant.skills.memory import PassingMemory
from assistant.store.jobs import JobRepository
from assistant.store.patches import PatchRepository
from assistant.store.runs import AttemptRow, RunRepository, RunRow

TRIAL_SECONDS = 20.0


@dataclass(frozen=True)
class Desk:
    """Shared by everything in this room. `http` is the guarded client of this event loop."""

    settings: Settings
    jobs: JobRepository
    runs: RunRepository
    patches: PatchRepository
    incidents: IncidentLog
    lifecycle: Lifecycle
    models: Models
    http: httpx.AsyncClient
    clock: Clock
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def library(self) -> Library:
        return self.lifecycle.library

    def whole(self, run: RunRow, stored: Any) -> Any:
        """A stored value, also when it is kept as a file."""
        return Values(self.settings.run_dir(run.job, run.id) / "values").whole(stored)

    def output_of(self, row: AttemptRow) -> Any:
        """What an attempt gave, whole. Raises InternalError when its file is gone."""
        return self.whole(self.runs.get(row.run_id), row.output)

    async def call(
        self, name: str, arguments: dict[str, Any], *, seconds: float = TRIAL_SECONDS
    ) -> Any:
        """Try a call that only reads; nothing of it is remembered or kept.

        Raises PolicyDenied for one that would write, else whatever the skill raises.
        """
        skill = self.library.get(name)
        if skill.effect_of(arguments) == "write":
            raise PolicyDenied(f"{name!r} writes: it is not tried")
        with tempfile.TemporaryDirectory(prefix="assistant-trial-") as folder:
            context = SkillContext(
                settings=self.settings,
                http=self.http,
                artifacts=FolderArtifacts(Path(folder)),
                memory=PassingMemory(),
                models=self.models,
                secrets=self.secrets,
                clock=self.clock,
                progress=_silent,
                warn=_silent,
                outbox=Path(folder),
                dry=True,
            )
            return await calling.call(skill, arguments, context, timeout=seconds)


def open_desk(
    lifecycle: Lifecycle,
    jobs: JobRepository,
    runs: RunRepository,
    patches: PatchRepository,
    models: Models,
    secrets: Secrets,
) -> Desk:
    """The desk of a home; its way out belongs to the running event loop."""
    return Desk(
        settings=jobs.settings,
        jobs=jobs,
        runs=runs,
        patches=patches,
        incidents=IncidentLog(jobs.store),
        lifecycle=lifecycle,
        models=models,
        http=open_client(jobs.settings),
        clock=jobs.clock,
        secrets=secrets,
    )


def _silent(message: str, **_: Any) -> None:
    """Nobody listens to a trial."""
