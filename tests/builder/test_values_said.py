"""Values that are taken back, and names that stand behind their kind."""

from __future__ import annotations

import pytest

from assistant.builder.amounts import corrected
from assistant.builder.data_asked import database_named
from assistant.builder.resolving import shaped
from assistant.builder.texts_said import saying
from assistant.grounding.marks import mark
from assistant.grounding.topics import topics
from assistant.skills.library import Library


@pytest.mark.parametrize(
    ("said", "kept", "gone"),
    [
        ("keep <num1> - no, <num2>", "keep <num2>", {"<num1>"}),
        ("as <file1>... actually <file2>", "as <file2>", {"<file1>"}),
        ("to <mail1>, sorry, <mail2>", "to <mail2>", {"<mail1>"}),
        ("keep <num1> and <num2>", "keep <num1> and <num2>", set[str]()),
        ("<num1>, no <mail1>", "<num1>, no <mail1>", set[str]()),
    ],
)
def test_of_two_values_the_one_said_last_holds(said: str, kept: str, gone: set[str]) -> None:
    assert corrected(said) == (kept, gone)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("open tickets (database helpdesk) every hour", "helpdesk"),
        ("database depot: select bin from stock", "depot"),
        ("the hours worked per person, database staff.", "staff"),
        ("ask the database which orders are late", ""),
    ],
)
def test_a_database_may_be_named_behind_the_word(said: str, name: str) -> None:
    assert database_named(said) == name


@pytest.mark.parametrize(
    ("said", "channels"),
    [
        ("put it out, slack channel is bikes. thanks", ["bikes"]), ("remind the choir, chan = choir, please", ["choir"]),
        ("the stores channel is gone", ["stores"]), ("msg oncall channel: disk is full", ["oncall"]),
    ],
)  # fmt: skip
def test_a_channel_is_called_what_the_words_say(said: str, channels: list[str]) -> None:
    assert [value.meant for value in mark(said).of("chan")] == channels


def test_a_job_in_quotation_marks_is_that_job() -> None:
    marked = mark("once 'Nightly stock' is through, ping me", jobs=("Nightly stock",))
    assert [value.meant for value in marked.of("job", "quote")] == ["Nightly stock"]


def test_what_is_searched_for_is_not_the_web_itself() -> None:
    asked = "who repairs accordions in Lisbon? have a look round the web"
    assert saying("query", asked) == "who repairs accordions in Lisbon"
    assert saying("query", "what does the web say about heat pump noise") == "heat pump noise"


def test_a_statement_ends_where_its_database_is_named() -> None:
    assert saying("sql", "SELECT count(*) FROM sessions on the web database, write it") == (
        "SELECT count(*) FROM sessions"
    )


def test_a_subject_of_two_nouns_is_one() -> None:
    assert topics("los artículos de <feed1> sobre cocina de barco, por correo") == [
        "cocina de barco"
    ]


def test_a_price_is_no_number_of_rows(library: Library) -> None:
    skill = library.get("query_database")
    assert shaped(skill, {"question": "what?", "limit": 2.8}) == {"question": "what?"}
    assert shaped(skill, {"question": "what?", "limit": 3.0}) == {"question": "what?", "limit": 3}
