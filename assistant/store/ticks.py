"""Schedules in force, and the ledger of ticks: every planned instant and what became of it.

A tick is planned first and decided afterwards. Its run id is fixed when it is planned, and a
scheduler claims a tick before it decides, so any number of schedulers give one run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.store import deleted
from assistant.store.database import Store
from assistant.store.happenings import note_happening

Outcome = Literal["planned", "ran", "skipped", "coalesced", "missed", "paused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
CLAIM = timedelta(seconds=60)
BACKFILL = "backfill"


@dataclass(frozen=True)
class ScheduleRow:
    """The schedule of one job as it is kept. Instants are RFC 3339 UTC."""

    job_id: str
    cron: str
    timezone: str
    catch_up: str
    overlap: str
    planned_until: str
    next_due: str | None


@dataclass(frozen=True)
class Plan:
    """Instants (with their run ids) that a schedule has up to `until`, and the one after them."""

    schedule: ScheduleRow
    instants: Sequence[tuple[datetime, str]]
    until: datetime
    next_due: datetime | None


@dataclass(frozen=True)
class Tick:
    """One planned instant. `job` is the job's id."""

    job: str
    due: str
    outcome: Outcome
    reason: str
    run_id: str | None
    decided_at: str
    origin: str = ""
    """Empty: planned by the schedule. `backfill`: a person asked for this instant."""

    @property
    def due_at(self) -> datetime:
        return parse_rfc3339(self.due)


class TickLedger:
    """Reads and writes schedules and ticks."""

    def __init__(self, store: Store, *, clock: Clock | None = None) -> None:
        self.store = store
        self.clock = clock or store.clock

    # Schedules

    def set_schedule(self, row: ScheduleRow) -> None:
        """Put a schedule in force, in place of the job's earlier one. Raises JobNotFound."""
        with deleted.told(row.job_id):
            self.store.run(
                "insert or replace into schedules"
                " (job_id, cron, timezone, catch_up, overlap, planned_until, next_due)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                row.job_id, row.cron, row.timezone, row.catch_up, row.overlap,
                row.planned_until, row.next_due,
            )  # fmt: skip

    def clear_schedule(self, job_id: str) -> None:
        """No more ticks for this job."""
        self.store.run("delete from schedules where job_id = ?", job_id)

    def schedule(self, job_id: str) -> ScheduleRow | None:
        row = self.store.row("select * from schedules where job_id = ?", job_id)
        return ScheduleRow(**row) if row else None

    def schedules(self) -> list[ScheduleRow]:
        """Every schedule in force, the one that is due first at the head."""
        rows = self.store.rows("select * from schedules order by next_due is null, next_due")
        return [ScheduleRow(**row) for row in rows]

    def due(self, now: datetime) -> list[ScheduleRow]:
        """The schedules that have instants to plan."""
        return [
            ScheduleRow(**row)
            for row in self.store.rows(
                "select * from schedules where next_due <= ? order by next_due", rfc3339(now)
            )
        ]

    def earliest(self) -> datetime | None:
        """When the next tick of any schedule is due."""
        row = self.store.row("select min(next_due) as due from schedules")
        return parse_rfc3339(row["due"]) if row and row["due"] else None

    # Planning

    def plan(self, plans: Sequence[Plan]) -> list[bool]:
        """Write instants as planned and move their schedules on, in one transaction.

        False, and nothing is written, for a schedule that another process has moved on meanwhile.
        """
        at = rfc3339(self.clock.now())
        connection = self.store.db.conn
        with connection:
            return [_plan(connection, plan, at) for plan in plans]

    def plan_again(self, job_id: str, instants: Iterable[tuple[datetime, str]]) -> int:
        """Plan instants that a person asks for; gives how many are planned now.

        What has run, or is planned already, stays; what was skipped, missed or paused gets its
        run after all.
        """
        at = rfc3339(self.clock.now())
        connection = self.store.db.conn
        planned = 0
        with connection:
            for due, run_id in instants:
                planned += connection.execute(
                    "insert into ticks (job, due, outcome, run_id, decided_at, origin)"
                    " values (?, ?, 'planned', ?, ?, ?) on conflict(job, due) do update set"
                    " outcome = 'planned', run_id = excluded.run_id, origin = excluded.origin,"
                    " reason = '', decided_at = excluded.decided_at,"
                    " claimed_by = null, claimed_until = null"
                    " where outcome not in ('ran', 'planned')",
                    (job_id, rfc3339(due), run_id, at, BACKFILL),
                ).rowcount
        return planned

    # Deciding

    def open_jobs(self) -> list[str]:
        """Jobs that have planned ticks which nobody has decided."""
        return [
            row["job"]
            for row in self.store.rows(
                "select job, min(due) as first from ticks where outcome = 'planned'"
                " group by job order by first"
            )
        ]

    def open_ticks(self, job_id: str) -> list[Tick]:
        """The undecided ticks of a job, oldest first."""
        return self._ticks("where job = ? and outcome = 'planned' order by due", job_id)

    def asked_runs(self, job_id: str) -> set[str]:
        """Ids of the runs that a backfill made."""
        rows = self.store.rows(
            "select run_id from ticks where job = ? and origin != '' and outcome = 'ran'", job_id
        )
        return {row["run_id"] for row in rows}

    def claim(self, tick: Tick, worker: str) -> bool:
        """Take a tick to decide it; another scheduler's claim holds for a minute."""
        now = self.clock.now()
        return bool(
            self.store.run(
                "update ticks set claimed_by = ?, claimed_until = ?"
                " where job = ? and due = ? and outcome = 'planned'"
                " and (claimed_by is null or claimed_by = ? or claimed_until < ?)",
                worker, rfc3339(now + CLAIM), tick.job, tick.due, worker, rfc3339(now),
            )
        )  # fmt: skip

    def decide(self, tick: Tick, outcome: Outcome, worker: str, *, reason: str = "") -> bool:
        """Write why a planned tick gets no run; False when it is decided, or being decided,
        by another scheduler."""
        at, connection = rfc3339(self.clock.now()), self.store.db.conn
        with connection:
            decided = connection.execute(
                "update ticks set outcome = ?, reason = ?, run_id = null, decided_at = ?"
                " where job = ? and due = ? and outcome = 'planned'"
                " and (claimed_by is null or claimed_by = ? or claimed_until < ?)",
                (outcome, reason, at, tick.job, tick.due, worker, at),
            ).rowcount
            if decided and outcome == "missed":
                about = {"due": tick.due, "reason": reason}
                note_happening(connection, "missed", at, job_id=tick.job, data=about)
        return bool(decided)

    def ran(self, done: Sequence[tuple[Tick, str, str]]) -> None:
        """Write that ticks have their runs: `(tick, run id, reason)` each.

        It overrules another scheduler that gave a tick up meanwhile: the run is there.
        """
        at, connection = rfc3339(self.clock.now()), self.store.db.conn
        with connection:
            connection.executemany(
                "update ticks set outcome = 'ran', reason = ?, run_id = ?, decided_at = ?"
                " where job = ? and due = ? and outcome != 'ran'",
                [(reason, run_id, at, tick.job, tick.due) for tick, run_id, reason in done],
            )

    def decide_open(self, job_id: str, outcome: Outcome, reason: str) -> int:
        """Decide what the schedule planned and nobody is deciding right now."""
        now = rfc3339(self.clock.now())
        return self.store.run(
            "update ticks set outcome = ?, reason = ?, run_id = null, decided_at = ?"
            " where job = ? and outcome = 'planned' and origin = ''"
            " and (claimed_until is null or claimed_until < ?)",
            outcome, reason, now, job_id, now,
        )  # fmt: skip

    def wait_for(self, tick: Tick, reason: str) -> None:
        """Leave a tick planned, saying what it waits for, and let go of it."""
        self.store.run(
            "update ticks set reason = ?, claimed_by = null, claimed_until = null"
            " where job = ? and due = ? and outcome = 'planned'",
            reason, tick.job, tick.due,
        )  # fmt: skip

    # Reading

    def ticks(
        self,
        job_id: str = "",
        *,
        outcome: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        after: Tick | None = None,
        limit: int = 50,
    ) -> list[Tick]:
        """Ticks of a job (or of all), the latest first.

        `since` and `until` bound the planned instant, both included. `after` is the last tick of
        the page before.
        """
        tests, values = ["1 = 1"], list[Any]()
        for test, value in (
            ("job = ?", job_id), ("outcome = ?", outcome),
            ("due >= ?", rfc3339(since) if since else ""),
            ("due <= ?", rfc3339(until) if until else ""),
        ):  # fmt: skip
            if value:
                tests.append(test)
                values.append(value)
        if after is not None:
            tests.append("(due < ? or (due = ? and job > ?))")
            values += [after.due, after.due, after.job]
        return self._ticks(
            f"where {' and '.join(tests)} order by due desc, job limit ?", *values, limit
        )

    def tick(self, job_id: str, due: datetime) -> Tick | None:
        """The tick of one instant, if it was ever planned."""
        return next(iter(self._ticks("where job = ? and due = ?", job_id, rfc3339(due))), None)

    def counts(self, job_id: str = "", *, since: datetime | None = None) -> dict[str, int]:
        """How many ticks ended in which way; ways that did not happen are left out."""
        test, values = ("job = ? and ", [job_id]) if job_id else ("", [])
        rows = self.store.rows(
            f"select outcome, count(*) as n from ticks where {test} due >= ? group by outcome",  # noqa: S608
            *values, rfc3339(since) if since else "",
        )  # fmt: skip
        return {row["outcome"]: row["n"] for row in rows}

    def _ticks(self, tail: str, *values: Any) -> list[Tick]:
        return [
            Tick(**row)
            for row in self.store.rows(
                f"select job, due, outcome, reason, run_id, decided_at, origin from ticks {tail}",  # noqa: S608
                *values,
            )
        ]


def _plan(connection: sqlite3.Connection, plan: Plan, at: str) -> bool:
    row = plan.schedule
    moved = connection.execute(
        "update schedules set planned_until = ?, next_due = ?"
        " where job_id = ? and planned_until = ? and cron = ? and timezone = ?",
        (
            rfc3339(plan.until), rfc3339(plan.next_due) if plan.next_due else None,
            row.job_id, row.planned_until, row.cron, row.timezone,
        ),
    ).rowcount  # fmt: skip
    if moved:
        connection.executemany(
            "insert or ignore into ticks (job, due, outcome, run_id, decided_at)"
            " values (?, ?, 'planned', ?, ?)",
            [(row.job_id, rfc3339(due), run_id, at) for due, run_id in plan.instants],
        )
    return bool(moved)
