"""Inputs of a job: as data from a program, or as texts that people type."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.errors import BindingsInvalid
from assistant.pipeline.inputs import bind, pairs

DECLARED: dict[str, dict[str, Any]] = {
    "topic": {"type": "string", "minLength": 1},
    "limit": {"type": "integer", "default": 5, "minimum": 1, "maximum": 50},
    "share": {"type": "number", "default": 0.5},
    "loud": {"type": "boolean", "default": False},
    "tags": {"type": "array", "items": {"type": "string"}, "default": []},
    "more": {"type": "object", "default": {}},
    "since": {"type": ["string", "null"], "default": None},
    "design": {"enum": ["plain", "cards"], "default": "plain"},
}
DEFAULTS = {name: schema["default"] for name, schema in DECLARED.items() if "default" in schema}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (["limit=7"], {"limit": 7}), (["share=1"], {"share": 1}), (["share=.25"], {"share": 0.25}),
        (["loud=yes"], {"loud": True}), (["loud=False"], {"loud": False}), (["tags=a, b"], {"tags": ["a", "b"]}),
        (['tags=["a", "b,c"]'], {"tags": ["a", "b,c"]}), (['more={"a": 1}'], {"more": {"a": 1}}),
        (["since="], {"since": None}), (["since=7d"], {"since": "7d"}), (["design=cards"], {"design": "cards"}),
    ],
)  # fmt: skip
def test_typed_texts_are_read_by_the_declared_type(typed: list[str], value: dict[str, Any]):
    assert bind(DECLARED, pairs(["topic=5", *typed]), texts=True) == {
        "topic": "5",
        **DEFAULTS,
        **value,
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "It needs 'topic' each time it runs."),
        ({"topic": "a", "limt": "3"}, "no input 'limt'. Did you mean 'limit'?"),
        ({"topic": "a", "limit": "ten"}, "input 'limit' needs a whole number, not text."),
        ({"topic": "a", "limit": "70"}, "input 'limit' is 70, more than 50. Write 50 or less."),
        ({"topic": "a", "limit": "2.5"}, "input 'limit' needs a whole number, not text."),
        ({"topic": ""}, "input 'topic' has 0 characters, fewer than 1."),
        ({"topic": "a", "design": "card"}, "input 'design' is 'card', which is none of its choices. Did you mean 'cards'?"),
        ({"topic": "a", "more": "{"}, "input 'more' needs a record, not text."),
        ({"topic": "a", "share": "nan"}, "input 'share' needs a number, not text."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(given: dict[str, Any], message: str):
    with pytest.raises(BindingsInvalid) as caught:
        bind(DECLARED, given, texts=True)
    assert (caught.value.message, caught.value.code) == (message, "job_bindings_invalid")


def test_every_wrong_input_is_named_at_once():
    with pytest.raises(BindingsInvalid) as caught:
        bind(DECLARED, {"limit": 0, "share": "x", "what": 1})
    assert len(caught.value.message.splitlines()) == 4


def test_data_from_a_program_is_not_guessed_at():
    with pytest.raises(BindingsInvalid):
        bind(DECLARED, {"topic": "a", "limit": "7"})


def test_a_default_is_a_fresh_value_each_time():
    first = bind(DECLARED, {"topic": "a"})
    first["tags"].append("changed")
    assert bind(DECLARED, {"topic": "a"})["tags"] == []


@pytest.mark.parametrize("pair", ["limit", "=5", ""])
def test_a_pair_without_name_or_sign_is_refused(pair: str):
    with pytest.raises(BindingsInvalid):
        pairs([pair])


def test_a_value_may_hold_the_sign_itself():
    assert pairs(["q=a=b", " x = 1"]) == {"q": "a=b", "x": " 1"}
