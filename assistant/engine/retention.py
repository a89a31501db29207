"""How long runs are kept: what a job's retention lets go is deleted, with all that belongs to it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from pathlib import Path

from assistant.engine.durable import Durable
from assistant.pipeline.spec import Retention
from assistant.settings import Keeping, Settings
from assistant.store.keeping import KeepingRepository, Outlived
from assistant.store.runs import RunRepository

Forget = Callable[[Collection[tuple[str, str]]], None]
AT_ONCE = 100
"""So many runs are deleted in one go; what is left goes in the next round."""


def in_force(own: Retention, default: Keeping) -> Retention:
    """What a job keeps: what its file says, and what the settings say when it says nothing."""
    return own if own != Retention() else Retention(runs=default.runs, days=default.days)


async def delete_runs(
    doomed: Sequence[Outlived],
    *,
    repository: RunRepository,
    durable: Durable,
    settings: Settings,
    elsewhere: Forget | None = None,
) -> int:
    """Delete runs that nobody needs, with the runs they called: folder, rows and durable state.

    `elsewhere` deletes what other places hold of some runs, `(job, run id)`. The folder goes first: what is cut off in between is found and finished the next time. What is
    needed by somebody is left; gives the number of runs that went.
    """
    going = [one for one in doomed if not one.needed]
    ids = [run_id for one in going for run_id in one.family]

    def delete_folders() -> None:
        found = [
            (row.job, row.id) for run_id in ids if (row := repository.find(run_id)) is not None
        ]
        for job, run_id in found:
            shutil.rmtree(settings.run_dir(job, run_id), ignore_errors=True)
        if elsewhere is not None:
            elsewhere(found)

    if going:
        await asyncio.to_thread(delete_folders)
        await durable.forget([one.run_id for one in going])
        await asyncio.to_thread(repository.delete, ids)
    return len(going)


async def prune(
    job: str,
    retention: Retention,
    *,
    keeping: KeepingRepository,
    repository: RunRepository,
    durable: Durable,
    settings: Settings,
    elsewhere: Forget | None = None,
) -> int:
    """Delete what a job need not keep, the oldest first; gives the number of runs that went."""
    gone = 0
    found = keeping.outlived(
        job, runs=retention.runs, days=retention.days, now=keeping.store.clock.now()
    )
    free = (one for one in found if not one.needed)
    while batch := await asyncio.to_thread(lambda: list(islice(free, AT_ONCE))):
        gone += await delete_runs(
            batch, repository=repository, durable=durable, settings=settings, elsewhere=elsewhere
        )
    return gone


def folder_bytes(settings: Settings, job: str, run_id: str) -> int:
    """What a run's folder takes on the disk."""
    return _bytes(settings.run_dir(job, run_id))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
