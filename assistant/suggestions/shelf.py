"""A suggestion, its evidence and its change, and the shelf that suggestions are kept on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal

from assistant.clock import rfc3339
from assistant.errors import TargetUnresolved
from assistant.store.database import Store

State = Literal["open", "snoozed", "accepted", "never", "gone"]
AGAIN_AFTER = timedelta(days=30)
"""An accepted suggestion whose reason is there once more may be made again after so long."""


@dataclass(frozen=True)
class Fact:
    """One number that a suggestion rests on."""

    what: str
    value: str


@dataclass(frozen=True)
class Edit:
    """A value at a place of a job file: `("schedule", "cron")`. None takes the place out."""

    place: tuple[str | int, ...]
    value: Any


@dataclass(frozen=True)
class JobEdit:
    """Edits of one job's file, made to the version that they were thought of for."""

    job_id: str
    version: int
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Change:
    """What accepting would do. `words` say it; `does` is how:

    edit: a new version of each of `jobs`; pause: pause the job; template: the template of the
    home named `template` gets `edits`; tell: nothing that can be done by itself.
    """

    words: str
    does: Literal["edit", "pause", "template", "tell"]
    jobs: tuple[JobEdit, ...] = ()
    template: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A reason for a suggestion. `about` parts it from others of its kind and job."""

    kind: str
    job_id: str
    about: str
    text: str
    evidence: tuple[Fact, ...]
    change: Change

    @property
    def id(self) -> str:
        """Short, stable: the same reason has the same id."""
        named = "\n".join((self.kind, self.job_id, self.about))
        return hashlib.sha256(named.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Suggestion:
    """A kept suggestion. `job` is the job's name now; moments are RFC 3339 UTC."""

    id: str
    kind: str
    job_id: str
    job: str
    state: State
    text: str
    evidence: tuple[Fact, ...]
    change: Change
    first_at: str
    last_at: str
    until: str = ""
    decided_at: str | None = None
    decided_by: str = ""
    result: str = ""

    def as_row(self) -> dict[str, Any]:
        """Plain data for screens and JSON."""
        return asdict(self)


class Shelf:
    """The table `suggestions`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, findings: Iterable[Finding]) -> None:
        """Take up what was found, and let go of open ones whose reason is no longer there.

        What a person has snoozed or declined stays so.
        """
        now = self.store.clock.now()
        at, found = rfc3339(now), {finding.id: finding for finding in findings}
        connection = self.store.db.conn
        with connection:
            for finding in found.values():
                connection.execute(_KEEP, _values(finding, at, rfc3339(now - AGAIN_AFTER)))
            gaps = ", ".join("?" * len(found))
            connection.execute(
                f"update suggestions set state = 'gone' where state = 'open' and id not in ({gaps})",  # noqa: S608 - gaps only
                tuple(found),
            )
            connection.execute(
                "update suggestions set state = 'open', until = '' where state = 'snoozed'"
                " and until <= ?",
                (at,),
            )

    def list(self, *, state: str = "open", job_id: str = "") -> list[Suggestion]:
        """Suggestions of a state ("" for any), the latest found first."""
        rows = self.store.rows(
            f"{_SELECT} where (? = '' or s.state = ?) and (? = '' or s.job_id = ?)"
            " order by s.first_at desc, s.id",
            state, state, job_id, job_id,
        )  # fmt: skip
        return [_suggestion(row) for row in rows]

    def get(self, ident: str) -> Suggestion:
        """The suggestion of that id. Raises TargetUnresolved."""
        row = self.store.row(f"{_SELECT} where s.id = ?", ident)
        if row is None:
            raise TargetUnresolved(
                f"there is no suggestion {ident[:40]!r}",
                hint="`assistant insight suggestions` shows those there are.",
            )
        return _suggestion(row)

    def decide(
        self, ident: str, state: State, *, by: str, until: str = "", result: str = ""
    ) -> Suggestion:
        """Write down what a person said."""
        self.store.run(
            "update suggestions set state = ?, until = ?, decided_at = ?, decided_by = ?,"
            " result = ? where id = ?",
            state, until, rfc3339(self.store.clock.now()), by, result, ident,
        )  # fmt: skip
        return self.get(ident)


_KEEP = """
insert into suggestions (id, kind, job_id, state, text, evidence, change, first_at, last_at)
values (:id, :kind, :job_id, 'open', :text, :evidence, :change, :at, :at)
on conflict(id) do update set text = excluded.text, evidence = excluded.evidence,
    change = excluded.change, last_at = excluded.last_at,
    first_at = case when state = 'gone' then excluded.first_at else first_at end,
    state = case when state = 'gone' or (state = 'accepted' and decided_at < :again)
        then 'open' else state end
"""
_SELECT = """
select s.id, s.kind, s.job_id, j.name as job, s.state, s.text, s.evidence, s.change, s.first_at,
    s.last_at, s.until, s.decided_at, s.decided_by, s.result
from suggestions s join jobs j on j.id = s.job_id
"""


def _values(finding: Finding, at: str, again: str) -> dict[str, str]:
    return {
        "id": finding.id, "kind": finding.kind, "job_id": finding.job_id, "text": finding.text,
        "evidence": json.dumps([asdict(fact) for fact in finding.evidence], ensure_ascii=False),
        "change": json.dumps(asdict(finding.change), ensure_ascii=False), "at": at, "again": again,
    }  # fmt: skip


def _suggestion(row: dict[str, Any]) -> Suggestion:
    told = json.loads(row["change"])
    change = Change(
        told["words"], told["does"], template=told["template"], edits=_edits(told["edits"]),
        jobs=tuple(
            JobEdit(one["job_id"], one["version"], _edits(one["edits"])) for one in told["jobs"]
        ),
    )  # fmt: skip
    evidence = tuple(Fact(**fact) for fact in json.loads(row["evidence"]))
    facts: dict[str, Any] = row | {"evidence": evidence, "change": change}
    return Suggestion(**facts)


def _edits(rows: list[dict[str, Any]]) -> tuple[Edit, ...]:
    return tuple(Edit(tuple(row["place"]), row["value"]) for row in rows)
