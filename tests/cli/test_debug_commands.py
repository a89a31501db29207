"""Debugging from one process to the next: a killed holder, a worker, a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from assistant.store.database import Store
from assistant.store.runs import RunRepository
from tests.cli.conftest import Command

ROOT = Path(__file__).resolve().parents[2]
ASSISTANT = [sys.executable, "-c", "from assistant.cli.main import main; main()"]
PATIENCE_SECONDS = 60
JOB = """\
job: letters
steps:
  - {id: one, skill: save_file, with: {name: one.txt, content: one}}
  - {id: two, skill: save_file, with: {name: two.txt, content: "after ${{ steps.one.artifact.name }}"}}
outputs: {size: "${{ steps.two.artifact.size }}"}
"""


class Terminal:
    """`assistant …` as a person sees it: on a terminal."""

    def __init__(self, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*ASSISTANT, *arguments], cwd=ROOT, stdin=slave, stdout=slave, stderr=slave,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "dumb"}, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""
        self._read = 0

    def until(self, text: str) -> None:
        """Read on until the text was shown, after what was shown before."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (found := self.shown.find(text, self._read)) < 0:
            assert time.monotonic() < end, f"{text!r} was not shown: {self.shown}"
            if select.select([self._master], [], [], 0.2)[0]:
                self.shown += os.read(self._master, 65536).decode()
        self._read = found + len(text)

    def type(self, words: str) -> None:
        os.write(self._master, f"{words}\n".encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        os.close(self._master)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    opened = Terminal(*arguments)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def job(assistant: Command, tmp_path: Path) -> str:
    (tmp_path / "letters.yaml").write_text(JOB)
    assistant("jobs", "import", "letters.yaml")
    return "letters"


def only_run(assistant: Command) -> str:
    [row] = assistant("runs", "list", "--json").data["payload"]["runs"]
    return row["id"]


def test_on_a_terminal_the_words_are_asked_for(assistant: Command, job: str) -> None:
    with terminal("jobs", "debug", job) as person:
        person.until("one [step]:")
        person.type("values 1 + 1")
        person.until("2\r\n")
        person.until("one [step]:")
        person.type('edit {"name": 5}')
        person.until("Input should be")
        person.type("")
        person.until("two [step]:")
        assert "after one.txt" in person.shown
        person.type('edit {"name": "two.txt", "content": "other"}')
        person.until("two [step]:")
        person.type("continue")
        person.until("Receipt and files:")
        assert person.process.wait(PATIENCE_SECONDS) == 0
    shown = assistant("runs", "show", only_run(assistant), "--json").data
    assert (shown["status"], shown["outputs"]) == ("succeeded", {"size": 5})


def test_a_run_held_by_a_process_that_was_killed_is_taken_up_and_goes_on(
    assistant: Command, job: str, home: Path
) -> None:
    with terminal("jobs", "debug", job, "--break", "two") as person:
        person.until("two [step]:")
        os.killpg(person.process.pid, signal.SIGKILL)
        person.process.wait(PATIENCE_SECONDS)
    run = only_run(assistant)
    looked = assistant("jobs", "debug", run, "--do", "values size(steps)", "--json")
    [pause] = looked.data["payload"]["held"]
    assert (looked.code, pause["path"], looked.data["payload"]["values"]) == (3, "two", [1])
    done = assistant("jobs", "debug", run, "--do", "continue", "--json")
    assert (done.code, done.data["outputs"]) == (0, {"size": len("after one.txt")})
    store = Store(home / "assistant.db")
    attempts = [(a.path, a.attempt, a.status) for a in RunRepository(store).attempts(run)]
    store.close()
    assert attempts == [("one", 1, "succeeded"), ("two", 1, "succeeded")]


def test_another_process_moves_on_what_a_living_one_holds(assistant: Command, job: str) -> None:
    with terminal("jobs", "debug", job) as person:
        person.until("one [step]:")
        run = only_run(assistant)
        held = assistant("jobs", "debug", run, "--do", "step", "--json")
        assert [p["path"] for p in held.data["payload"]["held"]] == ["two"]
        done = assistant("jobs", "debug", run, "--do", "skip", "--json")
        assert done.data["status"] == "failed"  # its output needs what was skipped
        person.type("continue")
        person.until("is not held")
        assert person.process.wait(PATIENCE_SECONDS) == 1


@pytest.mark.parametrize(("dry", "letters"), [((), 1), (("--dry-run",), 0)])
def test_an_edited_call_is_made_as_it_was_written_and_previewed_in_a_dry_run(
    assistant: Command, job_file: Path, home: Path, dry: tuple[str, ...], letters: int
) -> None:
    assistant("jobs", "import", str(job_file))
    held = assistant("jobs", "debug", "digest", "--break", "send", "--json", *dry)
    [pause] = held.data["payload"]["held"]
    arguments = json.dumps(pause["arguments"] | {"to": "al@example.org"})
    done = assistant(
        "jobs", "debug", held.data["run_id"], "--do", f"edit {arguments}", "--do", "continue",
        "--json",
    )  # fmt: skip
    assert (done.code, done.data["status"]) == (0, "succeeded")
    sent = [message_from_bytes(path.read_bytes())["To"] for path in (home / "outbox").glob("*.eml")]
    assert sent == ["al@example.org"] * letters


def test_a_breakpoint_that_no_run_could_reach_is_refused(assistant: Command, job: str) -> None:
    wrong = assistant("jobs", "debug", job, "--break", "tow", "--json")
    assert (wrong.code, wrong.data["error"]["message"]) == (2, "the job has no step 'tow'")
    assert "two" in wrong.data["error"]["hint"]
    assert assistant("runs", "list", "--json").data["payload"]["runs"] == []
