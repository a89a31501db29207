"""What a skill is given: files of its run, memory of its job, models, secrets, and a voice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.clock import Clock
from assistant.engine.journal import Journal, Throttle
from assistant.engine.values import Values
from assistant.events import ArtifactSaved, StepProgress, StepWarned
from assistant.masking import Masker
from assistant.models.protocol import Models
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.skills.context import ArtifactRef, Memory, SkillContext
from assistant.skills.door import Skill
from assistant.skills.files import FolderArtifacts, safe_name
from assistant.store.far_files import FarFiles
from assistant.store.runs import Keyed, RunRepository

CallGuard = Callable[[Mapping[str, Any], Skill, str, Mapping[str, Any]], Awaitable[None]]
"""Asked before each call: the run's request, the skill, its effect, the arguments. It raises
PolicyDenied when the call may not be made."""


async def unguarded(
    request: Mapping[str, Any], skill: Skill, effect: str, arguments: Mapping[str, Any]
) -> None:
    """The guard that allows everything."""


@dataclass(frozen=True)
class Tools:
    """What every skill of a process shares. `http` belongs to the engine's event loop."""

    settings: Settings
    http: httpx.AsyncClient
    models: Models
    secrets: Mapping[str, str]
    clock: Clock
    repository: RunRepository
    guard: CallGuard = unguarded
    files: FarFiles | None = None
    """Where files of runs lie for every machine; None when all work in one home folder."""

    def values_of(self, job: str, run_id: str) -> Values:
        """The large values of a run."""
        far = (self.files, f"{job}/{run_id}") if self.files else None
        return Values(self.settings.run_dir(job, run_id) / "values", far)


@dataclass(frozen=True)
class Place:
    """Where a skill is called: the run, its job, the step, the try."""

    run_id: str
    job: str
    path: str
    attempt: int
    idempotency_key: str
    dry: bool


class JobMemory:
    """What a job remembers from run to run."""

    def __init__(self, repository: RunRepository, job: str) -> None:
        self._repository = repository
        self._job = job

    def get(self, name: str, key: str) -> Any:
        return self._repository.remembered(self._job, name, key)

    def put(self, name: str, key: str, value: Any) -> None:
        self._repository.remember(self._job, name, key, value)

    def keys(self, name: str) -> set[str]:
        return self._repository.memory_keys(self._job, name)


class DryMemory:
    """Reads a job's memory; what is put is seen by this run and gone after it."""

    def __init__(self, inner: Memory) -> None:
        self._inner = inner
        self._put = dict[tuple[str, str], Any]()

    def get(self, name: str, key: str) -> Any:
        return self._put[name, key] if (name, key) in self._put else self._inner.get(name, key)

    def put(self, name: str, key: str, value: Any) -> None:
        self._put[name, key] = value

    def keys(self, name: str) -> set[str]:
        return self._inner.keys(name) | {key for kept, key in self._put if kept == name}


class Voice:
    """A running skill's progress and warnings, told as events; it may speak from any thread."""

    def __init__(self, journal: Journal, place: Place, clock: Clock, masker: Masker) -> None:
        self._journal = journal
        self._masker = masker
        self._place = place
        self._throttle = Throttle(clock)
        self._warnings = 0

    def progress(
        self, message: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        if self._throttle.open():
            self._tell(
                f"progress {self._throttle.count}",
                StepProgress(
                    **self._journal.stamp(), path=self._place.path, message=self._plain(message, 500),
                    done=done, total=total,
                ),
            )  # fmt: skip

    def warn(self, message: str) -> None:
        self._warnings += 1
        self._tell(
            f"warning {self._warnings}",
            StepWarned(
                **self._journal.stamp(), path=self._place.path, message=self._plain(message, 2000)
            ),
        )

    def saved(self, ref: ArtifactRef) -> None:
        self._tell(
            f"artifact {ref.name} {ref.sha256}",
            ArtifactSaved(
                **self._journal.stamp(), path=self._place.path, name=ref.name,
                media_type=ref.media_type, size=ref.size, sha256=ref.sha256,
            ),
        )  # fmt: skip

    def _plain(self, message: object, longest: int) -> str:
        return self._masker.mask(str(message))[:longest]

    def _tell(self, what: str, event: StepProgress | StepWarned | ArtifactSaved) -> None:
        place = self._place
        self._journal.tell(Keyed(f"{place.path}#{place.attempt} {what}", event))


class FarArtifacts(FolderArtifacts):
    """Artifacts that also lie where every machine finds them; told of when they are there."""

    def __init__(
        self, folder: Path, files: FarFiles, place: str, *, on_saved: Callable[[ArtifactRef], None]
    ) -> None:
        def sent(ref: ArtifactRef) -> None:
            files.send(folder / ref.name, f"{place}/{ref.name}")
            on_saved(ref)

        super().__init__(folder, on_saved=sent)
        self._files = files
        self._place = place

    def _takes(self, path: Path, part: Path, data: bytes) -> bool:
        # Another machine may have written a file of this name.
        if not path.exists():
            self._files.fetch(f"{self._place}/{path.name}", path)
        return super()._takes(path, part, data)

    def read(self, ref: ArtifactRef | str) -> bytes:
        name = safe_name(ref if isinstance(ref, str) else ref.name)
        if not (self.folder / name).exists():
            self._files.fetch(f"{self._place}/{name}", self.folder / name)
        return super().read(name)


def masker_of(secrets: Mapping[str, str]) -> Masker:
    """What hides these secrets wherever text leaves a run."""
    return secrets.masker() if isinstance(secrets, Secrets) else Masker(secrets)


def make_context(
    tools: Tools, place: Place, journal: Journal, memory: Memory, models: Models, masker: Masker
) -> SkillContext:
    """The context of one attempt."""
    voice = Voice(journal, place, tools.clock, masker)
    folder = tools.settings.run_dir(place.job, place.run_id) / "artifacts"
    artifacts = FolderArtifacts(folder, on_saved=voice.saved)
    if tools.files is not None:
        place_there = f"{place.job}/{place.run_id}/artifacts"
        artifacts = FarArtifacts(folder, tools.files, place_there, on_saved=voice.saved)
    return SkillContext(
        settings=tools.settings,
        http=tools.http,
        artifacts=artifacts,
        memory=memory,
        models=models,
        secrets=tools.secrets,
        clock=tools.clock,
        progress=voice.progress,
        warn=voice.warn,
        outbox=tools.settings.outbox_dir,
        run_id=place.run_id,
        job=place.job,
        path=place.path,
        idempotency_key=place.idempotency_key,
        dry=place.dry,
    )
