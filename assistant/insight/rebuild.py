"""The figures made anew from the runs' folders, and held against those that are kept.

A run's folder has all its events (`events.jsonl`); the writer of the figures fed with them gives
the same rows that it gave while the run went on. A run without a finished folder, one that still
goes on say, is taken from the store's own events.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.events import Event, RunEnded, RunQueued, from_row
from assistant.insight.figures import FigureWriter
from assistant.store.database import Store

EVENTS, RECEIPT = "events.jsonl", "run_receipt.json"
TABLES = ("run_facts", "skill_calls", "approvals", "files", "model_calls")
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found. `unreadable` are folders whose events could not be read."""

    runs: int
    rows: dict[str, int]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A row that the store and the folders do not agree on; None where there is no such row."""

    table: str
    kept: tuple[Any, ...] | None
    made: tuple[Any, ...] | None


@dataclass
class _Made:
    """Figures made anew in a database of their own."""

    connection: sqlite3.Connection
    done: set[str] = field(default_factory=set[str])
    unreadable: list[str] = field(default_factory=list[str])


def rebuild(store: Store, runs_dir: Path) -> Rebuilt:
    """Make all figures anew, in place of those there are. Runs may go on meanwhile."""
    with closing(_scratch(store)) as scratch:
        made = _Made(scratch)
        _from_folders(made, runs_dir)
        connection = store.db.conn
        with connection:
            # From here on nobody else writes: what happened meanwhile is in the store's events.
            connection.execute("begin immediate")
            _from_store(made, store)
            for table in TABLES:
                _replace(connection, scratch, table)
        return Rebuilt(len(made.done), _counts(scratch), tuple(made.unreadable))


def compare(store: Store, runs_dir: Path) -> list[Difference]:
    """Every row that a rebuild would change; none when the store equals the folders."""
    with closing(_scratch(store)) as scratch:
        made = _Made(scratch)
        _from_folders(made, runs_dir)
        _from_store(made, store)
        return [
            difference
            for table in TABLES
            for difference in _differences(store.db.conn, scratch, table)
        ]


def catch_up(store: Store, runs_dir: Path) -> int:
    """Make the figures of runs that have none, from before there were figures; gives their number.

    Nothing is read when every run has its figures.
    """
    row = store.row(
        "select (select count(*) from runs) as runs, (select count(*) from run_facts) as facts"
    )
    if row is None or row["facts"] >= row["runs"]:
        return 0
    missing = store.rows(
        "select id, job from runs where id not in (select run_id from run_facts) order by id"
    )
    writer, done = FigureWriter(), 0
    for run in missing:
        folder = runs_dir / run["job"] / run["id"]
        events = _finished(folder) or _stored(store, run["id"])
        connection = store.db.conn
        with connection:
            connection.execute("begin immediate")
            # Another process may look at the same time.
            if not store.rows("select 1 from run_facts where run_id = ?", run["id"]):
                writer.hear(connection, events)
                done += 1
    return done


# -- reading -------------------------------------------------------------------------


def _from_folders(made: _Made, runs_dir: Path) -> None:
    writer = FigureWriter()
    for folder in sorted(path.parent for path in runs_dir.glob(f"*/*/{EVENTS}")):
        try:
            events = _finished(folder)
        except (OSError, ValueError, TypeError):
            made.unreadable.append(str(folder))
            continue
        if events and events[0].run_id not in made.done:
            writer.hear(made.connection, events)
            made.done.add(events[0].run_id)


def _from_store(made: _Made, store: Store) -> None:
    """The runs that no folder told of."""
    writer = FigureWriter()
    for row in store.rows("select id from runs order by id"):
        if row["id"] not in made.done:
            writer.hear(made.connection, _stored(store, row["id"]))
            made.done.add(row["id"])


def _finished(folder: Path) -> list[Event]:
    """The events of a run that has ended; none when the folder does not say that it has."""
    path = folder / EVENTS
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        events = list(_events(json.loads(line) for line in lines if line.strip()))
    if not any(isinstance(event, RunEnded) for event in events):
        return []
    return [_completed(events[0], folder), *events[1:]]


def _events(rows: Iterator[dict[str, Any]]) -> Iterator[Event]:
    for row in rows:
        try:
            yield from_row(row)
        except KeyError:  # a kind that this version does not know
            continue


def _completed(event: Event, folder: Path) -> Event:
    """The first event with what its run's receipt knows and an older version did not write."""
    if not isinstance(event, RunQueued) or event.job_id or event.parent_run:
        return event
    try:
        receipt = json.loads((folder / RECEIPT).read_bytes())
        callers = [r["run_id"] for r in receipt["references"] if r["kind"] == "called_by"]
        return replace(event, job_id=receipt["job_id"] or "", parent_run="".join(callers[:1]))
    except (OSError, ValueError, KeyError, TypeError):
        return event


def _stored(store: Store, run_id: str) -> list[Event]:
    rows = store.rows("select data from events where run_id = ? order by seq", run_id)
    return list(_events(json.loads(row["data"]) for row in rows))


# -- tables --------------------------------------------------------------------------


def _scratch(store: Store) -> sqlite3.Connection:
    """An empty database with the same tables."""
    made = sqlite3.connect(":memory:")
    gaps = ", ".join("?" * len(TABLES))
    for row in store.rows(
        f"select sql from sqlite_master where type = 'table' and name in ({gaps})",  # noqa: S608 - gaps only
        *TABLES,
    ):
        made.execute(row["sql"])
    made.execute("create index of_run on model_calls(run_id)")
    return made


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns that are told by events: a row's own number in its table is not."""
    found = [row[1] for row in connection.execute(f"pragma table_info({table})")]
    return [name for name in found if (table, name) != ("model_calls", "id")]


def _ours(table: str) -> str:
    """Which rows are made from runs: calls of models outside of runs have no folder."""
    return "run_id is not null" if table == "model_calls" else "1 = 1"


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(_columns(connection, table))
    order = "run_id, id" if table == "model_calls" else columns
    return connection.execute(
        f"select {columns} from {table} where {_ours(table)} order by {order}"  # noqa: S608 - ours
    )


def _replace(connection: sqlite3.Connection, scratch: sqlite3.Connection, table: str) -> None:
    columns = _columns(scratch, table)
    connection.execute(f"delete from {table} where {_ours(table)}")  # noqa: S608 - ours
    connection.executemany(
        f"insert into {table} ({', '.join(columns)})"  # noqa: S608 - ours
        f" values ({', '.join('?' * len(columns))})",
        _rows(scratch, table),
    )


def _counts(scratch: sqlite3.Connection) -> dict[str, int]:
    return {
        table: scratch.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - ours
        for table in TABLES
    }


def _differences(
    kept: sqlite3.Connection, made: sqlite3.Connection, table: str
) -> Sequence[Difference]:
    """The first differing rows of a table, those of the same key side by side."""
    left, right = list(_rows(kept, table)), list(_rows(made, table))
    if left == right:
        return []
    only_kept, only_made = _apart(left, right), _apart(right, left)
    width = {"run_facts": 1, "skill_calls": 3, "approvals": 2, "files": 2}.get(table, 0)
    if not width:
        return [
            *(Difference(table, row, None) for row in only_kept[:_MOST_SHOWN]),
            *(Difference(table, None, row) for row in only_made[:_MOST_SHOWN]),
        ] or [Difference(table, left[0], right[0])]
    by_key = {row[:width]: row for row in only_made}
    keys = [*(row[:width] for row in only_kept), *by_key]
    of_kept = {row[:width]: row for row in only_kept}
    return [
        Difference(table, of_kept.get(key), by_key.get(key))
        for key in list(dict.fromkeys(keys))[:_MOST_SHOWN]
    ]


def _apart(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    known = set(others)
    return [row for row in rows if row not in known]
