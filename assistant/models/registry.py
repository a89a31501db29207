"""Every model by its name, made when it is first asked for.

`starter` ships with the product; `local/<name>` is a GGUF file in the models folder, or any
path; every other name is a provider's, answered through litellm. Nothing is loaded or imported
until a question comes.
"""

from __future__ import annotations

import asyncio
import difflib
import os
import weakref
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelUnavailable
from assistant.masking import Masker
from assistant.models.gguf_file import GgufHead, read_head
from assistant.models.local import LocalModel
from assistant.models.machine import available_memory, private_memory, threads_for
from assistant.models.masked import Masked
from assistant.models.protocol import Model
from assistant.models.steady import Budget, Budgeted, OnCall, Recorded, Sleep, Steady
from assistant.models.trust import Trusted, fingerprint
from assistant.models.worker_process import WorkerProcess
from assistant.settings import PROJECT, Settings
from assistant.store.database import Store
from assistant.store.model_calls import ModelCall, ModelCalls
from assistant.store.model_trials import ModelTrials

STARTER = PROJECT / "data" / "models" / "starter.gguf"
LONGEST_CONTEXT = 8192
_SMALLEST_CONTEXT = 1024
Secret = Callable[[str], str]


class ModelRegistry:
    """The `Models` of a process. Close it to end the model process it may have started.

    `secret` gives the value of a secret by name, or an empty text: `anthropic_api_key`. What
    `masker` knows, no model reads.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        *,
        secret: Secret = lambda _: "",
        masker: Callable[[], Masker] = lambda: Masker({}),
        sleep: Sleep = asyncio.sleep,
        starter: Path = STARTER,
        worker: WorkerProcess | None = None,
        memory: Callable[[], int] = available_memory,
    ) -> None:
        self.settings = settings
        self._calls = ModelCalls(store) if store is not None else None
        self.trials = ModelTrials(store) if store is not None else None
        """What trials found models good for; None without a store."""
        self._secret = secret
        self._masker = masker
        self._sleep = sleep
        self._starter = starter
        self._memory = memory
        self._contexts: dict[tuple[Path, int, int], int] = {}
        self.worker = worker or WorkerProcess()
        # However the process ends, nothing of ours is left behind.
        self._end = weakref.finalize(self, self.worker.close)

    def get(self, name: str = "") -> Model:
        """The model of that name, for a person's question. Raises ModelUnavailable."""
        return self._made(name, person=True)

    def bound(
        self,
        *,
        run_id: str = "",
        path: str = "",
        on_call: OnCall | None = None,
        budget: Budget | None = None,
        person: bool = False,
    ) -> BoundModels:
        """The models as one step of a run sees them.

        `on_call` hears each of its calls, the budget limits them, and a person's questions go
        before them. Calls of a run are told by the run itself (the event `ModelCalled`); without
        a `run_id` they are written down here.
        """
        return BoundModels(self, run_id, path, on_call, budget, person)

    def close(self) -> None:
        self._end()

    def names(self) -> list[str]:
        """The models on this machine."""
        found = ["starter"] if self._starter.exists() else []
        folder = self.settings.models_dir
        files = sorted(folder.glob("**/*.gguf")) if folder.is_dir() else []
        return found + [f"local/{file.relative_to(folder).with_suffix('')}" for file in files]

    def path_of(self, name: str) -> Path | None:
        """The file of a local name; None for a provider's. Raises ModelUnavailable when missing."""
        if name == "starter":
            return self._existing(self._starter, name)
        if not name.startswith("local/"):
            return None
        given = name.removeprefix("local/")
        folder = self.settings.models_dir
        for path in (folder / given, folder / f"{given}.gguf", Path(given).expanduser()):
            if path.is_file():
                return path
        return self._existing(folder / f"{given}.gguf", name)

    def make(self, name: str, *, person: bool) -> Model:
        """The bare model, without retries and records."""
        path = self.path_of(name)
        if path is None:
            from assistant.models.cloud import CloudModel

            return CloudModel(name, secret=self._secret, bases=self.settings.model_bases)
        head = read_head(path)
        return LocalModel(
            name, head, self.worker, context=self._context(head, name), person=person,
            threads=self.threads(head),
        )  # fmt: skip

    def threads(self, head: GgufHead) -> int:
        """How many threads compute this model: as the settings say, or as the machine allows."""
        return self.settings.model_threads or threads_for(head.size)

    def record(self, call: ModelCall) -> None:
        if self._calls is not None:
            self._calls.record(call)

    def _made(
        self,
        name: str,
        *,
        person: bool,
        run_id: str = "",
        path: str = "",
        on_call: OnCall | None = None,
        budget: Budget | None = None,
    ) -> Model:
        def heard(call: ModelCall) -> None:
            if not run_id:
                self.record(call)
            if on_call:
                on_call(call)

        def whole(wanted: str) -> Model:
            model = Masked(self.make(wanted, person=person), self._masker)
            return Recorded(model, heard, run_id=run_id, path=path)

        wanted = name or self.settings.model
        fallbacks = [
            (lambda other=other: whole(other))
            for other in self.settings.model_fallbacks
            if other != wanted
        ]
        model: Model = Steady(self._trusted(whole(wanted), wanted), fallbacks, sleep=self._sleep)
        return Budgeted(model, budget) if budget else model

    def _trusted(self, model: Model, name: str) -> Model:
        """The model, not asked for what its trial says it fails at."""
        trials = self.trials
        if trials is None:
            return model
        file = self.fingerprint(name)
        return Trusted(model, lambda ability: trials.failed(name, ability, file))

    def fingerprint(self, name: str) -> str:
        """Which file a local name stands for now; empty for a provider's model."""
        return fingerprint(self.path_of(name))

    def _context(self, head: GgufHead, name: str) -> int:
        """As much context as the model was trained for and the machine has memory for.

        A loaded model keeps what it was given: its own memory is no longer free, and another
        context would mean to load it again.
        """
        most = min(head.trained_context, self.settings.model_context or LONGEST_CONTEXT)
        key = (head.path, head.path.stat().st_mtime_ns, most)
        if key in self._contexts and self.worker.holds(os.fspath(head.path)):
            return self._contexts[key]
        # The model in memory makes room for this one.
        limit = self.settings.model_memory_mb * 2**20 or (
            self._memory() + private_memory(self.worker.pid)
        )
        wanted = most
        while head.memory(wanted) > limit and wanted > _SMALLEST_CONTEXT:
            wanted //= 2
        if head.memory(wanted) > limit:
            raise ModelUnavailable(
                f"{name} needs {head.memory(wanted) / 2**30:.1f} GB of memory and"
                f" {limit / 2**30:.1f} GB are free",
                hint="Choose a smaller model, or close something: `assistant models list` shows sizes.",
            )
        self._contexts[key] = max(wanted, 128)
        return self._contexts[key]

    def _existing(self, path: Path, name: str) -> Path:
        if path.is_file():
            return path
        close = difflib.get_close_matches(name, self.names(), n=1)
        hint = (
            f"Did you mean {close[0]!r}?"
            if close
            else "`assistant models list` shows what there is."
        )
        raise ModelUnavailable(
            f"there is no model {name!r} ({os.fspath(path)} is missing)", hint=hint
        )


class BoundModels:
    """The registry as one run's step sees it: see `ModelRegistry.bound`."""

    def __init__(
        self,
        registry: ModelRegistry,
        run_id: str,
        path: str,
        on_call: OnCall | None,
        budget: Budget | None,
        person: bool,
    ) -> None:
        self._registry = registry
        self._run_id, self._path = run_id, path
        self._on_call, self._budget, self._person = on_call, budget, person

    def get(self, name: str = "") -> Model:
        return self._registry._made(  # pyright: ignore[reportPrivateUsage]
            name, person=self._person, run_id=self._run_id, path=self._path,
            on_call=self._on_call, budget=self._budget,
        )  # fmt: skip
