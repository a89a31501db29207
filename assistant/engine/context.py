"""What a skill is given: files of its run, memory of its job, models, secrets, and a voice."""

from __future__ import annotations

import hashlib
import mimetypes
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.clock import Clock
from assistant.engine.journal import Journal, Throttle
from assistant.engine.values import write_whole
from assistant.errors import BadArguments, TargetUnresolved
from assistant.events import ArtifactSaved, StepProgress, StepWarned
from assistant.masking import Masker
from assistant.models.protocol import Models
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.skills.context import ArtifactRef, Memory, SkillContext
from assistant.store.runs import Keyed, RunRepository

LONGEST_NAME = 120
_FORBIDDEN = frozenset('/\\:*?"<>|')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


@dataclass(frozen=True)
class Tools:
    """What every skill of a process shares. `http` belongs to the engine's event loop."""

    settings: Settings
    http: httpx.AsyncClient
    models: Models
    secrets: Mapping[str, str]
    clock: Clock
    repository: RunRepository


@dataclass(frozen=True)
class Place:
    """Where a skill is called: the run, its job, the step, the try."""

    run_id: str
    job: str
    path: str
    attempt: int
    idempotency_key: str
    dry: bool


class RunArtifacts:
    """Files in a run's `artifacts/` folder; names never leave it."""

    def __init__(self, folder: Path, told: Callable[[ArtifactRef], None]) -> None:
        self._folder = folder
        self._told = told

    def save(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        """Write a file whole. Raises BadArguments for a name that is not one plain file name."""
        path = self._folder / plain_name(name)
        data = content.encode() if isinstance(content, str) else bytes(content)
        write_whole(path, data)
        ref = ArtifactRef(
            name=path.name,
            media_type=media_type or _media_type(path.name),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            uri=path.absolute().as_uri(),
        )
        self._told(ref)
        return ref

    def read(self, ref: ArtifactRef | str) -> bytes:
        """Raises BadArguments for a name with a path, TargetUnresolved when there is no file."""
        name = ref if isinstance(ref, str) else ref.name
        try:
            return (self._folder / plain_name(name)).read_bytes()
        except OSError as gone:
            raise TargetUnresolved(f"this run has no file {name!r}") from gone


def plain_name(name: str) -> str:
    """The name, if it is one plain file name that every system takes. Raises BadArguments."""
    text = unicodedata.normalize("NFC", name)
    wrong = (
        not text
        or len(text.encode()) > LONGEST_NAME
        or text.startswith(".")
        or text != text.strip(" .")
        or any(c in _FORBIDDEN or unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in text)
        or text.split(".")[0].lower() in _RESERVED
    )
    if wrong:
        raise BadArguments(
            f"{name[:80]!r} is no name for a file of a run",
            hint="Give a plain file name of at most 120 bytes, such as digest.html.",
        )
    return text


def _media_type(name: str) -> str:
    known = {".md": "text/markdown", ".eml": "message/rfc822", ".jsonl": "application/x-ndjson"}
    return (
        known.get(Path(name).suffix.lower())
        or mimetypes.guess_type(name)[0]
        or "application/octet-stream"
    )


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


def masker_of(secrets: Mapping[str, str]) -> Masker:
    """What hides these secrets wherever text leaves a run."""
    return secrets.masker() if isinstance(secrets, Secrets) else Masker(secrets)


def make_context(
    tools: Tools, place: Place, journal: Journal, memory: Memory, models: Models, masker: Masker
) -> SkillContext:
    """The context of one attempt."""
    voice = Voice(journal, place, tools.clock, masker)
    folder = tools.settings.run_dir(place.job, place.run_id) / "artifacts"
    return SkillContext(
        settings=tools.settings,
        http=tools.http,
        artifacts=RunArtifacts(folder, voice.saved),
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
