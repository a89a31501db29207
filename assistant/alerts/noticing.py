"""From what happened to what is worth telling: one happening at a time, each once.

Who is told what stands in the job's file (`alerts: {on, to}`); a job whose file says nothing is
told of as the settings say, when nobody watches its runs. A question of an unattended run is
always told: without an answer it waits for ever.
"""

from __future__ import annotations

import logging
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistant.alerts import timing, wording
from assistant.alerts.approvals import Approvals
from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.engine.grants import attended
from assistant.engine.request import job_of
from assistant.errors import AssistantError
from assistant.events import ApprovalAsked
from assistant.insight.faults import classify
from assistant.insight.signatures import failure_of, normalised, signature_of
from assistant.masking import Masker
from assistant.schedule.cron import zone_here
from assistant.settings import Channel, Settings
from assistant.store.alerts import AlertRepository, AlertRow, Notice
from assistant.store.happenings import Happening, waiting_happenings
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository, RunRow

log = logging.getLogger(__name__)
SLOW_FACTOR = 3.0
SLOW_LEAST = 1.0
"""Seconds. Below it a run is not called slow, whatever the others took."""
_ENOUGH_RUNS = 5
_TROUBLE = ("failed", "missed", "budget")


@dataclass(frozen=True)
class Plan:
    """Of which kinds of alert to tell, and to whom."""

    on: tuple[str, ...]
    to: tuple[str, ...]

    def kind(self, *kinds: str) -> str:
        """The first of these kinds that is told of; empty when none is."""
        return next((kind for kind in kinds if kind in self.on), "")


@dataclass(frozen=True)
class Seen:
    """What a happening leads to: notices, who hears of each, and the alerts it ends."""

    notices: tuple[tuple[Notice, tuple[str, ...]], ...] = ()
    over: tuple[AlertRow, ...] = ()


class Noticing:
    """Looks at what has happened. `settings` and `masker` are asked anew in every round."""

    def __init__(
        self,
        alerts: AlertRepository,
        jobs: JobRepository,
        runs: RunRepository,
        approvals: Approvals,
        *,
        settings: Callable[[], Settings],
        masker: Callable[[], Masker],
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._jobs = jobs
        self._runs = runs
        self._approvals = approvals
        self._settings = settings
        self._masker = masker
        self._clock = clock

    def look(self) -> int:
        """Take everything that has happened; gives the number. Safe in several processes."""
        taken = 0
        settings = self._settings()
        while found := waiting_happenings(self._alerts.store):
            for happening in found:
                taken += self._take(happening, settings)
        self._look_for_slow(settings)
        return taken

    def _take(self, happening: Happening, settings: Settings) -> bool:
        try:
            seen = self._seen(happening, settings)
        except Exception:  # a happening that cannot be read must not hold up all others
            log.exception("an alert of kind %s could not be made", happening.kind)
            seen = Seen()
        notices = [(self._masked(n), self._due(n.kind, to, settings)) for n, to in seen.notices]
        return self._alerts.take(
            happening, notices, over=[alert.id for alert in seen.over], remind=_remind(settings)
        )

    def _seen(self, happening: Happening, settings: Settings) -> Seen:
        match happening.kind:
            case "missed":
                return self._missed(happening, settings)
            case "ended" | "asked" | "decided":
                run = self._runs.find(happening.run_id)
                if run is None or run.dry:
                    return Seen()
                if happening.kind == "ended":
                    return self._ended(run, settings)
                path = str(happening.data.get("path", ""))
                return self._question(run, path, happening.kind, settings)
            case _:
                return self._announced(happening, settings)

    # -- kinds -----------------------------------------------------------------------

    def _ended(self, run: RunRow, settings: Settings) -> Seen:
        answered = self._alerts.open(run.job, "waiting", run_id=run.id)
        if run.parent_run is not None or run.status == "cancelled":
            return Seen(over=tuple(answered))
        plan = self._plan_of(run, settings)
        if run.status == "succeeded":
            return self._succeeded(run, plan, answered)
        spent = run.status == "timed_out" or (run.error or {}).get("code") == "budget_exhausted"
        kind = plan.kind("budget", "failed") if spent else plan.kind("failed")
        if not kind:
            return Seen(over=tuple(answered))
        notice = self._trouble(run, kind)
        return Seen(((notice, plan.to),), tuple(answered))

    def _succeeded(self, run: RunRow, plan: Plan, answered: list[AlertRow]) -> Seen:
        notices = list[tuple[Notice, tuple[str, ...]]]()
        over = self._alerts.open(run.job, *_TROUBLE)
        if over and "recovered" in plan.on:
            text = wording.recovered(run, over)
            notices.append((_notice("recovered", run, "runs again", text, run.id), plan.to))
        slow = self._slow(run, plan)
        if slow is not None:
            notices.append((slow, plan.to))
        else:
            answered += self._alerts.open(run.job, "slow")
        return Seen(tuple(notices), (*over, *answered))

    def _trouble(self, run: RunRow, kind: str) -> Notice:
        error: Mapping[str, Any] = run.error or {}
        failure = failure_of(
            error, run_id=run.id, job=run.job, at=run.ended_at or "",
            path=str(error.get("step", "")), skill=self._skill_of(run),
        )  # fmt: skip
        fault = classify(failure).fault
        signature = signature_of(failure, fault).id
        if kind == "budget":
            title = "spent its budget" if run.status != "timed_out" else "ran out of time"
            return _notice("budget", run, title, wording.budget(run), signature)
        return _notice("failed", run, "failed", wording.failed(run, fault), signature)

    def _skill_of(self, run: RunRow) -> str:
        path = str((run.error or {}).get("step", ""))
        attempts = self._runs.attempts(run.id, path) if path else []
        return attempts[-1].skill if attempts else ""

    def _question(self, run: RunRow, path: str, kind: str, settings: Settings) -> Seen:
        if kind == "decided":
            return Seen(over=tuple(self._alerts.open(run.job, "waiting", run_id=run.id, path=path)))
        open_ones = {one.path: one for one in self._approvals.of_run(run)}
        plan = self._plan_of(run, settings)
        if path not in open_ones or (attended(run.trigger) and "waiting" not in plan.on):
            return Seen()
        asked = open_ones[path]
        event = ApprovalAsked(run_id=run.id, at=asked.asked_at, path=path, question=asked.question)
        link = self._approvals.link(asked)
        text = wording.waiting(run, event, asked.arguments, link)
        notice = _notice("waiting", run, "waits for your word", text, f"{run.id} {path}")
        return Seen(((replace(notice, path=path), plan.to),))

    def _missed(self, happening: Happening, settings: Settings) -> Seen:
        record = self._jobs.find(happening.job_id)
        if record is None or not record.enabled or not record.version:
            return Seen()
        text = self._jobs.version(record.id).yaml
        plan = _plan(text, settings, watched=False)
        if "missed" not in plan.on:
            return Seen()
        due, reason = str(happening.data["due"]), str(happening.data["reason"])
        notice = Notice(
            kind="missed", job=record.name, job_id=record.id, title=f"{record.name} missed a run",
            text=wording.missed(record.name, due, reason), signature=normalised(reason),
        )  # fmt: skip
        return Seen(((notice, plan.to),))

    def _announced(self, happening: Happening, settings: Settings) -> Seen:
        record = self._jobs.find(happening.job_id)
        text = self._jobs.version(record.id).yaml if record and record.version else ""
        plan = _plan(text, settings, watched=False)
        if happening.kind not in plan.on:
            return Seen()
        notice = Notice(
            kind=happening.kind, job=record.name if record else "", job_id=happening.job_id,
            run_id=happening.run_id, title=str(happening.data["title"]),
            text=str(happening.data["text"]), signature=f"{happening.id}", lasting=False,
        )  # fmt: skip
        return Seen(((notice, plan.to),))

    # -- slowness --------------------------------------------------------------------

    def _look_for_slow(self, settings: Settings) -> None:
        """Runs that still go on, and have for much longer than usual."""
        for run in self._runs.list(status="running", limit=-1):
            if run.dry or run.parent_run is not None:
                continue
            if self._alerts.open(run.job, "slow", run_id=run.id):
                continue
            plan = self._plan_of(run, settings)
            slow = self._slow(run, plan)
            if slow is not None:
                due = self._due("slow", plan.to, settings)
                self._alerts.raise_now(self._masked(slow), due, remind=_remind(settings))

    def _slow(self, run: RunRow, plan: Plan) -> Notice | None:
        if "slow" not in plan.on or run.started_at is None:
            return None
        end = parse_rfc3339(run.ended_at) if run.ended_at else self._clock.now()
        took = (end - parse_rfc3339(run.started_at)).total_seconds()
        if took < SLOW_LEAST or self._runs.has_asked(run.id):
            return None
        others = self._runs.durations(run.job, before=run.id)
        if len(others) < _ENOUGH_RUNS:
            return None
        median = statistics.median(others)
        if took < SLOW_FACTOR * median:
            return None
        return _notice("slow", run, "is slow", wording.slow(run, took, median), "slow")

    # -- who and when ----------------------------------------------------------------

    def _plan_of(self, run: RunRow, settings: Settings) -> Plan:
        return _plan(run.request["yaml"], settings, watched=attended(run.trigger))

    def _due(self, kind: str, to: Iterable[str], settings: Settings) -> dict[str, str]:
        """For each channel, when the alert goes out."""
        now, zone = self._clock.now(), ZoneInfo(zone_here(settings.timezone))
        made = dict[str, str]()
        for name in to:
            channel = settings.channels.get(name) or Channel(url="")
            first = self._alerts.first_due(name) if channel.digest else None
            gathering = parse_rfc3339(first) if first else None
            made[name] = rfc3339(timing.due(now, channel, kind, zone, gathering))
        return made

    def _masked(self, notice: Notice) -> Notice:
        masker = self._masker()
        return replace(notice, title=masker.mask(notice.title), text=masker.mask(notice.text))


def _plan(yaml: str, settings: Settings, *, watched: bool) -> Plan:
    """`watched`: somebody started the run and sees how it ends."""
    try:
        own = job_of(yaml).alerts if yaml else None
    except AssistantError:
        own = None  # a file of an older version that this one does not read any more
    if own is not None and (own.on or own.to):
        return Plan(own.on or settings.alerts.on, own.to or settings.alerts.to)
    if watched:
        return Plan((), ())
    return Plan(settings.alerts.on, settings.alerts.to)


def _notice(kind: str, run: RunRow, title: str, text: str, signature: str) -> Notice:
    return Notice(
        kind=kind,
        job=run.job,
        job_id=run.job_id,
        run_id=run.id,
        title=f"{run.job} {title}",
        text=text,
        signature=signature,
        lasting=kind != "recovered",
    )


def _remind(settings: Settings) -> timedelta:
    return timedelta(hours=settings.alerts.remind_hours)
