"""The first story from the terminal: real commands, the starter model, engine and demo newspaper."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.demo import DemoSite
from assistant.settings import PROJECT

Assistant = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def feed() -> Any:
    with DemoSite() as site:
        yield site.feed


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def assistant(home: Path, feed: str) -> Assistant:
    origin = feed.removesuffix("/feed.xml")
    environment = os.environ | {
        "ASSISTANT_HOME": str(home),
        "ASSISTANT_TIMEZONE": "Europe/London",
        "ASSISTANT_ALLOW_ORIGINS": json.dumps([origin]),
    }

    def run(*words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == expect, (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


def test_from_a_prompt_to_a_newsletter(assistant: Assistant, home: Path, feed: str):
    request = (
        "Every weekday at 7 make me a newsletter of the five best stories about batteries "
        f"from {feed} and mail it to jo@example.org"
    )
    # A draft waits for a person: exit code 3, nothing sent.
    drafted = json.loads(assistant("jobs", "draft", request, "--json", expect=3).stdout)
    card = drafted["payload"]["draft"]
    assert [step["skill"] for step in card["steps"]] == [
        "fetch_feed", "rank_items", "compile_newsletter", "send_email",
    ]  # fmt: skip
    assert card["schedule"] == "Every weekday at 07:00 (Europe/London)"
    assert len(card["fires"]) == 5
    assert card["touches"][0]["targets"] == ["jo@example.org"]
    assert card["dry_run"]["status"] == "succeeded"
    assert [line["state"] for line in card["dry_run"]["lines"]] == ["done", "done", "done", "would"]
    assert not list((home / "outbox").iterdir())

    name = card["job"]
    assistant("jobs", "approve", name)
    listed = assistant("jobs", "list").stdout
    assert name in listed

    receipt = json.loads(assistant("jobs", "run", name, "--json").stdout)
    assert (receipt["status"], receipt["job_version"]) == ("succeeded", 1)
    assert assistant("jobs", "tail", name).stdout.splitlines()[-1] == "succeeded"
    shown = json.loads(assistant("runs", "show", receipt["run_id"], "--json").stdout)
    assert shown == receipt

    folder = home / "runs" / name / receipt["run_id"]
    made = {path.name for path in (folder / "artifacts").iterdir()}
    assert {"letter.html", "letter.md"} <= made
    assert (folder / "artifacts" / "letter.md").read_text().count(
        feed.removesuffix("feed.xml")
    ) >= 5
    (letter,) = (home / "outbox").glob("*.eml")
    sent = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert sent["To"] == "jo@example.org"
    body = sent.get_body(("plain",))
    assert body is not None
    assert "batter" in body.get_content().lower()


def test_a_quick_question_is_answered_at_once(assistant: Assistant, feed: str):
    told = assistant("ask", f"what is new in {feed} ?")
    assert "Sodium-ion batteries go to sea on the island ferry" in told.stdout


def test_an_unknown_job_names_the_nearest_and_exits_2(assistant: Assistant):
    told = assistant("jobs", "run", "no-such-job-at-all", expect=2)
    assert "(job_not_found)" in told.stderr


def test_a_job_file_with_a_typo_names_line_and_cure(assistant: Assistant, tmp_path: Path):
    file = tmp_path / "job.yaml"
    file.write_text("job: x\nsteps:\n  - id: read\n    skil: fetch_feed\n")
    told = assistant("jobs", "validate", str(file), expect=2)
    assert "line 3" in told.stderr
    assert "'skill'" in told.stderr


def test_a_home_that_cannot_be_written_is_one_clear_message(assistant: Assistant, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "jobs", "list"], cwd=PROJECT, capture_output=True,
        text=True, env=os.environ | {"ASSISTANT_HOME": str(blocked / "home")},
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "ASSISTANT_HOME" in done.stderr


def test_a_corrupt_store_is_kept_aside_and_named(tmp_path: Path):
    (tmp_path / "assistant.db").write_bytes(b"this is no database" * 1000)
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "jobs", "list"], cwd=PROJECT, capture_output=True,
        text=True, env=os.environ | {"ASSISTANT_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (aside,) = tmp_path.glob("assistant.db.corrupt-*")
    assert aside.read_bytes() == b"this is no database" * 1000
    assert aside.name in done.stderr
