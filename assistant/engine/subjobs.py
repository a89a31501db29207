"""`call_job`: another job as a step. It is a run of its own, inside the budget of its caller."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from assistant.engine.durable import Durable
from assistant.engine.grants import attended
from assistant.engine.outcome import RunOver, StepBroken, told
from assistant.engine.queueing import queue_run
from assistant.engine.request import job_of
from assistant.engine.scopes import FindJob, RunScope
from assistant.errors import AssistantError, ExecutionFailed
from assistant.pipeline.inputs import bind
from assistant.pipeline.spec import CallJobStep

if TYPE_CHECKING:
    from assistant.engine.walker import Walker

DEEPEST = 8


class SubJobs:
    """Calls other jobs for one run."""

    def __init__(self, run: RunScope, durable: Durable, jobs: FindJob) -> None:
        self._run = run
        self._durable = durable
        self._jobs = jobs

    async def call(
        self, step: CallJobStep, arguments: dict[str, Any], path: str, walker: Walker
    ) -> Any:
        """The outputs of the called job. Raises StepBroken with its error when it fails.

        A repeated call takes up what succeeded in the call before: nothing is done twice.
        """
        attempts = step.retry.attempts if step.retry else 1
        before: str | None = None
        for number in range(1, attempts + 1):
            ended = await self._once(step, arguments, path, number, before, walker)
            walker.moment = max(walker.moment, ended["at"])
            if ended["status"] == "succeeded":
                # Large ones lie in the folder of the run that made them.
                theirs = self._run.tools.values_of(step.job, ended["run_id"])
                return theirs.whole(ended["outputs"])
            if ended.get("owner") and walker.deadline is not None:
                raise RunOver("timed_out", ended["error"], walker.deadline.owner)
            before = ended.get("run_id")
            if ended["status"] != "failed" or before is None:
                break
        raise StepBroken(ended["error"] | {"step": path})  # pyright: ignore[reportPossiblyUnboundVariable]

    async def _once(
        self,
        step: CallJobStep,
        arguments: dict[str, Any],
        path: str,
        number: int,
        before: str | None,
        walker: Walker,
    ) -> dict[str, Any]:
        async def prepare() -> dict[str, Any]:
            try:
                return {"request": self._request(step, arguments, path, number, before, walker)}
            except AssistantError as wrong:
                return {
                    "status": "failed", "error": told(wrong, path), "at": self._run.journal.now(),
                }  # fmt: skip

        made = await self._durable.step(f"{path}#{number} called", prepare)
        if "request" not in made:
            return made
        request = made["request"]
        ended = await self._durable.call_run(request["run_id"], request)
        return {**ended, "run_id": request["run_id"]}

    def _request(
        self,
        step: CallJobStep,
        arguments: dict[str, Any],
        path: str,
        number: int,
        before: str | None,
        walker: Walker,
    ) -> dict[str, Any]:
        run = self._run
        names = run.request["jobs"]
        if step.job in names:
            raise ExecutionFailed(
                f"job {step.job!r} calls itself: {' → '.join([*names, step.job])}",
                hint="Take one of the calls out of the circle.",
            )
        if len(names) >= DEEPEST:
            raise ExecutionFailed(f"jobs call each other more than {DEEPEST} levels deep")
        # A worker elsewhere knows no jobs: what this one calls has come with it.
        along = run.request.get("files", {}).get(step.job)
        yaml, version, job_id = along or self._jobs(step.job)
        job = job_of(yaml)
        mark = hashlib.sha256(f"{path}#{number}".encode()).hexdigest()[:8]
        run_id = f"{run.run_id}.{mark}"
        deadline = walker.deadline
        request = {
            **run.request,
            "run_id": run_id,
            "job": job.name,
            "yaml": yaml,
            "version": version,
            "job_id": job_id,
            "inputs": bind(job.inputs, arguments),
            "trigger": {"kind": "call_job", "run": run.run_id, "path": path,
                        "attended": attended(run.request["trigger"])},
            "seed_run": before,
            "from_path": None,
            "breakpoints": [],
            "lineage": [*run.lineage, run_id],
            "jobs": [*names, step.job],
            "budgets": [
                *run.request.get("budgets", []),
                {"run_id": run.run_id, "tokens": run.budget.tokens, "cost": run.budget.cost},
            ],
            "deadline": [deadline.at, deadline.owner or f"run {run.run_id}"] if deadline else None,
        }  # fmt: skip
        queue_run(run.tools.repository, run.tools.clock, request, parent=run.run_id)
        return request
