"""How many tokens a text may have, without a tokenizer: an estimate that errs on the large side."""

from __future__ import annotations

import math

_COMMON = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
_LETTERS_PER_TOKEN = 3.0
"""English prose has four to five in large vocabularies; the starter model's is small."""
OVERHEAD = 6
"""Tokens that a chat format puts around one message."""


def tokens_of(text: str) -> int:
    """Letters by the handful; digits, signs and each byte of other scripts may be a token each."""
    raw = text.encode("utf-8", "replace")
    others = len(raw.translate(None, _COMMON))
    return others + math.ceil((len(raw) - others) / _LETTERS_PER_TOKEN)


def cut(text: str, tokens: int) -> str:
    """The beginning of a text that has at most so many tokens, with a sign that it goes on."""
    if tokens_of(text) <= tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens_of(text[:middle]) + 3 <= tokens:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"


def summary_threshold(context: int, at_8192: int) -> int:
    """How much unsummarised text is too much: the setting for small models, more for larger."""
    return max(at_8192, at_8192 * context // 8192)
