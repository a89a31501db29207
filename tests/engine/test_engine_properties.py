"""Drawn jobs of every kind, nested: the engine gives what the reference interpreter gives."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from assistant.engine.engine import Engine
from assistant.pipeline.writer import dump
from tests.engine.conftest import Bench
from tests.engine.drawn_jobs import expected
from tests.engine.fake_skills import FakeSkills
from tests.engine.harness import every_attempt, say_yes
from tests.pipeline.strategies import CALLED, jobs

ENOUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large,
    ],
)  # fmt: skip


@pytest.fixture
async def drawn(bench: Bench) -> Bench:
    """The bench with the drawn jobs' skills."""
    await bench.close()
    bench._engine = await Engine.open(
        bench.settings, store=bench.store, library=FakeSkills(), models=bench.models,
        jobs=bench.find_job,
    )  # fmt: skip
    return bench


@seed(20260302)
@ENOUGH
@given(job=jobs())
async def test_a_run_gives_what_the_reference_gives(drawn: Bench, job: dict[str, Any]) -> None:
    text = dump(job)
    drawn.files |= CALLED
    yes = asyncio.create_task(say_yes(drawn.engine))
    receipt = await drawn.run(text)
    yes.cancel()
    attempts = every_attempt(drawn.runs, receipt["run_id"])
    calls = sorted((path, row.skill, repr(row.arguments)) for path, row in attempts)
    failed = receipt["status"] == "failed"
    made = {
        "status": receipt["status"],
        "outputs": {} if failed else receipt["outputs"],
        "calls": calls,
    }
    assert made == expected(text)
    stored = [event.seq for event in drawn.runs.events(receipt["run_id"])]
    assert stored == list(range(1, len(stored) + 1))
