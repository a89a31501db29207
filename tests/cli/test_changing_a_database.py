"""A job changes a database: by the statement that was accepted, and by no other."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.demo import DemoSite
from tests.cli.conftest import Command

JOB = """\
job: keep
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "{feed}", limit: 1}}
  - id: note
    skill: change_database
    with:
      database: reading
      sql: {sql}
      values: {{title: "${{{{ steps.read.items[0].title }}}}"}}
"""
ACCEPTED = '"insert into stories (title) values (:title)"'
MADE = "\"insert into stories (title) values (:title || '${{ steps.read.items[0].title }}')\""


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "reading.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table stories (title text)")
        db.commit()
    monkeypatch.setenv("ASSISTANT_DATABASES", json.dumps({"reading": str(path)}))
    return path


@pytest.fixture
def writable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WRITABLE_DATABASES", '["reading"]')


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [title for (title,) in db.execute("select title from stories")]


def write_job(tmp_path: Path, site: DemoSite, sql: str) -> str:
    path = tmp_path / "keep.yaml"
    path.write_text(JOB.format(feed=site.feed, sql=sql), encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("writable")
def test_the_accepted_statement_runs_with_the_values_of_the_run(
    assistant: Command, site: DemoSite, tmp_path: Path, reading: Path
) -> None:
    assistant("jobs", "import", write_job(tmp_path, site, ACCEPTED))
    dry = assistant("jobs", "run", "keep", "--dry-run")
    assert (dry.code, titles(reading)) == (0, [])
    assert (
        "would change database: database reading, changed 1, sql insert into stories (title) values (:title)"
        in dry.out
    )
    ran = assistant("jobs", "run", "keep", "--json")
    assert (ran.code, ran.data["status"], len(titles(reading))) == (0, "succeeded", 1)


@pytest.mark.usefixtures("writable")
def test_a_statement_that_a_feed_had_a_hand_in_waits_for_a_person(
    assistant: Command, site: DemoSite, tmp_path: Path, reading: Path
) -> None:
    assistant("jobs", "import", write_job(tmp_path, site, MADE))
    ran = assistant("jobs", "run", "keep", "--json")
    assert (ran.code, ran.data["status"], titles(reading)) == (3, "waiting", [])
    assistant("runs", "reject", ran.data["run_id"], "note")
    assert titles(reading) == []


@pytest.mark.usefixtures("writable")
def test_a_call_that_a_person_types_needs_no_second_word(assistant: Command, reading: Path) -> None:
    call = {"sql": "insert into stories values (:t)", "values": {"t": "Tides"}}
    ran = assistant("skills", "run", "change_database", json.dumps(call))
    assert (ran.code, titles(reading)) == (0, ["Tides"])


def test_without_the_setting_the_cure_is_named(assistant: Command, reading: Path) -> None:
    ran = assistant("skills", "run", "change_database", '{"sql": "delete from stories"}')
    assert (ran.code, "writable_databases" in ran.err) == (1, True)
