"""Several processes on one home: each runs its own, and the living take up what the dead left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.engine.slots import FileSlots
from assistant.errors import InternalError
from assistant.events import RunResumed, RunStarted
from tests.engine.conftest import Bench
from tests.engine.one_home import Worker, trial_in_one_home

SLOW = "job: slow\nsteps:\n  - {id: a, skill: add, with: {a: 1}}\n  - {id: b, skill: fetch, with: {name: x, seconds: SECONDS}}\n  - {id: c, skill: add, with: {a: 2}}\n"


@pytest.fixture
async def other(bench: Bench) -> AsyncIterator[Worker]:
    worker = await asyncio.to_thread(Worker, bench.settings.home)
    yield worker
    worker.kill()


async def test_two_processes_killed_at_random_lose_and_repeat_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENGINE_CALLS", "")  # the trial sets its own
    told = await trial_in_one_home(tmp_path, runs=60, workers=2, kills=4, seed=1, pause=1.5)
    with capsys.disabled():
        print(f"\n{told.told('2 processes of one home')}")
    assert (told.succeeded, told.wrong, told.doubled) == (60, [], [])
    assert max(told.takeovers, default=0) <= 30


async def test_two_processes_share_a_home_and_each_runs_its_own(
    bench: Bench, other: Worker
) -> None:
    assert (bench.engine.worker, other.name) == ("w1", "w2")
    file = "job: quick\nsteps: [{id: a, skill: add, with: {a: 1}}, {id: b, skill: send, with: {to: jo@x.org}}]\n"
    theirs = [
        (await asyncio.to_thread(other.tell, op="submit", job="quick", yaml=file))["run_id"]
        for _ in range(10)
    ]
    mine = [await bench.start(file) for _ in range(10)]
    for run_id in [*theirs, *mine]:
        assert (await bench.engine.wait(run_id, 60))["status"] == "succeeded"
        worker = "w2" if run_id in theirs else "w1"
        assert [e.worker for e in bench.events(run_id, RunStarted)] == [worker]
        assert (bench.runs.attempts(run_id, "a")[0].status, bench.runs.get(run_id).worker) == (
            "succeeded", worker,
        )  # fmt: skip
    assert bench.calls() == 40
    assert len(list(bench.settings.outbox_dir.iterdir())) == 20


async def test_the_living_take_up_what_a_killed_process_left(bench: Bench, other: Worker) -> None:
    file = SLOW.replace("SECONDS", "1.5")
    made = await asyncio.to_thread(other.tell, op="submit", job="slow", yaml=file)
    await bench.until(lambda: bench.calls("b"))
    other.kill()
    receipt = await bench.engine.wait(made["run_id"], 30)
    assert receipt["status"] == "succeeded"
    assert [bench.calls(path) for path in ("a", "b", "c")] == [1, 2, 1]
    assert [e.worker for e in bench.events(made["run_id"], RunStarted, RunResumed)] == ["w2", "w1"]


async def test_what_a_living_process_runs_is_left_to_it(bench: Bench, other: Worker) -> None:
    made = await asyncio.to_thread(
        other.tell, op="submit", job="slow", yaml=SLOW.replace("SECONDS", "5")
    )
    assert (await bench.engine.wait(made["run_id"], 60))["status"] == "succeeded"
    assert [bench.calls(path) for path in ("a", "b", "c")] == [1, 1, 1]
    assert bench.events(made["run_id"], RunResumed) == []


async def test_a_cancel_reaches_a_run_of_another_process_within_a_second(
    bench: Bench, other: Worker
) -> None:
    file = SLOW.replace("SECONDS", "60")
    made = await asyncio.to_thread(other.tell, op="submit", job="slow", yaml=file)
    await bench.until(lambda: bench.calls("b"))
    began = time.monotonic()
    await bench.engine.cancel(made["run_id"], by="jo")
    receipt = await bench.engine.wait(made["run_id"], 10)
    assert (receipt["status"], receipt["error"]["message"]) == ("cancelled", "cancelled by jo")
    assert time.monotonic() - began < 1.5


async def test_a_decision_reaches_a_run_of_another_process(bench: Bench, other: Worker) -> None:
    file = "job: asks\nsteps: [{id: q, approve: Shall I?}]\n"
    made = await asyncio.to_thread(other.tell, op="submit", job="asks", yaml=file)
    await bench.until_status(made["run_id"], "waiting")
    await bench.engine.decide(made["run_id"], "q", True, "jo")
    assert (await bench.engine.wait(made["run_id"], 10))["status"] == "succeeded"


async def test_one_run_id_submitted_by_two_processes_is_one_run(
    bench: Bench, other: Worker
) -> None:
    file = "job: tick\nsteps: [{id: p, skill: send, with: {to: jo@x.org}}]\n"
    ids = [f"tick:20260302T07{n:02d}00000Z" for n in range(10)]
    for run_id in ids:
        await asyncio.gather(
            bench.start(file, run_id=run_id),
            asyncio.to_thread(other.tell, op="submit", job="tick", yaml=file, run_id=run_id),
        )
    for run_id in ids:
        assert (await bench.engine.wait(run_id, 30))["status"] == "succeeded"
    assert len(list(bench.settings.outbox_dir.iterdir())) == len(ids)


async def test_a_run_cut_off_between_its_row_and_its_start_is_started(bench: Bench) -> None:
    file = "job: cut\nsteps: [{id: a, skill: add, with: {a: 1}}]\n"
    from assistant.engine.queueing import queue_run

    snapshot = RunRequest(job="cut", yaml=file).snapshot("cut-1")
    queue_run(bench.runs, bench.store.clock, snapshot)
    bench.store.run("update runs set queued_at = '2026-01-01T00:00:00.000Z' where id = 'cut-1'")
    assert (await bench.engine.wait("cut-1", 30))["status"] == "succeeded"


async def test_closing_lets_calls_under_way_end(bench: Bench) -> None:
    run_id = await bench.start(
        "  - {id: a, skill: send, with: {to: jo@x.org, seconds: 0.5}}\n  - {id: b, skill: nothing}\n"
    )
    await bench.until(lambda: bench.calls("a"))
    await bench.engine.close(grace=10)
    assert bench.runs.attempts(run_id, "a")[0].status == "succeeded"
    bench._engine = None
    await bench.open()
    assert (await bench.engine.wait(run_id, 30))["status"] == "succeeded"
    assert len(list(bench.settings.outbox_dir.iterdir())) == 1


@pytest.fixture
def slots(tmp_path: Path) -> FileSlots:
    return FileSlots(tmp_path / "locks")


def test_a_slot_belongs_to_one_and_is_free_again_after_it(slots: FileSlots) -> None:
    first, second = slots.take(), slots.take()
    assert (first.name, second.name) == ("w1", "w2")
    assert slots.try_take("w1") is None
    first.free()
    again = slots.take()
    assert again.name == "w1"
    again.free()
    second.free()


def test_a_slot_that_is_taken_by_name_says_so(slots: FileSlots) -> None:
    held = slots.take("nightly")
    with pytest.raises(InternalError, match="'nightly' is running already"):
        slots.take("nightly")
    held.free()


async def test_an_engine_that_cannot_open_its_database_says_so(bench: Bench) -> None:
    await bench.close()
    bench.settings.engine_path.unlink()
    bench.settings.engine_path.mkdir()
    with pytest.raises(InternalError, match="durable engine does not start"):
        await bench.open()
    bench.settings.engine_path.rmdir()
    await bench.open()
    assert isinstance(bench.engine, Engine)
