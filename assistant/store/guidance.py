"""How a job is guided: its plan, its declared cycles, how far its completion is; and its notes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.clock import Clock, rfc3339
from assistant.errors import TargetUnresolved
from assistant.store import deleted
from assistant.store.database import Store

NoteKind = Literal["pending-job", "voice-update", "agent-update", "knowledge", "remark"]
NoteState = Literal["proposed", "kept", "dropped"]


@dataclass(frozen=True)
class GuidanceRow:
    """`plan`: empty while nobody has said, then plan.md, plan.yaml or none. `plan_sha` is that of
    the plan as it was frozen. `completion` says which of its stages are passed."""

    job_id: str
    plan: str = ""
    plan_sha: str = ""
    cycles: int = 1
    completion: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Note:
    """What condense leaves behind. `target` is where it went: a job, a file, the plan."""

    id: int
    job_id: str
    cycle: int
    kind: NoteKind
    lasting: Literal["durable", "ephemeral"]
    text: str
    state: NoteState
    source: int | None
    target: str
    at: str
    decided_at: str | None


class Guidance:
    """Reads and writes guidance, dependencies and notes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def of(self, job_id: str) -> GuidanceRow:
        """A job without a row is guided by nothing yet."""
        row = self._store.row("select * from guidance where job_id = ?", job_id)
        if row is None:
            return GuidanceRow(job_id)
        facts: dict[str, Any] = row | {"completion": json.loads(row["completion"])}
        return GuidanceRow(**facts)

    def name_plan(self, job_id: str, plan: str) -> bool:
        """Say which plan guides a job; False when it was said before."""
        with deleted.told(job_id):
            named = self._store.run(
                "insert into guidance (job_id, plan) values (?, ?)"
                " on conflict (job_id) do update set plan = excluded.plan where plan = ''",
                job_id, plan,
            )  # fmt: skip
        return bool(named)

    def keep(self, row: GuidanceRow) -> None:
        """Write a row whole."""
        with deleted.told(row.job_id):
            self._store.run(
                "insert into guidance (job_id, plan, plan_sha, cycles, completion)"
                " values (?, ?, ?, ?, ?) on conflict (job_id) do update set plan = excluded.plan,"
                " plan_sha = excluded.plan_sha, cycles = excluded.cycles,"
                " completion = excluded.completion",
                row.job_id, row.plan, row.plan_sha, row.cycles,
                json.dumps(row.completion, ensure_ascii=False),
            )  # fmt: skip

    def approved(self) -> list[str]:
        """Ids of the jobs whose completion is approved and which are not completed."""
        rows = self._store.rows(
            "select g.job_id from guidance g join jobs j on j.id = g.job_id"
            " where j.status <> 'completed' and g.completion ->> 'approved_at' is not null"
            " order by g.job_id"
        )
        return [row["job_id"] for row in rows]

    # Dependencies

    def waiting_for(self, job_id: str) -> list[str]:
        """Ids of the jobs that wait for a job."""
        rows = self._store.rows(
            "select job_id from dependencies where depends_on = ? order by job_id", job_id
        )
        return [row["job_id"] for row in rows]

    def depends_on(self, job_id: str) -> list[str]:
        """Ids of the jobs that a job waits for."""
        rows = self._store.rows(
            "select depends_on from dependencies where job_id = ? order by depends_on", job_id
        )
        return [row["depends_on"] for row in rows]

    def edges(self) -> dict[str, list[str]]:
        """All dependencies: job id → ids it waits for."""
        found: dict[str, list[str]] = {}
        for row in self._store.rows("select * from dependencies order by depends_on"):
            found.setdefault(row["job_id"], []).append(row["depends_on"])
        return found

    def depend(self, job_id: str, on: str) -> None:
        with deleted.told(job_id):
            self._store.run("insert or ignore into dependencies values (?, ?)", job_id, on)

    def undepend(self, job_id: str, on: str) -> bool:
        return bool(
            self._store.run(
                "delete from dependencies where job_id = ? and depends_on = ?", job_id, on
            )
        )

    # Notes

    def note(
        self,
        job_id: str,
        cycle: int,
        kind: str,
        lasting: str,
        text: str,
        *,
        state: str = "proposed",
        source: int | None = None,
        target: str = "",
    ) -> Note:
        """Write a note down."""
        at, connection = rfc3339(self._clock.now()), self._store.db.conn
        decided = None if state == "proposed" else at
        with deleted.told(job_id), connection:
            made = connection.execute(
                "insert into notes (job_id, cycle, kind, lasting, text, state, source, target, at,"
                " decided_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (job_id, cycle, kind, lasting, text, state, source, target, at, decided),
            ).lastrowid
        return self.get_note(made or 0)

    def get_note(self, number: int) -> Note:
        """Raises TargetUnresolved."""
        row = self._store.row("select * from notes where id = ?", number)
        if row is None:
            raise TargetUnresolved(f"there is no note {number}")
        return Note(**row)

    def notes(self, job_id: str = "", *, cycle: int = 0, state: str = "") -> list[Note]:
        """Notes, the oldest first: of a job or all, of a cycle or all, in a state or any."""
        rows = self._store.rows(
            "select * from notes where (? = '' or job_id = ?) and (? = 0 or cycle = ?)"
            " and (? = '' or state = ?) order by id",
            job_id, job_id, cycle, cycle, state, state,
        )  # fmt: skip
        return [Note(**row) for row in rows]

    def decide_note(self, number: int, state: str, target: str = "") -> Note:
        """Keep or drop a note. Raises TargetUnresolved when that was decided before."""
        changed = self._store.run(
            "update notes set state = ?, target = ?, decided_at = ?"
            " where id = ? and state = 'proposed'",
            state, target, rfc3339(self._clock.now()), number,
        )  # fmt: skip
        note = self.get_note(number)
        if not changed:
            raise TargetUnresolved(f"note {number} is {note.state} already")
        return note
