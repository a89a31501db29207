"""A home with one ticker, a clock that stands still, and runs that are only remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.clock import FixedClock
from assistant.pipeline.spec import Schedule
from assistant.schedule import switch
from assistant.schedule.ticker import Ticker
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import TickLedger

MONDAY = datetime(2026, 3, 2, 6, 59, 30, tzinfo=UTC)


class RunList:
    """Runs jobs by remembering them: a run goes on until `finish` is called."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.going: list[str] = []
        self.cancelled: list[str] = []
        self.triggers: list[dict[str, Any]] = []
        self.trouble: Exception | None = None

    async def start(self, job: JobRecord, run_id: str, trigger: Mapping[str, Any]) -> None:
        if self.trouble:
            raise self.trouble
        if run_id not in self.started:
            self.started.append(run_id)
            self.going.append(run_id)
            self.triggers.append(dict(trigger))

    def active(self, job: JobRecord) -> list[str]:
        return [run for run in self.going if run.startswith(f"{job.name}:")]

    async def cancel(self, run_id: str) -> None:
        self.cancelled.append(run_id)
        self.going.remove(run_id)

    def finish(self) -> None:
        self.going.clear()


class World:
    def __init__(self, store: Store, settings: Settings, clock: FixedClock) -> None:
        clock.instant = MONDAY
        self.clock = clock
        self.jobs = JobRepository(store, settings, clock=clock)
        self.ledger = TickLedger(store, clock=clock)
        self.runs = RunList()
        self.ticker = self.another_ticker("one")

    def another_ticker(self, worker: str) -> Ticker:
        return Ticker(self.ledger, self.jobs, self.runs, clock=self.clock, worker=worker)

    def schedule(self, cron: str, *, name: str = "digest", **policy: str) -> JobRecord:
        job = self.jobs.create(name)
        schedule = Schedule(cron, "Europe/London", **policy)  # type: ignore[arg-type]
        return switch.put_in_force(self.ledger, self.jobs, job, schedule, self.clock.now())

    async def at(self, moment: datetime) -> None:
        self.clock.instant = moment
        await self.ticker.tick(moment)

    def account(self, job: JobRecord) -> list[tuple[str, str]]:
        return [(t.due[5:16], t.outcome) for t in reversed(self.ledger.ticks(job.id, limit=1000))]
