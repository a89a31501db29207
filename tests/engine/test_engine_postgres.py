"""The same engine with its durable state in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError

from assistant.engine.slots import PostgresSlots
from assistant.settings import Settings, prepare
from tests.engine.conftest import Bench
from tests.engine.test_engine_kills import FILES, OUTPUTS, newsletter
from tests.skills_letters.postgres import stopped

LOCKS = (
    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 16723"
)


def break_names(url: str) -> None:
    """Break the connections on which workers hold their names, as a server that starts anew does."""
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(LOCKS).fetchall()


pytestmark = pytest.mark.postgres


@pytest.fixture
async def on_postgres(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setenv("ENGINE_CALLS", str(tmp_path / "calls"))
    settings = Settings(home=tmp_path / "home", database_url=url)
    prepare(settings)
    made = Bench(settings, tmp_path / "calls")
    await made.open()
    yield made
    await made.close()
    made.store.close()


async def test_a_newsletter_is_made_and_nothing_durable_lies_in_a_file(on_postgres: Bench) -> None:
    on_postgres.files |= FILES
    job = newsletter("pg-1", "send_checked")
    receipt = await on_postgres.run(job["yaml"], run_id=job["run_id"])
    assert (receipt["status"], receipt["outputs"]) == ("succeeded", OUTPUTS)
    assert not on_postgres.settings.engine_path.exists()
    assert len(list(on_postgres.settings.outbox_dir.iterdir())) == 1


async def test_a_cancel_reaches_branches(on_postgres: Bench) -> None:
    step = "{id: a, skill: fetch, with: {name: x, seconds: 60}}"
    run_id = await on_postgres.start(f"  - {{id: fan, parallel: {{l: [{step}], r: [{step}]}}}}\n")
    await on_postgres.until(lambda: on_postgres.calls() == 2)
    await on_postgres.engine.cancel(run_id)
    assert (await on_postgres.engine.wait(run_id, 10))["status"] == "cancelled"


def test_random_kills_lose_and_double_nothing(url: str, kill: Callable[..., Any]) -> None:
    plan = {
        "jobs": [newsletter(f"pk{n}", "send_checked") for n in range(3)], "files": FILES,
        "database_url": url, "kills": 8, "seed": 3, "soonest": 0.0, "latest": 0.8,
    }  # fmt: skip
    [report] = kill(plan)
    runs = report["runs"].values()
    assert [run["outputs"] for run in runs] == [OUTPUTS] * len(runs)
    assert (report["doubled"], report["letters"], report["letters_doubled"]) == ([], len(runs), 0)
    assert report["kills"] == 8


def test_a_slot_on_the_server_belongs_to_one(url: str) -> None:
    here, there = PostgresSlots(url), PostgresSlots(url)
    first = here.take("far-1")
    assert there.try_take("far-1") is None
    first.free()
    again = there.try_take("far-1")
    assert again is not None
    again.free()


def test_a_name_whose_connection_broke_is_taken_again(url: str) -> None:
    here, there = PostgresSlots(url), PostgresSlots(url)
    mine = here.take("far-2")
    with stopped(url):
        for _ in range(2):
            with pytest.raises(SQLAlchemyError):
                mine.renew()
    mine.renew()
    break_names(url)
    mine.renew()
    assert there.try_take("far-2") is None
    mine.free()
    mine.renew()
    other = there.try_take("far-2")
    assert other is not None
    other.free()
