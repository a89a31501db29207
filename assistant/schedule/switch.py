"""Switching a job's schedule on, off, over and back."""

from __future__ import annotations

from datetime import datetime

from assistant.clock import rfc3339
from assistant.pipeline.spec import Schedule
from assistant.schedule import cron
from assistant.schedule.planning import PAUSED, SWITCHED_OFF, complete_ledger
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import ScheduleRow, TickLedger


def put_in_force(
    ledger: TickLedger,
    jobs: JobRepository,
    job: JobRecord,
    schedule: Schedule | None,
    now: datetime,
    *,
    watched: bool = False,
) -> JobRecord:
    """From now on this schedule (or none) is the job's. Raises TriggerInvalid.

    Instants of the earlier schedule up to now keep their place in the ledger. `watched`: the job
    has triggers too, and is switched on for them.
    """
    _complete(ledger, job, now)
    if schedule is None:
        ledger.clear_schedule(job.id)
        ledger.decide_open(job.id, "missed", SWITCHED_OFF)
        return jobs.update(job.id, enabled=watched)
    cron.check(schedule.cron, schedule.timezone)
    upcoming = cron.next_fire(schedule.cron, schedule.timezone, now)
    ledger.set_schedule(
        ScheduleRow(
            job_id=job.id,
            cron=schedule.cron,
            timezone=schedule.timezone,
            catch_up=schedule.catch_up,
            overlap=schedule.overlap,
            planned_until=rfc3339(now),
            next_due=rfc3339(upcoming) if upcoming else None,
        )
    )
    return jobs.update(job.id, enabled=True)


def disable(ledger: TickLedger, jobs: JobRepository, job: JobRecord, now: datetime) -> JobRecord:
    """No more ticks until a version with a schedule is put in force again."""
    _complete(ledger, job, now)
    ledger.clear_schedule(job.id)
    ledger.decide_open(job.id, "missed", SWITCHED_OFF)
    return jobs.update(job.id, enabled=False, paused=False)


def pause(jobs: JobRepository, job: JobRecord) -> JobRecord:
    """Ticks go on being planned, and end as `paused`."""
    return jobs.update(job.id, paused=True)


def resume(ledger: TickLedger, jobs: JobRepository, job: JobRecord, now: datetime) -> JobRecord:
    """Ticks give runs again, from the next one on; what came due meanwhile ends as `paused`."""
    if job.paused:
        _complete(ledger, job, now)
        ledger.decide_open(job.id, "paused", PAUSED)
    return jobs.update(job.id, paused=False)


def _complete(ledger: TickLedger, job: JobRecord, now: datetime) -> None:
    if (schedule := ledger.schedule(job.id)) is not None:
        complete_ledger(ledger, job.name, schedule, now)
