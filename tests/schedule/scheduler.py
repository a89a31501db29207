"""One scheduler process of several on a home folder, on a clock that all of them share.

`scheduler.py HOME SPEED STOP`: makes a file in HOME/ready and waits for HOME/start, which holds a
monotonic moment; virtual time is 2026-03-02 00:00 plus the seconds since then times SPEED. The
process ends when STOP virtual minutes are over and decided. Each run that is really begun (and
not there already) is a line in HOME/begun.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.engine.queueing import queue_run
from assistant.engine.request import RunRequest
from assistant.schedule.ticker import Ticker
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import RunRepository
from assistant.store.ticks import TickLedger

START = datetime(2026, 3, 2, tzinfo=UTC)


class FastClock:
    def __init__(self, began: float, speed: float) -> None:
        self.began, self.speed = began, speed

    def now(self) -> datetime:
        return START + timedelta(seconds=(time.monotonic() - self.began) * self.speed)


class QuickRuns:
    """Writes runs into the store as the engine does, and ends them at once."""

    def __init__(self, runs: RunRepository, clock: FastClock, begun: Path) -> None:
        self.runs, self.clock, self.begun = runs, clock, begun

    async def start(self, job: JobRecord, run_id: str, trigger: Mapping[str, Any]) -> None:
        request = RunRequest(job=job.name, yaml="", trigger=trigger).snapshot(run_id)
        if queue_run(self.runs, self.clock, request):
            with self.begun.open("a") as file:
                file.write(f"{run_id}\n")
            self.runs.record(run_id, run={"status": "succeeded"})

    def active(self, job: JobRecord) -> list[str]:
        return [run.id for run in self.runs.active(job.name)]

    async def cancel(self, run_id: str) -> None:
        raise NotImplementedError(run_id)


async def started(home: Path) -> float:
    """Say that this process is ready, and wait for the common start."""
    (home / "ready").mkdir(exist_ok=True)
    (home / "ready" / str(os.getpid())).touch()
    while not (home / "start").exists():
        await asyncio.sleep(0.01)
    return float((home / "start").read_text())


async def keep(home: Path, speed: float, stop: float) -> None:
    clock, settings = FastClock(await started(home), speed), Settings(home=home)
    store = Store(settings.store_path, clock=clock)
    jobs, ledger = JobRepository(store, settings, clock=clock), TickLedger(store, clock=clock)
    runner = QuickRuns(RunRepository(store), clock, home / "begun")
    ticker = Ticker(ledger, jobs, runner, clock=clock, worker=f"p{time.monotonic_ns()}")
    end = START + timedelta(minutes=stop, seconds=30)
    now = START
    # The last instant is looked at by whoever is late, too: a slow machine may sleep past it.
    while now < end or ledger.open_jobs():
        now = min(clock.now(), end)
        await ticker.tick(now)
        await asyncio.sleep(0.005)
    store.close()


if __name__ == "__main__":
    asyncio.run(keep(Path(sys.argv[1]), *map(float, sys.argv[2:])))
