"""Alerts, the outbox of what is still to be sent to channels, and how the channels do.

An alert that is open gathers what is the same (kind, job and signature); it is put into the
outbox when it begins and, while it goes on, as a reminder. A delivery is claimed before it is
sent, so any number of processes may send.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from assistant.clock import parse_rfc3339, rfc3339
from assistant.errors import TargetUnresolved
from assistant.store.database import Store
from assistant.store.happenings import Happening, take_happening

CLAIM = timedelta(minutes=5)
"""A delivery that was being sent for so long was cut off, and is sent (perhaps again)."""


@dataclass(frozen=True)
class Notice:
    """What is worth telling. `lasting`: it stays open until something ends it."""

    kind: str
    job: str
    title: str
    text: str
    signature: str
    job_id: str = ""
    run_id: str = ""
    path: str = ""
    lasting: bool = True


@dataclass(frozen=True)
class AlertRow:
    """One alert. `state` is `open` or `over`; moments are RFC 3339 UTC."""

    id: int
    kind: str
    job_id: str
    job: str
    run_id: str
    path: str
    signature: str
    title: str
    text: str
    state: Literal["open", "over"]
    count: int
    first_at: str
    last_at: str
    told_at: str
    over_at: str | None


@dataclass(frozen=True)
class Delivery:
    """One message to one channel. `state`: `pending sending sent dropped gave_up`."""

    id: int
    alert_id: int
    channel: str
    title: str
    text: str
    state: str
    due: str
    attempts: int
    error: str
    at: str
    sent_at: str | None
    cut_off: int
    """1: it was being sent when a process died, and may have arrived."""


@dataclass(frozen=True)
class Health:
    """How a channel does: `works` or `fails`, since when, and what it said last."""

    name: str
    state: Literal["works", "fails"]
    error: str
    failures: int
    since: str
    at: str


class AlertRepository:
    """Reads and writes alerts. Safe from several threads and processes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- raising and ending ----------------------------------------------------------

    def take(
        self,
        happening: Happening,
        notices: Sequence[tuple[Notice, Mapping[str, str]]],
        *,
        over: Sequence[int] = (),
        remind: timedelta = timedelta(days=1),
    ) -> bool:
        """Take a happening with all it leads to, at once; False when another process has.

        `notices` come with the moment of delivery for each channel; `over` are alerts it ends.
        """
        with self.store.db.conn as connection:
            if not take_happening(connection, happening):
                return False
            for alert_id in over:
                self._end(connection, alert_id, happening.at)
            for notice, channels in notices:
                self._raise(connection, notice, channels, happening.at, remind)
        return True

    def raise_now(
        self, notice: Notice, channels: Mapping[str, str], *, remind: timedelta = timedelta(days=1)
    ) -> None:
        """Raise an alert that comes from looking, not from a happening."""
        with self.store.db.conn as connection:
            self._raise(connection, notice, channels, self._now(), remind)

    def close(self, alert_id: int) -> AlertRow:
        """End an alert by hand: what comes after it is told anew. Raises TargetUnresolved."""
        self.get(alert_id)
        with self.store.db.conn as connection:
            self._end(connection, alert_id, self._now())
        return self.get(alert_id)

    def _raise(
        self,
        connection: sqlite3.Connection,
        notice: Notice,
        channels: Mapping[str, str],
        at: str,
        remind: timedelta,
    ) -> None:
        known = connection.execute(
            "select id, count, told_at from alerts"
            " where kind = ? and job = ? and signature = ? and state = 'open'",
            (notice.kind, notice.job, notice.signature),
        ).fetchone()
        if known is None:
            made = connection.execute(
                "insert into alerts (kind, job_id, job, run_id, path, signature, title, text,"
                " state, first_at, last_at, told_at, over_at)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    notice.kind, notice.job_id, notice.job, notice.run_id, notice.path,
                    notice.signature, notice.title, notice.text,
                    "open" if notice.lasting else "over", at, at, at,
                    None if notice.lasting else at,
                ),
            ).lastrowid  # fmt: skip
            self._post(connection, made or 0, notice.title, notice.text, channels, at)
            return
        alert_id, count, told_at = known
        again = parse_rfc3339(at) - parse_rfc3339(told_at) >= remind
        connection.execute(
            "update alerts set count = count + 1, last_at = ?, run_id = ?, title = ?, text = ?,"
            " told_at = ? where id = ?",
            (at, notice.run_id, notice.title, notice.text, at if again else told_at, alert_id),
        )
        if again:
            title = f"{notice.title} (still, {count + 1} times)"
            self._post(connection, alert_id, title, notice.text, channels, at)

    def _post(
        self,
        connection: sqlite3.Connection,
        alert_id: int,
        title: str,
        text: str,
        channels: Mapping[str, str],
        at: str,
    ) -> None:
        connection.executemany(
            "insert into deliveries (alert_id, channel, title, text, due, at)"
            " values (?, ?, ?, ?, ?, ?)",
            [(alert_id, channel, title, text, due, at) for channel, due in channels.items()],
        )

    def _end(self, connection: sqlite3.Connection, alert_id: int, at: str) -> None:
        connection.execute(
            "update alerts set state = 'over', over_at = ? where id = ? and state = 'open'",
            (at, alert_id),
        )
        # A question that is answered need not be asked any more; other news stays news.
        connection.execute(
            "update deliveries set state = 'dropped' where alert_id = ? and state = 'pending'"
            " and exists (select 1 from alerts where id = ? and kind = 'waiting')",
            (alert_id, alert_id),
        )

    # -- the outbox ------------------------------------------------------------------

    def channels_due(self) -> list[str]:
        """Channels for which something is due now."""
        now = self._now()
        rows = self.store.rows(
            "select distinct channel from deliveries where (state = 'pending' and due <= ?)"
            " or (state = 'sending' and claimed_until < ?) order by channel",
            now, now,
        )  # fmt: skip
        return [row["channel"] for row in rows]

    def claim(self, channel: str, worker: str) -> list[Delivery]:
        """Take what is due for a channel to send it, oldest first; others keep off meanwhile."""
        now = self.store.clock.now()
        with self.store.db.conn as connection:
            # One sender for a channel at a time: what belongs together goes out together.
            busy = connection.execute(
                "select 1 from deliveries where channel = ? and state = 'sending'"
                " and claimed_until >= ?",
                (channel, rfc3339(now)),
            ).fetchone()
            if busy:
                return []
            connection.execute(
                "update deliveries set cut_off = (state = 'sending'), state = 'sending',"
                " claimed_by = ?, claimed_until = ?"
                " where channel = ? and ((state = 'pending' and due <= ?)"
                " or (state = 'sending' and claimed_until < ?))",
                (worker, rfc3339(now + CLAIM), channel, rfc3339(now), rfc3339(now)),
            )
        return self._deliveries(
            "where channel = ? and state = 'sending' and claimed_by = ? order by id",
            channel, worker,
        )  # fmt: skip

    def sent(self, deliveries: Sequence[Delivery]) -> None:
        """A channel has taken these."""
        self._settle(deliveries, "sent", sent_at=self._now(), error="")
        if deliveries:
            self.note_health(deliveries[0].channel, "")

    def not_sent(self, deliveries: Sequence[Delivery], error: str, *, due: str | None) -> None:
        """A channel did not take these; they are tried again at `due`, or never (None)."""
        facts = {"error": error, "attempts": max((d.attempts for d in deliveries), default=0) + 1}
        if due is None:
            self._settle(deliveries, "gave_up", **facts)
        else:
            self._settle(deliveries, "pending", due=due, **facts)
        if deliveries:
            self.note_health(deliveries[0].channel, error)

    def put_back(self, deliveries: Sequence[Delivery], *, due: str | None) -> None:
        """Let go of what was claimed and not tried; it is due with what was tried before it."""
        facts = {"due": due} if due else {}
        self._settle(deliveries, "pending", **facts)

    def _settle(self, deliveries: Sequence[Delivery], state: str, **facts: Any) -> None:
        columns = "".join(f", {name} = ?" for name in facts)
        with self.store.db.conn as connection:
            connection.executemany(
                f"update deliveries set state = ?, claimed_by = null{columns} where id = ?",  # noqa: S608 - names are ours
                [(state, *facts.values(), delivery.id) for delivery in deliveries],
            )

    def try_again(self, channel: str) -> int:
        """Make everything that waits for a failing channel due now; gives the number."""
        return self.store.run(
            "update deliveries set due = ? where channel = ? and state = 'pending' and attempts > 0",
            self._now(), channel,
        )  # fmt: skip

    def first_due(self, channel: str) -> str | None:
        """When the next digest of a channel is due, if one is being gathered."""
        row = self.store.row(
            "select min(due) as due from deliveries where channel = ? and state = 'pending'"
            " and attempts = 0 and due > ?",
            channel, self._now(),
        )  # fmt: skip
        return row["due"] if row else None

    # -- channels --------------------------------------------------------------------

    def note_health(self, channel: str, error: str) -> None:
        """Note whether a channel works (no error) or fails."""
        now, state = self._now(), "fails" if error else "works"
        self.store.run(
            "insert into channel_health (name, state, error, failures, since, at)"
            " values (?, ?, ?, ?, ?, ?) on conflict(name) do update set"
            " since = case when state = excluded.state then since else excluded.since end,"
            " failures = case when excluded.state = 'works' then 0 else failures + 1 end,"
            " state = excluded.state, error = excluded.error, at = excluded.at",
            channel, state, error, int(bool(error)), now, now,
        )  # fmt: skip

    def forget_channel(self, channel: str) -> None:
        """A channel that is gone: its state goes, and what it was still to be told is dropped."""
        self.store.run("delete from channel_health where name = ?", channel)
        self.store.run(
            "update deliveries set state = 'dropped' where channel = ? and state = 'pending'",
            channel,
        )

    def health(self) -> dict[str, Health]:
        """How each channel did when it was last used."""
        rows = self.store.rows("select * from channel_health order by name")
        return {row["name"]: Health(**row) for row in rows}

    def waiting_for(self) -> dict[str, int]:
        """By channel: how many messages are still to be sent."""
        rows = self.store.rows(
            "select channel, count(*) as n from deliveries where state in ('pending', 'sending')"
            " group by channel"
        )
        return {row["channel"]: row["n"] for row in rows}

    def late(self, since: datetime) -> int:
        """How many messages that never were tried were due before a moment."""
        row = self.store.row(
            "select count(*) as n from deliveries where state = 'pending' and attempts = 0"
            " and due < ?",
            rfc3339(since),
        )
        return row["n"] if row else 0

    # -- reading ---------------------------------------------------------------------

    def get(self, alert_id: int) -> AlertRow:
        """Raises TargetUnresolved for an alert that is not there."""
        row = self.store.row("select * from alerts where id = ?", alert_id)
        if row is None:
            raise TargetUnresolved(
                f"there is no alert {alert_id}", hint="See `assistant alerts list --all`."
            )
        return AlertRow(**row)

    def list(self, *, job: str = "", state: str = "", limit: int = 50) -> list[AlertRow]:
        """The latest first. `state`: `open`, `over`, or both when empty."""
        rows = self.store.rows(
            "select * from alerts where (? = '' or job = ?) and (? = '' or state = ?)"
            " order by last_at desc, id desc limit ?",
            job, job, state, state, limit,
        )  # fmt: skip
        return [AlertRow(**row) for row in rows]

    def open(self, job: str, *kinds: str, run_id: str = "", path: str = "") -> list[AlertRow]:
        """The open alerts of a job of these kinds; of one run or step when they are given."""
        return [
            alert
            for alert in self.list(job=job, state="open", limit=-1)
            if alert.kind in kinds
            and (not run_id or alert.run_id == run_id)
            and (not path or alert.path == path)
        ]

    def deliveries(self, alert_id: int) -> list[Delivery]:
        """What was sent, or is to be sent, of an alert."""
        return self._deliveries("where alert_id = ? order by id", alert_id)

    def _deliveries(self, tail: str, *values: Any) -> list[Delivery]:
        names = ", ".join(Delivery.__dataclass_fields__)
        rows = self.store.rows(f"select {names} from deliveries {tail}", *values)  # noqa: S608 - ours
        return [Delivery(**row) for row in rows]

    def _now(self) -> str:
        return rfc3339(self.store.clock.now())
