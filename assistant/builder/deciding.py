"""One request's dialogue with a model: outline, then the values of each step, or the edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.builder import tasks
from assistant.builder.tasks import Field, Question
from assistant.errors import SkillError
from assistant.models.protocol import JsonSchema, Limits, Message, Model, Usage

OUTLINE = Limits(max_tokens=200, seconds=60)
FILL = Limits(max_tokens=300, seconds=60)


@dataclass
class Fill:
    """The values of one step or structure tag, as the model gave them (marks, not meanings)."""

    number: int
    name: str
    fields: list[Field]
    values: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Decided:
    """All that a model decided about one request."""

    outline: dict[str, Any]
    steps: list[Fill] = field(default_factory=list[Fill])
    structure: list[Fill] = field(default_factory=list[Fill])
    edits: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


class Dialogue:
    """Asks the small questions in turn; each adds only a few tokens to the one before."""

    def __init__(self, model: Model, question: Question) -> None:
        self.model = model
        self.question = question
        self.usage = Usage()
        self._messages: list[Message] = tasks.opening(question)

    async def outline(self) -> dict[str, Any]:
        """kind, when, steps, structure, missing. Raises ModelUnavailable."""
        schema = tasks.outline_schema(self.question)
        return await self._ask(None, schema, "outline", OUTLINE)

    async def fills(self, outline: dict[str, Any]) -> tuple[list[Fill], list[Fill]]:
        """Values for each step and then for each structure tag of an outline."""
        count = len(outline.get("steps", ()))
        found: list[Fill] = []
        for number, (name, fields) in enumerate(tasks.fill_turns(self.question, outline), 1):
            found.append(await self.fill(number, name, fields, count))
        return found[:count], found[count:]

    async def fill(
        self, number: int, name: str, fields: list[Field], steps: int, wrong: str = ""
    ) -> Fill:
        """The values of one step. `wrong` says what was wrong with the ones before."""
        if not fields:
            return Fill(number, name, fields)
        turn = tasks.fill_turn(number, name, fields)
        if wrong:
            turn = Message("user", f"{turn.text}\nWrong: {wrong}")
        schema = tasks.fill_schema(self.question, fields, steps)
        return Fill(number, name, fields, await self._ask(turn, schema, "fill", FILL))

    async def edits(self) -> tuple[list[dict[str, Any]], list[Fill]]:
        """What is to be done to the focused job, and the values of what is added."""
        schema = tasks.edits_schema(self.question)
        told = await self._ask(tasks.edits_turn(), schema, "edits", FILL)
        edits = [edit for edit in told.get("edits", ()) if isinstance(edit, dict)]
        count = len(self.question.focus.steps) if self.question.focus else 0
        added: list[Fill] = []
        turns: Sequence[tuple[str, list[Field]]] = tasks.edit_turns(self.question, edits)
        for number, (name, fields) in enumerate(turns, 1):
            added.append(await self.fill(number, name, fields, count))
        return edits, added

    async def _ask(
        self, turn: Message | None, schema: JsonSchema, purpose: str, limits: Limits
    ) -> dict[str, Any]:
        if turn is not None:
            self._messages.append(turn)
        reply = await self.model.complete(
            tuple(self._messages), schema=schema, limits=limits, purpose=f"builder.{purpose}"
        )
        self.usage += reply.usage
        if not isinstance(reply.record, dict):
            raise SkillError(
                f"the model {self.model.name!r} gave no {purpose} for this request",
                hint="Say it in other words, or start from a template.",
            )
        self._messages.append(tasks.reply(reply.record))
        return reply.record
