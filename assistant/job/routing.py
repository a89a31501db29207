"""Which job a prompt belongs to: the focused one, or a new one when none is focused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import BindingsInvalid, JobNotFound
from assistant.job.naming import name_from, title_from
from assistant.store.jobs import Interaction, JobRecord, JobRepository

LONGEST_PROMPT = 20_000
"""Characters. More than any small model reads; a document belongs into a file."""


@dataclass(frozen=True)
class Routed:
    """Where a prompt went. `also` names other jobs that the prompt seems to speak of."""

    job: JobRecord
    prompt: Interaction
    new: bool
    also: tuple[str, ...] = ()


def route(jobs: JobRepository, text: str, focus: str = "") -> Routed:
    """Attach a prompt to the focused job (its id or name), or to a new one.

    A focus that is gone meanwhile counts as none. Raises BindingsInvalid for an empty or
    enormous prompt; nothing is written then.
    """
    said = checked_prompt(text)
    focused = jobs.find(focus) if focus else None
    job = focused or jobs.create(name_from(said), title=title_from(said))
    prompt = jobs.add_interaction(job.id, "prompt", "person", said)
    return Routed(jobs.get(job.id), prompt, focused is None, mentioned(jobs, said, job))


def checked_prompt(text: str) -> str:
    """The prompt without the space around it. Raises BindingsInvalid."""
    said = text.replace("\x00", "").strip()
    if not said:
        raise BindingsInvalid("the prompt is empty", hint="Say what you would like done.")
    if len(said) > LONGEST_PROMPT:
        raise BindingsInvalid(
            f"the prompt has {len(said):,} characters; at most {LONGEST_PROMPT:,} can be read at once",
            hint="Say it shorter, or put the long text into a file that a step reads.",
        )
    return said


def mentioned(jobs: JobRepository, text: str, focused: JobRecord) -> tuple[str, ...]:
    """Other jobs with an accepted version all of whose name's words stand in the text."""
    words = set(re.findall(r"[a-z0-9]+", text.lower()))
    return tuple(
        job.name
        for job in jobs.list(limit=200)
        if job.id != focused.id and job.version and set(job.name.split("-")) <= words
    )


def focused(jobs: JobRepository, ident: str) -> JobRecord:
    """The job that a command means. Raises JobNotFound."""
    if not ident:
        raise JobNotFound("no job is focused", hint="Name one: `/focus ai-digest`.")
    return jobs.get(ident)
