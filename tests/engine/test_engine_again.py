"""Running again from what an earlier run did, and dry runs that change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.engine.seeds import Seeds
from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.events import StepDone
from assistant.pipeline.loader import load
from tests.engine.conftest import Bench

CHAIN = """
job: chain
steps:
  - {id: a, skill: fetch, with: {name: x}}
  - {id: b, skill: add, with: {a: "${{ size(steps.a.items) }}", b: B}}
  - {id: post, skill: send, with: {to: jo@example.org}}
  - {id: c, skill: HOW}
  - {id: d, skill: nothing, with: {value: "${{ steps.b.sum }}"}}
outputs: {value: "${{ steps.d.value }}"}
"""


def chain(b: str = "1", how: str = "broken") -> str:
    return CHAIN.replace("B}}", f"{b}}}}}").replace("HOW", how)


async def test_a_run_from_the_failed_step_keeps_what_succeeded(bench: Bench) -> None:
    first = await bench.run(chain())
    assert (first["status"], first["error"]["step"]) == ("failed", "c")
    again = await bench.run(chain(how="nothing"), seed_run=first["run_id"])
    assert (again["status"], again["outputs"]) == ("succeeded", {"value": 4.0})
    assert again["references"] == [{"kind": "continues", "run_id": first["run_id"]}]
    seeded = {e.path: e.seeded for e in bench.events(again["run_id"], StepDone)}
    assert seeded == {"a": True, "b": True, "post": True, "c": False, "d": False}
    assert [bench.calls(path) for path in ("a", "b", "post")] == [1, 1, 1]
    assert len(list(bench.settings.outbox_dir.iterdir())) == 1


async def test_a_changed_step_and_what_depends_on_it_run_anew(bench: Bench) -> None:
    first = await bench.run(chain(how="nothing"))
    again = await bench.run(chain(b="5", how="nothing"), seed_run=first["run_id"])
    assert again["outputs"] == {"value": 8.0}
    seeded = {e.path: e.seeded for e in bench.events(again["run_id"], StepDone)}
    assert seeded == {"a": True, "b": False, "post": True, "c": True, "d": False}


async def test_from_a_path_on_everything_runs_anew(bench: Bench) -> None:
    first = await bench.run(chain(how="nothing"))
    again = await bench.run(chain(how="nothing"), seed_run=first["run_id"], from_path="b")
    seeded = {e.path: e.seeded for e in bench.events(again["run_id"], StepDone)}
    assert seeded == {"a": True, "b": False, "post": False, "c": False, "d": False}


async def test_rounds_and_branches_are_taken_up_one_by_one(bench: Bench) -> None:
    file = """
job: nested
steps:
  - id: each
    for_each: [1, 2, 3, 4]
    max_parallel: 2
    steps:
      - {id: x, skill: add, with: {a: "${{ item }}"}}
      - {id: y, skill: SKILL}
  - id: fan
    parallel:
      l: [{id: p, skill: add, with: {a: 1}}]
      r: [{id: q, skill: add, with: {a: 2}}]
"""
    first = await bench.run(file.replace("SKILL", "nothing"))
    assert first["status"] == "succeeded"
    again = await bench.run(
        file.replace("SKILL", "nothing"), seed_run=first["run_id"], from_path="each[2]/y"
    )
    anew = {e.path for e in bench.events(again["run_id"], StepDone) if e.skill and not e.seeded}
    assert anew - {"each", "fan"} == {"each[2]/y", "each[3]/x", "each[3]/y", "fan.l/p", "fan.r/q"}


@pytest.mark.parametrize(
    ("start", "path", "anew"),
    [
        ("b", "a", False), ("b", "b", True), ("b", "c/x", True),
        ("each/x", "each[0]/x", True), ("each/x", "each[0]/w", False),
        ("each[2]/x", "each[1]/x", False), ("each[2]/x", "each[3]/w", True),
        ("each[2]/x", "each[2]/w", False), ("each[2]/x", "b", False), ("each[2]/x", "fan.l/p", True),
        ("fan.l/p", "fan.r/q", False), ("fan.l/p", "fan.l/p2", True), ("fan.l/p", "last", True),
    ],
)  # fmt: skip
def test_the_order_of_the_file_says_what_comes_after(
    bench: Bench, start: str, path: str, anew: bool
) -> None:
    job = load(
        """
job: order
steps:
  - {id: a, skill: nothing}
  - {id: b, skill: nothing}
  - {id: c, if: "${{ True }}", steps: [{id: x, skill: nothing}]}
  - {id: each, for_each: [1], steps: [{id: w, skill: nothing}, {id: x, skill: nothing}]}
  - id: fan
    parallel:
      l: [{id: p, skill: nothing}, {id: p2, skill: nothing}]
      r: [{id: q, skill: nothing}]
  - {id: last, skill: nothing}
"""
    ).job
    assert Seeds(bench.runs, None, start, job)._anew(path) is anew


@pytest.mark.parametrize("path", ["pst", "post/x", "c.else"])
async def test_a_step_to_begin_at_that_is_not_there_is_refused_before_anything_runs(
    bench: Bench, path: str
) -> None:
    """Nothing would be kept otherwise: what was sent would be sent a second time."""
    first = await bench.run(chain(how="nothing"))
    called = bench.calls()
    with pytest.raises(BindingsInvalid, match="has no step") as refused:
        await bench.run(chain(how="nothing"), seed_run=first["run_id"], from_path=path)
    assert refused.value.hint
    assert (bench.calls(), len(bench.runs.list())) == (called, 1)


async def test_a_seed_that_is_not_there_is_refused(bench: Bench) -> None:
    with pytest.raises(TargetUnresolved):
        await bench.run(chain(), seed_run="r9")


async def test_a_large_seed_is_taken_over_whole(bench: Bench) -> None:
    file = """
job: large
steps:
  - {id: a, skill: big, with: {size: 100000}}
  - {id: b, skill: nothing, with: {value: "${{ size(steps.a.text) }}"}}
outputs: {n: "${{ steps.b.value }}"}
"""
    first = await bench.run(file)
    again = await bench.run(file, seed_run=first["run_id"], from_path="b")
    assert again["outputs"] == {"n": 100_000}
    assert bench.calls("a") == 1
    assert len(list((bench.settings.run_dir("large", again["run_id"]) / "values").iterdir())) == 1


def everything(home: Path) -> dict[str, bytes]:
    """All files of a home outside the engine's own databases, locks and run folders."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).parts[0] in ("outbox", "jobs", "knowledge")
    }


DRY = """
job: careful
steps:
  - {id: read, skill: fetch, with: {name: x}}
  - {id: count, skill: remember, with: {key: seen}}
  - {id: letter, skill: letter, with: {title: T, items: "${{ steps.read.items }}"}}
  - {id: ok, approve: Shall I?}
  - {id: post, skill: send, with: {to: jo@example.org, text: "${{ steps.letter.text }}"}, needs_approval: true}
  - {id: after, skill: nothing, with: {value: "${{ default(steps.post.sent, 'not sent') }}"}}
  - {id: sub, call_job: poster}
"""


async def test_a_dry_run_changes_nothing_outside(bench: Bench) -> None:
    bench.files["poster"] = (
        "job: poster\nsteps: [{id: p, skill: send_checked, with: {to: al@x.org}}]\n"
    )
    before = everything(bench.settings.home)
    receipt = await bench.run(DRY, dry=True, trigger={"kind": "schedule"})
    assert receipt["status"] == "succeeded", receipt["error"]
    assert receipt["payload"]["dry"] is True
    assert everything(bench.settings.home) == before
    assert (bench.calls("post"), bench.calls("sub/p")) == (0, 0)
    assert bench.store.rows("select * from memory") == []
    done: dict[str, Any] = {e.path: e for e in bench.events(receipt["run_id"], StepDone)}
    assert done["post"].preview
    assert done["post"].output == {
        "skill": "send",
        "arguments": {"to": "jo@example.org", "text": "# T\nx-0\nx-1\nx-2"},
        "preview": {"would": "send 15 characters to jo@example.org"},
    }
    assert not done["read"].preview
    [child] = bench.runs.children(receipt["run_id"])
    assert child.dry
    [post] = bench.events(child.id, StepDone)
    assert post.output == {
        "skill": "send_checked", "arguments": {"to": "al@x.org"}, "preview": None,
    }  # fmt: skip


async def test_a_dry_run_takes_the_real_ways(bench: Bench) -> None:
    file = """
job: ways
steps:
  - {id: read, skill: fetch, with: {name: x}}
  - {id: each, for_each: "${{ steps.read.items }}", max_parallel: 2, steps: [{id: p, skill: send, with: {to: "${{ item }}@x.org"}}]}
  - {id: gate, if: "${{ size(steps.read.items) > 5 }}", steps: [{id: never, skill: fetch, with: {name: y}}]}
"""
    run_id = (await bench.run(file, dry=True))["run_id"]
    would = {
        e.path: e.output["arguments"]["to"] for e in bench.events(run_id, StepDone) if e.preview
    }
    assert would == {f"each[{n}]/p": f"x-{n}@x.org" for n in range(3)}
    assert bench.calls() == 1


async def test_a_dry_run_may_answer_reads_from_the_last_real_run(bench: Bench) -> None:
    file = "job: seen\nsteps: [{id: read, skill: fetch, with: {name: x}}]\noutputs: {n: '${{ steps.read.name }}'}\n"
    await bench.run(file)
    receipt = await bench.run(file, dry=True, dry_reads="recorded")
    assert receipt["outputs"] == {"n": "x"}
    assert bench.calls() == 1


async def test_a_dry_run_refuses_arguments_that_do_not_fit(bench: Bench) -> None:
    receipt = await bench.run("  - {id: p, skill: send, with: {text: hello}}\n", dry=True)
    assert receipt["status"] == "failed"
    assert "to: Field required" in receipt["error"]["message"]
