"""The doctor with a real PostgreSQL: dead workers, what they held, and what happens next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.doctor.examination import examine, fixed
from assistant.doctor.findings import Finding
from assistant.engine.slots import PostgresSlots
from assistant.settings import Settings
from assistant.store import locks
from assistant.store.far_runs import Able, FarRuns
from assistant.workplace import Workplace
from tests.doctor.test_doctor import going
from tests.engine.conftest import Bench, at_home, far, url
from tests.engine.machines import Machine

__all__ = ["at_home", "far", "url"]
pytestmark = pytest.mark.postgres
SLOW = "  - {id: a, skill: fetch, with: {name: x, seconds: 60}}\n"
ABLE = Able(("default", "heavy"), ("fetch",), (), interpreter=99)
Examine = Callable[[], list[Finding]]


@pytest.fixture
def machines(at_home: Bench) -> Iterator[Examine]:
    """What the doctor says of the machines."""
    place = Workplace.open(at_home.settings)
    yield lambda: [found for found in examine(place) if found.check in ("machines", "runs")]
    place.close_store()


def ill(found: list[Finding]) -> Finding:
    [one] = [finding for finding in found if finding.level != "fine"]
    return one


async def killed_over_a_run(at_home: Bench, folder: Path, url: str) -> tuple[str, str]:
    """A worker that was killed in mid-run, and nobody there to go on; gives its name and the run."""
    machine = Machine(folder, url, at_home.settings.artifacts_url)
    run_id = await at_home.start(SLOW)
    await at_home.until(at_home.calls, 60)
    await at_home.until_status(run_id, "running")
    await at_home.close()
    machine.kill()
    return machine.name, run_id


async def test_a_dead_worker_is_named_with_its_runs_and_who_goes_on_with_them(
    at_home: Bench, far: FarRuns, machines: Examine, tmp_path: Path, url: str
) -> None:
    worker, run_id = await killed_over_a_run(at_home, tmp_path / "far", url)
    alone = ill(machines())
    assert alone.message.startswith(f"Worker {worker} (")
    assert "is dead, and was last heard of" in alone.message
    assert alone.message.endswith(f"It held 1 run: {run_id}.")
    assert (alone.level, alone.command) == ("problem", "assistant worker")
    assert f"Nobody that lives can make {run_id}." in alone.cure
    assert alone.fix is None

    keeper = locks.take(at_home.settings.locks_dir / "keeper-1.lock")
    assert keeper is not None
    at_work = ill(machines())
    assert f"{run_id}: this home takes over within 30 seconds." in at_work.cure
    keeper.free()

    other = PostgresSlots(url).take("there-2")
    far.beat("there-2", "there 2", ABLE)
    assert ill(machines()).cure.startswith("A living worker takes them over within 30 seconds.")
    other.free()


async def test_a_worker_that_died_idle_is_named_and_forgotten(
    at_home: Bench, far: FarRuns, machines: Examine
) -> None:
    far.beat("there-3", "there 3", ABLE)
    far.store.run("update workers set beat = now() - interval '10 minutes'")
    found = ill(machines())
    assert (found.level, found.message, found.command) == (
        "warning",
        "Worker there-3 (there 3) is dead, and was last heard of 10 minutes ago. It held no run.",
        "assistant worker --queues default,heavy",
    )
    assert [told for _, told in fixed([found])] == ["there-3 is forgotten."]
    assert [f.level for f in machines()] == ["fine", "fine"]


async def test_a_worker_that_hangs_is_told_apart_from_a_dead_one(
    at_home: Bench, far: FarRuns, machines: Examine, url: str
) -> None:
    held = PostgresSlots(url).take("there-4")
    far.beat("there-4", "there 4", ABLE)
    assert [f.message for f in machines() if f.check == "machines"] == [
        "PostgreSQL answers. Workers: there-4."
    ]
    far.store.run("update workers set beat = now() - interval '3 minutes'")
    found = ill(machines())
    assert (found.level, "has not been heard of for 3 minutes" in found.message) == (
        "problem",
        True,
    )
    held.free()


def test_processes_of_one_home_on_postgres_are_looked_for_there(tmp_path: Path, url: str) -> None:
    place = Workplace.open(Settings(home=tmp_path / "home", database_url=url))
    run_id = going(place, "running", worker="w-gone", ago=timedelta(minutes=5))
    found = [f for f in examine(place) if f.check in ("machines", "runs")]
    assert [(f.level, f.message) for f in found] == [
        ("problem", f"Run {run_id} is running, and its worker w-gone is dead."),
        ("fine", "The PostgreSQL of the durable state answers."),
    ]
    held = PostgresSlots(url).take("w-gone")
    assert [f.level for f in examine(place) if f.check == "runs"] == ["fine"]
    held.free()
    place.close_store()


def test_an_artifact_location_that_cannot_be_written_is_told(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = Settings(
        home=tmp_path / "home", database_url=url,
        artifacts_url=(tmp_path / "file" / "runs").as_uri(),
    )  # fmt: skip
    place = Workplace.open(settings)
    [found] = [f for f in examine(place) if f.check == "artifacts"]
    assert (found.level, "could not be put to file://" in found.message) == ("problem", True)
    assert found.cure == "Is the artifact location there, and may it be written to?"
    place.close_store()


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", database_url="postgresql://jo:s3cret-pw@127.0.0.1:1/nothing",
        artifacts_url=(tmp_path / "files").as_uri(),
    )  # fmt: skip
    place = Workplace.open(settings)
    [found] = [f for f in examine(place) if f.check == "machines"]
    assert (found.level, "s3cret-pw" in found.message) == ("problem", False)
    assert "ASSISTANT_DATABASE_URL" in found.cure
    place.close_store()
