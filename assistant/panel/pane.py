"""The focused job on the right: what it is, what it does now, what it made."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from assistant.job.phases import PHASES
from assistant.panel import views
from assistant.panel.addresses import artifact_address, to
from assistant.panel.drawing_parts import pipeline
from assistant.panel.reading import Reader, job_state
from assistant.pipeline.spec import Job
from assistant.schedule.wording import in_words, moment
from assistant.store.jobs import Draft, JobRecord
from assistant.store.runs import AttemptRow, RunRow
from assistant.workplace import Workplace

HTML_PREVIEW_BYTES = 2_000_000
LOG_LINES = 200


class Pane:
    """Reads the store and makes the parts of a `Screen` that belong to one job."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.reader = Reader(workplace)

    def run_shown(self, record: JobRecord) -> RunRow | None:
        """The run that the pane follows: the latest one that was no dry run."""
        rows = self.workplace.runs.list(job_id=record.id, limit=10)
        return next((row for row in rows if not row.dry), None)

    def text(self, record: JobRecord, draft: Draft | None) -> str:
        """The job file that is shown: the open draft's, else the one in force, else nothing."""
        if draft is not None:
            return draft.yaml
        return self.workplace.jobs.version(record.id).yaml if record.version else ""

    def head(
        self, record: JobRecord, draft: Draft | None, run: RunRow | None, job: Job | None
    ) -> str:
        facts = [("Name", record.name)]
        if record.version:
            facts.append(("Version", str(record.version)))
        if job is not None and job.schedule is not None:
            facts.append(("Runs", in_words(job.schedule.cron, job.schedule.timezone)))
        if record.enabled and not record.paused:
            fires = self.workplace.upcoming(record.id, count=1)
            facts += [("Next", moment(fire.local)) for fire in fires]
        done, total, notes = 0, 0, list[tuple[str, str]]()
        if run is not None:
            attempts = self.workplace.runs.attempts(run.id)
            facts.append(("Run", run.id))
            if run.tokens:
                facts.append(("Tokens", f"{run.tokens:,}"))
            if not run.ended:
                total = len(job.steps) if job is not None else 0
                done = min(total, len({a.path for a in attempts if a.status == "succeeded"}))
            notes += _run_notes(run)
        return views.pane_head(
            views.PaneHead(
                title=(job.title if job is not None else "") or record.title or record.name,
                name=record.name,
                state=job_state(record, draft, run),
                facts=facts,
                done=done,
                total=total,
                phases=PHASES,
                phase=record.phase,
                notes=notes,
            )
        )

    def drawing(
        self, record: JobRecord, job: Job, run: RunRow | None, folded: Collection[str] = ()
    ) -> str:
        """The pipeline, with the states of a run; a step leads to what it did, or to its line."""

        def where(path: str) -> str:
            return (
                to("runs", run.id, "step", path) if run else to("jobs", record.name, "step", path)
            )

        links = where if run is not None or record.version else None
        return pipeline(self.reader, job, run=run, folded=folded, step_link=links)

    def output(self, run: RunRow | None) -> str:
        """What the run made: a page first, then its files, its outputs and deliveries."""
        if run is None:
            return views.body(
                views.note("calm", "Nothing made yet. Run the job, or approve its draft.")
            )
        parts = list[str]()
        artifacts = self.workplace.runs.artifacts(run.id)
        folder = self.workplace.settings.run_dir(run.job, run.id) / "artifacts"
        page = next((a for a in artifacts if a.media_type.startswith("text/html")), None)
        if page is not None and page.size < HTML_PREVIEW_BYTES and (folder / page.name).is_file():
            parts.append(views.letter((folder / page.name).read_text(encoding="utf-8"), page.name))
        if artifacts:
            named = [(a.name, artifact_address(run.job, run.id, a.name)) for a in artifacts]
            parts.append(views.section("Files", views.links(named)))
        delivered = [
            row for attempt in self.workplace.runs.attempts(run.id) for row in _receipt(attempt)
        ]
        if delivered:
            parts.append(
                views.section("Delivered", views.table(("To", "Subject", "How"), delivered))
            )
        if run.outputs and page is None:
            shown = json.dumps(run.outputs, indent=2, ensure_ascii=False)[:8000]
            parts.append(views.section("Outputs", views.plain(shown)))
        return views.body(*(parts or [views.note("calm", "This run has made nothing yet.")]))

    def log(self, run: RunRow | None) -> str:
        events = [s.event for s in self.workplace.runs.events(run.id)] if run is not None else []
        return views.body(views.log(events[-LOG_LINES:]))

    def history(self, record: JobRecord, yaml: str) -> str:
        versions = [
            (f"v{v.number}", v.author, v.message, v.created_at[:16].replace("T", " "))
            for v in self.workplace.jobs.versions(record.id)
        ]
        runs = [
            (r.id, r.status.replace("_", " "), r.queued_at[:16].replace("T", " "), r.reason)
            for r in self.workplace.runs.list(job_id=record.id, limit=12)
            if not r.dry
        ]
        ticks = [
            (t.due[:16].replace("T", " "), t.outcome, t.reason)
            for t in self.workplace.ledger.ticks(record.id, limit=8)
        ]
        parts = list[str]()
        if versions:
            parts.append(
                views.section("Versions", views.table(("", "By", "What", "When (UTC)"), versions))
            )
        if runs:
            parts.append(
                views.section("Runs", views.table(("Run", "Status", "When (UTC)", ""), runs))
            )
        if ticks:
            parts.append(
                views.section("Planned instants", views.table(("Due (UTC)", "Outcome", ""), ticks))
            )
        if yaml:
            parts.append(views.section("job.yaml", views.plain(yaml)))
        return views.body(*(parts or [views.note("calm", "No version yet.")]))


def _run_notes(run: RunRow) -> list[tuple[str, str]]:
    if run.error:
        words = " ".join(str(run.error[k]) for k in ("message", "hint") if run.error.get(k))
        return [("bad", f"{words} ({run.error.get('code', '')})")]
    if run.status == "succeeded" and run.reason:
        return [("ok", run.reason)]
    return []


def _receipt(attempt: AttemptRow) -> list[tuple[str, str, str]]:
    output: Any = attempt.output
    receipt: Any = output.get("receipt") if isinstance(output, dict) else None
    if not isinstance(receipt, dict):
        return []
    to = ", ".join(str(r) for r in receipt.get("recipients", []))
    how = f"{receipt.get('channel', '')} · {receipt.get('state', '')}"
    return [(to, str(receipt.get("subject", "")), how)]
