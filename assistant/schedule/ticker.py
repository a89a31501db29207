"""The loop that keeps all schedules: plan what is due, then decide what becomes of it.

Every planned instant is written into the ledger before anything starts, so what was due while
nothing ran is accounted for too; then the job's policy decides. `tick(now)` is the whole of
it, and `run` calls it when the next instant is due.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Protocol

from assistant.clock import Clock
from assistant.errors import AssistantError
from assistant.schedule.planning import complete_ledger, tick_run_id
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import ScheduleRow, Tick, TickLedger

log = logging.getLogger(__name__)
ON_TIME = timedelta(seconds=90)
"""A tick decided within this time of its instant is on time; later, catch-up decides."""
LONGEST_NAP = 2.0
"""Seconds. A clock that jumps, or a schedule set by another process, is seen within it."""


class Runner(Protocol):
    """What the ticker needs of whatever runs jobs."""

    def start(self, job: JobRecord, run_id: str, due: datetime) -> Awaitable[None]:
        """Start the job's version in force under this id; nothing when that run exists."""
        ...

    def active(self, job: JobRecord) -> list[str]:
        """Ids of the job's runs that have not ended."""
        ...

    def cancel(self, run_id: str) -> Awaitable[None]: ...


class Ticker:
    """Keeps the schedules of one home folder. Any number of them may run at once."""

    def __init__(
        self,
        ledger: TickLedger,
        jobs: JobRepository,
        runner: Runner,
        *,
        clock: Clock,
        worker: str = "scheduler",
    ) -> None:
        self.ledger = ledger
        self.jobs = jobs
        self.runner = runner
        self.clock = clock
        self.worker = worker
        self._nudged = asyncio.Event()

    async def run(self) -> None:
        """Tick until the task is cancelled. A fault in one round is logged, never the end."""
        while True:
            try:
                await self.tick(self.clock.now())
            except Exception:
                # The ledger holds what was not decided; the next round takes it up.
                log.exception("a round of the scheduler failed")
            self._nudged.clear()
            try:
                async with asyncio.timeout(self._nap()):
                    await self._nudged.wait()
            except TimeoutError:
                continue

    def nudge(self) -> None:
        """A schedule has changed: look again now."""
        self._nudged.set()

    async def tick(self, now: datetime) -> None:
        """Complete the ledger up to `now`, then decide every tick that is open."""
        for schedule in self.ledger.due(now):
            if (job := self.jobs.find(schedule.job_id)) is not None:
                complete_ledger(self.ledger, job.name, schedule, now)
        for job_id in self.ledger.open_jobs():
            try:
                await self._decide(job_id, now)
            except Exception:
                # One job's trouble must not hold up the others; its ticks stay open.
                log.exception("ticks of job %s could not be decided", job_id)

    def _nap(self) -> float:
        earliest = self.ledger.earliest()
        if earliest is None:
            return LONGEST_NAP
        seconds = (earliest - self.clock.now()).total_seconds()
        return min(max(seconds, 0.05), LONGEST_NAP)

    async def _decide(self, job_id: str, now: datetime) -> None:
        job, schedule = self.jobs.find(job_id), self.ledger.schedule(job_id)
        ticks = self.ledger.open_ticks(job_id)
        if job is None or schedule is None or not job.enabled:
            for tick in ticks:
                self.ledger.decide(tick, "missed", reason="the schedule was switched off")
            return
        if job.paused:
            for tick in ticks:
                self.ledger.decide(tick, "paused", reason="the job was paused")
            return
        for tick in self._kept(ticks, schedule.catch_up, now):
            if not self.ledger.claim(tick, self.worker):
                continue
            if not await self._start(job, tick, schedule, late=now - tick.due_at > ON_TIME):
                return

    def _kept(self, ticks: list[Tick], catch_up: str, now: datetime) -> list[Tick]:
        """Settle what came due while nothing ran, and give the ticks that still get a run."""
        # A tick that an earlier round left waiting was on time; only untouched ones can be late.
        late = [t for t in ticks if not t.reason and now - t.due_at > ON_TIME]
        if catch_up == "all" or not late:
            return ticks
        on_time = [t for t in ticks if t not in late]
        if catch_up == "none":
            for tick in late:
                self.ledger.decide(tick, "missed", reason="nothing was running at that time")
            return on_time
        latest = (on_time or late)[-1]
        for tick in late:
            if tick is not latest:
                self.ledger.decide(tick, "coalesced", reason=f"made up for by {latest.due}")
        return on_time or [latest]

    async def _start(self, job: JobRecord, tick: Tick, schedule: ScheduleRow, late: bool) -> bool:
        """Give a tick its run, or say why not. False when later ticks must wait for this one."""
        run_id = tick.run_id or tick_run_id(job.name, tick.due_at)
        others = [active for active in self.runner.active(job) if active != run_id]
        if others:
            # What is caught up runs one after the other, whatever the policy for overlaps.
            policy = "queue" if late and schedule.catch_up == "all" else schedule.overlap
            if policy == "queue":
                self.ledger.wait_for(tick, f"waits for {others[0]}")
                return False
            if policy == "skip":
                self.ledger.decide(tick, "skipped", reason=f"{others[0]} was still going")
                return True
            for other in others:
                await self.runner.cancel(other)
        try:
            await self.runner.start(job, run_id, tick.due_at)
        except AssistantError as wrong:
            self.ledger.decide(tick, "missed", reason=f"{wrong.code}: {wrong.message}")
            return True
        self.ledger.decide(tick, "ran", run_id=run_id, reason="late" if late else "")
        return True
