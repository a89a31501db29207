"""Drawn jobs of every kind, nested: the engine gives what the reference interpreter gives."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from assistant.engine.engine import Engine
from assistant.pipeline.loader import load
from assistant.pipeline.writer import dump
from tests.engine.conftest import Bench
from tests.engine.fake_skills import FakeSkills
from tests.pipeline.reference_interpreter import Reference
from tests.pipeline.strategies import FAKES, jobs

ENOUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large,
    ],
)  # fmt: skip


def expected(text: str) -> dict[str, Any]:
    """What the reference gives: status, outputs, and each step called with its arguments."""
    reference = Reference(FAKES)
    made = reference.of(load(text).job)
    calls = sorted((path, skill, repr(arguments)) for path, skill, arguments in reference.calls)
    return {"status": made["status"], "outputs": made["outputs"], "calls": calls}


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
    receipt = await drawn.run(text)
    attempts = drawn.runs.attempts(receipt["run_id"])
    calls = sorted((row.path, row.skill, repr(row.arguments)) for row in attempts)
    failed = receipt["status"] == "failed"
    made = {
        "status": receipt["status"],
        "outputs": {} if failed else receipt["outputs"],
        "calls": calls,
    }
    assert made == expected(text)
    stored = [event.seq for event in drawn.runs.events(receipt["run_id"])]
    assert stored == list(range(1, len(stored) + 1))


def some_jobs(count: int) -> Iterator[str]:
    """Drawn jobs that call at least three skills, the same ones every time."""
    found: list[str] = []

    @seed(7)
    @settings(max_examples=count * 4, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(job=jobs())
    def draw(job: dict[str, Any]) -> None:
        text = dump(job)
        if text not in found and len(expected(text)["calls"]) >= 3:
            found.append(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        draw()
    return iter(found[:count])


@pytest.mark.timeout(600)
def test_a_hundred_random_kills_of_drawn_jobs_lose_and_double_nothing(
    kill: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = list(some_jobs(100))
    assert len(texts) == 100
    plans = [
        {
            "jobs": [
                {"run_id": f"d{group}-{n}", "job": "drawn", "yaml": text}
                for n, text in enumerate(texts[group * 10 : group * 10 + 10])
            ],
            "drawn": True, "kills": 12, "seed": group, "soonest": 0.08, "latest": 0.5,
        }
        for group in range(10)
    ]  # fmt: skip
    kills = lost = doubled = 0
    for plan, report in zip(plans, kill(*plans), strict=True):
        kills += report["kills"]
        doubled += len(report["doubled"])
        for job in plan["jobs"]:
            run, right = report["runs"][job["run_id"]], expected(job["yaml"])
            outputs = {} if run["status"] == "failed" else run["outputs"]
            paths = sorted(path for path, _, _ in right["calls"])
            same = (run["status"], outputs, sorted(run["steps"])) == (
                right["status"], right["outputs"], paths,
            )  # fmt: skip
            lost += not same
    with capsys.disabled():
        print(f"\n{kills} kills, {len(texts)} drawn jobs: {lost} lost, {doubled} doubled")
    assert (lost, doubled) == (0, 0)
    assert kills >= 80
