"""kill -9: real processes, killed at every boundary and at random moments, then started again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.drawn_jobs import expected, some_jobs
from tests.pipeline.strategies import CALLED

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
LEFT = ["events.jsonl", "pipeline.svg", "run_receipt.json", "summary.md"]


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
        assert (run["gaps"], run["files"], run["parts"]) == (False, LEFT, [])


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
def test_two_hundred_random_kills_lose_and_double_nothing(
    kill: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kill hits many runs: newsletters that send a letter, and drawn jobs of every kind."""
    texts = some_jobs(96)
    letters = [
        {
            "jobs": [newsletter(f"s{seed}r{n}", "send_checked") for n in range(3)],
            "files": FILES, "kills": 25, "seed": seed, "soonest": 0.0, "latest": 0.3,
        }
        for seed in range(4)
    ]  # fmt: skip
    drawn = [
        {
            "jobs": [
                {"run_id": f"d{group}-{n}", "job": "drawn", "yaml": text}
                for n, text in enumerate(texts[group::4])
            ],
            "files": CALLED, "drawn": True, "kills": 25, "seed": 10 + group,
            "soonest": 0.0, "latest": 0.3,
        }
        for group in range(4)
    ]  # fmt: skip
    reports = kill(*letters, *drawn)
    wrong = [
        (run_id, run)
        for report, plan in zip(reports, [*letters, *drawn], strict=True)
        for run_id, run in report["runs"].items()
        if not as_it_should_be(run, plan, run_id)
    ]
    runs = sum(len(report["runs"]) for report in reports)
    kills = sum(report["kills"] for report in reports)
    doubled = [path for report in reports for path in report["doubled"]]
    doubled += ["a letter"] * sum(report["letters_doubled"] for report in reports)
    with capsys.disabled():
        print(f"\n{kills} kills, {runs} runs: {len(wrong)} lost, {len(doubled)} doubled")
    assert (kills, wrong, doubled) == (200, [], [])
    sent = sum(report["letters"] for report in reports[:4])
    assert sent == sum(len(report["runs"]) for report in reports[:4])


def as_it_should_be(run: dict[str, Any], plan: dict[str, Any], run_id: str) -> bool:
    """Whether a run came to the end, the outputs and the steps that its job means."""
    if run["gaps"] or run["files"] != LEFT or run["parts"]:
        return False
    if "drawn" not in plan:
        return (run["status"], run["outputs"]) == ("succeeded", OUTPUTS)
    first = "-".join(run_id.split("-")[:2])  # without the number of the lot
    right = expected(next(job["yaml"] for job in plan["jobs"] if job["run_id"] == first))
    outputs = {} if run["status"] == "failed" else run["outputs"]
    paths = sorted(path for path, _, _ in right["calls"])
    return (run["status"], outputs, sorted(run["steps"])) == (
        right["status"], right["outputs"], paths,
    )  # fmt: skip
