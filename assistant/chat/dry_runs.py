"""What a dry run of the draft that waits came to, when somebody asks why it failed or how it went."""

from __future__ import annotations

from assistant.chat.answering import words
from assistant.chat.run_answers import diagnosed
from assistant.chat.run_questions import RunQuestion
from assistant.chat.summaries import plain
from assistant.insight.faults import MEANINGS
from assistant.store import run_days
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

_LOOKED_AT = 20


def tried(place: Workplace, record: JobRecord | None) -> RunRow | None:
    """The dry run of a job's open draft, when nothing of the job has run since."""
    draft = place.jobs.open_draft(record.id) if record is not None else None
    dry = (draft.card or {}).get("dry_run") if draft is not None else None
    row = place.runs.find(str(dry["run_id"])) if dry else None
    if row is None or record is None:
        return None
    newest = run_days.latest(place.store, record.id, most=1)
    real = place.runs.find(newest[0]) if newest else None
    return row if real is None or real.queued_at < row.queued_at else None


def last_tried(place: Workplace) -> JobRecord | None:
    """The job whose draft was tried last, when no run of any job is newer."""
    for record in place.jobs.list(limit=_LOOKED_AT):
        if (row := tried(place, record)) is not None:
            last = place.jobs.find(run_days.last_job(place.store))
            newest = run_days.latest(place.store, last.id, most=1) if last else []
            real = place.runs.find(newest[0]) if newest else None
            return record if real is None or real.queued_at < row.queued_at else None
    return None


def answer(place: Workplace, record: JobRecord, asked: RunQuestion) -> str:
    """Why the dry run failed, with what helps, or that it went well; empty when it was not asked
    about it, or there was none."""
    if asked.kind not in ("failed", "went") or asked.days is not None:
        return ""
    row = tried(place, record)
    if row is None:
        return ""
    if row.status == "succeeded":
        return words("dry_well" if asked.kind == "went" else "dry_no_failure", name=record.name)
    error = row.error or {}
    path = str(error.get("step", ""))
    at = f" in {words('past_step', step=path)}" if path else ""
    failed = [a for a in place.runs.attempts(row.id, path) if a.error]
    said = plain(error.get("message", "") or row.reason or row.status).rstrip(".")
    kind = f" ({MEANINGS[diagnosed(row, path, failed).fault]})" if error else ""
    hint = plain(error["hint"]) if error.get("hint") else ""
    help_ = f" {words('past_hint', hint=hint).lstrip('- ')}" if hint else ""
    return words("dry_failed", name=record.name, at=at, error=said, kind=kind) + help_ + " " + words("dry_change")  # fmt: skip
