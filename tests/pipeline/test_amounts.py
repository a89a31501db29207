"""A number is read out of text as the text writes it, or it is an error; never a guess."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pipeline.amounts import amounts
from assistant.pipeline.expression_errors import ExpressionError, TypeMismatch
from assistant.pipeline.expressions import evaluate


def number(text: object, of: str = "") -> int | float:
    said = f", of='{of}'" if of else ""
    return evaluate(f"number(text{said})", {"text": text})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£39.50", 39.5), ("39,50 €", 39.5), ("1.299,00 €", 1299.0), ("$1,299.00", 1299.0),
        ("1 299,00 €", 1299.0), ("1\u202f299,00 €", 1299.0), ("CHF 1'299.00", 1299.0),
        ("1.299 €", 1299), ("£1,299", 1299), ("EUR39", 39), ("39,- €", 39), ("kr 1 299", 1299),
        ("1,234,567 members", 1234567), ("0.125 mm", 0.125), ("-3.5 °C", -3.5), ("−3,5 °C", -3.5),
        ("-£3", -3), ("Level: 12", 12), ("12.3456 m", 12.3456), ("It fell to 7.", 7),
        ("the lorry A4 took 5 crates", 5), ("on 2026-11-14 at 12:30 it was 9", 9),
        ("the 3rd of 5", 5), ("version 1.2.3 costs 4", 4), ("1.299 and 3,95", None), (40, 40), (3.5, 3.5),
        ("price 20\nprice 20", 20),
    ],
)  # fmt: skip
def test_a_number_is_read_in_the_form_of_its_text(text: object, value: float | None) -> None:
    if value is None:
        with pytest.raises(TypeMismatch, match=r"several numbers: 1\.299, 3,95"):
            number(text)
    else:
        assert number(text) == value


def test_the_other_numbers_of_a_text_tell_its_form() -> None:
    assert number("level 1.299 m, was 3,95 m", "level") == 1299
    assert number("level 1.299 m, was 3.95 m", "level") == 1.299
    with pytest.raises(TypeMismatch, match=r"'1\.299' can be read in two ways"):
        number("level 1.299 m")


PAGE = "Harbour kettle\nRated 4.6 by 112 people\nPrice\n£39.50\nDelivery £3.95\nIn stock: 12"


@pytest.mark.parametrize(
    ("text", "of", "value"),
    [
        (PAGE, "price", 39.5), (PAGE, "stock", 12), (PAGE, "delivery", 3.95),
        ("Kettle £39.50 4.6 stars 112 reviews", "price", 39.5),
        ("Water level: 2,4 m\nTemperature: 11,5 °C", "temperature", 11.5),
        ("Preis: 1.299,00 €\n12 Bewertungen", "preis", 1299.0),
        ("39,50 € price", "price", 39.5),
    ],
)  # fmt: skip
def test_a_number_is_found_by_the_word_it_is_said_of(text: str, of: str, value: float) -> None:
    assert number(text, of) == value


@pytest.mark.parametrize(
    ("text", "of", "wrong"),
    [
        ("nothing here", "", "no number in 'nothing here'"),
        (PAGE, "", "several numbers: 4.6, 112, 39.50, 3.95, 12"),
        ("£39.50 or £41", "price", "several numbers of 'price': 39.50, 41"),
        ("Price on request", "price", "no number of 'price'"),
        ("10-12 €", "", "no number"),
        (PAGE, "temperature", "no number of 'temperature'"),
        (None, "", "number needs text, not null"),
    ],
)  # fmt: skip
def test_no_number_and_several_are_errors(text: object, of: str, wrong: str) -> None:
    with pytest.raises(TypeMismatch) as caught:
        number(text, of)
    assert str(caught.value).startswith(wrong)


FORMS = [
    (",", ".", "£{}"), (",", ".", "${}"), (".", ",", "{} €"), (" ", ",", "{} €"), ("\u202f", ",", "{} €"),
    ("'", ".", "CHF {}"), ("", ".", "{} EUR"), ("", ",", "EUR {}"),
]  # fmt: skip
CENTS = st.integers(min_value=0, max_value=10**11).map(lambda cents: Decimal(cents) / 100)


@given(CENTS, st.sampled_from(FORMS), st.sampled_from(["", "only ", "Price: ", "jetzt\n"]))
def test_an_amount_of_money_is_read_back_in_every_form(
    amount: Decimal, form: tuple[str, str, str], before: str
) -> None:
    thousands, decimals, around = form
    whole, rest = f"{amount:,.2f}".split(".")
    said = around.format(f"{whole.replace(',', thousands)}{decimals}{rest}")
    assert number(f"{before}{said} today") == float(amount)


@given(
    st.integers(min_value=-(10**9), max_value=10**9), st.sampled_from(["level", "price", "stock"])
)
def test_a_whole_number_is_read_back_beside_others(value: int, word: str) -> None:
    assert number(f"7 reviews\n{word}: {value} now\n3 left", word) == value


@given(st.text(max_size=200), st.sampled_from(["", "price", "level", "x"]))
def test_no_text_gives_more_than_a_number_or_an_error(text: str, word: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert type(number(text, word)) in (int, float)


@given(st.text(alphabet="0123456789.,' €$-:\nprice", max_size=120))
def test_numbers_stand_where_they_say_and_in_order(text: str) -> None:
    found = amounts(text)
    assert [a.start for a in found] == sorted(a.start for a in found)
    assert all(any(sign.isdigit() for sign in one.words(text)) for one in found)
