"""A backup of a home in one file: the store, job files, settings, own skills and knowledge.

Databases are copied through SQLite's own backup, so one that is written to meanwhile is whole.
Secrets and model files are never in it; runs' folders are, when they are asked for.
"""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from assistant.clock import Clock
from assistant.errors import CannotDo
from assistant.ids import stamp
from assistant.settings import Settings

FOLDER = "backups"


def back_up(settings: Settings, clock: Clock, *, runs: bool = False) -> Path:
    """Write `backups/assistant-<UTC>.tar.gz` in the home; gives its path. Raises CannotDo."""
    target = settings.home / FOLDER / f"assistant-{stamp(clock.now())}.tar.gz"
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=target.parent) as copies,
            tarfile.open(part, "w:gz", compresslevel=3) as archive,
        ):
            for database in (settings.store_path, settings.engine_path):
                if database.exists():
                    archive.add(_copy(database, Path(copies)), database.name)
            for path in _files(settings, runs=runs):
                if path.exists():
                    archive.add(path, path.name)
        part.chmod(0o600)
        part.replace(target)
    except (OSError, sqlite3.Error) as failed:
        part.unlink(missing_ok=True)
        raise CannotDo(f"the backup could not be written: {failed}", hint="Make room, or free the folder.") from failed  # fmt: skip
    return target


def backups(settings: Settings) -> list[Path]:
    """The backups there are, the newest first."""
    return sorted((settings.home / FOLDER).glob("assistant-*.tar.gz"), reverse=True)


def _files(settings: Settings, *, runs: bool) -> list[Path]:
    found = [settings.home / "settings.toml", settings.home / "enabled_skills.json", settings.jobs_dir,
             settings.skills_dir, settings.knowledge_dir]  # fmt: skip
    return [*found, settings.runs_dir] if runs else found


def _copy(database: Path, folder: Path) -> Path:
    copy = folder / database.name
    with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(copy)) as written:
        live.backup(written)
    return copy
