"""The nearest known word to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or an empty text."""
    by_folded = {str(option).casefold(): str(option) for option in known}
    folded = word.casefold()
    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    if found:
        return by_folded[found[0]]
    inside = [k for k in by_folded if len(folded) > 3 and (folded in k or k in folded)]
    return by_folded[min(inside, key=len)] if inside else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'items'?`, or what there is to choose from when nothing is near."""
    options = sorted({str(option) for option in known})
    if close := nearest(word, options):
        return f"Did you mean {close!r}?"
    if not options:
        return ""
    shown = ", ".join(options[:12]) + (" …" if len(options) > 12 else "")
    return f"There is: {shown}."
