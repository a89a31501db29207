"""A soak: two thousand runs in one process that stays, with everything around them switched on.

Memory and open files must stay flat, the databases grow by so much a run, and retention with
compaction must bring them back. Letters, alerts, called jobs and failures are part of it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from assistant.alerts.desk import AlertDesk
from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.job.cleaning import Cleaning
from assistant.pipeline.spec import Retention
from assistant.secrets import Secrets
from assistant.settings import Settings, prepare
from assistant.store.compaction import size
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository
from tests.bench.figures import Figure, figure, report
from tests.engine.harness import JobFiles, NoModels
from tests.engine.local_skills import LocalSkills

RUNS, WARM, AT_ONCE = 2000, 200, 8
THREADS = 24
"""What the durable engine gives the loop's `to_thread`."""
CALLED = "job: called\nsteps: [{id: a, skill: add, with: {a: 1, b: 2}}]\n"
DIGEST = """
job: digest
alerts: {on: [failed, recovered, slow], to: [outbox]}
inputs: {how: {type: string, default: well}}
steps:
  - {id: read, skill: fetch, with: {name: news}}
  - {id: each, for_each: "${{ steps.read.items }}", steps: [{id: x, skill: nothing, with: {value: "${{ item }}"}}]}
  - {id: sub, call_job: called}
  - {id: write, skill: letter, with: {title: News, items: "${{ steps.read.items }}"}}
  - {id: last, if: "${{ inputs.how == 'badly' }}", steps: [{id: fail, skill: broken}]}
  - {id: post, skill: send, with: {to: jo@example.org, text: "${{ steps.write.text }}"}}
"""


def resident() -> float:
    """Megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


async def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ENGINE_CALLS"] = os.devnull
        settings = Settings(home=Path(folder))
        prepare(settings)
        store = Store(settings.store_path)
        runs, jobs = RunRepository(store), JobRepository(store, settings)
        engine = await Engine.open(
            settings, store=store, library=LocalSkills(), models=NoModels(),
            jobs=JobFiles({"called": CALLED}),
        )  # fmt: skip
        desk = AlertDesk(
            settings, jobs=jobs, runs=runs, secrets=Secrets(settings.home), clock=store.clock
        )
        alerting = asyncio.create_task(desk.keep())
        files = (settings.store_path, settings.engine_path)

        def on_disk() -> int:
            return sum(map(size, files))

        async def some(first: int, count: int) -> None:
            places = asyncio.Semaphore(AT_ONCE)

            async def one(number: int) -> None:
                async with places:
                    how = "badly" if number % 20 == 0 else "well"
                    run_id = await engine.submit(
                        RunRequest(
                            job="digest", yaml=DIGEST, version=1, inputs={"how": how},
                            trigger={"kind": "person"},
                        )
                    )  # fmt: skip
                    await engine.wait(run_id, 120)

            await asyncio.gather(*(one(first + number) for number in range(count)))

        await some(0, WARM)
        await every_thread(store)
        await settled(engine, desk, jobs)
        memory, handles, bytes_before = resident(), open_files(), on_disk()
        began = time.perf_counter()
        await some(WARM, (RUNS - WARM) // 2)
        halfway = resident()
        await some((RUNS + WARM) // 2, (RUNS - WARM) // 2)
        seconds = time.perf_counter() - began
        await settled(engine, desk, jobs)
        grown, held, full = resident() - memory, open_files() - handles, on_disk()
        late = resident() - halfway
        failed = len(runs.list(job="digest", status="failed", limit=-1))
        told = sum(alert.count for alert in desk.alerts.list(limit=-1) if alert.kind == "failed")
        began = time.perf_counter()
        gone = await engine.prune("digest", Retention(runs=WARM))
        cleared = time.perf_counter() - began
        await Cleaning(settings, jobs).compact(engine)
        alerting.cancel()
        await asyncio.gather(alerting, return_exceptions=True)
        left = sum(1 for _ in (settings.runs_dir / "digest").iterdir())
        figures = [
            figure("runs", RUNS, "", RUNS, "at least"),
            figure("runs a second", (RUNS - WARM) / seconds, "/s"),
            figure(f"memory grown from run {WARM}", grown, "MB", 15, "at most"),
            figure("of it in the second half", late, "MB"),
            figure("open files grown", held, "", 2, "at most"),
            figure("databases, a run", (full - bytes_before) / (RUNS - WARM) / 1000, "kB", 40, "at most"),
            figure("failures of which nobody was told", abs(failed - told), "", 0, "at most"),
            figure(f"runs that retention of {WARM} took", gone, "", RUNS - WARM - 5, "at least"),
            figure("clearing a thousand runs", cleared / gone * 1000, "s"),
            figure("folders left", left, "", WARM + 5, "at most"),
            figure("databases after it, of run 200", on_disk() / bytes_before, "", 1.25, "at most"),
        ]  # fmt: skip
        await engine.close()
        store.close()
    return figures


async def every_thread(store: Store) -> None:
    """Let every thread that the loop may use have begun, with its connection to the store.

    They are made when they are first needed, up to a fixed number: that is no growth.
    """
    together = threading.Barrier(THREADS + 1)

    def touch() -> None:
        store.row("select 1")
        together.wait(30)

    touching = [asyncio.create_task(asyncio.to_thread(touch)) for _ in range(THREADS)]
    while together.n_waiting < THREADS:
        await asyncio.sleep(0.01)
    together.wait()
    await asyncio.gather(*touching)


async def settled(engine: Engine, desk: AlertDesk, jobs: JobRepository) -> None:
    """Everything that was begun is done, so that only what stays is measured."""
    await desk.round()
    await Cleaning(engine.settings, jobs).compact(engine)
    gc.collect()


if __name__ == "__main__":
    sys.exit(report(lambda: asyncio.run(measure())))
