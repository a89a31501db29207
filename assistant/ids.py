"""Names of things: ids that sort by the time they were made, and short names for people."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

Entropy = Callable[[], str]
ONCE = "once"
"""The name that runs of skills called at once have in place of a job's."""


def four_letters() -> str:
    """Randomness enough to part two things made in the same millisecond."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))


def stamp(moment: datetime) -> str:
    """`20261121T070000123Z`: a UTC instant as text that sorts by time and is safe in file names."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y%m%dT%H%M%S}{utc.microsecond // 1000:03d}Z"


def new_run_id(moment: datetime, entropy: Entropy = four_letters) -> str:
    """The id of a run that a person or a trigger started: `20261121T070000123Z-k3xd`."""
    return f"{stamp(moment)}-{entropy()}"


def slug(text: str, *, longest: int = 40, otherwise: str = "job") -> str:
    """A name of a-z, 0-9 and dashes made from free text; `otherwise` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:longest]
        if len(longer) > longest:
            break
        name = longer
    return name or otherwise
