"""The one writer of the figures: what each event of a run means, as rows that can be counted.

It hears every event in the transaction that writes it, so the figures and the events never
disagree. The same writer fed with a run's `events.jsonl` gives the same rows: see `rebuild.py`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.events import (
    ApprovalAsked,
    ApprovalDecided,
    ArtifactSaved,
    Event,
    ModelCalled,
    RunEnded,
    RunQueued,
    RunResumed,
    RunStarted,
    StepDone,
    StepFailed,
    StepRetrying,
    StepStarted,
    StepUnknown,
    StepWarned,
)
from assistant.insight.faults import classify
from assistant.insight.signatures import failure_of, host_of, signature_of

_ROUND = re.compile(r"\[\d+\]")
# What the engine calls steps that hold or decide, where a skill's name would stand.
_NO_SKILL = frozenset({"", "parallel", "for_each", "while", "approve", "set", "stop"})


class FigureWriter:
    """Turns events into rows of `run_facts`, `skill_calls`, `approvals`, `files`, `model_calls`."""

    def hear(self, connection: sqlite3.Connection, events: Sequence[Event]) -> None:
        """Events of one run, in order and each once. What comes after its end changes nothing.

        So every statement here holds only for a run that is not over, or a try under way: a run
        that ends takes its tries with it.
        """
        for event in events:
            write = _WRITERS.get(type(event))
            if write is not None:
                write(connection, event)


def _add(connection: sqlite3.Connection, run_id: str, column: str) -> None:
    connection.execute(
        f"update run_facts set {column} = {column} + 1"  # noqa: S608 - ours
        " where run_id = ? and ended_at is null",
        (run_id,),
    )


# -- a run ---------------------------------------------------------------------------


def _queued(connection: sqlite3.Connection, event: RunQueued) -> None:
    connection.execute(
        "insert or ignore into run_facts"
        " (run_id, job, job_id, version, started_by, parent_run, dry, status, queued_at)"
        " values (?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
        (
            event.run_id, event.job, event.job_id, event.version,
            str(event.trigger.get("kind", "")), event.parent_run, int(event.dry), event.at,
        ),
    )  # fmt: skip


def _started(connection: sqlite3.Connection, event: RunStarted) -> None:
    run_id, at = event.run_id, event.at
    row = connection.execute(
        "select queued_at from run_facts"
        " where run_id = ? and started_at is null and ended_at is null",
        (run_id,),
    ).fetchone()
    if row:
        connection.execute(
            "update run_facts set status = 'running', started_at = ?, wait_seconds = ?"
            " where run_id = ?",
            (at, _between(row[0], at), run_id),
        )


def _ended(connection: sqlite3.Connection, event: RunEnded) -> None:
    row = connection.execute(
        "select job, started_at, asked_seconds from run_facts where run_id = ? and ended_at is null",
        (event.run_id,),
    ).fetchone()
    if row is None:
        return
    job, started_at, asked = row
    seconds = max(0.0, round(_between(started_at, event.at) - asked, 3)) if started_at else None
    connection.execute(
        _TOTALS,
        {
            "run_id": event.run_id, "status": event.status, "ended_at": event.at,
            "seconds": seconds,
            "stopped": int(event.status == "succeeded" and event.reason != ""),
            **_blame(connection, event, job),
        },
    )  # fmt: skip
    # A try that was under way when its run ended is over too.
    connection.execute(
        "update skill_calls set status = 'cancelled', ended_at = ?"
        " where run_id = ? and status = 'running'",
        (event.at, event.run_id),
    )


_TOTALS = """
update run_facts set
    status = :status, ended_at = :ended_at, seconds = :seconds, stopped = :stopped,
    code = :code, step = :step, fault = :fault, skill = :skill, host = :host,
    signature = :signature,
    (calls, failed_calls) = (
        select count(*), coalesce(sum(status != 'succeeded'), 0) from skill_calls c
        where c.run_id = :run_id and not seeded),
    (files, file_bytes) = (
        select count(*), coalesce(sum(size), 0) from files f where f.run_id = :run_id),
    (model_calls, tokens_in, tokens_out, cost) = (
        select count(*), coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0),
            round(coalesce(sum(cost), 0), 9)
        from model_calls m where m.run_id = :run_id)
where run_id = :run_id
"""


def _blame(connection: sqlite3.Connection, event: RunEnded, job: str) -> dict[str, str]:
    """What a run failed of: the failed call's class and host, or the class of its own error."""
    names = ("code", "step", "fault", "skill", "host", "signature")
    nothing: dict[str, str] = dict.fromkeys(names, "")
    error = event.error
    if not error or event.status == "cancelled":
        return nothing
    path = str(error.get("step", ""))
    about = nothing | {"code": str(error.get("code", "")), "step": path}
    call = connection.execute(
        "select skill, host, fault, signature from skill_calls"
        " where run_id = ? and path = ? and fault != '' order by attempt desc limit 1",
        (event.run_id, path),
    ).fetchone()
    if call:
        return about | dict(zip(("skill", "host", "fault", "signature"), call, strict=True))
    failure = failure_of(error, run_id=event.run_id, job=job, at=event.at, path=path)
    fault = classify(failure).fault
    signature = signature_of(failure, fault)
    return about | {"fault": fault, "host": failure.host, "signature": signature.id}


# -- a step --------------------------------------------------------------------------


def _step_started(connection: sqlite3.Connection, event: StepStarted) -> None:
    if event.skill in _NO_SKILL or event.skill.startswith("call_job "):
        return
    connection.execute(
        "insert or ignore into skill_calls"
        " (run_id, path, attempt, step, job, skill, host, status, started_at)"
        " select run_id, ?, ?, ?, job, ?, ?, 'running', ? from run_facts"
        " where run_id = ? and ended_at is null",
        (
            event.path, event.attempt, step_of(event.path), event.skill,
            host_of("", event.arguments), event.at, event.run_id,
        ),
    )  # fmt: skip


def _step_done(connection: sqlite3.Connection, event: StepDone) -> None:
    place = (event.run_id, event.path, event.attempt)
    if event.seeded:
        # What an earlier run gave: it was not called, and still it counts for what came out.
        connection.execute(
            "insert or ignore into skill_calls"
            " (run_id, path, attempt, step, job, skill, host, status, started_at, seeded)"
            " select run_id, ?, ?, ?, job, ?, '', 'running', ?, 1 from run_facts"
            " where run_id = ? and ended_at is null",
            (*place[1:], step_of(event.path), event.skill, event.at, event.run_id),
        )
    connection.execute(
        "update skill_calls set status = 'succeeded', ended_at = ?, seconds = ?, items = ?,"
        " size = ?, newest_at = ?, cached = ?, preview = ?"
        " where run_id = ? and path = ? and attempt = ? and status = 'running'",
        (
            event.at, event.seconds, event.items, event.size, event.newest, int(event.cached),
            int(event.preview), *place,
        ),
    )  # fmt: skip
    if event.items is not None and "/" not in event.path:
        connection.execute(
            "update run_facts set items = ? where run_id = ? and ended_at is null",
            (event.items, event.run_id),
        )


def _step_failed(connection: sqlite3.Connection, event: StepFailed) -> None:
    ended = "cancelled" if event.error.get("code") == "job_cancelled" else "failed"
    _failed(connection, event, ended, event.seconds)


def _step_retrying(connection: sqlite3.Connection, event: StepRetrying) -> None:
    _failed(connection, event, "retried", None)


def _failed(
    connection: sqlite3.Connection,
    event: StepFailed | StepRetrying,
    status: str,
    seconds: float | None,
) -> None:
    place = (event.run_id, event.path, event.attempt)
    call = connection.execute(
        "select job, skill, host, started_at from skill_calls"
        " where run_id = ? and path = ? and attempt = ? and status = 'running'",
        place,
    ).fetchone()
    if call is None:  # it failed before any skill was called, and its run tells of it
        return
    job, skill, host, started_at = call
    facts = {"code": str(event.error.get("code", "")), "fault": "", "signature": "", "host": host}
    if status != "cancelled":
        facts |= _class(connection, event, job, skill, host)
    connection.execute(
        "update skill_calls set status = ?, ended_at = ?, seconds = ?, host = ?, code = ?,"
        " fault = ?, signature = ? where run_id = ? and path = ? and attempt = ?",
        (
            status, event.at, _between(started_at, event.at) if seconds is None else seconds,
            facts["host"], facts["code"], facts["fault"], facts["signature"], *place,
        ),
    )  # fmt: skip


def _class(
    connection: sqlite3.Connection,
    event: StepFailed | StepRetrying,
    job: str,
    skill: str,
    host: str,
) -> dict[str, str]:
    limited = connection.execute(
        "select 1 from skill_calls where run_id = ? and path = ? and fault = 'rate_limited'",
        (event.run_id, event.path),
    ).fetchone()
    failure = failure_of(
        event.error, run_id=event.run_id, job=job, at=event.at, path=event.path, skill=skill,
        arguments={"url": f"https://{host}/"} if host else {},
        errors=({"kind": "RateLimited"}, event.error) if limited else (),
    )  # fmt: skip
    fault = classify(failure).fault
    signature = signature_of(failure, fault)
    return {"fault": fault, "host": failure.host, "signature": signature.id}


def _step_unknown(connection: sqlite3.Connection, event: StepUnknown) -> None:
    connection.execute(
        "update skill_calls set status = 'unknown', ended_at = ?"
        " where run_id = ? and path = ? and status = 'running'",
        (event.at, event.run_id, event.path),
    )


# -- people, files, models -----------------------------------------------------------


def _asked(connection: sqlite3.Connection, event: ApprovalAsked) -> None:
    connection.execute(
        "insert or ignore into approvals (run_id, path, job, asked_at)"
        " select run_id, ?, job, ? from run_facts where run_id = ? and ended_at is null",
        (event.path, event.at, event.run_id),
    )


def _saved(connection: sqlite3.Connection, event: ArtifactSaved) -> None:
    connection.execute(
        "insert or replace into files (run_id, name, media_type, size)"
        " select run_id, ?, ?, ? from run_facts where run_id = ? and ended_at is null",
        (event.name, event.media_type, event.size, event.run_id),
    )


def _decided(connection: sqlite3.Connection, event: ApprovalDecided) -> None:
    row = connection.execute(
        "select asked_at from approvals a join run_facts f on f.run_id = a.run_id"
        " where a.run_id = ? and path = ? and decided_at is null and f.ended_at is null",
        (event.run_id, event.path),
    ).fetchone()
    if row is None:
        return
    seconds = _between(row[0], event.at)
    connection.execute(
        "update approvals set decided_at = ?, decision = ?, decided_by = ?, seconds = ?"
        " where run_id = ? and path = ?",
        (
            event.at, "approved" if event.approved else "refused", event.by, seconds,
            event.run_id, event.path,
        ),
    )  # fmt: skip
    connection.execute(
        "update run_facts set asked_seconds = round(asked_seconds + ?, 3) where run_id = ?",
        (seconds, event.run_id),
    )


def _model_called(connection: sqlite3.Connection, event: ModelCalled) -> None:
    connection.execute(
        "insert into model_calls (at, model, purpose, run_id, path, tokens_in, tokens_out,"
        " cached_tokens, cost, seconds, error, job)"
        " select ?, ?, ?, run_id, ?, ?, ?, ?, ?, ?, ?, job from run_facts"
        " where run_id = ? and ended_at is null",
        (
            event.at, event.model, event.purpose, event.path, event.tokens_in, event.tokens_out,
            event.cached_tokens, event.cost, event.seconds, event.error or None, event.run_id,
        ),
    )  # fmt: skip


def _resumed(connection: sqlite3.Connection, event: RunResumed) -> None:
    _add(connection, event.run_id, "resumes")


def _warned(connection: sqlite3.Connection, event: StepWarned) -> None:
    _add(connection, event.run_id, "warnings")


_WRITERS: dict[type[Event], Callable[[sqlite3.Connection, Any], None]] = {
    RunQueued: _queued,
    RunStarted: _started,
    RunResumed: _resumed,
    RunEnded: _ended,
    StepStarted: _step_started,
    StepDone: _step_done,
    StepFailed: _step_failed,
    StepRetrying: _step_retrying,
    StepUnknown: _step_unknown,
    StepWarned: _warned,
    ApprovalAsked: _asked,
    ApprovalDecided: _decided,
    ArtifactSaved: _saved,
    ModelCalled: _model_called,
}
"""Events that are not here (progress, a skipped step, a held run, an expectation) leave no figure."""


# -- values --------------------------------------------------------------------------


def step_of(path: str) -> str:
    """The step a path belongs to, whatever the round: `each[3]/fetch` → `each/fetch`."""
    return _ROUND.sub("", path) if "[" in path else path


def _between(earlier: str, later: str) -> float:
    seconds = (parse_rfc3339(later) - parse_rfc3339(earlier)).total_seconds()
    return max(0.0, round(seconds, 3))
