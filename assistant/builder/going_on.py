"""Going on from the result that the chat shows now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder.drafts import LAST
from assistant.builder.questions import LastResult
from assistant.builder.wiring import Part, Supply

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
