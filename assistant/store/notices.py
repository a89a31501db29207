"""The notifications file: what was said on which channel, and what became of it, line by line."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import CannotDo

State = Literal["sending", "sent", "failed"]


@dataclass(frozen=True)
class Notice:
    """One message: `at` RFC 3339, `channel` by name, `state` what became of it."""

    id: str
    at: str
    channel: str
    title: str
    message: str
    state: State


class Notices:
    """The file `notifications.jsonl`. Lines are added whole; nothing in the file is changed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notifications.jsonl"

    def add(self, notice: Notice) -> None:
        raw = (json.dumps(asdict(notice), ensure_ascii=False) + "\n").encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, raw)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as wrong:
            raise CannotDo(
                f"{self.path} cannot be written: {wrong.strerror}.",
                hint="Is the disk full, or the folder read-only?",
            ) from wrong

    def last(self, message_id: str) -> Notice | None:
        """The last line about a message; None when there is none."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        for line in reversed(lines):
            if message_id in line:
                try:
                    return Notice(**json.loads(line))
                except (ValueError, TypeError):
                    continue
        return None
