"""From a job to a request that the engine runs, and the ticker's way to the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.engine.request import RunRequest
from assistant.job.lifecycle import renamed
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.patches import PatchRepository
from assistant.store.runs import RunRepository, RunRow

if TYPE_CHECKING:
    from assistant.engine.engine import Engine


def request_for(
    jobs: JobRepository,
    record: JobRecord,
    *,
    trigger: Mapping[str, Any],
    version: int = 0,
    inputs: Mapping[str, Any] | None = None,
    **more: Any,
) -> RunRequest:
    """A run of the version in force, or of another one. Raises TargetUnresolved without any."""
    accepted = jobs.version(record.id, version)
    watched = PatchRepository(jobs.store).on_trial(record.id)
    if watched is not None and watched.version <= accepted.number:
        # A run that tries a patch out says so, wherever it is shown.
        trigger = {**trigger, "patch": watched.id}
    # Two clicks, or two terminals, are one wish: who really wants a second run says so.
    by_hand = trigger.get("kind") in ("cli", "panel", "chat") and not more.get("dry")
    more.setdefault("once", by_hand and not more.get("breakpoints"))
    return RunRequest(
        job=record.name,
        yaml=renamed(accepted.yaml, record.name),
        version=accepted.number,
        job_id=record.id,
        inputs=dict(inputs or {}),
        trigger=dict(trigger),
        grants=accepted.grants,
        **more,
    )


def replay_request(
    jobs: JobRepository, row: RunRow, *, from_path: str = "", newest: bool = False
) -> RunRequest:
    """A run's request once more, keeping what succeeded before a step (empty: the one that failed).

    With `newest` the version in force is used in place of the run's own. Raises TargetUnresolved.
    """
    # What a deleted job has left is its run, with the file that it ran.
    kept = row.version and row.job_id and jobs.find(row.job_id) is not None
    version = jobs.version(row.job_id, 0 if newest else row.version) if kept else None
    return RunRequest(
        job=row.job, yaml=version.yaml if version else row.request["yaml"],
        version=version.number if version else row.version, job_id=row.job_id, inputs=row.inputs,
        trigger={"kind": "rerun", "run": row.id}, seed_run=row.id, from_path=from_path or None,
        grants=version.grants if version else (), dry=row.dry,
        dry_reads=row.request.get("dry_reads", "run"),
    )  # fmt: skip


def accepted_files(jobs: JobRepository) -> Callable[[str], tuple[str, int, str]]:
    """How the engine finds a job that another one calls: `name → (yaml, version, job id)`."""

    def find(name: str) -> tuple[str, int, str]:
        record = jobs.get(name)
        version = jobs.version(record.id)
        return renamed(version.yaml, record.name), version.number, record.id

    return find


class TickRunner:
    """Starts what the ticker finds due, and what a trigger has fired."""

    def __init__(self, engine: Engine, jobs: JobRepository, runs: RunRepository) -> None:
        self._engine = engine
        self._jobs = jobs
        self._runs = runs

    async def start(
        self,
        job: JobRecord,
        run_id: str,
        trigger: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        request = request_for(self._jobs, job, trigger=trigger, inputs=inputs, run_id=run_id)
        await self._engine.submit(request, soon=True)

    def active(self, job: JobRecord) -> list[str]:
        return [run.id for run in self._runs.active(job.name)]

    async def cancel(self, run_id: str) -> None:
        await self._engine.cancel(run_id)
