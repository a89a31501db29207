"""Which job a prompt belongs to: the focused one, or a new one when none is focused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import BindingsInvalid, JobNotFound
from assistant.job.naming import name_from, title_from
from assistant.store.jobs import Interaction, JobRecord, JobRepository

LONGEST_PROMPT = 20_000
"""Characters. More than any small model reads; a document belongs into a file."""
_NEW = re.compile(
    r"(?:please |now )*(?:(?:make|start|open|begin|create) (?:me )?(?:a |an )?(?:new|another|separate) "
    r"(?:job|task|matter|investigation|project)|new (?:job|task|matter)\b|something (?:else|different|new)\b)",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:please |can you |could you |now |ok(?:ay)?,? )*(?:run|start|open|show(?: me)?|pause|resume|"
    r"stop|go on with|continue(?: with)?|switch to|back to|return to|change|edit|fix|schedule|"
    r"unschedule|approve|focus(?: on)?)\b",
    re.IGNORECASE,
)
_REPEATS = re.compile(
    r"(?:please |now |and )*(?:every|each|on) (?:\w+ )?(?:day|week|month|hour|minute|morning|evening|"
    r"night|weekday|\w+days?|half hour|\d+ \w+)\b|(?:daily|weekly|hourly|monthly)\b",
    re.IGNORECASE,
)
_PAGES = re.compile(r"https?://[^\s\"'<>,;)\]}]+")
_COMMON = frozenset(
    [
        "about",
        "after",
        "again",
        "every",
        "five",
        "from",
        "latest",
        "letter",
        "limit",
        "mails",
        "make",
        "month",
        "newsletter",
        "newsletters",
        "other",
        "sends",
        "stories",
        "story",
        "title",
        "topic",
        "items",
        "steps",
        "where",
        "which",
        "while",
        "weekday",
        "weekdays",
        "morning",
        "evening",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "daily",
        "weekly",
        "skill",
        "inputs",
        "schedule",
        "timezone",
        "catch",
        "overlap",
        "fetch",
        "summarize",
        "compile",
        "email",
        "feeds",
        "example",
        "https",
        "outputs",
        "string",
        "integer",
        "default",
        "europe",
        "please",
        "first",
        "three",
        "seven",
        "eight",
    ]
)


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


@dataclass(frozen=True)
class Offer:
    """Where a prompt plainly belongs, when that is not the focused job. `job` empty: a new one."""

    job: str
    why: str


def elsewhere(jobs: JobRepository, text: str, focused: JobRecord) -> Offer | None:
    """The other job that a prompt plainly concerns, or that it is new work; None when unsure.

    It orders something of a job that it names ("run the AI digest now"), says that it is new, or
    asks for something that repeats while the focused job has its own file and shares no topic.
    """
    said = text.strip()
    if _NEW.match(said):
        return Offer("", "It says that it is something new.")
    if _ORDER.match(said):
        words = " ".join(re.findall(r"[a-z0-9]+", said.lower()))
        for job in jobs.list(limit=200):
            phrase = job.name.replace("-", " ")
            if job.id != focused.id and len(phrase) > 3 and f" {phrase} " in f" {words} ":
                return Offer(job.name, f"It speaks of {job.name}.")
    if _REPEATS.match(said) and len(said.split()) >= 8 and _has_file(jobs, focused):
        known = f"{focused.name} {focused.title} {_file(jobs, focused)}"
        if not _topics(said) & _topics(known):
            return Offer("", f"It has nothing in common with {focused.name}.")
    return None


def _has_file(jobs: JobRepository, job: JobRecord) -> bool:
    return bool(job.version) or jobs.open_draft(job.id) is not None


def _file(jobs: JobRepository, job: JobRecord) -> str:
    draft = jobs.open_draft(job.id)
    return draft.yaml if draft else jobs.version(job.id).yaml


def _topics(text: str) -> set[str]:
    """Words that carry a topic, and the addresses of the pages that stand in a text."""
    words = name_from(text).split("-") if len(text) < 2000 else []
    found = {word for word in re.findall(r"[a-z]{5,}", text.lower()) if word not in _COMMON}
    return found | set(words) | set(_PAGES.findall(text))


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
