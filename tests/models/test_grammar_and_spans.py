"""Schemas and tools as grammars, runs of words, and JSON as models write it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from assistant.models import almost_json
from assistant.models.errors import SchemaUnsupported
from assistant.models.grammar import compile_schema, compile_tools
from assistant.models.spans import chunks, invented, is_span, without_spans

BYTES = LLTokenizer("byte")
TEXT = 'Mail "AI news" to jo@example.org, from\nhttps://ex.org/feed.xml?a=1&b=2. Über uns, 7:30'


def accepts(grammar: str, text: str) -> bool:
    matcher = LLMatcher(BYTES, grammar, log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    return matcher.try_consume_tokens(list(text.encode())) == len(text.encode()) and bool(
        matcher.is_accepting()
    )


def test_a_grammar_takes_json_as_it_is_usually_written_and_nothing_unnamed():
    grammar = compile_schema(
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]}
    )  # fmt: skip
    verdicts = {
        text: accepts(grammar, text)
        for text in ('{"a": 1}', '{"a": 1, "b": "x"}', '{"a":1}', '{"b": "x"}', '{"a": 1, "c": 2}')
    }
    assert list(verdicts.values()) == [True, True, False, False, False]


SPAN_SCHEMA = {
    "type": "object",
    "properties": {
        "to": {"type": "string", "x-spans": TEXT},
        "cc": {"anyOf": [{"type": "string", "x-spans": TEXT}, {"type": "null"}]},
        "urls": {"type": "array", "items": {"$ref": "#/$defs/Url"}, "maxItems": 2},
        "n": {"type": "integer", "minimum": 1},
    },
    "required": ["to", "n"],
    "$defs": {"Url": {"type": "string", "x-spans": TEXT, "maxLength": 12}},
}


@pytest.mark.parametrize(
    ("record", "fits"),
    [
        ({"to": "jo@example.org", "n": 3}, True),
        ({"to": "example.org", "n": 3}, False),
        ({"to": '"AI news" to', "cc": None, "n": 3}, False),  # the order of the schema is kept
        ({"to": "from\nhttps://ex.org/feed.xml?a=1&b=2", "cc": "Über uns", "n": 3}, None),
        ({"to": "uns", "n": 3, "urls": []}, None),
        ({"to": "", "n": 3}, False),
        ({"to": "uns ", "n": 3}, False),
        ({"to": "from\n", "n": 3}, False),
        ({"to": "7", "n": 3}, False),
        ({"to": "7:30", "n": 0}, False),
        ({"n": 3}, False),
        ({"to": "uns", "n": 3, "other": 1}, False),
    ],
)
def test_a_span_is_a_run_of_whole_words_wherever_it_stands(
    record: dict[str, Any], fits: bool | None
):
    ordered = {key: record[key] for key in SPAN_SCHEMA["properties"] if key in record} | record
    expected = True if fits is None else fits
    if record.get("cc", 0) is None:
        expected = True  # once the order is the schema's, it fits
    assert accepts(compile_schema(SPAN_SCHEMA), json.dumps(ordered, ensure_ascii=False)) is expected


def test_the_length_of_a_span_and_of_a_list_of_spans_is_kept():
    grammar = compile_schema(SPAN_SCHEMA)
    texts = [
        '{"to": "uns", "urls": ["AI news", "to"], "n": 1}',
        '{"to": "uns", "urls": ["AI", "to", "to"], "n": 1}',
        '{"to": "uns", "urls": ["https://ex.org/feed.xml?a=1&b=2"], "n": 1}',
    ]
    assert [accepts(grammar, text) for text in texts] == [True, False, False]


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"$ref": "#/$defs/gone", "x": {}}, "not there"),
        ({"not": {"x-spans": TEXT}}, "cannot be enforced"),
        ({"properties": {"a": {"x-spans": "  "}}}, "empty"),
        ({"if": {}, "then": {}}, "cannot be enforced"),
    ],
)
def test_what_cannot_be_enforced_is_refused_when_it_is_declared(schema: dict[str, Any], told: str):
    with pytest.raises(SchemaUnsupported, match=told):
        compile_schema(schema)


TOOLS = [
    {"name": "get", "parameters": {"type": "object", "properties": {"q": {"type": "string", "x-spans": TEXT}}, "required": ["q"]}},
    {"name": "two", "parameters": {"type": "object", "properties": {"k": {"enum": ["a", "b"]}}}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "before", "after"),
    [
        ("hermes", "<tool_call>\n", "\n</tool_call>"), ("mistral", "[TOOL_CALLS] [", "]"), ("json", "", ""),
        ("llama", "", ""), ("llama", "<|python_tag|>", ""),
        ("listed", "<|tool_call|>[", "]"), ("listed", "<|tool_call|>[", "]<|/tool_call|>"),
    ],
)  # fmt: skip
def test_text_is_free_and_a_call_that_has_begun_must_be_right(markup: str, before: str, after: str):
    grammar = compile_tools(TOOLS, markup)
    key = "parameters" if markup == "llama" else "arguments"
    right = f'{before}{{"name": "get", "{key}": {{"q": "AI news"}}}}{after}'
    wrong = [
        right.replace("AI news", "AI ne"), right.replace("get", "got"), right.replace('"q"', '"z"'),
    ]  # fmt: skip
    assert accepts(grammar, "Just words, {no} call.")
    assert accepts(grammar, right)
    assert [accepts(grammar, text) for text in wrong] == [False] * 3


def test_chunks_join_to_the_text_and_keep_addresses_and_numbers_whole():
    assert chunks("Mail jo@ex.org (state-of-the-art) at 7:30, see https://ex.org/a?b=1.") == [
        "Mail", " ", "jo@ex.org", " ", "(", "state-of-the-art", ")", " ", "at", " ", "7:30", ",",
        " ", "see", " ", "https://ex.org/a?b=1", ".",
    ]  # fmt: skip


@given(text=st.text(max_size=80), data=st.data())
def test_any_run_of_chunks_that_starts_and_ends_in_a_word_is_a_span(text: str, data: st.DataObject):
    pieces = chunks(text)
    assert "".join(pieces) == text
    if not pieces:
        return
    start = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(start + 1, len(pieces)))
    value = "".join(pieces[start:end])
    assert is_span(value, text) == (value == value.strip())


def test_invented_values_are_found_at_any_depth():
    record = {"to": "joe@example.com", "cc": "nobody", "urls": ["uns", "x"], "n": 1}
    assert invented(record, SPAN_SCHEMA) == ["joe@example.com", "nobody", "x"]
    assert invented(record | {"to": "uns", "cc": None, "urls": []}, SPAN_SCHEMA) == []
    assert "x-spans" not in json.dumps(without_spans(SPAN_SCHEMA))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'it''s'}", None),
        ("{'a': \"it's\", 'b': 'it's fine'}", {"a": "it's", "b": "it's fine"}),
        ('{"a": 1,}', {"a": 1}),
        ("{a: 1, b-c: [True, None, False,],}", {"a": 1, "b-c": [True, None, False]}),
        ('{"a": "x"\n "b": 2}', {"a": "x", "b": 2}),
        ('{"a": {"b": [1, 2', {"a": {"b": [1, 2]}}),
        ('{"a": "cut', None),
        ('{"a": "say "hi" now"}', None),
        ('{"a": 1 // one\n, /* two */ "b": 2}', {"a": 1, "b": 2}),
        ('{"a": "line\nbreak"}', {"a": "line\nbreak"}),
        (r'{"a": "\d+"}', {"a": r"\d+"}),
        ('{"a": +5, "b": .5, "c": 1.}', {"a": 5, "b": 0.5, "c": 1.0}),
        ('{"a": (1, 2)}', {"a": [1, 2]}),
        ('{"a": 1}{"b": 2}', None),
        ('{"a": 1 2}', None),
        ("{'a': Decimal(1)}", None),
        ("[" * 500, None),
        ('{"a"}', None),
    ],
)
def test_json_is_mended_when_there_is_one_way_and_refused_otherwise(text: str, value: Any):
    if value is None:
        with pytest.raises(almost_json.Ambiguous):
            almost_json.loads(text)
    else:
        assert almost_json.loads(text) == value


@given(st.text(max_size=60) | st.from_regex(r"[\[\]{}(),:\"'a1 \\]{0,30}"))
def test_mending_never_crashes(text: str):
    with contextlib.suppress(almost_json.Ambiguous):
        almost_json.loads(text)


@pytest.mark.external
def test_what_is_mended_of_the_public_pairs_is_what_was_meant(shared_data: Path):
    folder = shared_data / "json_repair"
    pairs = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.open()]
    mended = wrong = 0
    for pair in pairs:
        try:
            value = almost_json.loads(pair["broken"])
        except almost_json.Ambiguous:
            continue
        if not isinstance(pair["expected"], dict | list):
            continue
        mended += 1
        wrong += value != pair["expected"]
    assert mended > 0
    assert wrong == 0
