"""Calling a skill: arguments checked, context handed over, trouble told, output validated.

An async skill runs in the event loop, a plain function in a thread, and one declared
`killable` in a process of its own, which is really ended on timeout and cancel.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from assistant import errors
from assistant.errors import AssistantError, SkillError, StepTimeout
from assistant.settings import PROJECT
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill

log = logging.getLogger(__name__)
LONGEST_OUTPUT = 64_000_000
# Threads of their own: a plain function that hangs keeps its thread after its time is up, and must
# not keep one that the engine waits for. They are made when needed.
_threads = ThreadPoolExecutor(max_workers=256, thread_name_prefix="skill")


async def call(
    skill: Skill,
    arguments: dict[str, Any],
    context: SkillContext,
    *,
    timeout: float | None = None,
) -> Any:
    """Call a skill and give its output as JSON data.

    `timeout` (seconds) replaces the skill's own. Raises BadArguments, TryAgain, CannotDo or
    another AssistantError; StepTimeout when time is up; SkillError for a bug in the skill.
    Cancelling the task ends an async skill at its next await and a killable one at once; a
    plain function's thread goes on by itself and its result is dropped.
    """
    checked = skill.check(arguments)
    limit = skill.timeout if timeout is None else timeout
    watch = asyncio.timeout(limit)
    try:
        async with watch:
            value = await _value(skill, arguments, checked, context)
    except TimeoutError as late:
        if not watch.expired():
            raise _bug(skill, late) from late
        raise StepTimeout(
            f"Skill {skill.name!r} took longer than {limit:g} s.",
            hint="Give the step a longer timeout, or less to do.",
        ) from late
    except AssistantError:
        raise
    except Exception as bug:  # a bug in a skill fails its step, never the engine
        raise _bug(skill, bug) from bug
    return skill.as_output(value)


async def preview(skill: Skill, arguments: dict[str, Any], context: SkillContext) -> Any:
    """What a write skill would do, as JSON data; None when it offers no preview."""
    if skill.preview is None:
        return None
    checked = skill.check(arguments)
    try:
        value = skill.preview(**_with_context(skill, checked, context))
        if asyncio.iscoroutine(value):
            value = await value
        return json.loads(json.dumps(value, default=_plain))
    except AssistantError:
        raise
    except Exception as bug:  # as above
        raise _bug(skill, bug) from bug


async def _value(
    skill: Skill, arguments: dict[str, Any], checked: dict[str, Any], context: SkillContext
) -> Any:
    given = _with_context(skill, checked, context)
    if skill.is_async:
        return await skill.function(**given)
    if skill.killable:
        return await _in_child(skill, arguments)
    loop, around = asyncio.get_running_loop(), contextvars.copy_context()
    return await loop.run_in_executor(_threads, lambda: around.run(skill.function, **given))


def _with_context(skill: Skill, checked: dict[str, Any], context: SkillContext) -> dict[str, Any]:
    return checked | {skill.context_parameter: context} if skill.context_parameter else checked


def _bug(skill: Skill, wrong: Exception) -> SkillError:
    log.error("skill %s failed unexpectedly", skill.name, exc_info=wrong)
    return SkillError(
        f"Skill {skill.name!r} failed unexpectedly: {type(wrong).__name__}.",
        hint="The log has the details; this is a mistake in the skill.",
    )


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if dump else str(value)


async def _in_child(skill: Skill, arguments: dict[str, Any]) -> Any:
    """Run a killable skill in a fresh Python that speaks JSON; ends it when this is cancelled."""
    request = {
        "folder": skill.extra.get("folder", ""),
        "source": skill.source,
        "arguments": arguments,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "assistant.skills.child",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        start_new_session=True, cwd=PROJECT, limit=LONGEST_OUTPUT,
    )  # fmt: skip
    try:
        answer, _ = await process.communicate(json.dumps(request).encode())
    finally:
        if process.returncode is None:
            # The group, so that what the skill started ends with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return _from_child(skill, answer, process.returncode)


def _from_child(skill: Skill, answer: bytes, code: int | None) -> Any:
    try:
        told = json.loads(answer)
    except ValueError as wrong:
        raise SkillError(
            f"The process of skill {skill.name!r} ended without an answer (exit {code}).",
            hint="It may have run out of memory; give it less to do.",
        ) from wrong
    if "output" in told:
        return told["output"]
    kind = getattr(errors, told["kind"], SkillError)
    if not (isinstance(kind, type) and issubclass(kind, SkillError)):
        kind = SkillError
    raise kind(told["message"], hint=told["hint"])
