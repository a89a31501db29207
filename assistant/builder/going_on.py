"""Going on from the result that the chat shows now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder.drafts import LAST
from assistant.builder.questions import LastResult
from assistant.builder.wiring import Part, Supply
from assistant.grounding.languages import fold

_LAST_KINDS = {
    "items": (("Item[]", "items"),), "newsletter": (("Newsletter", "newsletter"),),
    "rows": (("rows", "rows"),), "text": (("text", "text"),), "answer": (("text", "text"),),
    "response": (("Response", "response"),),
}  # fmt: skip


def goes_on(parts: Sequence[Part]) -> bool:
    """Whether a step takes what the chat shows now."""
    return any(re.search(rf"\$\{{\{{[^}}]*\b{LAST}\.", str(part.arguments)) for part in parts)


def supplies(last: LastResult | None) -> list[Supply]:
    """What a result gives to the steps that go on from it."""
    if last is None:
        return []
    return [Supply(kind, f"{LAST}.{name}") for kind, name in _LAST_KINDS.get(last.kind, ())]


# "Only the last three days", of what is shown
_SIFTED = re.compile(
    r"(?<!\w)(?:only|just|nothing but|keep|nur|behalte|seulement|garde|solo|quedate con|tieni|apenas|alleen|hou)(?: (?:the|those|ones|what's|stuff|things|items|die|das|was|les|celles?|ceux|los|las|lo|quelle|quelli|le|i|gli|as|os|wat|from|of|in|within|is|von|aus|de|du|da|di|van|uit))* ?<since\d>"
)


def sifts(text: str) -> bool:
    """Whether a marked request only says how new those are that are kept of what is shown."""
    return _SIFTED.search(fold(text)) is not None


# "Our monthly bulletin" is what it is called, and no schedule.
_ADJECTIVE = re.compile(r"(?<!\w)(?:our|my|the|an?|this|your)(?: \w+)? <when\d> [a-z]+", re.I)


def names_itself(text: str) -> bool:
    """Whether a schedule of a marked request only stands in a name."""
    return _ADJECTIVE.search(text) is not None
