"""Which runs have outlived what a job keeps, and which of those are still needed all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.clock import rfc3339
from assistant.store.database import Store

_OUTLIVED = """
    select * from (
        select id, job, queued_at, status,
               row_number() over (order by queued_at desc, id desc) as place
        from runs
        where job = ? and parent_run is null
              and status in ('succeeded', 'failed', 'cancelled', 'timed_out')
    )
    where (? >= 0 and place > ?) or queued_at < ?
    order by queued_at, id
"""
_OF_JOB = """
    select id, job, queued_at, status from runs
    where job_id = ? and parent_run is null
          and status in ('succeeded', 'failed', 'cancelled', 'timed_out')
    order by queued_at, id
"""
_TIDY = (
    # What is kept of months that nobody will look at again; runs have a retention of their own.
    ("ticks", "outcome <> 'planned' and decided_at < ?", 400),
    # A firing explains its run as long as that is kept. Its key is also what something posted a
    # second time is known by, so it outlives a run that goes soon.
    (
        "firings",
        "outcome <> 'pending' and decided_at < ?"
        " and not exists (select 1 from runs where runs.id = firings.run_id)",
        90,
    ),
    ("model_calls", "at < ?", 400),
    ("step_cache", "at < ?", 90),
    ("alerts", "state = 'over' and last_at < ?", 90),
)


@dataclass(frozen=True)
class Outlived:
    """A run that a job need not keep. `why` is `count`, `age` or `deleted`; `needed` says who still does.

    `family` is the run and every run that it called, directly or not.
    """

    run_id: str
    job: str
    queued_at: str
    status: str
    why: str
    family: tuple[str, ...]
    needed: str = ""


class KeepingRepository:
    """Reads what may go. It deletes only rows that are not of a run (`tidy`)."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def jobs(self) -> list[str]:
        """Names of all jobs that have runs."""
        return [row["job"] for row in self.store.rows("select distinct job from runs order by job")]

    def outlived(
        self, job: str, *, runs: int | None, days: int | None, now: datetime
    ) -> Iterator[Outlived]:
        """The ended runs of a job beyond a count or an age, the oldest first.

        Runs that were called by others go with their callers, and are not counted. Each is looked
        at when it is asked for: who deletes one before asking for the next sees it gone.
        """
        most = -1 if runs is None else runs
        oldest = "" if days is None else rfc3339(now - timedelta(days=days))
        rows = self.store.rows(_OUTLIVED, job, most, most, oldest)
        going = {row["id"] for row in rows}
        for row in rows:
            family = tuple(self._family(row["id"]))
            yield Outlived(
                run_id=row["id"],
                job=job,
                queued_at=row["queued_at"],
                status=row["status"],
                why="count" if 0 <= most < row["place"] else "age",
                family=family,
                needed=next((why for run in family if (why := self._needed(run, going))), ""),
            )

    def of_job(self, job_id: str) -> Iterator[Outlived]:
        """The ended runs of a job that is to be deleted, the oldest first; `why` is `deleted`.

        Its alerts and repairs go with it, and nobody needs its last success any more.
        """
        rows = self.store.rows(_OF_JOB, job_id)
        going = {row["id"] for row in rows}
        for row in rows:
            family = tuple(self._family(row["id"]))
            needed = next(
                (why for run in family if (why := self._referred(run, going, _LASTING))), ""
            )
            yield Outlived(
                run_id=row["id"], job=row["job"], queued_at=row["queued_at"], status=row["status"],
                why="deleted", family=family, needed=needed,
            )  # fmt: skip

    def keep(self, run_id: str, reason: str) -> None:
        """Keep a run, whatever its job's retention, until `let_go` with the same reason."""
        self.store.run(
            "insert or ignore into kept_runs (run_id, reason, at) values (?, ?, ?)",
            run_id, reason, rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def let_go(self, run_id: str, reason: str) -> bool:
        """False when it was not kept for this reason."""
        return bool(
            self.store.run("delete from kept_runs where run_id = ? and reason = ?", run_id, reason)
        )

    def tidy(self, now: datetime) -> int:
        """Delete old rows that belong to no run; gives their number.

        Ticks, firings whose run is gone, model calls, cached results, alerts that are over.
        """
        return sum(
            self.store.run(
                f"delete from {table} where {test}",  # noqa: S608 - both are ours
                rfc3339(now - timedelta(days=days)),
            )
            for table, test, days in _TIDY
        )

    def _needed(self, run_id: str, going: set[str]) -> str:
        run = self.store.row("select job, status from runs where id = ?", run_id)
        if run is None:
            return ""
        if run["status"] in ("queued", "running", "waiting"):
            return f"{run_id} is {run['status']}"
        if by := self._referred(run_id, going, _LASTING + _PASSING):
            return by
        last = self.store.row(
            "select id from runs where job = ? and dry = 0 and parent_run is null"
            " and status = 'succeeded' order by queued_at desc, id desc limit 1",
            run["job"],
        )
        return "the last success of its job" if last and last["id"] == run_id else ""

    def _referred(self, run_id: str, going: set[str], references: Sequence[tuple[str, str]]) -> str:
        for test, words in references:
            row = self.store.row(test, run_id)
            if row is not None and self._caller(row["by"]) not in going:
                return words.format(by=row["by"])
        return ""

    def _caller(self, run_id: str) -> str:
        """The run at the head of the calls that led to this one: itself when nobody called it."""
        row = self.store.row(
            "with recursive up(id, parent) as (select id, parent_run from runs where id = ? union"
            " select r.id, r.parent_run from runs r join up on r.id = up.parent)"
            " select id from up where parent is null",
            run_id,
        )
        return row["id"] if row else run_id

    def _family(self, run_id: str) -> list[str]:
        rows = self.store.rows(
            "with recursive family(id) as (values (?) union"
            " select r.id from runs r join family f on r.parent_run = f.id) select id from family",
            run_id,
        )
        return [row["id"] for row in rows]


_LASTING: tuple[tuple[str, str], ...] = (
    ("select reason as by from kept_runs where run_id = ? limit 1", "kept: {by}"),
    (
        "select id as by from runs where json_extract(request, '$.seed_run') = ?"
        " order by queued_at desc limit 1",
        "run {by} goes on from it",
    ),
)
"""Who may need a run, whatever becomes of its job."""
_PASSING: tuple[tuple[str, str], ...] = (
    (
        "select 'alert ' || id as by from alerts where run_id = ? and state = 'open' limit 1",
        "{by} is open",
    ),
    (
        "select 'patch ' || id as by from patches where run_id = ?"
        " and state in ('asked', 'canary') limit 1",
        "{by} mends it",
    ),
)
