"""Branches, loops, conditions, sub-jobs: every kind of step on the real engine."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.engine.conftest import Bench


async def outputs(bench: Bench, file: str, **more: Any) -> dict[str, Any]:
    receipt = await bench.run(file, **more)
    assert receipt["status"] == "succeeded", receipt["error"]
    return receipt["outputs"]


async def test_branches_run_at_the_same_time(bench: Bench) -> None:
    file = """
job: wide
steps:
  - id: fan
    parallel:
      left: [{id: a, skill: fetch, with: {name: l, seconds: 0.4}}]
      right:
        - {id: a, skill: fetch, with: {name: r, seconds: 0.4}}
        - {id: b, skill: nothing, with: {value: "${{ steps.a.name }}"}}
outputs: {fan: "${{ steps.fan }}"}
"""
    assert await outputs(bench, file) == {
        "fan": {
            "left": {"a": {"items": ["l-0", "l-1", "l-2"], "name": "l"}},
            "right": {"a": {"items": ["r-0", "r-1", "r-2"], "name": "r"}, "b": {"value": "r"}},
        }
    }
    told = bench.told(bench.runs.list()[0].id)
    starts = [told.index(f"StepStarted fan.{branch}/a") for branch in ("left", "right")]
    assert max(starts) < told.index("StepDone fan.left/a")


@pytest.mark.parametrize("parallel", [1, 2, 3, 50])
async def test_rounds_keep_their_order(bench: Bench, parallel: int) -> None:
    file = f"""
job: rounds
steps:
  - id: each
    for_each: [3, 1, 2, 5, 4]
    as: n
    max_parallel: {parallel}
    collect: "${{{{ [index, steps.x.value] }}}}"
    steps:
      - {{id: wait, skill: fetch, with: {{name: x, seconds: "${{{{ n / 100 }}}}"}}}}
      - {{id: x, skill: nothing, with: {{value: "${{{{ n * 2 }}}}"}}}}
outputs: {{each: "${{{{ steps.each }}}}"}}
"""
    assert await outputs(bench, file) == {
        "each": {"count": 5, "items": [[0, 6], [1, 2], [2, 4], [3, 10], [4, 8]]}
    }


async def test_a_step_that_holds_steps_took_as_long_as_they_did(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - id: each
    for_each: [1, 2]
    steps: [{id: x, skill: pause, with: {seconds: 0.1}}]
  - id: sides
    timeout: 200ms
    on_error: continue
    parallel: {left: [{id: y, skill: pause, with: {seconds: 5}}]}
"""
    )
    took = {step["path"]: step["seconds"] for step in receipt["steps"]}
    assert took["each"] >= took["each[0]/x"] + took["each[1]/x"] >= 0.2
    assert 0.2 <= took["sides"] < 5


async def test_an_accumulator_goes_from_round_to_round(bench: Bench) -> None:
    file = """
job: sums
steps:
  - id: total
    for_each: [1, 2, 3]
    accumulate: {name: so_far, start: 10, value: "${{ steps.add.sum }}"}
    steps: [{id: add, skill: add, with: {a: "${{ so_far }}", b: "${{ item }}"}}]
outputs: {total: "${{ steps.total }}"}
"""
    assert await outputs(bench, file) == {"total": {"count": 3, "so_far": 16.0}}


async def test_a_while_goes_on_until_its_condition_ends(bench: Bench) -> None:
    file = """
job: halves
steps:
  - id: halve
    while: "${{ value > 1 }}"
    max_iterations: 20
    accumulate: {name: value, start: 40, value: "${{ steps.half.sum / 2 }}"}
    collect: "${{ index }}"
    steps: [{id: half, skill: add, with: {a: "${{ value }}"}}]
outputs: {out: "${{ steps.halve }}"}
"""
    made = await outputs(bench, file)
    assert made["out"] == {"count": 6, "items": [0, 1, 2, 3, 4, 5], "value": 0.625}


async def test_a_while_without_end_fails_at_its_bound(bench: Bench) -> None:
    receipt = await bench.run(
        "  - id: w\n    while: '${{ True }}'\n    max_iterations: 5\n    steps: [{id: a, skill: nothing}]\n"
    )
    assert receipt["status"] == "failed"
    assert "still goes on after 5 rounds" in receipt["error"]["message"]


async def test_a_condition_takes_one_way_and_the_other_is_never_walked(bench: Bench) -> None:
    file = """
job: ways
inputs: {n: {type: integer}}
steps:
  - id: gate
    if: "${{ inputs.n > 5 }}"
    steps: [{id: a, skill: nothing, with: {value: big}}, {id: s, set: {size: big}}]
    else: [{id: b, skill: nothing, with: {value: small}}, {id: s, set: {size: small}}]
outputs: {gate: "${{ steps.gate }}", size: "${{ vars.size }}"}
"""
    big = await outputs(bench, file, inputs={"n": 9})
    small = await outputs(bench, file, inputs={"n": 1})
    assert big == {"gate": {"a": {"value": "big"}, "s": {"size": "big"}}, "size": "big"}
    assert small == {"gate": {"b": {"value": "small"}, "s": {"size": "small"}}, "size": "small"}


async def test_a_skipped_step_gives_null(bench: Bench) -> None:
    file = """
job: skips
steps:
  - {id: a, skill: fetch, with: {name: x}, if: "${{ 1 > 2 }}"}
outputs: {a: "${{ steps.a }}"}
"""
    assert await outputs(bench, file) == {"a": None}
    assert bench.calls() == 0


async def test_a_loop_over_no_list_says_what_it_got(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - {id: r, skill: fetch, with: {name: x}}
  - {id: each, for_each: "${{ steps.r.name }}", steps: [{id: a, skill: nothing}]}
"""
    )
    assert receipt["status"] == "failed"
    assert "goes through a list" in receipt["error"]["message"]


async def test_a_loop_of_too_many_rounds_is_refused_before_the_first(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - {id: r, skill: rows, with: {count: 100001}}
  - {id: each, for_each: "${{ steps.r.rows }}", steps: [{id: a, skill: fetch, with: {name: x}}]}
"""
    )
    assert receipt["status"] == "failed"
    assert "would make 100,001 rounds; 100,000 is the most" in receipt["error"]["message"]
    assert bench.calls() == 0


async def test_a_failing_branch_fails_its_step_after_the_others_are_done(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - id: fan
    parallel:
      bad: [{id: b, skill: broken}]
      good: [{id: g, skill: fetch, with: {name: x, seconds: 0.2}}]
"""
    )
    assert (receipt["status"], receipt["error"]["step"]) == ("failed", "fan.bad/b")
    states = {step["path"]: step["status"] for step in receipt["steps"]}
    assert states == {"fan": "failed", "fan.bad/b": "failed", "fan.good/g": "succeeded"}


async def test_a_stop_in_a_branch_stops_the_run(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - id: fan
    parallel:
      one: [{id: s, stop: enough}]
      two: [{id: g, skill: fetch, with: {name: x}}]
  - {id: after, skill: fetch, with: {name: x}}
"""
    )
    assert (receipt["status"], receipt["payload"]["reason"]) == ("succeeded", "enough")
    assert bench.calls("after") == 0


SQUARE = """
job: square
inputs: {n: {type: number}}
steps: [{id: a, skill: add, with: {a: "${{ inputs.n * inputs.n }}"}}]
outputs: {result: "${{ steps.a.sum }}"}
"""


async def test_a_called_job_is_a_run_of_its_own(bench: Bench) -> None:
    bench.files["square"] = SQUARE
    receipt = await bench.run(
        """
job: caller
steps:
  - id: each
    for_each: [2, 3]
    max_parallel: 2
    collect: "${{ steps.sq.result }}"
    steps: [{id: sq, call_job: square, with: {n: "${{ item }}"}}]
outputs: {all: "${{ steps.each.items }}"}
"""
    )
    assert receipt["outputs"] == {"all": [4.0, 9.0]}
    children = bench.runs.children(receipt["run_id"])
    assert [(c.job, c.status, c.version, c.job_id) for c in children] == [
        ("square", "succeeded", 1, "id-of-square")
    ] * 2
    assert {c["job"] for c in receipt["references"]} == {"square"}
    assert {bench.engine.receipt(c.id)["outputs"]["result"] for c in children} == {4.0, 9.0}


async def test_a_called_job_that_fails_fails_its_step(bench: Bench) -> None:
    bench.files["bad"] = "job: bad\nsteps: [{id: b, skill: broken}]\n"
    receipt = await bench.run("  - {id: c, call_job: bad}\n")
    assert receipt["status"] == "failed"
    assert (receipt["error"]["step"], receipt["error"]["message"]) == ("c", "it is gone")


async def test_a_repeated_call_takes_up_what_succeeded(bench: Bench) -> None:
    bench.files["shaky"] = """
job: shaky
steps:
  - {id: first, skill: send, with: {to: jo@example.org}}
  - {id: second, skill: broken}
"""
    receipt = await bench.run("  - {id: c, call_job: shaky, retry: {attempts: 3}}\n")
    assert receipt["status"] == "failed"
    assert (bench.calls("first"), bench.calls("second")) == (1, 3)


@pytest.mark.parametrize("inputs", ["{m: 1}", "{n: many}", "{}"])
async def test_a_called_job_gets_inputs_that_fit(bench: Bench, inputs: str) -> None:
    bench.files["square"] = SQUARE
    receipt = await bench.run(f"  - {{id: c, call_job: square, with: {inputs}}}\n")
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_bindings_invalid")


async def test_a_job_that_calls_itself_is_stopped(bench: Bench) -> None:
    bench.files["ping"] = "job: ping\nsteps: [{id: c, call_job: pong}]\n"
    bench.files["pong"] = "job: pong\nsteps: [{id: c, call_job: ping}]\n"
    receipt = await bench.run(bench.files["ping"])
    assert receipt["status"] == "failed"
    assert "calls itself: ping → pong → ping" in receipt["error"]["message"]


async def test_calls_go_eight_levels_deep_and_no_deeper(bench: Bench) -> None:
    for n in range(1, 10):
        bench.files[f"level{n}"] = f"job: level{n}\nsteps: [{{id: c, call_job: level{n + 1}}}]\n"
    bench.files["level10"] = "job: level10\nsteps: [{id: a, skill: nothing}]\n"
    deep = await bench.run(bench.files["level3"])
    assert deep["status"] == "succeeded"
    deeper = await bench.run(bench.files["level2"])
    assert "more than 8 levels deep" in deeper["error"]["message"]


async def test_the_budget_of_the_caller_holds_for_the_called(bench: Bench) -> None:
    bench.files["asker"] = """
job: asker
steps: [{id: a, skill: ask, with: {question: one}}, {id: b, skill: ask, with: {question: two}}]
"""
    receipt = await bench.run(
        """
job: stingy
budget: {tokens: 20}
steps: [{id: c, call_job: asker}, {id: d, call_job: asker}]
"""
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "budget_exhausted")
    assert bench.models.one.asked == ["one", "two"]


async def test_time_is_inherited_by_called_jobs(bench: Bench) -> None:
    bench.files["slow"] = (
        "job: slow\nsteps: [{id: a, skill: fetch, with: {name: x, seconds: 30}}]\n"
    )
    began = time.monotonic()
    receipt = await bench.run(
        "job: hasty\nbudget: {seconds: 1}\nsteps: [{id: c, call_job: slow}]\n"
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("timed_out", "job_timeout")
    assert [c.status for c in bench.runs.children(receipt["run_id"])] == ["timed_out"]
    assert time.monotonic() - began < 4


async def test_a_thousand_branch_steps_complete(bench: Bench) -> None:
    branches = "".join(
        f"      b{n}: [{{id: x, skill: nothing, with: {{value: {n}}}}}]\n" for n in range(100)
    )
    file = f"""
job: many
steps:
  - id: fan
    parallel:
{branches}
  - id: each
    for_each: "${{{{ values(steps.fan) + values(steps.fan) + values(steps.fan) }}}}"
    max_parallel: 50
    collect: "${{{{ steps.y.value }}}}"
    steps:
      - {{id: x, skill: nothing}}
      - {{id: z, skill: nothing}}
      - {{id: y, skill: nothing, with: {{value: "${{{{ item.x.value }}}}"}}}}
outputs: {{n: "${{{{ sum(steps.each.items) }}}}"}}
"""
    assert await outputs(bench, file, patience=120) == {"n": 3 * sum(range(100))}
