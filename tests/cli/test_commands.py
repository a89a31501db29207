"""The command line, command by command."""

from __future__ import annotations

import json
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from assistant.demo import DemoSite
from tests.cli.conftest import Command
from tests.loopback import Page, Site, page


def test_a_job_is_brought_in_run_and_seen_from_every_side(
    assistant: Command, job_file: Path, home: Path
) -> None:
    assert assistant("jobs", "import", str(job_file)).out == (
        "digest is here, switched off. Switch it on: assistant jobs enable digest\n"
    )
    dry = assistant("jobs", "run", "digest", "--dry-run")
    assert (dry.code, list((home / "outbox").iterdir())) == (0, [])
    assert "~ send: would send email: to jo@example.org, subject batteries digest" in dry.out

    ran = assistant("jobs", "run", "digest", "--input", "limit=3", "--json")
    receipt = ran.data
    assert (ran.code, receipt["status"], receipt["job_version"]) == (0, "succeeded", 1)
    assert receipt["inputs"] == {"topic": "batteries", "limit": 3}
    assert [step["status"] for step in receipt["steps"]] == ["succeeded"] * 4
    assert len(list((home / "outbox").glob("*.eml"))) == 1

    shown = assistant("runs", "show", receipt["run_id"], "--json").data
    assert shown == receipt
    history = assistant("jobs", "history", "digest", "--json").data["payload"]["runs"]
    assert [(r["status"], r["dry"]) for r in history] == [("succeeded", False), ("succeeded", True)]
    files = assistant("runs", "artifacts", receipt["run_id"], "--json").data["payload"]["artifacts"]
    assert {Path(f["path"]).suffix for f in files} >= {".html", ".md"}
    assert all(Path(f["path"]).stat().st_size == f["size"] for f in files)
    tail = assistant("jobs", "tail", "digest")
    assert (tail.code, tail.out.splitlines()[-1]) == (0, "succeeded")
    events = assistant("runs", "events", "digest", "--json").data["payload"]["events"]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))


def test_a_failed_run_is_replayed_from_where_it_failed(
    assistant: Command, job_file: Path, monkeypatch: pytest.MonkeyPatch, site: DemoSite
) -> None:
    with Site({"/hook": Page(404)}) as hook:
        monkeypatch.setenv("ASSISTANT_ALLOW_ORIGINS", json.dumps([site.origin, hook.origin]))
        step = f'  - {{id: tell, skill: http_request, with: {{method: POST, url: "{hook.url("/hook")}"}}}}\n'
        job_file.write_text(job_file.read_text() + step)
        assistant("jobs", "import", str(job_file))
        failed = assistant("jobs", "run", "digest", "--json")
        assert (failed.code, failed.data["status"]) == (1, "failed")
        assert failed.data["error"]["step"] == "tell"
        hook.routes["/hook"] = page("thanks")
        again = assistant("runs", "replay", failed.data["run_id"], "--json")
    assert (again.code, again.data["status"]) == (0, "succeeded")
    events = assistant("runs", "events", again.data["run_id"], "--json").data["payload"]["events"]
    kept = [e["path"] for e in events if e["event"] == "StepDone" and e["seeded"]]
    assert kept == ["read", "best", "letter", "send"]


def test_a_run_goes_on_from_a_step_with_the_inputs_it_had_and_the_edited_job(
    assistant: Command, job_file: Path, home: Path
) -> None:
    assistant("jobs", "import", str(job_file))
    assert assistant("jobs", "run", "digest", "-i", "topic=harbour", "-i", "limit=2").code == 0
    job_file.write_text(job_file.read_text().replace("} digest", "} letter"))
    assistant("jobs", "edit", "digest", str(job_file))

    again = assistant("jobs", "run", "digest", "--from", "letter", "--json")
    assert (again.code, again.data["inputs"]) == (0, {"topic": "harbour", "limit": 2})
    events = assistant("runs", "events", again.data["run_id"], "--json").data["payload"]["events"]
    done = {e["path"]: e["seeded"] for e in events if e["event"] == "StepDone"}
    assert done == {"read": True, "best": True, "letter": False, "send": False}
    subjects = {
        message_from_bytes(p.read_bytes())["subject"] for p in (home / "outbox").glob("*.eml")
    }
    assert subjects == {"harbour digest", "harbour letter"}

    other = assistant("jobs", "run", "digest", "--from", "letter", "-i", "limit=1", "--json")
    assert other.data["inputs"] == {"topic": "harbour", "limit": 1}
    wrong = assistant("jobs", "run", "digest", "--from", "leter")
    assert (wrong.code, wrong.err) == (
        2, "the job has no step 'leter' to begin at (job_bindings_invalid)\nDid you mean 'letter'?\n",
    )  # fmt: skip


def test_a_dry_run_may_answer_what_it_reads_from_the_last_run_and_is_replayed_dry(
    assistant: Command, job_file: Path, home: Path, site: DemoSite
) -> None:
    assistant("jobs", "import", str(job_file))
    assert assistant("jobs", "run", "digest").code == 0
    site.stop()
    dry = assistant("jobs", "run", "digest", "--dry-run", "--reads", "recorded", "--json")
    assert (dry.code, dry.data["status"]) == (0, "succeeded")
    told = assistant("runs", "events", dry.data["run_id"], "--json").data["payload"]["events"]
    done = {e["path"]: e["cached"] for e in told if e["event"] == "StepDone"}
    assert done == {"read": True, "best": True, "letter": True, "send": False}
    again = assistant("runs", "replay", dry.data["run_id"], "--json")
    assert (again.code, again.data["payload"]["dry"]) == (0, True)
    assert len(list((home / "outbox").glob("*.eml"))) == 1


def test_schedules_are_switched_and_shown(assistant: Command, job_file: Path) -> None:
    assistant("jobs", "import", str(job_file))
    on = assistant("jobs", "enable", "digest")
    assert on.out.splitlines()[0] == "digest is switched on."
    assert on.out.splitlines()[1].count("07:00") == 3
    assert assistant("jobs", "pause", "digest", "--json").data["payload"]["paused"] is True
    assert assistant("jobs", "list").out.splitlines()[1].split("\t")[:4] == [
        "digest", "active", "1", "paused",
    ]  # fmt: skip
    assert "Every weekday at 07:00 (Europe/London)" in assistant("jobs", "show", "digest").out
    assert assistant("jobs", "ticks", "digest", "--json").data["payload"]["ticks"] == []


def test_versions_are_compared_and_rolled_back(
    assistant: Command, job_file: Path, home: Path
) -> None:
    assistant("jobs", "import", str(job_file))
    job_file.write_text(job_file.read_text().replace("jo@example.org", "ann@example.org"))
    assistant("jobs", "edit", "digest", str(job_file), "-m", "To Ann")
    assert assistant("jobs", "diff", "digest").out == (
        'Version 1 → 2\n  step \'send\': with.to was "jo@example.org", now "ann@example.org"\n'
    )
    assistant("jobs", "rollback", "digest", "1")
    versions = assistant("jobs", "versions", "digest", "--json").data["payload"]["versions"]
    assert [(v["number"], v["message"]) for v in versions] == [
        (3, "Rolled back to version 1"),
        (2, "To Ann"),
        (1, "Imported"),
    ]
    assert versions[0]["sha256"] == versions[2]["sha256"]
    assert "jo@example.org" in (home / "jobs" / "digest" / "job.yaml").read_text()


def test_a_template_becomes_a_draft_and_a_version(assistant: Command) -> None:
    empty = assistant("jobs", "new", "--template", "weekly-digest")
    assert (empty.code, empty.err) == (
        2,
        "Address of the feed? The blank 'feed' is empty. (job_bindings_invalid)\nAdd --set feed=…\n",
    )
    made = assistant(
        "jobs", "new", "--template", "weekly-digest", "--name", "week",
        "--set", "feed=https://example.org/feed.xml", "--set", "to=jo@example.org", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    draft = made.data["payload"]["draft"]
    assert (draft["job"], draft["schedule"]) == ("week", "Every Monday at 08:00 (Europe/London)")
    approved = assistant("jobs", "approve", "week", "--json")
    assert approved.data["payload"]["version"]["grants"] == [
        {"skill": "send_email", "targets": ["jo@example.org"]}
    ]
    assert len(approved.data["payload"]["next_fires"]) == 3
    again = assistant("jobs", "approve", "week")
    assert (again.code, again.err.splitlines()[0]) == (
        2, "nothing of 'week' waits for a word (job_target_unresolved)",
    )  # fmt: skip


def test_a_job_travels_in_an_archive(assistant: Command, job_file: Path, tmp_path: Path) -> None:
    assistant("jobs", "import", str(job_file))
    assistant("jobs", "export", "digest", "--to", "digest.zip")
    taken = assistant("jobs", "import", "digest.zip")
    assert (taken.code, "--as digest-2" in taken.err) == (2, True)
    assert assistant("jobs", "import", "digest.zip", "--as", "other").code == 0
    other = assistant("jobs", "show", "other", "--json").data["payload"]
    assert (other["job"]["enabled"], other["yaml"].splitlines()[0]) == (False, "job: other")

    with zipfile.ZipFile("bad.zip", "w") as bad:
        bad.writestr("../../evil.yaml", "job: evil")
    refused = assistant("jobs", "import", "bad.zip")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "bad.zip holds '../../evil.yaml', which is no part of a job (job_bindings_invalid)",
    )
    assert not (tmp_path.parent / "evil.yaml").exists()


def test_an_expression_is_tried_on_a_file(assistant: Command, tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text(json.dumps({"items": [{"score": 1}, {"score": 5}]}))
    given = assistant(
        "expr", "[i.score for i in items if i.score > 2]", "--data", "data.json", "--json"
    )
    assert given.data["payload"] == [5]
    assert assistant("expr", "sizee(1)").err == (
        "no function 'sizee' (job_execution_failed)\nDid you mean 'size'?\n"
    )


def test_a_skill_runs_alone(assistant: Command, site: DemoSite) -> None:
    ran = assistant("skills", "run", "fetch_feed", "--with", f"url={site.feed}", "--json")
    assert (ran.code, ran.data["status"]) == (0, "succeeded")
    given = json.dumps({"url": site.feed, "limit": 2})
    two = assistant("skills", "run", "fetch_feed", "--json", given)
    assert (two.code, len(two.data["outputs"]["result"]["items"])) == (0, 2)
    lines = assistant("skills", "run", "fetch_feed", given).out
    assert json.loads(lines[lines.index("{") :]) == two.data["outputs"]["result"]
    assert assistant("skills", "run", "fetch_feed", "{limit: 2}").err.splitlines()[1] == (
        """Write one object in quotes: '{"limit": 5}', or --with limit=5."""
    )
    wrong = assistant("skills", "run", "fetch_feed", "--with", "urll=x", "--json")
    assert (wrong.code, wrong.data["error"]["code"]) == (1, "skill_failed")
    assert (
        assistant("skills", "show", "fetch_fed").err.splitlines()[1] == "Did you mean 'fetch_feed'?"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["jobs", "show", "digset"], "job_not_found", "there is no job 'digset'"),
        (["jobs", "run", "digest", "-i", "limt=3"], "job_bindings_invalid",
         "no input 'limt'. Did you mean 'limit'?"),
        (["jobs", "run", "digest", "-i", "limit=500"], "job_bindings_invalid",
         "input 'limit' is 500, more than 50. Write 50 or less."),
        (["jobs", "rollback", "digest", "9"], "job_target_unresolved", "this job has no version 9"),
        (["jobs", "tail", "digest"], "job_target_unresolved", "'digest' has not run yet"),
        (["runs", "show", "nope"], "job_target_unresolved", "there is no run 'nope'"),
        (["ask", "  "], "job_bindings_invalid", "the prompt is empty"),
        (["ask", "x" * 30_000], "job_bindings_invalid",
         "the prompt has 30,000 characters; at most 20,000 can be read at once"),
        (["jobs", "frobnicate"], "job_bindings_invalid", "No such command 'frobnicate'."),
        (["jobs", "run", "digest", "--reads", "recorded"], "job_bindings_invalid",
         "--reads belongs to a dry run"),
        (["jobs", "validate", "missing.yaml"], "job_bindings_invalid",
         "there is no file 'missing.yaml'"),
        (["jobs", "import", "missing.yaml"], "job_bindings_invalid",
         "missing.yaml cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_one_message_with_its_code(
    assistant: Command, job_file: Path, arguments: list[str], code: str, message: str
) -> None:
    assistant("jobs", "import", str(job_file))
    told = assistant(*arguments, "--json") if arguments[0] != "ask" else assistant(*arguments)
    if arguments[0] == "ask":
        assert (told.code, told.err.splitlines()[0]) == (2, f"{message} ({code})")
        return
    assert told.code == 2
    assert (told.data["error"]["code"], told.data["error"]["message"]) == (code, message)
    plain = assistant(*arguments)
    assert plain.err.splitlines()[0] == f"{message} ({code})"
    assert plain.out == ""


def test_every_typo_of_a_job_file_is_named_with_its_cure(
    assistant: Command, job_file: Path
) -> None:
    job_file.write_text(job_file.read_text().replace("limit: 50}", "limt: 50}", 1))
    told = assistant("jobs", "validate", "digest.yaml")
    assert (told.code, told.err) == (
        2,
        "digest.yaml, line 12, step 'read': skill 'fetch_feed' takes no 'limt'."
        " Did you mean 'limit'? (job_invalid_spec)\n",
    )


def test_a_home_that_cannot_be_written_is_said(
    assistant: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "file" / "home"))
    told = assistant("jobs", "list")
    assert told.code == 2
    assert told.err.startswith(f"the home folder {tmp_path / 'file' / 'home'} cannot be written")


def test_a_corrupt_store_is_set_aside_and_named(assistant: Command, home: Path) -> None:
    home.mkdir()
    (home / "assistant.db").write_bytes(b"this is no database at all" * 100)
    told = assistant("jobs", "list")
    [aside] = home.glob("assistant.db.corrupt-*")
    assert (told.code, str(aside) in told.err) == (0, True)
    assert aside.read_bytes() == b"this is no database at all" * 100
    assert assistant("jobs", "list").err == ""


def test_a_broken_state_of_runs_is_set_aside_and_named(
    assistant: Command, job_file: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assistant("jobs", "import", str(job_file))
    (home / "engine.db").write_bytes(b"this is no database at all" * 100)
    assert assistant("jobs", "run", "digest", "--dry-run").code == 0
    [aside] = home.glob("engine.db.corrupt-*")
    assert f"It is kept as {aside}." in caplog.text


def test_a_job_is_deleted_when_one_says_so(assistant: Command, job_file: Path, home: Path) -> None:
    assistant("jobs", "import", str(job_file))
    run = assistant("jobs", "run", "digest", "--json").data["run_id"]
    asked = assistant("jobs", "delete", "digest")
    assert asked.code == 2
    assert "its 1 version" in asked.err
    assert asked.err.endswith("Add --yes.\n")
    told = assistant("jobs", "delete", "digest", "--dry-run", "--json").data["payload"]
    assert (told["done"], [one["run_id"] for one in told["going"]]) == (False, [run])
    gone = assistant("jobs", "delete", "digest", "--yes")
    assert (gone.code, gone.out) == (0, "digest is deleted.\n")
    assert (assistant("jobs", "show", "digest").code, assistant("runs", "show", run).code) == (2, 2)
    assert list((home / "runs").iterdir()) == []
