"""Settings that others write while a process stays: taken up when they hold, left alone when not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import settings_file
from assistant.settings import SettingsWrong, load, prepare
from assistant.settings_file import Renewal


def test_what_another_process_writes_is_taken_up_by_whoever_holds_the_settings(tmp_path: Path):
    held = load(home=tmp_path)
    renewal = Renewal(held)
    assert (renewal.look(), held.noun) == (False, "job")
    settings_file.put(tmp_path, "", "noun", "matter")
    assert (renewal.look(), held.noun, renewal.look()) == (True, "matter", False)
    settings_file.remove(tmp_path, "", "noun")
    assert (renewal.look(), held.noun) == (True, "job")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "/etc/passwd", "..", "Europe", "x" * 300])
def test_a_zone_that_is_none_is_refused_before_it_is_written(tmp_path: Path, zone: str):
    with pytest.raises(SettingsWrong, match="no time zone"):
        settings_file.put(tmp_path, "", "timezone", zone)
    assert load(home=tmp_path).timezone == ""
    assert not (tmp_path / "settings.toml").exists()


def test_a_file_that_does_not_hold_changes_nothing_until_it_is_mended(tmp_path: Path):
    settings_file.put(tmp_path, "", "noun", "matter")
    held = load(home=tmp_path)
    renewal = Renewal(held)
    (tmp_path / "settings.toml").write_text("noun = ")
    assert (renewal.look(), held.noun) == (False, "matter")
    (tmp_path / "settings.toml").write_text('noun = "case"\n')
    assert (renewal.look(), held.noun) == (True, "case")


def test_a_home_is_made_by_many_at_once(tmp_path: Path):
    settings = load(home=tmp_path / "home")

    with ThreadPoolExecutor(16) as several:
        list(several.map(lambda _: prepare(settings), range(800)))

    assert not [path.name for path in settings.home.iterdir() if path.is_file()]
