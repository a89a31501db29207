"""Files that a run makes: named safely, written whole, kept in one folder."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import mimetypes
import os
import re
import threading
import unicodedata
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from assistant.errors import BadArguments, CannotDo
from assistant.skills.context import ArtifactRef

LONGEST_NAME = 120
_PLAIN = re.compile(r"[\w(\[][\w .,+=@&()\[\]-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The name, if it is a plain file name anywhere. Raises BadArguments saying what is wrong."""
    plain = unicodedata.normalize("NFC", name)
    if not plain or len(plain.encode()) > LONGEST_NAME:
        raise BadArguments(
            f"A file name has 1 to {LONGEST_NAME} bytes.", hint="Use a name like report.md."
        )
    if (
        not _PLAIN.fullmatch(plain)
        or plain.endswith((".", " "))
        or ".." in plain
        or _RESERVED.fullmatch(plain)
    ):
        shown = plain.encode("ascii", "backslashreplace").decode()
        raise BadArguments(
            f"{shown!r} is no plain file name.",
            hint="Use letters, digits, spaces, dots and dashes, as in report.md; no folders.",
        )
    return plain


class FolderArtifacts:
    """Writes artifacts into one folder, atomically. `on_saved` hears of each file."""

    def __init__(
        self, folder: Path, *, on_saved: Callable[[ArtifactRef], None] | None = None
    ) -> None:
        self.folder = folder
        self._on_saved = on_saved

    def save(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        """Write a file; one of the same name is replaced. Raises BadArguments or CannotDo."""
        path, data = self.folder / safe_name(name), _bytes(content)
        with self._written(path, data) as part:
            part.replace(path)
        return self._saved(path, data, media_type)

    def add(self, name: str, content: str | bytes, media_type: str = "") -> ArtifactRef:
        """Write a file beside those that are there: `report-2.md` when `report.md` says otherwise.

        The same content under the same name is the same file. Raises BadArguments or CannotDo.
        """
        path, data = self.folder / safe_name(name), _bytes(content)
        with self._written(path, data) as part:
            path = next(one for one in _numbered(path) if self._takes(one, part, data))
        return self._saved(path, data, media_type)

    def _takes(self, path: Path, part: Path, data: bytes) -> bool:
        """Whether the name is ours: free until now, or of a file with this very content."""
        try:
            # Unlike a rename, a link never replaces what another branch wrote in this moment.
            os.link(part, path)
        except FileExistsError:
            return path.read_bytes() == data
        except OSError:  # a file system without links
            if path.exists():
                return path.read_bytes() == data
            part.replace(path)
        return True

    @contextlib.contextmanager
    def _written(self, path: Path, data: bytes) -> Generator[Path]:
        """The content in a file beside its place, to be moved there; CannotDo when that fails."""
        part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield part
        except OSError as wrong:
            raise CannotDo(
                f"The file {path.name} cannot be written: {wrong.strerror}.",
                hint="Is the disk full, or the folder read-only?",
            ) from wrong
        finally:
            part.unlink(missing_ok=True)

    def _saved(self, path: Path, data: bytes, media_type: str) -> ArtifactRef:
        ref = ArtifactRef(
            path.name,
            media_type or _media_type(path.name),
            len(data),
            hashlib.sha256(data).hexdigest(),
            path.resolve().as_uri(),
        )
        if self._on_saved:
            self._on_saved(ref)
        return ref

    def read(self, ref: ArtifactRef | str) -> bytes:
        """The content of an artifact. Raises BadArguments or CannotDo."""
        name = ref if isinstance(ref, str) else ref.name
        try:
            return (self.folder / safe_name(name)).read_bytes()
        except OSError as wrong:
            raise CannotDo(
                f"There is no artifact {name!r} in this run.", hint="See the run's list of files."
            ) from wrong


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _numbered(path: Path) -> Iterator[Path]:
    """`report.md`, `report-2.md`, `report-3.md` …, each no longer than a name may be."""
    yield path
    stem, ending = path.stem, path.suffix
    for number in itertools.count(2):
        mark = f"-{number}{ending}"
        room = LONGEST_NAME - len(mark.encode())
        yield path.with_name(stem.encode()[:room].decode(errors="ignore") + mark)


def _media_type(name: str) -> str:
    known = {".md": "text/markdown", ".eml": "message/rfc822", ".jsonl": "application/x-ndjson"}
    return (
        known.get(Path(name).suffix.lower())
        or mimetypes.guess_type(name)[0]
        or "application/octet-stream"
    )
