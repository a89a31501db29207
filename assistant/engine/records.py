"""The durable engine's records of steps in a SQLite file, found and kept with two plain statements.

DBOS builds its statements anew for every step and hands each to a thread: several times the work
of SQLite itself. The rows and the checks here are its own (a test holds them against each other):
a step is found by its place, under the same name, in a run that still belongs to this process.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SERIALIZATION = "portable_json"
# What waits longer for another writer lets the event loop go on meanwhile.
_PATIENCE_SECONDS = 0.005

_FIND = """
select status.status, kept.function_name, kept.output, kept.error
from workflow_status status left join operation_outputs kept
on kept.workflow_uuid = status.workflow_uuid and kept.function_id = ?
where status.workflow_uuid = ?
"""
_OWNED = "select owner_xid from workflow_status where workflow_uuid = ?"
_KEEP = """
insert into operation_outputs (workflow_uuid, function_id, function_name, started_at_epoch_ms,
    completed_at_epoch_ms, output, serialization, application_name, retention_timestamp)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class RecordRefused(Exception):
    """The records contradict the run: another process has it, or its steps came out otherwise."""


@dataclass(frozen=True)
class Place:
    """Where a step stands: a workflow, the number of the step in it, and its name.

    `owner` is the token of the execution that walks the workflow.
    """

    workflow: str
    number: int
    name: str
    owner: str | None


@dataclass(frozen=True)
class Found:
    value: Any


class StepRecords:
    """The step records of one SQLite file. `application` is stamped on each."""

    def __init__(self, path: Path, application: str | None) -> None:
        self._application = application
        self._connection = sqlite3.connect(
            path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA synchronous=NORMAL")
        # Autocheckpoints that come in the middle of a step are made by the other connections.
        self._connection.execute("PRAGMA wal_autocheckpoint=4000")
        self._lock = threading.Lock()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def find(self, place: Place) -> Found | None:
        """What is recorded for a step, None when it was not made. Raises RecordRefused."""
        with self._lock:
            row = self._connection.execute(_FIND, (place.number, place.workflow)).fetchone()
        if row is None:
            raise RecordRefused(f"{place.workflow} is not known to the durable engine")
        status, name, output, error = row
        if status == "CANCELLED":
            raise RecordRefused(f"{place.workflow} was cancelled in the durable engine")
        if name is None:
            return None
        if name != place.name:
            raise RecordRefused(
                f"step {place.number} of {place.workflow} was {name!r} and is {place.name!r} now"
            )
        if error is not None:
            raise RecordRefused(f"step {place.name!r} of {place.workflow} ended with {error}")
        return Found(json.loads(output))

    def keep(self, place: Place, value: Any, started: float) -> bool:
        """Record what a step gave; `started` is epoch seconds.

        False, and nothing is written, while another writer has the file: ask again. Raises
        RecordRefused when the run belongs to another execution, or the step was recorded by it.
        """
        output = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        now = int(time.time() * 1000)
        with self._lock:
            try:
                self._connection.execute("begin immediate")
            except sqlite3.OperationalError as busy:
                if busy.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    return False
                raise
            try:
                self._write(place, output, int(started * 1000), now)
                self._connection.execute("commit")
            except BaseException:
                self._connection.execute("rollback")
                raise
        return True

    def _write(self, place: Place, output: str, started: int, now: int) -> None:
        row = self._connection.execute(_OWNED, (place.workflow,)).fetchone()
        if place.owner is not None and (row is None or row[0] != place.owner):
            raise RecordRefused(f"{place.workflow} belongs to another execution now")
        try:
            self._connection.execute(
                _KEEP,
                (
                    place.workflow, place.number, place.name, started, now, output,
                    _SERIALIZATION, self._application, now,
                ),
            )  # fmt: skip
        except sqlite3.IntegrityError as twice:
            raise RecordRefused(f"step {place.name!r} of {place.workflow} was recorded") from twice
