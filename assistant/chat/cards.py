"""What a person sees of a draft before saying yes, as data: steps, times, targets, a dry run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.builder.offers import few_words
from assistant.chat.events import DraftCard, DryRun, PreviewLine, StepLine, Touch
from assistant.chat.summaries import summary_of, would
from assistant.engine.values import Values
from assistant.events import StepDone, StepFailed, StepSkipped
from assistant.job.granting import reaches
from assistant.pipeline.spec import Job, SkillStep
from assistant.pipeline.walk import used_skills, with_paths
from assistant.pipeline.words import sentence, with_defaults
from assistant.schedule.cron import next_clock_change, next_fires
from assistant.schedule.starting import triggers_in_words
from assistant.schedule.wording import change_in_words, fire_in_words, in_words
from assistant.skills.library import Library
from assistant.skills.saying import own_words
from assistant.store.jobs import Draft, JobRecord
from assistant.store.runs import RunRepository
from assistant.workplace import Workplace

FIRES = 5


def card_of(
    place: Workplace,
    record: JobRecord,
    draft: Draft,
    job: Job,
    *,
    assumptions: Iterable[str] = (),
    unplaced: Iterable[str] = (),
    changes: Iterable[str] = (),
    twin: str = "",
) -> DraftCard:
    """The card of a draft whose file has been checked; the dry run comes later."""
    schedule, fires, clocks = "", tuple[str, ...](), ""
    if job.schedule is not None:
        schedule = in_words(job.schedule.cron, job.schedule.timezone)
        now = place.clock.now()
        coming = next_fires(job.schedule.cron, job.schedule.timezone, now, FIRES)
        fires = tuple(fire_in_words(fire) for fire in coming)
        change = next_clock_change(job.schedule.timezone, now)
        clocks = change_in_words(change) if change else ""
    return DraftCard(
        draft_id=draft.id,
        job_id=record.id,
        job=record.name,
        title=job.title or record.title,
        yaml=draft.yaml,
        steps=_steps(job, place.library),
        schedule=schedule,
        fires=fires,
        clocks=clocks,
        triggers=triggers_in_words(job),
        reads=_reads(job, place.library),
        touches=_touches(job, place.library),
        assumptions=tuple(assumptions),
        unplaced=tuple(unplaced),
        changes=tuple(changes),
        version=record.version + 1,
        twin=twin,
    )


def with_dry_run(card: DraftCard, dry_run: DryRun) -> DraftCard:
    """The same card with more known."""
    return replace(card, dry_run=dry_run)


def dry_run_of(runs: RunRepository, run_id: str, values: Values) -> DryRun:
    """What a dry run showed, step by step."""
    row, lines = runs.get(run_id), list[PreviewLine]()
    for stored in runs.events(run_id):
        match stored.event:
            case StepDone(path=path, skill=skill, output=output, preview=True):
                lines.append(PreviewLine(path, "would", would(skill, values.whole(output))))
            case StepDone(path=path, skill=skill, output=output) if skill:
                lines.append(PreviewLine(path, "done", summary_of(values.whole(output))))
            case StepFailed(path=path, error=error):
                lines.append(PreviewLine(path, "failed", error.get("message", "")))
            case StepSkipped(path=path, reason=reason):
                lines.append(PreviewLine(path, "skipped", reason))
            case _:
                pass
    wrong = (row.error or {}) if row.status != "succeeded" else {}
    return DryRun(run_id, row.status, tuple(lines), wrong.get("message", ""), wrong.get("hint", ""))


def _steps(job: Job, library: Library) -> tuple[StepLine, ...]:
    found = list[StepLine]()
    used = used_skills(job)
    says = {name: few_words(library.get(name).description) for name in used} | own_words(
        library, used
    )
    effects = {reach.path: reach.effect for reach in reaches(job, library)}
    for path, step in with_paths(job.steps):
        skill = step.skill if isinstance(step, SkillStep) else ""
        told = with_defaults(sentence(step, says), job.inputs)
        found.append(StepLine(path, told, skill, effects.get(path, "")))
    return tuple(found)


def _touches(job: Job, library: Library) -> tuple[Touch, ...]:
    writes = [r for r in reaches(job, library) if r.effect == "write"]
    return tuple(dict.fromkeys(Touch(r.skill.name, r.targets, bool(r.open)) for r in writes))


def _reads(job: Job, library: Library) -> tuple[str, ...]:
    reads = [r for r in reaches(job, library) if r.effect == "read"]
    return tuple(sorted({target for reach in reads for target in reach.targets}))
