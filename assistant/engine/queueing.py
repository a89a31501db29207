"""The first line of a run: its row and its first event, written before anything is started."""

from __future__ import annotations

from typing import Any

from assistant.clock import Clock, rfc3339
from assistant.errors import RequestWrong
from assistant.events import RunQueued
from assistant.store.runs import Keyed, RunRepository


class RunGoesOn(RequestWrong):
    """A run of the job with the same inputs goes on already. `run_id` names it."""

    code = "job_policy_denied"

    def __init__(self, job: str, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(
            f"{job!r} is running with these inputs already: {run_id}",
            hint=f"Follow it (assistant jobs tail {job}), or start another with --again.",
        )


def refuse_second(repository: RunRepository, request: dict[str, Any]) -> None:
    """Raises RunGoesOn while a real run of the job with the same inputs has not ended."""
    for run in repository.active(request["job"]):
        if run.inputs == request["inputs"] and run.id != request["run_id"]:
            raise RunGoesOn(request["job"], run.id)


def queue_run(
    repository: RunRepository,
    clock: Clock,
    request: dict[str, Any],
    *,
    parent: str | None = None,
    more: dict[str, Any] | None = None,
    at: str = "",
) -> bool:
    """Write a run as queued. False when it is there already: nothing is changed then.

    `more` are columns that only the runs of several machines have.
    """
    at = at or rfc3339(clock.now())
    event = RunQueued(
        run_id=request["run_id"], at=at, job=request["job"], version=request["version"],
        trigger=request["trigger"], inputs=request["inputs"], dry=request["dry"],
        job_id=request["job_id"], parent_run=parent or "",
    )  # fmt: skip
    facts = {
        "job": request["job"], "job_id": request["job_id"], "version": request["version"],
        "status": "queued", "trigger": request["trigger"], "inputs": request["inputs"],
        "dry": int(request["dry"]), "parent_run": parent,
        "priority": request.get("priority", 0),
        "queued_at": at, "request": request, **(more or {}),
    }  # fmt: skip
    return repository.queue(request["run_id"], facts, Keyed("queued", event))
