"""Incidents: every failure noted once, grouped by what it has in common with others.

An incident tells how often, since when, in which jobs, and what mended it before. The failures
themselves are kept apart from the runs, so that they outlive a run that retention deletes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.insight.faults import Diagnosis
from assistant.insight.signatures import Failure, Signature, signature_of
from assistant.store.database import Store


@dataclass(frozen=True)
class Incident:
    """All failures of one signature. `fixes` are the patches that mended it, the latest first.

    A fix is `{patch, job, path, source, changes, state, at}`; `state` is `kept` when it proved
    itself, `canary` while it still does.
    """

    signature: str
    fault: str
    skill: str
    host: str
    status: int
    message: str
    count: int
    first_at: str
    last_at: str
    jobs: tuple[str, ...] = ()
    fixes: tuple[dict[str, Any], ...] = field(default=())


class IncidentLog:
    """Writes failures and reads incidents."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def note(self, failure: Failure, diagnosis: Diagnosis) -> Signature:
        """Write a failure down, unless it is known; gives its signature either way.

        Called again with another class (somebody has looked at the source), it is filed anew.
        """
        signature = signature_of(failure, diagnosis.fault)
        connection = self.store.db.conn
        with connection:
            before = connection.execute(
                "select signature from failures where run_id = ? and path = ?",
                (failure.run_id, failure.path),
            ).fetchone()
            if before and before[0] == signature.id:
                return signature
            connection.execute(
                "insert into failures (run_id, path, at, job, signature, because, message, hint)"
                " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict(run_id, path) do update set"
                " signature = excluded.signature, because = excluded.because",
                (
                    failure.run_id, failure.path, failure.at, failure.job, signature.id,
                    diagnosis.because, failure.message[:2000], failure.hint[:500],
                ),
            )  # fmt: skip
            connection.execute(
                "insert into incidents"
                " (signature, fault, skill, host, status, message, first_at, last_at)"
                " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict(signature) do nothing",
                (
                    signature.id, signature.fault, signature.skill, signature.host,
                    signature.status, signature.message, failure.at, failure.at,
                ),
            )  # fmt: skip
            for changed in {signature.id, *(before or ())}:
                connection.execute(_COUNTED, {"signature": changed})
            connection.execute("delete from incidents where count = 0")
        return signature

    def of_failure(self, run_id: str, path: str) -> Incident | None:
        """The incident that a step's failure belongs to, once it is noted."""
        row = self.store.row(
            "select signature from failures where run_id = ? and path = ?", run_id, path
        )
        return self.get(row["signature"]) if row else None

    def get(self, signature: str) -> Incident | None:
        rows = self._read("where i.signature = ?", signature)
        return rows[0] if rows else None

    def list(self, *, job: str = "", since: str = "", limit: int = 100) -> list[Incident]:
        """Incidents, the latest first; of one job; that happened at or after `since`."""
        return self._read(
            "where (? = '' or exists (select 1 from failures f where f.signature = i.signature"
            " and f.job = ?)) and i.last_at >= ? order by i.last_at desc limit ?",
            job, job, since, limit,
        )  # fmt: skip

    def _read(self, tail: str, *values: Any) -> list[Incident]:
        rows = self.store.rows(f"select i.* from incidents i {tail}", *values)  # noqa: S608 - ours
        return [
            Incident(**row, jobs=self._jobs(row["signature"]), fixes=self._fixes(row["signature"]))
            for row in rows
        ]

    def _jobs(self, signature: str) -> tuple[str, ...]:
        rows = self.store.rows(
            "select distinct job from failures where signature = ? order by job", signature
        )
        return tuple(row["job"] for row in rows)

    def _fixes(self, signature: str) -> tuple[dict[str, Any], ...]:
        rows: Sequence[dict[str, Any]] = self.store.rows(
            "select id as patch, run_id, job, path, source, changes, state, decided_at as at"
            " from patches where signature = ? and state in ('kept', 'canary') order by created_at desc limit 5",
            signature,
        )
        return tuple(row | {"changes": json.loads(row["changes"])} for row in rows)


_COUNTED = """
update incidents set
    count = (select count(*) from failures f where f.signature = incidents.signature),
    first_at = coalesce(
        (select min(at) from failures f where f.signature = incidents.signature), first_at),
    last_at = coalesce(
        (select max(at) from failures f where f.signature = incidents.signature), last_at)
where signature = :signature
"""
