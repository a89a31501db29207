"""The schema of the figures: narrow tables for statistics, written from a run's events.

They hold what can be counted and nothing that was read, written or said: no arguments, no
outputs, no addresses beyond a host. `docs/insight.md` tells how to look at them.
"""

TABLES = """
create table run_facts (
    run_id text primary key,
    job text not null,               -- the job's name when it ran
    job_id text not null,
    version integer not null,        -- of the job file, 0 for a call without one
    started_by text not null,        -- the trigger's kind: person cron chat cli rerun …
    parent_run text not null,        -- the run that called it
    dry integer not null,
    status text not null,            -- queued running, then what it ended as
    queued_at text not null,
    started_at text,
    ended_at text,
    resumes integer not null default 0,      -- times that another process took it up
    wait_seconds real,               -- from queued to started
    seconds real,                    -- from start to end, without waiting for people
    asked_seconds real not null default 0,   -- what people took to answer
    stopped integer not null default 0,      -- a `stop` step ended it early
    calls integer not null default 0,        -- tries of skill steps
    failed_calls integer not null default 0, -- those that did not succeed
    items integer,                   -- records that the last list-giving step gave
    files integer not null default 0,
    file_bytes integer not null default 0,
    warnings integer not null default 0,
    model_calls integer not null default 0,
    tokens_in integer not null default 0,
    tokens_out integer not null default 0,
    cost real not null default 0,
    code text not null default '',   -- the error's stable code
    step text not null default '',   -- where it failed
    fault text not null default '',  -- the class of the failure
    skill text not null default '',  -- what failed, and about which host
    host text not null default '',
    signature text not null default ''
) without rowid;
create index run_facts_job on run_facts(job, queued_at);
create index run_facts_at on run_facts(queued_at);
-- Everything that most views need, in the order they need it: they read this and no row.
create index run_facts_finished on run_facts(
    job, status, seconds, queued_at, ended_at, model_calls, tokens_in, tokens_out, cost, items, dry)
    where dry = 0 and ended_at is not null;
create index run_facts_fault on run_facts(fault) where fault != '';
create table skill_calls (
    run_id text not null,
    path text not null,
    attempt integer not null,
    step text not null,              -- the path without the numbers of rounds
    job text not null,
    skill text not null,
    host text not null,
    status text not null,            -- running succeeded retried failed unknown cancelled
    started_at text not null,
    ended_at text,
    seconds real,
    items integer,
    size integer not null default 0, -- characters of its output
    newest_at text not null default '',      -- when its newest item was published
    seeded integer not null default 0,       -- taken from an earlier run
    cached integer not null default 0,       -- taken from the cache
    preview integer not null default 0,      -- a dry run's stand-in
    code text not null default '',
    fault text not null default '',
    signature text not null default '',
    primary key (run_id, path, attempt)
) without rowid;
create index skill_calls_job on skill_calls(job, started_at);
create index skill_calls_ended on skill_calls(
    skill, status, seconds, items, cached, seeded, preview, ended_at)
    where seeded = 0 and preview = 0 and ended_at is not null;
create index skill_calls_fault on skill_calls(
    fault, skill, host, signature, status, ended_at, seeded, preview) where fault != '';
create table approvals (
    run_id text not null,
    path text not null,
    job text not null,
    asked_at text not null,
    decided_at text,
    decision text not null default '',       -- approved refused, empty while open
    decided_by text not null default '',
    seconds real,                    -- what the person took
    primary key (run_id, path)
) without rowid;
create table files (
    run_id text not null,
    name text not null,
    media_type text not null,
    size integer not null,           -- bytes
    primary key (run_id, name)
) without rowid;
alter table model_calls add column job text not null default '';   -- of the run that asked
create index model_calls_at on model_calls(at);
create index model_calls_model on model_calls(
    model, seconds, tokens_in, tokens_out, cached_tokens, cost, error, job, at)
"""

TRIGGER = """
create trigger figures_go_with_their_run after delete on runs begin
    delete from run_facts where run_id = old.id;
    delete from skill_calls where run_id = old.id;
    delete from approvals where run_id = old.id;
    delete from files where run_id = old.id;
    delete from model_calls where run_id = old.id;
end
"""
"""Whoever deletes a run, its figures go with it."""

SUGGESTIONS = """
alter table drafts add column template text not null default '';    -- what it was filled from
create table suggestions (
    id text primary key,
    kind text not null,
    job_id text not null references jobs(id) on delete cascade,
    state text not null,             -- open snoozed accepted never gone
    text text not null,              -- what is suggested, with the numbers it rests on
    evidence text not null,          -- JSON: [{what, value}]
    change text not null,            -- JSON: {words, does, ...}
    first_at text not null,
    last_at text not null,           -- when it was last found to hold
    until text not null default '',  -- a snoozed one sleeps so long
    decided_at text,
    decided_by text not null default '',
    result text not null default ''  -- what accepting it made
);
create index suggestions_state on suggestions(state, kind)
"""
