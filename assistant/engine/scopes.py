"""What the workflows of one run share in this process: its snapshot, journal, watch and values."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assistant.engine.context import DryMemory, JobMemory, Tools, masker_of
from assistant.engine.grants import Finds, Grant
from assistant.engine.journal import Journal
from assistant.engine.places import Places
from assistant.engine.request import job_of
from assistant.engine.signals import Signals, Watch
from assistant.engine.values import Values
from assistant.masking import Masker
from assistant.pipeline.scope import static_path
from assistant.pipeline.spec import Budget, Job, Step
from assistant.pipeline.walk import with_paths
from assistant.skills.context import Memory

FindJob = Callable[[str], tuple[str, int, str]]
"""The accepted file of a job: `name → (yaml, version, job id)`. Raises JobNotFound."""


@dataclass
class Gate:
    """A run's place among those that work at once; while it waits for a person it has none."""

    places: Places
    job: str
    priority: int = 0
    held: bool = False
    waiting: int = 0

    async def enter(self) -> None:
        await self.places.enter(self.job, self.priority)
        self.held = True

    def leave(self) -> None:
        if self.held:
            self.held = False
            self.places.leave(self.job)


@dataclass
class RunScope:
    """One run as this process sees it. Branches of the run share it."""

    request: Mapping[str, Any]
    job: Job
    tools: Tools
    library: Finds
    journal: Journal
    watch: Watch
    values: Values
    gate: Gate
    grants: tuple[Grant, ...]
    users: int = 0
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    """Fixed when the run began: `at`, and the effect and version of every skill it names."""

    @property
    def run_id(self) -> str:
        return self.request["run_id"]

    @property
    def dry(self) -> bool:
        return self.request["dry"]

    @property
    def lineage(self) -> list[str]:
        return self.request["lineage"]

    @property
    def budget(self) -> Budget:
        return self.job.budget

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return dict(with_paths(self.job.steps))

    def step_at(self, path: str) -> Step:
        """The step of the file that a path of this run belongs to."""
        return self._steps[static_path(path)]

    @cached_property
    def masker(self) -> Masker:
        return masker_of(self.tools.secrets)

    def masked(self, value: Any) -> Any:
        """Plain data without secrets: what a skill gives or says is kept and shown."""
        return self.masker.mask_data(value) if self.masker.forms else value

    def memory(self) -> Memory:
        inner = JobMemory(self.tools.repository, self.job.name)
        return DryMemory(inner) if self.dry else inner


class RunScopes:
    """Opens a run's scope when its first workflow starts here, and lets it go with the last."""

    def __init__(self, make: Callable[[str], RunScope], signals: Signals) -> None:
        self._make = make
        self._signals = signals
        self._open = dict[str, RunScope]()
        self._left = asyncio.Event()

    def enter(self, run_id: str) -> RunScope:
        scope = self._open.get(run_id)
        if scope is None:
            scope = self._open[run_id] = self._make(run_id)
        scope.users += 1
        return scope

    def leave(self, scope: RunScope) -> None:
        scope.users -= 1
        if scope.users == 0:
            self._open.pop(scope.run_id, None)
            self._signals.forget(scope.watch)
            self._left.set()
            self._left = asyncio.Event()

    async def change(self, timeout: float) -> None:
        """Wait until a run is let go here, or the time is up."""
        try:
            async with asyncio.timeout(timeout):
                await self._left.wait()
        except TimeoutError:
            return

    def open_runs(self) -> list[str]:
        return list(self._open)


def open_scope(
    run_id: str, tools: Tools, library: Finds, signals: Signals, places: Places
) -> RunScope:
    """A run's scope in this process, from what is kept of it."""
    request = tools.repository.get(run_id).request
    return RunScope(
        request=request,
        job=job_of(request["yaml"]),
        tools=tools,
        library=library,
        journal=Journal(run_id, tools.repository, tools.clock),
        watch=signals.watch(request["lineage"]),
        values=tools.values_of(request["job"], run_id),
        gate=Gate(places, request["job"], request.get("priority", 0)),
        grants=tuple(Grant.of(grant) for grant in request["grants"]),
    )
