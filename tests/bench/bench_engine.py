"""What the engine itself costs: durable no-op steps, loops, branches.

Every figure is the best of some repeats, since other work on the machine only ever adds.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.errors import JobNotFound
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from tests.bench.figures import Figure, figure, report
from tests.bench.timed_skills import TimedSkills
from tests.engine.harness import NoModels

REPEATS = 3


def sequence(count: int, step: str) -> str:
    lines = "".join(f"  - {{id: s{n}, {step}}}\n" for n in range(count))
    return f"job: sequence\nsteps:\n{lines}"


NO_OP = "skill: nothing"
TEN_MS = "skill: pause, with: {seconds: 0.01}"
LOOP = """
job: loop
steps:
  - {id: rows, skill: rows, with: {count: COUNT}}
  - {id: each, for_each: "${{ steps.rows.rows }}", max_parallel: LANES, steps: [{id: x, skill: nothing}]}
"""
BRANCHES = "job: wide\nsteps:\n  - id: fan\n    parallel:\n" + "".join(
    f"      b{n}: [{{id: x, skill: nothing}}]\n" for n in range(1000)
)


class Timed:
    """An engine on a fresh home, and how long things take on it."""

    def __init__(self, engine: Engine, skills: TimedSkills) -> None:
        self.engine, self.skills = engine, skills

    async def run(self, text: str) -> tuple[str, float]:
        """Run a job; gives its id and the seconds from submitting it to its receipt."""
        name = text.split("job:", 1)[1].split()[0]
        began = time.perf_counter()
        run_id = await self.engine.submit(RunRequest(job=name, yaml=text))
        receipt = await self.engine.wait(run_id, 120)
        assert receipt["status"] == "succeeded", receipt["error"]
        return run_id, time.perf_counter() - began

    async def best(self, text: str) -> float:
        return min([(await self.run(text))[1] for _ in range(REPEATS)])

    async def median_step(self, text: str) -> float:
        """Milliseconds from one call of `nothing` to the next, the median of the best run."""
        found = list[float]()
        for _ in range(REPEATS):
            self.skills.moments.clear()
            await self.run(text)
            found.append(self.skills.median_gap())
        return min(found)


async def measure() -> list[Figure]:
    def no_job(name: str) -> tuple[str, int, str]:
        raise JobNotFound(name)

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        prepare(settings)
        store, skills = Store(settings.store_path), TimedSkills()
        began = time.perf_counter()
        engine = await Engine.open(
            settings, store=store, library=skills, models=NoModels(), jobs=no_job
        )
        opened = time.perf_counter() - began
        timed = Timed(engine, skills)
        await timed.run(sequence(20, NO_OP))
        no_ops = await timed.best(sequence(400, NO_OP))
        cpu = time.process_time()
        await timed.run(sequence(400, NO_OP))
        cpu = (time.process_time() - cpu) / 400 * 1000
        figures = [
            figure("open an engine", opened, "s", 1.0, "at most"),
            figure("durable no-op steps", 400 / no_ops, "/s", 500, "at least"),
            figure("one durable no-op step", await timed.median_step(sequence(400, NO_OP)), "ms", 1.5, "at most"),
            figure("processor time of it", cpu, "ms"),
            figure("40 steps of 10 ms", await timed.best(sequence(40, TEN_MS)), "s", 0.65, "at most"),
            figure("a loop of 100 rounds", await timed.best(LOOP.replace("COUNT", "100").replace("LANES", "1")), "s", 0.5, "at most"),
            figure("1,000 rounds, 8 at a time", await timed.best(LOOP.replace("COUNT", "1000").replace("LANES", "8")), "s", 10, "at most"),
            figure("1,000 parallel branches", (await timed.run(BRANCHES))[1], "s", 30, "at most"),
        ]  # fmt: skip
        began = time.perf_counter()
        await engine.close()
        figures.append(figure("close it", time.perf_counter() - began, "s", 1.0, "at most"))
        store.close()
    return figures


if __name__ == "__main__":
    sys.exit(report(lambda: asyncio.run(measure())))
