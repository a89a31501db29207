"""A plain function that a skill declares killable is ended with its step, not waited for."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from assistant.engine.request import RunRequest
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.story.test_templates_run import SCHEDULED

SKILL = '''\
"""Counts in a file until it is ended."""

import time
from pathlib import Path

from assistant.skills.door import skill


@skill(effect="read", killable=True)
def count_on(path: str) -> dict[str, int]:
    """Count in a file for a minute."""
    for n in range(600):
        Path(path).write_text(str(n))
        time.sleep(0.1)
    return {"n": 600}
'''
ABOUT = "---\nname: count_on\ndescription: Count in a file for a minute.\n---\n\nCounts.\n"


@pytest.fixture
def place(settings: Settings) -> Workplace:
    folder = settings.skills_dir / "count_on"
    folder.mkdir(parents=True)
    (folder / "skill.py").write_text(SKILL)
    (folder / "SKILL.md").write_text(ABOUT)
    opened = Workplace.open(settings)
    opened.library.enable("count_on")
    return opened


async def test_a_cancel_ends_the_process_of_a_killable_skill_within_a_second(
    place: Workplace, tmp_path: Path
) -> None:
    file = tmp_path / "count"
    text = (
        "job: counts\nsteps:\n"
        f"  - {{id: fan, parallel: {{a: [{{id: c, skill: count_on, with: {{path: '{file}'}}}}]}}}}\n"
    )
    engine = await place.engine()
    run_id = await engine.submit(RunRequest("counts", text, trigger=SCHEDULED))
    async with asyncio.timeout(60):
        while not file.exists():
            await asyncio.sleep(0.05)
    began = time.monotonic()
    await engine.cancel(run_id, by="jo")
    receipt = await engine.wait(run_id, 30)
    took = time.monotonic() - began
    assert (receipt["status"], receipt["error"]["code"]) == ("cancelled", "job_cancelled")
    counted = file.read_text()
    time.sleep(0.5)
    assert file.read_text() == counted
    assert took < 1
    await place.close()


async def test_a_timeout_ends_the_process_of_a_killable_skill(
    place: Workplace, tmp_path: Path
) -> None:
    file = tmp_path / "count"
    text = (
        "job: counts\nsteps:\n"
        f"  - {{id: c, skill: count_on, with: {{path: '{file}'}}, timeout: 3s, retry: 1}}\n"
    )
    engine = await place.engine()
    began = time.monotonic()
    run_id = await engine.submit(RunRequest("counts", text, trigger=SCHEDULED))
    receipt = await engine.wait(run_id, 30)
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_timeout")
    assert time.monotonic() - began < 20
    counted = file.read_text()
    time.sleep(0.5)
    assert file.read_text() == counted
    await place.close()
