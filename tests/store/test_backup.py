"""A backup holds what cannot be made again, and no secret."""

from __future__ import annotations

import sqlite3
import tarfile
from pathlib import Path

from assistant.clock import SystemClock
from assistant.settings import Settings, prepare
from assistant.store.backup import back_up, backups
from assistant.store.database import Store
from assistant.store.jobs import JobRepository


def test_a_backup_unpacks_to_a_home_with_the_same_jobs_and_without_secrets(tmp_path: Path):
    settings = Settings(home=tmp_path / "home", demo_port=0)
    prepare(settings)
    (settings.home / "secrets.json").write_text('{"smtp_password": {"value": "hush-hush"}}')
    (settings.knowledge_dir / "notes.md").write_text("known")
    store = Store(settings.store_path)
    JobRepository(store, settings).create("digest", title="A digest")
    # The store is open, with a write in its log, while it is copied.
    path = back_up(settings, SystemClock())
    store.close()
    assert (path.stat().st_mode & 0o777, backups(settings)) == (0o600, [path])

    other = tmp_path / "other"
    with tarfile.open(path) as archive:
        assert "secrets.json" not in archive.getnames()
        archive.extractall(other, filter="data")
    assert (other / "knowledge" / "notes.md").read_text() == "known"
    rows = (
        sqlite3.connect(other / "assistant.db").execute("select name, title from jobs").fetchall()
    )
    assert rows == [("digest", "A digest")]
