"""What a run gave is read first as a person reads it, and as JSON only when it is unfolded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assistant.panel import outcome
from assistant.panel.reading import Reader
from assistant.settings import Settings
from assistant.workplace import Workplace


@pytest.fixture
def reader(settings: Settings) -> Iterator[Reader]:
    place = Workplace.open(settings)
    yield Reader(place)
    place.close_store()


def shown(reader: Reader, given: Any, **more: bool) -> BeautifulSoup:
    return BeautifulSoup(outcome.readable(reader, {"result": given}, **more), "html.parser")


def lines(page: BeautifulSoup) -> list[str]:
    return list(page.stripped_strings)


def test_items_are_titles_that_lead_to_their_stories(reader: Reader):
    page = shown(reader, {"items": [
        {"title": "Sodium goes to sea", "url": "https://a.example/1", "source": "The Lantern",
         "published": "2020-03-02T07:00:00.000Z", "summary": "A ferry sails.", "image": "", "tags": []},
        {"title": "<b>No address</b>", "url": "javascript:alert(1)"},
    ], "warnings": ["one feed was slow"]})  # fmt: skip
    assert lines(page) == [
        "Sodium goes to sea", "The Lantern · Mon 2 Mar 2020, 07:00", "A ferry sails.",
        "<b>No address</b>", "Warnings", "one feed was slow",
    ]  # fmt: skip
    assert [(a["href"], a["rel"]) for a in page.find_all("a")] == [
        ("https://a.example/1", ["noopener", "noreferrer"])
    ]


def test_rows_of_a_database_are_a_table_under_its_columns(reader: Reader):
    page = shown(reader, {"columns": ["b", "a"], "rows": [{"a": 1, "b": None}, {"a": 2, "b": True}],
                          "count": 2, "truncated": False, "sql": "select b, a from t"})  # fmt: skip
    assert [[cell.text for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")] == [
        ["b", "a"], ["–", "1"], ["yes", "2"],
    ]  # fmt: skip
    assert lines(page)[-4:] == ["Count", "2", "SQL", "select b, a from t"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("line one\nline two", ["line one\nline two"]),
        ({"text": "Yes.", "record": None, "model": "starter", "cost": 0.0},
         ["Yes.", "Model", "starter", "Cost", "0.0"]),
        ({"items": [], "warnings": []}, ["It gave nothing."]),
        ([], ["It gave nothing."]),
        (["a", 2, {"x": 1}], ["a", "2", "X", "1"]),
        ([{"name": "a", "size": 1}], ["name", "size", "a", "1"]),
        ({"deep": {"deep": {"deep": {"deep": {"deep": 1}}}}}, ['{\n  "deep": 1\n}']),
    ],
)  # fmt: skip
def test_anything_else_is_told_by_its_shape(reader: Reader, given: Any, told: list[str]):
    assert lines(shown(reader, given)) == told


def test_a_newsletter_is_the_letter_itself_unless_its_page_is_shown_already(reader: Reader):
    given = {"newsletter": {"title": "News", "html": "<h1>News</h1>", "markdown": "# News",
                            "text": "News", "item_count": 3}, "artifacts": [{"name": "letter.html"}]}  # fmt: skip
    page = shown(reader, given)
    assert page.iframe is not None
    assert page.iframe["srcdoc"] == "<h1>News</h1>"
    assert lines(shown(reader, given, seen=True)) == ["Title", "News", "Item count", "3"]


def test_what_is_many_is_cut_and_says_so_and_json_holds_all_of_it(reader: Reader):
    given = {"items": [{"title": f"Story {n}"} for n in range(60)]}
    page = BeautifulSoup(outcome.card(reader, {"result": given}), "html.parser")
    assert len(page.select(".stories li")) == outcome.MOST_ROWS
    assert "10 more are in the JSON below." in page.text
    assert page.details is not None
    assert "open" not in page.details.attrs
    assert "Story 59" in page.details.text
