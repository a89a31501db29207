"""Several machines: a home that hands in runs, and workers that share nothing with it but a URL."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.events import RunResumed
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.far_runs import FarRuns
from assistant.store.postgres import PostgresStore
from assistant.store.runs import RunRepository
from tests.engine.harness import JobFiles, NoModels, called, calls
from tests.engine.local_skills import LocalSkills

WORKER = Path(__file__).with_name("far_worker.py")
FIVE_STEPS = """
job: five
inputs: {n: {type: integer}}
steps:
  - {id: a, skill: add, with: {a: "${{ inputs.n }}", b: 1}}
  - {id: b, skill: fetch, with: {name: x, seconds: 0.02}}
  - {id: c, skill: add, with: {a: "${{ steps.a.sum }}", b: "${{ size(steps.b.items) }}"}}
  - {id: d, skill: letter, with: {title: T, items: "${{ steps.b.items }}"}}
  - {id: e, skill: add, with: {a: "${{ steps.c.sum }}", b: 1}}
outputs: {n: "${{ steps.e.sum }}", file: "${{ steps.d.artifact }}"}
"""


def cpu_seconds(pid: int, *, ended_too: bool = False) -> float:
    """What a process has used of the processor; with `ended_too` also those that it has outlived."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11 : 15 if ended_too else 13])) / os.sysconf("SC_CLK_TCK")


Kept = dict[tuple[str, str], int]
Killed = list[tuple[str, set[str]]]


class Machine:
    """One worker process in a folder of its own."""

    def __init__(self, folder: Path, url: str, files: str, *queues: str, **more: str) -> None:
        """`more` are variables of its environment: see far_worker."""
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), str(folder), url, files, *queues],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "log").open("a"),
            text=True, env=os.environ | more,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("ready"), (folder / "log").read_text()[-3000:]
        self.name = line.split()[1]

    def cpu(self) -> float:
        """What it has used of the processor, in seconds (Linux)."""
        return cpu_seconds(self._process.pid)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self._process.communicate("\n", timeout=60)


@dataclass
class Told:
    """What became of a trial."""

    succeeded: int = 0
    wrong: list[str] = field(default_factory=list)
    kills: int = 0
    doubled: list[str] = field(default_factory=list)
    takeovers: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_workers: float = 0.0
    """Of the workers that were alive at the end, from their start on."""
    cpu_home: float = 0.0

    def told(self, where: str) -> str:
        """The trial in a line."""
        return (
            f"{self.succeeded} runs on {where}, {self.kills} kills: {len(self.wrong)} lost,"
            f" {len(self.doubled)} steps repeated, taken over in"
            f" {max(self.takeovers, default=0):.1f} s at most ({self.seconds:.1f} s in all)"
        )


async def trial(
    folder: Path, url: str, *, runs: int, workers: int, kills: int, seed: int, pause: float
) -> Told:
    """Hand in runs of five steps; kill workers at random moments; wait for all to be at home."""
    os.environ["ENGINE_CALLS"] = str(folder / "calls")
    files = (folder / "files").as_uri()
    settings = Settings(home=folder / "home", database_url=url, artifacts_url=files)
    prepare(settings)
    store = Store(settings.store_path)
    home, chance, told = RunRepository(store), random.Random(seed), Told()
    machines = [Machine(folder / f"m{n}", url, files) for n in range(workers)]
    far = FarRuns(PostgresStore(url))
    began = time.monotonic()
    kept, killed = Kept(), Killed()
    at_home, used = time.process_time(), {machine.name: machine.cpu() for machine in machines}
    async with await Engine.open(
        settings, store=store, library=LocalSkills(), models=NoModels(),
        jobs=JobFiles({}), secrets={},
    ) as engine:  # fmt: skip
        ids = [
            await engine.submit(
                RunRequest(job="five", yaml=FIVE_STEPS, run_id=f"t{seed}-{n}", inputs={"n": n})
            )
            for n in range(runs)
        ]
        for number in range(kills):
            await asyncio.sleep(chance.uniform(0.2, pause))
            dead = machines.pop(chance.randrange(len(machines)))
            dead.kill()
            told.kills += 1
            rows = far.store.rows(
                "select id from runs where status = 'running' and worker = ?", dead.name
            )
            killed.append((datetime.now(UTC).isoformat(), {row["id"] for row in rows}))
            done = far.store.rows("select run_id, path from attempts where status = 'succeeded'")
            keep(kept, done, calls(folder))
            machines.append(Machine(folder / f"n{number}", url, files))
        async with asyncio.timeout(500):
            for run_id in ids:
                while not home.get(run_id).ended:
                    await asyncio.sleep(0.1)
    told.seconds = time.monotonic() - began
    told.cpu_home = time.process_time() - at_home
    told.cpu_workers = sum(machine.cpu() - used.get(machine.name, 0) for machine in machines)
    for machine in machines:
        machine.end()
    judge(told, home, settings, ids, calls(folder), kept, killed)
    far.store.close()
    store.close()
    return told


def judge(
    told: Told, home: RunRepository, settings: Settings, ids: list[str], made: Counter[str],
    kept: Kept, killed: Killed,
) -> None:  # fmt: skip
    """What became of the runs at home. `made` counts the calls of each step, `kept` those that a
    finished step had at a kill; `killed` says when, and which runs were going on there."""
    told.doubled = [called(*key) for key, count in kept.items() if made[called(*key)] > count]
    for number, run_id in enumerate(ids):
        run = home.get(run_id)
        right = run.outputs == {"n": number + 5, "file": "letter.md"}
        whole = run_folder_is_whole(settings.run_dir("five", run_id))
        told.succeeded += run.status == "succeeded" and right and whole
        if not (run.status == "succeeded" and right and whole):
            told.wrong.append(f"{run_id} {run.status} {run.outputs} {run.error} {whole}")
    for moment, lost in killed:
        for run_id in lost:
            resumed = [
                (parse_rfc3339(s.event.at) - parse_rfc3339(moment)).total_seconds()
                for s in home.events(run_id)
                if isinstance(s.event, RunResumed)
            ]
            told.takeovers += [min(later)] if (later := [s for s in resumed if s > 0]) else []


def keep(kept: Kept, done: Iterable[Any], made: Counter[str]) -> None:
    """Note how often each finished step had been called, the first time that it is seen."""
    for row in done:
        key = (row["run_id"], row["path"])
        kept.setdefault(key, made[called(*key)])


def run_folder_is_whole(folder: Path) -> bool:
    """Whether the run's folder at home has its receipt and the file that the run made."""
    receipt = folder / "run_receipt.json"
    letter = folder / "artifacts" / "letter.md"
    if not (receipt.exists() and letter.exists()):
        return False
    told: dict[str, Any] = json.loads(receipt.read_text())
    events = (folder / "events.jsonl").read_text().splitlines()
    return told["status"] == "succeeded" and len(events) >= 12 and letter.read_text()[:3] == "# T"
