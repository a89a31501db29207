"""The runs of a job that were asked for between two instants."""

from __future__ import annotations

from datetime import datetime

from assistant.clock import rfc3339
from assistant.store.database import Store

_OF_JOB = "from runs where job_id = ? and dry = 0 and parent_run is null"


def between(store: Store, job_id: str, first: datetime, until: datetime, *, most: int) -> list[str]:
    """Ids of the runs queued from `first` on and before `until`, the newest first; no dry runs,
    and none that another run called."""
    rows = store.rows(
        f"select id {_OF_JOB} and queued_at >= ? and queued_at < ?"
        " order by queued_at desc, id desc limit ?",
        job_id, rfc3339(first), rfc3339(until), most,
    )  # fmt: skip
    return [str(row["id"]) for row in rows]


def latest(store: Store, job_id: str, *, most: int) -> list[str]:
    """Ids of the newest runs, the newest first; no dry runs, and none that another run called."""
    rows = store.rows(
        f"select id {_OF_JOB} order by queued_at desc, id desc limit ?",
        job_id, most,
    )  # fmt: skip
    return [str(row["id"]) for row in rows]


def last_job(store: Store) -> str:
    """The id of the job whose run is the newest of all; empty when none has run."""
    row = store.row(
        "select job_id from runs where job_id <> '' and dry = 0 and parent_run is null"
        " order by queued_at desc, id desc limit 1"
    )
    return str(row["job_id"]) if row else ""
