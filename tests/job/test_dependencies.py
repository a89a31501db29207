"""A parent waits for its children before it is completed, whatever is said meanwhile."""

from __future__ import annotations

import pytest

from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job.completing import Completer
from assistant.job.condense import Line
from assistant.job.condensing import Condenser
from assistant.job.guide import Guide
from assistant.job.questions import APPROVE_COMPLETION
from assistant.settings import Settings
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRepository
from tests.job.conftest import Desk


@pytest.fixture
def guide(desk: Desk, settings: Settings) -> Guide:
    return Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)


def complete(guide: Guide, job: JobRecord) -> JobRecord:
    completer = Completer(guide)
    return completer.decide(completer.ask(job.id), APPROVE_COMPLETION)


def test_a_parent_is_completed_after_its_child_and_not_before(guide: Guide) -> None:
    parent = guide.jobs.create("soup")
    child = guide.dependencies.make("take a photo", parent="soup", name="photo")
    assert (child.status, [job.name for job in guide.dependencies.open_of("soup")]) == (
        "pending",
        ["photo"],
    )
    assert complete(guide, parent).status == "active"
    assert guide.guidance.of(parent.id).completion["waits"] == "photo to be completed"
    # Asking again, as the next round of unattended work does, changes nothing.
    assert Completer(guide).go_on(parent.id).status == "active"

    guide.hear(child.id)
    assert Completer(guide).go_on(parent.id).status == "active"
    assert complete(guide, child).status == "completed"
    assert guide.dependencies.open_of("soup") == []
    # The person's word still holds: it is not asked a second time.
    assert guide.jobs.get(parent.id).status == "completed"
    assert [q for q in guide.open_questions(parent.id) if q.about == "completion"] == []


def test_a_whole_line_is_completed_by_the_last_of_it_and_not_before(guide: Guide) -> None:
    names = ["soup", "photo", "camera"]
    jobs = [guide.jobs.create(name) for name in names]
    guide.dependencies.add("soup", "photo")
    guide.dependencies.add("photo", "camera")
    assert [complete(guide, job).status for job in jobs[:2]] == ["active", "active"]
    assert guide.guidance.of(jobs[0].id).completion["waits"] == "photo to be completed"
    # Each parent's completion is approved already: nobody has to say it once more.
    assert complete(guide, jobs[2]).status == "completed"
    assert [guide.jobs.get(name).status for name in names] == ["completed"] * 3


def test_a_child_that_is_let_go_holds_its_parent_no_longer(guide: Guide) -> None:
    parent = guide.jobs.create("soup")
    guide.dependencies.make("take a photo", parent="soup", name="photo")
    complete(guide, parent)
    guide.dependencies.remove("soup", "photo")
    assert Completer(guide).go_on(parent.id).status == "completed"
    with pytest.raises(BindingsInvalid, match="'soup' does not wait for 'photo'"):
        guide.dependencies.remove("soup", "photo")


def test_a_child_that_is_opened_again_before_the_parent_ends_is_waited_for(guide: Guide) -> None:
    parent = guide.jobs.create("soup")
    child = guide.dependencies.make("take a photo", parent="soup", name="photo")
    complete(guide, child)
    guide.reactivate(child.id)
    assert complete(guide, parent).status == "active"


@pytest.mark.parametrize(("phase", "allowed"), [("verify", True), ("execute", False)])
def test_a_model_makes_no_child_while_it_carries_out_the_parent(
    guide: Guide, phase: str, *, allowed: bool
) -> None:
    guide.jobs.create("soup")
    guide.enter("soup", phase, "on")
    if allowed:
        assert guide.dependencies.make("a photo", parent="soup", by="model").status == "pending"
        return
    with pytest.raises(PolicyDenied, match="a model makes no jobs"):
        guide.dependencies.make("a photo", parent="soup", by="model")
    assert [job.name for job in guide.jobs.list()] == ["soup"]


@pytest.mark.parametrize(
    ("line", "waits"),
    [
        ("A photo of the harbour is needed first.", True),
        ("Before this is done, Anna has to taste it.", True),
        ("This job waits for the salt.", True),
        ("Next week we also need a photo.", False),
        ("Show it to me before it is sent.", None),
    ],
)
async def test_condense_makes_pending_jobs_of_notes_alone_or_for_their_parent(
    guide: Guide, line: str, *, waits: bool | None
) -> None:
    soup = guide.jobs.create("soup")
    guide.enter("soup", "condense", "on", footer=line)
    await Condenser(guide).condense("soup")
    pending = [job.name for job in guide.jobs.list(status="pending")]
    assert len(pending) == (waits is not None)
    assert [job.name for job in guide.dependencies.open_of(soup.id)] == (pending if waits else [])


@pytest.mark.parametrize("first", [True, False])
def test_a_note_says_whether_its_job_comes_first(guide: Guide, *, first: bool) -> None:
    soup = guide.jobs.create("soup")
    Condenser(guide).keep_line(soup, Line("A fish photo"), "pending-job", first=first)
    waits = [job.name for job in guide.dependencies.open_of("soup")]
    assert waits == (["fish-photo"] if first else [])


def test_a_circle_is_refused_with_the_way_it_would_take(guide: Guide) -> None:
    for name, on in (("soup", ""), ("stock", "soup"), ("bones", "stock")):
        guide.jobs.create(name)
        if on:
            guide.dependencies.add(on, name)
    with pytest.raises(BindingsInvalid, match="bones → soup → stock → bones"):
        guide.dependencies.add("bones", "soup")
    with pytest.raises(BindingsInvalid, match="soup → soup"):
        guide.dependencies.add("soup", "soup")
    assert guide.dependencies.of("bones") == []
