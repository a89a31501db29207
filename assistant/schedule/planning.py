"""Writing the instants of a schedule into the ledger, before anything is decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.clock import parse_rfc3339
from assistant.ids import stamp
from assistant.schedule import cron
from assistant.store.ticks import Plan, ScheduleRow, TickLedger

CHUNK = 5000
PAUSED = "the job was paused"
SWITCHED_OFF = "the schedule was switched off"


def complete_ledger(ledger: TickLedger, name: str, schedule: ScheduleRow, now: datetime) -> None:
    """Plan every instant of the schedule up to `now`, a chunk at a time."""
    complete_ledgers(ledger, [(name, schedule)], now)


def complete_ledgers(
    ledger: TickLedger, schedules: Sequence[tuple[str, ScheduleRow]], now: datetime
) -> None:
    """The same for several schedules, given with their jobs' names."""
    while schedules:
        plans = [_chunk(name, row, now) for name, row in schedules]
        moved = ledger.plan(plans)
        more = [
            name
            for (name, _), plan, done in zip(schedules, plans, moved, strict=True)
            if done and plan.next_due is not None and plan.next_due <= now
        ]
        rows = {name: ledger.schedule(row.job_id) for name, row in schedules if name in more}
        schedules = [(name, row) for name, row in rows.items() if row is not None]


def tick_run_id(name: str, due: datetime) -> str:
    """The id of a tick's run: the job and the UTC instant, so that it can exist only once."""
    return f"{name}:{stamp(due.astimezone(UTC))}"


def _chunk(name: str, schedule: ScheduleRow, now: datetime) -> Plan:
    instants = list[tuple[datetime, str]]()
    upcoming: datetime | None = None
    start = parse_rfc3339(schedule.planned_until)
    for instant in cron.fires(schedule.cron, schedule.timezone, start):
        if instant > now or len(instants) == CHUNK:
            upcoming = instant
            break
        instants.append((instant, tick_run_id(name, instant)))
    more = upcoming is not None and upcoming <= now
    until = instants[-1][0] if more else max(start, now)
    return Plan(schedule, instants, until, upcoming)
