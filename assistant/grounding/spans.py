"""Lengths of time that say how far back to look, by the words around them: the ten days before, a
week old, no more than a month ago."""

from __future__ import annotations

import re

_ENDS = (
    r"(?=\s*(?:$|[.,;:!?)–—-]|(?:only|at most|and|or|is|are|can|will|on|about|y|und|et|e|en)\b))"
)
# "No older than", "que no sean de hace más de", "datant de moins d'": an age comes.
_AGED = re.compile(
    r"(?<!\w)(?:(?:older|newer|younger|alter|junger|neuer|vieux|vieilles?|ancien\w*|recent\w*|viej[oa]s?|antigu[oa]s?|vecchi[aoe]?|velh[oa]s?|antig[oa]s?|ouder|jonger)"
    r" (?:than|als|que|qu'|di|de|do que|dan|d')"
    r"|(?:hace|ha|tengan?|tenham|datant de|datent de|de|com|da|von|dateren van) (?:mas|menos|mais|plus|moins|meno|piu|weniger|minder) (?:de|d'|di|als|dan))\s*$"
)
# "More than a week old", "the seven days before", "one day back", "30 days of it".
_BACK = re.compile(
    r"(?:'s|')? ?(?:\s*(?:just )?(?:old|back|gone(?: by)?|worth(?: of)?|of it|leading up(?: to (?:it|that|then|this))?|alt|zuruck|de vieux|atras|indietro|terug|oud)"
    r"|\s*(?:just )?(?:before(?: (?:that|then))?|beforehand|prior|davor|zuvor|vorher|precedent\w*|d'avant|avant|antes|anterior\w*|previ[oa]s|prima|daarvoor|ervoor)(?P<near>))"
    + _ENDS
)
_LONG = frozenset({"day", "week", "month"})
_HOURS = 12
"""So many hours are looked back on; fewer are the time that something is set off from another."""


def looks_back(folded: str, start: int, end: int, count: int, unit: str) -> bool:
    """Whether a length of time says how far back to look. `folded` is the text, folded."""
    if unit not in _LONG and unit != "hour":
        return False
    if _AGED.search(folded[:start]):
        return True
    behind = _BACK.match(folded, end)
    far = unit in _LONG or count >= _HOURS
    return behind is not None and (far or behind["near"] is None)


# "Half an hour before": the rest says nothing to set it off from but the time that was told.
_SET_OFF = re.compile(
    r"\s*(?:before(?: (?:that|then|it|this|we \w+|i \w+|they \w+))?|beforehand|ahead(?: of (?:that|it|time))?|prior|vorher|davor|zuvor|fruher|avant|auparavant|antes|prima|daarvoor|ervoor|van tevoren)"
    + _ENDS
)


def set_off(folded: str, end: int) -> int:
    """Where the words end that set a time off from the one before it; 0 for none."""
    behind = _SET_OFF.match(folded, end)
    return behind.end() if behind else 0
