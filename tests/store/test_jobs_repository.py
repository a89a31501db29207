"""What the store keeps of a job."""

from __future__ import annotations

import pytest

from assistant.clock import FixedClock
from assistant.errors import BindingsInvalid, JobNotFound, TargetUnresolved
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.files import sha256
from assistant.store.jobs import Draft, Interaction, JobRecord, JobRepository, Version

YAML = "job: digest\nsteps: []\n"


@pytest.fixture
def jobs(store: Store, settings: Settings, clock: FixedClock) -> JobRepository:
    return JobRepository(store, settings, clock=clock, entropy=lambda: "abcd")


def test_a_new_job_is_active_and_observes(jobs: JobRepository) -> None:
    assert jobs.create("digest", title="A digest") == JobRecord(
        id="20260302T120000000Z", name="digest", title="A digest", status="active",
        enabled=False, paused=False, stage=1, cycle=1, phase="observe", version=0,
        created_at="2026-03-02T12:00:00.000Z", updated_at="2026-03-02T12:00:00.000Z",
    )  # fmt: skip


def test_two_jobs_of_one_moment_and_name_get_their_own_id_and_name(jobs: JobRepository) -> None:
    made = [jobs.create("digest") for _ in range(3)]
    assert [(job.id, job.name) for job in made] == [
        ("20260302T120000000Z", "digest"),
        ("20260302T120000001Z", "digest-2"),
        ("20260302T120000002Z", "digest-3"),
    ]


def test_a_job_is_found_by_id_or_name_and_a_typo_is_answered(jobs: JobRepository) -> None:
    made = jobs.create("ai-digest")
    assert jobs.get("ai-digest") == jobs.get(made.id) == made
    with pytest.raises(JobNotFound) as wrong:
        jobs.get("ai-digset")
    assert wrong.value.as_dict() == {
        "code": "job_not_found",
        "message": "there is no job 'ai-digset'",
        "hint": "Did you mean 'ai-digest'?",
    }


@pytest.mark.parametrize("name", ["", "Ai", "../x", "a b", "-a", "a-", "x" * 65, "a\n"])
def test_a_name_that_is_no_name_is_refused(jobs: JobRepository, name: str) -> None:
    with pytest.raises(BindingsInvalid):
        jobs.create(name)


def test_renaming_moves_the_folder_and_keeps_the_id(jobs: JobRepository) -> None:
    made = jobs.create("digest")
    jobs.accept(made.id, YAML, author="person")
    renamed = jobs.rename("digest", "news")
    assert (renamed.id, renamed.name) == (made.id, "news")
    assert (jobs.settings.job_dir("news") / "job.yaml").read_text() == YAML
    assert not jobs.settings.job_dir("digest").exists()
    jobs.create("other")
    with pytest.raises(BindingsInvalid, match="another job is named 'other'"):
        jobs.rename("news", "other")


def test_what_was_said_is_kept_in_order(jobs: JobRepository) -> None:
    job = jobs.create("digest")
    first = jobs.add_interaction(job.id, "prompt", "person", "hello")
    second = jobs.add_interaction(job.id, "answer", "assistant", "hi", {"run": "r1"})
    at = "2026-03-02T12:00:00.000Z"
    assert [first, second] == [
        Interaction(1, job.id, at, "prompt", "person", "hello", {}),
        Interaction(2, job.id, at, "answer", "assistant", "hi", {"run": "r1"}),
    ]
    assert jobs.interactions(job.id) == [first, second]
    assert jobs.interactions(job.id, after=first.id) == [second]
    assert jobs.interactions(job.id, last=1) == [second]


def test_a_new_draft_replaces_the_open_one(jobs: JobRepository) -> None:
    job = jobs.create("digest")
    old = jobs.propose(job.id, "job: a\n")
    jobs.clock.advance(seconds=1)  # type: ignore[attr-defined]
    new = jobs.propose(job.id, YAML, request="a digest", card={"steps": ["Read"]})
    assert jobs.open_draft(job.id) == new == Draft(
        "20260302T120001000Z-abcd", job.id, YAML, "a digest", "open", {"steps": ["Read"]},
        "2026-03-02T12:00:01.000Z",
    )  # fmt: skip
    assert jobs.draft(old.id).state == "replaced"
    assert jobs.accept(job.id, YAML, author="builder", draft_id=new.id).number == 1
    assert jobs.draft(new.id).state == "approved"
    with pytest.raises(TargetUnresolved, match="already approved"):
        jobs.reject(new.id)
    with pytest.raises(TargetUnresolved, match="already approved"):
        jobs.accept(job.id, YAML, author="builder", draft_id=new.id)
    assert [version.number for version in jobs.versions(job.id)] == [1]


def test_the_jobs_whose_draft_waits_are_asked_for_at_once(
    jobs: JobRepository, clock: FixedClock
) -> None:
    waits, again, decided, _ = (jobs.create(name) for name in ("a", "b", "c", "d"))
    for job in (waits, again, again, decided):
        last = jobs.propose(job.id, YAML)
        clock.advance(seconds=1)
    jobs.reject(last.id)
    assert jobs.drafted() == {waits.id, again.id}


def test_without_an_accepted_version_the_error_names_the_command_that_leads_to_one(
    jobs: JobRepository,
) -> None:
    job = jobs.create("digest")
    with pytest.raises(TargetUnresolved) as nothing:
        jobs.version(job.id)
    jobs.propose(job.id, YAML)
    with pytest.raises(TargetUnresolved) as waits:
        jobs.version(job.id)
    assert [nothing.value.hint, waits.value.hint] == [
        'Say first what it should do: `assistant jobs draft "…" --job digest`.',
        "Approve its draft first: `assistant jobs approve digest`.",
    ]


def test_accepting_numbers_the_versions_and_writes_the_file(jobs: JobRepository) -> None:
    job = jobs.create("digest")
    with pytest.raises(TargetUnresolved, match="no accepted version"):
        jobs.version(job.id)
    one = jobs.accept(job.id, "job: digest\n", author="builder", message="First")
    two = jobs.accept(job.id, YAML, author="person", grants=[{"skill": "send_email"}])
    assert two == Version(
        job.id, 2, "person", "", sha256(YAML), YAML, ({"skill": "send_email"},),
        "2026-03-02T12:00:00.000Z",
    )  # fmt: skip
    assert jobs.versions(job.id) == [two, one]
    assert (jobs.version(job.id), jobs.version(job.id, 1)) == (two, one)
    assert jobs.get(job.id).version == 2
    folder = jobs.settings.job_dir("digest")
    assert {p.name: p.read_text() for p in folder.iterdir()} == {"job.yaml": YAML}
