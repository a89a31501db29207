"""What dead workers of a PostgreSQL left undone, and who takes it up.

The durable engine would offer it to every process alike. Here a run, with its branches and the jobs
that it called, goes to a process that can make it: into a queue that this process alone serves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

_QUEUE = "taken up by "
_LEFT = """(status = 'PENDING' and executor_id = :worker)
    or (status = 'ENQUEUED' and queue_name = :queue)"""
# Nothing in these comes from outside.
_WORKERS = f"""
select distinct executor_id from dbos.workflow_status where status = 'PENDING'
union select distinct substr(queue_name, {len(_QUEUE) + 1}) from dbos.workflow_status
where status = 'ENQUEUED' and queue_name like '{_QUEUE}%'
"""  # noqa: S608
_RUNS = f"""
with recursive line(id, top, parent, depth) as (
    select workflow_uuid, workflow_uuid, parent_workflow_id, 0
    from dbos.workflow_status where {_LEFT}
    union all
    select line.id, above.workflow_uuid, above.parent_workflow_id, depth + 1
    from line join dbos.workflow_status above on above.workflow_uuid = line.parent
)
select distinct on (id) id, top from line order by id, depth desc
"""  # noqa: S608
_TAKE = f"""
update dbos.workflow_status
set status = 'ENQUEUED', queue_name = :mine, owner_xid = null, started_at_epoch_ms = null
where workflow_uuid = any(:ids) and ({_LEFT})
"""  # noqa: S608


def queue_of_worker(worker: str) -> str:
    """The queue from which one process takes up what it has given itself."""
    return f"{_QUEUE}{worker}"


class LeftBehind:
    """Asks and changes the durable engine's table. A dead worker is one whose lock the caller holds."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def workers(self) -> set[str]:
        """The names of workers, living or dead, under which something is not done."""
        with self._engine.connect() as connection:
            return {row[0] for row in connection.execute(sa.text(_WORKERS)) if row[0]}

    def runs_of(self, worker: str) -> dict[str, list[str]]:
        """What a worker has not done: by the run that was handed in, its parts of any depth."""
        found = dict[str, list[str]]()
        with self._engine.connect() as connection:
            for part, run_id in connection.execute(sa.text(_RUNS), self._of(worker)):
                found.setdefault(run_id, []).append(part)
        return found

    def take(self, parts: Collection[str], worker: str, to: str) -> int:
        """Give parts of runs from a dead worker to a living one; gives their number."""
        given = self._of(worker) | {"ids": list(parts), "mine": queue_of_worker(to)}
        with self._engine.begin() as connection:
            return connection.execute(sa.text(_TAKE), given).rowcount

    def _of(self, worker: str) -> dict[str, Any]:
        return {"worker": worker, "queue": queue_of_worker(worker)}
