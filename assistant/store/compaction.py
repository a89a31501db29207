"""Giving the room of deleted rows back to the disk, for any SQLite file of the home."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InternalError

_INCREMENTAL = 2
_PAGES_AT_ONCE = 2_000


@dataclass(frozen=True)
class Compacted:
    """A file's bytes (with its log) before and after."""

    name: str
    before: int
    after: int


def prepare_for_compaction(connection: sqlite3.Connection) -> None:
    """Let a new file give room back piece by piece. A file that has tables is not changed."""
    connection.execute(f"PRAGMA auto_vacuum={_INCREMENTAL}")


def compact(path: Path, *, whole: bool = False) -> Compacted:
    """Give free pages back: piece by piece beside readers and writers, or (`whole`) by rewriting.

    Rewriting needs the file for itself for a moment, and as much free disk as it is large. A file
    that was made without piecewise release is rewritten once. Raises InternalError when it is
    in use for too long.
    """
    before = size(path)
    connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
    try:
        mode = connection.execute("PRAGMA auto_vacuum").fetchone()[0]
        free = connection.execute("PRAGMA freelist_count").fetchone()[0]
        if whole or (mode != _INCREMENTAL and free):
            connection.execute(f"PRAGMA auto_vacuum={_INCREMENTAL}")
            connection.execute("VACUUM")
        while free := connection.execute("PRAGMA freelist_count").fetchone()[0]:
            # Fetched, for a step frees one page; a few at once, for writers wait meanwhile.
            connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
            if connection.execute("PRAGMA freelist_count").fetchone()[0] >= free:
                break
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as busy:
        raise InternalError(
            f"{path} cannot be compacted now: {busy}",
            hint="Try again when less is going on, or is the disk full?",
        ) from busy
    finally:
        connection.close()
    return Compacted(path.name, before, size(path))


def size(path: Path) -> int:
    """The bytes of a database with its log."""
    parts = (path, path.with_name(f"{path.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
