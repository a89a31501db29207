"""Which of several looks a request names: "a gallery newsletter", "in the letter design"."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A choice stands before what it makes, or behind "as a"; "letter" alone only says what it is.
_LOOK = (
    r"(?<!\w){0}[- ](?:design|layout|look|style)(?!\w)|(?<!\w)(?!letter\b){0}(?:[- ](?:news ?letter|design|layout|style|look|format|version|one)|(?= titled| called| named| headed| entitled))"
    r"|(?:design|layout|style|as an?|laid out as an?),?(?: the)? (?!letter\b){0}(?!\w)"
)


def look_said(choices: Sequence[str], folded: str) -> str:
    """The choice that the words of a request, folded, name beside what is made; empty for none."""
    said = [c for c in choices if re.search(_LOOK.format(re.escape(c)), folded)]
    if not said and re.search(r"\b(?:look|layout|design)\b", folded):
        said = [c for c in choices if c != "letter" and re.search(rf"\b{re.escape(c)}\b", folded)]
    return said[0] if said else ""
