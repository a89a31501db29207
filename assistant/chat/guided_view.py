"""What a model is given in one call of guided work: voices, plan, what was said, calls, tools.

All of it fits the model's context by the estimate of `measure`, and what is left out is stated.
At most half of the room is for tools and a quarter for the voices; what they leave is shared by
the calls of this turn and by what was said before it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.chat.answering import ANSWER
from assistant.job.measure import OVERHEAD, cut, tokens_of
from assistant.job.prompt import assemble
from assistant.job.voices import Speaker
from assistant.models.protocol import Message, Tool
from assistant.settings import Settings
from assistant.store.interactions import Interaction

MOST_SKILLS = 24
"""Offered at once, however large the context: a choice among many costs and confuses."""
_STATEMENT = 30
"""Tokens kept free for a sentence that says what is left out."""
_LEAST = 48
"""Tokens that a part gets even where nothing is left."""


@dataclass(frozen=True)
class Material:
    """What there is to give. `skills` are the likeliest first; `since` are the calls of this turn
    with their answers, `said` is what was said before it."""

    speaker: Speaker
    voices: Sequence[str]
    plan: str
    cycle: int
    cycles: int
    outstanding: Sequence[str]
    known: Sequence[str]
    said: Sequence[Interaction]
    since: Sequence[Message]
    own: Sequence[Tool]
    skills: Sequence[Tool]


@dataclass(frozen=True)
class Given:
    """What goes to the model."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]

    @property
    def tokens(self) -> int:
        return sum(map(_size, self.messages)) + sum(map(_weight, self.tools))


def given(material: Material, context: int, settings: Settings) -> Given:
    """As much of the material as a context of so many tokens takes, room for an answer left."""
    room = context - ANSWER.max_tokens
    tools = _tools(material, room // 2)
    left = room - sum(map(_weight, tools))
    statement = _left_out(len(material.own) + len(material.skills) - len(tools), "skill")
    head = _head(material, left // 2 - _STATEMENT * 2)
    left -= tokens_of(head) + OVERHEAD + _STATEMENT * 2
    since, dropped = _newest(material.since, left // 2)
    statement = " ".join(filter(None, (statement, _left_out(dropped, "call", " of this turn"))))
    left -= sum(map(_size, since))
    said = assemble(
        material.said, tokens=max(left, _LEAST * 2),
        strategy=settings.prompt_strategy, last=settings.prompt_last,
    )  # fmt: skip
    system = Message("system", f"{head}\n\n{statement}".strip())
    return Given((system, *said.messages, *since), tools)


def _tools(material: Material, tokens: int) -> tuple[Tool, ...]:
    """The job's own tools, and the likeliest skills that fit, in the order of their names."""
    room = tokens - sum(map(_weight, material.own))
    chosen = list[Tool]()
    for tool in material.skills[:MOST_SKILLS]:
        if (weight := _weight(tool)) <= room:
            chosen.append(tool)
            room -= weight
    return (*material.own, *sorted(chosen, key=lambda tool: tool.name))


def _head(material: Material, tokens: int) -> str:
    """The voices whole; the plan, what is known and what is outstanding as far as they fit."""
    speaker = material.speaker
    fixed = list(material.voices)
    room = max(tokens - sum(map(tokens_of, fixed)), _LEAST)
    parts = list[str]()
    if material.plan:
        plan = _within(material.plan, room * 2 // 3, "the plan")
        parts.append(
            speaker.speak(
                "plan-so-far", cycle=str(material.cycle), cycles=str(material.cycles), plan=plan
            )
        )
    if material.outstanding:
        # The newest are kept: the plan shows the older ones, too.
        items = "\n".join(f"- {item}" for item in reversed(material.outstanding))
        parts.append(
            speaker.speak("outstanding", items=_within(items, room // 6, "the older items"))
        )
    if material.known:
        facts = _within("\n".join(material.known), room // 6, "what is known")
        parts.append(speaker.speak("known-before", facts=facts))
    return "\n\n".join([*fixed, *parts])


def _within(text: str, tokens: int, what: str) -> str:
    if tokens_of(text) <= tokens:
        return text
    word = f"(The rest of {what} does not fit and is left out.)"
    return f"{cut(text, max(tokens - tokens_of(word), 8))}\n{word}"


def _newest(since: Sequence[Message], tokens: int) -> tuple[list[Message], int]:
    """The newest exchanges that fit, oldest first, and how many are left out.

    A call stays with its answer. The newest exchange is always there, cut if it must be.
    """
    kept, exchanges = list[Message](), _exchanges(since)
    for place, exchange in enumerate(reversed(exchanges)):
        size = sum(map(_size, exchange))
        if size > tokens and not kept:
            each = max(tokens // len(exchange) - OVERHEAD, 16)
            exchange, size = [_shortened(message, each) for message in exchange], tokens
        if size > tokens:
            return kept, len(exchanges) - place
        kept, tokens = [*exchange, *kept], tokens - size
    return kept, 0


def _exchanges(since: Sequence[Message]) -> list[list[Message]]:
    """Each message that is no answer of a tool, with the answers that follow it."""
    found = list[list[Message]]()
    for message in since:
        if message.role == "tool" and found:
            found[-1].append(message)
        else:
            found.append([message])
    return found


def _shortened(message: Message, tokens: int) -> Message:
    """A message of at most so many tokens: its text and the texts of its calls are cut."""
    parts = 1 + sum(len(call.arguments) for call in message.tool_calls)
    each = max((tokens - 8 * parts) // parts, 4)
    calls = tuple(
        replace(call, arguments={k: _short(v, each) for k, v in call.arguments.items()})
        for call in message.tool_calls
    )
    return replace(message, text=cut(message.text, each), tool_calls=calls)


def _short(value: Any, tokens: int) -> Any:
    if isinstance(value, str):
        return cut(value, tokens)
    said = json.dumps(value, ensure_ascii=False, default=str)
    return value if tokens_of(said) <= tokens else cut(said, tokens)


def _size(message: Message) -> int:
    calls = [{"name": call.name, "arguments": call.arguments} for call in message.tool_calls]
    told = json.dumps(calls, ensure_ascii=False, default=str) if calls else ""
    return tokens_of(message.text) + tokens_of(told) + OVERHEAD


def _weight(tool: Tool) -> int:
    """Three characters of a schema are a token or less: models know JSON well."""
    facts = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return len(json.dumps(facts, default=str, separators=(",", ":")).encode()) // 3 + OVERHEAD


def _left_out(count: int, what: str, more: str = "") -> str:
    if not count:
        return ""
    if what == "skill":
        return f"{count} more skill{'s are' if count > 1 else ' is'} not offered here: there is no room."
    return f"{count} earlier {what}{'s' if count > 1 else ''}{more} {'are' if count > 1 else 'is'} left out."
