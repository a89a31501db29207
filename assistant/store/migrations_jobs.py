"""Changes of the schema for what is said in jobs and how they are guided.

It comes after the changes of `migrations`; `store_migrations` has both.
"""

from __future__ import annotations

from sqlite_utils import Database

from assistant.store.migrations import script, store_migrations

__all__ = ["store_migrations"]


@store_migrations()
def m007_what_was_said_is_searched_and_stays(db: Database) -> None:
    script(
        db,
        """
        alter table interactions add column answer text;
        alter table interactions add column answered_at text;
        create index interactions_open on interactions(job_id) where kind = 'question' and answer is null;
        create virtual table interactions_words using fts5(
            text, answer, content='interactions', content_rowid='id',
            tokenize='porter unicode61 remove_diacritics 2'
        );
        insert into interactions_words(interactions_words) values ('rebuild')
        """,
    )
    unchanged = " or ".join(
        f"new.{column} is not old.{column}"
        for column in ("id", "job_id", "at", "kind", "role", "text", "data")
    )
    gone = "insert into interactions_words(interactions_words, rowid, text, answer) values ('delete', old.id, old.text, old.answer)"
    come = (
        "insert into interactions_words(rowid, text, answer) values (new.id, new.text, new.answer)"
    )
    for trigger in (
        f"interactions_added after insert on interactions begin {come}; end",
        f"interactions_gone after delete on interactions begin {gone}; end",
        f"interactions_answered after update of answer on interactions begin {gone}; {come}; end",
        "interactions_stay before update on interactions"
        f" when old.answer is not null or {unchanged}"
        " begin select raise(abort, 'what was said in a job stays as it was said'); end",
    ):
        db.execute(f"create trigger {trigger}")


@store_migrations()
def m008_guidance_of_jobs(db: Database) -> None:
    script(
        db,
        """
        create table guidance (
            job_id text primary key references jobs(id) on delete cascade,
            plan text not null default '',       -- '' not said yet, plan.md, plan.yaml, none
            plan_sha text not null default '',   -- of the plan as it was frozen
            cycles integer not null default 1,   -- declared by the plan
            completion text not null default '{}'
        );
        create table notes (
            id integer primary key,
            job_id text not null references jobs(id) on delete cascade,
            cycle integer not null,
            kind text not null,                  -- pending-job voice-update agent-update knowledge remark
            lasting text not null,               -- durable ephemeral
            text text not null,
            state text not null,                 -- proposed kept dropped
            source integer,                      -- the interaction it comes from
            target text not null default '',     -- the job, file or plan it went to
            at text not null,
            decided_at text
        );
        create index notes_job on notes(job_id, cycle);
        create table knowledge (
            path text primary key,               -- below the knowledge folder
            stamp text not null,                 -- of the file as it was read: time and size
            job text not null default ''
        );
        create virtual table knowledge_words using fts5(
            path unindexed, title, body, tokenize='porter unicode61 remove_diacritics 2'
        )
        """,
    )
