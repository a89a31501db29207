"""A JSON Schema, or a set of tools, as a grammar that decoding cannot leave.

The grammars are llguidance's: `compile_schema` and `compile_tools` give its text form, checked,
and raise SchemaUnsupported for what it cannot enforce, so a wrong schema shows when it is
declared and not while a person waits. JSON is written as `json.dumps` writes it (`": "` and
`", "`), because models have learnt it that way. An object with named properties takes no others
unless its schema says so: what a schema leaves open, a small model fills with inventions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from llguidance import LLMatcher

from assistant.models.errors import SchemaUnsupported
from assistant.models.spans import chunks, resolve

JSON_STYLE: dict[str, Any] = {
    "whitespace_flexible": False,
    "key_separator": ": ",
    "item_separator": ", ",
    "coerce_one_of": True,
}
LONGEST_SPAN_TEXT = 20_000
"""Characters of an `x-spans` text that a span may come from: the last ones, where people ask."""
_DEFINITIONS = ("$defs", "definitions")
_SPAN_EDGES = r'/([^\s\\]|\\["\\\/])(([^\\]|\\.)*([^\s\\]|\\["\\\/]))?/'
_PLACE_IN_GRAMMAR = re.compile(r"^at \d+\(\d+\): (?:failed to compile JSON schema: )?")
_ANY, _FREE = "/(?s:.*)/", "/([^{](?s:.*))?/"
_TEXT = f"TEXT: {_ANY}"


def compile_schema(schema: Mapping[str, Any]) -> str:
    """The grammar of JSON that fits the schema. Raises SchemaUnsupported."""
    return _compiled_schema(json.dumps(schema, ensure_ascii=False))


def compile_tools(
    tools: Sequence[Mapping[str, Any]], markup: str, tokens: Mapping[str, int] | None = None
) -> str:
    """The grammar of free text with calls of these tools in it.

    `markup` names how the model writes calls: `hermes`, `mistral`, `llama` (Llama 3: an object
    with `parameters`, tagged or bare), `listed` (Granite 3, Phi 4: a list after its mark) or
    `json` (a bare object);
    `tokens` are the markers that are single tokens of its vocabulary and so never appear as
    text. Raises SchemaUnsupported naming the tool.
    """
    marks = tuple(sorted((tokens or {}).items()))
    return _compiled_tools(json.dumps(tools, ensure_ascii=False), markup, marks)


@lru_cache(maxsize=256)
def _compiled_schema(text: str) -> str:
    schema = json.loads(text)
    if not isinstance(schema, dict):
        raise SchemaUnsupported("a schema is a JSON object")
    rules = _Rules()
    start = rules.value(schema, schema)
    return _checked(f"start: {start}\n{rules}", "the schema")


@lru_cache(maxsize=64)
def _compiled_tools(text: str, markup: str, tokens: tuple[tuple[str, int], ...]) -> str:
    rules, marks = _Rules(), {mark: f"<[{token}]>" for mark, token in tokens}
    key = "parameters" if markup == "llama" else "arguments"
    call = rules.rule(" | ".join([rules.call(tool, key) for tool in json.loads(text)]))
    if markup == "hermes":
        close = marks.get("</tool_call>", '"</tool_call>"')
        opened = rules.opened("<tool_call>", marks)
        body = f'({opened} "\\n" {call} "\\n" {close})* TEXT'
    elif markup == "mistral":
        opened = rules.opened("[TOOL_CALLS]", marks)
        body = f'TEXT | {opened} " "? "[" {call} (", " {call})* "]"'
    elif markup == "listed":
        opened = rules.opened("<|tool_call|>", marks)
        close = marks.get("<|/tool_call|>", '"<|/tool_call|>"')
        body = f'TEXT | {opened} " "? "[" {call} (", " {call})* "]" {close}?'
    elif markup in ("json", "llama"):
        body = f"FREE | {call}"
        rules.lines.append(f"FREE: {_FREE}")
        if markup == "llama":
            body += f' | {rules.opened("<|python_tag|>", marks, "FREE")} {call} ("; " {call})*'
    else:
        raise ValueError(f"no grammar for tool calls in the style {markup!r}")
    rules.lines.append(_TEXT)
    # Without the vocabulary, numbered tokens cannot be checked; the parts above have been.
    lark = f"start: {body}\n{rules}"
    return LLMatcher.grammar_from_lark(lark) if marks else _checked(lark, "a tool")


def _checked(lark: str, what: str) -> str:
    grammar = LLMatcher.grammar_from_lark(lark)
    wrong, messages = LLMatcher.validate_grammar_with_warnings(grammar)
    if wrong:
        # Where in the grammar it stands means nothing to the one who wrote the schema.
        told = _PLACE_IN_GRAMMAR.sub("", messages[0].split("\n")[0])
        raise SchemaUnsupported(
            f"{what} cannot be enforced while decoding: {told}",
            hint="Leave the keyword out and check the value afterwards.",
        )
    return grammar


class _Rules:
    """The rules of one grammar, under construction."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"

    def rule(self, body: str) -> str:
        name = f"r{len(self.lines)}"
        self.lines.append(f"{name}: {body}")
        return name

    def terminal(self, body: str) -> str:
        name = f"T{len(self.lines)}"
        self.lines.append(f"{name}: {body}")
        return name

    def value(self, schema: Any, root: Mapping[str, Any]) -> str:
        """The name of the rule for a value of this schema."""
        if not _has_spans(schema, root, frozenset()):
            return self.json(schema, root)
        if "$ref" in schema:
            return self.value(resolve(schema["$ref"], root), root)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.rule(" | ".join(self.value(part, root) for part in schema[key]))
        if len(schema.get("allOf", ())) == 1:
            return self.value(schema["allOf"][0], root)
        if "x-spans" in schema:
            return self.span(schema)
        if "properties" in schema:
            return self.object(schema, root)
        if "items" in schema:
            return self.array(schema, root)
        raise SchemaUnsupported(
            "`x-spans` stands where it cannot be enforced",
            hint="Use it on string properties, below properties, items, anyOf or $ref.",
        )

    def json(self, schema: Any, root: Mapping[str, Any]) -> str:
        whole = dict(schema) if isinstance(schema, Mapping) else ({} if schema else {"not": {}})
        for key in _DEFINITIONS:
            if key in root:
                whole[key] = root[key]
        closed = closed_objects(whole)
        return self.rule("%json " + json.dumps(closed | {"x-guidance": JSON_STYLE}))

    def span(self, schema: Mapping[str, Any]) -> str:
        text = str(schema["x-spans"])[-LONGEST_SPAN_TEXT:]
        if not text.strip():
            raise SchemaUnsupported("an `x-spans` text is empty, so no value can be taken from it")
        pieces = [json.dumps(chunk, ensure_ascii=False)[1:-1] for chunk in chunks(text)]
        limits = [f"%regex {json.dumps({'substring_chunks': pieces})}", _SPAN_EDGES]
        if "maxLength" in schema or "minLength" in schema:
            longest = schema.get("maxLength", "")
            limits.append(rf"/([^\\]|\\u....|\\[^u]){{{schema.get('minLength', 0)},{longest}}}/")
        # A terminal each: an intersection binds tighter than the quotes beside it.
        return self.rule(f'"\\"" {self.terminal(" & ".join(limits))} "\\""')

    def object(self, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
        required = set(schema.get("required", ()))
        first, rest = '""', '""'
        # From the last property to the first: what may follow is known when a rule is made.
        for name, inner in reversed(list(schema["properties"].items())):
            member = (
                f"{literal(json.dumps(name, ensure_ascii=False) + ': ')} {self.value(inner, root)}"
            )
            skip_first, skip_rest = ("", "") if name in required else (f" | {first}", f" | {rest}")
            first, rest = (
                self.rule(f"{member} {rest}{skip_first}"),
                self.rule(f'", " {member} {rest}{skip_rest}'),
            )
        return self.rule(f'"{{" {first} "}}"')

    def array(self, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
        item = self.value(schema["items"], root)
        least, most = int(schema.get("minItems", 0)), schema.get("maxItems")
        if most == 0:
            return self.rule('"[]"')
        more = f'(", " {item}){{{max(least - 1, 0)},{"" if most is None else most - 1}}}'
        empty = ' | "[]"' if least == 0 else ""
        return self.rule(f'"[" {item} {more} "]"{empty}')

    def opened(self, mark: str, marks: Mapping[str, str], text: str = "TEXT") -> str:
        """Free text up to the marker. Lazy: after the marker only a call may follow."""
        if mark in marks:
            return f"{text} {marks[mark]}"
        name = f"opened{len(self.lines)}"
        self.lines.append(f"{name}[lazy]: {_FREE if text == 'FREE' else _ANY} {literal(mark)}")
        return name

    def call(self, tool: Mapping[str, Any], key: str) -> str:
        parameters = tool.get("parameters") or {"type": "object", "properties": {}}
        head = '{"name": ' + json.dumps(tool["name"], ensure_ascii=False) + f', "{key}": '
        try:
            arguments = self.value(parameters, parameters)
            # Checked one by one, so that the message can name the tool.
            _checked(f"start: {arguments}\n{self}", f"tool {tool['name']!r}")
        except (KeyError, TypeError, AttributeError) as wrong:
            raise SchemaUnsupported(f"tool {tool['name']!r}: no JSON Schema: {wrong!r}") from wrong
        return self.rule(f'{literal(head)} {arguments} "}}"')


def literal(text: str) -> str:
    """The text as a quoted string of a grammar."""
    return json.dumps(text, ensure_ascii=False)


def _has_spans(schema: Any, root: Mapping[str, Any], seen: frozenset[str]) -> bool:
    if isinstance(schema, Mapping):
        if "x-spans" in schema:
            return True
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            try:
                target = resolve(reference, root)
            except (KeyError, TypeError) as wrong:
                raise SchemaUnsupported(
                    f"the schema refers to {reference!r}, which is not there"
                ) from wrong
            if _has_spans(target, root, seen | {reference}):
                return True
        parts: Iterable[Any] = (v for k, v in schema.items() if k not in _DEFINITIONS)
        return any(_has_spans(part, root, seen) for part in parts)
    if isinstance(schema, list):
        return any(_has_spans(part, root, seen) for part in schema)
    return False


def closed_objects(schema: Any) -> Any:
    """The schema with every object of named properties closed, unless it says otherwise."""
    if isinstance(schema, list):
        return [closed_objects(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {key: _closed_part(key, part) for key, part in schema.items()}
    if "properties" in made and not {"additionalProperties", "allOf"} & made.keys():
        made["additionalProperties"] = False
    return made


def _closed_part(key: str, part: Any) -> Any:
    if key in ("enum", "const", "default", "examples", "required"):
        return part
    if key in ("properties", *_DEFINITIONS) and isinstance(part, Mapping):
        # The keys here are names, not keywords: a property may be called "properties".
        return {name: closed_objects(inner) for name, inner in part.items()}
    return closed_objects(part)
