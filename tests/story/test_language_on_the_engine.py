"""Every kind of step and every key of the job file, on the real engine with real skills of small size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.engine import Engine
from assistant.events import ApprovalAsked, StepDone, StepRetrying
from assistant.settings import Settings
from tests.engine.conftest import Bench
from tests.engine.fake_skills import FakeSkills
from tests.pipeline.test_pipeline_meaning import CALLED_ONCE, EVERY_KIND


@pytest.fixture
async def bench(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setenv("ENGINE_CALLS", str(tmp_path / "calls"))
    made = Bench(settings, tmp_path / "calls")
    await made.open()
    yield made
    await made.close()
    made.store.close()


async def test_a_job_of_every_kind_gives_what_the_reference_gives(bench: Bench) -> None:
    await bench.close()
    bench._engine = await Engine.open(
        bench.settings, store=bench.store, library=FakeSkills(), models=bench.models,
        jobs=bench.find_job,
    )  # fmt: skip
    bench.files["called"] = CALLED_ONCE
    run_id = await bench.start(EVERY_KIND, inputs={"n": 4})
    await bench.until(lambda: bench.events(run_id, ApprovalAsked))
    await bench.engine.decide(run_id, "agree", True, "jo")
    receipt = await bench.engine.wait(run_id, 20)
    assert (receipt["status"], receipt["outputs"]) == (
        "succeeded",
        {
            "sum": 6, "squares": [5, 7], "kept": {"left": {"a": {"value": 1}}, "right": {"a": {"value": 2}}},
            "doubled": 8, "word": "small", "failed": 7, "loop": {"count": 3, "n": 7}, "who": "jo",
        },
    )  # fmt: skip


KEYS: dict[str, tuple[str, dict[str, Any] | str]] = {
    "if": (
        "steps: [{id: a, if: '${{ false }}', skill: nothing}, {id: b, skill: nothing, with: {value: \"${{ default(steps.a.value, 'none') }}\"}}]\n"
        "outputs: {v: '${{ steps.b.value }}'}",
        {"v": "none"},
    ),
    "retry": (
        "steps: [{id: a, skill: flaky, with: {fails: 2}, retry: {attempts: 3, delay: 10ms, factor: 1, jitter: 0}}]\n"
        "outputs: {v: '${{ steps.a.calls }}'}",
        {"v": 3},
    ),
    "timeout": ("steps: [{id: a, skill: pause, with: {seconds: 9}, timeout: 100ms, retry: 1}]", "job_timeout"),
    "on_error continue": (
        "steps: [{id: a, skill: broken, on_error: continue}, {id: b, set: {v: '${{ default(steps.a.x, 7) }}'}}]\n"
        "outputs: {v: '${{ vars.v }}'}",
        {"v": 7},
    ),
    "on_error steps": (
        "steps: [{id: a, skill: broken, on_error: {steps: [{id: o, set: {said: '${{ error.code }}'}}]}}]\n"
        "outputs: {v: '${{ vars.said }}'}",
        {"v": "skill_failed"},
    ),
    "collect": (
        "steps: [{id: l, for_each: [1, 2, 3], as: n, max_parallel: 3, steps: [{id: x, skill: nothing, with: {value: '${{ n * n }}'}}], collect: '${{ steps.x.value }}'}]\n"
        "outputs: {v: '${{ steps.l.items }}', n: '${{ steps.l.count }}'}",
        {"v": [1, 4, 9], "n": 3},
    ),
    "accumulate": (
        "steps: [{id: l, for_each: [1, 2, 3], accumulate: {name: total, start: 10, value: '${{ total + item }}'}, steps: [{id: x, skill: nothing}]}]\n"
        "outputs: {v: '${{ steps.l.total }}'}",
        {"v": 16},
    ),
    "while": (
        "steps: [{id: l, while: '${{ index < 4 }}', max_iterations: 9, steps: [{id: x, skill: nothing}], collect: '${{ index }}'}]\n"
        "outputs: {v: '${{ steps.l.items }}'}",
        {"v": [0, 1, 2, 3]},
    ),
    "stop": ("steps: [{id: a, set: {v: 1}}, {stop: enough}, {id: b, skill: broken}]", {}),
    "inputs": ("inputs: {n: {type: integer, default: 6}}\nsteps: [{id: a, set: {v: '${{ inputs.n / 2 }}'}}]\noutputs: {v: '${{ vars.v }}'}", {"v": 3.0}),
    "expect": ("steps: [{id: a, set: {v: 1}}]\nexpect: ['${{ vars.v > 1 }}']", "job_expectation_failed"),
    "budget": ("budget: {seconds: 1}\nsteps: [{id: a, skill: pause, with: {seconds: 9}}]", "job_timeout"),
    "text that looks like an expression": (
        "inputs: {t: {type: string, default: 'x'}}\n"
        "steps: [{id: a, skill: nothing, with: {value: '${{ inputs.t }}'}}, {id: b, set: {v: '${{ steps.a.value }} again'}}]\n"
        "outputs: {v: '${{ vars.v }}'}",
        {"v": "${{ inputs.t }} again"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
async def test_a_key_does_what_the_guide_says(bench: Bench, key: str) -> None:
    text, expected = KEYS[key]
    inputs = {"t": "${{ inputs.t }}"} if "looks like" in key else {}
    receipt = await bench.run(f"job: small\n{text}\n", inputs=inputs)
    if isinstance(expected, str):
        assert (receipt["status"] == "succeeded", receipt["error"]["code"]) == (False, expected)
    else:
        assert (receipt["status"], receipt["outputs"]) == ("succeeded", expected), receipt["error"]


async def test_a_loop_of_a_million_rounds_is_refused_and_the_engine_goes_on(bench: Bench) -> None:
    receipt = await bench.run(
        "  - {id: r, skill: rows, with: {count: 1000000}}\n"
        "  - {id: l, for_each: '${{ steps.r.rows }}', steps: [{id: x, skill: fetch, with: {name: x}}]}\n"
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_execution_failed")
    assert bench.calls() == 0
    assert (await bench.run("  - {id: a, skill: nothing}\n"))["status"] == "succeeded"


async def test_a_run_in_flight_keeps_its_file_in_branches_and_after_a_restart(bench: Bench) -> None:
    file = (
        "job: edited\nsteps:\n"
        "  - id: each\n    for_each: [1, 2, 3]\n    max_parallel: 3\n    collect: '${{ steps.b.value }}'\n"
        "    steps: [{id: a, skill: pause, with: {seconds: 0.4}}, {id: b, skill: nothing, with: {value: VALUE}}]\n"
        "outputs: {v: '${{ steps.each.items }}'}\n"
    )
    run_id = await bench.start(file.replace("VALUE", "old"))
    bench.files["edited"] = file.replace("VALUE", "new")
    await asyncio.sleep(0.1)
    await bench.close()
    await bench.open()
    assert (await bench.engine.wait(run_id, 20))["outputs"] == {"v": ["old"] * 3}


async def test_the_next_try_is_told_before_it_comes_and_retry_after_is_honoured(
    bench: Bench,
) -> None:
    receipt = await bench.run(
        "  - {id: f, skill: flaky, with: {fails: 1, retry_after: 0.5}, retry: {attempts: 2, delay: 10ms}}\n"
    )
    [retrying] = bench.events(receipt["run_id"], StepRetrying)
    [done] = [e for e in bench.events(receipt["run_id"], StepDone) if e.path == "f"]
    assert retrying.at < retrying.due <= done.at
