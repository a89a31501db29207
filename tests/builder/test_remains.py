"""What is left of a request when the words that lead to it are gone."""

from __future__ import annotations

import pytest

from assistant.builder.columns import fields_named, record_named
from assistant.builder.remains import query_left, task_left, telling


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("what's the deposit limit? look it up online", "what's the deposit limit"),
        ("anything on the web about clinker boats restored in Wales?", "clinker boats restored in Wales"),
        ("Which bakeries in Gent open early? Use the web, <num1> hits will do", "Which bakeries in Gent open early"),
        ("<num1> results from the web on how to prune figs", "how to prune figs"),
        ("give me the newest <num1> articles about rye bread on the web", "rye bread"),
        ("such im netz nach kanuverleih in Ulm", "kanuverleih in Ulm"),
        ("search the web for something", ""),
    ],
)  # fmt: skip
def test_what_is_searched_for_is_what_is_left(said: str, left: str) -> None:
    assert query_left(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("what's <num1> times <num2> apples? let the model work it out", "what's <num1> times <num2> apples"),
        ("give me a motto for a rowing club, have the model come up with it", "give me a motto for a rowing club"),
        ("could the model reword this more kindly: <quote1>", "reword this more kindly: <quote1>"),
        ("put this to <model1>: why did the bees swarm? Two lines will do.", "why did the bees swarm? Two lines will do."),
        ("<when1> let the model write a limerick about fog", "write a limerick about fog"),
        ("ask the model", ""),
    ],
)  # fmt: skip
def test_a_model_gets_all_of_a_request_that_wants_nothing_else(said: str, left: str) -> None:
    assert task_left(said) == left


@pytest.mark.parametrize(
    ("said", "says"),
    [("look something up for me", False), ("do the writing", False), ("which crates are late", True),
     ("das bitte ab jetzt", False), ("<quote1>", True)],
)  # fmt: skip
def test_words_that_only_point_say_nothing(said: str, says: bool) -> None:
    assert telling(said) is says


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("scrape <page1> for name, city and rent", ["name", "city", "rent"]),
        ("the headlines and links off <page1>", ["headline", "link"]),
        (
            "the table with band, date and price on <page1>, write it to <file1>",
            ["band", "date", "price"],
        ),
        ("look at <page1>, band, date and price, write it to <file1>", ["band", "date", "price"]),
        ("read <page1>, take the best <num1> and mail them", []),
    ],
)
def test_the_columns_of_a_page_are_listed(said: str, names: list[str]) -> None:
    assert fields_named(said) == names


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("brand, year and price as separate fields from this advert: <quote1>", ["brand", "year", "price"]),
        ("out of this mail I want the fields sender and deadline: <quote1>", ["sender", "deadline"]),
        ("pull artist, venue and date out of this: <quote1>", ["artist", "venue", "date"]),
        ("write about fame, money and power", []),
    ],
)  # fmt: skip
def test_the_fields_of_a_record_are_listed(said: str, names: list[str]) -> None:
    assert record_named(said) == names


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("is there anything on the web about the 1953 flood in Zeeland?", "is there anything about the 1953 flood in Zeeland"),
        ("I'd like to know what people say on the net about heat pumps in old farmhouses, <num1> or so results", "heat pumps in old farmhouses"),
        ("who won the cricket yesterday? have a look on the web", "who won the cricket yesterday"),
    ],
)  # fmt: skip
def test_a_search_keeps_what_is_looked_for_and_no_more(said: str, left: str) -> None:
    assert query_left(said) == left
