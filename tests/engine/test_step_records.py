"""The records of steps: the same rows as the durable engine's own, and the same refusals."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.records import Found, Place, RecordRefused, StepRecords
from tests.engine.conftest import Bench

STEPS = """
  - {id: a, skill: add, with: {a: 1, b: 2}}
  - {id: b, skill: nothing, with: {value: "ünï – ✓"}}
  - {id: c, skill: nothing, with: {value: "${{ steps.a }}"}}
"""


def rows(path: Path, workflow: str) -> list[dict[str, Any]]:
    """The records of a workflow without its id; moments, which must differ, by their form."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(
            "select * from operation_outputs where workflow_uuid = ? order by function_id",
            (workflow,),
        ).fetchall()
    made = [dict(row) for row in found]
    for row in made:
        del row["workflow_uuid"]
        row["output"] = re.sub(r'"\d{4}-[^"]+Z"|"idempotency":"\w+"', '"…"', row["output"])
        for name in ("started_at_epoch_ms", "completed_at_epoch_ms", "retention_timestamp"):
            row[name] = len(str(row[name]))
    return made


async def test_the_rows_are_those_of_the_durable_engine_itself(bench: Bench) -> None:
    path = bench.settings.engine_path
    ours = await bench.run(STEPS)
    durable = bench.engine._durable
    records, durable._records = durable._records, None
    theirs = await bench.run(STEPS)
    durable._records = records
    made = rows(path, ours["run_id"])
    assert len(made) == 5
    assert made == rows(path, theirs["run_id"])


@pytest.fixture
async def place(bench: Bench) -> Place:
    """The place after the last step of a run that is made to belong to an execution `me`."""
    run_id = (await bench.run("  - {id: a, skill: nothing}\n"))["run_id"]
    while await bench.engine._durable.status(run_id) != "SUCCESS":
        await asyncio.sleep(0.01)
    with closing(sqlite3.connect(bench.settings.engine_path)) as connection, connection:
        connection.execute(
            "update workflow_status set owner_xid = 'me' where workflow_uuid = ?", (run_id,)
        )
    return Place(run_id, 4, "next", "me")


@pytest.fixture
def records(bench: Bench) -> Any:
    opened = StepRecords(bench.settings.engine_path, "assistant")
    yield opened
    opened.close()


def other(place: Place, **changes: Any) -> Place:
    return Place(**{**vars(place), **changes})


async def test_a_step_is_found_when_it_was_kept(place: Place, records: StepRecords) -> None:
    assert records.find(place) is None
    assert records.keep(place, {"a": ["é", None]}, 0.0)
    assert records.find(place) == Found({"a": ["é", None]})


async def test_nothing_is_kept_for_a_run_that_another_execution_has(
    place: Place, records: StepRecords
) -> None:
    with pytest.raises(RecordRefused, match="belongs to another execution"):
        records.keep(other(place, owner="somebody else"), 1, 0.0)
    assert records.find(place) is None


async def test_a_step_is_kept_once(place: Place, records: StepRecords) -> None:
    records.keep(place, 1, 0.0)
    with pytest.raises(RecordRefused, match=r"'next' .* was recorded"):
        records.keep(place, 2, 0.0)
    assert records.find(place) == Found(1)


async def test_a_step_under_another_name_is_refused(place: Place, records: StepRecords) -> None:
    records.keep(place, 1, 0.0)
    with pytest.raises(RecordRefused, match="was 'next' and is 'other' now"):
        records.find(other(place, name="other"))


async def test_an_unknown_run_is_refused(place: Place, records: StepRecords) -> None:
    with pytest.raises(RecordRefused, match="not known"):
        records.find(other(place, workflow="nobody"))


async def test_another_writer_is_waited_for_without_holding_up_the_loop(
    bench: Bench, place: Place, records: StepRecords
) -> None:
    with closing(sqlite3.connect(bench.settings.engine_path, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        assert not records.keep(place, 1, 0.0)
        run_id = asyncio.create_task(bench.run("  - {id: a, skill: nothing}\n"))
        await asyncio.sleep(0.1)
        assert not run_id.done()
        writer.execute("commit")
    assert (await run_id)["status"] == "succeeded"
    assert records.keep(place, 1, 0.0)
