"""Kills real engine processes with SIGKILL, starts them again, and counts what became of the work.

Run as a program: `harness.py PLAN.json` prints a JSON report. Everything is imported once; each
life of the engine is a fork of this process, so that a kill costs little more than itself.

A plan `{home, jobs: [{run_id, job, yaml, inputs?, trigger?}], kills: N, seed, soonest, latest}`
kills N times, each at a random moment after the engine has opened (`after_letters`: not before so
many letters lie in the outbox); when all jobs are done earlier, the same jobs come again under
other ids. `{…, die_at: [n, …]}` lets a life kill itself at the n-th boundary of a recorded step
(before its body, after it, after its record) or before a file that is written comes to its place,
once for each n, each in a home of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


from assistant.engine.durable import Durable  # noqa: E402
from assistant.engine.engine import Engine  # noqa: E402
from assistant.engine.request import RunRequest, job_of  # noqa: E402
from assistant.errors import JobNotFound, ModelUnavailable, TargetUnresolved  # noqa: E402
from assistant.events import ApprovalAsked  # noqa: E402
from assistant.models.protocol import Model  # noqa: E402
from assistant.pipeline.scope import step_path  # noqa: E402
from assistant.settings import Settings, prepare  # noqa: E402
from assistant.store.database import Store  # noqa: E402
from assistant.store.runs import AttemptRow, RunRepository  # noqa: E402
from tests.engine.fake_skills import FakeSkills  # noqa: E402
from tests.engine.local_skills import LocalSkills  # noqa: E402


class NoModels:
    """A home without any model."""

    def get(self, name: str = "") -> Model:
        raise ModelUnavailable(f"there is no model {name!r}")


class JobFiles:
    """Accepted files by job name."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def __call__(self, name: str) -> tuple[str, int, str]:
        if name not in self.files:
            raise JobNotFound(f"there is no job {name!r}")
        return self.files[name], 1, name


class Mortal:
    """Counts the boundaries of recorded steps and dies at one of them."""

    def __init__(self, die_at: int) -> None:
        self.die_at, self.passed = die_at, 0

    def boundary(self) -> None:
        self.passed += 1
        if self.passed == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        plain, mortal = Durable.step, self

        async def step(self: Durable, name: str, body: Any) -> Any:
            async def watched() -> Any:
                mortal.boundary()
                made = await body()
                mortal.boundary()
                return made

            made = await plain(self, name, watched)
            mortal.boundary()
            return made

        Durable.step = step  # type: ignore[method-assign]
        plain_replace = os.replace

        def replace(source: Any, target: Any, **more: Any) -> None:
            if str(source).endswith(".part"):
                mortal.boundary()  # written, and not yet in its place
            plain_replace(source, target, **more)

        os.replace = replace


async def say_yes(engine: Engine) -> None:
    """Approve, as `jo`, whatever a run asks, until cancelled."""
    said = set[tuple[str, str]]()
    while True:
        for run in engine.runs.list(status="waiting", limit=1000):
            asked = [e.event for e in engine.runs.events(run.id)]
            for place in {(run.id, e.path) for e in asked if isinstance(e, ApprovalAsked)} - said:
                said.add(place)
                with contextlib.suppress(TargetUnresolved):  # decided by an earlier life
                    await engine.decide(*place, True, "jo")
        await asyncio.sleep(0.01)


def every_attempt(runs: RunRepository, run_id: str, at: str = "") -> list[tuple[str, AttemptRow]]:
    """The attempts of a run and of the jobs it called, by their path as seen from the run."""
    found = [(step_path(at, row.path), row) for row in runs.attempts(run_id)]
    for child in runs.children(run_id):
        found += every_attempt(runs, child.id, step_path(at, child.trigger["path"]))
    return found


async def live(home: Path, plan: dict[str, Any], opened: int) -> None:
    """Submit every job (again), and wait until all have ended."""
    jobs, skills = plan["jobs"], FakeSkills() if plan.get("drawn") else LocalSkills()
    settings = Settings(home=home, database_url=plan.get("database_url", ""))
    prepare(settings)
    store = Store(settings.store_path)
    engine = await Engine.open(
        settings, store=store, library=skills, models=NoModels(),
        jobs=JobFiles(plan.get("files", {})),
    )  # fmt: skip
    os.write(opened, b"!")
    yes = asyncio.create_task(say_yes(engine))
    for job in jobs:
        await engine.submit(RunRequest(version=1, **job))
    for job in jobs:
        await engine.wait(job["run_id"])
    yes.cancel()
    await engine.close()
    store.close()


def start_life(plan: dict[str, Any], home: Path, mortal: Mortal | None) -> int:
    """Fork a life; gives its process id when its engine has opened, or it has died before."""
    hear, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        os.read(hear, 1)
        os.close(hear)
        return child
    os.environ["ENGINE_CALLS"] = str(home / "calls")
    log = (home / "life.log").open("a")
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    if mortal:
        mortal.watch()
    try:
        asyncio.run(live(home, plan, tell))
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def finished(home: Path) -> dict[tuple[str, str], int]:
    """Finished steps by run and path, with the number of calls made until now."""
    if not (home / "assistant.db").exists():
        return {}
    store = Store(home / "assistant.db")
    rows = store.rows("select run_id, path from attempts where status = 'succeeded'")
    store.close()
    made = calls(home)
    return {(row["run_id"], row["path"]): made[called(row["run_id"], row["path"])] for row in rows}


def called(run_id: str, path: str) -> str:
    return f"{run_id}|{path}"


def calls(home: Path) -> Counter[str]:
    """Calls by the run and path they were made for."""
    path = home / "calls"
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(line.split()[1] for line in lines if len(line.split()) == 3)


def report(plan: dict[str, Any], home: Path, kept: dict[tuple[str, str], int]) -> dict[str, Any]:
    store = Store(home / "assistant.db")
    runs = RunRepository(store)
    made = calls(home)
    ends = {}
    for job in plan["jobs"]:
        run = runs.get(job["run_id"])
        keys = [stored.seq for stored in runs.events(run.id)]
        folder = home / "runs" / run.job / run.id
        ends[run.id] = {
            "status": run.status,
            "outputs": run.outputs,
            "error": run.error,
            "steps": {path: row.status for path, row in every_attempt(runs, run.id)},
            "gaps": keys != list(range(1, len(keys) + 1)),
            "files": sorted(p.name for p in folder.iterdir() if p.is_file()),
            "parts": sorted(p.name for p in folder.rglob("*.part")),
        }
    store.close()
    doubled = [f"{run}|{path}" for (run, path), n in kept.items() if made[called(run, path)] > n]
    letters = Counter(p.name.split(".")[0] for p in (home / "outbox").glob("*.eml"))
    return {
        "runs": ends,
        "doubled": doubled,
        "letters": sum(letters.values()),
        "letters_doubled": sum(n > 1 for n in letters.values()),
        "calls": sum(made.values()),
    }


def random_kills(plan: dict[str, Any]) -> dict[str, Any]:
    home, chance = Path(plan["home"]), random.Random(plan["seed"])
    home.mkdir(parents=True, exist_ok=True)
    kept: dict[tuple[str, str], int] = {}
    kills, lots = 0, [plan["jobs"]]
    while True:
        child = start_life({**plan, "jobs": lots[-1]}, home, None)
        if kills == plan["kills"]:
            _, status = os.waitpid(child, 0)
            every = [job for lot in lots for job in lot]
            return {"kills": kills, "exit": status, **report({**plan, "jobs": every}, home, kept)}
        while len(list((home / "outbox").glob("*.eml"))) < plan.get("after_letters", 0):
            time.sleep(0.02)
        time.sleep(chance.uniform(plan["soonest"], plan["latest"]))
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            assert status == 0, (home / "life.log").read_text()[-3000:]
            again = [{**job, "run_id": f"{job['run_id']}-{len(lots)}"} for job in plan["jobs"]]
            lots.append(again)
            continue
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
        for key, count in finished(home).items():
            kept.setdefault(key, count)


def boundary_kills(plan: dict[str, Any]) -> list[dict[str, Any]]:
    reports = []
    for number in plan["die_at"]:
        home = Path(plan["home"]) / str(number)
        home.mkdir(parents=True)
        _, status = os.waitpid(start_life(plan, home, Mortal(number)), 0)
        killed = os.WIFSIGNALED(status)
        kept = finished(home)
        if killed:
            _, status = os.waitpid(start_life(plan, home, None), 0)
        made = {"die_at": number, "killed": killed, "exit": status, **report(plan, home, kept)}
        reports.append(made)
        shutil.rmtree(home)
        if not killed:
            break
    return reports


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    for text in [*plan.get("files", {}).values(), *(job["yaml"] for job in plan["jobs"])]:
        job_of(text)  # read once, here, for every life
    gc.freeze()  # what is here is shared with every life, and not copied for counting it
    made = boundary_kills(plan) if "die_at" in plan else random_kills(plan)
    print(json.dumps(made))


if __name__ == "__main__":
    main()
