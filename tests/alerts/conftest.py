"""A home with jobs and runs as the engine writes them, real channels, and a clock that is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from assistant.alerts.desk import AlertDesk
from assistant.clock import FixedClock, rfc3339
from assistant.engine.queueing import queue_run
from assistant.engine.request import RunRequest
from assistant.events import ApprovalAsked, ApprovalDecided, RunEnded, RunStarted
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import Keyed, RunRepository
from assistant.store.ticks import Plan, ScheduleRow, TickLedger

TIMER = {"kind": "schedule"}
GONE = {
    "code": "skill_failed", "kind": "CannotDo", "message": "https://x.example answered 404",
    "hint": "Look elsewhere.", "step": "read",
}  # fmt: skip


class _AnyPort(Controller):
    """A controller on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """A real mail server on loopback that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.controller = _AnyPort(self, hostname="127.0.0.1", port=0)
        self.controller.start()
        self.port: int = self.controller.port

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@dataclass
class World:
    """What the tests act on. Runs are written as the engine writes them, with the clock's time."""

    settings: Settings
    store: Store
    clock: FixedClock
    jobs: JobRepository
    runs: RunRepository
    secrets: Secrets
    desk: AlertDesk
    number: int = field(default=0)

    def job(self, name: str, alerts: str = "") -> JobRecord:
        """An accepted job with a schedule; `alerts` is what its file says under `alerts`."""
        record = self.jobs.create(name)
        line = f"alerts: {alerts}\n" if alerts else ""
        yaml = f"job: {name}\n{line}steps:\n  - {{id: read, skill: fetch_feed}}\n"
        self.jobs.accept(record.id, yaml, author="person")
        return self.jobs.update(record.id, enabled=True)

    def begin(self, job: JobRecord, trigger: dict[str, Any] = TIMER, **more: Any) -> str:
        self.number += 1
        request = RunRequest(
            job=job.name, yaml=self.jobs.version(job.id).yaml, version=1, job_id=job.id,
            trigger=trigger, **more,
        )  # fmt: skip
        run_id = f"run-{self.number:04d}"
        queue_run(self.runs, self.clock, request.snapshot(run_id))
        at = rfc3339(self.clock.now())
        self.runs.record(
            run_id, [Keyed("started", RunStarted(run_id=run_id, at=at))],
            run={"status": "running", "started_at": at},
        )  # fmt: skip
        return run_id

    def end(self, run_id: str, status: str = "failed", error: Any = GONE) -> str:
        at, wrong = rfc3339(self.clock.now()), None if status == "succeeded" else error
        event = RunEnded(run_id=run_id, at=at, status=status, error=wrong)
        facts = {"status": status, "error": wrong, "ended_at": at}
        self.runs.record(run_id, [Keyed("ended", event)], run=facts)
        return run_id

    def ran(self, job: JobRecord, status: str = "failed", error: Any = GONE, **more: Any) -> str:
        return self.end(self.begin(job, **more), status, error)

    def asks(self, run_id: str, path: str, question: str, arguments: dict[str, Any]) -> None:
        at = rfc3339(self.clock.now())
        event = ApprovalAsked(
            run_id=run_id, at=at, path=path, question=question, arguments=arguments
        )
        self.runs.record(run_id, [Keyed(f"{path} asked", event)], run={"status": "waiting"})

    def answered(self, run_id: str, path: str) -> None:
        at = rfc3339(self.clock.now())
        event = ApprovalDecided(run_id=run_id, at=at, path=path, approved=True, by="jo")
        self.runs.record(run_id, [Keyed(f"{path} decided", event)], run={"status": "running"})

    def misses(self, job: JobRecord, reason: str = "nothing was running at that time") -> None:
        ledger, now = TickLedger(self.store, clock=self.clock), self.clock.now()
        at = rfc3339(now)
        ledger.set_schedule(ScheduleRow(job.id, "0 7 * * *", "UTC", "none", "skip", at, at))
        schedule = ledger.schedule(job.id)
        assert schedule is not None
        ledger.plan([Plan(schedule, [(now, f"{job.name}:{at}")], until=now, next_due=None)])
        [tick] = ledger.open_ticks(job.id)
        ledger.decide(tick, "missed", "scheduler", reason=reason)

    def open(self) -> list[tuple[str, str, int]]:
        """Kind, job and count of the alerts that are open, oldest first."""
        found = self.desk.alerts.list(state="open", limit=-1)
        return [(alert.kind, alert.job, alert.count) for alert in reversed(found)]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    yield made
    made.controller.stop()


@pytest.fixture
def world(settings: Settings, store: Store, clock: FixedClock) -> World:
    jobs, runs = JobRepository(store, settings, clock=clock), RunRepository(store)
    secrets = Secrets(settings.home, environ={}, keyring=lambda: None)
    desk = AlertDesk(settings, jobs=jobs, runs=runs, secrets=secrets, clock=clock)
    return World(settings, store, clock, jobs, runs, secrets, desk)
