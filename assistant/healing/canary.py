"""Watching the first runs with a patch: two good ones and it stays, a worse one and it goes."""

from __future__ import annotations

from functools import partial

from assistant.clock import rfc3339
from assistant.errors import AssistantError
from assistant.healing.applying import take_back
from assistant.healing.case import asks_for, good_calls
from assistant.healing.comparing import compare
from assistant.healing.desk import Desk
from assistant.insight.faults import classify
from assistant.insight.signatures import failure_of
from assistant.pipeline.scope import static_path
from assistant.store.patches import Patch
from assistant.store.runs import AttemptRow, RunRow

RUNS = 2
_NOT_ITS_FAULT = frozenset({"transient", "rate_limited", "auth", "quota", "blocked"})


def watch(desk: Desk, patch: Patch, run: RunRow) -> str:
    """Take one run into account. Gives what it led to: "", `good`, `kept` or `undone`."""
    if run.version < patch.version or any(t["run"] == run.id for t in patch.trials):
        return ""
    verdict = _verdict(desk, patch, run)
    if verdict is None:
        return ""
    better, why = verdict
    trials = (*patch.trials, {"run": run.id, "better": better, "why": why})
    desk.patches.change(patch.id, only=("canary",), trials=trials)
    if not better:
        return _taken_back(desk, patch, why)
    if sum(bool(trial["better"]) for trial in trials) < RUNS:
        return "good"
    now = rfc3339(desk.clock.now())
    if desk.patches.change(patch.id, only=("canary",), state="kept", decided_at=now):
        desk.patches.tell("kept", patch, runs=[trial["run"] for trial in trials])
    return "kept"


def _taken_back(desk: Desk, patch: Patch, why: str) -> str:
    try:
        take_back(desk, patch, by="healing", reason=why)
    except AssistantError as changed:
        # The place was edited meanwhile: what stands there now is a person's.
        desk.patches.change(patch.id, only=("canary",), state="replaced", reason=changed.message)
        desk.patches.tell("replaced", patch, reason=changed.message)
        return "replaced"
    return "undone"


def _verdict(desk: Desk, patch: Patch, run: RunRow) -> tuple[bool, str] | None:
    """Whether the run did better than before the patch; None when it says nothing about it."""
    last = {
        attempt.path: attempt for attempt in desk.runs.attempts(run.id)
        if static_path(attempt.path) == patch.path
    }  # fmt: skip
    if not last:
        return None
    for attempt in last.values():
        if attempt.status != "succeeded":
            return _of_failure(run, attempt)
    for attempt in last.values():
        good = [one.output for one in good_calls(desk, run, attempt.path, attempt.skill)]
        # What the repair was proven without, as the job never names it, is not missed afterwards.
        wanted = partial(
            asks_for, text=run.request["yaml"], arguments=desk.whole(run, attempt.arguments)
        )
        compared = (
            compare(good, desk.output_of(attempt), strictly=False, wanted=wanted) if good else None
        )
        if compared is not None and not compared.held:
            return False, "; ".join(compared.lacks)
    code = (run.error or {}).get("code")
    if code in ("job_expectation_failed", "job_execution_failed"):
        return False, f"the run failed: {(run.error or {}).get('message', '')}"[:300]
    return True, "the step did its work"


def _of_failure(run: RunRow, attempt: AttemptRow) -> tuple[bool, str] | None:
    failure = failure_of(
        attempt.error or {}, run_id=run.id, job=run.job, at=attempt.started_at, path=attempt.path,
        skill=attempt.skill, arguments=attempt.arguments,
    )  # fmt: skip
    if attempt.status != "failed" or classify(failure).fault in _NOT_ITS_FAULT:
        return None
    return False, failure.message[:300]
