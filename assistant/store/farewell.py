"""The rows of a job that is deleted: what there is of it, and the deletion of all of it at once."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.store.database import Store
from assistant.store.keeping import KeepingRepository, Outlived

_UNFINISHED = """
    select id from runs
    where job_id = ? and status not in ('succeeded', 'failed', 'cancelled', 'timed_out')
    order by id
"""
_DELETE = f"delete from jobs where id = ? and not exists ({_UNFINISHED})"  # noqa: S608 - ours
_OF_JOB = (
    ("ticks", "job = ?"),
    ("firings", "job = ?"),
    ("alerts", "job_id = ?"),
    ("happenings", "job_id = ?"),
)
"""Tables that name a job by its id and do not go with its row."""


class Farewell:
    """Reads what a job leaves behind, and deletes it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._keeping = KeepingRepository(store)

    def runs(self, job_id: str) -> Iterator[Outlived]:
        """The ended runs of a job, under whatever name it ran; `needed` as if the job were gone."""
        return self._keeping.of_job(job_id)

    def unfinished(self, job_id: str) -> list[str]:
        """The runs of a job that have not ended, those that wait for a person among them."""
        return [row["id"] for row in self.store.rows(_UNFINISHED, job_id)]

    def words(self, job_id: str) -> int:
        """How many things were said in a job."""
        row = self.store.row("select count(*) as n from interactions where job_id = ?", job_id)
        return row["n"] if row else 0

    def waiting(self, job_id: str) -> list[str]:
        """Names of the jobs that wait for this one."""
        rows = self.store.rows(
            "select j.name from dependencies d join jobs j on j.id = d.job_id"
            " where d.depends_on = ? order by j.name",
            job_id,
        )
        return [row["name"] for row in rows]

    def delete(self, job_id: str, name: str) -> list[str]:
        """Delete the job with all that belongs to it alone, unless a run of it goes on: then nothing
        is deleted, and those runs are given."""
        with self.store.writing() as connection:
            gone = connection.execute(_DELETE, (job_id, job_id)).rowcount
            if gone:
                for table, test in _OF_JOB:
                    connection.execute(f"delete from {table} where {test}", (job_id,))  # noqa: S608
                # Nobody is told any more of what happened to runs that are gone.
                connection.execute(
                    "delete from happenings where run_id != ''"
                    " and not exists (select 1 from runs where runs.id = happenings.run_id)"
                )
                # Skills remember under the name, so that another job of that name would find it.
                connection.execute(
                    "delete from memory where job in (?, ?)", (name, f"triggers of {job_id}")
                )
        return [] if gone else self.unfinished(job_id)
