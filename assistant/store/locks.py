"""Locks that the system frees when their process dies, and what their holder says of itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


class Lock:
    """A locked file. `free` lets go of it and removes it."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path = path
        self._file = file

    def say(self, text: str) -> None:
        """What others read with `holder`."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def free(self) -> None:
        if not self._file.closed:
            self.path.unlink(missing_ok=True)
            self._file.close()


def take(path: Path, text: str = "") -> Lock | None:
    """The lock, or None when a living process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+", encoding="utf-8")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    if not _same(path, file):
        # Its holder left and removed the file between our opening and our locking it.
        file.close()
        return take(path, text)
    lock = Lock(path, file)
    lock.say(text)
    return lock


def holder(path: Path) -> str | None:
    """What the living holder of a lock says of itself, or None when nobody has it."""
    try:
        with path.open("r+", encoding="utf-8") as file:
            try:
                _lock(file)
            except OSError:
                file.seek(0)
                return file.read()
            return None
    except FileNotFoundError:
        return None


def _same(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # A byte far behind the text: the text itself stays readable for others.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
