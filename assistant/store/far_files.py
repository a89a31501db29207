"""Files of runs at a place that every machine reaches: a shared folder, or S3-compatible storage."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.errors import InternalError


class FarFiles:
    """A location by its fsspec URL (`file:///mnt/runs`, `s3://bucket/runs`).

    Keys of S3 come from the usual `AWS_…` variables; S3 needs the extra `s3`.
    """

    def __init__(self, url: str) -> None:
        import fsspec  # pyright: ignore[reportMissingTypeStubs]

        self.url = url
        try:
            if url.startswith(("s3://", "s3a://")):
                from obstore.fsspec import register

                register(["s3", "s3a"])
            self._system, root = fsspec.url_to_fs(url)  # pyright: ignore[reportUnknownMemberType]
        except (ImportError, ValueError) as wrong:
            raise InternalError(
                f"the artifact location {url!r} cannot be used: {wrong}",
                hint="Write a folder or an s3:// URL; for S3 install the extra: pip install '.[s3]'.",
            ) from wrong
        self._root = PurePosixPath(str(root))
        self._fs: Any = self._system

    def send(self, local: Path, name: str) -> None:
        """Put a file there under a name (`job/run/artifacts/letter.md`), whole or not at all."""
        target = str(self._root / name)
        try:
            self._fs.makedirs(str(self._root / PurePosixPath(name).parent), exist_ok=True)
            part = f"{target}.part"
            if self._fs.protocol in ("file", "local", ("file", "local")):
                self._fs.put_file(str(local), part)
                self._fs.mv(part, target)
            else:  # an object is there when all of it is
                self._fs.put_file(str(local), target)
        except OSError as wrong:
            raise InternalError(
                f"{name} could not be put to {self.url}: {wrong}",
                hint="Is the artifact location there, and may it be written to?",
            ) from wrong

    def probe(self) -> None:
        """Write a small file there, read it and delete it. Raises InternalError when it cannot be."""
        name = f".probe-{secrets.token_hex(6)}"
        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder, name)
            local.write_text(name)
            self.send(local, f"{name}/word")
            came = self.fetch(f"{name}/word", Path(folder, "back"))
        self.remove(name)
        if not came:
            raise InternalError(
                f"what is written to {self.url} is not there afterwards",
                hint="Do all machines have the same folder or bucket there?",
            )

    def remove(self, name: str) -> None:
        """Delete a folder there with all that is in it; nothing when it is not there."""
        try:
            self._fs.rm(str(self._root / name), recursive=True)
        except FileNotFoundError:
            return
        except OSError as wrong:
            raise InternalError(
                f"{name} could not be deleted at {self.url}: {wrong}",
                hint="Is the artifact location there, and may it be written to?",
            ) from wrong

    def fetch(self, name: str, local: Path) -> bool:
        """Bring a file here, whole or not at all. False when it is not there."""
        local.parent.mkdir(parents=True, exist_ok=True)
        part = local.with_name(f".{local.name}.part")
        try:
            self._fs.get_file(str(self._root / name), str(part))
        except FileNotFoundError:
            part.unlink(missing_ok=True)
            return False
        part.replace(local)
        return True
