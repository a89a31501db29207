"""What finders look at: each job with a schedule, its file in force and its latest runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from assistant.clock import parse_rfc3339, rfc3339
from assistant.errors import AssistantError
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository

LOOK_BACK = timedelta(weeks=12)
_MOST_RUNS = 500


@dataclass(frozen=True)
class Ran:
    """One run that has ended. `found` tells whether anything came out of it."""

    run_id: str
    local: datetime
    status: str
    fault: str
    host: str
    found: bool


@dataclass(frozen=True)
class Reading:
    """What one step read in one run, and when the newest of it was published."""

    local: datetime
    host: str
    newest: datetime


@dataclass(frozen=True)
class Watched:
    """A job that runs by itself. `runs` are its real runs of twelve weeks, oldest first."""

    record: JobRecord
    job: Job
    text: str
    store: Store
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.job.schedule.timezone if self.job.schedule else "UTC")

    @cached_property
    def runs(self) -> list[Ran]:
        rows = self.store.rows(
            "select run_id, queued_at, status, fault, host, coalesce(items, 1) as items, stopped"
            " from run_facts where job = ? and dry = 0 and ended_at is not null"
            " and status != 'cancelled' and queued_at >= ? order by queued_at desc limit ?",
            self.record.name, rfc3339(self.now - LOOK_BACK), _MOST_RUNS,
        )  # fmt: skip
        return [
            Ran(
                row["run_id"], self._local(row["queued_at"]), row["status"], row["fault"],
                row["host"],
                row["status"] == "succeeded" and row["items"] > 0 and not row["stopped"],
            )
            for row in reversed(rows)
        ]  # fmt: skip

    def readings(self) -> dict[str, list[Reading]]:
        """By step: what its scheduled runs read from outside, oldest first."""
        rows = self.store.rows(
            "select c.step, c.started_at, c.host, c.newest_at from skill_calls c"
            " join run_facts f on f.run_id = c.run_id"
            " where c.job = ? and c.started_at >= ? and c.newest_at != '' and c.host != ''"
            " and f.dry = 0 and f.started_by = 'schedule' order by c.started_at",
            self.record.name, rfc3339(self.now - LOOK_BACK),
        )  # fmt: skip
        found = dict[str, list[Reading]]()
        for row in rows:
            newest = self._local(row["newest_at"])
            reading = Reading(self._local(row["started_at"]), row["host"], newest)
            found.setdefault(row["step"], []).append(reading)
        return found

    def _local(self, moment: str) -> datetime:
        return parse_rfc3339(moment).astimezone(self.zone)


def watched_jobs(jobs: JobRepository, now: datetime) -> list[Watched]:
    """Every job that is switched on and not paused, by name; a file that does not load is left out."""
    found = list[Watched]()
    for record in sorted(jobs.list(), key=lambda job: job.name):
        if not record.version or not record.enabled or record.paused:
            continue
        text = jobs.version(record.id).yaml
        try:
            job = load(text, path=f"{record.name}/job.yaml").job
        except AssistantError:
            continue
        found.append(Watched(record, job, text, jobs.store, now))
    return found
