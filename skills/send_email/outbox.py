"""The outbox: messages as files, one for each idempotency key, and a journal of handing over.

outbox/ID.eml           written instead of sent: no mail server is set
outbox/sending/ID.eml   a server was being given it; left behind only by an interruption
outbox/sent/ID.eml      a server took it
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from assistant.clock import rfc3339
from assistant.errors import CannotDo, OutcomeUnknown
from assistant.skills.records import Receipt


class Outbox:
    """Files of one message, known by its id."""

    def __init__(self, folder: Path, message_id: str) -> None:
        name = f"{message_id.strip('<>').split('@')[0]}.eml"
        self.written = folder / name
        self.sending = folder / "sending" / name
        self.sent = folder / "sent" / name

    def write(self, raw: bytes) -> bool:
        """Put the message into the outbox; False when it is there already."""
        return _create(self.written, raw)

    @contextlib.contextmanager
    def handing_over(self, raw: bytes) -> Generator[None]:
        """Marks the moments in which a server may have taken the message.

        An ordinary error inside means that it was not taken; OutcomeUnknown keeps the mark.
        """
        _create(self.sending, raw)
        try:
            yield
        except OutcomeUnknown:
            raise
        except Exception:
            self.sending.unlink(missing_ok=True)
            raise
        self.sent.parent.mkdir(parents=True, exist_ok=True)
        self.sending.replace(self.sent)


def receipt_in(path: Path, *, channel: str) -> Receipt | None:
    """The receipt of a message that was written or sent before; None when there is no such file."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(raw, policy=SMTP)
    groups = [message[name] for name in ("To", "Cc", "Bcc") if message[name]]
    return Receipt(
        channel=channel,
        recipients=list(dict.fromkeys(a.addr_spec for group in groups for a in group.addresses)),
        message_id=str(message["Message-ID"]).strip(),
        subject=str(message["Subject"]),
        uri=path.absolute().as_uri(),
        sent_at=rfc3339(message["Date"].datetime),
    )


def _create(path: Path, raw: bytes) -> bool:
    """Write a file whole, under a name that nobody has yet; False when somebody has."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.link(partial, path)
        except FileExistsError:
            return False
        finally:
            Path(partial).unlink(missing_ok=True)
    except OSError as wrong:
        raise CannotDo(
            f"The outbox {path.parent} cannot be written: {wrong.strerror}.",
            hint="Is the disk full, or the folder read-only?",
        ) from wrong
    return True
