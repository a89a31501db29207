"""An open engine with small local skills, and short ways to run job files on it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.errors import JobNotFound
from assistant.events import Event, as_row
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.far_runs import FarRuns
from assistant.store.postgres import PostgresStore
from assistant.store.runs import RunRepository
from tests.engine.local_skills import LocalSkills
from tests.engine.models import CountingModels
from tests.skills_letters.postgres import running_postgres

HARNESS = Path(__file__).with_name("harness.py")


class Bench:
    """An open engine on a fresh home, the files of other jobs, and what the skills did."""

    def __init__(self, settings: Settings, calls: Path) -> None:
        self.settings = settings
        self.store = Store(settings.store_path)
        self.runs = RunRepository(self.store)
        self.models = CountingModels()
        self.files: dict[str, str] = {}
        self._calls = calls
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        assert self._engine is not None
        return self._engine

    async def open(self, **more: Any) -> None:
        given: dict[str, Any] = {"library": LocalSkills(), "models": self.models, **more}
        self._engine = await Engine.open(
            self.settings, store=self.store, jobs=self.find_job, **given
        )

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.close(grace=0.1)
        self._engine = None

    def find_job(self, name: str) -> tuple[str, int, str]:
        if name not in self.files:
            raise JobNotFound(f"there is no job {name!r}")
        return self.files[name], 1, f"id-of-{name}"

    async def start(self, steps: str, **more: Any) -> str:
        """Start a job made of `steps` (YAML, or a whole file that begins with `job:`)."""
        text = steps if steps.lstrip().startswith("job:") else f"job: small\nsteps:\n{steps}"
        name = text.split("job:", 1)[1].split()[0]
        self.files.setdefault(name, text)
        return await self.engine.submit(RunRequest(job=name, yaml=text, version=1, **more))

    async def run(self, steps: str, *, patience: float = 60, **more: Any) -> dict[str, Any]:
        """Run a job to its end; gives the receipt."""
        return await self.engine.wait(await self.start(steps, **more), timeout=patience)

    def events(self, run_id: str, *kinds: type[Event]) -> list[Event]:
        found = [stored.event for stored in self.runs.events(run_id)]
        return [event for event in found if not kinds or isinstance(event, kinds)]

    def told(self, run_id: str) -> list[str]:
        """The run's story in short: kind and path of each event."""
        rows = [as_row(event) for event in self.events(run_id)]
        return [f"{row['event']} {row.get('path', '')}".strip() for row in rows]

    def output(self, run_id: str, path: str) -> Any:
        return self.runs.attempts(run_id, path)[-1].output

    def calls(self, path: str = "") -> int:
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        return (
            sum(line.split()[1].endswith(f"|{path}") for line in lines if path)
            if path
            else len(lines)
        )

    async def until(self, holds: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until something is so, and give it."""
        async with asyncio.timeout(seconds):
            while not (found := holds()):
                await asyncio.sleep(0.01)
        return found

    async def until_status(self, run_id: str, status: str) -> None:
        await self.until(lambda: self.runs.get(run_id).status == status)


@pytest.fixture
async def bench(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setenv("ENGINE_CALLS", str(tmp_path / "calls"))
    made = Bench(settings, tmp_path / "calls")
    await made.open()
    yield made
    await made.close()
    made.store.close()


@pytest.fixture
def kill(tmp_path: Path) -> Callable[..., list[Any]]:
    """Carry out plans of the harness (see there), each in a process of its own; gives reports."""

    def one(number: int, plan: dict[str, Any]) -> Any:
        path = tmp_path / f"plan{number}.json"
        path.write_text(json.dumps({"home": str(tmp_path / f"killed{number}"), **plan}))
        made = subprocess.run(
            [sys.executable, str(HARNESS), str(path)], capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr[-3000:]
        return json.loads(made.stdout)

    def carry_out(*plans: dict[str, Any]) -> list[Any]:
        # The lives of an engine wait more than they work.
        with ThreadPoolExecutor(max_workers=4) as beside:
            return list(beside.map(one, range(len(plans)), plans))

    return carry_out


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_postgres() as found:
        yield found


@pytest.fixture
def far(url: str) -> Iterator[FarRuns]:
    made = FarRuns(PostgresStore(url))
    made.store.run("delete from runs")
    made.store.run("delete from workers")
    yield made
    made.store.close()


@pytest.fixture
async def at_home(
    url: str, far: FarRuns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setenv("ENGINE_CALLS", str(tmp_path / "calls"))
    settings = Settings(
        home=tmp_path / "home", database_url=url, artifacts_url=(tmp_path / "files").as_uri()
    )
    prepare(settings)
    made = Bench(settings, tmp_path / "calls")
    await made.open(secrets={})
    yield made
    await made.close()
    made.store.close()
