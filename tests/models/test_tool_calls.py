"""Calls of tools in what models write: transcripts of each format, and every format read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models.protocol import ToolCall
from assistant.models.tool_calls import CallStream, Parsed, parse
from assistant.models.tool_formats import FORMATS

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
}
TOOLS = {"get_weather": WEATHER, "search": {"type": "object", "properties": {"query": {}}}}
PARIS = ToolCall("get_weather", {"city": "Paris", "days": 3})
SEARCH = ToolCall("search", {"query": "batteries"})

TRANSCRIPTS: dict[str, tuple[str, Parsed]] = {
    "qwen 2.5, words before": (
        "I'll check the forecast.\n<tool_call>\n"
        '{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}\n</tool_call>',
        Parsed("I'll check the forecast.", (PARIS,)),
    ),
    "qwen 3, thoughts and two calls": (
        "<think>\nThe user wants <tool_call> maybe.\n</think>\n\n<tool_call>\n"
        '{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}\n</tool_call>\n'
        '<tool_call>\n{"name": "search", "arguments": {"query": "batteries"}}\n</tool_call>',
        Parsed("", (PARIS, SEARCH)),
    ),
    "thoughts that began in the prompt": (
        "It is about weather.</think>\n<tool_call>"
        '{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}</tool_call>',
        Parsed("", (PARIS,)),
    ),
    "hermes, closing tag forgotten": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}',
        Parsed("", (PARIS,)),
    ),
    "hermes, last brace forgotten": (
        '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}\n</tool_call>',
        Parsed("", (PARIS,)),
    ),
    "hermes, Python's quotes": (
        "<tool_call>\n{'name': 'get_weather', 'arguments': {'city': 'Paris', 'days': 3}}\n</tool_call>",
        Parsed("", (PARIS,)),
    ),
    "hermes, several in one tag": (
        '<tool_call>[{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}},'
        ' {"name": "search", "arguments": {"query": "batteries"}}]</tool_call>',
        Parsed("", (PARIS, SEARCH)),
    ),
    "hermes, words after": (
        '<tool_call>\n{"name": "search", "arguments": {"query": "batteries"}}\n</tool_call>\nOne moment.',
        Parsed("One moment.", (SEARCH,)),
    ),
    "qwen coder": (
        "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n"
        "<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>",
        Parsed("", (PARIS,)),
    ),
    "qwen coder, a number that is a text": (
        "<tool_call>\n<function=get_weather>\n<parameter=city>\n1234\n</parameter>\n"
        "</function>\n</tool_call>",
        Parsed("", (ToolCall("get_weather", {"city": "1234"}),)),
    ),
    "glm": (
        "<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n"
        "<arg_key>days</arg_key>\n<arg_value>3</arg_value>\n</tool_call>",
        Parsed("", (PARIS,)),
    ),
    "llama 3.1": (
        '<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris", "days": 3}}<|eom_id|>',
        Parsed("", (PARIS,)),
    ),
    "llama 3.1, bare": (
        '{"name": "get_weather", "parameters": {"city": "Paris", "days": 3}}',
        Parsed("", (PARIS,)),
    ),
    "llama 3.1, typed and numbers as they come": (
        '{"type": "function", "name": "search", "parameters": {"query": "batteries"}}',
        Parsed("", (SEARCH,)),
    ),
    "llama 3.1, two with a semicolon": (
        '{"name": "get_weather", "parameters": {"city": "Paris", "days": 3}}; '
        '{"name": "search", "parameters": {"query": "batteries"}}',
        Parsed("", (PARIS, SEARCH)),
    ),
    "llama 3.1, a built-in tool": (
        '<|python_tag|>search.call(query="batteries")',
        Parsed("", (SEARCH,)),
    ),
    "llama 3.2, pythonic": (
        '[get_weather(city="Paris", days=3), search(query="batteries")]',
        Parsed("", (PARIS, SEARCH)),
    ),
    "pythonic with positions": ('[get_weather("Paris", 3)]', Parsed("", (PARIS,))),
    "mistral nemo": (
        '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}, "id": "VvvODy9mT"}]',
        Parsed("", (ToolCall("get_weather", {"city": "Paris", "days": 3}, "VvvODy9mT"),)),
    ),
    "mistral small, words before": (
        'Let me see.[TOOL_CALLS]get_weather[ARGS]{"city": "Paris", "days": 3}[TOOL_CALLS]search[ARGS]{"query": "batteries"}',
        Parsed("Let me see.", (PARIS, SEARCH)),
    ),
    "mistral with a call id": (
        '[TOOL_CALLS]search[CALL_ID]abc123456[ARGS]{"query": "batteries"}',
        Parsed("", (ToolCall("search", {"query": "batteries"}, "abc123456"),)),
    ),
    "functionary 3.1": (
        '<function=get_weather>{"city": "Paris", "days": 3}</function><|eom_id|>',
        Parsed("", (PARIS,)),
    ),
    "functionary 3.2, words first": (
        'all\nLet me see.\n>>>get_weather\n{"city": "Paris", "days": 3}',
        Parsed("all\nLet me see.", (PARIS,)),
    ),
    "functionary 2": (
        '<|from|>assistant\n<|recipient|>search\n<|content|>{"query": "batteries"}',
        Parsed("", (SEARCH,)),
    ),
    "lfm 2": (
        '<|tool_call_start|>[get_weather(city="Paris", days=3)]<|tool_call_end|>Checking now.',
        Parsed("Checking now.", (PARIS,)),
    ),
    "gemma 3": (
        "```tool_code\nget_weather(city='Paris', days=3)\n```",
        Parsed("", (PARIS,)),
    ),
    "gemma 3, printed": (
        '```tool_code\nprint(get_weather(city="Paris", days=3))\n```',
        Parsed("", (PARIS,)),
    ),
    "phi 4 mini": (
        '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}]<|/tool_call|>',
        Parsed("", (PARIS,)),
    ),
    "phi 4, functools": (
        'functools[{"name": "search", "arguments": {"query": "batteries"}}]',
        Parsed("", (SEARCH,)),
    ),
    "granite 3": (
        '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Paris", "days": 3}}]',
        Parsed("", (PARIS,)),
    ),
    "granite code": (
        '<function_call> {"name": "search", "arguments": {"query": "batteries"}}',
        Parsed("", (SEARCH,)),
    ),
    "deepseek v3": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n"
        '```json\n{"city": "Paris", "days": 3}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
        Parsed("", (PARIS,)),
    ),
    "deepseek v3.1": (
        "Of course.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>search<｜tool▁sep｜>"
        '{"query": "batteries"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
        Parsed("Of course.", (SEARCH,)),
    ),
    "kimi": (
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.search:0"
        '<|tool_call_argument_begin|>{"query": "batteries"}<|tool_call_end|><|tool_calls_section_end|>',
        Parsed("", (SEARCH,)),
    ),
    "gpt-oss": (
        "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>"
        '{"city": "Paris", "days": 3}<|call|>',
        Parsed("", (PARIS,)),
    ),
    "command r": (
        'Action:\n```json\n[\n    {\n        "tool_name": "search",\n        "parameters": {"query": "batteries"}\n    }\n]\n```',
        Parsed("", (SEARCH,)),
    ),
    "a fenced block between words": (
        'Sure!\n```json\n{"name": "search", "arguments": {"query": "batteries"}}\n```\nDone soon.',
        Parsed("Sure!\nDone soon.", (SEARCH,)),
    ),
    "openai's shape with arguments as text": (
        '{"tool_calls": [{"id": "call_1", "type": "function", "function":'
        ' {"name": "search", "arguments": "{\\"query\\": \\"batteries\\"}"}}]}',
        Parsed("", (ToolCall("search", {"query": "batteries"}, "call_1"),)),
    ),
    "an action and its input": (
        '{"action": "search", "action_input": {"query": "batteries"}}',
        Parsed("", (SEARCH,)),
    ),
    "words, then bare json": (
        'I will search: {"name": "search", "arguments": {"query": "batteries"}}',
        Parsed("I will search:", (SEARCH,)),
    ),
    "a record that names no tool": (
        '{"name": "Ada", "arguments": {"query": "batteries"}}',
        Parsed('{"name": "Ada", "arguments": {"query": "batteries"}}'),
    ),
    "code is no call": (
        "```python\nget = {'name': 'search'}\nprint([1, 2])\n```",
        Parsed("```python\nget = {'name': 'search'}\nprint([1, 2])\n```"),
    ),
    "a Python session is no call": (
        ">>> search\n{'a': 1}\n>>>other\n{}",
        Parsed(">>> search\n{'a': 1}\n>>>other\n{}"),
    ),
    "lists and braces in prose": (
        "Use [1] and {x}: see [the docs](https://example.org) {}.",
        Parsed("Use [1] and {x}: see [the docs](https://example.org) {}."),
    ),
    "cut off inside a text": (
        '<tool_call>\n{"name": "search", "arguments": {"query": "batt',
        Parsed("", (), ('<tool_call>\n{"name": "search", "arguments": {"query": "batt',)),
    ),
    "unescaped quotes are not guessed": (
        '<tool_call>{"name": "search", "arguments": {"query": "say "hi" now"}}</tool_call>',
        Parsed(
            "", (),
            ('<tool_call>{"name": "search", "arguments": {"query": "say "hi" now"}}</tool_call>',),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_is_read_as_its_calls_and_the_text_around_them(name: str):
    text, expected = TRANSCRIPTS[name]
    assert parse(text, TOOLS) == expected


@pytest.mark.parametrize("name", TRANSCRIPTS)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_transcript_in_pieces_shows_its_text_and_never_a_call(name: str, size: int):
    text, expected = TRANSCRIPTS[name]
    stream = CallStream(TOOLS)
    shown = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    held, parsed = stream.finish()
    assert parsed == expected
    whole = "".join([*shown, held])
    if "began in the prompt" in name:
        return  # nobody can know that these were thoughts until they end
    assert "".join(whole.split()) == "".join(expected.text.split())


def test_plain_text_is_shown_as_it_comes():
    stream = CallStream(TOOLS)
    assert [stream.feed(piece) for piece in ("Hel", "lo, ", "world.")] == ["Hel", "lo, ", "world."]
    assert stream.finish() == ("", Parsed("Hello, world."))


def test_without_tools_even_a_mark_is_text():
    stream = CallStream({})
    assert stream.feed('<tool_call>{"name": "x"}') == '<tool_call>{"name": "x"}'
    assert parse("<tool_call>", {}) == Parsed("<tool_call>")


@pytest.mark.parametrize("form", FORMATS)
def test_a_call_that_the_token_limit_cuts_off_is_never_shown_as_text(form: str):
    call = ToolCall("get_weather", {"city": "Paris, the city", "days": 3})
    whole = "One moment.\n" + FORMATS[form]([call])
    begins = whole.index("\n") + 4
    for end in range(begins, len(whole)):
        stream = CallStream(TOOLS)
        shown = stream.feed(whole[:end])
        held, parsed = stream.finish(cut=True)
        assert (shown + held).strip() == "One moment.", whole[:end]
        assert parsed.text.strip() == "One moment."
        # A call is whole or broken; it is never mended where the rest of its arguments is missing.
        assert parsed.calls in ((), (call,))
        assert parsed.calls or parsed.broken or "days" not in whole[:end]


@pytest.mark.parametrize("text", [
    "```python\nfor word in search(x):\n    print(wo", 'As JSON: {"name": "Jo", "ag', "See [1, 2",
    "Use a search of get_weather and", '```json\n{"colour": "red", "si', "> quoted\n>> twice",
    'Call {"name": "Jo"} and',
])  # fmt: skip
def test_a_text_that_the_token_limit_cuts_off_stays_a_text(text: str):
    stream = CallStream(TOOLS)
    shown = stream.feed(text)
    held, parsed = stream.finish(cut=True)
    assert (parsed, shown + held) == (Parsed(text), text)


NAMES = st.from_regex(r"[a-z][a-z_]{0,12}(\.[a-z]{1,6})?", fullmatch=True).filter(
    lambda name: name not in ("all", "function", "commentary", "analysis", "true", "false", "null")
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
ARGUMENTS = st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True), VALUES, max_size=4)
CALLS = st.lists(st.builds(ToolCall, NAMES, ARGUMENTS), min_size=1, max_size=3)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None)
@given(calls=CALLS)
def test_what_a_format_writes_is_read_back(form: str, calls: list[ToolCall]):
    offered = {call.name: {} for call in calls}
    assert parse(FORMATS[form](calls), offered) == Parsed("", tuple(calls))


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200) | st.lists(st.sampled_from(
    ['<tool_call>', '{"name": "search"', '"arguments": {', "}", "[", "```json\n", "\n", "a", '"', ", ",
     "[TOOL_CALLS]", "search(", ")", "<function=search>", "</tool_call>", ">>>search\n", "<think>", "</think>"]
), max_size=14).map("".join))  # fmt: skip
def test_any_text_is_read_without_a_crash_and_streams_to_the_same(text: str):
    parsed = parse(text, TOOLS)
    stream = CallStream(TOOLS)
    for character in text:
        stream.feed(character)
    assert stream.finish()[1] == parsed
    if not parsed.calls and not parsed.broken and "</think>" not in text:
        assert parsed.text == text


def bfcl_calls(case: dict[str, Any]) -> list[ToolCall]:
    """The reference calls of a row, each parameter with its first acceptable value."""
    return [
        ToolCall(name, {key: values[0] for key, values in given.items() if values[0] != ""})
        for entry in case["ground_truth"]
        for name, given in entry.items()
    ]


@pytest.mark.external
@pytest.mark.parametrize("form", FORMATS)
def test_every_reference_call_of_bfcl_is_read_back_exactly(form: str, shared_data: Path):
    lines = (shared_data / "bfcl_single_turn" / "cases.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines]
    cases = [case for case in cases if case.get("ground_truth")]
    wrong = []
    for case in cases:
        calls = bfcl_calls(case)
        # As the caller would: the names of the tools that were offered. The data writes types
        # of its own ("dict", "float"), so the shapes are left open.
        offered = {tool["name"]: {} for tool in case["function"]}
        if parse(FORMATS[form](calls), offered) != Parsed("", tuple(calls)):
            wrong.append(case["id"])
    assert (len(cases) > 150, wrong) == (True, [])
