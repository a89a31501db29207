"""Workers killed at random: three machines that share nothing but a PostgreSQL and a place for
files, and two processes of one home with SQLite.

Nothing may be lost or made twice; the rest are the coefficients of docs/scaling.md.
`BENCH_MACHINES_RUNS` says how many runs are handed in to each: 500 without it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import psycopg

from assistant.settings import Settings
from assistant.store.compaction import size
from tests.bench.figures import Figure, figure, report
from tests.engine.machines import cpu_seconds, trial
from tests.engine.one_home import trial_in_one_home
from tests.skills_letters.postgres import running_postgres

RUNS = int(os.environ.get("BENCH_MACHINES_RUNS", "500"))
WORKERS, LONGEST_TAKEOVER = 3, 30
QUIET = 300
ROWS = "select count(*) from {}.{}"
TABLES = "select schemaname, relname, pg_total_relation_size(relid) from pg_stat_user_tables"
COMMITS = "select xact_commit from pg_stat_database where datname = current_database()"


def held(url: str) -> tuple[dict[str, int], dict[str, int], int]:
    """Rows and bytes of each schema, and the transactions that the server has made."""
    rows, taken = dict[str, int](), dict[str, int]()
    with psycopg.connect(url) as connection:
        for schema, table, bytes_ in connection.execute(TABLES).fetchall():
            found = connection.execute(
                psycopg.sql.SQL(ROWS).format(
                    psycopg.sql.Identifier(schema), psycopg.sql.Identifier(table)
                )
            ).fetchone()
            rows[schema] = rows.get(schema, 0) + (found[0] if found else 0)
            taken[schema] = taken.get(schema, 0) + bytes_
        made = connection.execute(COMMITS).fetchone()
    return rows, taken, made[0] if made else 0


def server_cpu(url: str) -> float:
    """Seconds of the processor that a server on this machine has used, its processes together."""
    with psycopg.connect(url) as connection:
        [me] = connection.execute("select pg_backend_pid()").fetchone() or [0]
        server = int(Path(f"/proc/{me}/stat").read_text().rsplit(")", 1)[1].split()[1])
        own = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        living = sum(cpu_seconds(int(pid)) for pid in own if Path(f"/proc/{pid}").exists())
        return cpu_seconds(server, ended_too=True) + living


def undisturbed() -> list[Figure]:
    """What a run costs when nobody is killed: one worker, one home, one server."""
    with running_postgres() as url, tempfile.TemporaryDirectory() as folder:
        before = server_cpu(url)
        told = asyncio.run(
            trial(Path(folder), url, runs=QUIET, workers=1, kills=0, seed=8, pause=1)
        )
        server = server_cpu(url) - before
    return [
        figure("CPU of the worker, a run", told.cpu_workers / QUIET * 1000, "ms"),
        figure("CPU of the home, a run", told.cpu_home / QUIET * 1000, "ms"),
        figure("CPU of PostgreSQL, a run", server / QUIET * 1000, "ms"),
    ]


def measure() -> list[Figure]:
    with running_postgres() as url, tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(
            trial(
                Path(folder), url, runs=RUNS, workers=WORKERS, kills=max(2, RUNS // 25), seed=7,
                pause=4,
            )
        )  # fmt: skip
        rows, taken, commits = held(url)
        home = size(Settings(home=Path(folder) / "home").store_path) / RUNS / 1000
    with tempfile.TemporaryDirectory() as folder:
        here = asyncio.run(
            trial_in_one_home(
                Path(folder), runs=RUNS, workers=2, kills=max(2, RUNS // 25), seed=7, pause=2
            )
        )
    return [
        *undisturbed(),
        figure("runs that went through", told.succeeded, "", RUNS, "at least"),
        figure("processes killed", told.kills, ""),
        figure("steps made twice", len(told.doubled), "", 0, "at most"),
        figure("longest takeover", max(told.takeovers, default=0), "s", LONGEST_TAKEOVER),
        figure("a run of 5 steps", told.seconds / RUNS, "s"),
        figure("transactions, a run", commits / RUNS, ""),
        *(figure(f"rows in {name}, a run", rows[name] / RUNS, "") for name in sorted(rows)),
        *(figure(f"in {name}, a run", taken[name] / RUNS / 1000, "kB") for name in sorted(rows)),
        figure("store of the home, a run", home, "kB"),
        figure("one home: runs that went through", here.succeeded, "", RUNS, "at least"),
        figure("one home: processes killed", here.kills, ""),
        figure("one home: steps made twice", len(here.doubled), "", 0, "at most"),
        figure("one home: longest takeover", max(here.takeovers, default=0), "s", LONGEST_TAKEOVER),
        figure("one home: a run of 5 steps", here.seconds / RUNS, "s"),
    ]


if __name__ == "__main__":
    sys.exit(report(measure))
