"""A database is named in the settings once it can be read, and forgotten without being touched."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.errors import AssistantError, BindingsInvalid
from assistant.settings import Settings, load
from assistant.skills.databases.adding import add_database, keep_file, remove_database


@pytest.fixture
def club(tmp_path: Path) -> Path:
    path = tmp_path / "club.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table members (id integer primary key, name text)")
        db.execute("create table boats (id integer primary key)")
        db.commit()
    return path


def test_the_first_of_ones_own_stands_beside_what_was_there(settings: Settings, club: Path):
    before = set(settings.databases)
    assert add_database(settings, {}, "club", str(club)) == ["boats", "members"]
    now = load(home=settings.home)
    assert set(now.databases) == before | {"club"}
    remove_database(now, "club")
    assert set(load(home=settings.home).databases) == before
    assert club.is_file()


@pytest.mark.parametrize(
    ("name", "address"),
    [("Club!", ""), ("club", "/nowhere/at/all.db"), ("club", "postgresql://jo:hunter2@db.example/club")],
)  # fmt: skip
def test_what_cannot_be_read_or_would_show_a_password_is_refused(
    settings: Settings, club: Path, name: str, address: str
):
    with pytest.raises(AssistantError) as wrong:
        add_database(settings, {}, name, address or str(club))
    assert wrong.value.hint
    assert "hunter2" not in str(wrong.value)
    assert not (settings.home / "settings.toml").exists()


def test_a_file_that_is_handed_over_is_kept_and_one_that_is_broken_is_not(
    settings: Settings, club: Path
):
    assert keep_file(settings, {}, "Our Club 2026", club.read_bytes())[0] == "our-club-2026"
    with pytest.raises(BindingsInvalid, match="already"):
        keep_file(settings, {}, "Our Club 2026", club.read_bytes() + b"x")
    with pytest.raises(AssistantError):
        keep_file(settings, {}, "torn", club.read_bytes()[:100] + b"\xff" * 4000)
    assert [path.name for path in (settings.home / "databases").iterdir()] == ["our-club-2026.db"]


def test_the_command_line_names_lists_and_forgets(
    settings: Settings, club: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ASSISTANT_HOME", str(settings.home))

    def told(*words: str) -> dict[str, object]:
        done = CliRunner().invoke(app, ["databases", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)["payload"]

    assert told("add", "club", str(club)) == {"added": "club", "tables": ["boats", "members"]}
    assert told("list")["databases"][0] == {"name": "club", "address": str(club), "tables": "boats, members"}  # pyright: ignore  # fmt: skip
    assert told("remove", "club") == {"removed": "club"}
