"""What the figures cost: a step that writes them, a report over many runs, making them anew.

Runs of the same job with and without the writer take turns, so that both meet the same machine, and
the best of each counts, since other work only ever adds.
The many runs are two thousand drawn ones, told event by event, and copies of their rows.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant.engine.engine import FIGURES, Engine
from assistant.errors import JobNotFound
from assistant.events import Event, StepStarted
from assistant.insight.anomalies import anomalies
from assistant.insight.reading import Insight
from assistant.insight.rebuild import compare, rebuild
from assistant.insight.views import put_views
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.runs import Listener, RunRepository
from tests.bench.bench_engine import NO_OP, Timed, sequence
from tests.bench.figures import Figure, figure, report
from tests.engine.harness import NoModels
from tests.engine.local_skills import LocalSkills
from tests.insight.worlds import Teller, tell_drawn

STEPS, ROUNDS = 200, 7
DRAWN, MANY = 2000, 100_000
START = datetime(2026, 1, 5, tzinfo=UTC)


class _Timed:
    """The writer of figures, and how long it takes for how many steps."""

    def __init__(self) -> None:
        self.seconds, self.steps = 0.0, 0

    def hear(self, connection: sqlite3.Connection, events: Sequence[Event]) -> None:
        began = time.perf_counter()
        FIGURES.hear(connection, events)
        self.seconds += time.perf_counter() - began
        self.steps += sum(isinstance(event, StepStarted) for event in events)


_timed = _Timed()


async def _one_run(home: Path, figures: Listener | None) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor that a step takes, begun to begun."""

    def no_job(name: str) -> tuple[str, int, str]:
        raise JobNotFound(name)

    settings = Settings(home=home)
    prepare(settings)
    store = Store(settings.store_path)
    engine = await Engine.open(
        settings, store=store, library=LocalSkills(), models=NoModels(), jobs=no_job,
        figures=figures,
    )  # fmt: skip
    timed = Timed(engine, RunRepository(store))
    await timed.run(sequence(20, NO_OP))
    cpu = time.process_time()
    _, seconds = await timed.run(sequence(STEPS, NO_OP))
    cpu = time.process_time() - cpu
    await engine.close()
    store.close()
    return seconds / STEPS * 1000, cpu / STEPS * 1000


async def writing() -> list[Figure]:
    """A step with the figures written, and without, in turns."""
    with_, without = list[tuple[float, float]](), list[tuple[float, float]]()
    _timed.seconds, _timed.steps = 0.0, 0
    for _ in range(ROUNDS):
        for found, listener in ((without, None), (with_, _timed)):
            with tempfile.TemporaryDirectory() as home:
                found.append(await _one_run(Path(home), listener))
    clock = [min(one[0] for one in found) for found in (with_, without)]
    cpu = [min(one[1] for one in found) for found in (with_, without)]
    return [
        figure("a step with figures", clock[0], "ms"),
        figure("a step without", clock[1], "ms"),
        figure("what writing adds to a step", clock[0] - clock[1], "ms", 0.3, "at most"),
        figure("processor time it adds", cpu[0] - cpu[1], "ms", 0.3, "at most"),
        figure(
            "time inside the writer", _timed.seconds / _timed.steps * 1000, "ms", 0.3, "at most"
        ),
    ]


def reading() -> list[Figure]:
    """Reports over a hundred thousand runs, and the figures of two thousand made anew."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        prepare(settings)
        store = Store(settings.store_path)
        put_views(store)
        tell_drawn(Teller(store, settings.runs_dir), DRAWN, seed=7, start=START)
        different = len(compare(store, settings.runs_dir))
        began = time.perf_counter()
        rebuild(store, settings.runs_dir)
        rebuilt = time.perf_counter() - began
        _multiply(store, MANY // DRAWN)
        insight = Insight(store, settings.runs_dir)
        runs = store.rows("select count(*) as n from run_facts")[0]["n"]
        calls = store.rows("select count(*) as n from skill_calls")[0]["n"]
        figures = [
            figure("runs in the store", runs, "", MANY, "at least"),
            figure("calls of skills in it", calls, ""),
            figure("a report over all of them", _best(lambda: insight.report()), "s", 1.0, "at most"),
            figure("a report of one job", _best(lambda: insight.report(job="job-1")), "s", 1.0, "at most"),
            figure("a report of the last tenth", _best(lambda: insight.report(since=_since(store))), "s"),
            figure("anomalies of every job", _best(lambda: anomalies(store)), "s", 1.0, "at most"),
            figure("rows that a rebuild would change", different, "", 0, "at most"),
            figure("2,000 folders made anew", rebuilt, "s"),
        ]  # fmt: skip
        store.close()
    return figures


def _since(store: Store) -> str:
    return store.rows("select queued_at from run_facts order by queued_at desc limit 1 offset 10000")[0]["queued_at"]  # fmt: skip


def _best(work: object) -> float:
    found = list[float]()
    for _ in range(3):
        began = time.perf_counter()
        work()  # type: ignore[operator]
        found.append(time.perf_counter() - began)
    return min(found)


def _multiply(store: Store, copies: int) -> None:
    """Copies of every row under other ids, each some days after the one before."""
    for table, moments in (
        ("run_facts", ("queued_at", "started_at", "ended_at")),
        ("skill_calls", ("started_at", "ended_at")),
        ("approvals", ("asked_at", "decided_at")),
        ("files", ()),
        ("model_calls", ("at",)),
    ):
        names = [
            row["name"] for row in store.rows(f"select name from pragma_table_info('{table}')")
        ]
        names = [name for name in names if (table, name) != ("model_calls", "id")]
        chosen = ", ".join(
            "run_id || '-' || n" if name == "run_id"
            else f"strftime('%Y-%m-%dT%H:%M:%fZ', {name}, n || ' days')" if name in moments
            else name
            for name in names
        )  # fmt: skip
        store.run(
            f"insert into {table} ({', '.join(names)})"
            f" with recursive copies(n) as (select 1 union all select n + 1 from copies where n < {copies - 1})"
            f" select {chosen} from {table}, copies"
        )


def measure() -> list[Figure]:
    return [*asyncio.run(writing()), *reading()]


if __name__ == "__main__":
    sys.exit(report(measure))
