"""One failing step with all that is known of it: the file, the call, its errors, its better days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.desk import Desk
from assistant.healing.flattening import without_fields
from assistant.healing.rewiring import sources
from assistant.healing.symptoms import (
    Symptom,
    odd_answer,
    part_of,
    quiet_day,
    surplus_of,
    symptom_of,
)
from assistant.healing.wording import allowed_by
from assistant.insight.anomalies import anomalies_of_run
from assistant.insight.signatures import Failure, failure_of
from assistant.job.lifecycle import renamed
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.scope import static_path
from assistant.pipeline.spec import Job, SkillStep, Step
from assistant.pipeline.walk import with_paths
from assistant.skills.door import Effect, Skill
from assistant.store.jobs import JobRecord
from assistant.store.runs import AttemptRow, RunRow

MOST_GOOD = 5
_MARKS = frozenset({"fewer_items", "silent_source"})
_FAILED = frozenset({"failed", "unknown"})


@dataclass(frozen=True)
class Good:
    """What a step gave in a run that succeeded, and for which call."""

    run_id: str
    at: str
    output: Any
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A failure to be mended. `path` is the step's in the run, `place` the same as the file has it.

    `output` is what a silent failure gave. `good` are earlier good calls, the newest first.
    `base` and `text` are the version in force. `skill` is None for a step that calls none.
    """

    run: RunRow
    record: JobRecord
    job: Job
    base: int
    text: str
    path: str
    place: str
    step: Step | None
    failure: Failure
    effect: Effect = "pure"
    skill: Skill | None = None
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    symptom: Symptom | None = None
    good: tuple[Good, ...] = ()

    @property
    def silent(self) -> bool:
        return self.symptom is not None

    @property
    def good_outputs(self) -> list[Any]:
        return [one.output for one in self.good]

    @property
    def written(self) -> dict[str, Any]:
        """The step's arguments as the file writes them."""
        return dict(self.step.arguments) if isinstance(self.step, SkillStep) else {}

    def wants(self, name: str) -> bool:
        """Whether the job asks for a field of the step's items by its name."""
        return asks_for(name, self.text, self.arguments)

    def editable(self) -> EditableJob:
        return EditableJob(self.text)

    def literal(self, name: str) -> Any:
        """An argument's value when the file writes it out; None when it comes from elsewhere."""
        value = self.written.get(name)
        return None if isinstance(value, str) and "${{" in value else value


@dataclass(frozen=True)
class Nothing:
    """Why there is no case. `well` when nothing failed at all."""

    reason: str
    well: bool = False


def asks_for(name: str, text: str, arguments: dict[str, Any]) -> bool:
    """Whether a file, or the arguments of one of its steps, name a field of the step's items."""
    reads = re.search(rf"(\.|\['\"]?){re.escape(name)}\b", text)
    return name in (arguments.get("fields") or {}) or reads is not None


def gather(desk: Desk, run: RunRow) -> Case | Nothing:
    """The case of a run that has ended, or why there is none."""
    record = desk.jobs.find(run.job_id) if run.job_id else None
    if record is None or not record.version or not run.version:
        return Nothing("the run is of no accepted job file")
    text = renamed(desk.jobs.version(record.id).yaml, record.name)
    try:
        job, ran = desk.lifecycle.parsed(text), EditableJob(run.request["yaml"]).loaded().job
    except AssistantError as wrong:
        return Nothing(f"the job file does not hold any more: {wrong.message[:200]}")
    found = _failing(desk, run)
    symptom = None
    if found is None:
        if run.status not in ("succeeded", "failed"):
            return Nothing(f"the run ended as {run.status}")
        silent = _silent(desk, run, ran)
        if silent is None and run.status == "succeeded":
            return Nothing("every step did its work", well=True)
        if silent is None:
            return _of_the_run(run, record, job, text)
        attempt, symptom = silent
        if symptom.quiet:
            return Nothing(symptom.words)
        failure = _failure_of_silence(run, attempt, symptom)
    else:
        attempt, error = found
        failure = _failure(desk, run, attempt, error)
    place = static_path(attempt.path)
    old, new = dict(with_paths(ran.steps)).get(place), dict(with_paths(job.steps)).get(place)
    if new is None or not _same(old, new):
        return Nothing("the step has been changed since the run", well=False)
    return _case(desk, run, record, job, text, attempt, failure, symptom)


def _same(old: Step | None, new: Step) -> bool:
    if isinstance(old, SkillStep) and isinstance(new, SkillStep):
        return (old.skill, old.arguments, old.timeout, old.retry) == (
            new.skill, new.arguments, new.timeout, new.retry,
        )  # fmt: skip
    return type(old) is type(new)


def _case(
    desk: Desk,
    run: RunRow,
    record: JobRecord,
    job: Job,
    text: str,
    attempt: AttemptRow,
    failure: Failure,
    symptom: Symptom | None,
) -> Case:
    place = static_path(attempt.path)
    step = dict(with_paths(job.steps))[place]
    skill, effect, arguments = None, "pure", desk.whole(run, attempt.arguments)
    if isinstance(step, SkillStep):
        try:
            skill = desk.library.get(step.skill)
            effect = skill.effect_of(arguments or step.arguments)
        except AssistantError:
            skill = None
    return Case(
        run=run, record=record, job=job, base=record.version, text=text,
        path=attempt.path, place=place, step=step, failure=failure, effect=effect,  # pyright: ignore[reportArgumentType]
        skill=skill, arguments=arguments, symptom=symptom,
        good=tuple(good_calls(desk, run, attempt.path, attempt.skill)),
    )  # fmt: skip


def _of_the_run(run: RunRow, record: JobRecord, job: Job, text: str) -> Case:
    """The run failed, and no step of it looks guilty: an `expect` line, or an output."""
    failure = failure_of(
        run.error or {}, run_id=run.id, job=run.job, at=run.ended_at or run.queued_at, path=""
    )
    return Case(run, record, job, record.version, text, "", "", None, failure)


def _failing(desk: Desk, run: RunRow) -> tuple[AttemptRow, dict[str, Any]] | None:
    """The step that broke the run, else the first that failed and was passed over."""
    attempts = desk.runs.attempts(run.id)
    last = {attempt.path: attempt for attempt in attempts}
    told = str((run.error or {}).get("step", ""))
    if told:
        attempt = last.get(told) or _without_attempt(run, told)
        return attempt, dict(attempt.error or run.error or {})
    failed = [row for row in last.values() if row.status in _FAILED and row.error]
    return (failed[0], dict(failed[0].error or {})) if failed else None


def _without_attempt(run: RunRow, path: str) -> AttemptRow:
    """A step that failed before its skill was called: an expression, a loop, a called job."""
    at = run.ended_at or run.queued_at
    return AttemptRow(run.id, path, 0, "", "failed", at, at, 0.0, {}, None, run.error, "", "")


def _failure(desk: Desk, run: RunRow, attempt: AttemptRow, error: dict[str, Any]) -> Failure:
    tries = desk.runs.attempts(run.id, attempt.path)
    errors = tuple(row.error for row in tries if row.error)
    if "kind" not in error:
        error = error | {"kind": _kind_told(desk, run, attempt.path)}
    return failure_of(
        error, run_id=run.id, job=run.job, at=attempt.ended_at or attempt.started_at,
        path=attempt.path, skill=attempt.skill, arguments=desk.whole(run, attempt.arguments),
        errors=errors or (error,),
    )  # fmt: skip


def _kind_told(desk: Desk, run: RunRow, path: str) -> str:
    """The error's class as its event tells it: the run's own account leaves it out."""
    from assistant.events import StepFailed

    told = [s.event for s in desk.runs.events(run.id) if isinstance(s.event, StepFailed)]
    return next((str(e.error.get("kind", "")) for e in reversed(told) if e.path == path), "")


def _failure_of_silence(run: RunRow, attempt: AttemptRow, symptom: Symptom) -> Failure:
    code = "job_expectation_failed" if symptom.empty else "job_execution_failed"
    error = {
        "code": code,
        "kind": "EmptyOutput" if symptom.empty else "TypeMismatch",
        "message": f"{attempt.skill} gave something, but {symptom.words}",
    }
    return failure_of(
        error, run_id=run.id, job=run.job, at=attempt.ended_at or attempt.started_at,
        path=attempt.path, skill=attempt.skill, arguments=attempt.arguments,
    )  # fmt: skip


def _silent(desk: Desk, run: RunRow, job: Job) -> tuple[AttemptRow, Symptom] | None:
    """The first step whose output is nothing like what it used to give.

    A sign that was seen in every run so far is no sign: there has to be something better before.
    """
    reading, doubted = _sources(desk, run, job), _doubted(run)
    behind = _behind(job, doubted)
    for path, attempt in reading.items():
        good = list(good_calls(desk, run, path, attempt.skill))
        if not good:
            continue
        output = desk.whole(run, attempt.output)
        # An `expect` line that does not hold names the steps that it is about.
        outputs = [one.output for one in good]
        symptom = _other_words(run, path, output) or symptom_of(
            outputs, output, strictly=path in doubted
        )
        if symptom is None and attempt.skill in ("http_request", "scrape_page"):
            symptom = part_of(outputs, output)
        if symptom is None and path in behind:
            symptom = odd_answer(outputs, output)
        if symptom is None and attempt.skill == "scrape_page":
            symptom = surplus_of(outputs, output)
        if symptom is not None:
            past = _past(desk, run, path, attempt.skill)
            return attempt, quiet_day(symptom, run.queued_at, past)
    for odd in anomalies_of_run(desk.jobs.store, run.id):
        if odd.kind in _MARKS and odd.step in reading:
            return reading[odd.step], Symptom(odd.text, empty=True, marked=True)
    return None


def _other_words(run: RunRow, path: str, output: Any) -> Symptom | None:
    """A value that is none of those which the failed `expect` line lists for it."""
    error = run.error or {}
    if error.get("code") != "job_expectation_failed":
        return None
    for told in allowed_by(str(error.get("message", ""))):
        if told.step == path and not told.takes(output):
            words = f"{'.'.join(told.path)} is none of {', '.join(told.words)}"
            return Symptom(words, empty=False, marked=True, allowed=told)
    return None


def _doubted(run: RunRow) -> set[str]:
    """The steps that a failed `expect` line reads."""
    error = run.error or {}
    if error.get("code") != "job_expectation_failed":
        return set()
    return set(re.findall(r"\bsteps\.([A-Za-z_]\w*)", str(error.get("message", ""))))


def _behind(job: Job, doubted: set[str]) -> set[str]:
    """These steps, and those that they read from, however far back."""
    steps, found = dict(with_paths(job.steps)), set(doubted)
    for path in reversed(list(steps)):
        step = steps[path]
        if path in found and isinstance(step, SkillStep):
            found.update(sources(step.arguments))
    return found


def _sources(desk: Desk, run: RunRow, job: Job) -> dict[str, AttemptRow]:
    """The steps of a run that read from somewhere, outside of loops, by path."""
    steps, found = dict(with_paths(job.steps)), dict[str, AttemptRow]()
    for attempt in desk.runs.attempts(run.id):
        step = steps.get(static_path(attempt.path))
        if attempt.status != "succeeded" or "[" in attempt.path or not isinstance(step, SkillStep):
            continue
        try:
            skill = desk.library.get(step.skill)
        except AssistantError:
            continue
        if skill.hosts and skill.effect_of(attempt.arguments) != "write":
            found[attempt.path] = attempt
    return found


def _past(desk: Desk, run: RunRow, path: str, skill: str) -> list[tuple[str, Any]]:
    rows = desk.patches.store.rows(
        "select a.run_id, r.queued_at from attempts a join runs r on r.id = a.run_id"
        " where r.job = ? and r.dry = 0 and a.path = ? and a.skill = ? and a.status = 'succeeded'"
        " and (r.queued_at < ? or (r.queued_at = ? and r.id < ?)) order by r.queued_at desc limit 60",
        run.job, path, skill, run.queued_at, run.queued_at, run.id,
    )  # fmt: skip
    found = list[tuple[str, Any]]()
    for row in rows:
        attempt = desk.runs.attempts(row["run_id"], path)[-1]
        try:
            found.append((row["queued_at"], desk.output_of(attempt)))
        except AssistantError:
            continue
    return found


def good_calls(desk: Desk, run: RunRow, path: str, skill: str) -> Sequence[Good]:
    """What the step gave before, in runs that succeeded and with something in it, newest first."""
    from assistant.healing.comparing import profile

    rows = desk.patches.store.rows(
        "select a.run_id, a.attempt from attempts a join runs r on r.id = a.run_id"
        " where r.job = ? and r.dry = 0 and a.path = ? and (? = '' or a.skill = ?)"
        " and a.status = 'succeeded' and r.status = 'succeeded'"
        " and (r.queued_at < ? or (r.queued_at = ? and r.id < ?))"
        " order by r.queued_at desc, r.id desc limit 25",
        run.job, path, skill, skill, run.queued_at, run.queued_at, run.id,
    )  # fmt: skip
    found, spared = list[Good](), _spared(desk, run, path)
    for row in rows:
        attempt = desk.runs.attempt(row["run_id"], path, row["attempt"])
        if attempt is None:
            continue
        try:
            earlier = desk.runs.get(attempt.run_id)
            output = desk.whole(earlier, attempt.output)
            output = without_fields(output, spared) if spared else output
            arguments = desk.whole(earlier, attempt.arguments)
        except AssistantError:
            continue  # its files are gone
        if profile(output).count:
            found.append(Good(attempt.run_id, attempt.started_at, output, arguments))
        if len(found) == MOST_GOOD:
            break
    return found


def _spared(desk: Desk, run: RunRow, path: str) -> list[str]:
    """Fields that patches in force do without: they tell nothing of the days before."""
    patches = desk.patches.list(job_id=run.job_id) if run.job_id else []
    return [
        str(name)
        for patch in patches
        if patch.path == static_path(path) and patch.state in ("canary", "kept")
        for name in patch.evidence.get("spared", ())
    ]
