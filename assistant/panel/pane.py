"""The focused job on the right: what it is, what it does now, what it made."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from assistant.chat.reading import strip
from assistant.panel import outcome, views
from assistant.panel.addresses import artifact_address, to
from assistant.panel.drawing_parts import pipeline
from assistant.panel.html import el
from assistant.panel.reading import Reader, job_state
from assistant.panel.texts import say
from assistant.pipeline.spec import Job
from assistant.schedule.starting import triggers_in_words
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
        facts = [(say("pane.name"), record.name)]
        if record.version:
            facts.append((say("job.version"), str(record.version)))
        # What a draft would change does not hold yet.
        holds = self.reader.file(record) if draft is not None and record.version else job
        if holds is not None and holds.schedule is not None:
            told = in_words(holds.schedule.cron, holds.schedule.timezone)
            facts.append((say("pane.runs_at"), told))
        facts += [
            (say("pane.starts"), told) for told in (triggers_in_words(holds) if holds else ())
        ]
        if record.enabled and not record.paused:
            fires = self.workplace.upcoming(record.id, count=1)
            facts += [(say("pane.next"), moment(fire.local)) for fire in fires]
        done, total, notes = 0, 0, list[tuple[str, str]]()
        if run is not None:
            attempts = self.workplace.runs.attempts(run.id)
            facts.append((say("run.run"), el("a", run.id, href=to("runs", run.id))))
            if run.tokens:
                facts.append((say("run.tokens"), f"{run.tokens:,}"))
            if not run.ended:
                total = len(job.steps) if job is not None else 0
                done = min(total, len({a.path for a in attempts if a.status == "succeeded"}))
            notes += _run_notes(run)
        shown = strip(self.workplace, record)
        return views.pane_head(
            views.PaneHead(
                title=(job.title if job is not None else "") or record.title or record.name,
                name=record.name,
                state=job_state(record, draft, run, asked=bool(self.reader.asked(record.id))),
                facts=facts,
                done=done,
                total=total,
                phases=shown.phases,
                phase=shown.now,
                through=shown.done and (run is None or run.ended),
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
            return views.body(views.note("calm", say("pane.nothing_yet")))
        parts = list[str]()
        attempts = self.workplace.runs.attempts(run.id)
        artifacts = self.workplace.runs.artifacts(run.id)
        folder = self.workplace.settings.run_dir(run.job, run.id) / "artifacts"
        page = next((a for a in artifacts if a.media_type.startswith("text/html")), None)
        if page is not None and page.size < HTML_PREVIEW_BYTES and (folder / page.name).is_file():
            parts.append(views.letter((folder / page.name).read_text(encoding="utf-8"), page.name))
        if artifacts:
            named = [(a.name, artifact_address(run.job, run.id, a.name)) for a in artifacts]
            parts.append(views.section(say("run.files"), views.links(named)))
        delivered = [row for attempt in attempts for row in _receipt(attempt)]
        if delivered:
            parts.append(
                views.section(
                    say("pane.delivered"),
                    views.table((say("pane.to"), say("pane.subject"), say("pane.how")), delivered),
                )
            )
        given = outcome.given(run, attempts)
        if given and page is None:
            parts.append(outcome.card(self.reader, outcome.whole(self.reader, run, given)))
        return views.body(*(parts or [views.note("calm", say("pane.made_nothing"))]))

    def log(self, run: RunRow | None) -> str:
        events = [s.event for s in self.workplace.runs.events(run.id)] if run is not None else []
        return views.body(views.log(events[-LOG_LINES:], self.reader.clock))

    def history(self, record: JobRecord, yaml: str) -> str:
        versions = [
            (f"v{v.number}", v.author, v.message, self.reader.when(v.created_at))
            for v in self.workplace.jobs.versions(record.id)
        ]
        runs = [
            (
                el("a", r.id, href=to("runs", r.id)),
                r.status.replace("_", " "),
                self.reader.when(r.queued_at),
                r.reason,
            )
            for r in self.workplace.runs.list(job_id=record.id, limit=12)
            if not r.dry
        ]
        ticks = [
            (self.reader.when(t.due), say(f"ledger.{t.outcome}"), t.reason)
            for t in self.workplace.ledger.ticks(record.id, limit=8)
        ]
        parts = list[str]()
        if versions:
            parts.append(
                views.section(
                    say("job.versions"),
                    views.table(
                        ("", say("job.by"), say("job.message"), say("pane.when")), versions
                    ),
                )
            )
        if runs:
            head = (say("run.run"), say("jobs.status"), say("pane.when"), "")
            shown = len(head) if any(row[-1] for row in runs) else len(head) - 1
            table = views.table(head[:shown], [row[:shown] for row in runs])
            parts.append(views.section(say("job.runs"), table))
        if ticks:
            parts.append(
                views.section(
                    say("pane.instants"),
                    views.table((say("ledger.due"), say("ledger.outcome"), ""), ticks),
                )
            )
        if yaml:
            parts.append(views.section("job.yaml", views.plain(yaml)))
        return views.body(*(parts or [views.note("calm", say("pane.no_version"))]))


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
