"""Retention with a real engine: what goes, what is still needed, and the room that comes back."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.clock import rfc3339
from assistant.job.cleaning import Cleaning
from assistant.pipeline.spec import Retention
from assistant.store.compaction import compact, size
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.keeping import KeepingRepository
from tests.engine.conftest import Bench

ONE = "job: one\nsteps: [{id: a, skill: add, with: {a: 1, b: 2}}]\n"
FAILS = "job: one\nsteps: [{id: a, skill: add, with: {a: 1}}, {id: b, skill: broken}]\n"
LETTER = """
job: letters
steps:
  - {id: a, skill: letter, with: {title: News, items: [x, y]}}
  - {id: b, skill: big, with: {size: 100000}}
"""


def left(bench: Bench, job: str = "one") -> list[str]:
    return [run.id for run in reversed(bench.runs.list(job=job, limit=-1))]


def needed(bench: Bench, **retention: int | None) -> dict[str, str]:
    """What has outlived a retention of job `one`, and who still needs it."""
    asked = {"runs": None, "days": None, "now": bench.store.clock.now()} | retention
    return {
        one.run_id: one.needed for one in KeepingRepository(bench.store).outlived("one", **asked)
    }


async def test_what_is_beyond_count_or_age_goes(bench: Bench) -> None:
    ids = [(await bench.run(ONE))["run_id"] for _ in range(5)]
    old = rfc3339(bench.store.clock.now() - timedelta(days=31))
    bench.store.run("update runs set queued_at = ? where id = ?", old, ids[2])
    assert set(needed(bench, runs=4)) == {ids[2]}
    assert set(needed(bench, days=30)) == {ids[2]}
    assert set(needed(bench, runs=3, days=30)) == {ids[0], ids[2]}
    assert await bench.engine.prune("one", Retention(runs=3, days=30)) == 2
    assert left(bench) == [ids[1], ids[3], ids[4]]


async def test_runs_in_flight_and_waiting_never_go(bench: Bench) -> None:
    bench.files["asks"] = "job: asks\nsteps: [{id: q, approve: May I?}]\n"
    waiting = await bench.start("job: one\nsteps: [{id: q, approve: May I?}]\n")
    running = await bench.start("job: one\nsteps: [{id: a, skill: pause, with: {seconds: 60}}]\n")
    caller = await bench.start("job: one\nsteps: [{id: c, call_job: asks}]\n")
    await bench.until_status(waiting, "waiting")
    child = (await bench.until(lambda: bench.runs.children(caller)))[0].id
    await bench.until_status(child, "waiting")
    last = (await bench.run(ONE))["run_id"]
    assert await bench.engine.prune("one", Retention(runs=1)) == 0
    # Even if a caller were called ended while what it called still waits:
    bench.store.run("update runs set status = 'cancelled' where id = ?", caller)
    assert needed(bench, runs=1) == {caller: f"{child} is waiting"}
    assert await bench.engine.prune("one", Retention(runs=1)) == 0
    assert sorted(left(bench)) == sorted([waiting, running, caller, last])
    for run_id in (waiting, running, caller):
        bench.runs.signal(run_id, "cancel")


async def test_what_another_run_goes_on_from_goes_with_it_and_not_before(bench: Bench) -> None:
    first = (await bench.run(FAILS))["run_id"]
    second = (await bench.run(FAILS, seed_run=first, trigger={"kind": "rerun"}))["run_id"]
    await bench.run(ONE)
    last = (await bench.run(ONE))["run_id"]
    assert needed(bench, runs=3) == {first: f"run {second} goes on from it"}
    assert await bench.engine.prune("one", Retention(runs=3)) == 0
    assert needed(bench, runs=1) == dict.fromkeys([*left(bench)[:3]], "")
    assert await bench.engine.prune("one", Retention(runs=1)) == 3
    assert left(bench) == [last]


async def test_what_is_kept_by_hand_open_or_the_last_success_stays(bench: Bench) -> None:
    success, kept, alerted, patched = [
        (await bench.run(text))["run_id"] for text in (ONE, FAILS, FAILS, FAILS)
    ]
    last = (await bench.run(FAILS))["run_id"]
    KeepingRepository(bench.store).keep(kept, "by hand")
    bench.store.run(
        "insert into alerts (kind, job, run_id, signature, title, text, state, first_at, last_at,"
        " told_at) values ('failed', 'one', ?, 's', 't', 't', 'open', '', '', '')",
        alerted,
    )
    assert needed(bench, runs=1) == {
        success: "the last success of its job", kept: "kept: by hand",
        alerted: "alert 1 is open", patched: "",
    }  # fmt: skip
    assert await bench.engine.prune("one", Retention(runs=1)) == 1
    assert left(bench) == [success, kept, alerted, last]
    assert KeepingRepository(bench.store).let_go(kept, "by hand")
    assert await bench.engine.prune("one", Retention(runs=1)) == 1


async def test_rows_and_files_of_a_run_go_together(bench: Bench) -> None:
    ids = [(await bench.run(LETTER))["run_id"] for _ in range(3)]
    assert await bench.engine.prune("letters", Retention(runs=1)) == 2
    for table in ("events", "attempts", "signals"):
        rows = bench.store.rows(f"select distinct run_id from {table}")
        assert {row["run_id"] for row in rows} <= {ids[2]}
    assert [path.name for path in (bench.settings.runs_dir / "letters").iterdir()] == [ids[2]]
    durable = sqlite3.connect(bench.settings.engine_path)
    for table in ("workflow_status", "operation_outputs"):
        named = durable.execute(f"select distinct workflow_uuid from {table}").fetchall()
        assert {name.split(".")[0] for (name,) in named} <= {ids[2]}
    durable.close()


async def test_a_preview_deletes_nothing_and_names_what_a_clean_up_then_takes(
    bench: Bench,
) -> None:
    jobs = JobRepository(bench.store, bench.settings)
    record = jobs.create("letters")
    jobs.accept(record.id, LETTER + "retention: {runs: 2}\n", author="person")
    ids = [(await bench.run(LETTER))["run_id"] for _ in range(5)]
    cleaning = Cleaning(bench.settings, jobs)
    [preview] = cleaning.preview()
    assert [one.run_id for one in preview.going] == ids[:3]
    assert preview.bytes > 3 * 100_000
    assert len(left(bench, "letters")) == 5
    assert await cleaning.clean(bench.engine) == [preview]
    assert left(bench, "letters") == ids[3:]
    assert cleaning.preview() == []


async def test_the_room_of_deleted_runs_comes_back_beside_an_open_engine(bench: Bench) -> None:
    for _ in range(8):
        await bench.run(ONE.replace("add, with: {a: 1, b: 2}", "rows, with: {count: 9000}"))
    cleaning = Cleaning(bench.settings, JobRepository(bench.store, bench.settings))
    await cleaning.compact(bench.engine)
    full = {path: size(path) for path in (bench.settings.store_path, bench.settings.engine_path)}
    await bench.engine.prune("one", Retention(runs=1))
    for file in await cleaning.compact(bench.engine):
        assert file.after < file.before * 0.8, file
    assert all(size(path) < before for path, before in full.items())
    assert (await bench.run(ONE))["status"] == "succeeded"


@pytest.mark.parametrize("whole", [False, True])
def test_a_file_of_before_is_rewritten_once(tmp_path: Path, whole: bool) -> None:
    path = tmp_path / "old.db"
    old = sqlite3.connect(path)
    old.execute("create table t (x)")
    old.executemany("insert into t values (?)", [("x" * 500,)] * 4000)
    old.execute("delete from t where rowid > 10")
    old.commit()
    assert compact(path, whole=whole).after < 50_000
    old.close()
    now = sqlite3.connect(path)
    assert now.execute("pragma auto_vacuum").fetchone()[0] == 2
    assert now.execute("select count(*) from t").fetchone()[0] == 10
    now.close()


def test_old_rows_that_belong_to_no_run_are_tidied(store: Store, clock) -> None:
    for days in (1, 500):
        at = rfc3339(clock.now() - timedelta(days=days))
        store.run("insert into model_calls (at, model) values (?, 'm')", at)
        store.run(
            "insert into ticks (job, due, outcome, decided_at) values ('j', ?, 'ran', ?)", at, at
        )
        store.run("insert into step_cache values (?, 's', '1', ?)", at, at)
    assert KeepingRepository(store).tidy(clock.now()) == 3
    assert [
        len(store.rows(f"select 1 from {t}")) for t in ("model_calls", "ticks", "step_cache")
    ] == [1, 1, 1]


async def test_an_old_firing_goes_when_the_run_that_it_became_has_gone(bench: Bench, clock) -> None:
    kept = (await bench.run(ONE))["run_id"]
    now = clock.now()
    for key, days, outcome, run_id in (
        ("explains a run that is kept", 500, "ran", kept),
        ("its run has gone", 91, "ran", "one:gone"),
        ("joined to another", 91, "coalesced", None),
        ("nobody has decided it", 500, "pending", None),
        ("known when it is posted again", 89, "ran", "one:gone"),
    ):
        at = rfc3339(now - timedelta(days=days))
        bench.store.run(
            "insert into firings (job, trigger, key, at, outcome, run_id, decided_at)"
            " values ('j', 'webhook', ?, ?, ?, ?, ?)",
            key, at, outcome, run_id, at,
        )  # fmt: skip
    assert KeepingRepository(bench.store).tidy(now) == 2
    assert [row["key"] for row in bench.store.rows("select key from firings order by key")] == [
        "explains a run that is kept", "known when it is posted again", "nobody has decided it",
    ]  # fmt: skip
