"""One reader for each published way of writing calls of tools.

A reader is given the text, the place after its mark and the offered tools; it gives the calls
and where they end, or None when this is no call. `READERS` has them by their marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assistant.models import almost_json
from assistant.models.almost_json import Ambiguous
from assistant.models.protocol import ToolCall

Schemas = Mapping[str, Any]
Found = tuple[list[ToolCall], int] | None
Reader = Callable[[str, int, Schemas | None], Found]

_NAME_KEYS = ("name", "tool_name", "function_name", "tool", "action", "function")
_ARGUMENT_KEYS = (
    "arguments", "parameters", "args", "input", "tool_input", "action_input", "params", "kwargs",
)  # fmt: skip
FIRST_KEYS = (*_NAME_KEYS, *_ARGUMENT_KEYS, "tool_calls", "type", "id")
_NAME = re.compile(r"[A-Za-z_][\w.\-]*")
_SPACES = re.compile(r"\s*")


def as_calls(
    value: Any, tools: Schemas | None = None, *, marked: bool = True
) -> list[ToolCall] | None:
    """The calls that a JSON value stands for, or None when it is something else.

    Unmarked JSON must name an offered tool and carry arguments.
    """
    if isinstance(value, list):
        made = [as_calls(part, tools, marked=marked) for part in value]
        return [c for calls in made for c in calls or ()] if made and all(made) else None
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("tool_calls"), list):
        return as_calls(value["tool_calls"], tools, marked=marked)
    if isinstance(value.get("function"), dict):
        inner = as_calls(value["function"], tools, marked=marked)
        return [
            ToolCall(c.name, c.arguments, str(value.get("id") or "")) for c in inner or ()
        ] or None
    key = next((key for key in _NAME_KEYS if isinstance(value.get(key), str)), "")
    name = value.get(key, "").removeprefix("functions.")
    if not _NAME.fullmatch(name):
        return None
    arguments_key = next((k for k in _ARGUMENT_KEYS if k in value), "")
    if not marked and (not arguments_key or not offered(name, tools)):
        return None
    arguments = _as_arguments(value.get(arguments_key))
    return None if arguments is None else [ToolCall(name, arguments, str(value.get("id") or ""))]


def _as_arguments(value: Any) -> dict[str, Any] | None:
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = almost_json.loads(value)
        except Ambiguous:
            return None
    return value if isinstance(value, dict) else None


def offered(name: str, tools: Schemas | None) -> bool:
    return tools is None or name in tools


# The readers: each is given the text and the place after its mark.


def _value_at(text: str, place: int, closers: Iterable[str] = ()) -> tuple[Any, int] | None:
    """The JSON value at a place. A mended one may not reach beyond the first of `closers`."""
    place = skip(text, place)
    if text[place : place + 1] not in ("{", "["):
        return None
    try:
        return almost_json.read(text, place)
    except Ambiguous:
        ends = [end for closer in closers if (end := text.find(closer, place)) >= 0]
        try:
            return almost_json.loads(text[place : min(ends, default=len(text))]), min(
                ends, default=len(text)
            )
        except Ambiguous:
            return None


def skip(text: str, place: int) -> int:
    match = _SPACES.match(text, place)
    return match.end() if match else place


def _past(text: str, place: int, *closers: str) -> int:
    """The place after a closing mark, when one follows."""
    after = skip(text, place)
    for closer in closers:
        if text.startswith(closer, after):
            return after + len(closer)
    return place


def _json_calls(*closers: str, separator: str = "") -> Reader:
    """A reader of one JSON value, or of several with a separator between them."""

    def read(text: str, place: int, tools: Schemas | None) -> Found:
        calls = list[ToolCall]()
        while True:
            found = _value_at(text, place, closers)
            made = as_calls(found[0], tools) if found else None
            if found is None or made is None:
                return (calls, place) if calls else None
            calls += made
            place = _past(text, found[1], *closers)
            after = skip(text, place)
            if not separator or not text.startswith(separator, after):
                return calls, place
            place = after + len(separator)

    return read


def _hermes(text: str, place: int, tools: Schemas | None) -> Found:
    start = skip(text, place)
    if text.startswith("<function=", start):
        return _tagged_function(text, start + len("<function="), tools)
    if (name := _NAME.match(text, start)) and text[start] not in "{[":
        return _tagged_pairs(text, name, tools)
    return (
        _json_calls("</tool_call>", "<tool_call>")(text, place, tools)
        if start < len(text)
        else None
    )


def _tagged_function(text: str, place: int, tools: Schemas | None) -> Found:
    """`name>` and JSON (Functionary), or `name>` and tagged parameters (Qwen Coder)."""
    head = re.compile(r"\s*([\w.\-]+)\s*>").match(text, place)
    if not head:
        return None
    name, place = head[1], head.end()
    if text.startswith("{", skip(text, place)):
        found = _value_at(text, place, ("</function>",))
        if not found or not isinstance(found[0], dict):
            return None
        end = _past(text, found[1], "</function>")
        return [ToolCall(name, found[0])], _past(text, end, "</tool_call>", "<|eom_id|>")
    schema, arguments = (tools or {}).get(name), dict[str, Any]()
    parameter = re.compile(r"\s*<parameter=([^>]+)>\n?(.*?)\n?</parameter>", re.DOTALL)
    while match := parameter.match(text, place):
        arguments[match[1].strip()] = _untagged(match[2], match[1].strip(), schema)
        place = match.end()
    end = _past(text, place, "</function>")
    return ([ToolCall(name, arguments)], _past(text, end, "</tool_call>")) if end > place else None


def _tagged_pairs(text: str, name: re.Match[str], tools: Schemas | None) -> Found:
    schema, arguments, place = (tools or {}).get(name[0]), dict[str, Any](), name.end()
    pair = re.compile(r"\s*<arg_key>(.*?)</arg_key>\s*<arg_value>(.*?)</arg_value>", re.DOTALL)
    while match := pair.match(text, place):
        arguments[match[1].strip()] = _untagged(match[2], match[1].strip(), schema)
        place = match.end()
    end = _past(text, place, "</tool_call>")
    return ([ToolCall(name[0], arguments)], end) if end > place else None


def _untagged(text: str, key: str, schema: Any) -> Any:
    """A value between tags: text where the schema says so, else JSON when it is JSON."""
    wanted: Any = None
    if isinstance(schema, Mapping):
        wanted = (schema.get("properties") or {}).get(key, {}).get("type")
    if wanted == "string" and not text.startswith('"'):
        return text
    if wanted == "string" and not text.startswith('"'):
        return text
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return almost_json.loads(text) if text[:1] in ("{", "[") else text
    except Ambiguous:
        return text


def _llama(text: str, place: int, tools: Schemas | None) -> Found:
    if text[skip(text, place) : skip(text, place) + 1] in ("{", "["):
        return _json_calls("<|eom_id|>", "<|eot_id|>", separator=";")(text, place, tools)
    found = _python_call(text, skip(text, place), tools)
    if found is None:
        return None
    call, end = found
    return [ToolCall(call.name.removesuffix(".call"), call.arguments)], end


def _mistral(text: str, place: int, tools: Schemas | None) -> Found:
    head = re.compile(
        r"\s*([A-Za-z_][\w.\-]*)(?:\[CALL_ID\]([\w-]+))?\s*(?:\[ARGS\])?\s*(?=\{)"
    ).match(text, place)
    if not head:
        return _json_calls("[/TOOL_CALLS]", "</s>")(text, place, tools)
    found = _value_at(text, head.end(), ("[TOOL_CALLS]",))
    if not found or not isinstance(found[0], dict):
        return None
    return [ToolCall(head[1], found[0], head[2] or "")], found[1]


def _functionary(text: str, place: int, tools: Schemas | None) -> Found:
    """The recipient's name, then JSON; the recipient `all` is the person, and gets text."""
    head = re.compile(r"([\w.\-]+)\n(?:<\|content\|>)?").match(text, place)
    if not head:
        return None
    if head[1] == "all":
        return [], head.end()
    found = _value_at(text, head.end(), (">>>", "<|from|>", "<|stop|>"))
    if not found or not isinstance(found[0], dict):
        return None
    return [ToolCall(head[1], found[0])], _past(text, found[1], "<|stop|>")


def _arrows(text: str, place: int, tools: Schemas | None) -> Found:
    """Functionary's `>>>name`, which also begins a line of a Python session."""
    head = re.compile(r"([\w.\-]+)\n").match(text, place)
    if not head or (head[1] != "all" and not offered(head[1], tools)):
        return None
    return _functionary(text, place, tools)


def _pythonic(text: str, place: int, tools: Schemas | None) -> Found:
    """`[name(key=value, …), …]`, or the same calls one a line without brackets."""
    place = skip(text, place)
    bracketed = text.startswith("[", place)
    calls, place = list[ToolCall](), place + bracketed
    while found := _python_call(text, skip(text, place), tools):
        calls.append(found[0])
        place = found[1]
        place = _past(text, place, ",", ";")
    end = _past(text, place, "]") if bracketed else place
    if not calls or (bracketed and end == place and skip(text, place) < len(text)):
        return None
    return calls, end


def _python_call(text: str, place: int, tools: Schemas | None) -> tuple[ToolCall, int] | None:
    head = re.compile(r"(?:print\()?([A-Za-z_][\w.\-]*)\s*\(").match(text, place)
    if not head:
        return None
    reader = almost_json.Reader(text, head.end())
    arguments, order = dict[str, Any](), _parameters(head[1], tools)
    try:
        while not reader.take(")"):
            reader.skip()
            key = re.compile(r"([\w.\-$]+)\s*=(?!=)").match(text, reader.place)
            if key:
                reader.place = key.end()
                arguments[key[1]] = reader.value()
            elif len(arguments) < len(order):
                arguments[order[len(arguments)]] = reader.value()
            else:
                return None
            if not reader.take(",") and reader.skip() != ")":
                return None
    except Ambiguous:
        return None
    end = reader.place
    return ToolCall(head[1], arguments), _past(text, end, ")") if head[0].startswith(
        "print("
    ) else end


def _parameters(name: str, tools: Schemas | None) -> list[str]:
    schema = (tools or {}).get(name)
    return list(schema.get("properties") or ()) if isinstance(schema, Mapping) else []


def _lfm(text: str, place: int, tools: Schemas | None) -> Found:
    found = _pythonic(text, place, tools) or _json_calls("<|tool_call_end|>")(text, place, tools)
    return (found[0], _past(text, found[1], "<|tool_call_end|>")) if found else None


def _numbered(head: str, tail: str, closers: tuple[str, ...]) -> Reader:
    """A reader of a section of calls, each with a head that names it and JSON after it."""
    pattern, after = re.compile(head), re.compile(tail)

    def read(text: str, place: int, tools: Schemas | None) -> Found:
        calls = list[ToolCall]()
        while match := pattern.match(text, place):
            found = _value_at(text, match.end(), closers)
            if not found or not isinstance(found[0], dict):
                return None
            calls.append(ToolCall(match["name"].removeprefix("functions."), found[0]))
            end = after.match(text, found[1])
            place = end.end() if end else found[1]
        return (calls, _past(text, place, *closers)) if calls else None

    return read


_deepseek = _numbered(
    r"\s*(?:<｜tool▁call▁begin｜>)?\s*(?:function<｜tool▁sep｜>(?P<long>)|)(?P<name>[\w.\-]+)"
    r"(?:<｜tool▁sep｜>)?\s*(?:```json)?\s*(?=\{)",
    r"\s*(?:```)?\s*(?:<｜tool▁call▁end｜>)?\s*",
    ("<｜tool▁calls▁end｜>",),
)
_kimi = _numbered(
    r"\s*(?:<\|tool_call_begin\|>)?\s*(?P<name>[\w.\-]+)(?::\d+)?\s*<\|tool_call_argument_begin\|>\s*",
    r"\s*(?:<\|tool_call_end\|>)?\s*",
    ("<|tool_calls_section_end|>",),
)
_harmony = _numbered(
    r"\s*(?:commentary|analysis)?\s*to=(?P<name>[\w.\-]+)\s*(?:<\|channel\|>commentary)?\s*"
    r"(?:<\|constrain\|>)?\s*(?:json)?\s*<\|message\|>\s*",
    r"\s*(?:<\|call\|>)?",
    (),
)


def _fence(text: str, place: int, tools: Schemas | None) -> Found:
    """A fenced block that holds calls of offered tools and nothing else."""
    head = re.compile(r"(json|tool_call|tool_code|tool|python|)[ \t]*\n").match(text, place)
    if not head:
        return None
    if head[1] in ("tool_code", "python"):
        found = _pythonic(text, head.end(), tools)
    else:
        value = _value_at(text, head.end(), ("\n```",))
        made = as_calls(value[0], tools, marked=False) if value else None
        found = (made, value[1]) if value and made else None
    if not found or not all(offered(call.name, tools) for call in found[0]):
        return None
    end = _past(text, found[1], "```")
    return (found[0], end) if end > found[1] or skip(text, end) == len(text) else None


def bare(text: str, place: int, tools: Schemas | None) -> Found:
    """JSON or a pythonic list without any mark."""
    start, calls = place - 1, list[ToolCall]()
    if text[start] == "[" and re.compile(r"\[\s*[A-Za-z_][\w.\-]*\s*\(").match(text, start):
        found = _pythonic(text, start, tools)
        return found if found and all(offered(call.name, tools) for call in found[0]) else None
    while value := _value_at(text, start, ("\n\n",)):
        made = as_calls(value[0], tools, marked=False)
        if not made:
            break
        calls += made
        place = value[1]
        start = _past(text, place, ";", ",")
    return (calls, place) if calls else None


READERS: dict[str, Reader] = {
    "<tool_call>": _hermes,
    "<function_call>": _json_calls("</function_call>", "<function_call>"),
    "<|python_tag|>": _llama,
    "[TOOL_CALLS]": _mistral,
    "<function=": _tagged_function,
    "<|from|>assistant\n<|recipient|>": _functionary,
    "<|recipient|>": _functionary,
    ">>>": _arrows,
    "<|tool_call_start|>": _lfm,
    "<|tool_call|>": _json_calls("<|/tool_call|>", "<|tool_call|>"),
    "functools": _json_calls(),
    "<｜tool▁calls▁begin｜>": _deepseek,
    "<｜tool▁call▁begin｜>": _deepseek,
    "<|tool_calls_section_begin|>": _kimi,
    "<|channel|>commentary": _harmony,
    "```": _fence,
}
UNMARKED: tuple[Reader, ...] = (bare, _fence, _arrows, READERS["functools"])
"""Readers of what may as well be text, when it is no call."""
