"""Rows of a job that another process deletes meanwhile: said as what it is, not as SQLite says it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from assistant.errors import JobNotFound


@contextmanager
def told(job_id: str) -> Generator[None]:
    """Around a write of a row that belongs to a job. Raises JobNotFound when the job is gone.

    Only for writes of which no other constraint can fail than that the job is there.
    """
    try:
        yield
    except sqlite3.IntegrityError as gone:
        raise JobNotFound(
            f"there is no job {job_id[:80]!r} any more",
            hint="`assistant jobs list` shows the jobs there are.",
        ) from gone
