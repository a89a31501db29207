"""The loop that keeps all schedules: plan what is due, then decide what becomes of it.

Every planned instant is written into the ledger before anything starts, so what was due while
nothing ran is accounted for too; then the job's policy decides. `tick(now)` is the whole of
it, and `run` calls it when the next instant is due.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from assistant.clock import Clock
from assistant.errors import AssistantError, ServerAway
from assistant.schedule.planning import PAUSED, SWITCHED_OFF, complete_ledgers, tick_run_id
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import ScheduleRow, Tick, TickLedger

log = logging.getLogger(__name__)
ON_TIME = timedelta(seconds=90)
"""A tick decided within this time of its instant is on time; later, catch-up decides."""
LONGEST_NAP = 1.0
"""Seconds. A clock that jumps, or a schedule set by another process, is seen within it."""
AT_ONCE = 50
"""So many schedules, or ticks, share a transaction."""
SHORT_NAP = 0.25
"""Seconds between looks at a run that a tick waits for."""


class Runner(Protocol):
    """What the ticker needs of whatever runs jobs."""

    def start(self, job: JobRecord, run_id: str, trigger: Mapping[str, Any]) -> Awaitable[None]:
        """Queue the job's version in force under this id; nothing when that run exists.

        What is queued is kept, and starts by itself: of many that are due together the last must
        not wait for the work of the first.

        `trigger` is what the run says of its start: `{kind: schedule | backfill, due}`.
        """
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
        self._waiting = False
        self._done = list[tuple[Tick, str, str]]()
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
        due = [
            (job.name, schedule)
            for schedule in self.ledger.due(now)
            if (job := self.jobs.find(schedule.job_id)) is not None
        ]
        for start in range(0, len(due), AT_ONCE):
            complete_ledgers(self.ledger, due[start : start + AT_ONCE], now)
            await asyncio.sleep(0)  # hundreds may be due at once: others have their turn
        self._waiting = False
        for job_id in self.ledger.open_jobs():
            try:
                await self._decide(job_id, now)
            except Exception:
                # One job's trouble must not hold up the others; its ticks stay open.
                log.exception("ticks of job %s could not be decided", job_id)
            if len(self._done) >= AT_ONCE:
                self._write_done()
                await asyncio.sleep(0)
        self._write_done()

    def _write_done(self) -> None:
        # A process that dies before this leaves ticks open whose runs are there; starting those
        # again changes nothing.
        done, self._done = self._done, []
        self.ledger.ran(done)

    async def make_backfill(self, job: JobRecord) -> bool:
        """Start the next instant that a person asked for, unless a run of the job goes on.

        False when none is left. `tick` does this too; this is for a process that keeps no
        schedules.
        """
        asked = [t for t in self.ledger.open_ticks(job.id) if t.origin]
        await self._decide_asked(job, asked, self.clock.now())
        self._write_done()
        return bool(asked)

    def _nap(self) -> float:
        longest = SHORT_NAP if self._waiting else LONGEST_NAP
        earliest = self.ledger.earliest()
        if earliest is None:
            return longest
        seconds = (earliest - self.clock.now()).total_seconds()
        return min(max(seconds, 0.01), longest)

    async def _decide(self, job_id: str, now: datetime) -> None:
        job, ticks = self.jobs.find(job_id), self.ledger.open_ticks(job_id)
        await self._decide_planned(job, job_id, [t for t in ticks if not t.origin], now)
        if job is not None:
            await self._decide_asked(job, [t for t in ticks if t.origin], now)

    async def _decide_planned(
        self, job: JobRecord | None, job_id: str, ticks: list[Tick], now: datetime
    ) -> None:
        schedule = self.ledger.schedule(job_id)
        if job is None or schedule is None or not job.enabled:
            for tick in ticks:
                self.ledger.decide(tick, "missed", self.worker, reason=SWITCHED_OFF)
            return
        if job.paused:
            for tick in ticks:
                self.ledger.decide(tick, "paused", self.worker, reason=PAUSED)
            return
        for tick in self._kept(ticks, schedule.catch_up, now):
            if not self.ledger.claim(tick, self.worker):
                continue
            if not await self._start(job, tick, schedule, late=now - tick.due_at > ON_TIME):
                return

    async def _decide_asked(self, job: JobRecord, ticks: list[Tick], now: datetime) -> None:
        """What a person asked for runs one after the other, also while the job is paused."""
        self._waiting = self._waiting or bool(ticks)
        if not ticks or self.runner.active(job) or not self.ledger.claim(ticks[0], self.worker):
            return
        await self._run(job, ticks[0], reason="asked for afterwards")

    def _kept(self, ticks: list[Tick], catch_up: str, now: datetime) -> list[Tick]:
        """Settle what came due while nothing ran, and give the ticks that still get a run."""
        # A tick that an earlier round left waiting was on time; only untouched ones can be late.
        late = [t for t in ticks if not t.reason and now - t.due_at > ON_TIME]
        if catch_up == "all" or not late:
            return ticks
        on_time = [t for t in ticks if t not in late]
        if catch_up == "none":
            for tick in late:
                self.ledger.decide(
                    tick, "missed", self.worker, reason="nothing was running at that time"
                )
            return on_time
        latest = (on_time or late)[-1]
        for tick in late:
            if tick is not latest:
                self.ledger.decide(
                    tick, "coalesced", self.worker, reason=f"made up for by {latest.due}"
                )
        return on_time or [latest]

    async def _start(self, job: JobRecord, tick: Tick, schedule: ScheduleRow, late: bool) -> bool:
        """Give a tick its run, or say why not. False when later ticks must wait for this one."""
        own = tick.run_id or tick_run_id(job.name, tick.due_at)
        others = [active for active in self.runner.active(job) if active != own]
        if others:
            # What is caught up runs one after the other, whatever the policy for overlaps; and
            # a backfill, which nobody waits for, takes no tick of the schedule away.
            waits = late and schedule.catch_up == "all"
            waits = waits or set(others) <= self.ledger.asked_runs(job.id)
            policy = "queue" if waits else schedule.overlap
            if policy == "queue":
                self.ledger.wait_for(tick, f"waits for {others[0]}")
                self._waiting = True
                return False
            if policy == "skip":
                self.ledger.decide(
                    tick, "skipped", self.worker, reason=f"{others[0]} was still going"
                )
                return True
            for other in others:
                await self.runner.cancel(other)
        await self._run(job, tick, reason="late" if late else "")
        return True

    async def _run(self, job: JobRecord, tick: Tick, *, reason: str) -> None:
        run_id = tick.run_id or tick_run_id(job.name, tick.due_at)
        trigger = {"kind": tick.origin or "schedule", "due": tick.due}
        try:
            await self.runner.start(job, run_id, trigger)
        except ServerAway:
            self.ledger.wait_for(tick, "waits for the database server")
            self._waiting = True
            return
        except AssistantError as wrong:
            self.ledger.decide(tick, "missed", self.worker, reason=f"{wrong.code}: {wrong.message}")
            return
        except sqlite3.OperationalError:
            raise  # the store is busy: the tick stays open for the next round
        except Exception as bug:
            # A job that cannot be started now cannot be started a second later either.
            log.exception("job %s could not be started", job.name)
            self.ledger.decide(tick, "missed", self.worker, reason=f"internal_error: {bug!r}")
            return
        self._done.append((tick, run_id, reason))
