"""Skills as a model's tools: which ones it may have, and what their answers look like."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import AssistantError, BadArguments, BudgetExhausted, RunCancelled
from assistant.models.protocol import Tool, ToolCall
from assistant.skills.calling import call
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill
from assistant.skills.library import Library

ITSELF = "ask_model"
LONGEST_ANSWER = 12_000


@dataclass(frozen=True)
class Tools:
    """The skills that a model may call, by name."""

    skills: dict[str, Skill]

    @property
    def offered(self) -> tuple[Tool, ...]:
        return tuple(
            Tool(name, skill.description, skill.schema()) for name, skill in self.skills.items()
        )

    async def answer(self, asked: ToolCall, context: SkillContext) -> str:
        """What a call gives, as text for the model; a call that fails says why.

        Raises BudgetExhausted and RunCancelled: they end the work.
        """
        skill = self.skills.get(asked.name)
        if skill is None:
            return _told(BadArguments(f"There is no skill {asked.name!r} here."))
        place = f"{context.path}/{asked.name}" if context.path else asked.name
        try:
            output = await call(skill, asked.arguments, replace(context, path=place))
        except (BudgetExhausted, RunCancelled):
            raise
        except AssistantError as wrong:
            return _told(wrong)
        text = json.dumps(output, ensure_ascii=False)
        return text if len(text) <= LONGEST_ANSWER else f"{text[:LONGEST_ANSWER]} … (cut off)"


def tools_for(context: SkillContext, names: Sequence[str]) -> Tools:
    """The skills of those names. Raises BadArguments for one that writes, or SkillNotFound."""
    if not names:
        return Tools({})
    library = Library.open(context.settings)
    skills = dict[str, Skill]()
    for name in dict.fromkeys(names):
        if name == ITSELF:
            raise BadArguments("skills: ask_model cannot call itself.", hint="Leave it out.")
        skill = library.get(name)
        if skill.effect == "write":
            raise BadArguments(
                f"skills: {name!r} changes something, so a model may not call it by itself.",
                hint="Make it a step of its own, after ask_model.",
            )
        skills[name] = skill
    return Tools(skills)


def _told(wrong: AssistantError) -> str:
    told: dict[str, Any] = {"error": wrong.message}
    return json.dumps(told | ({"hint": wrong.hint} if wrong.hint else {}), ensure_ascii=False)
