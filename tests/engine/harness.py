"""Kills real engine processes with SIGKILL, starts them again, and counts what became of the work.

Run as a program: `harness.py PLAN.json` prints a JSON report. Everything is imported once; each
life of the engine is a fork of this process, so that a kill costs little more than itself.

A plan: `{home, jobs: [{run_id, job, yaml, inputs?, trigger?}], kills: N, seed, patience}` kills at
random moments (`after_letters`: not before so many letters lie in the outbox); `{…, die_at: [n, …]}` lets a life kill itself at the n-th boundary of a recorded
step (before its body, after it, after its record), once for each n, each in a home of its own.
"""

from __future__ import annotations

import asyncio
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
from assistant.engine.request import RunRequest  # noqa: E402
from assistant.errors import JobNotFound, ModelUnavailable  # noqa: E402
from assistant.models.protocol import Model  # noqa: E402
from assistant.settings import Settings, prepare  # noqa: E402
from assistant.store.database import Store  # noqa: E402
from assistant.store.runs import RunRepository  # noqa: E402
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


async def live(home: Path, plan: dict[str, Any]) -> None:
    """Submit every job (again), and wait until all have ended."""
    jobs, skills = plan["jobs"], FakeSkills() if plan.get("drawn") else LocalSkills()
    settings = Settings(home=home, database_url=plan.get("database_url", ""))
    prepare(settings)
    store = Store(settings.store_path)
    engine = await Engine.open(
        settings, store=store, library=skills, models=NoModels(),
        jobs=JobFiles(plan.get("files", {})),
    )  # fmt: skip
    for job in jobs:
        await engine.submit(RunRequest(version=1, **job))
    for job in jobs:
        await engine.wait(job["run_id"])
    await engine.close()
    store.close()


def start_life(plan: dict[str, Any], home: Path, mortal: Mortal | None) -> int:
    child = os.fork()
    if child:
        return child
    os.environ["ENGINE_CALLS"] = str(home / "calls")
    log = (home / "life.log").open("a")
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    if mortal:
        mortal.watch()
    try:
        asyncio.run(live(home, plan))
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
            "steps": {a.path: a.status for a in runs.attempts(run.id)},
            "gaps": keys != list(range(1, len(keys) + 1)),
            "files": sorted(p.name for p in folder.iterdir() if p.is_file()),
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
    kills = 0
    while True:
        child = start_life(plan, home, None)
        if kills < plan["kills"]:
            while len(list((home / "outbox").glob("*.eml"))) < plan.get("after_letters", 0):
                time.sleep(0.02)
            time.sleep(chance.uniform(plan["soonest"], plan["latest"]))
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return {"kills": kills, "exit": status, **report(plan, home, kept)}
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            kills += 1
            for key, count in finished(home).items():
                kept.setdefault(key, count)
        else:
            _, status = os.waitpid(child, 0)
            return {"kills": kills, "exit": status, **report(plan, home, kept)}


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
    made = boundary_kills(plan) if "die_at" in plan else random_kills(plan)
    print(json.dumps(made))


if __name__ == "__main__":
    main()
