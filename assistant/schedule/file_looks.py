"""Looks at a file or a folder of this machine."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.clock import rfc3339
from assistant.errors import CannotDo
from assistant.schedule.looks import Found, Surroundings

SETTLED_SECONDS = 1.0
"""A file that was written to less than this ago may still be being written."""
MOST_ENTRIES = 10_000
ABSENT = {"kind": "absent"}


async def look_at_file(
    around: Surroundings, options: dict[str, Any], state: dict[str, Any]
) -> Found:
    """A file's content, or the names, sizes and times in a folder. Raises CannotDo when neither
    can be read."""
    path = around.path(options["path"])
    now = around.clock.now().timestamp()
    return await asyncio.to_thread(_look, path, state, now)


def _look(path: Path, state: dict[str, Any], now: float) -> Found:
    try:
        known = path.stat()
    except FileNotFoundError:
        return _compared(path, state, ABSENT)
    except OSError as wrong:
        raise CannotDo(f"{path} cannot be looked at: {wrong.strerror}.") from wrong
    if 0 <= now - known.st_mtime < SETTLED_SECONDS:
        return Found(state, note="it is being written", settling=True)
    try:
        if stat.S_ISDIR(known.st_mode):
            return _compared(path, state, {"kind": "folder", "entries": _entries(path)})
        if not stat.S_ISREG(known.st_mode):
            raise CannotDo(f"{path} is neither a file nor a folder.")
        return _compared(path, state, _content(path, known, state))
    except OSError as wrong:
        raise CannotDo(f"{path} cannot be read: {wrong.strerror}.") from wrong


def _content(path: Path, known: os.stat_result, state: dict[str, Any]) -> dict[str, Any]:
    facts = {"kind": "file", "size": known.st_size, "mtime_ns": known.st_mtime_ns}
    if all(state.get(name) == value for name, value in facts.items()):
        return state  # untouched: it need not be read
    with path.open("rb") as file:
        return facts | {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _entries(path: Path) -> dict[str, list[int]]:
    with os.scandir(path) as found:
        entries = {
            entry.name: [known.st_size, known.st_mtime_ns]
            for entry in found
            if entry.is_file(follow_symlinks=False) and (known := entry.stat(follow_symlinks=False))
        }
    if len(entries) > MOST_ENTRIES:
        raise CannotDo(f"{path} holds more than {MOST_ENTRIES} files.", hint="Watch a smaller one.")
    return entries


def _compared(path: Path, state: dict[str, Any], now: dict[str, Any]) -> Found:
    note = now["kind"]
    if not state or _same(state, now):
        return Found(now, note=note)
    told: dict[str, Any] = {"path": str(path), "change": _change(state, now)}
    if now["kind"] == "file":
        moment = datetime.fromtimestamp(now["mtime_ns"] / 1e9, UTC)
        told |= {"size": now["size"], "modified": rfc3339(moment)}
    if now["kind"] == "folder":
        told |= _difference(state.get("entries", {}), now["entries"])
    return Found(now, [told], note)


def _same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    if before["kind"] != now["kind"]:
        return False
    if now["kind"] == "file":
        return before["sha256"] == now["sha256"]  # touched, but the same
    return before.get("entries") == now.get("entries")


def _change(before: dict[str, Any], now: dict[str, Any]) -> str:
    if now["kind"] == "absent":
        return "removed"
    return "created" if before["kind"] == "absent" else "changed"


def _difference(before: dict[str, list[int]], now: dict[str, list[int]]) -> dict[str, list[str]]:
    return {
        "added": sorted(now.keys() - before.keys()),
        "removed": sorted(before.keys() - now.keys()),
        "changed": sorted(name for name in now.keys() & before.keys() if now[name] != before[name]),
    }
