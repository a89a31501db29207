"""How long runs are kept: the job file's `retention`, carried out after a run has ended."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta

from assistant.clock import rfc3339
from assistant.engine.durable import Durable
from assistant.pipeline.spec import Retention
from assistant.settings import Settings
from assistant.store.runs import RunRepository, RunRow


def outlived(runs: list[RunRow], retention: Retention, now: datetime) -> list[RunRow]:
    """Those of a job's ended runs, newest first, that need not be kept any longer."""
    most = len(runs) if retention.runs is None else retention.runs
    oldest = "" if retention.days is None else rfc3339(now - timedelta(days=retention.days))
    return [run for place, run in enumerate(runs) if place >= most or run.queued_at < oldest]


async def prune(
    job: str,
    retention: Retention,
    *,
    repository: RunRepository,
    durable: Durable,
    settings: Settings,
    now: datetime,
) -> int:
    """Delete a job's outlived runs with the runs they called: folder, events, durable state.

    The folder goes first: what is cut off in between is found and finished the next time.
    """
    doomed = outlived(repository.ended(job), retention, now)
    for run in doomed:
        family = [run, *_called(repository, run)]
        for member in family:
            folder = settings.run_dir(member.job, member.id)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        await durable.forget([run.id])
        repository.delete([member.id for member in family])
    return len(doomed)


def _called(repository: RunRepository, run: RunRow) -> list[RunRow]:
    children = repository.children(run.id)
    return [*children, *(below for child in children for below in _called(repository, child))]
