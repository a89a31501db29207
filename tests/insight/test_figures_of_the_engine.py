"""What the engine does while it really runs jobs stands in the figures, and in the folders alike."""

from __future__ import annotations

from typing import Any

from assistant.insight.rebuild import compare
from tests.engine.conftest import Bench, bench  # noqa: F401 - the fixture


def figures(bench: Bench, run_id: str, *names: str) -> tuple[Any, ...]:  # noqa: F811
    row = bench.store.row("select * from run_facts where run_id = ?", run_id)
    assert row is not None
    return tuple(row[name] for name in names)


async def test_a_run_that_had_to_try_again_tells_both_tries(bench: Bench):  # noqa: F811
    told = await bench.run("""
  - {id: read, skill: fetch, with: {name: a}}
  - {id: shaky, skill: flaky, with: {fails: 1}, retry: {attempts: 3, delay: 10ms}}
""")
    run_id = told["run_id"]
    assert figures(bench, run_id, "status", "calls", "failed_calls", "items", "job_id") == (
        "succeeded", 3, 1, 3, told["job_id"],
    )  # fmt: skip
    calls = bench.store.rows(
        "select path, attempt, status, items, fault from skill_calls order by path, attempt"
    )
    assert [tuple(call.values()) for call in calls] == [
        ("read", 1, "succeeded", 3, ""),
        ("shaky", 1, "retried", None, "transient"),
        ("shaky", 2, "succeeded", None, ""),
    ]
    assert compare(bench.store, bench.settings.runs_dir) == []


async def test_a_failed_run_bears_the_class_and_the_skill_of_its_failure(bench: Bench):  # noqa: F811
    told = await bench.run("  - {id: gone, skill: broken}\n")
    found = figures(bench, told["run_id"], "status", "code", "step", "skill", "fault")
    assert found[:4] == ("failed", "skill_failed", "gone", "broken")
    call = bench.store.row("select fault, signature from skill_calls")
    assert call is not None
    assert call["fault"] == found[4] != ""
    assert figures(bench, told["run_id"], "signature") == (call["signature"],)
    assert compare(bench.store, bench.settings.runs_dir) == []


async def test_a_failed_expectation_has_a_class_without_a_skill(bench: Bench):  # noqa: F811
    told = await bench.run("""job: hopeful
steps: [{id: read, skill: fetch, with: {name: a}}]
expect: ["${{ size(steps.read.items) > 9 }}"]
""")
    assert figures(bench, told["run_id"], "status", "code", "fault", "skill", "step") == (
        "failed", "job_expectation_failed", "empty_result", "", "",
    )  # fmt: skip


async def test_every_call_of_a_model_is_counted_once(bench: Bench):  # noqa: F811
    told = await bench.run("""
  - {id: each, for_each: "${{ ['a', 'b'] }}", steps: [{id: ask, skill: ask, with: {question: hello}}]}
""")
    run_id = told["run_id"]
    assert told["usage"]["tokens"] == 30
    assert figures(bench, run_id, "model_calls", "tokens_in", "tokens_out", "cost") == (
        2, 20, 10, 0.02,
    )  # fmt: skip
    calls = bench.store.rows("select path, model, tokens_in from model_calls order by id")
    assert [tuple(call.values()) for call in calls] == [
        ("each[0]/ask", "counting", 10),
        ("each[1]/ask", "counting", 10),
    ]
    steps = bench.store.rows("select distinct step from skill_calls")
    assert steps == [{"step": "each/ask"}]
    assert compare(bench.store, bench.settings.runs_dir) == []


async def test_what_a_person_took_to_answer_is_no_time_of_the_run(bench: Bench):  # noqa: F811
    run_id = await bench.start("  - {id: ok, approve: Shall we?}\n")
    await bench.until_status(run_id, "waiting")
    await bench.engine.decide(run_id, "ok", True, "jo")
    await bench.engine.wait(run_id, 20)
    asked, seconds, calls = figures(bench, run_id, "asked_seconds", "seconds", "calls")
    answer = bench.store.row("select decision, decided_by, seconds from approvals")
    assert answer == {"decision": "approved", "decided_by": "jo", "seconds": asked}
    assert (asked > 0, seconds >= 0, calls) == (True, True, 0)
    assert compare(bench.store, bench.settings.runs_dir) == []


async def test_runs_in_branches_cut_off_by_a_cancel_leave_equal_folders(bench: Bench):  # noqa: F811
    run_id = await bench.start("""
  - id: fan
    parallel:
      a: [{id: x, skill: pause, with: {seconds: 30}}]
      b: [{id: x, skill: pause, with: {seconds: 30}}, {id: y, skill: nothing}]
      c: [{id: x, skill: nothing}]
""")
    await bench.until(
        lambda: bench.store.row("select count(*) as n from skill_calls")["n"] == 3  # type: ignore[index]
    )
    await bench.engine.cancel(run_id, by="jo")
    await bench.engine.wait(run_id, 20)
    assert figures(bench, run_id, "status", "fault") == ("cancelled", "")
    assert compare(bench.store, bench.settings.runs_dir) == []


async def test_a_dry_run_is_kept_apart(bench: Bench):  # noqa: F811
    await bench.run("  - {id: post, skill: send, with: {to: a@example.org}}\n", dry=True)
    assert bench.store.rows("select dry, status from run_facts") == [
        {"dry": 1, "status": "succeeded"}
    ]
    assert bench.store.rows("select preview from skill_calls") == [{"preview": 1}]
