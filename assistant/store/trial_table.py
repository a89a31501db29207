"""The table of what models were found good for."""

TABLE = """
create table model_trials (
    model text not null,
    ability text not null,           -- routing tool_calls drafting summaries
    right integer not null,
    of integer not null,
    passed integer not null,
    file text not null default '',   -- which file it was, by size and time
    at text not null,
    primary key (model, ability)
);
"""
