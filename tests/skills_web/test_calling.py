"""Calling a skill: what is checked, what is told, what is really ended."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import BadArguments, CannotDo, SkillError, StepTimeout
from assistant.skills.calling import call, preview
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill, SkillWrong, declared, skill
from assistant.skills.folders import load_code

KILLABLE = '''
"""Waits."""
import os, subprocess, sys, time
from assistant.errors import CannotDo
from assistant.skills.door import skill

@skill(effect="pure", killable=True)
def wait(seconds: float, note: str) -> dict[str, str]:
    """Wait, and leave a note when done."""
    if seconds < 0:
        raise CannotDo("Time does not go back.", hint="Wait longer.")
    if seconds > 100:
        os._exit(9)
    print("printed things are no answer")
    child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds}); open({note!r}, 'w')"])
    child.wait()
    return {"waited": str(seconds)}
'''


def made(function) -> Skill:
    found = declared(function)
    assert found is not None
    return found


@skill(effect="pure")
async def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


@skill(effect="pure")
def blocking(seconds: float) -> str:
    """Block a thread."""
    time.sleep(seconds)
    return "done"


@skill(effect="pure")
async def buggy(kind: str) -> int:
    """Fail in some way."""
    match kind:
        case "bug":
            return {}["secret"]
        case "timeout":
            raise TimeoutError("its own")
        case "output":
            return "not a number"  # type: ignore[return-value]
        case _:
            raise CannotDo("Final.", hint="Cure.")


@skill(effect="write", preview=lambda context, name: {"would": name, "dry": context.dry})
def named(context: SkillContext, name: str) -> str:
    """Say a name."""
    return f"{context.job}: {name}"


@pytest.fixture
def wait_skill(tmp_path: Path) -> Skill:
    folder = tmp_path / "wait"
    folder.mkdir()
    (folder / "SKILL.md").write_text("---\nname: wait\ndescription: Waits.\n---\nWaits.\n")
    (folder / "skill.py").write_text(KILLABLE)
    return load_code(folder)


async def test_arguments_are_checked_and_output_is_json(context):
    assert await call(made(add), {"a": "2"}, context) == 3
    with pytest.raises(BadArguments, match=r"skill 'add': a: .*; c: Extra inputs"):
        await call(made(add), {"a": "x", "c": 1}, context)


async def test_a_bug_is_told_without_its_inside_and_logged_with_it(context, caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(SkillError) as told:
        await call(made(buggy), {"kind": "bug"}, context)
    assert told.value.message == "Skill 'buggy' failed unexpectedly: KeyError."
    assert "secret" not in told.value.message
    assert "KeyError: 'secret'" in caplog.text


async def test_a_skills_own_timeout_error_is_not_mistaken_for_ours(context):
    with pytest.raises(SkillError, match="failed unexpectedly: TimeoutError"):
        await call(made(buggy), {"kind": "timeout"}, context)


async def test_an_output_of_another_shape_and_an_error_of_ours_pass_as_they_are(context):
    with pytest.raises(SkillError, match="gave something else than it declares"):
        await call(made(buggy), {"kind": "output"}, context)
    with pytest.raises(CannotDo, match="Final"):
        await call(made(buggy), {"kind": "final"}, context)


async def test_a_plain_function_does_not_stop_the_loop_and_ends_on_time(context):
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    assert await call(made(blocking), {"seconds": 1.0}, context) == "done"
    assert ticks > 3
    ticking.cancel()
    with pytest.raises(StepTimeout, match=r"took longer than 0\.1 s"):
        await call(made(blocking), {"seconds": 0.5}, context, timeout=0.1)


async def test_a_context_is_handed_to_the_skill_and_to_its_preview(context):
    assert await call(made(named), {"name": "Ada"}, context) == ": Ada"
    assert await preview(made(named), {"name": "Ada"}, context) == {"would": "Ada", "dry": False}
    assert await preview(made(add), {"a": 1}, context) is None


async def test_a_killable_skill_answers_from_its_own_process(context, wait_skill, tmp_path):
    note = str(tmp_path / "note")
    given = await call(wait_skill, {"seconds": 0, "note": note}, context)
    assert (given, Path(note).exists()) == ({"waited": "0.0"}, True)
    with pytest.raises(CannotDo, match="Time does not go back") as told:
        await call(wait_skill, {"seconds": -1, "note": note}, context)
    assert told.value.hint == "Wait longer."
    with pytest.raises(SkillError, match=r"ended without an answer \(exit 9\)"):
        await call(wait_skill, {"seconds": 101, "note": note}, context)


async def test_a_function_that_hangs_holds_no_thread_that_others_wait_for(context):
    over = threading.Event()

    @skill(effect="pure")
    def hangs() -> bool:
        """Wait for something that does not come."""
        return over.wait(60)

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    try:
        with pytest.raises(StepTimeout):
            await call(made(hangs), {}, context, timeout=0.05)
        async with asyncio.timeout(20):
            assert await asyncio.to_thread(lambda: 7) == 7
    finally:
        over.set()


async def test_a_killable_skill_is_really_ended_with_all_it_started(context, wait_skill, tmp_path):
    late, cancelled = tmp_path / "late", tmp_path / "cancelled"
    with pytest.raises(StepTimeout):
        await call(wait_skill, {"seconds": 2.5, "note": str(late)}, context, timeout=1.2)
    calling = asyncio.create_task(
        call(wait_skill, {"seconds": 2.5, "note": str(cancelled)}, context)
    )
    await asyncio.sleep(1.2)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await asyncio.sleep(2)
    assert (late.exists(), cancelled.exists()) == (False, False)


def test_a_killable_skill_that_wants_a_context_is_a_wrong_declaration():
    with pytest.raises(SkillWrong, match="runs in a process of its own"):

        @skill(effect="pure", killable=True)
        def wants(context: SkillContext) -> int:
            """Want."""
            return 1
