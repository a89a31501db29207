"""Machines that share no folder: a home, workers, a PostgreSQL and a place for files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.clock import SystemClock
from assistant.engine.queueing import queue_run
from assistant.engine.request import RunRequest
from assistant.engine.sharing import guard_elsewhere, queue_of
from assistant.engine.values import Values
from assistant.errors import PolicyDenied
from assistant.store.far_runs import Able, FarRuns, Needs
from tests.engine.conftest import Bench
from tests.engine.local_skills import LocalSkills
from tests.engine.machines import Machine, trial
from tests.engine.test_engine_kills import FILES

pytestmark = pytest.mark.postgres


@pytest.mark.timeout(600)
async def test_workers_killed_at_random_lose_and_repeat_nothing(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = await trial(tmp_path, url, runs=60, workers=3, kills=4, seed=1, pause=1.5)
    with capsys.disabled():
        print(f"\n{told.told('3 workers')}")
    assert (told.succeeded, told.wrong, told.doubled) == (60, [], [])
    assert max(told.takeovers, default=0) <= 30


ANY = Able(("default",), ("add", "send"), ("smtp_password",), interpreter=1)


def offered(far: FarRuns, run_id: str, needs: Needs) -> None:
    request = RunRequest(job="small", yaml="job: small\nsteps: []\n").snapshot(run_id)
    queue_run(far, SystemClock(), request, more=needs.facts())


@pytest.mark.parametrize(
    ("needs", "worker"),
    [
        (Needs(skills=("add", "send")), replace(ANY, skills=("add",))),
        (Needs(secrets=("smtp_password",)), replace(ANY, secrets=())),
        (Needs(queue="heavy"), ANY),
        (Needs(interpreter=2), ANY),
    ],
    ids=["skill", "secret", "queue", "newer interpreter"],
)
def test_a_worker_leaves_what_it_cannot_make(far: FarRuns, needs: Needs, worker: Able) -> None:
    offered(far, "r1", needs)
    far.beat("w1", "here 1", worker)
    assert far.claim("w1", worker, 5) == []
    assert not far.can_be_taken(needs)
    fit = Able((needs.queue,), ("add", "send"), ("smtp_password",), interpreter=2)
    far.beat("w2", "there 1", fit)
    assert far.can_be_taken(needs)
    assert [run_id for run_id, _ in far.claim("w2", fit, 5)] == ["r1"]


def test_runs_of_an_older_interpreter_are_taken_by_a_newer_one(far: FarRuns) -> None:
    offered(far, "r1", Needs(interpreter=1))
    [(run_id, request)] = far.claim("w1", replace(ANY, interpreter=2), 5)
    assert (run_id, request["interpreter"]) == ("r1", 1)


def test_a_run_is_claimed_once_and_offered_again_when_its_worker_died(far: FarRuns) -> None:
    offered(far, "r1", Needs())
    assert [run_id for run_id, _ in far.claim("w1", ANY, 5)] == ["r1"]
    assert far.claim("w2", ANY, 5) == []
    assert far.claims_of("queued") == {"w1"}
    assert far.release("w1") == 1
    assert [run_id for run_id, _ in far.claim("w2", ANY, 5)] == ["r1"]


def test_the_home_takes_what_no_living_worker_can(far: FarRuns) -> None:
    offered(far, "r1", Needs(skills=("add",)))
    far.beat("w1", "there 1", ANY)
    assert far.claim_stranded("home") == []
    far.store.run("update workers set beat = now() - interval '1 minute'")
    assert [run_id for run_id, _ in far.claim_stranded("home")] == ["r1"]


@pytest.mark.parametrize(
    ("job", "queue"), [("research-oslo", "heavy"), ("digest", "default"), ("night", "late")]
)
def test_a_jobs_name_says_its_queue(job: str, queue: str) -> None:
    assert queue_of(job, {"heavy": ["research-*"], "late": ["night", "dawn"]}) == queue


@pytest.fixture
def machine(at_home: Bench, tmp_path: Path, url: str) -> Iterator[Machine]:
    made = Machine(tmp_path / "far", url, at_home.settings.artifacts_url)
    yield made
    made.end()


MANY_SIDES = """
job: sides
steps:
  - {id: big, skill: big, with: {size: 100000}}
  - {id: sub, call_job: square, with: {n: 3}}
  - {id: ask, approve: "Go on?"}
  - id: fan
    parallel:
      l: [{id: a, skill: add, with: {a: "${{ size(steps.big.text) }}"}}]
      r: [{id: b, skill: add, with: {a: 1}}]
  - {id: letter, skill: letter, with: {title: T, items: [x]}}
outputs: {square: "${{ steps.sub.result }}", text: "${{ steps.big.text }}"}
"""


async def test_a_run_elsewhere_is_at_home_as_if_it_had_been_made_here(
    at_home: Bench, machine: Machine, tmp_path: Path
) -> None:
    at_home.files |= FILES
    run_id = await at_home.start(MANY_SIDES)
    await at_home.until(lambda: at_home.runs.get(run_id).status == "waiting", 60)
    # A word that a command or a screen leaves in the home's store.
    at_home.runs.decide(run_id, "ask", approved=True, by="jo")
    await at_home.until(lambda: at_home.runs.get(run_id).ended, 60)
    row = at_home.runs.get(run_id)
    assert (row.status, row.worker) == ("succeeded", machine.name)
    folder = at_home.settings.run_dir("sides", run_id)
    values = Values(folder / "values")
    outputs = values.whole(row.outputs)
    assert (outputs["square"], len(outputs["text"])) == (9, 100_000)
    assert (folder / "artifacts" / "letter.md").read_text() == "# T\nx"
    told = [(s.seq, s.event) for s in at_home.runs.events(run_id)]
    there = [(s.seq, s.event) for s in at_home.engine.runs.events(run_id)]
    assert told == there
    assert [a.path for a in at_home.runs.attempts(run_id)] == [
        a.path for a in at_home.engine.runs.attempts(run_id)
    ]
    [child] = at_home.runs.children(run_id)
    assert (child.job, child.status) == ("square", "succeeded")
    receipt = json.loads((folder / "run_receipt.json").read_text())
    assert [a["name"] for a in receipt["artifacts"]] == ["letter.md"]
    assert list((tmp_path / "far" / "runs").glob("*/*")) == []


async def test_the_command_serves_queues_until_it_is_told_to_stop(
    at_home: Bench, tmp_path: Path, url: str
) -> None:
    environment = os.environ | {
        "ASSISTANT_HOME": str(tmp_path / "far"), "ASSISTANT_DATABASE_URL": url,
        "ASSISTANT_ARTIFACTS_URL": at_home.settings.artifacts_url,
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "assistant", "worker", "--queues", "default,heavy"],
        env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert worker.stdout is not None
        said = re.match(r"Worker (\S+) serves default, heavy\.", worker.stdout.readline())
        assert said is not None
        step = "  - {id: a, skill: save_file, with: {name: one.txt, content: hello}}\n"
        run_id = await at_home.start(step)
        await at_home.until(lambda: at_home.runs.get(run_id).ended, 60)
        row = at_home.runs.get(run_id)
        assert (row.status, row.worker) == ("succeeded", said[1])
        made = at_home.settings.run_dir("small", run_id) / "artifacts" / "one.txt"
        assert made.read_text() == "hello"
    finally:
        worker.terminate()
        assert worker.communicate(timeout=60)[0].startswith("Stopped.")


async def test_a_cancel_left_at_home_reaches_a_run_elsewhere(
    at_home: Bench, machine: Machine
) -> None:
    run_id = await at_home.start("  - {id: a, skill: fetch, with: {name: x, seconds: 60}}\n")
    await at_home.until(at_home.calls, 30)
    at_home.runs.signal(run_id, "cancel", by="jo")
    await at_home.until(lambda: at_home.runs.get(run_id).status == "cancelled", 20)


async def test_a_run_with_no_worker_is_made_at_home(at_home: Bench) -> None:
    receipt = await at_home.run("  - {id: a, skill: add, with: {a: 1}}\n")
    await at_home.until(lambda: at_home.runs.get(receipt["run_id"]).ended)
    assert (receipt["status"], at_home.calls("a")) == ("succeeded", 1)


async def test_a_run_whose_guard_is_at_home_stays_there(at_home: Bench, machine: Machine) -> None:
    (at_home.settings.job_dir("small") / "plugin").mkdir(parents=True)
    receipt = await at_home.run("  - {id: a, skill: add, with: {a: 1}}\n")
    row = at_home.engine.runs.get(receipt["run_id"])
    assert (row.status, row.worker) == ("succeeded", at_home.engine.worker)


async def test_a_guarded_run_that_comes_to_a_worker_all_the_same_calls_nothing() -> None:
    add = LocalSkills().get("add")
    await guard_elsewhere({"guarded": False}, add, "pure", {})
    with pytest.raises(PolicyDenied, match="guard is at its home"):
        await guard_elsewhere({"guarded": True}, add, "pure", {})
