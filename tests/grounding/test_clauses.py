"""A request falls into the pieces that questions, prompts and messages are made of."""

from __future__ import annotations

import pytest

from assistant.grounding.clauses import clauses


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("How many boats are for sale in the yard?", ["How many boats are for sale in the yard"]),
        (
            "<when1> ask the model: which tides are highest?",
            ["ask the model", "which tides are highest", "ask the model: which tides are highest"],
        ),
        (
            "search for oak seedlings, <num1> hits, and then tell <chan1>",
            [
                "search for oak seedlings", "hits", "tell",
                "search for oak seedlings, <num1> hits", "hits, and then tell",
                "search for oak seedlings, <num1> hits, and then tell",
            ],
        ),
        ("Frag die Datenbank, welche Kunden warten", ["Frag die Datenbank", "welche Kunden warten", "Frag die Datenbank, welche Kunden warten"]),
        ("<feed1> <mail1>", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_request_is_cut_at_signs_and_at_then(request_: str, found: list[str]):
    assert clauses(request_) == found


def test_a_rambling_request_gives_a_bounded_number_of_pieces():
    assert len(clauses("and so on, " * 5000)) <= 15
