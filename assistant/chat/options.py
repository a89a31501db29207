"""What a person may choose from when a request has left something open: what their home knows.

A choice is only offered where it can be the answer as it stands: an address that a kept job reads,
a channel of the settings, a time in words. Who wants another one says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from assistant.builder.drafts import Ask, Draft
from assistant.builder.texts import kind_asked
from assistant.errors import AssistantError
from assistant.pipeline.loader import read_loosely
from assistant.schedule.wording import in_words
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

MOST = 4
_JOBS = 50
"""Kept jobs that are looked at, the latest changed first."""
_OF_PLACE = {
    "schedule.cron": "time", "triggers.url": "url", "triggers.job": "job", "call_job": "job",
    "job": "job", "timeout": "duration", "alerts.to": "contact",
}  # fmt: skip
"""What is asked at the places whose question says it in words of its own."""
_PAGE = re.compile(r"https?://[^\s$]+")
_MAIL = re.compile(r"[^\s@$]+@[^\s@$]+")
_TIMES = ("Every day at 8", "Every weekday at 7", "Every Monday at 9", "Every hour")
_PERIODS = ("The last 24 hours", "The last 7 days", "The last 30 days")
_DURATIONS = ("30 seconds", "2 minutes", "10 minutes")


def options_for(place: Workplace, asked: Ask, drafted: Draft) -> tuple[str, ...]:
    """The choices for something that a draft asks; none where nothing is known."""
    match _OF_PLACE.get(asked.place) or kind_asked(asked.text):
        case "url" | "link":
            found = [*_in_jobs(place, _PAGE), *_demo_feed(place)]
        case "mail" | "address":
            found = list(_in_jobs(place, _MAIL))
        case "channel":
            found = list(_channels(place))
        case "contact":
            found = [*_channels(place), *_in_jobs(place, _MAIL)]
        case "time":
            found = list(_times(drafted))
        case "job":
            found = [job.name for job in _kept(place)]
        case "database":
            found = sorted(place.settings.databases)
        case "model":
            found = place.models.names()
        case "period":
            found = list(_PERIODS)
        case "duration":
            found = list(_DURATIONS)
        case _:
            found = []
    return tuple(dict.fromkeys(found))[:MOST]


def _times(drafted: Draft) -> Iterator[str]:
    """The nearest schedule to one that cannot be, then what people mostly want."""
    if drafted.cron:
        yield in_words(drafted.cron)
    yield from _TIMES


def _channels(place: Workplace) -> Iterator[str]:
    yield from sorted(place.settings.channels)
    # The outbox is always there: a folder of the home.
    yield "outbox"


def _demo_feed(place: Workplace) -> Iterator[str]:
    """The demo newspaper's, while it is served."""
    if place.settings.demo_port and place.is_hosted():
        yield f"{place.settings.demo_origin}/feed.xml"


def _in_jobs(place: Workplace, shape: re.Pattern[str]) -> Iterator[str]:
    """Values of that shape in the files of kept jobs."""
    for job in _kept(place):
        with suppress(AssistantError):  # deleted meanwhile
            data = read_loosely(place.jobs.version(job.id).yaml).document.data
            yield from (text for text in _texts(data) if shape.fullmatch(text))


def _texts(value: Any) -> Iterator[str]:
    """Every text in some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _kept(place: Workplace) -> list[JobRecord]:
    return [job for job in place.jobs.list(limit=_JOBS) if job.version]
