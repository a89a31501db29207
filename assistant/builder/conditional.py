"""An "if" on which nothing hangs: what an interface wants to be handed, what becomes of people."""

from __future__ import annotations

import re

from assistant.grounding.cues import Cue
from assistant.grounding.languages import fold
from assistant.grounding.topics import doing_words

# "It won't talk unless you hand it the header …": what an interface wants, and no condition.
_HANDED_OVER = re.compile(
    r"[^.;]{0,45}(?<!\w)(?:headers?|tokens?|(?:api )?keys?|auth\w*|cookies?|credentials|kopfzeile|en-tete|cabecera|encabezado|intestazione|cabecalho)(?!\w)"
)
# "I get shouted at if I miss one", "nobody drives if it's shut": what becomes of people.
_OF_PEOPLE = re.compile(
    r"(?:and |but |so |or |cos |because )?(?:i|we|he|she|they|you|nobody|no one|everybody|everyone|somebody|people|my \w+|our \w+|the boss|it)(?:'?m|'re|'s|'ll|'d)?"
    r" (?!want|need|would|like|'d|should|must|can|could|has to|have to|is to|shall|will|may|fails?|breaks?|goes|takes|crash)[^.;:!?<]*$"
)

_SO_AT = re.compile(
    r"[^.;<]{0,40},? (?:so|that's|that is|i\.?e\.?|meaning|at)(?: at)? <(?:when|time)\d>"
)


def _of_people(cue: Cue, text: str) -> bool:
    """Whether an "if" tells what becomes of people, in a sentence that names nothing to be done."""
    start = max((m.end() for m in re.finditer(r"[.;:!?\n]\s+", text[: cue.start])), default=0)
    rest = re.split(r"[.;:!?\n]", text[cue.end :], maxsplit=1)[0]
    said = fold(text[start : cue.start]).strip()
    doing = re.search(rf"(?<!\w)(?:{doing_words()})(?!\w)", fold(rest))
    return "<" not in cue.text + rest and not doing and _OF_PEOPLE.fullmatch(said) is not None


def no_condition(cue: Cue, text: str) -> bool:
    """Whether an "if" only says what an interface wants, or what becomes of people."""
    handed = _HANDED_OVER.match(fold(cue.text + text[cue.end :])) and "<api" in text
    return bool(handed) or _of_people(cue, text)


def tells_when(cue: Cue, text: str) -> bool:
    """Whether a "when" only says what a time is: "when we close, so at half past six"."""
    if cue.name != "if":
        return False
    return _SO_AT.match(text[cue.end :]) is not None or no_condition(cue, text)
