"""How models write calls of tools: one renderer for each published format.

A renderer is what a model of that family was trained to write. `tool_calls.parse` reads them
all; together they are each other's proof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from assistant.models.protocol import ToolCall

Render = Callable[[Sequence[ToolCall]], str]


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _object(call: ToolCall, arguments: str = "arguments") -> str:
    return _dumps({"name": call.name, arguments: call.arguments})


def _objects(calls: Sequence[ToolCall]) -> str:
    return "[" + ", ".join(_object(call) for call in calls) + "]"


def hermes(calls: Sequence[ToolCall]) -> str:
    """Hermes 2 Pro, Qwen 2.5 and 3, Granite 4, SmolLM 3."""
    return "\n".join(f"<tool_call>\n{_object(call)}\n</tool_call>" for call in calls)


def qwen_coder(calls: Sequence[ToolCall]) -> str:
    """Qwen 3 Coder: parameters as tagged texts."""
    return "\n".join(
        f"<tool_call>\n<function={call.name}>\n"
        + "".join(
            f"<parameter={key}>\n{_tagged(value)}\n</parameter>\n"
            for key, value in call.arguments.items()
        )
        + "</function>\n</tool_call>"
        for call in calls
    )


def glm(calls: Sequence[ToolCall]) -> str:
    """GLM 4.5: pairs of tagged keys and values."""
    return "\n".join(
        f"<tool_call>{call.name}\n"
        + "".join(
            f"<arg_key>{key}</arg_key>\n<arg_value>{_tagged(value)}</arg_value>\n"
            for key, value in call.arguments.items()
        )
        + "</tool_call>"
        for call in calls
    )


def llama3(calls: Sequence[ToolCall]) -> str:
    """Llama 3.1 and 3.3."""
    return "<|python_tag|>" + "; ".join(_object(call, "parameters") for call in calls)


def llama3_bare(calls: Sequence[ToolCall]) -> str:
    """Llama 3.1 without the tag, as its small models often write."""
    return "; ".join(_object(call, "parameters") for call in calls)


def mistral(calls: Sequence[ToolCall]) -> str:
    """Mistral 7B v0.3, Nemo, Small 2409."""
    return f"[TOOL_CALLS] {_objects(calls)}"


def mistral_v11(calls: Sequence[ToolCall]) -> str:
    """Mistral Small 3.2, Magistral, Devstral."""
    return "".join(f"[TOOL_CALLS]{call.name}[ARGS]{_dumps(call.arguments)}" for call in calls)


def functionary_v31(calls: Sequence[ToolCall]) -> str:
    """Functionary 3.1 and Llama 3.1 with custom functions."""
    return "".join(f"<function={call.name}>{_dumps(call.arguments)}</function>" for call in calls)


def functionary_v32(calls: Sequence[ToolCall]) -> str:
    """Functionary 3.2."""
    return "".join(f">>>{call.name}\n{_dumps(call.arguments)}" for call in calls)


def functionary_v2(calls: Sequence[ToolCall]) -> str:
    """Functionary 2."""
    return "".join(
        f"<|from|>assistant\n<|recipient|>{call.name}\n<|content|>{_dumps(call.arguments)}\n"
        for call in calls
    )


def pythonic(calls: Sequence[ToolCall]) -> str:
    """Llama 3.2 and 4, ToolACE."""
    return "[" + ", ".join(_python_call(call) for call in calls) + "]"


def lfm2(calls: Sequence[ToolCall]) -> str:
    """Liquid LFM 2."""
    return f"<|tool_call_start|>{pythonic(calls)}<|tool_call_end|>"


def gemma(calls: Sequence[ToolCall]) -> str:
    """Gemma 3."""
    body = "\n".join(_python_call(call) for call in calls)
    return f"```tool_code\n{body}\n```"


def phi4_mini(calls: Sequence[ToolCall]) -> str:
    """Phi 4 mini."""
    return f"<|tool_call|>{_objects(calls)}<|/tool_call|>"


def phi_functools(calls: Sequence[ToolCall]) -> str:
    """Phi 4 and Firefunction."""
    return f"functools{_objects(calls)}"


def granite(calls: Sequence[ToolCall]) -> str:
    """Granite 3."""
    return f"<|tool_call|>{_objects(calls)}"


def granite_code(calls: Sequence[ToolCall]) -> str:
    """Granite 20B function calling."""
    return " ".join(f"<function_call> {_object(call)}" for call in calls)


def deepseek_v3(calls: Sequence[ToolCall]) -> str:
    """DeepSeek V3 and R1."""
    body = "\n".join(
        f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{call.name}\n"
        f"```json\n{_dumps(call.arguments)}\n```<｜tool▁call▁end｜>"
        for call in calls
    )
    return f"<｜tool▁calls▁begin｜>{body}<｜tool▁calls▁end｜>"


def deepseek_v31(calls: Sequence[ToolCall]) -> str:
    """DeepSeek V3.1."""
    body = "".join(
        f"<｜tool▁call▁begin｜>{call.name}<｜tool▁sep｜>{_dumps(call.arguments)}<｜tool▁call▁end｜>"
        for call in calls
    )
    return f"<｜tool▁calls▁begin｜>{body}<｜tool▁calls▁end｜>"


def kimi(calls: Sequence[ToolCall]) -> str:
    """Kimi K2."""
    body = "".join(
        f"<|tool_call_begin|>functions.{call.name}:{number}<|tool_call_argument_begin|>"
        f"{_dumps(call.arguments)}<|tool_call_end|>"
        for number, call in enumerate(calls)
    )
    return f"<|tool_calls_section_begin|>{body}<|tool_calls_section_end|>"


def harmony(calls: Sequence[ToolCall]) -> str:
    """gpt-oss."""
    return "".join(
        f"<|channel|>commentary to=functions.{call.name} <|constrain|>json<|message|>"
        f"{_dumps(call.arguments)}<|call|>"
        for call in calls
    )


def command_r(calls: Sequence[ToolCall]) -> str:
    """Cohere Command R."""
    body = [{"tool_name": call.name, "parameters": call.arguments} for call in calls]
    return f"Action:\n```json\n{json.dumps(body, ensure_ascii=False, indent=4)}\n```"


def fenced(calls: Sequence[ToolCall]) -> str:
    """A fenced block for each call, as models without a format of their own write."""
    return "\n".join(f"```json\n{_object(call)}\n```" for call in calls)


def bare(calls: Sequence[ToolCall]) -> str:
    """Nothing but JSON: one object, or a list of them."""
    return _object(calls[0]) if len(calls) == 1 else _objects(calls)


def openai_json(calls: Sequence[ToolCall]) -> str:
    """The shape of OpenAI's messages, arguments as text, written out by a model."""
    made = [
        {"type": "function", "function": {"name": c.name, "arguments": _dumps(c.arguments)}}
        for c in calls
    ]
    return _dumps({"tool_calls": made})


FORMATS: dict[str, Render] = {
    render.__name__: render
    for render in (
        hermes, qwen_coder, glm, llama3, llama3_bare, mistral, mistral_v11, functionary_v31,
        functionary_v32, functionary_v2, pythonic, lfm2, gemma, phi4_mini, phi_functools, granite,
        granite_code, deepseek_v3, deepseek_v31, kimi, harmony, command_r, fenced, bare, openai_json,
    )
}  # fmt: skip


def _tagged(value: Any) -> str:
    """A value between tags: a text as it stands where nothing else could be meant, else JSON."""
    if not isinstance(value, str) or value != value.strip() or not value or "<" in value:
        return _dumps(value).replace("<", "\\u003c")
    try:
        json.loads(value)
    except ValueError:
        return value
    return _dumps(value)


def _python_call(call: ToolCall) -> str:
    arguments = ", ".join(f"{key}={_python(value)}" for key, value in call.arguments.items())
    return f"{call.name}({arguments})"


def _python(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_python(k)}: {_python(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_python(part) for part in value) + "]"
    return _dumps(value) if isinstance(value, str) else repr(value)
