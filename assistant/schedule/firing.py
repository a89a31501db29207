"""From firings to a run: which of them belong together, and what the run is told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from assistant.ids import stamp
from assistant.pipeline.triggers import TRIGGERS
from assistant.store.triggers import Firing, TriggerRow

LONGEST_CHAIN = 8
"""So many jobs may start one another by their ends before somebody has to look."""
MOST_TOLD = 500


def groups(pending: Sequence[Firing], rows: Mapping[str, TriggerRow]) -> list[list[Firing]]:
    """The firings that share a run, the longest waiting first.

    Changes that were looked for belong together, and so does all of a trigger with a `debounce`.
    """
    together = dict[str, list[Firing]]()
    for firing in pending:
        row = rows.get(firing.trigger)
        shares = row is not None and (TRIGGERS[row.kind].polls or row.debounce > timedelta())
        name = firing.trigger if shares else f"{firing.trigger} {firing.key}"
        together.setdefault(name, []).append(firing)
    return list(together.values())


def merged(data: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What one run is told of several changes: the last, with all lists joined and counts added."""
    told = dict(data[-1])
    for key, last in told.items():
        values = [one[key] for one in data if key in one]
        if isinstance(last, list):
            joined = [value for one in values if isinstance(one, list) for value in one]
            told[key] = [v for place, v in enumerate(joined) if v not in joined[:place]][
                -MOST_TOLD:
            ]
        elif key.endswith("_count"):
            told[key] = sum(value for value in values if isinstance(value, int))
    return told


def chain_of(group: Sequence[Firing]) -> int:
    """How many jobs have started one another up to here; 0 for what no job has started."""
    # Only what this program wrote itself is believed: a delivery may say anything.
    return max((int(f.data["chain"]) for f in group if f.trigger.startswith("job_")), default=0)


def run_id_of(job: str, firing: Firing) -> str:
    """The id of a firing's run: fixed by the job, the moment and the key, so it exists once."""
    mark = hashlib.sha256(firing.key.encode()).hexdigest()[:8]
    return f"{job}:{stamp(firing.at_moment)}:{firing.trigger}-{mark}"


def told(trigger: TriggerRow, firing: Firing) -> dict[str, Any]:
    """`run.trigger` of the run. What others wrote is under `data`, and nowhere else."""
    return {
        "kind": trigger.kind,
        "name": trigger.name,
        "at": firing.at,
        "key": firing.key,
        "chain": chain_of([firing]),
        "data": firing.data,
    }
