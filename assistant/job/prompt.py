"""The cumulative prompt: what was said in a job, as the messages that a model reads.

The store keeps every interaction; a model is given a view of them by one of four strategies.
Whatever the strategy, the view fits the room it is given, and says what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.job.measure import OVERHEAD, cut, tokens_of
from assistant.job.questions import with_prefix
from assistant.models.protocol import Message
from assistant.store.interactions import Interaction

Strategy = Literal["all", "last", "topic", "summarised"]
SPOKEN = frozenset({"prompt", "question", "answer", "decision", "result"})
_STATEMENT = 40
"""Tokens kept free for the sentence that says what is left out."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_TOPIC_NEWEST = 4


@dataclass(frozen=True)
class CumulativePrompt:
    """Messages within the room, and how many interactions are not among them.

    `summarised` of those left out are told by a summary block.
    """

    messages: tuple[Message, ...]
    left_out: int
    summarised: int = 0


def assemble(
    said: Sequence[Interaction],
    *,
    tokens: int,
    strategy: Strategy = "summarised",
    last: int = 12,
) -> CumulativePrompt:
    """What a model reads of a job, oldest first, in at most so many tokens.

    The newest interaction is always there, cut if it must be. `last` counts for the strategy of
    that name. `topic` keeps what shares words with the newest interaction.
    """
    spoken = [i for i in said if i.kind in SPOKEN and i.text]
    block = _newest_summary(said) if strategy == "summarised" else None
    covered = int(block.data.get("upto", block.id)) if block else 0
    since = block.at if block else ""
    # A question that was answered after its summary is told with its answer.
    chosen = [i for i in spoken if i.id > covered or (block and (i.answered_at or "") > since)]
    if strategy == "last":
        chosen = spoken[-last:]
    elif strategy == "topic":
        chosen = _on_topic(spoken)
    summary = Message("system", cut(block.text, tokens // 3)) if block else None
    room = tokens - _STATEMENT - (tokens_of(summary.text) + OVERHEAD if summary else 0)
    kept = _fitting(chosen, room)
    left_out = len(spoken) - len(kept)
    told = len(spoken) - len(chosen) if block else 0
    statement = _statement(left_out, told)
    head = [Message("system", statement)] if statement else []
    return CumulativePrompt(
        (*head, *([summary] if summary else []), *reversed(kept)), left_out, min(told, left_out)
    )


def message_of(interaction: Interaction) -> Message:
    """One interaction as a message. A question with its answer is one."""
    text = interaction.text
    if interaction.kind == "question":
        text = with_prefix(interaction)
        if interaction.answer is not None:
            text = f"{text}\nThe person answered: {interaction.answer}"
    return Message("user" if interaction.role == "person" else "assistant", text)


def _newest_summary(said: Sequence[Interaction]) -> Interaction | None:
    return next((i for i in reversed(said) if i.kind == "summary"), None)


def _on_topic(spoken: Sequence[Interaction]) -> list[Interaction]:
    if not spoken:
        return []
    about = set(_WORD.findall(spoken[-1].text.lower()))
    newest = spoken[-_TOPIC_NEWEST].id if len(spoken) >= _TOPIC_NEWEST else 0
    return [
        i for i in spoken if i.id >= newest or len(about & set(_WORD.findall(i.text.lower()))) >= 2
    ]


def _fitting(chosen: Sequence[Interaction], room: int) -> list[Message]:
    """The newest that fit, newest first."""
    kept = list[Message]()
    for interaction in reversed(chosen):
        message = message_of(interaction)
        size = tokens_of(message.text) + OVERHEAD
        if size > room:
            if not kept:
                kept.append(Message(message.role, cut(message.text, max(room - OVERHEAD, 8))))
            break
        kept.append(message)
        room -= size
    return kept


def _statement(left_out: int, told: int) -> str:
    """What is not there, in a sentence; empty when everything is."""
    if not left_out:
        return ""
    if not told:
        return f"{_earlier(left_out)} left out."
    if left_out == told:
        return f"{_earlier(told)} summarised below; the words are left out."
    return f"{_earlier(told)} summarised below, and {left_out - told} more are left out."


def _earlier(count: int) -> str:
    return "1 earlier message is" if count == 1 else f"{count} earlier messages are"
