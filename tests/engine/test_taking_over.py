"""What a dead machine left is taken over whole, and by one that can make it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.clock import SystemClock
from assistant.engine.queueing import queue_run
from assistant.engine.request import INTERPRETER, RunRequest
from assistant.errors import ServerAway
from assistant.events import RunResumed, RunStarted
from assistant.pipeline.spec import Retention
from assistant.store.far_runs import Able, FarRuns, Needs
from assistant.store.postgres import PostgresStore
from tests.engine.conftest import Bench
from tests.engine.machines import Machine
from tests.skills_letters.postgres import restart, stopped

pytestmark = pytest.mark.postgres
SNAPSHOTS = Path(__file__).with_name("data")
SLOW = """
job: slow
steps:
  - {id: a, skill: add, with: {a: 1}}
  - id: fan
    parallel:
      l: [{id: ask, approve: Shall I?}]
      r: [{id: sub, call_job: called}]
  - {id: letter, skill: letter, with: {title: T, items: [x]}}
outputs: {text: "${{ steps.letter.text }}"}
"""
CALLED = "job: called\nsteps: [{id: ask, approve: And I?}]\n"
ENDED = {"status": "cancelled"}
Start = Callable[..., Machine]


@pytest.fixture
def start(at_home: Bench, tmp_path: Path, url: str) -> Iterator[Start]:
    """Starts machines that work for the home."""
    made = list[Machine]()

    def one(**more: str) -> Machine:
        folder = tmp_path / f"m{len(made)}"
        made.append(Machine(folder, url, at_home.settings.artifacts_url, **more))
        return made[-1]

    yield one
    for machine in made:
        machine.kill()


async def cut_off(
    at_home: Bench, machine: Machine, start: Start, **other: str
) -> tuple[str, Machine]:
    """A run of which a machine has begun the branches; it dies, and another is there."""
    at_home.files["called"] = CALLED
    run_id = await at_home.start(SLOW)
    await at_home.until(lambda: at_home.runs.get(run_id).status == "waiting", 60)
    [child] = await at_home.until(lambda: at_home.runs.children(run_id), 30)
    await at_home.until(lambda: at_home.runs.get(child.id).status == "waiting", 30)
    second = start(**other)
    machine.kill()
    at_home.runs.decide(run_id, "fan.l/ask", approved=True, by="jo")
    at_home.runs.decide(child.id, "ask", approved=True, by="jo")
    return run_id, second


async def story(at_home: Bench, run_id: str) -> list[tuple[type, str]]:
    """Which process began the run and which went on with it; it has succeeded."""
    await at_home.until(lambda: at_home.runs.get(run_id).ended, 60)
    assert at_home.runs.get(run_id).outputs == {"text": "# T\nx"}
    assert (at_home.calls("a"), at_home.calls("letter")) == (1, 1)
    return [(type(e), e.worker) for e in at_home.events(run_id, RunStarted, RunResumed)]  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_dead_machines_run_goes_to_one_that_has_its_skills(
    at_home: Bench, start: Start
) -> None:
    first, poor = start(), start(WORKER_WITHOUT="letter")
    run_id, rich = await cut_off(at_home, first, start)
    assert await story(at_home, run_id) == [(RunStarted, first.name), (RunResumed, rich.name)]
    assert poor.name not in {first.name, rich.name}


async def test_a_server_that_starts_anew_leaves_every_run_with_its_machine(
    at_home: Bench, start: Start, url: str
) -> None:
    start(), start()
    step = "  - {{id: s{n}, skill: fetch, with: {{name: x, seconds: 1}}}}\n"
    steps = "".join(step.format(n=number) for number in range(8))
    ids = [await at_home.start(steps, run_id=f"anew-{number}") for number in range(2)]
    await at_home.until(at_home.calls, 60)
    await asyncio.to_thread(restart, url)
    for run_id in ids:
        await at_home.until(lambda run_id=run_id: at_home.runs.get(run_id).ended, 120)
    told = [(at_home.runs.get(i).status, at_home.events(i, RunResumed)) for i in ids]
    assert (told, at_home.calls()) == ([("succeeded", [])] * 2, 16)


def test_what_a_run_tells_waits_for_a_server_that_starts_anew(url: str) -> None:
    runs = FarRuns(PostgresStore(url, patience=30))
    offer(runs, "told-1", Needs())
    with stopped(url):  # its connections are lost, and it refuses new ones for a while
        telling = threading.Thread(target=runs.record, args=("told-1",), kwargs={"run": ENDED})
        telling.start()
        telling.join(0.5)
        assert telling.is_alive()
    telling.join(30)
    assert runs.get("told-1").status == "cancelled"
    restart(url)
    runs.record("told-1", run=ENDED | {"status": "succeeded"})
    assert runs.get("told-1").status == "succeeded"
    runs.store.run("delete from runs")
    runs.store.close()


async def test_what_a_server_that_is_away_did_not_take_stands_nowhere_as_queued(
    at_home: Bench, url: str
) -> None:
    step = "  - {id: a, skill: add, with: {a: 1}}\n"
    with stopped(url), pytest.raises(ServerAway, match="does not answer"):
        await at_home.start(step, run_id="away-1")
    assert at_home.runs.find("away-1") is None
    await at_home.start(step, run_id="away-1")
    await at_home.until(lambda: at_home.runs.get("away-1").ended, 120)
    assert (at_home.runs.get("away-1").status, at_home.calls()) == ("succeeded", 1)


async def test_the_home_takes_over_what_no_living_machine_can_make(
    at_home: Bench, start: Start
) -> None:
    first = start()
    run_id, _ = await cut_off(at_home, first, start, WORKER_WITHOUT="letter")
    told = await story(at_home, run_id)
    assert told == [(RunStarted, first.name), (RunResumed, at_home.engine.worker)]


async def test_a_newer_program_ends_the_run_of_an_older_one(at_home: Bench, start: Start) -> None:
    first = start()
    run_id, newer = await cut_off(at_home, first, start, WORKER_INTERPRETER="2")
    assert await story(at_home, run_id) == [(RunStarted, first.name), (RunResumed, newer.name)]


async def test_an_older_program_leaves_a_dead_machines_newer_run_to_others(far: FarRuns) -> None:
    older = Able(("default",), ("add",), (), interpreter=1)
    offer(far, "r1", Needs(skills=("add",), interpreter=2))
    assert far.fitting(["r1"], older) == set()
    assert far.fitting(["r1"], replace(older, interpreter=2)) == {"r1"}


@pytest.mark.parametrize("version", range(1, INTERPRETER + 1))
async def test_a_snapshot_of_every_older_version_is_run(at_home: Bench, version: int) -> None:
    kept: dict[str, Any] = json.loads((SNAPSHOTS / f"snapshot-{version}.json").read_text())
    offer(at_home.engine.runs, kept["run_id"], Needs(interpreter=version), kept)
    await at_home.until(lambda: at_home.engine.runs.get(kept["run_id"]).ended, 30)
    run = at_home.engine.runs.get(kept["run_id"])
    assert (run.status, run.outputs) == ("succeeded", {"sum": 3, "square": 9})


@pytest.mark.parametrize(
    "needs",
    [Needs(skills=("letter",)), Needs(secrets=("smtp_password",)), Needs(queue="heavy"),
     Needs(interpreter=2), Needs(guarded=True)],
    ids=["skill", "secret", "queue", "newer interpreter", "guard at home"],
)  # fmt: skip
def test_what_a_worker_cannot_make_it_does_not_take_over(far: FarRuns, needs: Needs) -> None:
    offer(far, "r1", needs)
    able = Able(("default",), ("add",), (), interpreter=1)
    far.beat("w1", "there 1", able)
    assert (far.fitting(["r1"], able), far.claim("w1", able, 5)) == (set(), [])
    assert far.stranded(["r1", "unknown"]) == {"r1", "unknown"}


def test_the_home_leaves_a_dead_machines_run_to_a_worker_that_can_make_it(far: FarRuns) -> None:
    offer(far, "r1", Needs(skills=("add",)))
    far.beat("w1", "there 1", Able(("default",), ("add",), (), interpreter=1))
    assert far.stranded(["r1"]) == set()


async def test_what_a_process_had_claimed_and_not_begun_is_begun_by_the_next_of_its_name(
    at_home: Bench, far: FarRuns
) -> None:
    name = at_home.engine.worker
    await at_home.close()
    offer(far, "r1", Needs(skills=("add",)))
    far.store.run("update runs set claimed_by = ?", name)
    await at_home.open(secrets={}, worker=name)
    assert (await at_home.engine.wait("r1", 20))["status"] == "succeeded"


async def test_every_process_has_a_name_that_was_never_worn(at_home: Bench) -> None:
    first = at_home.engine.worker
    await at_home.close()
    await at_home.open(secrets={})
    assert at_home.engine.worker != first


async def test_retention_takes_a_runs_rows_and_files_from_the_shared_places_too(
    at_home: Bench, start: Start, tmp_path: Path
) -> None:
    start()
    text = "job: small\nsteps: [{id: letter, skill: letter, with: {title: T, items: [x]}}]\n"
    ids = [await at_home.start(text) for _ in range(3)]
    for run_id in ids:
        await at_home.until(lambda run_id=run_id: at_home.runs.get(run_id).ended, 60)
    far = at_home.engine.runs
    await at_home.until(lambda: not far.away(), 10)  # pyright: ignore[reportAttributeAccessIssue]
    assert await at_home.engine.prune("small", Retention(runs=1)) == 2
    assert [row["id"] for row in far.store.rows("select id from runs")] == ids[2:]
    assert {row["run_id"] for row in far.store.rows("select run_id from events")} == {ids[2]}
    assert [path.name for path in (tmp_path / "files" / "small").iterdir()] == ids[2:]
    known = await at_home.engine._durable.statuses(ids)
    assert known == {ids[2]: "SUCCESS"}


def test_threads_share_few_connections_and_a_lost_one_is_made_anew(url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    store = PostgresStore(url, most=3)
    asked = "select pg_backend_pid() as pid, pg_sleep(0.05)"
    with ThreadPoolExecutor(20) as threads:
        pids = {row["pid"] for [row] in threads.map(lambda _: store.rows(asked), range(40))}
    assert len(pids) == 3
    other = PostgresStore(url)
    other.run("select pg_terminate_backend(pid) from unnest(?::int[]) as pid", list(pids))
    assert store.row("select 1 as one") == {"one": 1}
    with store.writing() as connection:
        connection.execute("create temporary table t (n integer) on commit drop")
        connection.execute("insert into t values (?)", (7,))
        assert store.row("select n from t") == {"n": 7}
    store.close()
    other.close()


def offer(runs: Any, run_id: str, needs: Needs, snapshot: dict[str, Any] | None = None) -> None:
    file = "job: small\nsteps: [{id: a, skill: add, with: {a: 1}}]\n"
    request = snapshot or RunRequest(job="small", yaml=file).snapshot(run_id)
    queue_run(runs, SystemClock(), request, more=needs.facts())
