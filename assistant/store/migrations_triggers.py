"""Changes of the store's schema for ticks and triggers.

They come after the changes of `migrations_jobs`; `store_migrations` has all of them.
"""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store import trial_table
from assistant.store.migrations import script
from assistant.store.migrations_jobs import store_migrations

__all__ = ["store_migrations"]


@store_migrations()
def m009_ticks_that_a_person_asked_for(db: Database) -> None:
    script(
        db,
        """
        alter table ticks add column origin text not null default '';   -- or: backfill
        create index ticks_due on ticks(due)
        """,
    )


@store_migrations()
def m010_triggers(db: Database) -> None:
    script(
        db,
        """
        create table triggers (
            job_id text not null references jobs(id) on delete cascade,
            name text not null,              -- feed_changed, webhook_2: its name in the job file
            kind text not null,
            options text not null,           -- JSON: its keys, with the inputs' defaults filled in
            state text not null default '{}',        -- JSON: what it has seen so far
            looks integer not null default 0,        -- every look counts: two cannot be one
            armed_at text not null,
            next_look text,                  -- null: it is told, or reads the runs
            last_look text,
            last_fired text,
            failures integer not null default 0,     -- looks in a row that gave nothing
            error text not null default '',
            claimed_until text,
            primary key (job_id, name)
        );
        create index triggers_due on triggers(next_look);
        create table firings (
            job text not null,
            trigger text not null,
            key text not null,               -- a run's id, a delivery's id, a change
            at text not null,
            data text not null default '{}', -- JSON: what the run is told
            outcome text not null,           -- pending ran coalesced missed paused
            reason text not null default '',
            run_id text,
            decided_at text not null,
            claimed_by text,
            claimed_until text,
            primary key (job, trigger, key)
        );
        create index firings_open on firings(outcome, at);
        create index firings_job on firings(job, at);
        create index runs_ended on runs(ended_at)
        """,
    )


@store_migrations()
def m011_model_trials(db: Database) -> None:
    script(db, trial_table.TABLE)
