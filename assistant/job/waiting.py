"""Questions that runs wait with, and the words that answer them. No engine is needed for either."""

from __future__ import annotations

import asyncio

from assistant.errors import ExecutionFailed, TargetUnresolved
from assistant.events import ApprovalAsked, ApprovalDecided
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRepository

POLL_SECONDS = 0.05


def open_questions(runs: RunRepository, run_id: str) -> list[ApprovalAsked]:
    """What a run has asked and nobody has answered, in the order it was asked."""
    asked = dict[str, ApprovalAsked]()
    for stored in runs.events(run_id):
        if isinstance(stored.event, ApprovalAsked):
            asked[stored.event.path] = stored.event
        elif isinstance(stored.event, ApprovalDecided):
            asked.pop(stored.event.path, None)
    return list(asked.values())


def decide(
    runs: RunRepository, run_id: str, *, approved: bool, by: str, path: str = ""
) -> list[tuple[str, str]]:
    """Answer a run's open questions, or the one at a path; gives (run id, path) of each.

    Raises TargetUnresolved when nothing waits there.
    """
    runs.get(run_id)
    paths = [q.path for q in open_questions(runs, run_id) if path in ("", q.path)]
    if not paths:
        raise TargetUnresolved(
            f"nothing in run {run_id!r} waits for a word" + (f" at {path!r}" if path else ""),
            hint=f"`assistant runs show {run_id}` shows how it stands.",
        )
    # A question is answered once: of two answers at the same moment the first one counts.
    taken = [waiting for waiting in paths if runs.decide(run_id, waiting, approved=approved, by=by)]
    if not taken:
        raise TargetUnresolved(
            f"run {run_id!r} has been given a word already",
            hint=f"`assistant runs show {run_id}` shows how it stands.",
        )
    return [(run_id, waiting) for waiting in taken]


async def gone_on(runs: RunRepository, run_id: str, path: str, *, seconds: float = 60.0) -> None:
    """Wait until a run has heard the word it was given at a path, and does something about it.

    Raises ExecutionFailed when nothing takes the run up within so many seconds.
    """
    try:
        async with asyncio.timeout(seconds):
            while not _has_heard(runs, run_id, path):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise ExecutionFailed(
            f"run {run_id} has not gone on within {seconds:g} seconds",
            hint=f"`assistant runs show {run_id}` shows how it stands.",
        ) from None


def _has_heard(runs: RunRepository, run_id: str, path: str) -> bool:
    """The question is answered; and the run goes on, or waits with something else by now."""
    waiting = {question.path for question in open_questions(runs, run_id)}
    if path in waiting:
        return False
    return runs.get(run_id).status != "waiting" or bool(waiting or runs.held(run_id))


def decide_all(
    runs: RunRepository, job: JobRecord, *, approved: bool, by: str
) -> list[tuple[str, str]]:
    """Answer whatever the runs of a job wait with. Raises TargetUnresolved when nothing waits."""
    waiting = [run.id for run in runs.active(job.name) if open_questions(runs, run.id)]
    if not waiting:
        raise TargetUnresolved(
            f"nothing of {job.name!r} waits for a word",
            hint=f"`assistant jobs show {job.name}` shows how it stands.",
        )
    return [pair for run_id in waiting for pair in decide(runs, run_id, approved=approved, by=by)]
