"""What has happened and may be worth an alert, written in the transaction of what happened.

So nothing is forgotten when the process ends right after, and nothing told that did not happen.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from assistant.clock import rfc3339
from assistant.store.database import Store


@dataclass(frozen=True)
class Happening:
    """`kind`: `ended asked decided missed`, or the kind of alert that it is (`healed`)."""

    id: int
    kind: str
    run_id: str
    job_id: str
    data: dict[str, Any]
    at: str


def note_happening(
    connection: sqlite3.Connection,
    kind: str,
    at: str,
    *,
    run_id: str = "",
    job_id: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write it within the open transaction of a connection."""
    connection.execute(
        "insert into happenings (kind, run_id, job_id, data, at) values (?, ?, ?, ?, ?)",
        (kind, run_id, job_id, json.dumps(data or {}), at),
    )


def announce(
    store: Store, kind: str, *, job_id: str = "", run_id: str = "", title: str, text: str
) -> None:
    """Ask for an alert of a kind that no event stands for, such as `healed`."""
    with store.db.conn as connection:
        note_happening(
            connection, kind, rfc3339(store.clock.now()), run_id=run_id, job_id=job_id,
            data={"title": title, "text": text},
        )  # fmt: skip


def waiting_happenings(store: Store, *, limit: int = 500) -> list[Happening]:
    """Those that nobody has looked at, oldest first."""
    rows = store.rows("select * from happenings order by id limit ?", limit)
    return [Happening(**(row | {"data": json.loads(row["data"])})) for row in rows]


def take_happening(connection: sqlite3.Connection, happening: Happening) -> bool:
    """Take it within the open transaction; False when another process has."""
    done = connection.execute("delete from happenings where id = ?", (happening.id,))
    return bool(done.rowcount)
