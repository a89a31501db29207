"""A job that does the same as another: the same steps on the same values, at the same times."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job
from assistant.pipeline.walk import used_skills
from assistant.pipeline.writer import as_data
from assistant.store.jobs import JobRecord, JobRepository

DOES = ("inputs", "schedule", "triggers", "steps")
"""What a job does and when; its names, its alerts and what it may cost make it no other job."""
LOOKED_AT = 200


def twin_of(jobs: JobRepository, record: JobRecord, job: Job) -> JobRecord | None:
    """Another job that does the same, the latest changed first; a draft that waits counts too."""
    wanted, drafted = _does(job), jobs.drafted()
    words = [*used_skills(job), *([job.schedule.cron] if job.schedule else [])]
    for other in jobs.list(limit=LOOKED_AT):
        if other.id == record.id or not (other.version or other.id in drafted):
            continue
        text = _text(jobs, other)
        # To read a file takes a while, and most have other words in them.
        if all(word in text for word in words) and _does(_read(text)) == wanted:
            return other
    return None


def _text(jobs: JobRepository, record: JobRecord) -> str:
    """The file in force, else the draft that waits."""
    if record.version:
        return jobs.version(record.id).yaml
    draft = jobs.open_draft(record.id)
    return draft.yaml if draft is not None else ""


def _read(text: str) -> Job | None:
    try:
        return load(text).job
    except AssistantError:
        return None


def _does(job: Job | None) -> dict[str, object]:
    data = as_data(job) if job is not None else {}
    return {key: data[key] for key in DOES if key in data}
