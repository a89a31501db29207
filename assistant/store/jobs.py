"""Jobs, their interactions, drafts and versions: written here, read by everyone.

A version is immutable and numbered; accepting one also writes it to the job's folder
(`jobs/<name>/job.yaml`). Commands take an id or a name; `get` takes either.
"""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from assistant.clock import Clock, rfc3339
from assistant.errors import BindingsInvalid, JobNotFound, TargetUnresolved
from assistant.ids import Entropy, four_letters, new_run_id, stamp
from assistant.settings import Settings
from assistant.store import deleted
from assistant.store.database import Store
from assistant.store.files import sha256, write_atomically
from assistant.store.interactions import Interaction, Interactions

__all__ = ["NAME", "Draft", "Interaction", "JobRecord", "JobRepository", "Status", "Version"]

Status = Literal["pending", "active", "parked", "completed"]
NAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class JobRecord:
    """One job as the store knows it. `version` is the one in force; 0 is none yet."""

    id: str
    name: str
    title: str
    status: Status
    enabled: bool
    paused: bool
    stage: int
    cycle: int
    phase: str
    version: int
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class Version:
    """An accepted state of a job file. `grants` is what its acceptance allows to be written to."""

    job_id: str
    number: int
    author: str
    message: str
    sha256: str
    yaml: str
    grants: tuple[dict[str, Any], ...]
    created_at: str


@dataclass(frozen=True)
class Draft:
    """A proposed job file: `open` until it is approved, rejected or replaced by a later one."""

    id: str
    job_id: str
    yaml: str
    request: str
    state: str
    card: dict[str, Any]
    created_at: str
    decided_at: str | None = None
    template: str = ""
    """The template that it was filled from; empty for any other draft."""


class JobRepository:
    """Reads and writes jobs. Safe from several threads and processes."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        clock: Clock | None = None,
        entropy: Entropy = four_letters,
    ) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock or store.clock
        self.entropy = entropy
        self.said = Interactions(store, self.clock)

    # Jobs

    def create(self, wanted: str, *, title: str = "", status: Status = "active") -> JobRecord:
        """A new job. A name that is taken gets a number: `digest-2`."""
        if not NAME.fullmatch(wanted):
            raise _bad_name(wanted)
        moment = self.clock.now()
        name = self.free_name(wanted)
        while True:
            at = rfc3339(moment)
            try:
                self.store.run(
                    "insert into jobs (id, name, title, status, created_at, updated_at)"
                    " values (?, ?, ?, ?, ?, ?)",
                    stamp(moment), name, title, status, at, at,
                )  # fmt: skip
                return self.get(stamp(moment))
            except sqlite3.IntegrityError:
                # Another job of the same millisecond, or another process took the name.
                moment += timedelta(milliseconds=1)
                name = self.free_name(wanted)

    def free_name(self, wanted: str) -> str:
        """`wanted`, or the first of `wanted-2`, `wanted-3` … that no job has."""
        taken = {
            row["name"]
            for row in self.store.rows(
                "select name from jobs where name = ? or name like ?", wanted, f"{wanted}-%"
            )
        }
        if wanted not in taken:
            return wanted
        return next(n for i in range(2, len(taken) + 3) if (n := f"{wanted[:58]}-{i}") not in taken)

    def find(self, ident: str) -> JobRecord | None:
        """The job of that id or name, if there is one."""
        row = self.store.row("select * from jobs where id = ? or name = ?", ident, ident)
        return _job(row) if row else None

    def get(self, ident: str) -> JobRecord:
        """The job of that id or name. Raises JobNotFound with the nearest name."""
        if found := self.find(ident):
            return found
        names = [row["name"] for row in self.store.rows("select name from jobs")]
        near = difflib.get_close_matches(ident, names, n=1)
        raise JobNotFound(
            f"there is no job {ident[:80]!r}",
            hint=f"Did you mean {near[0]!r}?"
            if near
            else "`assistant jobs list` shows the jobs there are.",
        )

    def list(self, *, status: str = "", limit: int = 1000) -> list[JobRecord]:
        """Jobs, the latest changed first."""
        where = "where status = ?" if status else ""
        values = (status,) if status else ()
        asked = f"select * from jobs {where} order by updated_at desc, id desc limit ?"  # noqa: S608
        return [_job(row) for row in self.store.rows(asked, *values, limit)]

    def update(self, job_id: str, **changes: Any) -> JobRecord:
        """Change columns of a job: `update(id, phase="plan", cycle=2)`."""
        allowed = {"title", "status", "enabled", "paused", "stage", "cycle", "phase"}
        if unknown := changes.keys() - allowed:
            raise KeyError(f"no such columns: {sorted(unknown)}")
        columns = ", ".join(f"{name} = ?" for name in changes)
        self.store.run(
            f"update jobs set {columns}, updated_at = ? where id = ?",  # noqa: S608
            *changes.values(), rfc3339(self.clock.now()), job_id,
        )  # fmt: skip
        return self.get(job_id)

    def move(self, job: JobRecord, phase: str, cycle: int, facts: dict[str, Any]) -> bool:
        """Put a job into a phase and keep the move with its facts, both or neither.

        False when the job is no longer where `job` says: another writer moved it meanwhile.
        """
        at, connection = rfc3339(self.clock.now()), self.store.db.conn
        with connection:
            moved = connection.execute(
                "update jobs set phase = ?, cycle = ?, updated_at = ?"
                " where id = ? and phase = ? and cycle = ?",
                (phase, cycle, at, job.id, job.phase, job.cycle),
            ).rowcount
            if moved:
                connection.execute(
                    "insert into interactions (job_id, at, kind, role, text, data)"
                    " values (?, ?, 'phase', 'system', '', ?)",
                    (job.id, at, _json(facts)),
                )
        return bool(moved)

    def rename(self, ident: str, name: str) -> JobRecord:
        """Another name; the job's folder moves with it. The id stays."""
        if not NAME.fullmatch(name):
            raise _bad_name(name)
        job = self.get(ident)
        if name == job.name:
            return job
        try:
            self.store.run(
                "update jobs set name = ?, updated_at = ? where id = ?",
                name, rfc3339(self.clock.now()), job.id,
            )  # fmt: skip
        except sqlite3.IntegrityError as taken:
            raise BindingsInvalid(
                f"another job is named {name!r}", hint=f"{self.free_name(name)!r} is free."
            ) from taken
        folder = self.settings.job_dir(job.name)
        if folder.exists():
            folder.rename(self.settings.job_dir(name))
        return self.get(job.id)

    # Interactions

    def add_interaction(
        self, job_id: str, kind: str, role: str, text: str, data: dict[str, Any] | None = None
    ) -> Interaction:
        """Append to what was said in a job."""
        return self.said.add(job_id, kind, role, text, data)

    def interactions(self, job_id: str, *, after: int = 0, last: int = 0) -> list[Interaction]:
        """What was said, oldest first: all of it, what came after an id, or the last so many."""
        return self.said.of(job_id, after=after, last=last)

    # Drafts

    def propose(
        self,
        job_id: str,
        yaml: str,
        *,
        request: str = "",
        template: str = "",
        card: dict[str, Any] | None = None,
    ) -> Draft:
        """A new open draft; an open one before it is `replaced`. Raises JobNotFound."""
        moment = self.clock.now()
        made = Draft(
            new_run_id(moment, self.entropy), job_id, yaml, request, "open", card or {},
            rfc3339(moment), template=template,
        )  # fmt: skip
        connection = self.store.db.conn
        with deleted.told(job_id), connection:
            connection.execute(
                "update drafts set state = 'replaced', decided_at = ?"
                " where job_id = ? and state = 'open'",
                (made.created_at, job_id),
            )
            connection.execute(
                "insert into drafts (id, job_id, yaml, request, state, card, created_at, template)"
                " values (?, ?, ?, ?, 'open', ?, ?, ?)",
                (made.id, job_id, yaml, request, _json(made.card), made.created_at, template),
            )
        return made

    def draft(self, draft_id: str) -> Draft:
        """Raises TargetUnresolved when there is no such draft."""
        row = self.store.row("select * from drafts where id = ?", draft_id)
        if row is None:
            raise TargetUnresolved(f"there is no draft {draft_id[:80]!r}")
        return _draft(row)

    def open_draft(self, job_id: str) -> Draft | None:
        """The draft of a job that waits for a word, if one does."""
        row = self.store.row(
            "select * from drafts where job_id = ? and state = 'open' order by created_at desc",
            job_id,
        )
        return _draft(row) if row else None

    def drafted(self) -> set[str]:
        """The ids of the jobs whose draft waits for a word."""
        rows = self.store.rows("select distinct job_id from drafts where state = 'open'")
        return {row["job_id"] for row in rows}

    def begun_with(self, job_id: str) -> str:
        """The template that a job's first draft was filled from; empty when there was none."""
        row = self.store.row(
            "select template from drafts where job_id = ? and template != '' order by created_at",
            job_id,
        )
        return row["template"] if row else ""

    def keep_card(self, draft_id: str, card: dict[str, Any]) -> None:
        """Keep what was shown for a draft, so that any screen can show it again."""
        self.store.run("update drafts set card = ? where id = ?", _json(card), draft_id)

    def reject(self, draft_id: str) -> Draft:
        """Close an open draft. Raises TargetUnresolved when it is not open (any more)."""
        connection = self.store.db.conn
        with connection:
            if not _close_draft(connection, draft_id, "rejected", rfc3339(self.clock.now())):
                raise self._not_open(draft_id)
        return self.draft(draft_id)

    def _not_open(self, draft_id: str) -> TargetUnresolved:
        state = self.draft(draft_id).state
        return TargetUnresolved(f"this draft is already {state}", hint="Ask for a new draft.")

    # Versions

    def accept(
        self,
        job_id: str,
        yaml: str,
        *,
        author: str,
        message: str = "",
        grants: Sequence[dict[str, Any]] = (),
        draft_id: str = "",
    ) -> Version:
        """Make `yaml` the job's next version, in force from now on, and write its file.

        `draft_id`: it comes from this draft, which is approved by it. Raises TargetUnresolved
        when the draft is not open (any more); nothing is accepted then.
        """
        at, connection = rfc3339(self.clock.now()), self.store.db.conn
        with deleted.told(job_id), connection:
            if draft_id and not _close_draft(connection, draft_id, "approved", at):
                raise self._not_open(draft_id)
            connection.execute(
                "insert into versions"
                " (job_id, number, author, message, sha256, yaml, grants, created_at)"
                " select ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ?"
                " from versions where job_id = ?",
                (job_id, author, message, sha256(yaml), yaml, _json(list(grants)), at, job_id),
            )
            connection.execute(
                "update jobs set updated_at = ?,"
                " version = (select max(number) from versions where job_id = jobs.id)"
                " where id = ?",
                (at, job_id),
            )
        job = self.get(job_id)
        write_atomically(self.settings.job_dir(job.name) / "job.yaml", yaml)
        return self.version(job_id)

    def version(self, job_id: str, number: int = 0) -> Version:
        """A version by number; 0 is the one in force. Raises TargetUnresolved."""
        row = self.store.row(
            "select v.* from versions v join jobs j on j.id = v.job_id"
            " where v.job_id = ? and v.number = case when ? = 0 then j.version else ? end",
            job_id, number, number,
        )  # fmt: skip
        if row is None and number:
            told = f"this job has no version {number}"
            raise TargetUnresolved(told, hint="`assistant jobs versions` shows those there are.")
        if row is None:
            raise TargetUnresolved("this job has no accepted version", hint=self._to_accept(job_id))
        return _version(row)

    def _to_accept(self, job_id: str) -> str:
        """The command that leads to an accepted version."""
        name = job.name if (job := self.find(job_id)) else "JOB"
        if self.open_draft(job_id) is not None:
            return f"Approve its draft first: `assistant jobs approve {name}`."
        return f'Say first what it should do: `assistant jobs draft "…" --job {name}`.'

    def versions(self, job_id: str) -> list[Version]:
        """All versions, the latest first."""
        rows = self.store.rows(
            "select * from versions where job_id = ? order by number desc", job_id
        )
        return [_version(row) for row in rows]


def _close_draft(connection: sqlite3.Connection, draft_id: str, state: str, at: str) -> bool:
    """False when the draft is not open: somebody else has decided."""
    return bool(
        connection.execute(
            "update drafts set state = ?, decided_at = ? where id = ? and state = 'open'",
            (state, at, draft_id),
        ).rowcount
    )


def _bad_name(name: str) -> BindingsInvalid:
    return BindingsInvalid(
        f"{name[:80]!r} cannot be a job's name",
        hint="Use a-z, 0-9 and dashes, at most 64 characters: ai-digest.",
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _job(row: dict[str, Any]) -> JobRecord:
    flags = {"enabled": bool(row["enabled"]), "paused": bool(row["paused"])}
    facts: dict[str, Any] = row | flags
    return JobRecord(**facts)


def _draft(row: dict[str, Any]) -> Draft:
    facts: dict[str, Any] = row | {"card": json.loads(row["card"])}
    return Draft(**facts)


def _version(row: dict[str, Any]) -> Version:
    facts: dict[str, Any] = row | {"grants": tuple(json.loads(row["grants"]))}
    return Version(**facts)
