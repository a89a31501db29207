"""The home folder itself: settings, keys, disk, clock and databases, looked at before any is opened."""

from __future__ import annotations

import difflib
import os
import shutil
import sqlite3
import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.doctor.findings import Finding
from assistant.errors import AssistantError
from assistant.schedule.cron import zone_here
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.store.compaction import compact, size

_MB = 1024 * 1024
_LITTLE_DISK, _NO_DISK = 1024 * _MB, 200 * _MB
_MUCH_FREE = 20 * _MB
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows a time before this version was made."""
_AHEAD = timedelta(minutes=5)


class Usage(Protocol):
    """What a disk says of itself, in bytes."""

    @property
    def free(self) -> int: ...


PRIVATE = ("secrets.json", "link.key")


def check_settings(settings: Settings, _clock: Clock) -> Iterator[Finding]:
    """Names in settings.toml that nothing reads: a misspelt one has no effect and no message."""
    path = settings.home / "settings.toml"
    known = [*Settings.model_fields]
    stored = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    unknown = [name for name in stored if name not in known]
    for name in unknown:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else "Take the line out."
        yield Finding("settings", "warning", f"{path}: nothing reads {name!r}.", meant)
    try:
        zone = zone_here(settings.timezone)
    except AssistantError as wrong:
        yield Finding("settings", "problem", f"timezone: {wrong.message}", wrong.hint)
        return
    if not unknown:
        yield Finding("settings", "fine", f"The settings hold. The time zone is {zone}.")


def check_keys(settings: Settings, _clock: Clock) -> Iterator[Finding]:
    """Files with secrets belong to their owner alone, and can be read."""
    open_ones = list[Path]()
    for name in PRIVATE:
        path = settings.home / name
        if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            open_ones.append(path)
            yield Finding(
                "keys", "problem", f"{path} can be read by other users of this machine.",
                "Take their permission away.", f"chmod 600 {path}", fix=_make_private(path),
            )  # fmt: skip
    try:
        names = list(Secrets(settings.home))
    except AssistantError as wrong:
        yield Finding("keys", "problem", wrong.message, wrong.hint)
        return
    if not open_ones:
        yield Finding("keys", "fine", f"{len(names)} secrets are kept, by name.")


def check_disk(
    settings: Settings, _clock: Clock, usage: Callable[[Path], Usage] = shutil.disk_usage
) -> Iterator[Finding]:
    """Room on the disk for the next weeks."""
    free = usage(settings.home).free
    told = f"{free / _MB:,.0f} MB are free where {settings.home} lies."
    cure = "Make room, or let go of old runs."
    command = "assistant runs clean --dry-run"
    if free < _NO_DISK:
        yield Finding("disk", "problem", told, cure, command)
    elif free < _LITTLE_DISK:
        yield Finding("disk", "warning", told, cure, command)
    else:
        yield Finding("disk", "fine", told)


def check_clock(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """A clock that has gone back leaves records that lie in the future."""
    now = clock.now()
    cure = "Set the clock, and let the system keep it (NTP)."
    if now < _BUILT:
        yield Finding("clock", "problem", f"The clock shows {rfc3339(now)}.", cure)
        return
    last = _last_record(settings.store_path)
    if last is not None and last - now > _AHEAD:
        yield Finding(
            "clock", "problem",
            f"The clock shows {rfc3339(now)}, and the last record is of {rfc3339(last)}: it has"
            " gone back, or was wrong then.", cure,
        )  # fmt: skip
        return
    yield Finding("clock", "fine", f"The clock shows {rfc3339(now)}.")


def check_databases(settings: Settings, _clock: Clock) -> Iterator[Finding]:
    """Both databases, page by page; files that were set aside; room that is not given back."""
    for path in (settings.store_path, settings.engine_path):
        if path.exists():
            yield from _database(path)
    for aside in sorted(settings.home.glob("*.corrupt-*")):
        if not aside.name.endswith(("-wal", "-shm")):
            yield Finding(
                "databases", "warning", f"{aside} was set aside, for it could not be read.",
                "Bring back what a backup has, or delete the file when nothing of it is missed.",
            )  # fmt: skip


def _database(path: Path) -> Iterator[Finding]:
    cure = "Stop the panel and workers, and bring a backup back; `sqlite3 FILE .recover` saves what can be read."
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            wrong = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
            orphans = db.execute("PRAGMA foreign_key_check").fetchmany(5) if not wrong else []
            free = _pragma(db, "freelist_count") * _pragma(db, "page_size")
    except sqlite3.OperationalError as busy:
        yield Finding("databases", "warning", f"{path} cannot be examined now: {busy}.")
        return
    except sqlite3.DatabaseError as broken:
        wrong, orphans, free = [str(broken)], [], 0
    if wrong:
        yield Finding("databases", "problem", f"{path} is damaged: {wrong[0]}", cure)
    elif orphans:
        lost = f"{path} has rows that belong to nothing (table {orphans[0][0]!r})."
        yield Finding("databases", "problem", lost, cure)
    elif free > _MUCH_FREE:
        yield Finding(
            "databases", "warning", f"{path} holds {free / _MB:,.0f} MB of free room.",
            "Give it back to the disk.", "assistant runs clean", fix=_compaction(path),
        )  # fmt: skip
    else:
        yield Finding("databases", "fine", f"{path} is whole ({size(path) / _MB:,.1f} MB).")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _last_record(path: Path) -> datetime | None:
    """The latest moment that the store tells of; None without one that can be read."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            row = db.execute("select max(queued_at) from runs").fetchone()
            return parse_rfc3339(row[0]) if row and row[0] else None
    except (sqlite3.Error, ValueError):
        return None


def _make_private(path: Path) -> Callable[[], str]:
    def fix() -> str:
        path.chmod(0o600)
        return f"{path} is its owner's alone now."

    return fix


def _compaction(path: Path) -> Callable[[], str]:
    def fix() -> str:
        done = compact(path)
        return f"{path.name} went from {done.before / _MB:,.0f} to {done.after / _MB:,.0f} MB."

    return fix
