"""Another schedule in a job's file, from a person's words."""

from __future__ import annotations

from assistant.errors import TriggerInvalid
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.spec import Schedule
from assistant.schedule.phrases import understood


def rescheduled(
    yaml: str, when: str, *, here: str, timezone: str = "", catch_up: str = "", overlap: str = ""
) -> str:
    """The file with a schedule by words or five cron fields; the rest of it stays as it was.

    What is left empty stays too; `here` is the zone when nothing names one. Raises TriggerInvalid
    for words that cron cannot say, with the nearest that it can.
    """
    file = EditableJob(yaml)
    old = file.loaded().job.schedule
    if not when.strip() and old is None:
        raise TriggerInvalid("the job has no schedule yet", hint="Say when: `every weekday at 7`.")
    said = understood(when) if when.strip() else None
    made = {
        "cron": said.cron if said else "",
        "timezone": timezone or (said.timezone if said else "") or _zone(old, here),
        "catch_up": catch_up,
        "overlap": overlap,
    }
    made = {key: value for key, value in made.items() if value}
    if old is None:
        file.set(("schedule",), made)
        return file.text
    for key, value in made.items():
        file.set(("schedule", key), value)
    return file.text


def _zone(old: Schedule | None, here: str) -> str:
    return old.timezone if old else here
