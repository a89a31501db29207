"""Patches as they are kept: what was proposed for a failing step, on what evidence, and what became
of it. Also which runs healing has looked at, how far each job lets it go, and what it has to tell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, get_args

from assistant.clock import rfc3339
from assistant.errors import TargetUnresolved
from assistant.ids import four_letters, new_run_id
from assistant.store.database import Store
from assistant.store.happenings import announce

Mode = Literal["off", "ask", "automatic"]
MODES: tuple[Mode, ...] = get_args(Mode)
DEFAULT_MODE: Mode = "automatic"
State = Literal[
    "proving",  # it is being tried on recorded inputs
    "refused",  # the proof or the policy said no
    "asked",  # proven; a person decides
    "applying",  # proven; the version is being made
    "canary",  # in force; the next runs are watched
    "kept",  # in force for good
    "rejected",  # a person said no
    "undone",  # taken back, by itself or by a person
    "replaced",  # the file has changed meanwhile
]
OPEN: frozenset[str] = frozenset({"proving", "asked", "applying", "canary"})


@dataclass(frozen=True)
class Patch:
    """A proposed change to one step of a job.

    `changes` is `[{key, before, after}]`, `words` the same in a line each. `evidence` says what was
    seen (`why`, `proof`, `figures`). `trials` are the watched runs: `[{run, better, why}]`.
    """

    id: str
    job_id: str
    job: str
    run_id: str
    path: str
    skill: str
    signature: str
    fault: str
    source: str
    state: State
    decision: str
    reason: str
    changes: tuple[dict[str, Any], ...]
    words: tuple[str, ...]
    evidence: dict[str, Any]
    yaml: str
    base: int
    version: int
    trials: tuple[dict[str, Any], ...]
    seconds: float
    created_at: str
    decided_at: str | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Tended:
    """A run that healing has looked at, and what came of it.

    `outcome` is one of `well`, `patched`, `asked`, `left` (nothing may or need be changed),
    `given_up` (nothing that was tried could be proven).
    """

    run_id: str
    state: str
    outcome: str
    reason: str
    tries: int
    at: str


@dataclass(frozen=True)
class HealingEvent:
    """Something healing did, for screens and alerts. Ids grow.

    `kind` is `proposed`, `refused`, `asked`, `applied`, `accepted`, `rejected`, `kept`, `undone` or
    `replaced`. Those that a person should hear of are alerts, too (`healed`).
    """

    id: int
    at: str
    kind: str
    patch: str
    job: str
    run_id: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])


_TITLES = {
    "applied": "{job} was repaired",
    "asked": "A repair of {job} waits for your word",
    "undone": "A repair of {job} was taken back",
}
_JSON = ("changes", "words", "evidence", "trials")


class PatchRepository:
    """Reads and writes patches. Safe from several threads and processes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- patches

    def add(self, **facts: Any) -> Patch:
        """A new patch in state `proving`; its id sorts by time."""
        now = self.store.clock.now()
        made = facts | {"id": new_run_id(now, four_letters), "created_at": rfc3339(now)}
        columns = {"state": "proving", "decision": "", "trials": (), "evidence": {}} | made
        names = ", ".join(columns)
        gaps = ", ".join("?" * len(columns))
        self.store.run(
            f"insert into patches ({names}) values ({gaps})",  # noqa: S608 - names are ours
            *(_stored(value) for value in columns.values()),
        )
        return self.get(made["id"])

    def get(self, patch_id: str) -> Patch:
        """A patch by its id, or by the start of it when only one fits. Raises TargetUnresolved."""
        rows = self.store.rows(
            "select * from patches where id = ? or id like ? escape '\\' order by id = ? desc limit 2",
            patch_id, f"{_literal(patch_id)}%", patch_id,
        )  # fmt: skip
        if not rows or not patch_id or (len(rows) > 1 and rows[0]["id"] != patch_id):
            raise TargetUnresolved(
                f"there is no one patch {patch_id[:80]!r}",
                hint="`assistant heal list` shows the patches there are.",
            )
        return _patch(rows[0])

    def list(
        self, *, job_id: str = "", run_id: str = "", state: str = "", limit: int = 100
    ) -> list[Patch]:
        """Patches, the latest first."""
        tests, values = ["1 = 1"], list[Any]()
        for name, value in (("job_id", job_id), ("run_id", run_id), ("state", state)):
            if value:
                tests.append(f"{name} = ?")
                values.append(value)
        sql = f"select * from patches where {' and '.join(tests)} order by created_at desc, id desc limit ?"  # noqa: S608 - ours
        return [_patch(row) for row in self.store.rows(sql, *values, limit)]

    def change(self, patch_id: str, *, only: Sequence[str] = (), **facts: Any) -> bool:
        """Change columns of a patch; `only` when it is in one of these states.

        False when it is not: somebody else has decided.
        """
        names = ", ".join(f"{name} = ?" for name in facts)
        where = f" and state in ({', '.join('?' * len(only))})" if only else ""
        return bool(
            self.store.run(
                f"update patches set {names} where id = ?{where}",  # noqa: S608 - names are ours
                *(_stored(value) for value in facts.values()), patch_id, *only,
            )
        )  # fmt: skip

    def on_trial(self, job_id: str) -> Patch | None:
        """The patch of a job whose runs are watched now."""
        return next(iter(self.list(job_id=job_id, state="canary", limit=1)), None)

    def made_since(self, job_id: str, hours: float) -> int:
        """How many patches were proposed for a job within so many hours."""
        start = rfc3339(self.store.clock.now() - timedelta(hours=hours))
        row = self.store.row(
            "select count(*) as n from patches where job_id = ? and created_at > ?", job_id, start
        )
        return row["n"] if row else 0

    # -- runs that were looked at

    def begin(self, run_id: str, worker: str, seconds: float) -> bool:
        """Take a run up, for so many seconds; False when it is done or in other hands."""
        now = self.store.clock.now()
        values = (rfc3339(now + timedelta(seconds=seconds)), rfc3339(now))
        return bool(
            self.store.run(
                "insert into tended (run_id, state, tries, worker, until, at)"
                " values (?, 'begun', 1, ?, ?, ?) on conflict(run_id) do update set"
                " tries = tries + 1, worker = excluded.worker, until = excluded.until"
                " where tended.state = 'begun' and tended.until <= excluded.at",
                run_id, worker, *values,
            )
        )  # fmt: skip

    def done(self, run_id: str, outcome: str, reason: str = "") -> None:
        """Say what came of a run; it is not looked at again."""
        self.store.run(
            "insert into tended (run_id, state, outcome, reason, at) values (?, 'done', ?, ?, ?)"
            " on conflict(run_id) do update set state = 'done', outcome = excluded.outcome,"
            " reason = excluded.reason, at = excluded.at",
            run_id, outcome, reason[:1000], rfc3339(self.store.clock.now()),
        )  # fmt: skip

    def forget(self, run_id: str) -> None:
        """Let a run be looked at again."""
        self.store.run("delete from tended where run_id = ?", run_id)

    def tended(self, run_id: str) -> Tended | None:
        row = self.store.row(
            "select run_id, state, outcome, reason, tries, at from tended where run_id = ?", run_id
        )
        return Tended(**row) if row else None

    def untended(self, since: str, limit: int = 20) -> list[str]:
        """Runs that ended at or after an instant and were not looked at, oldest first.

        One that was begun and whose time is over (its process died) is among them.
        """
        rows = self.store.rows(
            "select r.id from runs r left join tended t on t.run_id = r.id"
            " where r.status in ('succeeded', 'failed', 'timed_out') and r.dry = 0"
            " and r.ended_at >= ? and (t.run_id is null or (t.state = 'begun' and t.until <= ?))"
            " order by r.ended_at, r.id limit ?",
            since, rfc3339(self.store.clock.now()), limit,
        )  # fmt: skip
        return [row["id"] for row in rows]

    def drop_old(self, days: float) -> None:
        """Forget which runs were looked at, and events, from before so many days. Patches stay."""
        start = rfc3339(self.store.clock.now() - timedelta(days=days))
        self.store.run("delete from tended where state = 'done' and at < ?", start)
        self.store.run("delete from healing_events where at < ?", start)

    # -- how far a job lets healing go

    def mode(self, job_id: str) -> Mode:
        row = self.store.row("select mode from healing_modes where job_id = ?", job_id)
        return row["mode"] if row else DEFAULT_MODE

    def set_mode(self, job_id: str, mode: Mode) -> None:
        self.store.run(
            "insert into healing_modes (job_id, mode) values (?, ?)"
            " on conflict(job_id) do update set mode = excluded.mode",
            job_id, mode,
        )  # fmt: skip

    # -- events

    def tell(self, kind: str, patch: Patch, **data: Any) -> None:
        """Note what became of a patch."""
        self.store.run(
            "insert into healing_events (at, kind, patch, job, run_id, data)"
            " values (?, ?, ?, ?, ?, ?)",
            rfc3339(self.store.clock.now()), kind, patch.id, patch.job, patch.run_id,
            json.dumps({"path": patch.path, "fault": patch.fault, "words": patch.words} | data),
        )  # fmt: skip
        if title := _TITLES.get(kind):
            announce(
                self.store, "healed", job_id=patch.job_id, run_id=patch.run_id,
                title=title.format(job=patch.job),
                text=f"{'; '.join(patch.words)}\nassistant heal show {patch.id}",
            )  # fmt: skip

    def events(self, after: int = 0, limit: int = 200) -> list[HealingEvent]:
        """Events after an id, oldest first."""
        rows = self.store.rows(
            "select * from healing_events where id > ? order by id limit ?", after, limit
        )
        return [HealingEvent(**(row | {"data": json.loads(row["data"])})) for row in rows]


def _stored(value: Any) -> Any:
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | tuple) else value
    )


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _patch(row: dict[str, Any]) -> Patch:
    facts: dict[str, Any] = row | {name: json.loads(row[name]) for name in _JSON}
    for name in ("changes", "words", "trials"):
        facts[name] = tuple(facts[name])
    return Patch(**facts)
