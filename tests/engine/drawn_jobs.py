"""Drawn jobs for a bench of processes: the same ones every time, and what becomes of each."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from assistant.pipeline.loader import load
from assistant.pipeline.writer import dump
from tests.pipeline.reference_interpreter import Interpreter, verdict
from tests.pipeline.strategies import CALLED, FAKES, jobs


def expected(text: str) -> dict[str, Any]:
    """What the reference gives: status, outputs, and each step called with its arguments."""
    reference = Interpreter(FAKES, {name: load(file).job for name, file in CALLED.items()})
    made = verdict(reference, load(text).job)
    calls = sorted((path, skill, repr(arguments)) for path, skill, arguments in reference.calls)
    return {"status": made["status"], "outputs": made["outputs"], "calls": calls}


def some_jobs(count: int) -> list[str]:
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
    return found[:count]
