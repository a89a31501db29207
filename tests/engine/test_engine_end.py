"""A run whose end is written stays what it ended as."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from assistant.engine.values import clear_parts, write_whole
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
    folder = bench.settings.run_dir("small", run_id)
    half = [folder / ".7c0a.part", folder / "values" / ".91bb.part"]
    half.append(folder / "artifacts" / ".letter.md.4711.8.part")
    for part in half:
        part.parent.mkdir(exist_ok=True)
        part.write_text("cut o")
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
    assert [part for part in half if part.exists()] == []


def test_a_file_is_written_whole_also_while_its_folder_is_cleared(tmp_path: Path) -> None:
    written = threading.Event()

    def clear() -> None:
        while not written.is_set():
            clear_parts(tmp_path)

    clearing = threading.Thread(target=clear)
    clearing.start()
    for number in range(200):
        write_whole(tmp_path / f"{number}.json", b"x" * 5000)
    written.set()
    clearing.join()
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {5000}
    assert len(list(tmp_path.iterdir())) == 200
