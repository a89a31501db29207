"""What people say to a running run: cancel, approvals and grants, the debugger."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from assistant.engine.folder import RECEIPT
from assistant.engine.grants import Grant, covered, targets
from assistant.errors import TargetUnresolved
from assistant.events import ApprovalAsked, ApprovalDecided, RunPaused, as_row
from tests.engine.conftest import Bench
from tests.engine.local_skills import LocalSkills

SLOW = "{id: a, skill: fetch, with: {name: x, seconds: 30}}"


@pytest.mark.parametrize(
    "steps",
    [
        f"  - {SLOW}\n",
        f"  - {{id: fan, parallel: {{l: [{SLOW}], r: [{SLOW}]}}}}\n",
        f"  - {{id: each, for_each: [1, 2, 3], max_parallel: 3, steps: [{SLOW}]}}\n",
        "  - {id: c, call_job: slow}\n",
        "  - {id: s, skill: slow_sync, with: {seconds: 2}}\n",
        "  - {id: f, skill: flaky, with: {fails: 99}, retry: {attempts: 9, delay: 30s}}\n",
        "  - {id: q, approve: May I?}\n",
    ],
    ids=["step", "branches", "rounds", "sub-job", "thread", "back-off", "approval"],
)
async def test_a_cancel_is_there_within_a_second(bench: Bench, steps: str) -> None:
    bench.files["slow"] = f"job: slow\nsteps: [{SLOW}]\n"
    run_id = await bench.start(f"{steps}  - {{id: after, skill: send, with: {{to: jo@x.org}}}}\n")
    await bench.until(lambda: bench.calls() or bench.runs.get(run_id).status == "waiting")
    began = time.monotonic()
    await bench.engine.cancel(run_id, by="jo")
    receipt = await bench.engine.wait(run_id, 5)
    assert time.monotonic() - began < 1
    assert (receipt["status"], receipt["error"]["code"]) == ("cancelled", "job_cancelled")
    assert {c.status for c in bench.runs.children(run_id)} <= {"cancelled"}
    assert bench.calls("after") == 0


async def test_a_cancel_after_the_end_changes_nothing(bench: Bench) -> None:
    receipt = await bench.run("  - {id: a, skill: nothing}\n")
    await bench.engine.cancel(receipt["run_id"])
    assert bench.engine.receipt(receipt["run_id"]) == receipt


async def test_a_write_cancelled_in_mid_call_is_in_doubt(bench: Bench) -> None:
    run_id = await bench.start("  - {id: a, skill: send, with: {to: jo@x.org, seconds: 30}}\n")
    await bench.until(lambda: bench.calls("a"))
    await bench.engine.cancel(run_id)
    receipt = await bench.engine.wait(run_id, 5)
    assert (receipt["status"], receipt["steps"][0]["status"]) == ("cancelled", "unknown")
    assert "nobody knows whether it happened" in receipt["error"]["message"]


ASKING = """
  - {id: q, approve: "Send ${{ 1 + 1 }} letters?"}
  - {id: post, skill: send, with: {to: jo@example.org}}
"""


async def test_a_run_waits_for_a_word_and_goes_on_with_it(bench: Bench) -> None:
    run_id = await bench.start(ASKING)
    receipt = await bench.engine.wait(run_id, 5, until_waiting=True)
    assert receipt["status"] == "waiting"
    assert receipt["approvals_requested"] == [
        {"step": "q", "question": "Send 2 letters?", "decided": None}
    ]
    await bench.engine.decide(run_id, "q", True, "jo")
    receipt = await bench.engine.wait(run_id, 5)
    assert receipt["status"] == "succeeded"
    assert receipt["approvals_requested"] == [
        {"step": "q", "question": "Send 2 letters?", "decided": "approved", "by": "jo"}
    ]
    assert [type(e) for e in bench.events(run_id, ApprovalAsked, ApprovalDecided)] == [
        ApprovalAsked, ApprovalDecided,
    ]  # fmt: skip


async def test_a_no_fails_the_step(bench: Bench) -> None:
    run_id = await bench.start(ASKING)
    await bench.until_status(run_id, "waiting")
    await bench.engine.decide(run_id, "q", False, "jo")
    receipt = await bench.engine.wait(run_id, 5)
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_policy_denied")
    assert bench.calls() == 0


async def test_a_word_where_nothing_is_asked_is_refused(bench: Bench) -> None:
    run_id = await bench.start(ASKING)
    await bench.until_status(run_id, "waiting")
    with pytest.raises(TargetUnresolved, match="asks nothing at 'post'"):
        await bench.engine.decide(run_id, "post", True, "jo")
    await bench.engine.cancel(run_id)


async def test_a_step_that_needs_approval_asks_with_its_arguments(bench: Bench) -> None:
    run_id = await bench.start(
        "  - {id: post, skill: send, with: {to: jo@example.org}, needs_approval: true}\n"
    )
    await bench.until_status(run_id, "waiting")
    [asked] = bench.events(run_id, ApprovalAsked)
    assert (asked.path, asked.arguments) == ("post", {"to": "jo@example.org"})
    assert bench.calls() == 0
    await bench.engine.decide(run_id, "post", True, "jo")
    assert (await bench.engine.wait(run_id, 5))["status"] == "succeeded"
    assert bench.calls("post") == 1


async def test_a_waiting_run_leaves_its_place_to_others(bench: Bench) -> None:
    waiting = [await bench.start(ASKING) for _ in range(bench.settings.max_parallel_runs + 2)]
    for run_id in waiting:
        await bench.until_status(run_id, "waiting")
    assert (await bench.run("  - {id: a, skill: nothing}\n"))["status"] == "succeeded"
    for run_id in waiting:
        await bench.engine.cancel(run_id)
        await bench.engine.wait(run_id, 5)


POST = "  - {id: post, skill: send, with: {to: 'Jo <jo@example.org>'}}\n"


@pytest.mark.parametrize(
    ("trigger", "grants", "status"),
    [
        ({"kind": "person"}, (), "succeeded"),
        ({"kind": "schedule"}, (), "waiting"),
        ({"kind": "schedule"}, (Grant("send", ("jo@example.org",)),), "succeeded"),
        ({"kind": "schedule"}, (Grant("send", ("al@example.org",)),), "waiting"),
        ({"kind": "schedule"}, ({"skill": "notify", "targets": ["jo@example.org"]},), "waiting"),
        ({"kind": "schedule", "attended": True}, (), "succeeded"),
    ],
)
async def test_unattended_writes_pass_by_exact_grants_alone(
    bench: Bench, trigger: dict[str, Any], grants: Any, status: str
) -> None:
    run_id = await bench.start(POST, trigger=trigger, grants=grants)
    receipt = await bench.engine.wait(run_id, 5, until_waiting=True)
    assert receipt["status"] == status
    assert bench.calls() == (1 if status == "succeeded" else 0)
    await bench.engine.cancel(run_id)
    await bench.engine.wait(run_id, 5)


async def test_called_jobs_are_as_unattended_as_their_caller(bench: Bench) -> None:
    bench.files["poster"] = f"job: poster\nsteps:\n{POST}"
    run_id = await bench.start("  - {id: c, call_job: poster}\n", trigger={"kind": "schedule"})
    child = await bench.until(lambda: bench.runs.children(run_id))
    await bench.until_status(child[0].id, "waiting")
    await bench.engine.cancel(run_id)
    await bench.engine.wait(run_id, 5)


def test_a_call_is_covered_when_every_target_is_granted() -> None:
    send, grants = LocalSkills().get("send"), [Grant("send", ("jo@example.org",)), Grant("send")]
    assert covered(send, {"to": "Jo@Example.org"}, grants)
    assert not covered(send, {"to": "jo@example.org, al@example.org"}, grants)
    assert not covered(send, {"to": "jo@example.org"}, [Grant("notify", ("jo@example.org",))])
    assert targets(send, {"to": ["https://Hook.example.org:8443/x", "Al <al@example.org>"]}) == (
        "al@example.org", "hook.example.org",
    )  # fmt: skip


THREE = """
  - {id: a, skill: add, with: {a: 1, b: 1}}
  - {id: b, skill: add, with: {a: "${{ steps.a.sum }}", b: 10}}
  - {id: c, skill: add, with: {a: "${{ steps.b.sum }}", b: 100}}
"""


async def held(bench: Bench, run_id: str, path: str) -> dict[str, Any]:
    [pause] = await bench.until(lambda: [p for p in bench.runs.held(run_id) if p.path == path])
    return pause.state


async def test_a_run_is_held_at_a_breakpoint_and_goes_on(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("b",))
    state = await held(bench, run_id, "b")
    assert state["when"] == "before"
    assert state["arguments"] == {"a": 2.0, "b": 10}
    assert state["names"]["steps"] == {"a": {"sum": 2.0}}
    assert bench.runs.get(run_id).status == "waiting"
    await bench.engine.resume(run_id)
    assert (await bench.engine.wait(run_id, 5))["status"] == "succeeded"
    assert bench.output(run_id, "c") == {"sum": 112.0}
    assert bench.runs.held(run_id) == []


async def test_stepping_holds_at_every_step(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("*",))
    for path in ("a", "b"):
        await held(bench, run_id, path)
        await bench.engine.step(run_id)
    await held(bench, run_id, "c")
    await bench.engine.resume(run_id)
    await bench.engine.wait(run_id, 5)
    assert [e.path for e in bench.events(run_id, RunPaused)] == ["a", "b", "c"]


async def test_run_to_goes_as_far_as_it_is_told(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("a",))
    await held(bench, run_id, "a")
    await bench.engine.resume(run_id, to="c")
    await held(bench, run_id, "c")
    await bench.engine.resume(run_id)
    assert (await bench.engine.wait(run_id, 5))["status"] == "succeeded"


async def test_arguments_may_be_edited_before_a_step(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("b",))
    await held(bench, run_id, "b")
    await bench.engine.edit(run_id, arguments={"a": 5, "b": 5})
    await bench.engine.resume(run_id)
    await bench.engine.wait(run_id, 5)
    assert bench.output(run_id, "c") == {"sum": 110.0}


async def test_an_output_may_be_edited_after_a_step(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=({"path": "a", "when": "after"},))
    assert (await held(bench, run_id, "a"))["output"] == {"sum": 2.0}
    await bench.engine.edit(run_id, output={"sum": 1000})
    await bench.until(lambda: bench.runs.held(run_id)[0].state["output"] == {"sum": 1000})
    await bench.engine.resume(run_id)
    await bench.engine.wait(run_id, 5)
    assert bench.output(run_id, "b") == {"sum": 1010.0}


async def test_a_step_may_be_skipped_with_an_output(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("b",))
    await held(bench, run_id, "b")
    await bench.engine.skip(run_id, output={"sum": 7})
    await bench.engine.wait(run_id, 5)
    assert bench.output(run_id, "c") == {"sum": 107.0}
    assert bench.calls("b") == 0


async def test_a_condition_chooses_the_round_to_hold(bench: Bench) -> None:
    run_id = await bench.start(
        "  - {id: each, for_each: [1, 2, 3], steps: [{id: x, skill: add, with: {a: '${{ item }}'}}]}\n",
        breakpoints=({"path": "each/x", "condition": "${{ item == 2 }}"},),
    )
    await held(bench, run_id, "each[1]/x")
    await bench.engine.resume(run_id)
    assert (await bench.engine.wait(run_id, 5))["status"] == "succeeded"
    assert [e.path for e in bench.events(run_id, RunPaused)] == ["each[1]/x"]


async def test_an_ended_run_says_of_no_step_that_it_is_held(bench: Bench) -> None:
    steps = "  - {id: a, skill: add, with: {a: 1}}\n  - {id: g, if: '${{ true }}', steps: [{set: {v: 1}}]}\n"
    points = ({"path": "a", "when": "after"}, "g")
    run_id = await bench.start(steps, breakpoints=points)
    for path in ("a", "g"):
        await held(bench, run_id, path)
        standing = {s["path"]: s["status"] for s in bench.engine.receipt(run_id)["steps"]}
        assert standing[path] == "waiting"
        await bench.engine.resume(run_id)
    receipt = await bench.engine.wait(run_id, 5)
    assert [(s["path"], s["status"]) for s in receipt["steps"]] == [
        ("a", "succeeded"), ("g/set", "succeeded"),
    ]  # fmt: skip
    assert json.loads((bench.settings.run_dir("small", run_id) / RECEIPT).read_text()) == receipt

    given_up = await bench.start(steps, breakpoints=("g",))
    await held(bench, given_up, "g")
    await bench.engine.abort(given_up)
    receipt = await bench.engine.wait(given_up, 5)
    assert [(s["path"], s["status"]) for s in receipt["steps"]] == [
        ("a", "succeeded"), ("g", "cancelled"),
    ]  # fmt: skip


async def test_an_abort_ends_the_run(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("b",))
    await held(bench, run_id, "b")
    await bench.engine.abort(run_id)
    assert (await bench.engine.wait(run_id, 5))["status"] == "cancelled"
    with pytest.raises(TargetUnresolved, match="is not held"):
        await bench.engine.resume(run_id)


async def test_a_held_run_is_held_again_after_a_restart(bench: Bench) -> None:
    run_id = await bench.start(THREE, breakpoints=("a", "c"))
    await held(bench, run_id, "a")
    await bench.engine.resume(run_id)
    await held(bench, run_id, "c")
    await bench.close()
    await bench.open()
    await bench.until(lambda: "RunResumed" in bench.told(run_id))
    assert (await held(bench, run_id, "c"))["arguments"] == {"a": 12.0, "b": 100}
    await bench.engine.resume(run_id)
    assert (await bench.engine.wait(run_id, 10))["status"] == "succeeded"
    assert [bench.calls(path) for path in ("a", "b", "c")] == [1, 1, 1]


async def test_an_asking_run_asks_again_after_a_restart(bench: Bench) -> None:
    run_id = await bench.start(ASKING)
    await bench.until_status(run_id, "waiting")
    await bench.close()
    await bench.open()
    await bench.until(lambda: "RunResumed" in bench.told(run_id))
    await bench.engine.decide(run_id, "q", True, "jo")
    receipt = await bench.engine.wait(run_id, 10)
    assert (receipt["status"], len(bench.events(run_id, ApprovalAsked))) == ("succeeded", 1)


async def test_waiting_for_a_person_costs_no_budget(bench: Bench) -> None:
    run_id = await bench.start(
        """
job: patient
budget: {seconds: 1}
steps: [{id: q, approve: Shall I?}, {id: a, skill: fetch, with: {name: x}}]
"""
    )
    await bench.until_status(run_id, "waiting")
    await asyncio.sleep(1.2)
    await bench.engine.decide(run_id, "q", True, "jo")
    assert (await bench.engine.wait(run_id, 5))["status"] == "succeeded"


async def test_a_secret_typed_into_the_debugger_reaches_the_call_and_is_shown_to_nobody(
    bench: Bench,
) -> None:
    secret = "correct-horse-battery"
    await bench.close()
    await bench.open(secrets={"smtp_password": secret})
    run_id = await bench.start(
        "  - {id: a, skill: add, with: {a: 1}}\n"
        "  - {id: s, skill: send, with: {to: jo@example.org, text: dear}}\n",
        breakpoints=("s",),
    )
    await bench.until(lambda: bench.runs.held(run_id))
    await bench.engine.edit(run_id, arguments={"to": "jo@example.org", "text": f"it is {secret}"})
    held = await bench.until(
        lambda: [p for p in bench.runs.held(run_id) if p.state["arguments"]["text"] != "dear"]
    )
    assert held[0].state["arguments"]["text"] == "it is [secret smtp_password]"
    await bench.engine.resume(run_id)
    receipt = await bench.engine.wait(run_id, 10)
    assert receipt["status"] == "succeeded"
    [letter] = bench.settings.outbox_dir.glob("*.eml")
    assert secret in letter.read_text()
    assert secret not in json.dumps([as_row(event) for event in bench.events(run_id)])
    for path in bench.settings.run_dir("small", run_id).rglob("*"):
        assert not path.is_file() or secret not in path.read_text(), path
    again = await bench.run(
        "  - {id: a, skill: add, with: {a: 1}}\n"
        f"  - {{id: s, skill: send, with: {{to: jo@example.org, text: it is {secret}}}}}\n",
        seed_run=run_id,
    )
    assert (again["status"], bench.calls("s")) == ("succeeded", 1)
