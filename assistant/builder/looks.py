"""Which of several looks a request names: "a gallery newsletter", "in the letter design"."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A choice stands before what it makes, or behind "as a"; "letter" alone only says what it is.
_LOOK = (
    r"(?<!\w){0}[- ](?:design|layout|look|style)(?!\w)|(?<!\w)(?!letter\b){0}(?:[- ](?:news ?letter|design|layout|style|look|format|version|one)|(?= titled| called| named| headed| entitled))"
    r"|(?:design|layout|style|look|format\w*|formato|stil|estilo|opmaak|vormgeving|mise en page|as an?|laid out as an?),?(?: (?:the|called|named|namens|is))? (?!letter\b){0}(?!\w)"
    r"|(?:design|layout|stil|format\w*|formato|estilo|opmaak|vormgeving)(?: (?:called|named|namens|is|el|il|le|o|de))?:? {0}(?!\w)"
    r"|(?<!\w)the {0} one(?!\w)|(?:become|be|into|make|as|of) (?:an? |the )?(?!letter\b){0}(?=\s*(?:$|[.,;:?!]))"
)


# What a change says of the look that is there already: "switch to gallery", "oh, and gallery please".
_NEW_LOOK = (
    r"(?<!\w)(?:switch|change|go|move|turn|make|set|use|take|try)(?: (?:it|this|that|back|over|the (?:letter|newsletter|look|design|layout)|in|into|to|the|a|rather|please))* (?!letter\b|brief\b){0}(?! \w+(?:ing|ed)\b)(?!\w)"
    r"|(?:^|[.,;!] )(?:(?:oh|and|but|please|rather|better|make it) )*(?!letter\b|brief\b){0}(?: (?:please|instead|now|rather))?(?=[.,;!]|$| (?:and|&)(?!\w))"
    r"|(?<!\w)make (?:it|this) an? {0}(?=[.,;!]|$| (?:from now|instead))"
    r"|(?<!\w)(?:switch|change|go)(?: (?:it|over|back))* to (?:the )?{0}(?=[.,;!]|$| (?:and|from now|instead)(?!\w)| &)"
)


def look_wanted(choices: Sequence[str], folded: str) -> str:
    """The choice that a change of a job names; empty for none."""
    said = [c for c in choices if re.search(_NEW_LOOK.format(re.escape(c)), folded)]
    return said[0] if len(said) == 1 else look_said(choices, folded)


def look_said(choices: Sequence[str], folded: str) -> str:
    """The choice that the words of a request, folded, name beside what is made; empty for none."""
    said = [c for c in choices if re.search(_LOOK.format(re.escape(c)), folded)]
    if not said and re.search(r"\b(?:look|layout|design)\b", folded):
        said = [c for c in choices if c != "letter" and re.search(rf"\b{re.escape(c)}\b", folded)]
    return said[0] if said else ""
