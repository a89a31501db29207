"""Answers about the past of a job, from the store alone: no model is asked.

Each answer names the runs that it rests on, with their places in the panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.chat.answering import words
from assistant.chat.past_days import Days
from assistant.chat.run_questions import RunQuestion
from assistant.chat.summaries import plain, shortened, summary_of
from assistant.clock import parse_rfc3339
from assistant.engine.values import Values
from assistant.errors import AssistantError
from assistant.insight.faults import MEANINGS, Diagnosis, classify
from assistant.insight.incidents import IncidentLog
from assistant.insight.signatures import failure_of
from assistant.schedule.cron import zone, zone_here
from assistant.schedule.wording import moment
from assistant.store import run_days
from assistant.store.jobs import JobRecord
from assistant.store.runs import AttemptRow, RunRow
from assistant.workplace import Workplace

MOST = 5
"""Runs that an answer tells one by one."""
_LOOKED_AT = 200
"""Runs that are looked through for one that failed, sent or found something."""


@dataclass(frozen=True)
class Answer:
    """The text, as Markdown, and the ids of the runs that it names."""

    text: str
    runs: tuple[str, ...] = ()


def answer(place: Workplace, record: JobRecord, asked: RunQuestion) -> Answer:
    """The answer to a question about a job. Raises nothing for runs that retention took away."""
    return _Teller(place, record, asked.days).told(asked)


def zone_of(place: Workplace, record: JobRecord) -> str:
    """The zone whose calendar days are meant: that of the job's schedule, else the home's."""
    schedule = place.ledger.schedule(record.id)
    return schedule.timezone if schedule else zone_here(place.settings.timezone)


def reference(run_id: str) -> str:
    """A run, as a link to its place in the panel."""
    return f"[{run_id}](#/runs/{run_id})"


class _Teller:
    def __init__(self, place: Workplace, record: JobRecord, days: Days | None) -> None:
        self._place, self._record, self._days = place, record, days
        self._zone = zone_of(place, record)
        self._named = list[str]()

    def told(self, asked: RunQuestion) -> Answer:
        runs = self._runs()
        match asked.kind:
            case "next":
                text = self._next()
            case _ if not runs:
                text = self._none()
            case "failed":
                text = self._failed(runs)
            case "sent":
                text = self._sent(runs)
            case "found":
                text = self._found(runs)
            case _:
                text = self._went(runs)
        return Answer(text, tuple(dict.fromkeys(self._named)))

    def _runs(self) -> list[RunRow]:
        """The runs that are meant, the newest first."""
        store, most = self._place.store, _LOOKED_AT
        if self._days is None:
            ids = run_days.latest(store, self._record.id, most=most)
        else:
            first, until = self._days.bounds(self._zone)
            ids = run_days.between(store, self._record.id, first, until, most=most)
        found = (self._place.runs.find(run_id) for run_id in ids)
        return [run for run in found if run is not None]

    # One answer for each kind

    def _none(self) -> str:
        """Nothing ran: what became of what was planned, and the run before."""
        lines = [words("past_none", name=self._record.name, when=self._when())]
        lines += self._not_run()
        before = run_days.latest(self._place.store, self._record.id, most=1)
        if before and (run := self._place.runs.find(before[0])):
            lines.append(words("past_before", run=self._line(run)))
        return "\n".join(lines)

    def _not_run(self) -> list[str]:
        """Planned instants that came to no run, with the reason."""
        since = until = None
        if self._days is not None:
            since, until = self._days.bounds(self._zone)
        ticks = self._place.ledger.ticks(self._record.id, since=since, until=until, limit=MOST)
        return [
            words("past_tick", when=self._moment(tick.due), outcome=tick.outcome,
                  reason=f" ({tick.reason})" if tick.reason else "")
            for tick in ticks if tick.outcome not in ("ran", "planned")
        ]  # fmt: skip

    def _failed(self, runs: Sequence[RunRow]) -> str:
        bad = next(
            (run for run in runs if run.status in ("failed", "timed_out", "cancelled")), None
        )
        if bad is None:
            lines = [words("past_no_failure", name=self._record.name, when=self._when())]
            return "\n".join([*lines, *self._not_run(), *self._lines(runs)])
        lines = [words("past_failure", run=self._line(bad)), *self._reason(bad)]
        later = [run for run in self._latest(bad) if run.status == "succeeded"]
        if later:
            lines.append(words("past_later", run=self._line(later[0])))
        return "\n".join(lines)

    def _reason(self, run: RunRow) -> list[str]:
        """What the error says, what kind of trouble that is, and how often it came."""
        error = run.error or {}
        path = str(error.get("step", ""))
        at = f" ({words('past_step', step=path)})" if path else ""
        lines = [f"- {plain(error.get('message', '') or run.reason or run.status)}{at}"]
        failed = [a for a in self._place.runs.attempts(run.id, path) if a.error]
        if error:
            trouble = diagnosed(run, path, failed)
            kind = f"{MEANINGS[trouble.fault]} ({plain(trouble.because)})"
            lines.append(words("past_fault", kind=kind))
        incident = IncidentLog(self._place.store).of_failure(run.id, path)
        if incident is not None and incident.count > 1:
            lines.append(
                words(
                    "past_often", count=str(incident.count), since=self._moment(incident.first_at)
                )
            )
        if error.get("hint"):
            lines.append(words("past_hint", hint=plain(error["hint"])))
        return lines

    def _latest(self, run: RunRow) -> list[RunRow]:
        ids = run_days.latest(self._place.store, self._record.id, most=MOST)
        found = (self._place.runs.find(run_id) for run_id in ids)
        return [one for one in found if one and one.queued_at > run.queued_at]

    def _sent(self, runs: Sequence[RunRow]) -> str:
        """Every step that wrote something outside, run by run."""
        lines = list[str]()
        for run in runs:
            done = [a for a in self._done(run) if self._is_write(run, a)]
            if done:
                lines.append(f"{self._line(run)}:")
                lines += [line for attempt in done for line in self._writing(run, attempt)]
            if len(self._named) >= (MOST if self._days else 1):
                break
        if lines:
            return "\n".join(lines)
        head = words("past_sent_nothing", name=self._record.name, when=self._when())
        return "\n".join([head, *self._lines(runs)])

    def _writing(self, run: RunRow, attempt: AttemptRow) -> list[str]:
        """What one step sent: to whom, under which subject, and how it begins."""
        given = self._given(run, attempt)
        told = [f"- {attempt.path}: {plain(summary_of(self._whole(run, attempt.output)))}"]
        subject, text = given.get("subject"), given.get("body") or given.get("message") or ""
        letter = given.get("newsletter")
        if isinstance(letter, dict):
            subject = subject or letter.get("title")
            text = text or letter.get("text") or letter.get("markdown") or ""
        if subject:
            told.append(f"    - {words('past_subject')}: {plain(subject)}")
        if text:
            told.append(f"    - {plain(shortened(text, 400))}")
        return told

    def _found(self, runs: Sequence[RunRow]) -> str:
        """How many items or rows each step gave, run by run."""
        lines = list[str]()
        for run in runs:
            counts = [
                f"    - {attempt.path}: {summary_of(output)}"
                for attempt in self._done(run)
                if (output := self._whole(run, attempt.output)) is not None
                and isinstance(output, dict)
                and any(isinstance(output.get(key), list) for key in ("items", "rows"))
            ]
            if counts:
                lines += [f"- {self._line(run)}:", *counts]
            if len(self._named) >= (MOST if self._days else 1):
                break
        if lines:
            return "\n".join(lines)
        head = words("past_found_nothing", name=self._record.name, when=self._when())
        return "\n".join([head, *self._lines(runs)])

    def _went(self, runs: Sequence[RunRow]) -> str:
        last = runs[0]
        lines = [words("past_last", run=self._line(last))]
        if last.status in ("failed", "timed_out", "cancelled"):
            lines += self._reason(last)
        else:
            lines += [
                f"- {a.path}: {plain(summary_of(self._whole(last, a.output)))}"
                for a in self._done(last)
            ]
        if self._days is not None:
            lines += self._lines(runs[1:])
        return "\n".join(lines)

    def _next(self) -> str:
        coming = self._place.upcoming(self._record.id, count=3)
        name = self._record.name
        if not coming:
            return words("past_no_next", name=name)
        why = words("past_paused") if self._record.paused else ""
        listed = ", ".join(moment(fire.local) for fire in coming)
        return words("past_next", name=name, fires=listed, zone=self._zone) + why

    # Pieces

    def _when(self) -> str:
        return f" {self._days}" if self._days else ""

    def _moment(self, at: str) -> str:
        return moment(parse_rfc3339(at).astimezone(zone(self._zone)))

    def _line(self, run: RunRow) -> str:
        """When a run was, its reference and its end."""
        self._named.append(run.id)
        took = ""
        if run.started_at and run.ended_at:
            took = f", {(parse_rfc3339(run.ended_at) - parse_rfc3339(run.started_at)).total_seconds():.1f} s"
        at = self._moment(run.started_at or run.queued_at)
        return f"{at}, {reference(run.id)}: {run.status.replace('_', ' ')}{took}"

    def _lines(self, runs: Sequence[RunRow]) -> list[str]:
        more = len(runs) - MOST
        listed = [f"- {self._line(run)}" for run in runs[:MOST]]
        return [*listed, *([words("past_more", count=str(more))] if more > 0 else [])]

    def _done(self, run: RunRow) -> list[AttemptRow]:
        return [a for a in self._place.runs.attempts(run.id) if a.status == "succeeded" and a.skill]

    def _is_write(self, run: RunRow, attempt: AttemptRow) -> bool:
        try:
            skill = self._place.library.get(attempt.skill)
        except AssistantError:
            return False  # no longer installed: what it did is not known to have gone out
        return skill.effect_of(self._given(run, attempt)) == "write"

    def _given(self, run: RunRow, attempt: AttemptRow) -> dict[str, Any]:
        given = self._whole(run, attempt.arguments)
        return given if isinstance(given, dict) else {}

    def _whole(self, run: RunRow, stored: Any) -> Any:
        """A kept value; None when retention has taken its file away."""
        try:
            return Values(self._place.settings.run_dir(run.job, run.id) / "values").whole(stored)
        except AssistantError:
            return None


def diagnosed(run: RunRow, path: str, failed: Sequence[AttemptRow]) -> Diagnosis:
    """What kind of trouble the error of a run is, at a step with these failed attempts."""
    last = failed[-1] if failed else None
    failure = failure_of(
        run.error or {}, run_id=run.id, job=run.job, at=run.ended_at or run.queued_at, path=path,
        skill=last.skill if last else "", errors=tuple(a.error for a in failed if a.error),
    )  # fmt: skip
    return classify(failure)
