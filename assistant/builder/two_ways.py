"""The other side of a condition told as a case of its own: "more than five: …; five or fewer: …",
"if yes …, if no …". It is read as an otherwise, and a side that does nothing goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.cues import Cue, cues


def other_sides(text: str, found: Sequence[Cue]) -> list[Cue]:
    """The places behind a told condition that name its other side."""
    told = next((cue for cue in found if cue.name == "if"), None)
    if told is None:
        return []
    section = "counted" if told.marks("num") else "answered"
    taken = list(found)
    sides: list[Cue] = []
    for cue in cues("other_side", text):
        wanted = cue.start >= told.end and cue.name in (section, "idle")
        if wanted and all(cue.end <= other.start or cue.start >= other.end for other in taken):
            taken.append(cue)
            sides.append(cue)
    return sides


JUDGED = re.compile(
    r"(?:(?:only|nur|solo|seulement|alleen) )?(?:if|when|wenn|falls|si|se|als|indien)(?: and only if)? (?:so|yes|it (?:is|does|has)|that's (?:so|the case)|ja|dem so ist|oui|c'est le cas|asi es|si|e cosi|sim|for o caso|zo ja)\W*"
)
"""A condition on what a model has answered: "if so"."""
