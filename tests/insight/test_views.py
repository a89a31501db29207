"""The views answer their questions, whole and narrowed, and stand in the store for any reader."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.clock import FixedClock, rfc3339
from assistant.errors import TargetUnresolved
from assistant.insight.datasette import metadata
from assistant.insight.reading import REPORT, Insight
from assistant.insight.views import BY_NAME, VIEWS, put_views, rows_of
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from tests.conftest import NOON
from tests.insight.worlds import ERRORS, Teller, run_once

DAY = timedelta(days=1)


@pytest.fixture
def teller(store: Store, settings: Settings) -> Teller:
    put_views(store)
    return Teller(store, settings.runs_dir)


def test_success_is_counted_of_the_runs_that_nobody_cancelled(teller: Teller):
    for n in range(4):
        run_once(teller, "digest", NOON + n * DAY, error=dict(ERRORS[1]) if n == 2 else None)
    run_once(teller, "digest", NOON + 5 * DAY, dry=True)
    run_once(teller, "other", NOON)
    assert rows_of(teller.store, "success_rate") == [
        {
            "job": "digest", "runs": 4, "succeeded": 3, "failed": 1, "timed_out": 0,
            "cancelled": 0, "success_rate": 0.75, "last_run_at": rfc3339(NOON + 3 * DAY),
        },
        {
            "job": "other", "runs": 1, "succeeded": 1, "failed": 0, "timed_out": 0,
            "cancelled": 0, "success_rate": 1.0, "last_run_at": rfc3339(NOON),
        },
    ]  # fmt: skip


def test_percentiles_are_those_of_the_nearest_rank(teller: Teller):
    for n in range(100):
        run_once(teller, "digest", NOON + n * DAY, seconds=float(n + 1))
    [row] = rows_of(teller.store, "durations")
    assert row == {"job": "digest", "runs": 100, "p50": 50.0, "p90": 90.0, "p99": 99.0, "longest": 100.0}  # fmt: skip


def test_failures_since_the_last_success_are_counted(teller: Teller):
    for n, error in enumerate((None, None, ERRORS[2], ERRORS[2])):
        run_once(teller, "digest", NOON + n * DAY, error=dict(error) if error else None)
    run_once(teller, "never", NOON, error=dict(ERRORS[1]))
    found = {row["job"]: row for row in rows_of(teller.store, "time_since_success")}
    assert (found["digest"]["failures_since"], found["digest"]["last_success_at"]) == (
        2, rfc3339(NOON + DAY + timedelta(seconds=4)),
    )  # fmt: skip
    assert (found["never"]["failures_since"], found["never"]["last_success_at"]) == (1, None)


def test_failures_are_told_by_class_skill_and_host(teller: Teller):
    for n, error in enumerate((ERRORS[2], ERRORS[2], ERRORS[1])):
        url = "https://b.example/x" if error is ERRORS[2] else "https://a.example/feed"
        run_once(teller, f"job-{n}", NOON + n * DAY, url=url, error=dict(error))
    rows = rows_of(teller.store, "failure_classes")
    assert [
        (r["fault"], r["skill"], r["host"], r["runs"], r["jobs"], r["kinds"]) for r in rows
    ] == [
        ("auth", "fetch_feed", "b.example", 2, 2, 1),
        ("not_found", "fetch_feed", "a.example", 1, 1, 1),
    ]


def test_cost_is_told_a_run_and_an_item(teller: Teller):
    for n in range(2):
        run_once(teller, "digest", NOON + n * DAY, items=10, tokens=500, cost=0.05)
    [row] = rows_of(teller.store, "cost")
    assert (row["cost"], row["cost_per_run"], row["cost_per_item"], row["tokens_per_item"]) == (
        0.1, 0.05, 0.005, 50.0,
    )  # fmt: skip


def test_a_draft_approved_as_it_was_counts_as_accepted_and_a_replaced_one_as_edited(
    store: Store, settings: Settings, clock: FixedClock
):
    put_views(store)
    jobs = JobRepository(store, settings, clock=clock)

    def draft(job_id: str, request: str) -> str:
        clock.advance(minutes=1)
        return jobs.propose(job_id, "job: x\n", request=request).id

    first = jobs.create("first")
    jobs.accept(first.id, "job: x\n", author="builder", draft_id=draft(first.id, "news at 7"))
    second = jobs.create("second")
    draft(second.id, "news at 8")
    jobs.accept(second.id, "job: x\n", author="builder", draft_id=draft(second.id, "five items"))
    third = jobs.create("third")
    jobs.reject(draft(third.id, "mail everybody"))
    draft(jobs.create("fourth").id, "weather")

    assert rows_of(store, "builder_acceptance") == [
        {
            "author": "builder", "drafts": 5, "approved_unedited": 1, "approved_edited": 1,
            "replaced": 1, "rejected": 1, "still_open": 1, "acceptance": 0.3333,
        }
    ]  # fmt: skip
    edits = rows_of(store, "draft_edits", job="second")
    assert [(row["state"], row["replaces"]) for row in edits] == [("replaced", 0), ("approved", 1)]


@pytest.mark.parametrize("name", list(BY_NAME))
def test_a_view_narrowed_to_everything_equals_the_view_in_the_store(teller: Teller, name: str):
    from tests.insight.worlds import tell_drawn

    tell_drawn(teller, 40, seed=11, start=NOON)
    whole = teller.store.rows(f"select * from {name}")
    narrowed = rows_of(teller.store, name)

    def plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{k: v for k, v in row.items() if k != "hours_since_success"} for row in rows]

    assert plain(narrowed) == plain(whole)
    assert rows_of(teller.store, name, job="no-such-job") == []
    assert rows_of(teller.store, name, since="2999-01-01T00:00:00.000Z") == []


def test_any_sqlite_reader_finds_the_views_and_a_changed_one_is_put_right(teller: Teller):
    run_once(teller, "digest", NOON)
    teller.store.run("drop view success_rate")
    teller.store.run("create view success_rate as select 1 as one")
    put_views(teller.store)
    reader = sqlite3.connect(f"file:{teller.store.path}?mode=ro", uri=True)
    names = {row[0] for row in reader.execute("select name from sqlite_master where type = 'view'")}
    assert names >= {"finished_runs", *BY_NAME}
    assert reader.execute("select job, success_rate from success_rate").fetchall() == [
        ("digest", 1.0)
    ]
    reader.close()


def test_processes_that_open_a_home_at_once_agree_about_its_views(settings: Settings):
    def opened(_: int) -> int:
        store = Store(settings.store_path)
        put_views(store)
        found = store.rows("select count(*) as views from sqlite_master where type = 'view'")
        store.close()
        return found[0]["views"]

    Store(settings.store_path).close()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(opened, range(16))) == {len(BY_NAME) + 1}


def test_a_report_has_every_view_of_it_and_a_misspelt_one_is_helped(
    teller: Teller, settings: Settings
):
    run_once(teller, "digest", NOON)
    insight = Insight(teller.store, settings.runs_dir)
    assert list(insight.report()) == list(REPORT)
    assert insight.report(job="digest", since=rfc3339(NOON + DAY))["success_rate"] == []
    with pytest.raises(TargetUnresolved) as wrong:
        insight.view("duration")
    assert wrong.value.hint == "Did you mean 'durations'?"


def test_no_figure_holds_what_was_read_or_written(teller: Teller):
    run_once(teller, "digest", NOON, url="https://a.example/secret/path?token=abc", error=dict(ERRORS[1]))  # fmt: skip
    kept = "".join(
        str(teller.store.rows(f"select * from {table}"))
        for table in ("run_facts", "skill_calls", "approvals", "files")
    )
    assert "a.example" in kept
    assert not any(word in kept for word in ("secret/path", "abc", "answered"))


def test_datasette_is_told_of_every_table_and_of_no_column_that_is_not_there(tmp_path: Path):
    store = Store(tmp_path / "assistant.db")
    put_views(store)
    shown = metadata(store)["databases"]["assistant"]["tables"]
    there = {row["name"]: row["type"] for row in store.rows(
        "select name, type from sqlite_master where type in ('table', 'view')")}  # fmt: skip
    assert shown.keys() == there.keys()
    views = {name for name, kind in there.items() if kind == "view"}
    assert views == {"finished_runs", *(one.name for one in VIEWS)}
    open_ones = [name for name, told in shown.items() if not told.get("hidden")]
    assert all(shown[name]["description"] for name in open_ones)
    for name in ("run_facts", "skill_calls", "patches", "incidents"):
        columns = {
            row["name"] for row in store.rows(f"select name from pragma_table_info('{name}')")
        }
        told = shown[name]
        assert {told["sort_desc"], *told["facets"]} <= columns
        assert told["facets"]
    store.close()
