"""Where a prompt goes: a table for each rule of routing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from assistant.job.routing import Offer, elsewhere, route
from assistant.store.jobs import JobRecord, JobRepository
from tests.job.conftest import DIGEST, Desk

ORDER = "run the ai digest now"
NEW_WORK = "Every Friday at 17 check the harbour cameras and tell the captain what moved"


@dataclass
class Jobs:
    """Two known jobs: `soup` is the one in focus, `ai-digest` has a file in force."""

    soup: JobRecord
    digest: JobRecord


def known(jobs: JobRepository, save: Callable[[str, str], object]) -> Jobs:
    soup = jobs.create("soup", title="A post about fish soup")
    digest = jobs.create("ai-digest")
    save(digest.id, DIGEST)
    return Jobs(soup, jobs.get(digest.id))


@pytest.fixture
def two(desk: Desk) -> Jobs:
    return known(desk.jobs, desk.lifecycle.save)


# Attaching


@pytest.mark.parametrize(
    ("focus", "job", "new"),
    [
        ("", "add-salt", True),
        ("soup", "soup", False),
        ("{id}", "soup", False),
        ("gone", "add-salt", True),
    ],
    ids=["no focus", "by name", "by id", "a focus that is gone"],
)
def test_a_prompt_attaches_to_the_focus_or_makes_a_job(
    desk: Desk, two: Jobs, focus: str, job: str, *, new: bool
) -> None:
    routed = route(desk.jobs, " Add the salt ", focus.format(id=two.soup.id))
    assert (routed.job.name, routed.new) == (job, new)
    prompts = [(i.kind, i.role, i.text) for i in desk.jobs.interactions(routed.job.id)]
    assert prompts == [("prompt", "person", "Add the salt")]
    assert len(desk.jobs.list()) == 2 + new


def test_a_prompt_that_only_mentions_another_job_stays_and_names_it(desk: Desk, two: Jobs) -> None:
    routed = route(desk.jobs, "make it as short as the AI digest is", "soup")
    assert (routed.job.id, routed.also) == (two.soup.id, ("ai-digest",))


# Offering


SWITCH = Offer("ai-digest", "It speaks of ai-digest.")
SAYS_NEW = Offer("", "It says that it is something new.")


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        (ORDER, SWITCH),
        ("please pause the AI-digest", SWITCH),
        ("go on with ai digest", SWITCH),
        ("can you show me the ai digest?", SWITCH),
        ("make a new job for the harbour", SAYS_NEW),
        ("please open another task", SAYS_NEW),
        ("something else: how warm is it?", SAYS_NEW),
        ("run it now", None),
        ("run the soup now", None),
        ("the ai digest is what I like", None),
        ("run the digest of ai", None),
        ("make a new title", None),
        (NEW_WORK, None),
        ("and every week?", None),
    ],
)
def test_what_plainly_belongs_elsewhere_is_offered_and_nothing_else(
    desk: Desk, two: Jobs, text: str, offer: Offer | None
) -> None:
    assert elsewhere(desk.jobs, text, two.soup) == offer


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (NEW_WORK, True),
        ("Every Friday at 17 send the same digest with a letter about the feed", False),
        ("every day at 8", False),
        ("On Mondays at 8 fetch the page https://example.org/feed.xml and mail it", False),
    ],
)
def test_new_repeating_work_is_offered_a_job_of_its_own_beside_a_file(
    desk: Desk, two: Jobs, text: str, *, offered: bool
) -> None:
    made = elsewhere(desk.jobs, text, two.digest)
    assert made == (Offer("", "It has nothing in common with ai-digest.") if offered else None)
