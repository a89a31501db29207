"""Times that are said in another language than the rest of a text."""

from __future__ import annotations

import re

from assistant.grounding.languages import LANGUAGES
from assistant.grounding.times import Phrase, phrases

_NO_TIME = re.compile(r"\bevery so\b", re.I)
"""English, and no Sunday, though "So" is one in German."""


def foreign_times(text: str, lang: str) -> list[Phrase]:
    """The times of a text that says its schedule in another language than the rest: "mail this
    täglich um acht". Only phrases of two words and more, or a long one, are taken for one."""
    text = _NO_TIME.sub(lambda said: "x" * len(said[0]), text)
    known = phrases(text, lang)
    back = [phrase for phrase in known if phrase.kind == "since"]
    own = any(phrase.kind in ("time", "shift") for phrase in known)
    for other in LANGUAGES:
        found = phrases(text, other, mending=False) if other != lang else []
        fresh = [p for p in found if all(p.end <= k.start or p.start >= k.end for k in back)]
        if any(p.kind == "when" and (" " in p.text.strip() or len(p.text) > 7) for p in fresh):
            return found
        if not own and any(_plainly_foreign(phrase) for phrase in found):
            return found
    return []


def _plainly_foreign(phrase: Phrase) -> bool:
    """A time of day behind a word that English does not have, or a shift: "alle 9", "eine Stunde
    später"."""
    first, _, rest = phrase.text.lower().partition(" ")
    said = first in ("um", "om", "alle", "às", "à", "tegen", "gegen") or phrase.text.startswith(
        "a las "
    )
    return bool(rest) and ((phrase.kind == "time" and said) or phrase.kind == "shift")
