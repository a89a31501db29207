"""The store's schema as a list of small named changes. A released change stays as it is."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from assistant.store import figures

store_migrations = Migrations("assistant")


def script(db: Database, sql: str) -> None:
    """Execute statements that are parted by semicolons."""
    for statement in sql.split(";"):
        if statement.strip():
            db.execute(statement)


@store_migrations()
def m001_jobs(db: Database) -> None:
    script(
        db,
        """
        create table jobs (
            id text primary key,             -- UTC time stamp of creation
            name text not null unique,
            title text not null default '',
            status text not null default 'active',   -- pending active parked completed
            enabled integer not null default 0,      -- its schedule and triggers fire
            paused integer not null default 0,
            stage integer not null default 1,
            cycle integer not null default 1,
            phase text not null default 'observe',
            version integer not null default 0,      -- the accepted version in force (0 is none)
            created_at text not null,
            updated_at text not null
        );
        create table interactions (
            id integer primary key,
            job_id text not null references jobs(id) on delete cascade,
            at text not null,
            kind text not null,              -- prompt question answer decision result summary
            role text not null,              -- person assistant system
            text text not null,
            data text not null default '{}'  -- JSON: options, card, run id, cycle, phase
        );
        create index interactions_job on interactions(job_id, id);
        create table versions (
            job_id text not null references jobs(id) on delete cascade,
            number integer not null,
            author text not null,            -- person builder healing import
            message text not null default '',
            sha256 text not null,
            yaml text not null,
            grants text not null default '[]',
            created_at text not null,
            primary key (job_id, number)
        );
        create table drafts (
            id text primary key,
            job_id text not null references jobs(id) on delete cascade,
            yaml text not null,
            request text not null default '',
            state text not null default 'open',      -- open approved rejected replaced
            card text not null default '{}',
            created_at text not null,
            decided_at text
        );
        create index drafts_job on drafts(job_id, created_at);
        create table dependencies (
            job_id text not null references jobs(id) on delete cascade,
            depends_on text not null references jobs(id) on delete cascade,
            primary key (job_id, depends_on)
        );
        """,
    )


@store_migrations()
def m002_runs(db: Database) -> None:
    script(
        db,
        """
        create table runs (
            id text primary key,
            job text not null,               -- the job's name when it ran
            job_id text not null default '',
            version integer not null default 0,
            status text not null,
            reason text not null default '',
            trigger text not null default '{}',
            inputs text not null default '{}',
            outputs text not null default '{}',
            error text,
            dry integer not null default 0,
            parent_run text,
            worker text not null default '',
            priority integer not null default 0,
            queued_at text not null,
            started_at text,
            ended_at text,
            tokens integer not null default 0,
            cost real not null default 0
        );
        create index runs_job on runs(job, queued_at);
        create index runs_status on runs(status);
        create table attempts (
            run_id text not null references runs(id) on delete cascade,
            path text not null,
            attempt integer not null,
            skill text not null default '',
            status text not null,
            started_at text not null,
            ended_at text,
            seconds real,
            arguments text not null default '{}',
            output text,
            error text,
            primary key (run_id, path, attempt)
        );
        create table events (
            run_id text not null references runs(id) on delete cascade,
            seq integer not null,
            at text not null,
            kind text not null,
            data text not null,
            primary key (run_id, seq)
        );
        create table ticks (
            job text not null,
            due text not null,               -- the planned UTC instant
            outcome text not null,           -- planned ran skipped coalesced missed paused
            reason text not null default '',
            run_id text,
            decided_at text not null,
            primary key (job, due)
        );
        create table model_calls (
            id integer primary key,
            at text not null,
            model text not null,
            purpose text not null default '',
            run_id text,
            path text,
            tokens_in integer not null default 0,
            tokens_out integer not null default 0,
            cached_tokens integer not null default 0,
            cost real not null default 0,
            seconds real not null default 0,
            error text
        );
        create index model_calls_run on model_calls(run_id);
        create table memory (
            job text not null,
            name text not null,              -- whose memory: a skill's own name for it
            key text not null,
            value text not null,
            at text not null,
            primary key (job, name, key)
        );
        """,
    )


@store_migrations()
def m003_runs_can_be_taken_up_again(db: Database) -> None:
    script(
        db,
        """
        alter table runs add column request text not null default '{}';
        alter table events add column key text not null default '';
        create unique index events_once on events(run_id, key) where key != '';
        alter table attempts add column skill_version text not null default '';
        alter table attempts add column idempotency_key text not null default '';
        create table signals (
            id integer primary key,
            run_id text not null references runs(id) on delete cascade,
            kind text not null,              -- cancel decide debug
            path text not null default '',
            data text not null default '{}',
            at text not null
        );
        create index signals_run on signals(run_id, id);
        create table pauses (
            run_id text not null references runs(id) on delete cascade,
            path text not null,
            state text not null,             -- JSON: when, arguments, output, names
            at text not null,
            primary key (run_id, path)
        );
        create table step_cache (
            key text primary key,            -- of skill, version and resolved arguments
            skill text not null,
            output text not null,
            at text not null
        );
        """,
    )


@store_migrations()
def m004_schedules(db: Database) -> None:
    script(
        db,
        """
        create table schedules (
            job_id text primary key references jobs(id) on delete cascade,
            cron text not null,
            timezone text not null,
            catch_up text not null,
            overlap text not null,
            planned_until text not null,     -- the ledger is complete up to this instant
            next_due text                    -- null: never again
        );
        create index schedules_due on schedules(next_due);
        alter table ticks add column claimed_by text;
        alter table ticks add column claimed_until text;
        create index ticks_open on ticks(outcome, due)
        """,
    )


@store_migrations()
def m005_failures_and_patches(db: Database) -> None:
    script(
        db,
        """
        create table incidents (
            signature text primary key,
            fault text not null,             -- one of the fourteen classes
            skill text not null,
            host text not null,
            status integer not null,         -- of HTTP or SMTP, 0 is none
            message text not null,           -- without numbers, ids, addresses
            count integer not null default 0,
            first_at text not null,
            last_at text not null
        );
        create table failures (              -- outlives its run
            run_id text not null,
            path text not null,              -- "" for the run's own failure
            at text not null,
            job text not null,
            signature text not null,
            because text not null,           -- what the class was told by
            message text not null,
            hint text not null default '',
            primary key (run_id, path)
        );
        create index failures_signature on failures(signature, at);
        create table patches (
            id text primary key,
            job_id text not null references jobs(id) on delete cascade,
            job text not null,
            run_id text not null,            -- the run that it mends
            path text not null,              -- the step, as the file has it
            skill text not null,
            signature text not null,
            fault text not null,
            source text not null,            -- history, a recipe's name, or model
            state text not null,             -- refused asked canary kept rejected undone
            decision text not null,          -- automatic ask never
            reason text not null default '', -- why this decision, or why it was refused
            changes text not null,           -- JSON: [{key, before, after}]
            words text not null,             -- JSON: the difference, a line for each change
            evidence text not null default '{}',
            yaml text not null,              -- the whole job file with the patch in it
            base integer not null,           -- the version that it changes
            version integer not null default 0,   -- the version that it became
            trials text not null default '[]',    -- JSON: [{run, better, why}] of the canary
            seconds real not null default 0, -- from looking at the failure to a proven patch
            created_at text not null,
            decided_at text,
            decided_by text not null default ''
        );
        create index patches_job on patches(job_id, created_at);
        create index patches_signature on patches(signature, state);
        create table tended (                -- runs that healing has looked at, each once
            run_id text primary key,
            state text not null,             -- begun done
            outcome text not null default '',
            reason text not null default '',
            tries integer not null default 0,
            worker text not null default '',
            until text not null default '',  -- a begun one is taken over after this instant
            at text not null
        );
        create table healing_modes (
            job_id text primary key references jobs(id) on delete cascade,
            mode text not null               -- off ask automatic
        );
        create table healing_events (
            id integer primary key,
            at text not null,
            kind text not null,
            patch text not null,
            job text not null,
            run_id text not null,
            data text not null
        );
        """,
    )


@store_migrations()
def m006_alerts(db: Database) -> None:
    script(
        db,
        """
        create table happenings (
            id integer primary key autoincrement,  -- what may be worth an alert, not looked at yet
            kind text not null,              -- ended asked decided missed, or an alert's own kind
            run_id text not null default '',
            job_id text not null default '',
            data text not null default '{}',
            at text not null
        );
        create table alerts (
            id integer primary key autoincrement,
            kind text not null,              -- failed missed waiting healed slow budget recovered
            job_id text not null default '',
            job text not null,               -- the job's name at that time
            run_id text not null default '', -- the last run that it is about
            path text not null default '',
            signature text not null,         -- what makes two of them the same
            title text not null,
            text text not null,
            state text not null,             -- open over
            count integer not null default 1,
            first_at text not null,
            last_at text not null,
            told_at text not null,           -- when it was last put into the outbox
            over_at text
        );
        create unique index alerts_open on alerts(kind, job, signature) where state = 'open';
        create index alerts_run on alerts(run_id);
        create table deliveries (
            id integer primary key autoincrement,
            alert_id integer not null references alerts(id) on delete cascade,
            channel text not null,
            title text not null,
            text text not null,
            state text not null default 'pending',   -- pending sending sent dropped gave_up
            due text not null,
            attempts integer not null default 0,
            error text not null default '',
            at text not null,
            sent_at text,
            claimed_by text,
            claimed_until text,
            cut_off integer not null default 0     -- it was being sent when a process died
        );
        create index deliveries_due on deliveries(state, due);
        create index deliveries_alert on deliveries(alert_id);
        create table channel_health (
            name text primary key,
            state text not null,             -- works fails
            error text not null default '',
            failures integer not null default 0,
            since text not null,
            at text not null
        );
        """,
    )


@store_migrations()
def m007_figures(db: Database) -> None:
    script(db, figures.TABLES)
    db.execute(figures.TRIGGER)
    script(db, figures.SUGGESTIONS)


@store_migrations()
def m008_runs_that_are_kept(db: Database) -> None:
    script(
        db,
        """
        create table kept_runs (
            run_id text not null references runs(id) on delete cascade,
            reason text not null,            -- by hand, or who still needs it
            at text not null,
            primary key (run_id, reason)
        );
        create index runs_parent on runs(parent_run) where parent_run is not null;
        create index runs_seed on runs(json_extract(request, '$.seed_run'))
            where json_extract(request, '$.seed_run') is not null;
        """,
    )
