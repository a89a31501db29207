"""A job that travels, and what is refused on arrival."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import BindingsInvalid, JobInvalid
from assistant.job import archive, templates
from assistant.job.archive import ArchiveWrong
from assistant.job.importing import bring_in, left_out
from assistant.masking import Masker
from assistant.store.files import sha256, write_atomically
from tests.job.conftest import DIGEST, Desk

NO_SECRETS = Masker({})
CALLER = """\
job: caller
steps:
  - {id: other, call_job: digest}
"""


def packed(path: Path, files: dict[str, str], **manifest: object) -> Path:
    """An archive of these files with a manifest that fits, but for what is given."""
    told = {"format": 1, "job": "digest", "sha256": {n: sha256(t) for n, t in files.items()}}
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", json.dumps(told | manifest))
        for name, text in files.items():
            made.writestr(name, text)
    return path


def test_a_job_arrives_with_what_it_calls_switched_off(
    desk: Desk, elsewhere: Desk, tmp_path: Path
) -> None:
    digest, caller = desk.jobs.create("digest"), desk.jobs.create("caller")
    desk.lifecycle.save(digest.id, DIGEST)
    desk.lifecycle.save(caller.id, CALLER)
    (desk.jobs.settings.job_dir("digest") / "plan.md").write_text("# Plan\n")
    raw = archive.export(desk.jobs, desk.jobs.get("caller"), NO_SECRETS)
    assert raw == archive.export(desk.jobs, desk.jobs.get("caller"), NO_SECRETS)
    assert sorted(zipfile.ZipFile(io.BytesIO(raw)).namelist()) == [
        "jobs/caller.yaml", "jobs/digest.yaml", "manifest.json", "plans/digest/plan.md",
    ]  # fmt: skip
    (tmp_path / "caller.zip").write_bytes(raw)

    made = bring_in(elsewhere.lifecycle, archive.read(tmp_path / "caller.zip"))
    assert [(r.name, r.enabled, r.version) for r in made] == [
        ("caller", False, 1), ("digest", False, 1),
    ]  # fmt: skip
    assert elsewhere.jobs.version(made[0].id).author == "import"
    assert (elsewhere.jobs.settings.job_dir("digest") / "plan.md").read_text() == "# Plan\n"

    # What it calls is there already, in the very same words.
    made = bring_in(elsewhere.lifecycle, archive.read(tmp_path / "caller.zip"), name="third")
    assert [r.name for r in made] == ["third"]


OWN = "# Ours: reads it our way.\njob: ours\nsteps: [{stop: enough}]\n"


def test_the_homes_own_template_travels_with_the_job_that_began_with_it(
    desk: Desk, elsewhere: Desk, tmp_path: Path
) -> None:
    record = desk.jobs.create("digest")
    desk.jobs.propose(record.id, DIGEST, template="our way")
    desk.lifecycle.save(record.id, DIGEST)
    write_atomically(desk.jobs.settings.templates_dir / "our way.yaml", OWN)
    (tmp_path / "digest.zip").write_bytes(
        archive.export(desk.jobs, desk.jobs.get("digest"), NO_SECRETS)
    )
    packed = archive.read(tmp_path / "digest.zip")
    assert packed.templates == {"our way": OWN}

    there = elsewhere.jobs.settings.templates_dir
    assert left_out(packed, there) == []
    bring_in(elsewhere.lifecycle, packed)
    assert templates.get("our way", there).text == OWN
    assert left_out(packed, there) == []
    # It is known there with what it began, also under another name, and travels on with it.
    [renamed] = bring_in(elsewhere.lifecycle, packed, name="copy")
    for name in ("digest", "copy"):
        arrived = elsewhere.jobs.get(name)
        assert (elsewhere.jobs.begun_with(arrived.id), arrived.version) == ("our way", 1)
        assert elsewhere.jobs.open_draft(arrived.id) is None
    assert renamed.enabled is False


def test_an_archive_without_a_word_of_templates_and_one_with_a_wrong_word_come_in_all_the_same(
    elsewhere: Desk, tmp_path: Path
) -> None:
    files = {"jobs/digest.yaml": DIGEST}
    for number, told in enumerate(
        ({}, {"begun_with": 3}, {"begun_with": {"digest": "../x", "other": "a"}})
    ):
        read = archive.read(packed(tmp_path / f"{number}.zip", files, **told))
        assert read.begun_with == {}
        [made] = bring_in(elsewhere.lifecycle, read, name=f"digest-{number + 1}")
        assert elsewhere.jobs.begun_with(made.id) == ""


def test_a_template_that_says_something_else_here_stays_as_it_is(
    elsewhere: Desk, tmp_path: Path
) -> None:
    files = {
        "jobs/digest.yaml": DIGEST,
        "templates/ours.yaml": OWN,
        "templates/page-watch.yaml": OWN,
    }
    read = archive.read(packed(tmp_path / "x.zip", files))
    own = elsewhere.jobs.settings.templates_dir
    write_atomically(own / "ours.yaml", OWN.replace("enough", "later"))
    assert left_out(read, own) == ["ours", "page-watch"]
    bring_in(elsewhere.lifecycle, read)
    assert "later" in templates.get("ours", own).text
    assert [path.name for path in own.iterdir()] == ["ours.yaml"]


def test_a_template_that_ships_with_the_program_does_not_travel(desk: Desk) -> None:
    record = desk.jobs.create("digest")
    desk.jobs.propose(record.id, DIGEST, template="page-watch")
    desk.lifecycle.save(record.id, DIGEST)
    raw = archive.export(desk.jobs, desk.jobs.get("digest"), NO_SECRETS)
    assert sorted(zipfile.ZipFile(io.BytesIO(raw)).namelist()) == [
        "jobs/digest.yaml", "manifest.json",
    ]  # fmt: skip


def test_a_template_that_does_not_hold_keeps_all_of_it_out(desk: Desk, tmp_path: Path) -> None:
    files = {"jobs/digest.yaml": DIGEST, "templates/ours.yaml": "job: ours\nstep: []\n"}
    with pytest.raises(JobInvalid, match="Did you mean 'steps'"):
        bring_in(desk.lifecycle, archive.read(packed(tmp_path / "x.zip", files)))
    assert desk.jobs.list() == []


@pytest.mark.parametrize("where", ["job", "plan", "called job"])
def test_a_secret_that_was_written_out_does_not_travel(desk: Desk, where: str) -> None:
    digest, caller = desk.jobs.create("digest"), desk.jobs.create("caller")
    told = "with hunter22 in it"
    desk.lifecycle.save(
        digest.id, DIGEST.replace("A digest", told if where == "called job" else "x")
    )
    desk.lifecycle.save(caller.id, f"title: {told}\n{CALLER}" if where == "job" else CALLER)
    if where == "plan":
        (desk.jobs.settings.job_dir("digest") / "plan.md").write_text(f"# Plan\n{told}\n")
    secrets = Masker({"smtp_password": "hunter22"})
    with pytest.raises(BindingsInvalid) as refused:
        archive.export(desk.jobs, desk.jobs.get("caller"), secrets)
    assert "holds a secret's value: " in refused.value.message
    assert "with [secret smtp_password] in it" in refused.value.message
    assert "hunter22" not in str(refused.value)


def test_a_job_that_others_call_keeps_its_name(desk: Desk) -> None:
    digest, caller = desk.jobs.create("digest"), desk.jobs.create("caller")
    desk.lifecycle.save(digest.id, DIGEST)
    desk.lifecycle.save(caller.id, CALLER)
    with pytest.raises(BindingsInvalid, match="'digest' is called by caller"):
        desk.lifecycle.rename("digest", "news")


def test_a_name_that_is_taken_by_another_job_is_said_and_nothing_is_kept(
    desk: Desk, tmp_path: Path
) -> None:
    digest, caller = desk.jobs.create("digest"), desk.jobs.create("caller")
    desk.lifecycle.save(digest.id, DIGEST)
    desk.lifecycle.save(caller.id, CALLER)
    (tmp_path / "caller.zip").write_bytes(
        archive.export(desk.jobs, desk.jobs.get("caller"), NO_SECRETS)
    )
    desk.lifecycle.save(digest.id, DIGEST.replace("News", "Other news"))
    with pytest.raises(BindingsInvalid, match="a job named 'digest' is here already") as told:
        bring_in(desk.lifecycle, archive.read(tmp_path / "caller.zip"), name="third")
    assert told.value.hint == "Rename it first: assistant jobs rename digest digest-2"
    assert desk.jobs.find("third") is None


@pytest.mark.parametrize(
    "name",
    ["../evil.yaml", "/etc/evil.yaml", "jobs/../../evil.yaml", "jobs/evil.txt", "jobs/a b.yaml",
     "plans/digest/../plan.md", "plans/digest/run.sh", "templates/../evil.yaml", "templates/.yaml",
     "templates/a:b.yaml", "templates/..yaml", "templates/x/y.yaml", "C:\\evil.yaml", "jobs\\evil.yaml"],
)  # fmt: skip
def test_a_name_outside_the_four_places_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveWrong, match="which is no part of a job"):
        archive.read(packed(tmp_path / "bad.zip", {"jobs/digest.yaml": DIGEST, name: "x"}))


def _bomb(path: Path) -> Path:
    return packed(path, {"jobs/digest.yaml": "#" * 50_000_000})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_bomb, "larger than 1,000,000 bytes"),
        (lambda p: packed(p, {f"jobs/j{i}.yaml": "x" for i in range(300)}), "more than 200"),
        (
            lambda p: packed(p, {"jobs/digest.yaml": DIGEST}, sha256={}),
            "is not what the manifest says",
        ),
        (
            lambda p: packed(p, {"jobs/digest.yaml": DIGEST}, format=9),
            "has no manifest of format 1",
        ),
        (
            lambda p: packed(p, {"jobs/digest.yaml": DIGEST}, job="other"),
            "does not hold its own job",
        ),
    ],
)
def test_an_archive_that_does_not_hold_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(ArchiveWrong, match=message):
        archive.read(make(tmp_path / "bad.zip"))


def test_an_archive_that_was_cut_off_says_so(tmp_path: Path) -> None:
    whole = packed(tmp_path / "x.zip", {"jobs/digest.yaml": DIGEST}).read_bytes()
    for size in (4, len(whole) // 2, len(whole) - 10):
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        with pytest.raises(ArchiveWrong, match="cut off or spoilt"):
            archive.read(tmp_path / "cut.zip")


def test_a_file_of_an_archive_that_does_not_hold_keeps_all_of_it_out(
    desk: Desk, tmp_path: Path
) -> None:
    files = {
        "jobs/caller.yaml": CALLER,
        "jobs/digest.yaml": DIGEST.replace("fetch_feed", "fetch_fed"),
    }
    path = packed(tmp_path / "x.zip", files, job="caller")
    with pytest.raises(JobInvalid, match="Did you mean 'fetch_feed'"):
        bring_in(desk.lifecycle, archive.read(path))
    assert desk.jobs.list() == []


def test_a_plain_file_comes_in_too(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "digest.yaml").write_text(DIGEST)
    [record] = bring_in(desk.lifecycle, archive.read(tmp_path / "digest.yaml"))
    assert (record.name, record.enabled, record.title) == ("digest", False, "A digest")
    (tmp_path / "noise.yaml").write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(ArchiveWrong, match=r"noise.yaml is no UTF-8 text"):
        archive.read(tmp_path / "noise.yaml")


def test_a_job_that_another_waits_for_travels_with_it_and_keeps_its_name(
    desk: Desk, tmp_path: Path
) -> None:
    waits = "job: waits\ntriggers: [{on: job_failed, job: digest}]\nsteps: [{stop: done}]\n"
    digest, waiting = desk.jobs.create("digest"), desk.jobs.create("waits")
    desk.lifecycle.save(digest.id, DIGEST)
    desk.lifecycle.save(waiting.id, waits)
    (tmp_path / "waits.zip").write_bytes(
        archive.export(desk.jobs, desk.jobs.get("waits"), NO_SECRETS)
    )
    assert set(archive.read(tmp_path / "waits.zip").jobs) == {"waits", "digest"}
    with pytest.raises(BindingsInvalid, match="'digest' is called by waits"):
        desk.lifecycle.rename("digest", "news")
