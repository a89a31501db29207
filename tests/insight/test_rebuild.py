"""The figures equal what the runs' folders say, however they were made."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from assistant.insight.rebuild import TABLES, Difference, catch_up, compare, rebuild
from assistant.settings import Settings
from assistant.store.database import Store
from tests.conftest import NOON
from tests.insight.worlds import Teller, run_once, tell_drawn


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the figures, without the numbers that SQLite gives to calls of models."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in TABLES:
        rows = store.rows(f"select * from {table}")
        for row in rows:
            row.pop("id", None)
        found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
    return found


def test_two_thousand_run_folders_give_the_store_again_row_for_row(
    store: Store, settings: Settings
):
    teller = Teller(store, settings.runs_dir)
    tell_drawn(teller, 2000, seed=7, start=NOON)
    kept = rows_of(store)
    assert {table: len(rows) > 50 for table, rows in kept.items()} == dict.fromkeys(TABLES, True)
    assert compare(store, settings.runs_dir) == []

    made = rebuild(store, settings.runs_dir)

    assert rows_of(store) == kept
    assert (made.runs, made.unreadable) == (2000, ())


def test_figures_that_were_lost_come_back_from_the_folders_of_a_home_without_a_store(
    store: Store, settings: Settings, tmp_path
):
    ids = tell_drawn(Teller(store, settings.runs_dir), 60, seed=3, start=NOON)
    finished = store.rows("select run_id from run_facts where ended_at is not null")
    kept = store.rows("select * from run_facts where ended_at is not null order by run_id")

    empty = Store(tmp_path / "new.db")
    made = rebuild(empty, settings.runs_dir)

    assert made.runs == len(finished) < len(ids)
    assert empty.rows("select * from run_facts order by run_id") == kept
    empty.close()


def test_a_row_that_was_tampered_with_is_shown_and_put_right(store: Store, settings: Settings):
    teller = Teller(store, settings.runs_dir)
    run_id = run_once(teller, "digest", NOON, items=12)
    teller.write_folder(run_id)
    right = store.row("select * from run_facts")
    store.run("update run_facts set items = 99")

    [wrong] = compare(store, settings.runs_dir)
    assert isinstance(wrong, Difference)
    assert (wrong.table, 99 in wrong.kept, 12 in wrong.made) == ("run_facts", True, True)

    rebuild(store, settings.runs_dir)
    assert store.row("select * from run_facts") == right


def test_a_folder_that_cannot_be_read_is_named_and_its_run_taken_from_the_store(
    store: Store, settings: Settings
):
    teller = Teller(store, settings.runs_dir)
    run_id = run_once(teller, "digest", NOON)
    teller.write_folder(run_id)
    folder = settings.run_dir("digest", run_id)
    (folder / "events.jsonl").write_text('{"event": "RunQu')
    kept = rows_of(store)

    made = rebuild(store, settings.runs_dir)

    assert made.unreadable == (str(folder),)
    assert rows_of(store) == kept


def test_an_event_after_the_end_of_a_run_changes_nothing(store: Store, settings: Settings):
    teller = Teller(store, settings.runs_dir)
    run_id = run_once(teller, "digest", NOON)
    kept = rows_of(store)
    from assistant.clock import rfc3339
    from assistant.events import StepWarned

    late = StepWarned(
        run_id=run_id, at=rfc3339(NOON + timedelta(hours=1)), path="read", message="x"
    )
    teller.tell(run_id, [late])
    assert rows_of(store) == kept


def test_runs_from_before_there_were_figures_get_theirs_when_somebody_looks(
    store: Store, settings: Settings
):
    silent = Teller(store, settings.runs_dir, listen=False)
    ids = [run_once(silent, "digest", NOON + timedelta(days=n), items=n) for n in range(3)]
    silent.write_folder(ids[0])
    store.run("delete from events where run_id = ?", ids[0])  # only its folder tells

    assert catch_up(store, settings.runs_dir) == 3
    assert catch_up(store, settings.runs_dir) == 0
    found = store.rows("select run_id, items, status from run_facts order by run_id")
    assert found == [
        {"run_id": run_id, "items": n, "status": "succeeded"} for n, run_id in enumerate(ids)
    ]


def test_two_who_look_at_the_same_time_make_the_figures_of_a_run_once(
    store: Store, settings: Settings
):
    silent = Teller(store, settings.runs_dir, listen=False)
    for n in range(40):
        run_once(silent, "digest", NOON + timedelta(days=n), tokens=10)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: catch_up(store, settings.runs_dir), range(4)))
    assert sum(made) == 40
    assert store.rows("select count(*) as n from model_calls") == [{"n": 40}]
    assert compare(store, settings.runs_dir) == []


def test_an_older_folder_takes_its_job_from_the_receipt(store: Store, settings: Settings):
    teller = Teller(store, settings.runs_dir)
    run_id = run_once(teller, "digest", NOON, job_id="20260101T000000000Z")
    teller.write_folder(run_id)
    path = settings.run_dir("digest", run_id) / "events.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line.pop("job_id", None)
        line.pop("parent_run", None)
    path.write_text("\n".join(map(json.dumps, lines)))
    kept = rows_of(store)
    rebuild(store, settings.runs_dir)
    assert rows_of(store) == kept


@pytest.mark.parametrize("how", ["the store", "the folder"])
def test_a_run_that_is_deleted_takes_its_figures_with_it(
    store: Store, settings: Settings, how: str
):
    teller = Teller(store, settings.runs_dir)
    tell_drawn(teller, 5, seed=1, start=NOON)
    doomed = [row["id"] for row in store.rows("select id from runs")]
    teller.repository.delete(doomed)
    if how == "the folder":
        shutil.rmtree(settings.runs_dir)
        settings.runs_dir.mkdir()
        rebuild(store, settings.runs_dir)
    assert rows_of(store) == {table: [] for table in TABLES}
