"""The questions that the figures answer, each a named SQL view in the store.

A view is written once and used twice: as it stands in the store, for Datasette and any other
reader, and narrowed to one job or to the time since a moment, for reports. In its text `{runs}`,
`{calls}` and the other gaps stand for the rows that it is about (`_SOURCES`).
"""

# ruff: noqa: S608 - every text here is ours, and values are bound as parameters

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.store.database import Store

FINISHED = "finished_runs"


@dataclass(frozen=True)
class View:
    """`about` says in a sentence what a row is; `sql` is the query with its gaps."""

    name: str
    about: str
    sql: str

    def text(self, *, job: bool = False, since: bool = False) -> str:
        """The query over everything, or narrowed by the parameters `:job` and `:since`."""
        return self.sql.format(
            failed=_FAILED,
            **{gap: _narrowed(source, job, since) for gap, source in _SOURCES.items()},
        )


@dataclass(frozen=True)
class _Source:
    """Rows that views are about, and how they are narrowed to a job and to a time."""

    table: str
    moment: str
    job: str = "job = :job"
    always: str = ""


_FAILED = "status in ('failed', 'timed_out')"
_BY_ID = "(select id from jobs where name = :job)"
_SOURCES: Mapping[str, _Source] = {
    "runs": _Source(FINISHED, "queued_at"),
    # Calls that were made: not taken from an earlier run, no dry run's stand-in, not under way.
    "calls": _Source(
        "skill_calls", "started_at", always="seeded = 0 and preview = 0 and ended_at is not null"
    ),
    "models": _Source("model_calls", "at"),
    "asked": _Source("approvals", "asked_at"),
    "drafts": _Source("drafts", "created_at", f"job_id = {_BY_ID}"),
    "ticks": _Source("ticks", "due", f"job = {_BY_ID}"),
    "patches": _Source("patches", "created_at"),
    "alerts": _Source("alerts", "last_at"),
}


def _narrowed(source: _Source, job: bool, since: bool) -> str:
    tests = [
        source.always,
        source.job if job else "",
        f"{source.moment} >= :since" if since else "",
    ]
    told = " and ".join(test for test in tests if test)
    return f"(select * from {source.table} where {told})" if told else source.table


def _picked(count: str, *shares: int) -> str:
    """The values at the nearest ranks of `sorted`, a JSON list of milliseconds, and the largest.

    SQLite sorts whole numbers and picks from them many times faster than it numbers rows in a
    window.
    """
    places = [f"'$[' || (({count} * {share} + 99) / 100 - 1) || ']'" for share in shares]
    return f"json_extract(sorted, {', '.join(places)}, '$[#-1]')"


def _seconds(place: int) -> str:
    return f"json_extract(picked, '$[{place}]') / 1000.0"


_MILLISECONDS = "json_group_array(cast(round(seconds * 1000) as integer))"


VIEWS: tuple[View, ...] = (
    View(
        "success_rate",
        "How often each job succeeded, of the runs that nobody cancelled.",
        """
select job, count(*) as runs, sum(status = 'succeeded') as succeeded,
    sum(status = 'failed') as failed, sum(status = 'timed_out') as timed_out,
    sum(status = 'cancelled') as cancelled,
    round(1.0 * sum(status = 'succeeded') / nullif(sum(status != 'cancelled'), 0), 4) as success_rate,
    max(queued_at) as last_run_at
from {runs} group by job order by success_rate, runs desc
""",
    ),
    View(
        "durations",
        "How long each job's successful runs took, in seconds, without waiting for people.",
        f"""
with counted as (
    select job, count(*) as runs from {{runs}}
    where status = 'succeeded' and seconds is not null group by job),
listed as (
    select job, runs, (select {_MILLISECONDS} from (
        select r.seconds from {{runs}} r where r.job = counted.job and r.status = 'succeeded'
            and r.seconds is not null order by r.seconds)) as sorted
    from counted),
ranked as (select job, runs, {_picked("runs", 50, 90, 99)} as picked from listed)
select job, runs, {_seconds(0)} as p50, {_seconds(1)} as p90, {_seconds(2)} as p99,
    {_seconds(3)} as longest
from ranked order by p50 desc
""",
    ),
    View(
        "time_since_success",
        "When each job last succeeded, and how often it has failed since.",
        """
with last as (
    select job, max(queued_at) as last_run_at,
        max(case when status = 'succeeded' then queued_at end) as last_started,
        max(case when status = 'succeeded' then ended_at end) as last_success_at
    from {runs} group by job)
select l.job, l.last_success_at,
    round((julianday('now') - julianday(l.last_success_at)) * 24, 1) as hours_since_success,
    (select count(*) from {runs} r where r.job = l.job and r.{failed}
        and r.queued_at > coalesce(l.last_started, '')) as failures_since,
    l.last_run_at
from last l order by l.last_success_at
""",
    ),
    View(
        "failure_classes",
        "What runs failed of, by class of failure, skill and host.",
        """
select fault, skill, host, count(*) as runs, count(distinct job) as jobs,
    count(distinct signature) as kinds, min(ended_at) as first_at, max(ended_at) as last_at
from {runs} where fault != '' group by fault, skill, host order by runs desc, last_at desc
""",
    ),
    View(
        "failed_calls",
        "What tries of skills failed of, those too that a later try made good.",
        """
select fault, skill, host, count(*) as calls, sum(status = 'retried') as tried_again,
    count(distinct run_id) as runs, count(distinct signature) as kinds,
    min(ended_at) as first_at, max(ended_at) as last_at
from {calls} where fault != '' group by fault, skill, host order by calls desc, last_at desc
""",
    ),
    View(
        "cost",
        "What each job's runs spent on models, a run and an item that came out.",
        """
select job, count(*) as runs, sum(model_calls) as model_calls, sum(tokens_in) as tokens_in,
    sum(tokens_out) as tokens_out, round(sum(cost), 6) as cost,
    round(avg(cost), 6) as cost_per_run, sum(items) as items,
    round(sum(cost) / nullif(sum(items), 0), 6) as cost_per_item,
    round(1.0 * sum(tokens_in + tokens_out) / nullif(sum(items), 0), 1) as tokens_per_item
from {runs} group by job having sum(model_calls) > 0 order by cost desc, tokens_in desc
""",
    ),
    View(
        "model_use",
        "What each model was asked and how it answered; latency in seconds.",
        f"""
with counted as (
    select model, count(*) as calls, sum(error is not null) as failed,
        sum(tokens_in) as tokens_in, sum(tokens_out) as tokens_out,
        round(1.0 * sum(cached_tokens) / nullif(sum(tokens_in), 0), 4) as cached_share,
        round(sum(cost), 6) as cost
    from {{models}} group by model),
listed as (
    select *, (select {_MILLISECONDS} from (
        select m.seconds from {{models}} m where m.model = counted.model order by m.seconds))
        as sorted
    from counted),
ranked as (select *, {_picked("calls", 50, 90)} as picked from listed)
select model, calls, failed, tokens_in, tokens_out, cached_share, cost,
    {_seconds(0)} as p50, {_seconds(1)} as p90, {_seconds(2)} as longest
from ranked order by calls desc
""",
    ),
    View(
        "skill_use",
        "How often each skill was called and how it went.",
        """
with by_status as (
    select skill, status, count(*) as calls, count(seconds) as timed, sum(seconds) as seconds,
        max(seconds) as longest, sum(items) as items, sum(cached) as cached
    from {calls} group by skill, status)
select skill, sum(calls) as calls,
    sum(case when status = 'succeeded' then calls else 0 end) as succeeded,
    sum(case when status = 'retried' then calls else 0 end) as tried_again,
    sum(case when status in ('failed', 'unknown') then calls else 0 end) as failed,
    sum(cached) as from_cache, round(sum(seconds) / nullif(sum(timed), 0), 3) as mean_seconds,
    round(max(longest), 3) as longest, sum(items) as items
from by_status group by skill order by calls desc
""",
    ),
    View(
        "days",
        "Each day (UTC) of each job: what became of its runs, what they cost, how long they took.",
        """
select substr(queued_at, 1, 10) as day, job, count(*) as runs,
    sum(status = 'succeeded') as succeeded, sum({failed}) as failed,
    sum(status = 'cancelled') as cancelled, round(avg(seconds), 3) as mean_seconds,
    sum(items) as items, sum(tokens_in + tokens_out) as tokens, round(sum(cost), 6) as cost
from {runs} group by day, job order by day, job
""",
    ),
    View(
        "tick_outcomes",
        "What became of the planned instants of each schedule.",
        """
select coalesce(j.name, t.job) as job, count(*) as ticks, sum(outcome = 'ran') as ran,
    sum(outcome = 'skipped') as skipped, sum(outcome = 'coalesced') as coalesced,
    sum(outcome = 'missed') as missed, sum(outcome = 'paused') as paused,
    sum(outcome = 'planned') as undecided
from {ticks} t left join jobs j on j.id = t.job group by t.job order by missed desc, ticks desc
""",
    ),
    View(
        "approval_waits",
        "What runs asked people, and how long they took to answer.",
        """
select job, count(*) as asked, sum(decision = 'approved') as approved,
    sum(decision = 'refused') as refused, sum(decision = '') as unanswered,
    round(avg(seconds), 1) as mean_seconds, round(max(seconds), 1) as longest
from {asked} group by job order by asked desc
""",
    ),
    View(
        "draft_edits",
        "Each draft with the one it took the place of: what was asked for and what became of it.",
        """
select d.id as draft_id, d.job_id, j.name as job, d.created_at, d.decided_at, d.state,
    d.template,
    case when d.request != '' then 'builder' else 'person' end as author,
    lag(d.id) over (partition by d.job_id order by d.created_at, d.id) as draft_before,
    coalesce(lag(d.state) over (partition by d.job_id order by d.created_at, d.id), '') = 'replaced'
        as replaces
from {drafts} d left join jobs j on j.id = d.job_id
order by d.created_at
""",
    ),
    View(
        "builder_acceptance",
        "What people made of the builder's drafts: approved as drafted, or after a change.",
        """
with chains as (
    select d.*, lag(d.state) over (partition by d.job_id order by d.created_at, d.id) as before_it
    from {drafts} d)
select case when request != '' then 'builder' else 'person' end as author,
    count(*) as drafts,
    sum(state = 'approved' and coalesce(before_it, '') != 'replaced') as approved_unedited,
    sum(state = 'approved' and coalesce(before_it, '') = 'replaced') as approved_edited,
    sum(state = 'replaced') as replaced, sum(state = 'rejected') as rejected,
    sum(state = 'open') as still_open,
    round(1.0 * sum(state = 'approved' and coalesce(before_it, '') != 'replaced')
        / nullif(sum(coalesce(before_it, '') != 'replaced' and state != 'open'), 0), 4)
        as acceptance
from chains group by author order by author
""",
    ),
    View(
        "alert_record",
        "What alerts there were, how often each was repeated, and how many are still open.",
        """
select kind, job, count(*) as alerts, sum(count) as times, sum(state = 'open') as still_open,
    min(first_at) as first_at, max(last_at) as last_at
from {alerts} group by kind, job order by alerts desc, last_at desc
""",
    ),
    View(
        "healing_record",
        "What became of the repairs that were proposed, by class of failure and where they came from.",
        """
select fault, source, count(*) as proposed, sum(state = 'kept') as kept,
    sum(state = 'canary') as on_trial, sum(state = 'asked') as asked,
    sum(state = 'undone') as undone, sum(state in ('refused', 'rejected')) as refused,
    round(avg(seconds), 3) as mean_seconds, max(created_at) as last_at
from {patches} group by fault, source order by proposed desc
""",
    ),
)
BY_NAME: Mapping[str, View] = {view.name: view for view in VIEWS}

_FINISHED = "select * from run_facts where dry = 0 and ended_at is not null"


def put_views(store: Store) -> None:
    """Write the views into the store where they are missing or say something else."""
    wanted = {FINISHED: _created(FINISHED, _FINISHED)}
    wanted |= {view.name: _created(view.name, view.text()) for view in VIEWS}
    if not _to_write(store, wanted):
        return
    connection = store.db.conn
    with connection:
        connection.execute("begin immediate")
        # Another process may have been first meanwhile.
        for name in _to_write(store, wanted):
            connection.execute(f"drop view if exists {name}")
            connection.execute(wanted[name])


def _to_write(store: Store, wanted: Mapping[str, str]) -> list[str]:
    rows = store.rows("select name, sql from sqlite_master where type = 'view'")
    there = {row["name"]: row["sql"] for row in rows}
    return [name for name, sql in wanted.items() if there.get(name) != sql]


def rows_of(store: Store, name: str, *, job: str = "", since: str = "") -> list[dict[str, Any]]:
    """The rows of a view, narrowed to a job's name and to the time from a moment on (RFC 3339)."""
    sql = BY_NAME[name].text(job=bool(job), since=bool(since))
    return list(store.db.query(sql, {"job": job, "since": since}))


def _created(name: str, sql: str) -> str:
    return f"create view {name} as{sql if sql.startswith(chr(10)) else chr(10) + sql}".rstrip()
