"""Several processes on one home, killed at random: what became of the runs they were given."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.runs import RunRepository
from tests.engine.harness import calls
from tests.engine.machines import FIVE_STEPS, Kept, Killed, Told, judge, keep

WORKER = Path(__file__).with_name("worker.py")


class Worker:
    """An engine in another process, told what to do line by line."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(WORKER), str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.name = self.hear()["worker"]

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def tell(self, **what: Any) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def hand_in(worker: Worker, waiting: SimpleQueue[int], seed: int) -> threading.Thread:
    """Give a process one run after the other; what it died over is given to another."""

    def give() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            run_id = f"h{seed}-{number}"
            try:
                worker.tell(
                    op="submit", job="five", yaml=FIVE_STEPS, run_id=run_id, inputs={"n": number}
                )
            except (OSError, ValueError):
                waiting.put(number)
                return

    thread = threading.Thread(target=give)
    thread.start()
    return thread


async def trial_in_one_home(
    folder: Path, *, runs: int, workers: int, kills: int, seed: int, pause: float
) -> Told:
    """Hand runs of five steps to processes; kill at random moments; wait for the end of all."""
    os.environ["ENGINE_CALLS"] = str(folder / "calls")
    settings = Settings(home=folder / "home")
    prepare(settings)
    store = Store(settings.store_path)
    home, chance, told = RunRepository(store), random.Random(seed), Told()
    waiting = SimpleQueue[int]()
    for number in range(runs):
        waiting.put(number)
    alive = [Worker(settings.home) for _ in range(workers)]
    handing_in = [hand_in(worker, waiting, seed) for worker in alive]
    kept, killed = Kept(), Killed()
    began = time.monotonic()
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.2, pause))
        dead = alive.pop(chance.randrange(len(alive)))
        dead.kill()
        told.kills += 1
        going = store.rows("select id from runs where status = 'running' and worker = ?", dead.name)
        killed.append((datetime.now(UTC).isoformat(), {row["id"] for row in going}))
        done = store.rows("select run_id, path from attempts where status = 'succeeded'")
        keep(kept, done, calls(folder))
        alive.append(await asyncio.to_thread(Worker, settings.home))
        handing_in.append(hand_in(alive[-1], waiting, seed))
    for thread in handing_in:
        await asyncio.to_thread(thread.join)
    ids = [f"h{seed}-{number}" for number in range(runs)]
    async with asyncio.timeout(500):
        for run_id in ids:
            while not home.get(run_id).ended:
                await asyncio.sleep(0.1)
    told.seconds = time.monotonic() - began
    for worker in alive:
        worker.kill()
    judge(told, home, settings, ids, calls(folder), kept, killed)
    store.close()
    return told
