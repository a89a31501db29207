"""Cleaning up after months: runs by count and age, old rows, and the room they leave in the files."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.engine.retention import folder_bytes, in_force
from assistant.errors import AssistantError
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Retention
from assistant.settings import Settings
from assistant.store.compaction import Compacted, compact
from assistant.store.jobs import JobRepository
from assistant.store.keeping import KeepingRepository, Outlived

if TYPE_CHECKING:
    from assistant.engine.engine import Engine

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600.0


@dataclass(frozen=True)
class JobCleaning:
    """What a clean-up takes of one job. `bytes` are those of the folders that go."""

    job: str
    retention: Retention
    going: tuple[Outlived, ...]
    needed: tuple[Outlived, ...]
    bytes: int


class Cleaning:
    """Says what a clean-up would take, and cleans up."""

    def __init__(self, settings: Settings, jobs: JobRepository) -> None:
        self._settings = settings
        self._jobs = jobs
        self._keeping = KeepingRepository(jobs.store)

    def preview(self, job: str = "") -> list[JobCleaning]:
        """What would go now, job by job (or of one job); nothing is deleted."""
        names = [job] if job else self._keeping.jobs()
        found = [self._of(name) for name in names]
        return [one for one in found if one.going or one.needed]

    async def clean(self, engine: Engine, job: str = "") -> list[JobCleaning]:
        """Delete what `preview` names; gives it as it was."""
        before = await asyncio.to_thread(self.preview, job)
        for one in before:
            await engine.prune(one.job, one.retention)
        if not job:
            await asyncio.to_thread(self._keeping.tidy, self._jobs.clock.now())
        return before

    async def compact(self, engine: Engine, *, whole: bool = False) -> list[Compacted]:
        """Give the room of deleted rows back to the disk, in the store and the durable state."""
        store = await asyncio.to_thread(compact, self._jobs.store.path, whole=whole)
        durable = await engine.compact(whole=whole)
        return [store, durable] if durable else [store]

    async def keep(self, engine: Engine) -> None:
        """Clean up once an hour until the task is cancelled: jobs that no longer run age, too."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.clean(engine)
                await self.compact(engine)
            except Exception:  # what was not cleaned up is there in the next hour
                log.exception("a clean-up failed")

    def _of(self, name: str) -> JobCleaning:
        retention = self._retention(name)
        found = list(
            self._keeping.outlived(
                name, runs=retention.runs, days=retention.days, now=self._jobs.clock.now()
            )
        )
        going = tuple(one for one in found if not one.needed)
        return JobCleaning(
            job=name,
            retention=retention,
            going=going,
            needed=tuple(one for one in found if one.needed),
            bytes=sum(folder_bytes(self._settings, name, one.run_id) for one in going),
        )

    def _retention(self, name: str) -> Retention:
        record = self._jobs.find(name)
        own = Retention()
        if record is not None and record.version:
            try:
                own = load(self._jobs.version(record.id).yaml).job.retention
            except AssistantError:
                log.warning("the file of %s cannot be read; the settings say what is kept", name)
        return in_force(own, self._settings.retention)
