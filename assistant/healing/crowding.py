"""Whether a host refuses what asks for several things at once, and answers the same one by one."""

from __future__ import annotations

import asyncio
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.easing import loop_around
from assistant.insight.faults import is_limited
from assistant.pipeline.scope import static_path

MOST = 4
"""Calls that are made at once to see it."""


async def too_many_at_once(desk: Desk, case: Case) -> bool:
    """Ask for some rounds of the loop around a step as it does, several at once.

    True when one of them is told again to come less often, though nothing asked in between: to
    wait helps nobody then. What came and passed is passing trouble, and gives False.
    """
    loop, skill = loop_around(case), case.skill
    if loop is None or loop.max_parallel < 2 or skill is None or case.effect == "write":
        return False
    calls = _rounds(desk, case)[: min(loop.max_parallel, MOST)]
    if len(calls) < 2:
        return False
    if await _refusal(desk, skill.name, calls[0]):
        return False  # it wants to be left alone, or something else is wrong
    told = await asyncio.gather(*(_refusal(desk, skill.name, one) for one in calls))
    return any(is_limited({"message": one}) for one in told)


def _rounds(desk: Desk, case: Case) -> list[dict[str, Any]]:
    """What the rounds of the loop called the step with, each once."""
    found = list[dict[str, Any]]()
    for attempt in desk.runs.attempts(case.run.id):
        if static_path(attempt.path) == case.place:
            arguments = desk.whole(case.run, attempt.arguments)
            if arguments and arguments not in found:
                found.append(arguments)
    return found


async def _refusal(desk: Desk, name: str, arguments: dict[str, Any]) -> str:
    """What a call is refused with; "" when it is answered."""
    try:
        await desk.call(name, arguments)
    except AssistantError as wrong:
        return wrong.message
    return ""
