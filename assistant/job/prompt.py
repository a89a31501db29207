"""The cumulative prompt: what was said in a job, as the messages that a model reads.

The store keeps every interaction; a model is given what fits, newest kept, and is told what
was left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models.protocol import Message
from assistant.store.jobs import Interaction

CHARACTERS_PER_TOKEN = 3.5
"""English text, on the safe side for small vocabularies."""
_SPOKEN = frozenset({"prompt", "question", "answer", "decision", "result", "summary"})


@dataclass(frozen=True)
class CumulativePrompt:
    """Messages within the budget, and how many interactions are not among them."""

    messages: tuple[Message, ...]
    left_out: int


def assemble(interactions: Sequence[Interaction], *, tokens: int) -> CumulativePrompt:
    """The newest interactions that fit into so many tokens, oldest first.

    The newest is always there, cut if it must be. A summary stands for all before it.
    """
    spoken = [i for i in interactions if i.kind in _SPOKEN]
    room, kept = int(tokens * CHARACTERS_PER_TOKEN), list[Message]()
    taken = 0
    for interaction in reversed(spoken):
        size = len(interaction.text) + 16
        if size > room and kept:
            break
        kept.append(_message(interaction, room))
        room -= size
        taken += 1
        if interaction.kind == "summary":
            break
    left_out = len(spoken) - taken
    if left_out and spoken[-taken].kind != "summary":
        kept.append(Message("system", f"{left_out} earlier messages are left out."))
    return CumulativePrompt(tuple(reversed(kept)), left_out)


def _message(interaction: Interaction, room: int) -> Message:
    text = interaction.text[: max(room, 200)]
    return Message("user" if interaction.role == "person" else "assistant", text)
