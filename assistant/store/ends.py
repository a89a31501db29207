"""Runs as they end, for what waits for the end of a job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.clock import rfc3339
from assistant.store.database import Store


@dataclass(frozen=True)
class EndedRun:
    """The end of a run, for what waits for it."""

    id: str
    job: str
    status: str
    reason: str
    ended_at: str
    trigger: dict[str, Any]
    error: dict[str, Any] | None


def ended_since(store: Store, moment: datetime) -> list[EndedRun]:
    """The real runs that have ended since a moment, in the order of their ends."""
    rows = store.rows(
        "select id, job, status, reason, ended_at, trigger, error from runs"
        " where ended_at >= ? and dry = 0 order by ended_at, id",
        rfc3339(moment),
    )
    return [
        EndedRun(
            id=row["id"],
            job=row["job"],
            status=row["status"],
            reason=row["reason"],
            ended_at=row["ended_at"],
            trigger=json.loads(row["trigger"]),
            error=json.loads(row["error"]) if row["error"] else None,
        )
        for row in rows
    ]
