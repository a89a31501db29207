"""The skills of the drawn jobs, as real skills that leave a line for every call."""

from __future__ import annotations

import asyncio
from typing import Any

from assistant.errors import SkillNotFound
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill, declared, skill
from tests.engine.local_skills import note
from tests.pipeline import strategies

# Long enough for a kill to fall into a call now and then.
_A_MOMENT = 0.002


@skill(effect="pure")
async def add(context: SkillContext, a: int, b: int) -> dict[str, int]:
    """Add two numbers."""
    note("add", context)
    await asyncio.sleep(_A_MOMENT)
    return strategies.add(a, b)


@skill(effect="pure")
async def spread(context: SkillContext, n: int) -> dict[str, list[int]]:
    """Make a short list of a number."""
    note("spread", context)
    return strategies.spread(n)


@skill(effect="pure")
async def total(context: SkillContext, items: list[int]) -> dict[str, int]:
    """Add a list up."""
    note("total", context)
    await asyncio.sleep(_A_MOMENT)
    return strategies.total(items)


@skill(effect="pure")
async def fussy(context: SkillContext, n: int) -> dict[str, int]:
    """Refuse every third number."""
    note("fussy", context)
    return strategies.fussy(n)


class FakeSkills:
    """These four, by name."""

    def __init__(self) -> None:
        made: list[Any] = [declared(function) for function in (add, spread, total, fussy)]
        self._skills: dict[str, Skill] = {found.name: found for found in made}

    def get(self, name: str) -> Skill:
        if name not in self._skills:
            raise SkillNotFound(f"There is no skill {name!r}.")
        return self._skills[name]
