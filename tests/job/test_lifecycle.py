"""From a proposed file to one that runs, and back."""

from __future__ import annotations

import pytest

from assistant.errors import BindingsInvalid, JobInvalid, TargetUnresolved
from assistant.job.granting import reaches
from tests.job.conftest import DIGEST, Desk

SEND_TO_JO = {"skill": "send_email", "targets": ["jo@example.org"]}


def test_a_draft_takes_the_name_of_its_job_and_keeps_its_comments(desk: Desk) -> None:
    job = desk.jobs.create("batteries")
    draft = desk.lifecycle.propose(job.id, DIGEST, request="a digest")
    assert draft.yaml == DIGEST.replace("job: digest", "job: batteries")
    assert "# the feed" in draft.yaml
    assert desk.jobs.get(job.id).title == "A digest"
    assert desk.jobs.get(job.id).version == 0


def test_approving_makes_the_version_the_grant_and_the_schedule(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    draft = desk.lifecycle.propose(job.id, DIGEST, request="a digest")
    version = desk.lifecycle.approve(draft.id)
    assert (version.number, version.author, version.message) == (1, "builder", "a digest")
    assert version.grants == (SEND_TO_JO,)
    record = desk.jobs.get(job.id)
    assert (record.enabled, record.phase, record.version) == (True, "execute", 1)
    schedule = desk.ledger.schedule(job.id)
    assert schedule
    assert (schedule.cron, schedule.next_due) == ("0 7 * * 1-5", "2026-03-03T07:00:00.000Z")
    said = [i.text for i in desk.jobs.interactions(job.id) if i.kind == "decision"]
    assert said == ["Approved version 1."]
    with pytest.raises(TargetUnresolved, match="already approved"):
        desk.lifecycle.approve(draft.id)


def test_rejecting_leaves_no_version(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    draft = desk.lifecycle.propose(job.id, DIGEST)
    assert desk.lifecycle.reject(draft.id, reason="Too long.").state == "rejected"
    record = desk.jobs.get(job.id)
    assert (record.version, record.phase) == (0, "plan")


def test_a_file_with_mistakes_is_refused_whole(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    wrong = DIGEST.replace("skill: fetch_feed", "skill: fetch_fed").replace(
        "title: News", "titel: News"
    )
    with pytest.raises(JobInvalid) as told:
        desk.lifecycle.propose(job.id, wrong)
    assert [(p.line, p.step) for p in told.value.problems][:2] == [(10, "read"), (14, "letter")]
    assert "Did you mean 'fetch_feed'?" in told.value.message
    assert desk.jobs.open_draft(job.id) is None


def test_a_schedule_that_was_switched_off_stays_off_when_the_file_is_edited(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    desk.lifecycle.save(job.id, DIGEST)
    assert desk.jobs.get(job.id).enabled is True
    desk.lifecycle.disable(job.id)
    desk.lifecycle.save(job.id, DIGEST.replace("0 7", "0 8"))
    assert (desk.jobs.get(job.id).enabled, desk.ledger.schedule(job.id)) == (False, None)
    desk.lifecycle.enable(job.id)
    schedule = desk.ledger.schedule(job.id)
    assert schedule
    assert schedule.cron == "0 8 * * 1-5"


def test_rolling_back_is_a_new_version_with_the_old_words(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    first = desk.lifecycle.save(job.id, DIGEST)
    desk.lifecycle.save(job.id, DIGEST.replace("title: News", "title: Olds"))
    third = desk.lifecycle.roll_back(job.id, 1)
    assert (third.number, third.sha256, third.message) == (
        3,
        first.sha256,
        "Rolled back to version 1",
    )
    with pytest.raises(TargetUnresolved, match="in force already"):
        desk.lifecycle.roll_back(job.id, 3)


def test_renaming_changes_the_file_too(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    desk.lifecycle.save(job.id, DIGEST)
    desk.lifecycle.rename("digest", "news")
    assert desk.jobs.version(job.id).yaml.splitlines()[0] == "job: news"
    assert (desk.jobs.settings.job_dir("news") / "job.yaml").read_text().startswith("job: news")
    with pytest.raises(BindingsInvalid):
        desk.lifecycle.rename("news", "../news")


def test_a_target_that_only_a_run_knows_is_not_granted(desk: Desk) -> None:
    text = DIGEST.replace("${{ inputs.to }}", "${{ steps.read.items[0].author }}")
    job = desk.jobs.create("digest")
    version = desk.lifecycle.save(job.id, text)
    assert version.grants == ({"skill": "send_email", "targets": []},)
    reached = {
        r.path: r
        for r in reaches(desk.lifecycle.in_force(desk.jobs.get(job.id)), desk.lifecycle.library)
    }
    assert reached["send"].open == ("to",)
    assert reached["read"].targets == ("example.org",)


def test_an_approval_under_another_authors_hand_says_what_changed(desk: Desk) -> None:
    changed = DIGEST.replace("0 7 * * 1-5", "0 8 * * 1-5").replace("title: News", "title: More")
    assert desk.lifecycle.diff(DIGEST, changed) == [
        'the job: schedule.cron was "0 7 * * 1-5", now "0 8 * * 1-5"',
        'step \'letter\': with.title was "News", now "More"',
    ]


def test_a_request_that_only_reads_needs_no_grant_and_one_that_is_not_known_does(
    desk: Desk,
) -> None:
    job = desk.jobs.create("ask")
    text = """\
job: ask
inputs:
  how: {type: string}
  word: {type: string}
steps:
  - id: look
    skill: http_request
    with: {method: GET, url: "https://api.example.org/status", headers: {X-Word: "${{ inputs.word }}"}}
  - id: tell
    skill: http_request
    with: {method: POST, url: "https://hooks.example.org/in"}
  - id: either
    skill: http_request
    with: {method: "${{ inputs.how }}", url: "https://other.example.org/x"}
"""
    draft = desk.lifecycle.propose(job.id, text)
    version = desk.lifecycle.approve(draft.id)
    file = desk.lifecycle.in_force(desk.jobs.get(job.id))
    assert [(r.path, r.effect) for r in reaches(file, desk.lifecycle.library)] == [
        ("look", "read"), ("tell", "write"), ("either", "write"),
    ]  # fmt: skip
    assert [grant["targets"] for grant in version.grants] == [
        ["hooks.example.org"], ["other.example.org"],
    ]  # fmt: skip
