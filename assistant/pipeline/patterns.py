"""Regular expressions that cannot run away: RE2, whose time is linear in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from assistant.pipeline.expression_errors import LimitReached, TypeMismatch

LONGEST_PATTERN = 500
MOST_MEMORY = 1 << 20
"""Bytes that a compiled pattern may take."""


def found(pattern: str, text: str) -> bool:
    """Whether the pattern occurs in the text. Raises TypeMismatch for a pattern that is none."""
    return _compiled(pattern).search(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    if len(pattern) > LONGEST_PATTERN:
        raise LimitReached(f"a pattern may have {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as wrong:
        told = wrong.args[0].decode() if isinstance(wrong.args[0], bytes) else wrong.args[0]
        raise TypeMismatch(
            f"{pattern!r} is no regular expression: {told}",
            hint="RE2 knows no look-ahead and no back-references.",
        ) from wrong
