"""What the keys of a job file become."""

from __future__ import annotations

import pytest

from assistant.errors import JobInvalid
from assistant.pipeline.durations import seconds, written
from assistant.pipeline.loader import load
from assistant.pipeline.spec import (
    Accumulate,
    Alerts,
    ApproveStep,
    Budget,
    CallJobStep,
    ForEachStep,
    IfStep,
    OnError,
    ParallelStep,
    Retention,
    Retry,
    Schedule,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    Trigger,
    WhileStep,
)
from assistant.pipeline.triggers import bound_triggers


def steps(text: str) -> tuple[Step, ...]:
    return load(f"job: x\nsteps:\n{text}").job.steps


def test_each_kind_of_step_is_read_with_its_own_keys():
    assert steps("""
  - {id: a, skill: fetch_feed, with: {url: u}, retry: {attempts: 4, delay: 500ms}, timeout: 1m30s, cache: 1h, needs_approval: true}
  - {call_job: other, with: {n: 1}, retry: 2}
  - {parallel: {l: [{stop: a}], r: [{stop: b}]}}
  - {for_each: "${{ [1] }}", as: x, max_parallel: 3, steps: [{stop: c}], collect: "${{ x }}"}
  - {while: "${{ true }}", max_iterations: 7, steps: [{stop: d}], accumulate: {name: n, start: 0, value: "${{ n }}"}}
  - {if: "${{ true }}", steps: [{stop: e}], else: [{stop: f}]}
  - {approve: "Go on?", on_error: {steps: [{stop: g}]}}
  - {set: {v: 1}, if: "${{ true }}", on_error: continue}
""") == (
        SkillStep(id="a", skill="fetch_feed", arguments={"url": "u"}, retry=Retry(4, 0.5), timeout=90.0, cache=3600.0, needs_approval=True, line=4),
        CallJobStep(id="other", job="other", arguments={"n": 1}, retry=Retry(2), line=5),
        ParallelStep(id="parallel", branches={"l": (StopStep(id="stop", reason="a", line=6),), "r": (StopStep(id="stop", reason="b", line=6),)}, line=6),
        ForEachStep(id="for_each", items="${{ [1] }}", variable="x", max_parallel=3, steps=(StopStep(id="stop", reason="c", line=7),), collect="${{ x }}", line=7),
        WhileStep(id="while", test="${{ true }}", max_iterations=7, steps=(StopStep(id="stop", reason="d", line=8),), accumulate=Accumulate("n", 0, "${{ n }}"), line=8),
        IfStep(id="if", condition="${{ true }}", steps=(StopStep(id="stop", reason="e", line=9),), otherwise=(StopStep(id="stop", reason="f", line=9),), line=9),
        ApproveStep(id="approve", question="Go on?", on_error=OnError("steps", (StopStep(id="stop", reason="g", line=10),)), line=10),
        SetStep(id="set", values={"v": 1}, condition="${{ true }}", on_error=OnError("continue"), line=11),
    )  # fmt: skip


def test_steps_without_an_id_are_named_after_what_they_do():
    found = steps(
        "  - {skill: fetch_feed}\n  - {skill: fetch_feed}\n  - {stop: x}\n  - {skill: other.tool}\n"
    )
    assert [step.id for step in found] == ["fetch_feed", "fetch_feed_2", "stop", "other_tool"]


def test_the_keys_of_the_job_are_read():
    job = load("""
job: all-of-it
title: All of it
inputs: {n: {type: integer}}
schedule: {cron: "0 7 * * *", timezone: UTC, catch_up: all, overlap: queue}
triggers:
  - {on: page_changed, url: "https://example.org", selector: main, every: 15m, debounce: 30s}
  - {on: job_failed, job: other, with: {n: 3}}
steps: [{stop: now}]
outputs: {a: 1}
expect: ["${{ true }}"]
alerts: {on: failed, to: [ops, jo]}
budget: {seconds: 30m, tokens: 5, cost: 1}
retention: {runs: 3, days: 4}
""").job
    assert (job.name, job.title, job.inputs) == (
        "all-of-it",
        "All of it",
        {"n": {"type": "integer"}},
    )
    assert job.schedule == Schedule("0 7 * * *", "UTC", "all", "queue")
    assert job.triggers == (
        Trigger("page_changed", {"url": "https://example.org", "selector": "main", "every": 900.0, "debounce": 30.0}),
        Trigger("job_failed", {"job": "other", "with": {"n": 3}}),
    )  # fmt: skip
    assert (job.outputs, job.expect) == ({"a": 1}, ("${{ true }}",))
    assert (job.alerts, job.budget, job.retention) == (
        Alerts(("failed",), ("ops", "jo")), Budget(1800.0, 5, 1.0), Retention(3, 4),
    )  # fmt: skip


def test_where_a_step_stands_is_known_by_its_path():
    loaded = load("""\
job: x
steps:
  - id: each
    for_each: "${{ [1] }}"
    steps:
      - {id: inner, skill: a, on_error: {steps: [{id: other, skill: b}]}}
  - {id: gate, if: "${{ true }}", steps: [{id: yes, stop: a}], else: [{id: no, stop: b}]}
  - id: par
    parallel:
      left: [{id: l, stop: c}]
""")
    assert loaded.places == {
        "each": ("steps", 0),
        "each/inner": ("steps", 0, "steps", 0),
        "each/inner.on_error/other": ("steps", 0, "steps", 0, "on_error", "steps", 0),
        "gate": ("steps", 1),
        "gate/yes": ("steps", 1, "steps", 0),
        "gate.else/no": ("steps", 1, "else", 0),
        "par": ("steps", 2),
        "par.left/l": ("steps", 2, "parallel", "left", 0),
    }
    assert loaded.mark_of_step("each/inner").line == 6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  - {approve: x, timeout: 5s}", "'timeout' means nothing on an 'approve' step. Leave it out."),
        ("  - {call_job: x, needs_approval: true}", "'needs_approval' means nothing on a 'call_job' step. Put an `approve` step before it."),
        ("  - {for_each: \"${{ [1] }}\", retry: 3, steps: [{stop: x}]}", "'retry' means nothing on a 'for_each' step. Give the steps inside it what they need."),
        ("  - {skill: a, call_job: b}", "a step is either 'skill' or 'call_job', not both. Make two steps of it."),
        ("  - {id: a/b, skill: c}", "the id 'a/b' is no name. Use letters, digits, '_' and '-', beginning with a letter."),
        ("  - {for_each: \"${{ [1] }}\", as: steps, steps: [{stop: x}]}", "'steps' has another meaning. Choose a word of letters, digits and '_'."),
        ("  - {while: \"${{ true }}\", max_iterations: 20000, steps: [{stop: x}]}", "'max_iterations' is 20000, not between 1 and 10,000. Write a number from 1 to 10,000."),
        ("  - {for_each: \"${{ [1] }}\", steps: [{stop: x}], accumulate: {name: items, start: 0, value: 1}}", "a loop's output has 'items' already. Choose another name."),
        ("  - {if: true, skill: a}", "'if' is an expression. Write \"${{ … }}\"."),
        ("  - {parallel: {}}", "'parallel' has no branches. Name each branch: `left: [steps]`."),
        ("  - {skill: a, with: [1]}", "'with' is a mapping of keys to values, not a list"),
    ],
)  # fmt: skip
def test_a_step_of_the_wrong_form_is_refused(text: str, problem: str):
    with pytest.raises(JobInvalid) as caught:
        steps(text)
    assert str(caught.value.problems[0]).split(": ", 1)[1] == problem


def test_steps_nest_ten_levels_and_no_deeper():
    def nested(levels: int) -> str:
        text = "{stop: x}"
        for _ in range(levels):
            text = '{if: "${{ true }}", steps: [' + text + "]}"
        return f"  - {text}\n"

    steps(nested(10))
    with pytest.raises(JobInvalid) as caught:
        steps(nested(11))
    assert caught.value.problems[0].message == "steps are nested more than 10 levels deep"


def test_a_job_of_too_many_steps_is_refused():
    with pytest.raises(JobInvalid) as caught:
        steps("  - {stop: x}\n" * 2_001)
    assert caught.value.problems[0].message == "the job has more than 2,000 steps"


@pytest.mark.parametrize(
    ("text", "length", "shortest"),
    [("2s", 2, "2s"), ("1m", 60, "1m"), ("1h30m", 5400, "1h30m"), ("500ms", 0.5, "500ms"), ("1 h", 3600, "1h"),
     (90, 90, "1m30s"), ("2.5m", 150, "2m30s"), ("1w", 604800, "7d"), ("45", 45, "45s")],
)  # fmt: skip
def test_lengths_of_time_are_read_and_written(text: str, length: float, shortest: str):
    assert (seconds(text), written(seconds(text))) == (length, shortest)


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-3s", "1h banana", None])
def test_what_is_no_length_of_time_is_refused(text: str):
    with pytest.raises(ValueError, match="no length of time"):
        seconds(text)


def test_a_trigger_is_bound_to_the_defaults_of_the_inputs():
    job = load("""
job: x
inputs: {page: {type: string, default: "https://example.org"}}
triggers: [{on: page_changed, url: "${{ inputs.page }}", every: 1h}]
steps: [{stop: x}]
""").job
    assert bound_triggers(job) == [
        Trigger("page_changed", {"url": "https://example.org", "every": 3600.0})
    ]


def test_a_length_outside_its_bounds_is_told_them_in_words():
    with pytest.raises(JobInvalid, match=r"'seconds' of 0\.3 is not between 1s and 30d"):
        load("job: x\nbudget: {seconds: 0.3}\nsteps: [{stop: done}]\n")
