"""Running a schedule over a range of the past: each instant that has not run gets its run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from assistant.errors import BindingsInvalid
from assistant.schedule import cron
from assistant.schedule.planning import tick_run_id
from assistant.store.jobs import JobRecord
from assistant.store.ticks import Tick, TickLedger

MOST = 10_000


@dataclass(frozen=True)
class Backfill:
    """What a range holds: instants to run, and ticks that have run or are planned already."""

    instants: tuple[datetime, ...]
    kept: tuple[Tick, ...]


def look_back(
    ledger: TickLedger,
    job: JobRecord,
    line: str,
    timezone: str,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
) -> Backfill:
    """What a backfill from `start` to `end` (both included) would run; nothing is changed.

    Raises BindingsInvalid for a range that ends before it starts, lies in the future or holds
    more than `MOST` instants.
    """
    if start > now:
        raise BindingsInvalid(
            "the range has not come yet", hint="A backfill runs what lies in the past."
        )
    if end < start:
        raise BindingsInvalid(
            "the range ends before it starts", hint="Give the earlier moment to --from."
        )
    due = list[datetime]()
    for instant in islice(cron.fires(line, timezone, start - timedelta(seconds=1)), MOST + 1):
        if instant > min(end, now):
            break
        due.append(instant)
    if len(due) > MOST:
        raise BindingsInvalid(
            f"the range holds more than {MOST} instants", hint="Take a shorter one, and go on after it."
        )  # fmt: skip
    known = ledger.ticks(job.id, since=start, until=end, limit=-1)
    kept = tuple(t for t in known if t.outcome in ("ran", "planned") and t.due_at in set(due))
    done = {tick.due_at for tick in kept}
    return Backfill(tuple(instant for instant in due if instant not in done), kept)


def plan(ledger: TickLedger, job: JobRecord, wanted: Backfill) -> int:
    """Write the instants into the ledger as asked for; gives how many."""
    runs = [(instant, tick_run_id(job.name, instant)) for instant in wanted.instants]
    return ledger.plan_again(job.id, runs)


def moment_of(text: str, local: tzinfo, *, last: bool = False) -> datetime:
    """A date or a moment as it was typed; without an offset it is one of `local`.

    `last`: a date means its last second. Raises BindingsInvalid.
    """
    try:
        if len(text.strip()) == 10:
            day = date.fromisoformat(text.strip())
            day += timedelta(days=1) if last else timedelta()
            whole = datetime.combine(day, time(), local)
            return whole - timedelta(seconds=1) if last else whole
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as wrong:
        raise BindingsInvalid(
            f"{text[:40]!r} is no moment", hint="Write 2026-03-01, or 2026-03-01T07:00."
        ) from wrong
    return (moment if moment.tzinfo else moment.replace(tzinfo=local)).astimezone(UTC)
