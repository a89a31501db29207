"""change_database changes the rows it says, all or none, and only where the settings let it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.errors import BadArguments, CannotDo, PolicyDenied
from assistant.settings import Settings
from assistant.skills.calling import call, preview
from assistant.skills.door import Skill
from assistant.skills.library import Library, SkillDisabled

from .mariadb import running_mariadb
from .postgres import running_postgres

GOODS = (
    "create table goods (id integer primary key, name varchar(40), price numeric(8, 2))",
    "insert into goods values (1, 'Rope', 64.5), (2, 'Cap', 9), (3, 'Oar', 30)",
)


@pytest.fixture
def change(settings: Settings) -> Skill:
    return Library.open(settings.model_copy(update={"writable_databases": ("shop",)})).get(
        "change_database"
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop #1?.db"
    with closing(sqlite3.connect(path)) as db:
        for sql in GOODS:
            db.execute(sql)
        db.execute("create table sold (good integer references goods(id))")
        db.execute("insert into sold values (1)")
        db.execute("create table log (said text)")
        db.execute(
            "create trigger kept after delete on goods begin insert into log values (old.name); end"
        )
        db.commit()
    return path


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    with running_mariadb() as url:
        yield url


@pytest.fixture(params=["postgres", "mariadb"])
def server(request: pytest.FixtureRequest) -> str:
    """The address of a server that holds the goods anew."""
    url: str = request.getfixturevalue(request.param)
    with _engine(url).begin() as db:
        db.execute(sa.text("drop table if exists goods"))
        for sql in GOODS:
            db.execute(sa.text(sql))
    return url


def _engine(url: str) -> sa.Engine:
    drivers = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
    address = sa.make_url(url)
    return sa.create_engine(address.set(drivername=drivers[address.drivername]))


def at(path: Path | str) -> dict[str, Any]:
    return {"databases": {"shop": str(path)}, "writable_databases": ("shop",)}


def names(path: Path, table: str = "goods") -> list[Any]:
    with closing(sqlite3.connect(path)) as db:
        return [row[-1] for row in db.execute(f"select * from {table} order by 1")]


def names_on(url: str) -> list[str]:
    with _engine(url).connect() as db:
        return [row[0] for row in db.execute(sa.text("select name from goods order by id"))]


async def test_a_statement_changes_the_rows_it_says(
    change: Skill, make_context, shop: Path
) -> None:
    given = {
        "sql": "update goods set price = :price where name = :name;",
        "values": {"price": 70, "name": "Rope'; drop table goods; --"},
    }
    assert await call(change, given, make_context(change=at(shop))) == {
        "database": "shop",
        "changed": 0,
        "sql": "update goods set price = :price where name = :name",
    }
    given["values"]["name"] = "Rope"
    assert (await call(change, given, make_context(change=at(shop))))["changed"] == 1
    assert names(shop) == [70, 9, 30]


async def test_a_trigger_of_the_person_runs_with_a_change(
    change: Skill, make_context, shop: Path
) -> None:
    given = {"sql": "delete from goods where id = 3", "database": "shop"}
    assert (await call(change, given, make_context(change=at(shop))))["changed"] == 1
    assert names(shop, "log") == ["Oar"]


async def test_a_change_that_breaks_a_reference_is_taken_back(
    change: Skill, make_context, shop: Path
) -> None:
    with pytest.raises(CannotDo, match="FOREIGN KEY"):
        await call(change, {"sql": "delete from goods"}, make_context(change=at(shop)))
    assert names(shop) == [64.5, 9, 30]


async def test_more_rows_than_are_allowed_are_none(change: Skill, make_context, shop: Path) -> None:
    given = {"sql": "update goods set price = 0", "at_most": 2}
    with pytest.raises(CannotDo, match="would change 3 rows, and at most 2"):
        await call(change, given, make_context(change=at(shop)))
    assert names(shop) == [64.5, 9, 30]


REFUSED = [
    "drop table goods",
    "create table t (x)",
    "create temp table t (x)",
    "alter table goods add column x",
    "attach database '/tmp/evil.db' as evil",
    "vacuum into '/tmp/evil.db'",
    "pragma writable_schema = on",
    "pragma foreign_keys = off",
    "update sqlite_master set sql = ''",
    "delete from sqlite_sequence",
    "insert into goods values (9, load_extension('/tmp/x.so'), 1)",
    "insert into goods values (9, writefile('/tmp/evil', 'y'), 1)",
    "commit",
    "rollback",
    "savepoint s",
    "select * from goods",
    "delete from log; drop table goods",
    "create trigger t after insert on goods begin delete from goods; end",
]


@pytest.mark.parametrize("sql", REFUSED)
async def test_nothing_but_rows_can_be_changed(
    change: Skill, make_context, shop: Path, sql: str
) -> None:
    before = hashlib.sha256(shop.read_bytes()).hexdigest()
    with pytest.raises((PolicyDenied, CannotDo)):
        await call(change, {"sql": sql}, make_context(change=at(shop)))
    assert hashlib.sha256(shop.read_bytes()).hexdigest() == before
    assert {path.name for path in shop.parent.glob("*.db*")} == {shop.name}


async def test_a_preview_tells_the_rows_and_changes_none(
    change: Skill, make_context, shop: Path
) -> None:
    before = hashlib.sha256(shop.read_bytes()).hexdigest()
    arguments = {"sql": "update goods set price = price + :more", "values": {"more": 1}}
    assert await preview(change, arguments, make_context(change=at(shop), dry=True)) == {
        "database": "shop",
        "changed": 3,
        "sql": "update goods set price = price + :more",
        "values": {"more": 1},
    }
    assert hashlib.sha256(shop.read_bytes()).hexdigest() == before


async def test_a_database_that_was_not_named_is_only_read(
    change: Skill, make_context, shop: Path
) -> None:
    databases = {"shop": str(shop), "books": str(shop)}
    context = make_context(change={"databases": databases, "writable_databases": ("shop",)})
    with pytest.raises(PolicyDenied, match="'books' may only be read"):
        await call(change, {"sql": "delete from log", "database": "books"}, context)


async def test_a_missing_value_is_told(change: Skill, make_context, shop: Path) -> None:
    with pytest.raises((BadArguments, CannotDo), match="id"):
        await call(
            change, {"sql": "delete from goods where id = :id"}, make_context(change=at(shop))
        )


async def test_it_is_off_until_a_database_is_named(settings: Settings) -> None:
    library = Library.open(settings)
    assert "change_database" not in library.names()
    states = {entry.name: (entry.state, entry.reason) for entry in library.entries()}
    assert states["change_database"] == (
        "off",
        "Name what it may touch under writable_databases in settings.toml.",
    )
    with pytest.raises(SkillDisabled, match="is off"):
        library.get("change_database")


@pytest.mark.postgres
async def test_a_server_changes_rows_and_counts_them(
    change: Skill, make_context, server: str
) -> None:
    given = {
        "sql": "update goods set name = :name where price < :price",
        "values": {"name": "it's 12:30", "price": 40},
    }
    assert (await call(change, given, make_context(change=at(server))))["changed"] == 2
    assert names_on(server) == ["Rope", "it's 12:30", "it's 12:30"]


@pytest.mark.postgres
async def test_a_server_takes_too_many_rows_back(change: Skill, make_context, server: str) -> None:
    with pytest.raises(CannotDo, match="would change 3 rows"):
        await call(
            change, {"sql": "delete from goods", "at_most": 1}, make_context(change=at(server))
        )
    assert names_on(server) == ["Rope", "Cap", "Oar"]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "drop table goods",
        "truncate goods",
        "delete from goods; drop table goods",
        "/* */ delete from goods",
        "select 1",
        "begin",
    ],
)
async def test_a_server_changes_nothing_but_rows(
    change: Skill, make_context, server: str, sql: str
) -> None:
    with pytest.raises((PolicyDenied, CannotDo)):
        await call(change, {"sql": sql}, make_context(change=at(server)))
    assert names_on(server) == ["Rope", "Cap", "Oar"]


@pytest.mark.postgres
async def test_a_server_plans_a_preview_and_changes_nothing(
    change: Skill, make_context, server: str
) -> None:
    context = make_context(change=at(server), dry=True)
    given = {"sql": "delete from goods where id = :id", "values": {"id": 2}}
    assert await preview(change, given, context) == given | {"database": "shop"}
    with pytest.raises(CannotDo):
        await preview(change, {"sql": "delete from nowhere"}, context)
    assert names_on(server) == ["Rope", "Cap", "Oar"]


@pytest.mark.postgres
async def test_a_wrong_value_is_an_error_of_the_call(
    change: Skill, make_context, server: str
) -> None:
    with pytest.raises(BadArguments, match="id"):
        await call(
            change, {"sql": "delete from goods where id = :id"}, make_context(change=at(server))
        )
    assert names_on(server) == ["Rope", "Cap", "Oar"]
