"""The first line of a run: its row and its first event, written before anything is started."""

from __future__ import annotations

from typing import Any

from assistant.clock import Clock, rfc3339
from assistant.events import RunQueued
from assistant.store.runs import Keyed, RunRepository


def queue_run(
    repository: RunRepository,
    clock: Clock,
    request: dict[str, Any],
    *,
    parent: str | None = None,
    priority: int = 0,
) -> bool:
    """Write a run as queued. False when it is there already: nothing is changed then."""
    at = rfc3339(clock.now())
    event = RunQueued(
        run_id=request["run_id"], at=at, job=request["job"], version=request["version"],
        trigger=request["trigger"], inputs=request["inputs"], dry=request["dry"],
        job_id=request["job_id"], parent_run=parent or "",
    )  # fmt: skip
    facts = {
        "job": request["job"], "job_id": request["job_id"], "version": request["version"],
        "status": "queued", "trigger": request["trigger"], "inputs": request["inputs"],
        "dry": int(request["dry"]), "parent_run": parent, "priority": priority,
        "queued_at": at, "request": request,
    }  # fmt: skip
    return repository.queue(request["run_id"], facts, Keyed("queued", event))
