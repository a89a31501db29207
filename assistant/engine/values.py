"""Large values by reference: what is over 64 KB lies in the run's folder, named by its hash."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InternalError
from assistant.store.far_files import FarFiles

LARGE = 64 * 1024
REFERENCE = "$large"
_PART = ".part"
"""The ending of files that are being written; artifacts in the making have it too."""
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Values:
    """The values of one run. `folder` is `values/` in the run's folder.

    On several machines each file also lies at `far` (a location and the run's place in it).
    """

    folder: Path
    far: tuple[FarFiles, str] | None = None

    def shorten(self, value: Any, *, longest: int = LARGE) -> Any:
        """The value itself, or `{"$large": {sha256, size}}` when it is large."""
        return self.measured(value, longest=longest)[0]

    def measured(self, value: Any, *, longest: int = LARGE) -> tuple[Any, int]:
        """What `shorten` gives, and the characters of JSON that the value has."""
        text = _COMPACT.encode(value)
        # Data that looks like a reference becomes a real one: nothing written by a page or a
        # model can name a file.
        if len(text) <= longest and not _looks_like_reference(value):
            return value, len(text)
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            write_whole(path, content)
            if self.far is not None:
                files, place = self.far
                files.send(path, f"{place}/values/{path.name}")
        return {REFERENCE: {"sha256": digest, "size": len(content)}}, len(text)

    def whole(self, stored: Any) -> Any:
        """The value that `shorten` was given. Raises InternalError when its file is gone."""
        if not _looks_like_reference(stored):
            return stored
        path = self._path(str(stored[REFERENCE]["sha256"]))
        if self.far is not None and not path.exists():
            files, place = self.far
            files.fetch(f"{place}/values/{path.name}", path)
        try:
            return json.loads(path.read_bytes())
        except OSError as gone:
            raise InternalError(
                f"a large value of this run is gone: {path}",
                hint="Put the file back, or run the job anew.",
            ) from gone

    def _path(self, digest: str) -> Path:
        if not _SHA.fullmatch(digest):
            raise InternalError(f"{digest!r} is no reference to a value")
        return self.folder / f"{digest}.json"


def _looks_like_reference(value: Any) -> bool:
    return isinstance(value, dict) and REFERENCE in value


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        part = path.with_name(f".{secrets.token_hex(6)}{_PART}")
        try:
            part.write_bytes(content)
            return os.replace(part, path)  # noqa: PTH105 - one call, both platforms
        except FileNotFoundError:
            # Cleared away as what a dead writer left: it is written once more. A folder that is
            # gone is another matter.
            if not path.parent.exists():
                raise
        finally:
            part.unlink(missing_ok=True)


def clear_parts(folder: Path) -> None:
    """Delete what writers that died have left half-done under a run's folder.

    For a run that has ended: nobody writes to its folder any more.
    """
    for part in folder.rglob(f".*{_PART}"):
        part.unlink(missing_ok=True)


def fingerprint(value: Any) -> str:
    """A short name for plain data: equal data, equal name."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
