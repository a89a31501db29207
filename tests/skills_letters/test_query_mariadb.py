"""query_database on a MariaDB: typed rows, questions, a time limit, and no change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pymysql
import pytest
import sqlalchemy as sa

from assistant.errors import CannotDo, PolicyDenied
from assistant.skills.calling import call
from assistant.skills.databases.server import Server
from assistant.skills.door import Skill
from assistant.skills.library import Library

from .mariadb import running_mariadb


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_mariadb() as url:
        with _connected(url) as db, db.cursor() as cursor:
            cursor.execute("create table makers (id int primary key, name varchar(40))")
            cursor.execute(
                "create table goods (id int primary key, name varchar(40), price decimal(8, 2), "
                "since date, maker int, foreign key (maker) references makers (id))"
            )
            cursor.execute("insert into makers values (1, 'Moss')")
            cursor.execute(
                "insert into goods values (1, 'Rope', 64.50, '2026-03-01', 1), "
                "(2, 'Cap', null, null, 1)"
            )
        yield url


def _connected(url: str) -> Any:
    address = sa.make_url(url)
    return pymysql.connect(
        host=address.host, port=address.port, user=address.username, password=address.password or "",
        database=address.database, autocommit=True,
    )  # fmt: skip


@pytest.fixture
def query(library: Library) -> Skill:
    return library.get("query_database")


def at(address: str, model: str = "big") -> dict[str, Any]:
    return {"databases": {"shop": address}, "model": model}


async def test_rows_come_with_their_types(query: Skill, make_context, server: str) -> None:
    out = await call(
        query, {"sql": "select * from goods order by id"}, make_context(change=at(server))
    )
    assert out["rows"] == [
        {"id": 1, "name": "Rope", "price": 64.5, "since": "2026-03-01", "maker": 1},
        {"id": 2, "name": "Cap", "price": None, "since": None, "maker": 1},
    ]


async def test_a_simple_question_is_read_without_a_larger_model(
    query: Skill, make_context, server: str
) -> None:
    given = {"question": "How many goods are from Moss?"}
    out = await call(query, given, make_context(change=at(server, "starter")))
    assert out["rows"] == [{"count": 2}]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into goods (id) values (9)",
        "update goods set price = 0",
        "delete from goods",
        "drop table goods",
        "truncate goods",
        "select 1; delete from goods",
        "select * from goods into outfile '/tmp/evil'",
        "select * from goods for update; commit; delete from goods",
        "with x as (select 1) delete from goods",
        "set session transaction read write",
        "call nothing()",
        "/*! delete from goods */",
    ],
)
async def test_nothing_can_be_changed(query: Skill, make_context, server: str, sql: str) -> None:
    with pytest.raises((PolicyDenied, CannotDo)):
        await call(query, {"sql": sql}, make_context(change=at(server)))
    with _connected(server) as db, db.cursor() as cursor:
        cursor.execute("select count(*), sum(price) from goods")
        assert [str(value) for value in cursor.fetchone()] == ["2", "64.50"]


async def test_a_slow_query_is_stopped(query: Skill, server: str) -> None:
    assert query.name == "query_database"
    started = time.monotonic()
    with pytest.raises(CannotDo, match=r"longer than 0.5 s"):
        Server(server).query(
            "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n, n as m, n as o",
            rows=1,
            seconds=0.5,
        )
    assert time.monotonic() - started < 10
