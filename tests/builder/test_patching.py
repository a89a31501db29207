"""Patches of a job file's text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.builder.patching import data_of, insert_item, remove_item, remove_key, set_value

TEXT = """\
a: 1   # one
b: {c: "two", d: [1, 2]}   # flow
e:
  - f: 3
    g: four   # four
  # between
  - h: 5
i:
  j: 6

k: end
"""


@pytest.mark.parametrize(
    ("place", "value", "old", "new"),
    [
        (("a",), 9, "a: 1   # one", "a: 9   # one"),
        (("b", "c"), "x: y", '{c: "two"', '{c: "x: y"'),
        (("b", "d", 1), 7, "[1, 2]", "[1, 7]"),
        (("b", "n"), True, "[1, 2]}", "[1, 2], n: true}"),
        (("e", 0, "g"), "five", "g: four   # four", "g: five   # four"),
        (("i", "l"), 8, "  j: 6\n", "  j: 6\n  l: 8\n"),
        (("z",), {"on": ["x"]}, "k: end\n", "k: end\nz: {on: [x]}\n"),
    ],
)
def test_a_value_is_set_where_it_stands(place, value, old, new) -> None:
    assert set_value(TEXT, place, value) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("place", "gone"),
    [
        (("a",), "a: 1   # one\n"),
        (("b", "c"), 'c: "two", '),
        (("b", "d"), ", d: [1, 2]"),
        (("e", 0, "g"), "    g: four   # four\n"),
        (("i",), "i:\n  j: 6\n"),
        (("i", "j"), "i:\n  j: 6\n"),
    ],
)
def test_a_key_goes_with_its_line_and_nothing_else(place, gone) -> None:
    assert remove_key(TEXT, place) == TEXT.replace(gone, "")


def test_items_come_and_go_in_lists() -> None:
    assert remove_item(TEXT, ("e", 0)) == TEXT.replace("  - f: 3\n    g: four   # four\n", "")
    assert remove_item(TEXT, ("b", "d", 0)) == TEXT.replace("[1, 2]", "[2]")
    assert insert_item(TEXT, ("b", "d"), 0, 0) == TEXT.replace("[1, 2]", "[0, 1, 2]")
    assert insert_item(TEXT, ("e",), 2, {"l": 8}) == TEXT.replace(
        "  - h: 5\n", "  - h: 5\n  - {l: 8}\n"
    )


def test_a_place_that_is_not_there_is_refused() -> None:
    for change in (lambda: remove_key(TEXT, ("x",)), lambda: set_value(TEXT, ("x", "y"), 1)):
        with pytest.raises(KeyError):
            change()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqr"), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None)
@given(
    place=st.sampled_from(
        [("a",), ("b", "c"), ("e", 0, "g"), ("i", "j"), ("k",), ("new",), ("b", "new")]
    ),
    value=VALUES,
)
def test_what_is_set_is_what_is_read(place, value) -> None:
    found = data_of(set_value(TEXT, place, value))
    expected = data_of(TEXT)
    owner = expected
    for part in place[:-1]:
        owner = owner[part]
    owner[place[-1]] = value

    assert found == expected
