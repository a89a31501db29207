"""Any valid job: the checker accepts it, the writer keeps it, the reference can run it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from assistant.pipeline import spec
from assistant.pipeline.checker import check
from assistant.pipeline.loader import load
from assistant.pipeline.walk import with_paths
from assistant.pipeline.writer import as_data, dump
from tests.pipeline.reference_interpreter import Interpreter, verdict
from tests.pipeline.strategies import CALLED, FAKE_SKILLS, FAKES, jobs

EVERY = {
    spec.SkillStep, spec.CallJobStep, spec.ParallelStep, spec.ForEachStep, spec.WhileStep,
    spec.IfStep, spec.ApproveStep, spec.SetStep, spec.StopStep,
}  # fmt: skip
FILES = {name: load(text).job for name, text in CALLED.items()}


@given(jobs())
@settings(max_examples=80, deadline=None)
def test_the_checker_has_no_objection_to_a_valid_job(data: dict[str, Any]):
    assert check(load(dump(data)), FAKE_SKILLS, FILES.get) == []


@given(jobs())
@settings(max_examples=60, deadline=None)
def test_a_job_written_and_read_again_is_the_same_job(data: dict[str, Any]):
    loaded = load(dump(data))
    assert loaded.document.data == data
    assert as_data(load(dump(loaded.job)).job) == as_data(loaded.job)
    assert list(loaded.places) == [path for path, _ in with_paths(loaded.job.steps)]


@given(jobs())
@settings(max_examples=80, deadline=None)
def test_a_valid_job_runs_and_never_stumbles_over_a_name_or_type(data: dict[str, Any]):
    done = verdict(Interpreter(FAKES, FILES), load(dump(data)).job)
    assert done["status"] == "succeeded" or done["code"] == "skill_failed", done


def test_every_kind_of_step_is_drawn_inside_every_kind_that_holds_steps():
    """What the properties above go through: each kind at the top, and each within each."""
    drawn = set[tuple[str, str]]()

    @seed(5)
    @settings(max_examples=600, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(jobs())
    def draw(data: dict[str, Any]) -> None:
        kinds = {path: type(step).__name__ for path, step in with_paths(load(dump(data)).job.steps)}
        for path, kind in kinds.items():
            holder = path.rpartition("/")[0]
            drawn.add((kinds.get(holder, kinds.get(holder.rpartition(".")[0], "")), kind))

    draw()
    kinds = {kind.__name__ for kind in EVERY}
    holders = {"", "IfStep", "ForEachStep", "WhileStep", "ParallelStep"}
    # What runs beside other branches may not stop the run: which one came first is chance.
    never = {("ParallelStep", "StopStep")}
    assert {(holder, kind) for holder in holders for kind in kinds} - drawn == never


def test_the_reference_runs_every_kind_of_step():
    job = load(EVERY_KIND).job
    called = load(CALLED_ONCE).job
    reference = Interpreter(FAKES, {"called": called})

    assert {type(step) for _, step in with_paths(job.steps)} == EVERY
    assert verdict(reference, job, n=4) == {
        "status": "succeeded",
        "code": "",
        "outputs": {
            "sum": 6, "squares": [5, 7], "kept": {"left": {"a": {"value": 1}}, "right": {"a": {"value": 2}}},
            "doubled": 8, "word": "small", "failed": 7, "loop": {"count": 3, "n": 7}, "who": "jo",
        },
    }  # fmt: skip
    assert [path for path, _, _ in reference.calls] == [
        "first", "each[0]/one", "each[1]/one", "sides.left/a", "sides.right/a", "below/inner",
        "risky", "risky.on_error/other",
    ]  # fmt: skip


CALLED_ONCE = """
job: called
inputs: {n: {type: integer}}
steps:
  - {id: inner, skill: add, with: {a: "${{ inputs.n }}", b: "${{ inputs.n }}"}}
outputs: {twice: "${{ steps.inner.value }}"}
"""
EVERY_KIND = """
job: every-kind
inputs: {n: {type: integer, default: 1}}
steps:
  - {id: first, skill: add, with: {a: "${{ inputs.n }}", b: 2}}
  - {id: skipped, if: "${{ inputs.n > 100 }}", stop: never}
  - id: each
    for_each: [1, 3]
    as: x
    steps:
      - {id: one, skill: add, with: {a: "${{ x }}", b: 4}}
    collect: "${{ steps.one.value }}"
  - id: sides
    parallel:
      left: [{id: a, skill: add, with: {a: 1, b: 0}}]
      right: [{id: a, skill: add, with: {a: 1, b: 1}}]
  - {id: below, call_job: called, with: {n: "${{ inputs.n }}"}}
  - id: gate
    if: "${{ steps.first.value > 10 }}"
    steps: [{id: s1, set: {word: big}}]
    else: [{id: s2, set: {word: small}}]
  - {id: agree, approve: "Go on?"}
  - id: loop
    while: "${{ n < 7 }}"
    max_iterations: 9
    steps: [{id: s3, set: {inner: 1}}]
    accumulate: {name: n, start: "${{ inputs.n }}", value: "${{ n + vars.inner }}"}
  - id: risky
    skill: fussy
    with: {n: 3}
    on_error:
      steps: [{id: other, skill: add, with: {a: 3, b: 4}}]
outputs:
  sum: "${{ steps.first.value }}"
  squares: "${{ steps.each.items }}"
  kept: "${{ steps.sides }}"
  doubled: "${{ steps.below.twice }}"
  word: "${{ vars.word }}"
  failed: "${{ steps.risky.value }}"
  loop: "${{ steps.loop }}"
  who: "${{ steps.agree.by }}"
"""
