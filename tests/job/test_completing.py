"""The end of a job in its stages: what it waits for, who gives the word, and what takes it back."""

from __future__ import annotations

import pytest

from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job.completing import Completer
from assistant.job.guide import NEW_PROMPT, Guide
from assistant.job.questions import APPROVE_COMPLETION
from assistant.job.routing import route
from assistant.settings import Settings
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRepository
from tests.job.conftest import Desk

PLUGIN = """\
from assistant.job.hooks import hookimpl

@hookimpl
def jobs():
    return ["soup"]

@hookimpl
def completion_stages():
    return {stages}

@hookimpl
def allow_completion(job, stage, review, state):
    state["asked"] = state.get("asked", 0) + 1
    return "taste it first" if state["asked"] == 1 and stage == "strict" else None
"""
NIGHT = {"name": "a night", "kind": "cool_down", "seconds": 3600}
EYES = {"name": "four eyes", "kind": "second_reviewer"}


@pytest.fixture
def guide(desk: Desk, settings: Settings) -> Guide:
    return Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)


def soup(guide: Guide, *stages: dict[str, object]) -> JobRecord:
    """A job named soup whose plugin adds these stages."""
    job = guide.jobs.create("soup")
    if stages:
        folder = guide.plugins.folder("soup")
        folder.mkdir(parents=True)
        (folder / "plugin.py").write_text(PLUGIN.replace("{stages}", repr(list(stages))))
    return job


def approved(guide: Guide, job: JobRecord, *, by: str = "jo") -> str:
    """What the job waits for once its completion is approved; empty when it is completed."""
    completer = Completer(guide)
    done = completer.decide(completer.ask(job.id), APPROVE_COMPLETION, by=by)
    waits = str(guide.guidance.of(job.id).completion["waits"])
    assert (done.status == "completed") == (waits == "")
    return waits


@pytest.mark.parametrize(
    ("stages", "waits", "passes"),
    [
        ((), "", "at once"),
        (({"name": "kind", "kind": "verifier"},), "", "at once"),
        ((NIGHT,), "a night, until 2026-03-02 13:00 UTC", "an hour later"),
        ((EYES,), "four eyes: the word of somebody else (`assistant jobs second`)", "by sam"),
        ((EYES, NIGHT), "four eyes: the word of somebody else (`assistant jobs second`)", "both"),
    ],
    ids=["no stage", "verifier", "cool-down", "second reviewer", "two stages"],
)
def test_an_approved_completion_waits_for_its_stages_and_then_passes_by_itself(
    guide: Guide, desk: Desk, stages: tuple[dict[str, object], ...], waits: str, passes: str
) -> None:
    job, completer = soup(guide, *stages), Completer(guide)
    assert approved(guide, job) == waits
    assert completer.pass_due() == []
    if passes in ("by sam", "both"):
        completer.second(job.id, by="sam")
    if passes in ("an hour later", "both"):
        assert guide.jobs.get(job.id).status == "active"
        desk.clock.advance(seconds=3600)
        assert [one.name for one in completer.pass_due()] == ["soup"]
    assert guide.jobs.get(job.id).status == "completed"
    assert completer.pass_due() == []
    said = [i.text for i in guide.jobs.interactions(job.id) if i.kind == "decision"]
    assert ("sam agrees as the second reviewer." in said) == (passes in ("by sam", "both"))
    assert said[-1] == "Completed."


def test_a_verifier_that_says_no_uses_the_word_up_and_is_asked_anew(guide: Guide) -> None:
    job, completer = soup(guide, {"name": "strict", "kind": "verifier"}), Completer(guide)
    with pytest.raises(PolicyDenied, match="taste it first"):
        completer.decide(completer.ask(job.id), APPROVE_COMPLETION)
    assert completer.pass_due() == []
    assert guide.guidance.of(job.id).completion == {"waits": ""}
    assert approved(guide, job) == ""


@pytest.mark.parametrize(
    ("by", "error", "told"),
    [
        ("jo", PolicyDenied, "somebody else than the first"),
        ("  ", BindingsInvalid, "has no name"),
    ],
)
def test_the_second_word_is_that_of_another_person_with_a_name(
    guide: Guide, by: str, error: type[Exception], told: str
) -> None:
    job, completer = soup(guide, EYES), Completer(guide)
    with pytest.raises(PolicyDenied, match="no approved completion of 'soup' waits"):
        completer.second(job.id, by="sam")
    approved(guide, job)
    with pytest.raises(error, match=told):
        completer.second(job.id, by=by)
    assert completer.second(job.id, by="sam").status == "completed"
    with pytest.raises(PolicyDenied, match="no approved completion of 'soup' waits"):
        completer.second(job.id, by="kim")


def test_a_new_prompt_takes_an_approval_back(guide: Guide, desk: Desk) -> None:
    job, completer = soup(guide, NIGHT), Completer(guide)
    approved(guide, job)
    guide.hear(job.id)
    route(guide.jobs, "more salt", job.id)
    desk.clock.advance(seconds=7200)
    assert completer.pass_due() == []
    assert guide.jobs.get(job.id).status == "active"
    assert "The approval of its completion is withdrawn: there is a new prompt." in [
        i.text for i in guide.jobs.interactions(job.id)
    ]
    assert guide.guidance.of(job.id).completion == {}


def test_a_new_prompt_answers_the_completion_question_about_the_work_before(guide: Guide) -> None:
    job = soup(guide)
    asked = Completer(guide).ask(job.id)
    guide.hear(job.id)
    assert guide.open_questions(job.id) == []
    assert guide.jobs.said.get(asked.number).answer == NEW_PROMPT
    assert guide.jobs.get(job.id).status == "active"
