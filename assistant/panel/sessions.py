"""The tokens that browsers carry. Each start of the panel makes its own; those of earlier starts hold
for a week, so that a page that stands open goes on after a restart. The file keeps their digests."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from pathlib import Path

KEPT_SECONDS = 7 * 24 * 3600
MOST = 50


class Sessions:
    """`path` is a file that only its owner may read; None keeps this start's token alone. `password`
    is the one that others are asked for: with another one, every browser needs to come in again."""

    def __init__(self, path: Path | None = None, password: str = "") -> None:
        self.path = path
        self._password = password
        self.token = secrets.token_urlsafe(32)
        """This start's token: whoever comes by a link is given it."""
        self._known = {**self._read(), self._digest(self.token): time.time()}
        self._write()

    def knows(self, token: str) -> bool:
        """Whether a browser's token is this start's, or that of one not long ago."""
        made = self._known.get(self._digest(token)) if token else None
        return made is not None and time.time() - made < KEPT_SECONDS

    def end(self) -> None:
        """Every browser needs a link again, also those of this start."""
        self._known = {}
        self._write()

    def _read(self) -> dict[str, float]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (OSError, ValueError):
            return {}
        found = kept.items() if isinstance(kept, dict) else ()
        now = time.time()
        fresh: dict[str, float] = {
            str(key): float(made)
            for key, made in found
            if isinstance(made, int | float) and 0 <= now - made < KEPT_SECONDS
        }
        return dict(sorted(fresh.items(), key=lambda one: one[1])[-MOST:])

    def _write(self) -> None:
        if self.path is None:
            return
        draft = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(self._known, out)
        draft.replace(self.path)

    def _digest(self, token: str) -> str:
        # The token is 256 random bits: no guessing turns its digest back, and equal digests are
        # compared by a dictionary without telling anything of the token.
        return hashlib.sha256(f"{self._password}\n{token}".encode()).hexdigest()
