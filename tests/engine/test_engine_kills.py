"""kill -9: real processes, killed at every boundary and at random moments, then started again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

NEWSLETTER = """
job: newsletter
steps:
  - {id: read, skill: fetch, with: {name: feed, seconds: 0.02}}
  - id: each
    for_each: "${{ steps.read.items }}"
    max_parallel: 2
    collect: "${{ steps.one.name }}"
    steps:
      - {id: one, skill: fetch, with: {name: "${{ item }}", seconds: 0.02}}
      - {id: two, skill: add, with: {a: "${{ index }}", b: 1}}
  - id: fan
    parallel:
      left:
        - {id: a, skill: add, with: {a: 1, b: 2}}
        - {id: a2, skill: add, with: {a: "${{ steps.a.sum }}"}}
      right: [{id: b, skill: add, with: {a: 3, b: 4}}]
  - {id: wobbly, skill: flaky, with: {fails: 2}, retry: {attempts: 9, delay: 0.03s, jitter: 0}}
  - {id: sub, call_job: square, with: {n: "${{ steps.fan.left.a2.sum }}"}}
  - {id: compose, skill: letter, with: {title: T, items: "${{ steps.each.items }}"}}
  - {id: send, skill: SEND, with: {to: jo@example.org, text: "${{ steps.compose.text }}", seconds: 0.02}}
outputs:
  text: "${{ steps.compose.text }}"
  sum: "${{ steps.fan.left.a2.sum + steps.fan.right.b.sum + steps.sub.result }}"
expect: ["${{ size(steps.each.items) == 3 }}"]
"""
FILES = {
    "square": """
job: square
inputs: {n: {type: number}}
steps: [{id: a, skill: add, with: {a: "${{ inputs.n * inputs.n }}"}}]
outputs: {result: "${{ steps.a.sum }}"}
"""
}
OUTPUTS = {"text": "# T\nfeed-0\nfeed-1\nfeed-2", "sum": 19.0}
LEFT = ["events.jsonl", "run_receipt.json", "summary.md"]


def newsletter(run_id: str, send: str) -> dict[str, Any]:
    return {"run_id": run_id, "job": "newsletter", "yaml": NEWSLETTER.replace("SEND", send)}


def test_a_run_killed_at_any_boundary_goes_on_where_it_was(kill: Callable[..., Any]) -> None:
    plan = {"jobs": [newsletter("r1", "send_checked")], "files": FILES}
    found = kill(*({**plan, "die_at": list(range(n, 200, 4))} for n in range(1, 5)))
    # Each plan ends with the first number that is more than there are boundaries.
    assert all(not reports[-1]["killed"] for reports in found)
    killed = [report for reports in found for report in reports if report["killed"]]
    assert len(killed) > 55
    for report in killed:
        run = report["runs"]["r1"]
        assert (report["die_at"], run["status"], run["outputs"]) == (
            report["die_at"], "succeeded", OUTPUTS,
        )  # fmt: skip
        assert (report["doubled"], report["letters"], report["letters_doubled"]) == ([], 1, 0)
        assert (run["gaps"], run["files"]) == (False, LEFT)


def test_a_write_killed_in_mid_call_is_done_once_or_in_doubt(kill: Callable[..., Any]) -> None:
    file = """
job: post
steps:
  - {id: a, skill: add, with: {a: 1}}
  - {id: send, skill: send, with: {to: jo@example.org}}
"""
    plan = {"jobs": [{"run_id": "r1", "job": "post", "yaml": file}]}
    found = kill(*({**plan, "die_at": list(range(n, 30, 3))} for n in range(1, 4)))
    states = set[tuple[str, str, int]]()
    for report in [report for reports in found for report in reports]:
        run = report["runs"]["r1"]
        states.add((run["status"], run["steps"]["send"], report["letters"]))
        assert report["doubled"] == []
    assert states == {
        ("succeeded", "succeeded", 1),  # killed before the mark, or after the call's end
        ("failed", "unknown", 0),  # killed between the mark and the call
    }


def test_a_write_killed_while_it_works_is_never_repeated(kill: Callable[..., Any]) -> None:
    file = """
job: post
steps: [{id: send, skill: send, with: {to: jo@example.org, seconds: 6}}]
"""
    jobs = [{"run_id": f"r{n}", "job": "post", "yaml": file} for n in range(5)]
    [report] = kill(
        {"jobs": jobs, "kills": 1, "seed": 1, "soonest": 0.0, "latest": 0.1, "after_letters": 5}
    )
    assert (report["kills"], report["letters"], report["letters_doubled"]) == (1, 5, 0)
    for run in report["runs"].values():
        assert (run["status"], run["steps"]) == ("failed", {"send": "unknown"})
        assert "nobody knows whether it happened" in run["error"]["message"]


@pytest.mark.timeout(600)
def test_a_hundred_random_kills_of_newsletters_lose_and_double_nothing(
    kill: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plans = [
        {
            "jobs": [newsletter(f"s{seed}r{n}", "send_checked") for n in range(3)],
            "files": FILES, "kills": 10, "seed": seed, "soonest": 0.05, "latest": 0.55,
        }
        for seed in range(10)
    ]  # fmt: skip
    reports = kill(*plans)
    runs = [run for report in reports for run in report["runs"].values()]
    kills = sum(report["kills"] for report in reports)
    lost = sum(run["outputs"] != OUTPUTS for run in runs)
    doubled = sum(len(report["doubled"]) + report["letters_doubled"] for report in reports)
    with capsys.disabled():
        print(f"\n{kills} kills, {len(runs)} newsletters: {lost} lost, {doubled} doubled")
    assert (lost, doubled, sum(r["letters"] for r in reports)) == (0, 0, len(runs))
    assert kills >= 70
