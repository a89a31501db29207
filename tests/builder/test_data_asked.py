"""A question to a database is known by the words of its tables."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.builder.data_asked import database_asked, database_named
from assistant.builder.drafting import Builder
from assistant.grounding.marks import mark
from assistant.models.doubles import OneModel
from assistant.settings import demo_databases
from assistant.skills.databases.spoken import Spoken, SpokenDatabases
from assistant.skills.library import Library
from tests.builder.conftest import Deciding


@pytest.fixture
def shop() -> SpokenDatabases:
    return SpokenDatabases(demo_databases(), {})


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Which products in the shop are nearly sold out?", "shop"),
        ("how many orders are late", "shop"),
        ("list all customers from Bergen", "shop"),
        ("show the order lines of today", "shop"),
        ("total stock of the shop", "shop"),
        ("which products are new on https://a.example/feed.xml", None),
        ("search the web for cheap products", None),
        ("write a poem about orders", None),
        ("what can you do?", None),
        ("tell me the price of batteries", None),
    ],
)
def test_a_request_asks_the_shop_or_nothing(
    shop: SpokenDatabases, text: str, asked: str | None
) -> None:
    assert database_asked(mark(text).text, shop.all()) == asked


def test_of_several_databases_the_one_with_the_table_is_asked() -> None:
    books = Spoken("books", frozenset({("invoice",)}))
    club = Spoken("club", frozenset({("member",), ("invoice",)}))
    assert database_asked("how many members are there", [books, club]) == "club"
    assert database_asked("how many invoices are open", [books, club]) == ""
    assert database_asked("how many invoices are open in our books", [books, club]) == "books"


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "fleet.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table boats (id integer, length_m real)")
        known = SpokenDatabases({"fleet": str(path), "gone": str(tmp_path / "no.db")}, {})
        first = Spoken("fleet", frozenset({("boat",)}), frozenset({("id",), ("length", "m")}))
        assert known.all() == (first, Spoken("gone"))
        db.execute("create table berths (id integer)")
    os.utime(path, (1, 1))
    assert known.all()[0].tables == {("boat",), ("berth",)}


async def test_the_words_of_a_table_outweigh_a_model_that_does_not_know_them(
    library: Library, shop: SpokenDatabases
) -> None:
    model = Deciding({"kind": "clarify", "missing": ["what"]}, {})
    builder = Builder(library, OneModel(model), timezone=lambda: "UTC", databases=shop.all)
    question = "Which products in the shop are nearly sold out?"
    draft = await builder.draft(question)
    assert (draft.kind, draft.call) == ("call", {"question": question})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("count the late orders in the shop database", "shop"),
        ("signups of the last week (warehouse db)", "warehouse"),
        ("run this on billing: select plan from subscriptions", "billing"),
        ("zähle die offenen Fälle aus der Datenbank helpdesk", "helpdesk"),
        ("combien de clients dans la base de données boutique", "boutique"),
        ("las ventas de la base de datos comercio", "comercio"),
        ("está na base de dados clinica", "clinica"),
        ("quanti soci nel database circolo", "circolo"),
        ("run this against nursing for me: select nurse from rota", "nursing"),
        ("check db tools what is overdue", "tools"),
        ("from database kasse the sum of incomes", "kasse"),
        ("check the db for late orders", ""),
        ("which supplier is late most often? (database: purchasing)", "purchasing"),
        ("database hr: how many people started this year?", "hr"),
        ("ask the database how many orders there are", ""),
        ("query our database every Monday", ""),
    ],
)
def test_a_database_is_known_by_the_name_beside_its_word(said: str, name: str) -> None:
    assert database_named(said) == name
