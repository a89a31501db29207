"""Triggers in force, what each has seen, and the ledger of firings: what fired and what it became.

A firing is written together with what the trigger has seen, so a change is told once: neither
lost nor told again. Its key names it (a run's id, a delivery, a change), and a second writing
of the same key changes nothing, whichever process it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.store import deleted
from assistant.store.database import Store
from assistant.store.happenings import note_happening

FiringOutcome = Literal["pending", "ran", "coalesced", "missed", "paused"]
CLAIM = timedelta(seconds=60)
LOOK_CLAIM = timedelta(seconds=240)
"""Longer than any look takes."""


@dataclass(frozen=True)
class TriggerSpec:
    """A trigger as the job file has it, under its name there (`feed_changed`, `webhook_2`)."""

    name: str
    kind: str
    options: dict[str, Any]

    @property
    def watched(self) -> str:
        """What it watches: two triggers that watch the same have seen the same."""
        aside = ("with", "debounce", "every", "token", "schema")
        kept = {key: value for key, value in self.options.items() if key not in aside}
        return json.dumps([self.kind, kept], sort_keys=True)


@dataclass(frozen=True)
class TriggerRow:
    """One trigger in force. Instants are RFC 3339 UTC; `state` is what it has seen so far."""

    job_id: str
    name: str
    kind: str
    options: dict[str, Any]
    state: dict[str, Any]
    looks: int
    armed_at: str
    next_look: str | None
    last_look: str | None
    last_fired: str | None
    failures: int
    error: str

    @property
    def debounce(self) -> timedelta:
        return timedelta(seconds=float(self.options.get("debounce", 0)))


@dataclass(frozen=True)
class Change:
    """Something that fires a trigger. `data` is what its run is told."""

    key: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Firing:
    """One change and what became of it. `job` is the job's id."""

    job: str
    trigger: str
    key: str
    at: str
    data: dict[str, Any]
    outcome: FiringOutcome
    reason: str
    run_id: str | None
    decided_at: str

    @property
    def at_moment(self) -> datetime:
        return parse_rfc3339(self.at)


class TriggerLedger:
    """Reads and writes triggers and firings. One object serves every thread."""

    def __init__(self, store: Store, *, clock: Clock | None = None) -> None:
        self.store = store
        self.clock = clock or store.clock

    # What is in force

    def arm(self, job_id: str, wanted: Sequence[TriggerSpec]) -> None:
        """These triggers, and no others, are the job's from now on.

        What watches the same thing as before goes on from what it has seen; a new one begins
        with a first look, which fires nothing.
        """
        now = rfc3339(self.clock.now())
        before = {TriggerSpec(t.name, t.kind, t.options).watched: t for t in self.of(job_id)}
        connection = self.store.db.conn
        with deleted.told(job_id), connection:
            connection.execute("delete from triggers where job_id = ?", (job_id,))
            for spec in wanted:
                old = before.get(spec.watched)
                connection.execute(
                    "insert into triggers (job_id, name, kind, options, state, looks, armed_at,"
                    " next_look, last_look, last_fired) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        job_id, spec.name, spec.kind, json.dumps(spec.options),
                        json.dumps(old.state if old else {}), old.looks + 1 if old else 0,
                        old.armed_at if old else now, now if "every" in spec.options else None,
                        old.last_look if old else None, old.last_fired if old else None,
                    ),
                )  # fmt: skip
        if not wanted:
            self.decide_all(job_id, "missed", "the triggers were switched off")

    def of(self, job_id: str) -> list[TriggerRow]:
        """The triggers of a job that are in force, in the order of their names."""
        return self._triggers("where job_id = ? order by name", job_id)

    def find(self, job_id: str, name: str) -> TriggerRow | None:
        return next(iter(self._triggers("where job_id = ? and name = ?", job_id, name)), None)

    def of_kinds(self, kinds: Iterable[str]) -> list[TriggerRow]:
        wanted = tuple(kinds)
        gaps = ", ".join("?" * len(wanted))
        return self._triggers(f"where kind in ({gaps})", *wanted)

    # Looking

    def due(self, now: datetime, limit: int) -> list[TriggerRow]:
        """Triggers whose next look has come and that nobody is looking at."""
        return self._triggers(
            "where next_look <= ? and (claimed_until is null or claimed_until < ?)"
            " order by next_look limit ?",
            rfc3339(now), rfc3339(now), limit,
        )  # fmt: skip

    def earliest(self) -> datetime | None:
        """When the next look is due; None when nothing is looked at."""
        row = self.store.row(
            "select min(next_look) as due from triggers"
            " where claimed_until is null or claimed_until < ?",
            rfc3339(self.clock.now()),
        )
        return parse_rfc3339(row["due"]) if row and row["due"] else None

    def claim_look(self, trigger: TriggerRow) -> bool:
        """Take a look for this process; false when another was faster."""
        now = self.clock.now()
        return bool(
            self.store.run(
                "update triggers set claimed_until = ? where job_id = ? and name = ? and looks = ?"
                " and (claimed_until is null or claimed_until < ?)",
                rfc3339(now + LOOK_CLAIM), trigger.job_id, trigger.name, trigger.looks, rfc3339(now),
            )
        )  # fmt: skip

    def looked(
        self,
        trigger: TriggerRow,
        state: dict[str, Any],
        changes: Sequence[Change],
        *,
        next_look: datetime | None,
    ) -> bool:
        """Write what a look has seen, and what fires by it, at once.

        False, and nothing is written, when another process has looked meanwhile.
        """
        now = rfc3339(self.clock.now())
        connection = self.store.db.conn
        with connection:
            moved = connection.execute(
                "update triggers set state = ?, looks = looks + 1, last_look = ?, next_look = ?,"
                " failures = 0, error = '', claimed_until = null"
                " where job_id = ? and name = ? and looks = ?",
                (
                    json.dumps(state), now, rfc3339(next_look) if next_look else None,
                    trigger.job_id, trigger.name, trigger.looks,
                ),
            ).rowcount  # fmt: skip
            if moved:
                for change in changes:
                    self._insert(trigger, change, now)
        return bool(moved)

    def look_failed(self, trigger: TriggerRow, error: str, *, next_look: datetime) -> None:
        """Note why a look gave nothing, and when to look again; what was seen stays."""
        self.store.run(
            "update triggers set failures = failures + 1, error = ?, last_look = ?, next_look = ?,"
            " claimed_until = null where job_id = ? and name = ? and looks = ?",
            error, rfc3339(self.clock.now()), rfc3339(next_look),
            trigger.job_id, trigger.name, trigger.looks,
        )  # fmt: skip

    def release_look(self, trigger: TriggerRow) -> None:
        """Give a look that was not made back."""
        self.store.run(
            "update triggers set claimed_until = null where job_id = ? and name = ? and looks = ?",
            trigger.job_id, trigger.name, trigger.looks,
        )  # fmt: skip

    def seen_up_to(self, kinds: Iterable[str], moment: datetime) -> None:
        """Triggers of these kinds have seen everything up to a moment."""
        wanted = tuple(kinds)
        gaps = ", ".join("?" * len(wanted))
        self.store.run(
            f"update triggers set last_look = ? where kind in ({gaps})",  # noqa: S608
            rfc3339(moment), *wanted,
        )  # fmt: skip

    # Firing

    def fire(self, trigger: TriggerRow, change: Change) -> bool:
        """Write a firing; false when its key has fired before."""
        connection = self.store.db.conn
        with connection:
            return self._insert(trigger, change, rfc3339(self.clock.now()))

    def _insert(self, trigger: TriggerRow, change: Change, now: str) -> bool:
        made = self.store.db.conn.execute(
            "insert into firings (job, trigger, key, at, data, outcome, decided_at)"
            " values (?, ?, ?, ?, ?, 'pending', ?) on conflict do nothing",
            (trigger.job_id, trigger.name, change.key, now, json.dumps(change.data), now),
        )
        return bool(made.rowcount)

    def pending_jobs(self) -> list[str]:
        """Jobs with firings that nobody has decided, the longest waiting first."""
        rows = self.store.rows(
            "select job, min(at) as first from firings where outcome = 'pending'"
            " group by job order by first"
        )
        return [row["job"] for row in rows]

    def pending(self, job_id: str) -> list[Firing]:
        """The undecided firings of a job, oldest first."""
        return self._firings("where job = ? and outcome = 'pending' order by at, rowid", job_id)

    def claim(self, firing: Firing, worker: str) -> bool:
        """Take a firing to decide it; another process's claim holds for a minute."""
        now = self.clock.now()
        return bool(
            self.store.run(
                "update firings set claimed_by = ?, claimed_until = ?"
                " where job = ? and trigger = ? and key = ? and outcome = 'pending'"
                " and (claimed_by is null or claimed_by = ? or claimed_until < ?)",
                worker, rfc3339(now + CLAIM), firing.job, firing.trigger, firing.key,
                worker, rfc3339(now),
            )
        )  # fmt: skip

    def join(self, group: Sequence[Firing], data: dict[str, Any]) -> Firing:
        """Let the last firing of a group stand for all: it carries `data`, the others end as
        coalesced."""
        last, now = group[-1], rfc3339(self.clock.now())
        connection = self.store.db.conn
        with connection:
            connection.execute(
                "update firings set data = ? where job = ? and trigger = ? and key = ?",
                (json.dumps(data), last.job, last.trigger, last.key),
            )
            connection.executemany(
                "update firings set outcome = 'coalesced', reason = ?, decided_at = ?"
                " where job = ? and trigger = ? and key = ? and outcome = 'pending'",
                [(f"told with {last.key}", now, f.job, f.trigger, f.key) for f in group[:-1]],
            )
        return replace(last, data=data)

    def decide(
        self, firing: Firing, outcome: FiringOutcome, *, reason: str = "", run_id: str | None = None
    ) -> None:
        """Write what became of a firing. A run that is there is told whatever was said before."""
        now = rfc3339(self.clock.now())
        with self.store.db.conn as connection:
            changed = connection.execute(
                "update firings set outcome = ?, reason = ?, run_id = ?, decided_at = ?"
                " where job = ? and trigger = ? and key = ? and (outcome = 'pending' or ? = 'ran')",
                (
                    outcome, reason, run_id, now, firing.job, firing.trigger, firing.key, outcome,
                ),
            ).rowcount  # fmt: skip
            if changed and outcome == "missed":
                about = {"due": firing.at, "reason": f"trigger {firing.trigger}: {reason}"}
                note_happening(connection, "missed", now, job_id=firing.job, data=about)
        if changed and outcome == "ran":
            self.store.run(
                "update triggers set last_fired = ? where job_id = ? and name = ?",
                now, firing.job, firing.trigger,
            )  # fmt: skip

    def decide_all(self, job_id: str, outcome: FiringOutcome, reason: str) -> int:
        """Decide every pending firing of a job that nobody is deciding right now."""
        now = rfc3339(self.clock.now())
        return self.store.run(
            "update firings set outcome = ?, reason = ?, decided_at = ? where job = ?"
            " and outcome = 'pending' and (claimed_until is null or claimed_until < ?)",
            outcome, reason, now, job_id, now,
        )  # fmt: skip

    # Reading

    def firing(self, job_id: str, trigger: str, key: str) -> Firing | None:
        tail = "where job = ? and trigger = ? and key = ?"
        return next(iter(self._firings(tail, job_id, trigger, key)), None)

    def firings(
        self, job_id: str = "", *, since: datetime | None = None, limit: int = 50
    ) -> list[Firing]:
        """Firings of a job (or of all), the latest first."""
        test, values = ("job = ? and ", [job_id]) if job_id else ("", [])
        return self._firings(
            f"where {test} at >= ? order by at desc, rowid desc limit ?",
            *values, rfc3339(since) if since else "", limit,
        )  # fmt: skip

    def _triggers(self, tail: str, *values: Any) -> list[TriggerRow]:
        names = ", ".join(TriggerRow.__dataclass_fields__)
        rows = self.store.rows(f"select {names} from triggers {tail}", *values)  # noqa: S608
        return [
            TriggerRow(
                **row | {"options": json.loads(row["options"]), "state": json.loads(row["state"])}
            )
            for row in rows
        ]

    def _firings(self, tail: str, *values: Any) -> list[Firing]:
        names = ", ".join(Firing.__dataclass_fields__)
        rows = self.store.rows(f"select {names} from firings {tail}", *values)  # noqa: S608
        return [Firing(**row | {"data": json.loads(row["data"])}) for row in rows]
