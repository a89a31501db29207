"""query_database reads what is asked for and can change nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from assistant.errors import BadArguments, CannotDo, PolicyDenied, TryAgain
from assistant.models.doubles import ScriptedModel
from assistant.settings import Settings
from assistant.skills.calling import call
from assistant.skills.door import Skill
from assistant.skills.library import Library

from .postgres import running_postgres


@pytest.fixture
def query(library: Library) -> Skill:
    return library.get("query_database")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop #1?.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            create table goods (id integer primary key, name text, price real, picture blob);
            insert into goods values (1, 'Rope', 64.5, x'00ff'), (2, 'Cap', null, null);
            """
        )
        db.commit()
    return path


def at(path: Path | str) -> dict[str, Any]:
    return {"databases": {"shop": str(path)}, "model": "big"}


async def test_rows_come_as_typed_records_and_as_a_file(
    query: Skill, make_context, shop: Path
) -> None:
    context = make_context(change=at(shop), path="each[2]/ask")
    given = {"sql": "select *, name as name from goods order by id;", "database": "shop"}
    assert await call(query, given, context) == {
        "columns": ["id", "name", "price", "picture", "name_2"],
        "rows": [
            {"id": 1, "name": "Rope", "price": 64.5, "picture": "AP8=", "name_2": "Rope"},
            {"id": 2, "name": "Cap", "price": None, "picture": None, "name_2": "Cap"},
        ],
        "count": 2,
        "truncated": False,
        "sql": "select *, name as name from goods order by id",
    }
    table = context.artifacts.read("each-2-ask.csv").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1] == ["1", "Rope", "64.5", "AP8=", "Rope"]


async def test_the_demo_shop_is_there_on_a_fresh_machine(query: Skill, make_context) -> None:
    out = await call(
        query, {"sql": "select count(*) as late from orders where status = 'late'"}, make_context()
    )
    assert out["rows"] == [{"late": 3}]
    assert "shop" in Settings().databases


WRITES = [
    "insert into goods values (9, 'x', 1, null)",
    "update goods set price = 0",
    "delete from goods",
    "drop table goods",
    "create table t (x)",
    "create temp table t (x)",
    "create view v as select 1",
    "alter table goods add column x",
    "replace into goods values (1, 'x', 1, null)",
    "with x as (select 1) delete from goods",
    "attach database '/tmp/evil.db' as evil",
    "detach database main",
    "vacuum",
    "vacuum into '/tmp/evil.db'",
    "reindex",
    "analyze",
    "pragma journal_mode = delete",
    "pragma table_info(goods)",
    "pragma query_only = off",
    "begin immediate",
    "commit",
    "savepoint s",
    "select load_extension('/tmp/x.so')",
    "select writefile('/tmp/x', 'y')",
    "select fts3_tokenizer('simple', x'00')",
    "create virtual table v using fts5(x)",
    "explain delete from goods",
    "select 1; delete from goods",
    "/* */ delete from goods -- select",
    "insert into goods select * from goods returning id",
]


@pytest.mark.parametrize("sql", WRITES)
async def test_nothing_in_a_file_can_be_changed(
    query: Skill, make_context, shop: Path, sql: str
) -> None:
    before = hashlib.sha256(shop.read_bytes()).hexdigest()
    beside = set(shop.parent.iterdir())
    with pytest.raises((PolicyDenied, CannotDo)):
        await call(query, {"sql": sql}, make_context(change=at(shop)))
    assert hashlib.sha256(shop.read_bytes()).hexdigest() == before
    assert set(shop.parent.iterdir()) - beside <= {shop.parent / "runs"}
    assert not Path("/tmp/evil.db").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "select name from goods where id = 1",
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 5) select * from n",
        "select upper(name), max(price) over () from goods",
        "select name from sqlite_master",
        "values (1), (2)",
        "-- a comment\nselect 1",
        "explain query plan select * from goods",
        "select json_group_array(name) from goods",
    ],
)
async def test_reading_is_allowed_in_all_its_forms(
    query: Skill, make_context, shop: Path, sql: str
) -> None:
    assert (await call(query, {"sql": sql}, make_context(change=at(shop))))["count"] >= 1


async def test_more_rows_than_asked_for_are_cut_and_told(
    query: Skill, make_context, shop: Path, heard
) -> None:
    sql = "with recursive n(x) as (select 1 union all select x + 1 from n) select x from n"
    out = await call(query, {"sql": sql, "limit": 3}, make_context(change=at(shop)))
    assert ([row["x"] for row in out["rows"]], out["truncated"]) == ([1, 2, 3], True)
    assert heard.warnings == ["Only the first 3 rows are given; there are more."]


@pytest.mark.parametrize(
    "sql",
    [
        "select zeroblob(2000000000)",
        "select hex(zeroblob(9000000))",
        "with recursive n(x) as (select 1 union all select x + 1 from n) select hex(randomblob(900000)) from n",
    ],
)
async def test_an_answer_cannot_fill_the_memory(
    query: Skill, make_context, shop: Path, sql: str
) -> None:
    with pytest.raises(CannotDo):
        await call(query, {"sql": sql}, make_context(change=at(shop)))


async def test_an_endless_query_is_stopped(library: Library, shop: Path) -> None:
    library.get("query_database")
    from assistant.skills.databases.sqlite import SqliteFile

    endless = (
        "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    )
    started = time.monotonic()
    with pytest.raises(CannotDo, match=r"longer than 0.3 s"):
        SqliteFile(str(shop)).query(endless, rows=1, seconds=0.3)
    assert time.monotonic() - started < 2


@pytest.mark.external
async def test_a_cell_that_is_a_formula_is_marked_as_text(
    query: Skill, make_context, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "security_payloads" / "csv_formula.jsonl"
    cells = [json.loads(line)["cell"] for line in path.read_text().splitlines()]
    cells += ["+1", "-1+1", "@SUM(1)", "\t=1", " =1", "\r=1"]
    db_path = tmp_path / "cells.db"
    with closing(sqlite3.connect(db_path)) as db:
        db.execute("create table t (c)")
        db.executemany("insert into t values (?)", [(cell,) for cell in cells])
        db.commit()
    context = make_context(change=at(db_path), path="")
    out = await call(query, {"sql": 'select c as "=c" from t'}, context)
    assert [row["=c"] for row in out["rows"]] == cells
    table = context.artifacts.read("rows.csv").decode("utf-8-sig")
    shown = [row[0] for row in csv.reader(io.StringIO(table, newline=""))]
    assert all(cell.startswith("'") for cell in shown)


# -- questions -----------------------------------------------------------------------------


async def test_a_question_becomes_a_query_with_the_tables_in_view(
    query: Skill, make_context, shop: Path
) -> None:
    model = ScriptedModel({"sql": "select count(*) as goods from goods;"})
    context = make_context(model=model, change=at(shop))
    out = await call(query, {"question": "How many goods are there?"}, context)
    assert (out["rows"], out["sql"]) == ([{"goods": 2}], "select count(*) as goods from goods")
    (asked,) = model.asked
    assert "create table goods (id integer primary key" in asked.messages[0].text.lower()
    assert "Monday, 2026-03-02" in asked.messages[0].text
    assert asked.prompt == "How many goods are there?"


async def test_a_query_that_fails_is_corrected_once(query: Skill, make_context, shop: Path) -> None:
    model = ScriptedModel({"sql": "select cost from goods"}, {"sql": "select price from goods"})
    out = await call(query, {"question": "Prices?"}, make_context(model=model, change=at(shop)))
    assert out["sql"] == "select price from goods"
    assert "no such column: cost" in model.asked[1].messages[0].text


async def test_a_model_cannot_change_anything_either(
    query: Skill, make_context, shop: Path
) -> None:
    model = ScriptedModel({"sql": "delete from goods"}, {"sql": "drop table goods"})
    with pytest.raises(PolicyDenied):
        await call(query, {"question": "Empty it"}, make_context(model=model, change=at(shop)))


# -- questions without a model -------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many orders are late?", [{"count": 3}]),
        ("how many late orders are there in the shop database", [{"count": 3}]),
        ("How many customers are from Lantern Bay?", [{"count": 3}]),
        ("how many orders are from Lantern Bay", [{"count": 7}]),
        ("average price of products in the safety category", [{"average": 44.833333333333336}]),
        (
            "show the name and price of the 2 most expensive products",
            [{"name": "Marine battery, 100 Ah"}, {"name": "Oilskin jacket"}],
        ),
        ("products with stock under 4", [{"name": "Flare set"}, {"name": "Cork fender"}]),
        ("how many orders per status", [{"status": "shipped", "count": 8}]),
        ("number of orders by customer", [{"name": "Ines Halloran", "count": 3}]),
        (
            "Which products in the shop are nearly sold out?",
            [
                {"name": "Deck lantern", "stock": 6},
                {"name": "Marine battery, 100 Ah", "stock": 4},
                {"name": "Flare set", "stock": 3},
                {"name": "Cork fender", "stock": 0},
            ],
        ),
        ("how many products have less stock than their reorder level", [{"count": 4}]),
        ("which products are sold out", [{"name": "Cork fender"}]),
        (
            "Which customers placed the most orders in the shop db?",
            [{"name": "Ines Halloran", "count": 3}],
        ),
        ("how many tickets are still open in the shop db", [{"count": 3}]),
        ("save all open tickets of the shop database", [{"answered_on": None}]),
        ("how many tickets are not answered yet", [{"count": 3}]),
        ("what is the cheapest product?", [{"name": "Signal whistle", "price": 4.5}]),
    ],
)
async def test_a_simple_question_needs_no_larger_model(
    query: Skill, make_context, question: str, rows: list[dict[str, Any]]
) -> None:
    out = await call(query, {"question": question, "database": "shop"}, make_context())
    assert [{key: row[key] for key in rows[0]} for row in out["rows"][: len(rows)]] == rows


@pytest.mark.parametrize(
    "question",
    [
        "how many unicorns are there",
        "which orders are not late",
        "orders that are late or open",
        "which customer spent the most this year",
        "which customers are nearly sold out",
        "which customers have the most money",
        "which orders are most urgent",
        "how many customers are still open",
        "delete all orders",
        "orders'; drop table orders",
        "how many orders were late last week",
        "",
    ],
)
async def test_a_question_with_a_word_that_is_not_understood_is_not_guessed(
    query: Skill, make_context, question: str
) -> None:
    with pytest.raises((CannotDo, BadArguments)) as wrong:
        await call(query, {"question": question, "database": "shop"}, make_context())
    assert wrong.value.hint


async def test_of_whom_there_is_one_only_the_first_is_told(query: Skill, make_context) -> None:
    given = {"question": "which customer has the most orders", "database": "shop"}
    out = await call(query, given, make_context())
    assert [(row["name"], row["count"]) for row in out["rows"]] == [("Ines Halloran", 3)]


async def test_a_value_that_may_mean_two_things_is_not_guessed(
    query: Skill, make_context, tmp_path: Path
) -> None:
    path = tmp_path / "trips.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table trips (id integer primary key, origin text, goal text)")
        db.execute("insert into trips values (1, 'Paris', 'Rome'), (2, 'Rome', 'Paris')")
        db.commit()
    change = {"databases": {"trips": str(path)}}
    with pytest.raises(CannotDo, match="larger model"):
        await call(query, {"question": "how many trips to Paris"}, make_context(change=change))


# -- which database ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("databases", "given", "told"),
    [
        ({"a": "x", "b": "y"}, {}, "Which database"),
        ({"a": "x"}, {"database": "c"}, "no database 'c'"),
        ({"a": "/no/such.db"}, {}, "no database file"),
        ({"a": "oracle://x/y"}, {}, "none that is known"),
        ({"a": "x"}, {"database": "/etc/passwd"}, "no database '/etc/passwd'"),
    ],
)
async def test_a_database_is_one_of_the_settings(
    query: Skill, make_context, databases: dict[str, str], given: dict[str, str], told: str
) -> None:
    with pytest.raises(CannotDo, match=told):
        await call(
            query, {"sql": "select 1", **given}, make_context(change={"databases": databases})
        )


async def test_a_question_or_sql_and_not_both(query: Skill, make_context) -> None:
    for given in ({}, {"sql": "select 1", "question": "One?"}):
        with pytest.raises(BadArguments):
            await call(query, given, make_context())


# -- PostgreSQL ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as url:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(
                "create table goods (id int primary key, name text, price numeric, at timestamptz)"
            )
            db.execute(
                "insert into goods values (1, 'Rope', 64.50, '2026-03-01T08:00Z'), (2, 'Cap', 3, null)"
            )
            db.execute("create sequence ids")
            db.execute("create table lines (good int references goods (id))")
            db.execute(
                "create function sneak() returns int language sql as $$ delete from goods returning id $$"
            )
        yield url


@pytest.mark.postgres
async def test_a_server_answers_with_typed_rows(query: Skill, make_context, server: str) -> None:
    out = await call(
        query, {"sql": "select * from goods order by id"}, make_context(change=at(server))
    )
    assert out["rows"][0] | {"at": out["rows"][0]["at"][:10]} == {
        "id": 1, "name": "Rope", "price": 64.5, "at": "2026-03-01",
    }  # fmt: skip
    assert out["rows"][1] == {"id": 2, "name": "Cap", "price": 3, "at": None}


@pytest.mark.postgres
async def test_a_question_to_a_server_sees_its_tables(
    query: Skill, make_context, server: str
) -> None:
    model = ScriptedModel({"sql": "select name from goods where price > 50"})
    context = make_context(model=model, change=at(server))
    out = await call(query, {"question": "What is dear?"}, context)
    assert out["rows"] == [{"name": "Rope"}]
    shown = model.asked[0].messages[0].text
    assert "create table goods" in shown
    assert "foreign key (good) references goods (id)" in shown
    assert "s3cret-pw" not in shown


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "delete from goods",
        "with x as (delete from goods returning id) select * from x",
        "select sneak()",
        "select nextval('ids')",
        "select * into copied from goods",
        "select 1; delete from goods",
        "select 1; commit; delete from goods",
        "commit",
        "set transaction read write",
        "copy goods to program 'touch /tmp/evil'",
        "/* /* */ select */ copy goods to '/tmp/evil'",
        "-- select\ncopy goods to '/tmp/evil'",
        "explain analyze delete from goods",
        "do $$ begin delete from goods; end $$",
        "select set_config('transaction_read_only', 'off', false), sneak()",
        "call x()",
        "prepare p as delete from goods",
        "select * from goods for update",
    ],
)
async def test_nothing_on_a_server_can_be_changed(
    query: Skill, make_context, server: str, sql: str
) -> None:
    with pytest.raises((PolicyDenied, CannotDo)):
        await call(query, {"sql": sql}, make_context(change=at(server)))
    with psycopg.connect(server) as db:
        tables = db.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        assert db.execute("select count(*) from goods").fetchone() == (2,)
        assert tables == (2,)
        assert db.execute("select is_called from ids").fetchone() == (False,)
    assert not Path("/tmp/evil").exists()


@pytest.mark.postgres
async def test_a_server_is_not_asked_for_more_rows_than_are_wanted(
    query: Skill, make_context, server: str
) -> None:
    context = make_context(change=at(server))
    started = time.monotonic()
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select x as n from n"
    out = await call(query, {"sql": endless, "limit": 2}, context)
    assert (out["rows"], out["truncated"]) == ([{"n": 1}, {"n": 2}], True)
    none = await call(query, {"sql": "select id, name from goods where false"}, context)
    assert (none["columns"], none["rows"]) == (["id", "name"], [])
    assert time.monotonic() - started < 20


@pytest.mark.postgres
async def test_a_slow_query_on_a_server_is_stopped(library: Library, server: str) -> None:
    library.get("query_database")
    from assistant.skills.databases.server import Server

    started = time.monotonic()
    with pytest.raises(CannotDo, match=r"longer than 0.3 s"):
        Server(server).query("select pg_sleep(20)", rows=1, seconds=0.3)
    assert time.monotonic() - started < 5


@pytest.mark.postgres
async def test_a_reference_to_a_secret_is_the_password(
    query: Skill, make_context, server: str
) -> None:
    address = server.replace("s3cret-pw", "secret:shop_password")
    context = make_context(change=at(address), secrets={"shop_password": "s3cret-pw"})
    assert (await call(query, {"sql": "select 1 as one"}, context))["rows"] == [{"one": 1}]


async def test_a_server_that_is_down_is_worth_another_try_and_hides_the_password(
    query: Skill, make_context
) -> None:
    address = "postgresql://me:s3cret-pw@127.0.0.1:1/none"
    with pytest.raises(TryAgain) as down:
        await call(query, {"sql": "select 1"}, make_context(change=at(address)))
    assert "s3cret-pw" not in str(down.value)


async def test_a_file_that_a_question_names_is_asked_itself_or_nothing_is(
    query: Skill, make_context, tmp_path: Path
) -> None:
    for name, many in (("club", 3), ("other", 1)):
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as db:
            db.execute("create table members (id integer primary key, town text)")
            db.executemany("insert into members (town) values (?)", [("Saltby",)] * many)
            db.commit()
    change = {"databases": {"club": str(tmp_path / "club.db"), "town": str(tmp_path / "other.db")}}
    for named in (str(tmp_path / "club.db"), "club.db"):
        told = await call(query, {"question": f"how many members are in {named}?"}, make_context(change=change))  # fmt: skip
        assert told["rows"] == [{"count": 3}]
    with pytest.raises(CannotDo, match="no database of the settings") as wrong:
        await call(query, {"question": "how many members are in /srv/gym.db?"}, make_context(change=change))  # fmt: skip
    assert wrong.value.hint.endswith("assistant databases add gym /srv/gym.db")
