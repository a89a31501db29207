"""Words of time that are typed wrong: mended where they can be nothing else."""

from __future__ import annotations

import pytest

from assistant.grounding.marks import mark
from assistant.grounding.spelling import right_word


@pytest.mark.parametrize(
    ("typed", "lang", "meant"),
    [
        ("wensday", "en", "wednesday"), ("tuseday", "en", "tuesday"), ("thrusday", "en", "thursday"),
        ("mornign", "en", "morning"), ("evry", "en", "every"), ("haf", "en", "half"),
        ("quater", "en", "quarter"), ("mintues", "en", "minutes"), ("febuary", "en", "february"),
        ("weekley", "en", "weekly"), ("adn", "en", "and"), ("mitwoch", "de", "mittwoch"),
        ("donerstag", "de", "donnerstag"), ("mecredi", "fr", "mercredi"),
        ("woensag", "nl", "woensdag"), ("giovdi", "it", "giovedi"), ("savado", "es", "sabado"),
    ],
)  # fmt: skip
def test_a_word_of_time_that_is_typed_wrong_is_what_it_was_meant_for(
    typed: str, lang: str, meant: str
) -> None:
    assert right_word(typed, lang) == meant


@pytest.mark.parametrize(
    "word",
    ["dairy", "match", "moon", "money", "your", "hourglass", "weakly", "fried", "sunny", "tune", "june",
     "needy", "friday", "marsh", "eighty", "knight", "boon", "fore", "secondary", "and", "x", "ab"],
)  # fmt: skip
def test_a_word_that_means_something_else_or_is_right_stays(word: str) -> None:
    assert right_word(word, "en") == ""


@pytest.mark.parametrize(
    "said",
    [
        "Look at https://evry.example/wensday every week", "save it as wensday.csv",
        "post to #mornign", "mail jo@wensday.example", "ask Evry what he thinks",
        "the file 'evry wensday' is gone", "tell EVRY about it", "read evry-wensday",
    ],
)  # fmt: skip
def test_names_links_and_quotes_are_not_mended(said: str) -> None:
    assert not [
        v for v in mark(said).of("when", "time") if "ens" in v.raw or "evry" in v.raw.lower()
    ]


@pytest.mark.parametrize(
    "said",
    ["room 7 needs a lamp", "the top 10 stories about bread", "cups under £9", "no, 8 stories please",
     "table 12 and table 14", "not so much, 5 items", "call it Project 9"],
)  # fmt: skip
def test_a_number_that_is_no_time_is_none(said: str) -> None:
    assert mark(said).of("when", "time") == []


def test_what_is_taken_back_does_not_hold() -> None:
    at = {said: mark(said).of("time")[0].meant.shown() for said in (
        "move it to 7, no, to 8:30", "at 7, no, 8", "um 7, nein, halb neun", "at 9, wait, 10",
    )}  # fmt: skip
    assert list(at.values()) == ["08:30", "08:00", "08:30", "10:00"]
