"""Signed links to one question of one run.

A link carries the run, the step, the hash of the exact arguments and the moment it expires,
under an HMAC of a key that never leaves the home folder. Nobody can make one, or turn one into
another. It is used up with the answer: a question is answered once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from assistant.errors import RequestWrong

VALID = timedelta(days=7)
PREFIX = "/word/"
_PURPOSE = b"a word about one step\n"
_LONGEST = 4_000


class LinkRefused(RequestWrong):
    """A link that is not ours, has expired, or whose question is answered or was changed."""

    code = "job_policy_denied"


@dataclass(frozen=True)
class Claim:
    """What a link stands for. `sha256` is that of the question with its exact arguments."""

    run_id: str
    path: str
    sha256: str
    expires: int
    """Seconds since 1970."""


class Signer:
    """Makes links and reads them. The key is made at first use, in a file only the user reads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def token(self, run_id: str, path: str, sha256: str, now: datetime) -> str:
        """The last part of a link to a question."""
        expires = int((now + VALID).timestamp())
        told = json.dumps([run_id, path, sha256, expires], ensure_ascii=False).encode()
        return f"{_text(told)}.{_text(self._mac(told))}"

    def claim(self, token: str, now: datetime) -> Claim:
        """What a link stands for. Raises LinkRefused."""
        told, _, mac = token.partition(".")
        try:
            raw, given = _bytes(told), _bytes(mac)
        except ValueError:
            raise _not_ours() from None
        if len(token) > _LONGEST or not hmac.compare_digest(given, self._mac(raw)):
            raise _not_ours()
        claim = Claim(*json.loads(raw))
        if now.timestamp() >= claim.expires:
            raise LinkRefused(
                "this link has expired",
                hint=f"Decide in the panel, or: assistant runs approve {claim.run_id}",
            )
        return claim

    def _mac(self, told: bytes) -> bytes:
        return hmac.new(self._key(), _PURPOSE + told, hashlib.sha256).digest()

    def _key(self) -> bytes:
        try:
            key = self._path.read_bytes()
        except FileNotFoundError:
            key = self._make()
        if len(key) != 32:
            raise RequestWrong(
                f"{self._path} is not a key",
                hint="Delete it: a new one is made, and links that were sent out end.",
            )
        return key

    def _make(self) -> bytes:
        """A new key. When two processes make one at once, the first one's stands."""
        part = self._path.with_name(f".{self._path.name}-{secrets.token_hex(6)}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(part, self._path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        return self._path.read_bytes()


def _not_ours() -> LinkRefused:
    return LinkRefused(
        "this link is not ours, or is not whole",
        hint="Copy the whole link from the message once more.",
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError(text)
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
