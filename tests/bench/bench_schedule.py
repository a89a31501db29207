"""What a thousand schedules cost: how late ticks are, and what waiting for them takes.

A tick is late by the time from its instant to the moment when it is decided and its run stands
queued in the store: from then on no crash loses it, and every scheduler sees that it is done. When
the run's first step begins is another matter, of free places and of the work itself; it is told
beside, without a bar.

Two figures of lateness: of the scheduler alone when all thousand are due in the same second, and
of a whole worker process, in real time. In the worker sixty are due each minute and fifteen more
that are due once an hour, so files are read that were not read lately.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.clock import parse_rfc3339, rfc3339
from assistant.pipeline.spec import Schedule
from assistant.schedule import switch
from assistant.schedule.ticker import Ticker
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import RunRepository, RunRow
from assistant.store.ticks import TickLedger
from tests.bench.figures import Figure, figure, report

COUNT = 1000
NEVER = "0 0 29 2 *"
JOB = (
    "job: {name}\nschedule: {{cron: '{cron}', timezone: Europe/London}}\nsteps: [{{stop: done}}]\n"
)
IDLE_SECONDS = 20
MINUTES = 1


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def schedules(home: Path, crons: list[str]) -> tuple[Store, JobRepository, TickLedger]:
    settings = Settings(home=home)
    prepare(settings)
    store = Store(settings.store_path)
    jobs, ledger = JobRepository(store, settings), TickLedger(store)
    now = datetime.now(UTC)
    for number, cron in enumerate(crons):
        job = jobs.create(f"job-{number}")
        jobs.accept(
            job.id, JOB.format(name=job.name, cron=cron), author="person", message="", grants=()
        )
        switch.put_in_force(ledger, jobs, job, Schedule(cron, "Europe/London"), now)
    return store, jobs, ledger


def all_at_once(home: Path) -> list[float]:
    """Seconds from the instant that a thousand schedules share to each one's start."""
    store, jobs, ledger = schedules(home, ["* * * * *"] * COUNT)
    clock = AheadClock(datetime.now(UTC) + timedelta(seconds=2))
    store.run(
        "update schedules set next_due = ?, planned_until = ?",
        rfc3339(clock.minute), rfc3339(clock.minute - timedelta(seconds=1)),
    )  # fmt: skip
    begun = Begun(clock)
    ticker = Ticker(ledger, jobs, begun, clock=clock, worker="bench")

    async def wait() -> None:
        task = asyncio.create_task(ticker.run())
        while len(begun.late) < COUNT:
            await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(wait())
    store.close()
    return begun.late


class AheadClock:
    """Goes as the machine's clock does, and comes to a whole `minute` at a given moment of it."""

    def __init__(self, moment: datetime) -> None:
        whole = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self._ahead = whole - moment
        self.minute = whole

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class Begun:
    """Notes how late each run would have been started."""

    def __init__(self, clock: AheadClock) -> None:
        self.clock = clock
        self.late = list[float]()

    async def start(self, job: JobRecord, run_id: str, trigger: Mapping[str, Any]) -> None:
        self.late.append((self.clock.now() - parse_rfc3339(trigger["due"])).total_seconds())

    def active(self, job: JobRecord) -> list[str]:
        return []

    async def cancel(self, run_id: str) -> None: ...


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processor, in seconds (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def worker(home: Path) -> subprocess.Popen[bytes]:
    """A worker process that has said that it keeps the schedules."""
    environment = {**os.environ, "ASSISTANT_HOME": str(home), "ASSISTANT_HOOK_PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "worker"], env=environment, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def threads_of_one(home: Path) -> int:
    """The threads of a worker with one schedule that is not due."""
    store, _, _ = schedules(home, [NEVER])
    process = worker(home)
    try:
        return threads_of(process.pid)
    finally:
        process.terminate()
        process.wait(30)
        store.close()


def in_a_worker(home: Path) -> tuple[list[float], list[float], float, int]:
    """A real worker in real time: seconds from each instant until its run was queued, and until
    it had begun; the share of a core that it takes when nothing is due; its threads before the
    first run, more than those of a worker with one schedule."""
    alone = threads_of_one(home.with_name("one"))
    due_each_minute = 60
    crons = [f"{n % 60} * * * *" if n >= due_each_minute else "* * * * *" for n in range(COUNT)]
    store, _, _ = schedules(home, crons)
    if time.time() % 60 > 40:  # nothing shall come due while it starts
        time.sleep(61 - time.time() % 60)
    process = worker(home)
    try:
        ready, threads = datetime.now(UTC), threads_of(process.pid) - alone
        time.sleep(60 - time.time() % 60 + 15)  # the first minute's runs are over
        began = cpu_seconds(process.pid)
        time.sleep(IDLE_SECONDS)
        idle = (cpu_seconds(process.pid) - began) / IDLE_SECONDS
        time.sleep(max(0.0, 60 * MINUTES + 30 - IDLE_SECONDS - 15 + 5))
    finally:
        process.terminate()
        process.wait(30)
    listed = RunRepository(store).list(limit=10_000)
    # What came due while the process started was caught up; that is no lateness of a worker.
    runs = [run for run in listed if parse_rfc3339(run.trigger["due"]) >= ready]
    store.close()
    late = [since_due(r, r.queued_at) for r in runs]
    begun = [since_due(r, r.started_at) for r in runs if r.started_at]
    return late, begun, idle, threads


def since_due(run: RunRow, moment: str) -> float:
    return (parse_rfc3339(moment) - parse_rfc3339(run.trigger["due"])).total_seconds()


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        together = all_at_once(Path(folder) / "at-once")
        late, begun, idle, threads = in_a_worker(Path(folder) / "worker")
    return [
        figure("1,000 due at once: p50", percentile(together, 0.5), "s"),
        figure("1,000 due at once: p99", percentile(together, 0.99), "s", 1.0),
        figure("worker, 1,000 schedules: runs", len(late), ""),
        figure("worker, 1,000 schedules: p99", percentile(late, 0.99), "s", 1.0),
        figure("worker, 1,000 schedules: p99 begun", percentile(begun, 0.99), "s"),
        figure("worker, 1,000 schedules: idle CPU", idle * 100, "%", 2.0),
        figure("worker, 1,000 schedules: threads more than for one", threads, "", 1, "at most"),
    ]


if __name__ == "__main__":
    sys.exit(report(measure))
