"""Names and values that are spelled differently now: `on loan` → `on_loan`, `central` → `central-library`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_ALIKE = 0.84
_TURNED = frozenset({"not", "no", "non", "un", "never", "without", "ex", "former", "anti"})
"""Words that make the opposite of what they stand before."""


def nearest(old: str, values: Iterable[str]) -> str | None:
    """The one value that is `old` in another spelling; None for none, and for several alike.

    The same letters count for more than a word besides, and that for more than a slip of a letter.
    """
    told = [one for one in dict.fromkeys(values) if one and one != old]
    for near in (_same_letters, _a_word_besides, _a_slip):
        found = [one for one in told if near(old, one)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def own_part(old: str, values: Iterable[str]) -> str | None:
    """The one value that has `old` as a part of its own: `4` in `R4` and `line-04`, not in `R14`.

    None for none, and for several.
    """
    parts = _runs(old)
    found = [one for one in dict.fromkeys(values) if one != old and _has_run(_runs(one), parts)]
    return found[0] if parts and len(found) == 1 else None


def _runs(text: str) -> list[str]:
    """Letters and numbers in turn, numbers without leading zeros."""
    found = re.findall(r"\d+|[^\W\d_]+", text.lower())
    return [part.lstrip("0") or "0" if part.isdecimal() else part for part in found]


def _has_run(whole: list[str], part: list[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in starts)


def _same_letters(old: str, new: str) -> bool:
    letters = _letters(old)
    return bool(letters) and letters == _letters(new)


def _a_word_besides(old: str, new: str) -> bool:
    before, after = words_of(old), words_of(new)
    if not before or not after or not (before < after or after < before):
        return False
    return not (before ^ after) & _TURNED


def _a_slip(old: str, new: str) -> bool:
    if len(old) < 4 or re.sub(r"\D", "", old) != re.sub(r"\D", "", new):
        return False
    if words_of(old) & _TURNED != words_of(new) & _TURNED:
        return False
    return difflib.SequenceMatcher(None, _letters(old), _letters(new)).ratio() >= _ALIKE


def words_of(name: str) -> frozenset[str]:
    """The words of a name, whatever stands between them."""
    parts = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name)
    return frozenset(part.lower() for part in parts if part)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
