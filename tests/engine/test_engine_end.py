"""A run whose end is written stays what it ended as."""

from __future__ import annotations

import sqlite3

from assistant.events import RunEnded, RunResumed
from tests.engine.conftest import Bench


async def test_a_process_that_dies_right_after_the_end_leaves_the_run_ended(bench: Bench) -> None:
    receipt = await bench.run("  - {id: one, set: {value: 1}}\n")
    run_id = receipt["run_id"]
    await bench.close()
    # What a kill leaves between our writing the end and the durable engine's recording of it.
    with sqlite3.connect(bench.settings.engine_path) as durable:
        durable.execute(
            "update workflow_status set status = 'PENDING', output = null where workflow_uuid = ?",
            (run_id,),
        )
        durable.execute(
            "delete from operation_outputs where workflow_uuid = ? and function_name = 'end'",
            (run_id,),
        )
    durable.close()
    await bench.open()

    def recorded() -> bool:
        with sqlite3.connect(bench.settings.engine_path) as again:
            row = again.execute(
                "select status from workflow_status where workflow_uuid = ?", (run_id,)
            ).fetchone()
        again.close()
        return row == ("SUCCESS",)

    await bench.until(recorded, 20.0)
    assert bench.runs.get(run_id).status == "succeeded"
    assert len(bench.events(run_id, RunEnded)) == 1
    assert bench.events(run_id, RunResumed) == []
    assert bench.engine.receipt(run_id) == receipt
