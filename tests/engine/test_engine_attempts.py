"""Retries, timeouts, caches, on_error: what becomes of a step that does not succeed at once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assistant.clock import parse_rfc3339
from assistant.engine.retrying import LONGEST_PATIENCE, READ_RETRY, curve, wait_after
from assistant.errors import BadArguments, CannotDo, StepTimeout, TryAgain
from assistant.events import StepDone, StepFailed, StepRetrying
from assistant.pipeline.spec import Retry
from assistant.skills.door import Skill
from tests.engine.conftest import Bench
from tests.engine.local_skills import LocalSkills


def test_waits_grow_by_the_factor_up_to_the_longest() -> None:
    retry = Retry(attempts=9, delay=2, factor=3, max_delay=60, jitter=0)
    assert [curve(retry, n, lambda: 0.9) for n in range(1, 6)] == [2, 6, 18, 54, 60]


def test_jitter_spreads_a_wait_both_ways_and_never_below_zero() -> None:
    retry = Retry(attempts=9, delay=10, factor=1, max_delay=60, jitter=0.2)
    assert [curve(retry, 1, lambda c=c: c) for c in (0.0, 0.5, 1.0)] == [8, 10, 12]
    assert curve(Retry(delay=10, jitter=5), 1, lambda: 0.0) == 0


def test_a_huge_curve_ends_at_the_longest_wait() -> None:
    assert curve(Retry(delay=2, factor=1e300, max_delay=60, jitter=0), 9, lambda: 0) == 60


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (TryAgain("busy"), 2.0),
        (TryAgain("busy", retry_after=30), 30.0),
        (TryAgain("busy", retry_after=0.5), 2.0),
        (TryAgain("busy", retry_after=1e9), LONGEST_PATIENCE),
        (StepTimeout("late"), 2.0),
        (ConnectionResetError(), 2.0),
        (BadArguments("wrong"), None),
        (CannotDo("gone"), None),
        (ValueError("a bug"), None),
    ],
)
def test_what_is_worth_another_try_is_decided_by_type(
    error: Exception, waits: float | None
) -> None:
    retry = Retry(attempts=3, delay=2, factor=2, jitter=0)
    assert wait_after(retry, 1, error, lambda: 0.5) == waits
    assert wait_after(retry, 3, error, lambda: 0.5) is None


async def test_a_step_that_fails_twice_succeeds_on_the_third_try(bench: Bench) -> None:
    receipt = await bench.run(
        "  - {id: f, skill: flaky, with: {fails: 2}, retry: {attempts: 5, delay: 0.05s, factor: 2, jitter: 0}}\n"
    )
    run_id = receipt["run_id"]
    assert bench.told(run_id)[2:-1] == [
        "StepStarted f", "StepRetrying f", "StepStarted f", "StepRetrying f",
        "StepStarted f", "StepDone f",
    ]  # fmt: skip
    first, second = (e for e in bench.events(run_id) if isinstance(e, StepRetrying))
    waits = [(parse_rfc3339(e.due) - parse_rfc3339(e.at)).total_seconds() for e in (first, second)]
    assert waits == pytest.approx([0.05, 0.1], abs=0.005)
    assert first.error["message"] == "not yet (1)"
    [step] = receipt["steps"]
    assert (step["status"], step["attempts"], step["error"]) == ("succeeded", 3, None)
    rows = bench.runs.attempts(run_id)
    assert [(row.attempt, row.status) for row in rows] == [
        (1, "retrying"), (2, "retrying"), (3, "succeeded"),
    ]  # fmt: skip


async def test_retry_after_lengthens_the_wait(bench: Bench) -> None:
    began = time.monotonic()
    receipt = await bench.run(
        "  - {id: f, skill: flaky, with: {fails: 1, retry_after: 0.4}, retry: {attempts: 2, delay: 0.01s}}\n"
    )
    assert receipt["status"] == "succeeded"
    assert time.monotonic() - began >= 0.4


async def test_reads_are_tried_again_without_being_told_to(bench: Bench) -> None:
    run_id = await bench.start("  - {id: f, skill: flaky, with: {fails: 9}}\n")
    await bench.until(lambda: bench.events(run_id, StepRetrying))
    assert READ_RETRY.attempts == 3
    await bench.engine.cancel(run_id)
    assert (await bench.engine.wait(run_id, 5))["status"] == "cancelled"


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("arguments", "skill_failed", "this is not how to call it"),
        ("cannot", "skill_failed", "it is gone"),
        ("bug", "skill_failed", "Skill 'broken' failed unexpectedly: ZeroDivisionError."),
    ],
)
async def test_what_cannot_help_is_not_repeated(
    bench: Bench, how: str, code: str, message: str
) -> None:
    receipt = await bench.run(
        f"  - {{id: b, skill: broken, with: {{how: {how}}}, retry: {{attempts: 5, delay: 0.01s}}}}\n"
    )
    assert receipt["status"] == "failed"
    assert (receipt["error"]["code"], receipt["error"]["message"]) == (code, message)
    assert receipt["error"]["step"] == "b"
    assert bench.calls() == 1


async def test_arguments_that_do_not_fit_fail_before_the_call(bench: Bench) -> None:
    receipt = await bench.run("  - {id: a, skill: add, with: {a: nine}}\n")
    assert "a: Input should be a valid number" in receipt["error"]["message"]
    assert bench.calls() == 0


async def test_a_skill_that_is_not_there_fails_its_step(bench: Bench) -> None:
    receipt = await bench.run("  - {id: a, skill: nowhere}\n")
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "skill_not_found")


async def test_a_timeout_stops_an_async_skill_and_is_worth_another_try(bench: Bench) -> None:
    began = time.monotonic()
    receipt = await bench.run(
        "  - {id: a, skill: fetch, with: {name: x, seconds: 30}, timeout: 0.2s, retry: {attempts: 2, delay: 0.01s}}\n"
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_timeout")
    assert receipt["steps"][0]["attempts"] == 2
    assert time.monotonic() - began < 2


async def test_a_timeout_of_a_plain_function_does_not_wait_for_it(bench: Bench) -> None:
    began = time.monotonic()
    receipt = await bench.run("  - {id: a, skill: slow_sync, with: {seconds: 3}, timeout: 0.2s}\n")
    assert receipt["error"]["code"] == "job_timeout"
    assert time.monotonic() - began < 2


async def test_a_loop_that_takes_too_long_fails_as_a_step(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - id: each
    for_each: [1, 2, 3, 4, 5, 6, 7, 8]
    timeout: 0.3s
    on_error: continue
    steps: [{id: a, skill: fetch, with: {name: x, seconds: 0.1}}]
  - {id: after, skill: nothing, with: {value: "${{ steps.each == None }}"}}
"""
    )
    assert receipt["status"] == "succeeded"
    assert bench.output(receipt["run_id"], "after") == {"value": True}
    failed = [e for e in bench.events(receipt["run_id"], StepFailed) if e.path == "each"]
    assert failed[0].error["code"] == "job_timeout"


async def test_a_run_over_its_seconds_ends_as_timed_out(bench: Bench) -> None:
    began = time.monotonic()
    receipt = await bench.run(
        """
job: patient
budget: {seconds: 1}
steps:
  - {id: a, skill: fetch, with: {name: x, seconds: 30}, on_error: continue}
  - {id: b, skill: fetch, with: {name: x}}
"""
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("timed_out", "job_timeout")
    assert bench.calls("b") == 0
    assert time.monotonic() - began < 3


async def test_a_failure_may_be_passed_over(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - {id: b, skill: broken, on_error: continue}
  - {id: after, skill: nothing, with: {value: "${{ default(steps.b.items, 'nothing') }}"}}
"""
    )
    assert receipt["status"] == "succeeded"
    assert bench.output(receipt["run_id"], "after") == {"value": "nothing"}
    assert receipt["steps"][0]["status"] == "failed"


async def test_a_failure_may_be_answered_by_other_steps(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - id: b
    skill: broken
    on_error:
      steps: [{id: other, skill: nothing, with: {value: plan b}}]
  - {id: after, skill: nothing, with: {value: "${{ steps.b.value }}"}}
"""
    )
    assert receipt["status"] == "succeeded", receipt["error"]
    assert "b.on_error/other" in [step["path"] for step in receipt["steps"]]
    assert bench.output(receipt["run_id"], "after") == {"value": "plan b"}


async def test_an_expression_that_fails_fails_its_step_with_a_suggestion(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - {id: read, skill: fetch, with: {name: x}}
  - {id: b, skill: nothing, with: {value: "${{ steps.read.item }}"}}
"""
    )
    assert (receipt["status"], receipt["error"]["step"]) == ("failed", "b")
    assert "items" in receipt["error"]["hint"]


async def test_a_kept_result_is_used_again_for_equal_arguments(bench: Bench) -> None:
    steps = "  - {{id: r, skill: fetch, with: {{name: {name}}}, cache: true}}\n"
    runs = [(await bench.run(steps.format(name=name)))["run_id"] for name in ("x", "x", "y")]
    cached = [bench.events(run_id, StepDone)[0].cached for run_id in runs]
    assert cached == [False, True, False]
    assert bench.calls() == 2


class LaterSkills(LocalSkills):
    """The local skills in their next version."""

    def get(self, name: str) -> Skill:
        return replace(super().get(name), version="2")


async def test_a_kept_result_of_an_earlier_version_of_the_skill_is_not_used(bench: Bench) -> None:
    steps = "  - {id: r, skill: fetch, with: {name: x}, cache: true}\n"
    await bench.run(steps)
    await bench.close()
    await bench.open(library=LaterSkills())
    for cached in (False, True):
        run_id = (await bench.run(steps))["run_id"]
        assert bench.events(run_id, StepDone)[0].cached is cached
    assert bench.calls() == 2


async def test_what_a_step_writes_is_never_kept(bench: Bench) -> None:
    """The checker refuses it; a file that came another way is no exception."""
    steps = "  - {id: r, skill: send, with: {to: jo@example.org}, cache: true}\n"
    for _ in range(2):
        await bench.run(steps)
    assert bench.calls() == 2


async def test_a_kept_result_grows_old(bench: Bench) -> None:
    steps = "  - {id: r, skill: fetch, with: {name: x}, cache: 1h}\n"
    for _ in range(2):
        await bench.run(steps)
    assert bench.calls() == 1
    bench.store.run("update step_cache set at = '2020-01-01T00:00:00.000Z'")
    await bench.run(steps)
    assert bench.calls() == 2


async def test_models_are_counted_and_stop_at_the_budget(bench: Bench) -> None:
    receipt = await bench.run(
        """
job: talkative
budget: {tokens: 30}
steps:
  - {id: a, skill: ask, with: {question: one}}
  - {id: b, skill: ask, with: {question: two}}
  - {id: c, skill: ask, with: {question: three}, on_error: continue}
  - {id: d, skill: nothing}
"""
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "budget_exhausted")
    assert receipt["usage"] == {"tokens": 30, "cost": 0.02, "model": "counting"}
    assert bench.models.one.asked == ["one", "two"]
    assert bench.runs.get(receipt["run_id"]).tokens == 30


async def test_what_a_skill_gives_or_says_is_kept_without_secrets(bench: Bench) -> None:
    await bench.close()
    await bench.open(secrets={"smtp_password": "correct-horse-battery"})
    receipt = await bench.run(
        """
job: leaky
steps:
  - {id: a, skill: leak, with: {name: smtp_password}}
  - {id: b, skill: leak, with: {name: smtp_password, fail: true}}
outputs: {}
"""
    )
    told = " ".join(str(event) for event in bench.events(receipt["run_id"]))
    assert "[secret smtp_password]" in told
    assert "correct-horse" not in told
    for path in bench.settings.run_dir("leaky", receipt["run_id"]).rglob("*"):
        assert path.is_dir() or b"correct-horse" not in path.read_bytes()
