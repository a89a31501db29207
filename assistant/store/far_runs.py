"""Runs in PostgreSQL: what `RunRepository` does, and what machines need to share the work.

A run waits in a queue until a worker claims it that has all its skills and secrets and
understands its snapshot. Its home brings everything that happens in it home, event by event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from assistant.clock import rfc3339
from assistant.errors import ServerAway
from assistant.events import Event, RunEnded, from_row
from assistant.store.database import Store
from assistant.store.runs import Keyed, RunRepository, add_events

if TYPE_CHECKING:
    from assistant.store.postgres import PostgresStore

_WORDS = 0x41535457
"""The advisory lock under which words to runs are written, so that their numbers are in order."""
BEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 15.0


_FITS = (
    "queue = any(?) and skills <@ ?::text[] and secrets <@ ?::text[] and interpreter <= ?"
    " and not guarded"
)
_NOBODY = (
    "(r.guarded or not exists (select 1 from workers w where r.queue = any(w.queues)"
    " and r.skills <@ w.skills and r.secrets <@ w.secrets and w.interpreter >= r.interpreter"
    " and w.beat > now() - make_interval(secs => ?) and w.name <> all(?)))"
)


@dataclass(frozen=True)
class Able:
    """What a worker can take: queues it serves, skills and secrets it has, and its interpreter."""

    queues: tuple[str, ...]
    skills: tuple[str, ...]
    secrets: tuple[str, ...]
    interpreter: int


@dataclass(frozen=True)
class Needs:
    """What a run needs of a worker."""

    queue: str = "default"
    skills: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    interpreter: int = 1
    guarded: bool = False
    """The guard of its job's plugin is at home, so it is made there."""

    def facts(self) -> dict[str, Any]:
        """The columns of a new run that say so."""
        return {
            "queue": self.queue, "skills": _array(self.skills), "secrets": _array(self.secrets),
            "interpreter": self.interpreter, "guarded": self.guarded,
        }  # fmt: skip


@dataclass(frozen=True)
class News:
    """What has happened in one run since it was last asked: columns as they are stored."""

    run: dict[str, Any]
    events: list[Keyed]
    attempts: list[dict[str, Any]]
    last: int
    """The number of the last event."""


@dataclass(frozen=True)
class Holder:
    """A process that takes runs, or has taken some. `runs` have not ended and are in its hands.

    `place` is its machine and process, `silent` the seconds since it was last heard of; a process
    of a home tells neither.
    """

    name: str
    runs: tuple[str, ...]
    place: str = ""
    queues: tuple[str, ...] = ()
    silent: float | None = None


class FarRuns(RunRepository):
    """The runs of a PostgreSQL database."""

    _in_order = "number"

    def __init__(self, store: PostgresStore) -> None:
        super().__init__(cast(Store, store))  # it speaks as one
        self._far = store

    # -- what is different here ------------------------------------------------------

    def record(
        self,
        run_id: str,
        events: Sequence[Keyed] = (),
        *,
        attempts: Sequence[dict[str, Any]] = (),
        run: dict[str, Any] | None = None,
    ) -> None:
        """As at home. Written once more when the connection is lost meanwhile, and it may have
        been: events have keys, and states are the same the second time."""
        try:
            super().record(run_id, events, attempts=attempts, run=run)
        except ServerAway:
            super().record(run_id, events, attempts=attempts, run=run)

    def _hold(self, connection: Any, run_id: str) -> None:
        connection.execute("select 1 from runs where id = ? for update", (run_id,))

    def _add(self, connection: Any, events: Sequence[Keyed]) -> None:
        add_events(connection, events)  # who wants to hear of them hears it at home

    def signal(self, run_id: str, kind: str, path: str = "", **data: Any) -> None:
        self._word(run_id, kind, path, data, origin=None)

    def decide(self, run_id: str, path: str, *, approved: bool, by: str) -> bool:
        data = {"approved": approved, "by": by}
        return self._word(run_id, "decide", path, data, origin=f"{run_id} decide {path}")

    def carry(self, signal: Any, origin: str) -> bool:
        """Take in a word that was left at the run's home; the same one only once."""
        if signal.kind == "decide":
            origin = f"{signal.run_id} decide {signal.path}"
        return self._word(signal.run_id, signal.kind, signal.path, signal.data, origin=origin)

    def _word(
        self, run_id: str, kind: str, path: str, data: Mapping[str, Any], *, origin: str | None
    ) -> bool:
        with self._far.writing() as connection:
            connection.execute("select pg_advisory_xact_lock(?)", (_WORDS,))
            made = connection.execute(
                "insert into signals (run_id, kind, path, data, at, origin)"
                " select ?::text, ?::text, ?::text, ?::text, ?::text, ?::text"
                " where exists (select 1 from runs where id = ?) on conflict do nothing",
                (run_id, kind, path, json.dumps(data), self._now(), origin, run_id),
            )
            return bool(made.rowcount)

    # -- who takes what --------------------------------------------------------------

    def claim(self, worker: str, able: Able, most: int) -> list[tuple[str, dict[str, Any]]]:
        """Take up to so many waiting runs that this worker can make: their ids and requests."""
        rows = self.store.rows(
            "with next as (select id from runs where status = 'queued' and claimed_by = ''"  # noqa: S608
            f" and parent_run is null and {_FITS}"
            " order by priority desc, queued_at, id limit ? for update skip locked)"
            " update runs set claimed_by = ? from next where runs.id = next.id"
            " returning runs.id, runs.request",
            *_what(able), most, worker,
        )  # fmt: skip
        return _requests(rows)

    def claimed(self, worker: str) -> list[tuple[str, dict[str, Any]]]:
        """What a worker has taken and not begun, as `claim` gave it."""
        return _requests(
            self.store.rows(
                "select id, request from runs where claimed_by = ? and status = 'queued'", worker
            )
        )

    def fitting(self, run_ids: Iterable[str], able: Able) -> set[str]:
        """Those of some runs that this worker can make."""
        rows = self.store.rows(
            f"select id from runs where id = any(?) and {_FITS}", list(run_ids), *_what(able)  # noqa: S608
        )  # fmt: skip
        return {row["id"] for row in rows}

    def stranded(self, run_ids: Iterable[str], dead: Iterable[str] = ()) -> set[str]:
        """Those of some runs that no living worker can make, and those that nothing is known of.

        `dead` are workers that were heard of lately and are known to be gone.
        """
        ids = list(run_ids)
        rows = self.store.rows(
            f"select id from runs r where id = any(?) and not {_NOBODY}",  # noqa: S608
            ids, DEAD_AFTER_SECONDS, list(dead),
        )  # fmt: skip
        return set(ids) - {row["id"] for row in rows}

    def claim_stranded(self, worker: str) -> list[tuple[str, dict[str, Any]]]:
        """Take the waiting runs that no living worker can take."""
        rows = self.store.rows(
            "with next as (select id from runs r where status = 'queued' and claimed_by = ''"  # noqa: S608
            f" and parent_run is null and {_NOBODY} order by queued_at, id limit 20 for update skip locked)"
            " update runs set claimed_by = ? from next where runs.id = next.id"
            " returning runs.id, runs.request",
            DEAD_AFTER_SECONDS, [], worker,
        )  # fmt: skip
        return _requests(rows)

    def claims_of(self, status: str) -> set[str]:
        """Workers that hold runs of a status."""
        rows = self.store.rows(
            "select distinct claimed_by from runs where status = ? and claimed_by <> ''", status
        )
        return {row["claimed_by"] for row in rows}

    def release(self, worker: str) -> int:
        """Offer again what a dead worker had claimed and not begun; gives the number of runs."""
        return self.store.run(
            "update runs set claimed_by = '' where claimed_by = ? and status = 'queued'", worker
        )

    def beat(self, worker: str, place: str, able: Able) -> None:
        """A worker lives, and this is what it can do."""
        self.store.run(
            "insert into workers (name, place, queues, skills, secrets, interpreter, beat)"
            " values (?, ?, ?, ?, ?, ?, now()) on conflict (name) do update set"
            " place = excluded.place, queues = excluded.queues, skills = excluded.skills,"
            " secrets = excluded.secrets, interpreter = excluded.interpreter, beat = now()",
            worker, place, list(able.queues), list(able.skills), list(able.secrets),
            able.interpreter,
        )  # fmt: skip
        self.store.run("delete from workers where beat < now() - interval '1 day'")

    def rest(self, worker: str) -> None:
        """A worker has ended, or is known to be dead."""
        self.store.run("delete from workers where name = ?", worker)

    def holders(self) -> list[Holder]:
        """Every worker that was heard of within a day, and whoever else has runs in hand."""
        rows = self.store.rows(
            "select coalesce(w.name, h.name) as name, h.runs, w.place, w.queues,"
            " extract(epoch from now() - w.beat)::double precision as silent from workers w"
            " full join (select case when status = 'queued' then claimed_by else worker end as name,"
            " array_agg(id order by queued_at, id) as runs from runs where parent_run is null"
            " and (status = 'running' or (status = 'queued' and claimed_by <> '')) group by 1) h"
            " on h.name = w.name order by 1"
        )
        return [
            Holder(
                row["name"], tuple(row["runs"] or ()), row["place"] or "",
                tuple(row["queues"] or ()), row["silent"],
            )
            for row in rows
        ]  # fmt: skip

    def can_be_taken(self, needs: Needs) -> bool:
        """Whether a living worker could take such a run."""
        return bool(
            self.store.row(
                "select 1 from workers where not ? and ? = any(queues) and ?::text[] <@ skills"
                " and ?::text[] <@ secrets and interpreter >= ?"
                " and beat > now() - make_interval(secs => ?) limit 1",
                needs.guarded, needs.queue, list(needs.skills), list(needs.secrets), needs.interpreter,
                DEAD_AFTER_SECONDS,
            )
        )  # fmt: skip

    # -- the way home ----------------------------------------------------------------

    def away(self) -> list[dict[str, Any]]:
        """The rows of the runs whose end has not been brought home."""
        return self.store.rows("select * from runs where not home order by queued_at, id")

    def news(self, run: dict[str, Any], after: int) -> News:
        """The events of a run after a place, with their keys, and the attempts they belong to."""
        rows = self.store.rows(
            "select seq, data, key from events where run_id = ? and seq > ? order by seq",
            run["id"], after,
        )  # fmt: skip
        events = [Keyed(row["key"], event) for row in rows if (event := _event(row["data"]))]
        paths = sorted({path for keyed in events if (path := vars(keyed.event).get("path"))})
        attempts = self.store.rows(
            "select * from attempts where run_id = ? and path = any(?) order by number",
            run["id"], paths,
        )  # fmt: skip
        if run["ended_at"] is None and any(isinstance(k.event, RunEnded) for k in events):
            # It ended after its row was read.
            run = self.store.row("select * from runs where id = ?", run["id"]) or run
        return News(run, events, attempts, rows[-1]["seq"] if rows else after)

    def arrived(self, run_ids: Iterable[str]) -> None:
        """The end of these runs is at home."""
        self.store.run("update runs set home = true where id = any(?)", list(run_ids))

    def _now(self) -> str:
        return rfc3339(self.store.clock.now())


def _what(able: Able) -> tuple[list[str], list[str], list[str], int]:
    return list(able.queues), list(able.skills), list(able.secrets), able.interpreter


def _requests(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(row["id"], json.loads(row["request"])) for row in rows]


def _array(names: Iterable[str]) -> str:
    return "{" + ",".join(json.dumps(name) for name in names) + "}"


def _event(data: str) -> Event | None:
    try:
        return from_row(json.loads(data))
    except (KeyError, TypeError):  # of a version that is newer than this one
        return None
