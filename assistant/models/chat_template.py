"""A conversation as the text a model was trained on: the model file's own jinja template.

The template comes with a downloaded file, so it runs in jinja's immutable sandbox, and only in
the model process, whose answers are timed. Texts in messages cannot forge the marks between
messages: a control token's text inside them is broken up first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

PLAIN = """\
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}"""
"""For a file that brings no template."""

TOOLS_PREAMBLE = """\
You may call one or more of these functions. Each line is one function as JSON.
<tools>
{tools}
</tools>
To call a function, answer with its name and arguments as JSON between tool_call tags:
<tool_call>
{{"name": "the name", "arguments": {{"the argument": "the value"}}}}
</tool_call>"""
"""For a template that has no place for tools; the format is the one most models have seen."""


_PROBE = {
    "name": "probe_of_tools", "description": "A probe.",
    "parameters": {"type": "object", "properties": {}},
}  # fmt: skip


class TemplateWrong(Exception):
    """The template does not compile, or refuses this conversation."""


class ChatTemplate:
    """A compiled chat template and what its model calls the ends of a text."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        self.source = source or PLAIN
        self._marks = {"bos_token": bos, "eos_token": eos}
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
        )
        environment.filters["tojson"] = _as_json
        known: dict[str, Any] = environment.globals
        known |= {"raise_exception": _refuse, "strftime_now": _today}
        try:
            self._template = environment.from_string(self.source)
        except jinja2.TemplateError as wrong:
            raise TemplateWrong(f"its chat template does not compile: {wrong}") from wrong

    @cached_property
    def knows_tools(self) -> bool:
        """Whether the template says the tools it is given: Phi's, for one, looks for them elsewhere."""
        if "tools" not in self.source:
            return False
        try:
            return "probe_of_tools" in self._rendered([{"role": "user", "content": "Hi"}], [_PROBE])
        except jinja2.TemplateError:
            return True

    def render(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> str:
        """The prompt up to the place where the answer begins. Raises TemplateWrong."""
        told = [dict(message) for message in messages]
        if tools and not self.knows_tools:
            told = _with_preamble(told, tools)
        try:
            return self._rendered(told, tools)
        except jinja2.TemplateError as first:
            # Some templates know no system role, or no tool role: say the same in a user's words.
            try:
                return self._rendered(_only_user_and_assistant(told), tools)
            except jinja2.TemplateError:
                raise TemplateWrong(
                    f"its chat template refuses this conversation: {first}"
                ) from first

    def _rendered(self, messages: list[dict[str, Any]], tools: Sequence[Mapping[str, Any]]) -> str:
        try:
            return self._template.render(
                messages=messages,
                tools=[{"type": "function", "function": tool} for tool in tools] or None,
                add_generation_prompt=True,
                **self._marks,
            )
        except (TypeError, ValueError, AttributeError, OverflowError) as wrong:
            raise jinja2.TemplateError(str(wrong)) from wrong


def defused(text: str, marks: Iterable[str]) -> str:
    """The text with every control mark in it broken up, so that it stays a text."""
    for mark in marks:
        if mark in text:
            text = text.replace(mark, mark[0] + "\u200b" + mark[1:])
    return text


def _as_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _today(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


def _with_preamble(
    messages: list[dict[str, Any]], tools: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools)
    preamble = TOOLS_PREAMBLE.format(tools=lines)
    plain = _tool_turns_as_text(messages)
    if plain and plain[0]["role"] == "system":
        return [{**plain[0], "content": f"{plain[0]['content']}\n\n{preamble}"}, *plain[1:]]
    return [{"role": "system", "content": preamble}, *plain]


def _tool_turns_as_text(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = list[dict[str, Any]]()
    for message in messages:
        content = str(message.get("content") or "")
        if message["role"] == "tool":
            told.append(
                {"role": "user", "content": f"<tool_response>\n{content}\n</tool_response>"}
            )
            continue
        for call in message.get("tool_calls") or ():
            body = json.dumps(call["function"], ensure_ascii=False)
            content += f"\n<tool_call>\n{body}\n</tool_call>"
        told.append({"role": message["role"], "content": content.strip()})
    return told


def _only_user_and_assistant(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = list[dict[str, Any]]()
    for message in _tool_turns_as_text(messages):
        role = "assistant" if message["role"] == "assistant" else "user"
        if told and told[-1]["role"] == role:
            told[-1]["content"] += f"\n\n{message['content']}"
        else:
            told.append({"role": role, "content": message["content"]})
    return told
