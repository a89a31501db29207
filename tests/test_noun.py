"""The person's own word for a job, in the middle of what the product says."""

from __future__ import annotations

import pytest

from assistant.noun import spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("there is no job 'ai-digest'", "there is no investigation 'ai-digest'"),
        ("A job cannot wait for itself.", "An investigation cannot wait for itself."),
        ("a job named 'a job' is here", "an investigation named 'a job' is here"),
        (
            "`assistant jobs list` shows the jobs.",
            "`assistant jobs list` shows the investigations.",
        ),
        ("jobs/ai-digest/job.yaml, line 3", "jobs/ai-digest/job.yaml, line 3"),
        ("No jobs yet", "No investigations yet"),
        ("Job job-2: the job's file", "Investigation job-2: the investigation's file"),
        ("line 1: 'job: x' declares a job.", "line 1: 'job: x' declares an investigation."),
        ("It doesn't end the job, it's parked", "It doesn't end the investigation, it's parked"),
    ],
)
def test_the_word_stands_where_people_read_job_and_nowhere_else(text: str, expected: str) -> None:
    assert spoken(text, "investigation") == expected
    assert spoken(text, "job", "jobs") == text


@pytest.mark.parametrize(
    ("noun", "plural", "expected"),
    [
        ("matter", "", "a matter of two matters"),
        ("case file", "", "a case file of two case files"),
        ("inquiry", "inquiries", "an inquiry of two inquiries"),
        ("unit", "", "a unit of two units"),
        ("undertaking", "", "an undertaking of two undertakings"),
    ],
)
def test_the_article_and_the_plural_go_with_the_word(noun: str, plural: str, expected: str) -> None:
    assert spoken("a job of two jobs", noun, plural) == expected
