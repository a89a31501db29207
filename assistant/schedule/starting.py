"""What starts a job besides a person, in English: `When http://… has something new`."""

from __future__ import annotations

import re
from typing import Any

from assistant.pipeline.spec import Job, Trigger
from assistant.pipeline.triggers import USUAL_POLL
from assistant.pipeline.words import with_defaults
from assistant.schedule.wording import in_words

_INPUT = re.compile(r"\$\{\{\s*inputs\.(\w+)\s*\}\}")
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_SHORT = {
    "feed_changed": "When the feed has news", "page_changed": "When the page changes",
    "file_changed": "When the file changes", "row_changed": "When the rows change",
    "webhook": "When its hook is called",
}  # fmt: skip
_ENDS = {"job_finished": "ends", "job_failed": "fails", "job_succeeded": "succeeds"}


def triggers_in_words(job: Job) -> tuple[str, ...]:
    """Each trigger of a job as a sentence without a full stop, inputs shown with their defaults."""
    told = (_INPUT.sub(r"the input \1", _sentence(trigger)) for trigger in job.triggers)
    return tuple(with_defaults(one, job.inputs) for one in told)


def starts_in_short(job: Job) -> str:
    """The schedule and the triggers in a few words; empty for what only a person starts."""
    told = [in_words(job.schedule.cron)] if job.schedule is not None else []
    told += dict.fromkeys(_short(trigger) for trigger in job.triggers)
    return ", or ".join([*told[:1], *(one[:1].lower() + one[1:] for one in told[1:])])


def _short(trigger: Trigger) -> str:
    if trigger.on in _ENDS:
        return f"When {trigger.options['job']} {_ENDS[trigger.on]}"
    return _SHORT[trigger.on]


def _sentence(trigger: Trigger) -> str:
    options = trigger.options
    match trigger.on:
        case "feed_changed":
            told = f"When {options['url']} has something new"
        case "page_changed":
            part = f"{options['selector']!r} of " if "selector" in options else ""
            told = f"When {part}{options['url']} changes"
        case "file_changed":
            told = f"When the file {options['path']} changes"
        case "row_changed":
            told = f"When there are other rows of {options['sql']!r}{_database(options)}"
        case _:
            told = _short(trigger)
    every = options.get("every", USUAL_POLL.get(trigger.on))
    return f"{told}; looked at every {_length(every)}" if every else told


def _database(options: dict[str, Any]) -> str:
    return f" in the database {options['database']}" if "database" in options else ""


def _length(seconds: float) -> str:
    """`15 minutes` of 900, `hour` of 3600."""
    size, unit = next((s, u) for s, u in _UNITS if seconds % s == 0 or s == 1)
    count = seconds / size
    return unit if count == 1 else f"{count:g} {unit}s"
