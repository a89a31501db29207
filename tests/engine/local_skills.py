"""Small real skills for the engine's tests: every one leaves a line in a file when it is called.

`$ENGINE_CALLS` names the file; a line is `skill run|path pid`. So a test counts what really ran.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from assistant.errors import BadArguments, CannotDo, SkillNotFound, TryAgain
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill, declared, skill


def note(name: str, context: SkillContext) -> int:
    """Leave a line for this call; gives how many there are for its step now."""
    place = f"{context.run_id}|{context.path}"
    path = Path(os.environ["ENGINE_CALLS"])
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{name} {place} {os.getpid()}\n")
    return sum(line.split()[1] == place for line in path.read_text().splitlines())


@skill(effect="pure")
async def nothing(value: Any = None) -> dict[str, Any]:
    """Give back what it is given."""
    return {"value": value}


@skill(effect="pure")
async def add(context: SkillContext, a: float, b: float = 0) -> dict[str, float]:
    """Add two numbers."""
    note("add", context)
    return {"sum": a + b}


@skill(effect="read")
async def fetch(context: SkillContext, name: str, seconds: float = 0.0) -> dict[str, Any]:
    """Read three items of a name, taking some time over it."""
    note("fetch", context)
    await asyncio.sleep(seconds)
    return {"items": [f"{name}-{n}" for n in range(3)], "name": name}


@skill(effect="read")
async def flaky(context: SkillContext, fails: int, retry_after: float = 0) -> dict[str, Any]:
    """Fail some times, then give the number of calls."""
    calls = note("flaky", context)
    if calls <= fails:
        raise TryAgain(f"not yet ({calls})", retry_after=retry_after or None, hint="Wait.")
    return {"calls": calls}


@skill(effect="read")
async def broken(context: SkillContext, how: str = "cannot") -> dict[str, Any]:
    """Fail for good."""
    note("broken", context)
    if how == "arguments":
        raise BadArguments("this is not how to call it", hint="Call it well.")
    if how == "bug":
        raise ZeroDivisionError("a bug")
    raise CannotDo("it is gone", hint="Look elsewhere.")


@skill(effect="pure")
def slow_sync(context: SkillContext, seconds: float) -> dict[str, Any]:
    """Sleep in a thread."""
    note("slow_sync", context)
    time.sleep(seconds)
    return {"slept": seconds}


@skill(effect="pure")
async def big(context: SkillContext, size: int) -> dict[str, str]:
    """Give a long text."""
    note("big", context)
    return {"text": "x" * size}


@skill(effect="pure")
async def pause(seconds: float) -> dict[str, float]:
    """Wait."""
    await asyncio.sleep(seconds)
    return {"waited": seconds}


@skill(effect="pure")
async def rows(count: int) -> dict[str, list[int]]:
    """Give a long list."""
    return {"rows": list(range(count))}


@skill(effect="pure")
async def letter(title: str, items: list[str], context: SkillContext) -> dict[str, Any]:
    """Write a letter into the run's folder."""
    note("letter", context)
    context.progress("writing", done=0, total=len(items))
    text = "\n".join([f"# {title}", *items])
    ref = context.artifacts.save("letter.md", text)
    return {"text": text, "artifact": ref.name}


def _preview(
    to: str, context: SkillContext, text: str = "", seconds: float = 0.0
) -> dict[str, Any]:
    return {"would": f"send {len(text)} characters to {to}"}


@skill(effect="write", hosts=("to",), preview=_preview)
async def send(
    to: str, context: SkillContext, text: str = "", seconds: float = 0.0
) -> dict[str, str]:
    """Send a letter: one file in the outbox, named by the key of the call."""
    note("send", context)
    await asyncio.sleep(seconds / 2)
    path = context.outbox / f"{context.idempotency_key}.{time.monotonic_ns()}.eml"
    path.write_text(f"To: {to}\n\n{text}")
    await asyncio.sleep(seconds / 2)
    return {"sent": to, "key": context.idempotency_key}


def _sent_already(context: SkillContext, to: str, text: str = "", seconds: float = 0.0) -> Any:
    found = sorted(context.outbox.glob(f"{context.idempotency_key}.*.eml"))
    return {"sent": to, "key": context.idempotency_key} if found else None


@skill(effect="write", hosts=("to",), already_done=_sent_already)
async def send_checked(
    to: str, context: SkillContext, text: str = "", seconds: float = 0.0
) -> dict[str, str]:
    """Send a letter, and know afterwards whether it was sent."""
    return await send(to=to, context=context, text=text, seconds=seconds)


@skill(effect="read")
async def remember(key: str, context: SkillContext) -> dict[str, Any]:
    """Count in the job's memory."""
    note("remember", context)
    count = (context.memory.get("counts", key) or 0) + 1
    context.memory.put("counts", key, count)
    return {"count": count}


@skill(effect="read")
async def ask(question: str, context: SkillContext) -> dict[str, Any]:
    """Ask the default model."""
    from assistant.models.protocol import Message

    reply = await context.models.get().complete([Message("user", question)])
    return {"text": reply.text}


@skill(effect="read", secrets=("smtp_password",))
async def leak(name: str, context: SkillContext, fail: bool = False) -> dict[str, Any]:
    """Tell a secret in every way there is."""
    secret = context.secrets[name]
    context.progress(f"using {secret}")
    context.warn(f"it is {secret}")
    if fail:
        raise CannotDo(f"{secret} is wrong", hint=f"Try another than {secret}.")
    return {"echo": [f"password={secret}"]}


class LocalSkills:
    """The skills of this file but one, found by name."""

    def __init__(self, *, without: str = "") -> None:
        made = (declared(value) for value in list(globals().values()) if callable(value))
        self._skills = {found.name: found for found in made if found and found.name != without}

    def get(self, name: str) -> Skill:
        if name not in self._skills:
            raise SkillNotFound(f"There is no skill {name!r}.")
        return self._skills[name]

    def names(self) -> list[str]:
        return sorted(self._skills)
