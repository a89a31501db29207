"""Jobs that are switched on and cannot work: their file, schedule, skills, secrets, model, alerts."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.doctor.findings import Finding
from assistant.errors import AssistantError, JobInvalid
from assistant.models.gguf_file import read_head
from assistant.pipeline.spec import Job
from assistant.pipeline.walk import used_skills
from assistant.schedule import cron
from assistant.skills.door import Skill
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace


def check_jobs(place: Workplace) -> Iterator[Finding]:
    """Every job that is switched on, as if it were accepted today."""
    on = [job for job in place.jobs.list() if job.enabled]
    found = [finding for record in on for finding in _job(place, record)]
    yield from found
    if not found:
        yield Finding("jobs", "fine", f"{len(on)} jobs are switched on, and each of them can run.")


def _job(place: Workplace, record: JobRecord) -> Iterator[Finding]:
    edit = f"assistant jobs edit {record.name}"
    try:
        job = place.lifecycle.parsed(place.jobs.version(record.id).yaml, path=record.name)
    except JobInvalid as wrong:
        for problem in wrong.problems[:3]:
            yield Finding("jobs", "problem", f"{record.name}, {problem}", wrong.hint, edit)
        return
    except AssistantError as wrong:
        yield Finding("jobs", "problem", f"{record.name}: {wrong.message}", wrong.hint, edit)
        return
    yield from _schedule(place, record, job)
    yield from _secrets(place, record, job)
    yield from _alerts(place, record, job)


def _schedule(place: Workplace, record: JobRecord, job: Job) -> Iterator[Finding]:
    if job.schedule is None:
        return
    edit = f"assistant jobs edit {record.name}"
    try:
        cron.check(job.schedule.cron, job.schedule.timezone)
        comes = cron.next_fire(job.schedule.cron, job.schedule.timezone, place.clock.now())
    except AssistantError as wrong:
        told = f"The schedule of {record.name} can never fire: {wrong.message}."
        yield Finding("jobs", "problem", told, wrong.hint, edit)
        return
    row = place.ledger.schedule(record.id)
    if comes is None:
        yield Finding(
            "jobs", "problem", f"The schedule of {record.name} never comes due again.",
            "Give it a schedule that does, or switch it off.", edit,
        )  # fmt: skip
    elif row is None or row.next_due is None:
        yield Finding(
            "jobs", "problem", f"{record.name} is switched on, and its schedule is not in force.",
            "Switch it on once more.", f"assistant jobs enable {record.name}",
            fix=lambda: f"{place.lifecycle.enable(record.id).name} is switched on again.",
        )  # fmt: skip


def _secrets(place: Workplace, record: JobRecord, job: Job) -> Iterator[Finding]:
    wanted = {name for skill in _skills(place, job) for name in _wanted(place, skill)}
    for name in sorted(name for name in wanted if not place.secrets.get(name)):
        yield Finding(
            "jobs", "problem", f"{record.name} needs the secret {name!r}, and it is not there.",
            "Set it.", f"assistant secrets set {name}",
        )  # fmt: skip


def _skills(place: Workplace, job: Job) -> list[Skill]:
    return [place.library.get(name) for name in used_skills(job)]


def _wanted(place: Workplace, skill: Skill) -> list[str]:
    """The secrets that a skill needs with the settings in force."""
    settings = place.settings
    idle = set[str]()
    if not settings.smtp.host or not settings.smtp.user:
        idle.add("smtp_password")
    if settings.search.provider != "brave":
        idle.add("brave_api_key")
    return [name for name in skill.secrets if name not in idle]


def _alerts(place: Workplace, record: JobRecord, job: Job) -> Iterator[Finding]:
    settings = place.alerts.settings()
    to = job.alerts.to or settings.alerts.to
    unknown = [n for n in to if n != "outbox" and n not in settings.channels and "@" not in n]
    for name in unknown:
        yield Finding(
            "jobs", "problem", f"{record.name} tells {name!r} of its trouble: no such channel.",
            "Add it, or name another under `alerts: to`.", f"assistant alerts channels add {name}",
        )  # fmt: skip
    if not to:
        yield Finding(
            "jobs", "warning", f"Nobody is told when {record.name} fails or waits.",
            "Add a channel, and name it under [alerts] `to` in settings.toml, or in the job's file.",
            "assistant alerts channels add ops",
        )  # fmt: skip


def check_model(place: Workplace) -> Iterator[Finding]:
    """The model that is asked when nobody names one, and those that stand in for it."""
    for name in dict.fromkeys([place.settings.model, *place.settings.model_fallbacks]):
        pull = "See which there are, and choose one."
        try:
            path = place.models.path_of(name)
            if path is not None:
                head = read_head(path)
                told = f"The model {name} is {path.name}, {head.size / 1e6:,.0f} MB."
                yield Finding("model", "fine", told)
                continue
        except (AssistantError, OSError) as wrong:
            told = wrong.message if isinstance(wrong, AssistantError) else str(wrong)
            yield Finding("model", "problem", told, pull, "assistant models list")
            continue
        provider = name.partition("/")[0]
        key = f"{provider}_api_key"
        if place.secrets.get(key) or provider in ("ollama", *place.settings.model_bases):
            yield Finding("model", "fine", f"The model {name} has its key.")
        else:
            yield Finding(
                "model", "warning", f"The model {name} has no key of its own ({key}).",
                "Set it, unless this provider needs none.", f"assistant secrets set {key}",
            )  # fmt: skip
