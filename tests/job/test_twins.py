"""A job that does the same as another is found, whatever the two are called."""

from __future__ import annotations

import pytest

from assistant.job.twins import twin_of
from assistant.pipeline.loader import load
from assistant.settings import Settings
from assistant.workplace import Workplace

TEXT = """\
job: digest
title: A digest
schedule: {cron: "0 7 * * 1-5", timezone: Europe/London}
steps:
  - {id: note, skill: save_file, with: {name: note.txt, content: hello}}
"""


@pytest.fixture
def place(settings: Settings):
    opened = Workplace.open(settings)
    yield opened
    opened.close_store()


def twin(place: Workplace, text: str) -> str:
    record = place.jobs.create("new")
    place.jobs.propose(record.id, text)
    found = twin_of(place.jobs, record, load(text).job)
    return found.name if found else ""


def test_a_job_in_force_and_a_draft_that_waits_are_found(place: Workplace) -> None:
    assert twin(place, TEXT) == ""
    assert twin(place, TEXT) == "new"
    kept = place.jobs.create("kept")
    place.lifecycle.approve(place.lifecycle.propose(kept.id, TEXT).id)
    assert twin(place, TEXT.replace("A digest", "Another name")) in ("kept", "new-2")


@pytest.mark.parametrize(
    ("old", "new"),
    [("hello", "goodbye"), ("0 7 * * 1-5", "0 8 * * 1-5"), ("note.txt", "note.md"),
     ("Europe/London", "Europe/Berlin")],
)  # fmt: skip
def test_other_values_or_times_make_another_job(place: Workplace, old: str, new: str) -> None:
    kept = place.jobs.create("kept")
    place.lifecycle.approve(place.lifecycle.propose(kept.id, TEXT).id)
    assert twin(place, TEXT.replace(old, new)) == ""
    assert twin(place, TEXT) == "kept"
