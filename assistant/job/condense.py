"""Condense: what the phases of a cycle established becomes notes, and every note goes somewhere.

    pending-job    a pending job is made of it: one of its own, or one that this job waits for
    voice-update   proposed to the plan: what the person said goes into it, the rest waits for a word
    agent-update   waits for the person's word
    knowledge      a line of a Markdown file that similar jobs are offered
    remark         of passing use: dropped on purpose

A cycle closes when at least 80 % of the footers' words are routed: kept or dropped on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from assistant.errors import AssistantError
from assistant.job import footers
from assistant.job.measure import tokens_of
from assistant.job.sentences import (
    is_constraint,
    is_fact,
    is_later,
    is_manner,
    is_needed_first,
    is_of_assistant,
    sentences,
    words_in,
)
from assistant.job.voices import Speaker, speak
from assistant.models.protocol import Limits, Message, Model
from assistant.models.structured import ask_for
from assistant.store.guidance import Note, NoteKind
from assistant.store.interactions import Interaction

ENOUGH = 0.8
MOST_FROM_PROMPTS = 12
"""Lines that are taken from the conversation itself, the newest."""
_LIMITS = Limits(max_tokens=900, seconds=90.0)


@dataclass(frozen=True)
class Line:
    """Something a phase established, or somebody said, that may be worth keeping.

    `by_person`: in the person's own words.
    """

    text: str
    source: int | None = None
    from_footer: bool = False
    by_person: bool = False


@dataclass(frozen=True)
class Sorted:
    """A line with its class. `first`: a pending job that this one waits for."""

    line: Line
    kind: NoteKind
    lasting: Literal["durable", "ephemeral"]
    first: bool = False


@dataclass(frozen=True)
class Routing:
    """How many of the words of a cycle's footers are routed. `open` are the notes that wait."""

    words: int
    routed: int
    open: tuple[Note, ...] = ()

    @property
    def share(self) -> float:
        return self.routed / self.words if self.words else 1.0

    @property
    def closes(self) -> bool:
        return self.share >= ENOUGH

    def told(self) -> str:
        """`92 % of what this cycle established is filed`"""
        return f"{self.share:.0%} of what this cycle established is filed"


class Class(BaseModel):
    """A model's class for the line of a number."""

    line: int = Field(ge=1)
    kind: NoteKind
    lasting: Literal["durable", "ephemeral"]
    first: bool = False


class Classes(BaseModel):
    """A model's classes, one for each line."""

    lines: list[Class]


def lines_of(moves: Sequence[Interaction], said: Sequence[Interaction]) -> list[Line]:
    """What a cycle's footers and its conversation hold: footers whole, of prompts what may last."""
    told = {
        text: Line(text, move.id, from_footer=True)
        for move in moves
        for text in sentences(str(move.data.get("footer", "")))
    }
    # What several phases or runs said alike is filed once.
    found, known = list(told.values()), set(told)
    lasting = [
        Line(text, i.id, by_person=True)
        for i in said
        if i.kind == "prompt"
        for text in sentences(i.text)
        if not text.endswith("?") and _may_last(text)
    ]
    answers = [
        Line(f"{i.text} {i.answer}", i.id, by_person=True) for i in said if _is_lasting_answer(i)
    ]
    new = [line for line in (*lasting, *answers) if line.text not in known]
    return [*found, *list(dict.fromkeys(new))[-MOST_FROM_PROMPTS:]]


def sort_in_code(line: Line) -> Sorted:
    """The class of a line by plain signs."""
    text = line.text
    if is_of_assistant(text):
        return Sorted(line, "agent-update", "durable")
    if is_later(text) or is_needed_first(text):
        return Sorted(line, "pending-job", "durable", first=is_needed_first(text))
    if is_manner(text):
        return Sorted(line, "voice-update", "durable")
    if line.from_footer and (words_in(text) < 3 or footers.is_of_run(text)):
        # Its receipt tells what a run did; nobody learns from it next time.
        return Sorted(line, "remark", "ephemeral")
    if is_fact(text) or is_constraint(text):
        return Sorted(line, "knowledge", "durable")
    return Sorted(line, "remark", "ephemeral")


async def sort(
    lines: Sequence[Line], model: Model | None, speaker: Speaker | None = None
) -> list[Sorted]:
    """The classes of lines: by a capable model when there is one, else in code.

    A model that fails, or leaves lines out, is no trouble. `speaker` speaks as the job's plan says.
    """
    plain = [sort_in_code(line) for line in lines]
    if model is None or not lines:
        return plain
    try:
        told = await _classes(lines, model, speaker)
    except AssistantError:
        return plain
    return [
        Sorted(line, c.kind, c.lasting, c.first) if (c := told.get(number)) else plain[number - 1]
        for number, line in enumerate(lines, 1)
    ]


def routing(footers: Sequence[str], notes: Sequence[Note]) -> Routing:
    """How much of a cycle's footers its notes have routed."""
    wanted = [text for footer in footers for text in sentences(footer)]
    states = {note.text: note.state for note in notes}
    words = sum(map(words_in, wanted))
    routed = sum(words_in(t) for t in wanted if states.get(t, "") in ("kept", "dropped"))
    return Routing(words, routed, tuple(note for note in notes if note.state == "proposed"))


def _is_lasting_answer(one: Interaction) -> bool:
    """A question about the work that was answered; not a yes or no to a draft or a switch."""
    if one.kind != "question" or one.answer is None or one.data.get("asks") != "CLARIFY":
        return False
    return not one.data.get("about") or one.data["about"] == "request"


def _may_last(text: str) -> bool:
    signs = (is_later, is_needed_first, is_manner, is_of_assistant)
    return any(sign(text) for sign in signs)


async def _classes(
    lines: Sequence[Line], model: Model, speaker: Speaker | None
) -> dict[int, Class]:
    numbered, room = list[str](), max(model.context - _LIMITS.max_tokens - 400, 256)
    for number, line in enumerate(lines, 1):
        room -= tokens_of(line.text) + 4
        if room < 0:
            break
        numbered.append(f"{number}. {line.text}")
    asked = (
        Message("system", (speaker.speak if speaker else speak)("condense-notes")),
        Message("user", "\n".join(numbered)),
    )
    record = await ask_for(model, Classes, asked, limits=_LIMITS, purpose="job.condense")
    return {one.line: one for one in record.lines}
