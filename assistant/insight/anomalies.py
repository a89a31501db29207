"""Runs that went through and still were not as usual, each told with the numbers that show it.

A run is held against the runs of its own job before it. Five things are looked for:

    slower         it took longer than its history
    fewer_items    a step gave far fewer records than usual (on that day of the week)
    output_shrank  the files it made are far smaller than usual
    silent_source  a source gives nothing any more, or nothing new
    cost_creeping  its last runs spend more than those before

`docs/insight.md` tells the exact rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from assistant.clock import parse_rfc3339
from assistant.insight.statistics import Usual, duration, shown, usual
from assistant.store.database import Store

HISTORY = 40
"""Runs before a run that it is held against."""
FEWEST = 8
DEVIATIONS = 5.0
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LEAST_SLOWER = 2.0
_LEAST_ITEMS = 4
_SILENT_RUNS = 3
_UNLIKELY = 0.01
_RECENT, _EARLIER = 10, 20


@dataclass(frozen=True)
class Anomaly:
    """One thing that was not as usual. `usual` is the median of `runs` earlier values."""

    kind: str
    job: str
    run_id: str
    step: str
    at: str
    value: float
    usual: float
    spread: float
    runs: int
    text: str


@dataclass(frozen=True)
class _Run:
    run_id: str
    at: str
    status: str
    seconds: float | None
    stopped: bool
    file_bytes: int
    tokens: int
    cost: float
    weekday: int


def anomalies(store: Store, *, job: str = "", since: str = "") -> list[Anomaly]:
    """What is not as usual, the latest first.

    Of each job (or of one), by name: its last run, or every run queued at or after `since`
    (RFC 3339).
    """
    names = [job] if job else [row["job"] for row in store.rows(_JOBS, since)]
    found = [one for name in names for one in _of_job(store, name, since)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def anomalies_of_run(store: Store, run_id: str) -> list[Anomaly]:
    """What is not as usual in a run that has ended; nothing for a dry or an unknown one."""
    row = store.row("select job, queued_at from run_facts where run_id = ? and dry = 0", run_id)
    if row is None:
        return []
    return [one for one in _of_job(store, row["job"], row["queued_at"]) if one.run_id == run_id]


_JOBS = """
select job from (select distinct job from run_facts where dry = 0 and ended_at is not null) known
where exists (select 1 from run_facts f where f.job = known.job and f.queued_at >= ? and f.version > 0)
order by job
"""
_RUNS = """
select run_id, queued_at as at, status, seconds, stopped, file_bytes,
    tokens_in + tokens_out as tokens, cost
from run_facts where job = ? and dry = 0 and ended_at is not null
order by queued_at desc, run_id desc limit ?
"""
_GIVEN = """
select run_id, step, min(started_at) as at, sum(items) as items, max(host) as host,
    max(newest_at) as newest
from skill_calls
where job = ? and started_at >= ? and items is not null and preview = 0
group by run_id, step order by at
"""
_ZONE = "select s.timezone from schedules s join jobs j on j.id = s.job_id where j.name = ?"


def _of_job(store: Store, job: str, since: str) -> Iterator[Anomaly]:
    limit = 1 if not since else 1000
    zone = _zone(store, job)
    runs = [_run(row, zone) for row in store.rows(_RUNS, job, limit + HISTORY * 2)]
    runs.reverse()
    if not runs:
        return
    given = _given(store, job, runs[0].at)
    wanted = runs[-1:] if not since else [run for run in runs if run.at >= since]
    for run in wanted:
        place = runs.index(run)
        before = [r for r in runs[max(0, place - HISTORY) : place] if r.status == "succeeded"]
        if run.status == "succeeded":
            yield from _in_run(job, run, before, given)
    yield from _silent(job, given, zone)
    yield from _creeping(job, [run for run in runs if run.status == "succeeded"])


def _zone(store: Store, job: str) -> ZoneInfo:
    row = store.row(_ZONE, job)
    return ZoneInfo(row["timezone"] if row else "UTC")


def _run(row: dict[str, Any], zone: ZoneInfo) -> _Run:
    local = parse_rfc3339(row["at"]).astimezone(zone)
    facts: dict[str, Any] = row | {"stopped": bool(row["stopped"]), "weekday": local.weekday()}
    return _Run(**facts)


@dataclass(frozen=True)
class _Given:
    """What one step gave in one run."""

    run_id: str
    at: str
    items: int
    host: str
    newest: str


def _given(store: Store, job: str, since: str) -> dict[str, list[_Given]]:
    """What each step of a job gave, run by run, oldest first; steps in the order they run in."""
    found = dict[str, list[_Given]]()
    for row in store.rows(_GIVEN, job, since):
        one = _Given(row["run_id"], row["at"], row["items"], row["host"], row["newest"])
        found.setdefault(row["step"], []).append(one)
    return found


# -- one run against those before it ---------------------------------------------------


def _in_run(
    job: str, run: _Run, before: Sequence[_Run], given: dict[str, list[_Given]]
) -> Iterator[Anomaly]:
    if len(before) < FEWEST:
        return
    slower = _slower(job, run, before)
    if slower:
        yield slower
    fewer = _fewer(job, run, before, given)
    if fewer:
        yield fewer
        return  # whatever is made of fewer records is smaller, too
    shrank = _shrank(job, run, before)
    if shrank:
        yield shrank


def _slower(job: str, run: _Run, before: Sequence[_Run]) -> Anomaly | None:
    history = [r.seconds for r in before if r.seconds is not None and r.stopped == run.stopped]
    if run.seconds is None or len(history) < FEWEST:
        return None
    known = usual(history)
    if run.seconds - known.median <= max(known.bound(DEVIATIONS, 0.5), _LEAST_SLOWER):
        return None
    text = (
        f"{job} took {duration(run.seconds)}; its {known.count} runs before took"
        f" {duration(known.median)} in the middle, half of them within {duration(known.spread)}"
        " of that."
    )
    return _anomaly("slower", job, run, run.seconds, known, text)


def _fewer(
    job: str, run: _Run, before: Sequence[_Run], given: dict[str, list[_Given]]
) -> Anomaly | None:
    """The first step that gave far fewer records; those after it only pass that on."""
    days = {r.run_id: r.weekday for r in before}
    for step, all_given in given.items():
        now = next((one for one in all_given if one.run_id == run.run_id), None)
        if now is None:
            continue
        history = [one for one in all_given if one.run_id in days]
        same_day = [one for one in history if days[one.run_id] == run.weekday]
        by_day = len(same_day) >= 4 and len(same_day) < len(history)
        known = usual([one.items for one in (same_day if by_day else history)] or [0])
        enough = known.count >= (4 if by_day else FEWEST) and known.median >= _LEAST_ITEMS
        if not enough or known.median - now.items <= known.bound(DEVIATIONS, 0.5):
            continue
        which = f"{_WEEKDAYS[run.weekday]} runs" if by_day else "runs"
        text = (
            f"step {step!r} of {job} gave {now.items:,} records; in the {known.count} {which}"
            f" before it gave {shown(known.median)} in the middle, half of the time within"
            f" {shown(known.spread)} of that."
        )
        return _anomaly("fewer_items", job, run, now.items, known, text, step)
    return None


def _shrank(job: str, run: _Run, before: Sequence[_Run]) -> Anomaly | None:
    history = [r.file_bytes for r in before if r.file_bytes and not r.stopped]
    if run.stopped or len(history) < FEWEST:
        return None
    known = usual(history)
    if known.median - run.file_bytes <= known.bound(DEVIATIONS, 0.5):
        return None
    text = (
        f"the files of {job} have {run.file_bytes:,} bytes; those of the {known.count} runs before"
        f" had {shown(known.median)} in the middle, half of them within {shown(known.spread)} of"
        " that."
    )
    return _anomaly("output_shrank", job, run, run.file_bytes, known, text)


def _anomaly(
    kind: str, job: str, run: _Run, value: float, known: Usual, text: str, step: str = ""
) -> Anomaly:
    return Anomaly(
        kind, job, run.run_id, step, run.at, value, known.median, known.spread, known.count, text
    )


# -- over several runs -----------------------------------------------------------------


def _silent(job: str, given: dict[str, list[_Given]], zone: ZoneInfo) -> Iterator[Anomaly]:
    """Sources only: a step that asks no host passes on what another one found."""
    for step, all_given in given.items():
        source = next((one.host for one in reversed(all_given) if one.host), "")
        if source:
            found = _empty(job, step, source, all_given, zone)
            found = found or _stale(job, step, source, all_given, zone)
            if found:
                yield found


def _empty(
    job: str, step: str, source: str, all_given: Sequence[_Given], zone: ZoneInfo
) -> Anomaly | None:
    silent = 0
    while silent < len(all_given) and not all_given[-1 - silent].items:
        silent += 1
    before = all_given[: len(all_given) - silent]
    if silent < _SILENT_RUNS or len(before) < FEWEST:
        return None
    empty = sum(not one.items for one in before)
    if ((empty + 0.5) / (len(before) + 1)) ** silent >= _UNLIKELY:
        return None
    first, last = all_given[-silent], all_given[-1]
    text = (
        f"{source} gave step {step!r} of {job} nothing in its last {silent} runs, since"
        f" {_day(first.at, zone)}; {_before(len(before), empty)}."
    )
    known = usual([one.items for one in before])
    return Anomaly(
        "silent_source", job, last.run_id, step, last.at, 0, known.median, known.spread,
        known.count, text,
    )  # fmt: skip


def _stale(
    job: str, step: str, source: str, all_given: Sequence[_Given], zone: ZoneInfo
) -> Anomaly | None:
    moments = sorted({one.newest for one in all_given if one.newest})
    gaps = [(b - a).total_seconds() for a, b in pairwise(map(parse_rfc3339, moments))]
    if len(gaps) < FEWEST:
        return None
    last = all_given[-1]
    quiet = (parse_rfc3339(last.at) - parse_rfc3339(moments[-1])).total_seconds()
    longest = max(gaps)
    if quiet <= 2 * longest:
        return None
    known = usual(gaps)
    text = (
        f"{source} (step {step!r} of {job}) has published nothing since"
        f" {_day(moments[-1], zone)}, for {duration(quiet)}; of the {len(gaps)} pauses seen"
        f" before, the longest was {duration(longest)}."
    )
    return Anomaly(
        "silent_source", job, last.run_id, step, last.at, quiet, known.median, known.spread,
        known.count, text,
    )  # fmt: skip


def _creeping(job: str, runs: Sequence[_Run]) -> Iterator[Anomaly]:
    spending = [run for run in runs if run.tokens or run.cost]
    recent, earlier = spending[-_RECENT:], spending[-_RECENT - _EARLIER : -_RECENT]
    if len(earlier) < _EARLIER:
        return
    by_cost = all(run.cost > 0 for run in spending)
    now = usual([run.cost if by_cost else run.tokens for run in recent])
    before = usual([run.cost if by_cost else run.tokens for run in earlier])
    if now.median - before.median <= before.bound(3.0, 0.3):
        return
    what = "" if by_cost else " tokens"
    text = (
        f"the last {now.count} runs of {job} spent {shown(now.median)}{what} in the middle; the"
        f" {before.count} before spent {shown(before.median)}, half of them within"
        f" {shown(before.spread)} of that."
    )
    yield _anomaly("cost_creeping", job, recent[-1], now.median, before, text)


def _before(runs: int, empty: int) -> str:
    if not empty:
        return f"the {runs} runs before always found something"
    return f"of the {runs} runs before, {empty} found nothing"


def _day(moment: str, zone: ZoneInfo) -> str:
    local: datetime = parse_rfc3339(moment).astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"
