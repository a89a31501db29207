"""Writing the instants of a schedule into the ledger, before anything is decided about them."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.clock import parse_rfc3339
from assistant.ids import stamp
from assistant.schedule import cron
from assistant.store.ticks import ScheduleRow, TickLedger

CHUNK = 5000
PAUSED = "the job was paused"
SWITCHED_OFF = "the schedule was switched off"


def complete_ledger(ledger: TickLedger, name: str, schedule: ScheduleRow, now: datetime) -> None:
    """Plan every instant of the schedule up to `now`, a chunk at a time."""
    row: ScheduleRow | None = schedule
    while row is not None and _plan_chunk(ledger, name, row, now):
        row = ledger.schedule(row.job_id)


def tick_run_id(name: str, due: datetime) -> str:
    """The id of a tick's run: the job and the UTC instant, so that it can exist only once."""
    return f"{name}:{stamp(due.astimezone(UTC))}"


def _plan_chunk(ledger: TickLedger, name: str, schedule: ScheduleRow, now: datetime) -> bool:
    """True when there is more to plan."""
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
    return ledger.plan(schedule, instants, until=until, next_due=upcoming) and more
