"""What several places read of a job or a run, and how moments and spans are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.clock import parse_rfc3339
from assistant.errors import AssistantError
from assistant.panel.html import Html, el
from assistant.panel.texts import say
from assistant.panel.views import TONES
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job
from assistant.schedule.cron import zone, zone_here
from assistant.schedule.starting import starts_in_short
from assistant.schedule.wording import in_words
from assistant.store.jobs import Draft, JobRecord
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

STRIP = 10
OF_DRAFT = "draft"
"""What a question is about that its draft's own card asks."""


@dataclass(frozen=True)
class JobFacts:
    """One job as lists show it. `runs` are its latest real ones, the newest first."""

    record: JobRecord
    state: str
    schedule: str
    next_at: datetime | None
    runs: tuple[RunRow, ...]
    waits: bool

    @property
    def title(self) -> str:
        return self.record.title or self.record.name


class Reader:
    """Reads the store of one workplace; times are told in the person's zone."""

    def __init__(self, place: Workplace) -> None:
        self.place = place

    @property
    def zone(self) -> ZoneInfo:
        return zone(zone_here(self.place.settings.timezone))

    def now(self) -> datetime:
        return self.place.clock.now().astimezone(self.zone)

    def job(self, record: JobRecord) -> JobFacts:
        draft, runs = self.place.jobs.open_draft(record.id), self.runs(record.id)
        state = job_state(
            record, draft, runs[0] if runs else None, asked=bool(self.asked(record.id))
        )
        return JobFacts(
            record, state, self.schedule(record), self.next_fire(record), tuple(runs), draft is not None,
        )  # fmt: skip

    def asked(self, job_id: str = "") -> set[str]:
        """The ids of jobs in whose conversation a question waits; of one, or of all."""
        waiting = self.place.guide.open_questions(job_id)
        return {one.job_id for one in waiting if one.about != OF_DRAFT}

    def runs(self, job_id: str, most: int = STRIP) -> list[RunRow]:
        """The latest runs of a job that were no dry ones."""
        rows = self.place.runs.list(job_id=job_id, limit=most * 3)
        return [row for row in rows if not row.dry][:most]

    def schedule(self, record: JobRecord) -> str:
        """The schedule in words, or what else starts it; empty for what only a person starts."""
        kept = self.place.ledger.schedule(record.id)
        if kept is not None:
            return in_words(kept.cron, kept.timezone)
        job = self.file(record)
        told = starts_in_short(job) if job is not None else ""
        if not told or record.enabled:
            return told
        return say("jobs.schedule_off", schedule=told)

    def next_fire(self, record: JobRecord) -> datetime | None:
        if not record.enabled or record.paused:
            return None
        fires = self.place.upcoming(record.id, count=1)
        return fires[0].local if fires else None

    def file(self, record: JobRecord) -> Job | None:
        """The version in force as data; None when there is none, or it does not hold any more."""
        return parsed(self.place.jobs.version(record.id).yaml) if record.version else None

    def when(self, moment: str | datetime | None) -> str:
        """`today 07:00`, `yesterday 07:00`, `Mon 23 Nov, 07:00`; empty for none."""
        if moment is None or moment == "":
            return ""
        at = parse_rfc3339(moment) if isinstance(moment, str) else moment
        local, today = at.astimezone(self.zone), self.now().date()
        days = {today: "today", today - timedelta(days=1): "yesterday", today + timedelta(days=1): "tomorrow"}  # fmt: skip
        if (word := days.get(local.date())) is not None:
            return say(f"when.{word}", time=f"{local:%H:%M}")
        year = "" if local.year == today.year else f" {local.year}"
        return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"

    def moment(self, moment: str | datetime | None) -> Html | str:
        """The same for a table, where it stands on one line."""
        told = self.when(moment)
        return el("span", told, class_="whole") if told else ""

    def clock(self, moment: str) -> str:
        """`07:00:05`: for lists that are all of one day."""
        return f"{parse_rfc3339(moment).astimezone(self.zone):%H:%M:%S}"

    def shortly(self, moment: str) -> str:
        """`07:00` of today, else `23 Nov`: for lists where there is little room."""
        local = parse_rfc3339(moment).astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == self.now().date() else f"{local.day} {local:%b}"


def job_state(
    record: JobRecord, draft: Draft | None, run: RunRow | None, *, asked: bool = False
) -> str:
    """One word for the chip and the dot; `asked`: whether a question waits in its conversation."""
    if run is not None and not run.ended:
        return run.status
    if draft is not None:
        return "draft"
    if asked:
        return "waiting"
    if record.paused:
        return "paused"
    if run is not None and run.status in ("failed", "timed_out"):
        return run.status
    if record.enabled:
        return "scheduled"
    return run.status if run is not None else record.status


def parsed(yaml: str) -> Job | None:
    """The job file as data; None while it does not hold (its draft then says why)."""
    if not yaml:
        return None
    try:
        return load(yaml).job
    except AssistantError:
        return None


def seconds_of(run: RunRow) -> float | None:
    """How long a run took; None while it goes on, or when it never began."""
    if not run.started_at or not run.ended_at:
        return None
    return (parse_rfc3339(run.ended_at) - parse_rfc3339(run.started_at)).total_seconds()


def span(seconds: float | None) -> str:
    """`0.4 s`, `38 s`, `2 min 5 s`, `1 h 3 min`; empty for none."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def strip(runs: Sequence[RunRow]) -> Html:
    """The last ten results, the oldest left, as small bars; their height is how long they took."""
    if not runs:
        return el("span", "–", class_="soft")
    shown = list(reversed(runs))[-STRIP:]
    longest = max((seconds_of(run) or 0.0) for run in shown) or 1.0
    bars = [
        el("i", class_=TONES.get(run.status, "") or "none", title=run.status,
           style=f"height:{round(7 + 11 * (seconds_of(run) or 0.0) / longest)}px")
        for run in shown
    ]  # fmt: skip
    good = sum(run.status == "succeeded" for run in shown)
    told = say("jobs.strip", n=len(shown), good=good)
    return el("span", *bars, class_="strip", role="img", aria_label=told, title=told)
