"""Models of providers and servers, through litellm. The one module that imports it.

litellm is imported with the first question: it takes two seconds and 190 MB. It is told not to
fetch its price list, not to read `.env` files and not to print; it never retries by itself.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.models import almost_json
from assistant.models.cloud_errors import as_ours
from assistant.models.errors import AnswerCutOff, AnswerInvalid, ProviderDown, Refused, spent_before
from assistant.models.grounded import grounded
from assistant.models.protocol import (
    JsonSchema,
    Limits,
    Message,
    OnDelta,
    Reply,
    Tool,
    ToolCall,
    Usage,
)
from assistant.models.spans import without_spans
from assistant.models.structured import settle
from assistant.models.tool_calls import CallStream, parse

_USUAL_CONTEXT = 128_000
_NOT_IN_A_NAME = re.compile(r"[^\w-]")


@functools.cache
def litellm() -> Any:
    """The library, imported and quiet."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    import litellm as library

    library.suppress_debug_info = True
    library.drop_params = True
    library.num_retries = 0
    # Its own HTTP session is bound to one event loop; httpx's client is made for each.
    library.disable_aiohttp_transport = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return library


class CloudModel:
    """A model by its litellm name: `anthropic/…`, `openai/…`, `ollama/…`, `openrouter/…`."""

    def __init__(
        self,
        name: str,
        *,
        secret: Callable[[str], str] = lambda _: "",
        bases: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        provider = name.partition("/")[0]
        self._key = secret(f"{provider}_api_key")
        self._base = (bases or {}).get(provider, "")

    @property
    def name(self) -> str:
        return self._name

    @property
    def context(self) -> int:
        """What litellm's list says once it has been used, else what most models have."""
        if not litellm.cache_info().currsize:
            return _USUAL_CONTEXT
        try:
            facts = litellm().get_model_info(self._name)
        except Exception:  # litellm raises a bare Exception for a name it has no entry for
            return _USUAL_CONTEXT
        return int(facts.get("max_input_tokens") or _USUAL_CONTEXT)

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: JsonSchema | None = None,
        on_delta: OnDelta | None = None,
        limits: Limits = Limits(),
        purpose: str = "",
    ) -> Reply:
        if schema is not None:
            wanted = await self._schema_options(schema)

            async def ask(told: Sequence[Message]) -> Reply:
                return self._whole(
                    await self._ask([*told, *wanted[1]], limits, None, wanted[0], {})
                )

            return await settle(ask, messages, schema, name=self._name)
        names = {_NOT_IN_A_NAME.sub("_", tool.name): tool for tool in tools}
        options = {"tools": [_as_tool(name, tool) for name, tool in names.items()]} if tools else {}
        return await grounded(
            lambda told: self._ask(told, limits, on_delta, options, names),
            messages, tools, name=self._name,
        )  # fmt: skip

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        library = await asyncio.to_thread(litellm)
        try:
            answer = await library.aembedding(
                model=self._name, input=list(texts), timeout=60, **self._where()
            )
        except Exception as wrong:  # litellm's errors have no common root; each becomes ours
            raise as_ours(wrong, self._name, 60, self._key) from wrong
        return [list(part["embedding"]) for part in answer.data]

    async def _ask(
        self,
        messages: Sequence[Message],
        limits: Limits,
        on_delta: OnDelta | None,
        options: Mapping[str, Any],
        names: Mapping[str, Tool],
    ) -> Reply:
        """One request to the provider, as a reply of ours."""
        library, began = await asyncio.to_thread(litellm), time.monotonic()
        heard = _Heard(CallStream({n: t.parameters for n, t in names.items()}), on_delta)
        try:
            async with asyncio.timeout(limits.seconds):
                response = await self._response(library, messages, limits, options, heard)
        except Exception as wrong:  # litellm's errors have no common root; each becomes ours
            raise as_ours(wrong, self._name, limits.seconds, self._key) from wrong
        if not getattr(response, "choices", None):
            raise ProviderDown(f"{self._name} sent an answer without content")
        choice = response.choices[0]
        more = getattr(choice.message, "provider_specific_fields", None) or {}
        refusal = getattr(choice.message, "refusal", None) or more.get("refusal")
        if refusal or choice.finish_reason == "content_filter":
            raise Refused(
                f"{self._name} declined to answer: {refusal or 'its content filter said no'}"
            )
        usage = _usage(library, response, self._name, time.monotonic() - began)
        with spent_before(usage):
            return self._reply(choice, names, heard, usage)

    async def _response(
        self,
        library: Any,
        messages: Sequence[Message],
        limits: Limits,
        options: Mapping[str, Any],
        heard: _Heard,
    ) -> Any:
        request: dict[str, Any] = {
            "model": self._name,
            "messages": [self._as_message(message) for message in messages],
            "max_tokens": limits.max_tokens,
            "temperature": limits.temperature,
            "timeout": limits.seconds,
            "num_retries": 0,
            "max_retries": 0,
            **options,
            **self._where(),
        }
        if heard.on_delta is None:
            return await library.acompletion(**request)
        chunks = list[Any]()
        stream = await library.acompletion(
            **request, stream=True, stream_options={"include_usage": True}
        )
        async for chunk in stream:
            chunks.append(chunk)
            for choice in chunk.choices:
                heard.take(choice.delta.content or "")
        # litellm ends every stream with "stop"; only this says whether the provider did.
        if not chunks or stream.received_finish_reason is None:
            raise ProviderDown(f"the answer of {self._name} broke off")
        return library.stream_chunk_builder(chunks, messages=request["messages"])

    def _reply(self, choice: Any, names: Mapping[str, Tool], heard: _Heard, usage: Usage) -> Reply:
        text = choice.message.content or ""
        if getattr(choice.message, "reasoning_content", None):
            # Thoughts that were taken out of the text leave their last lines.
            text = text.lstrip()
        cut = choice.finish_reason == "length"
        calls = tuple(self._call(call, names, cut) for call in choice.message.tool_calls or ())
        if not calls:
            # A server without a parser of its own passes the model's markup on as text, and
            # its thoughts.
            parsed = parse(text, {n: tool.parameters for n, tool in names.items()}, cut=cut)
            if cut and parsed.broken:
                raise AnswerCutOff(
                    f"the answer of {self._name} was cut off inside a call of a tool", raw=text,
                    hint="Allow more tokens.",
                )  # fmt: skip
            text = parsed.text
            calls = tuple(
                ToolCall(
                    names[c.name].name if c.name in names else c.name,
                    c.arguments,
                    c.id or f"call_{n}",
                )
                for n, c in enumerate(parsed.calls)
            )
        if heard.on_delta:
            held, _ = heard.stream.finish(cut=cut)
            if held:
                heard.on_delta(held)
        finish = "tool_calls" if calls else "length" if cut else "stop"
        return Reply(text, calls, None, usage, finish)

    def _call(self, call: Any, names: Mapping[str, Tool], cut: bool) -> ToolCall:
        name, raw = call.function.name or "", call.function.arguments or "{}"
        try:
            arguments = almost_json.loads(raw)
        except almost_json.Ambiguous as wrong:
            if cut:
                raise AnswerCutOff(
                    f"the answer of {self._name} was cut off inside a call of {name}", raw=raw,
                    hint="Allow more tokens.",
                ) from wrong  # fmt: skip
            raise AnswerInvalid(
                f"{self._name} called {name} with arguments that are no JSON", raw=raw
            ) from wrong
        if not isinstance(arguments, dict):
            raise AnswerInvalid(f"{self._name} called {name} without named arguments", raw=raw)
        return ToolCall(names[name].name if name in names else name, arguments, call.id or "")

    def _whole(self, reply: Reply) -> Reply:
        if reply.finish == "length":
            raise AnswerCutOff(
                f"the answer of {self._name} was cut off before its record was whole",
                raw=reply.text,
                hint="Allow more tokens, or ask for less at once.",
                usage=reply.usage,
            )
        return reply

    async def _schema_options(self, schema: JsonSchema) -> tuple[dict[str, Any], list[Message]]:
        """How to ask for JSON of this schema: by a parameter where there is one, else in words."""
        library, plain = await asyncio.to_thread(litellm), without_spans(schema)
        try:
            known = library.get_supported_openai_params(self._name) or []
        except Exception as wrong:  # a name that belongs to no provider
            raise as_ours(wrong, self._name, 0, self._key) from wrong
        if "response_format" in known:
            body = {"name": "record", "schema": plain, "strict": _is_strict(plain)}
            return {"response_format": {"type": "json_schema", "json_schema": body}}, []
        words = f"Answer with JSON of this schema and nothing else:\n{json.dumps(plain)}"
        return {}, [Message("user", words)]

    def _where(self) -> dict[str, str]:
        given = {"api_key": self._key, "api_base": self._base}
        return {name: value for name, value in given.items() if value}

    def _as_message(self, message: Message) -> dict[str, Any]:
        content: Any = message.text
        if message.images:
            images = [{"type": "image_url", "image_url": {"url": url}} for url in message.images]
            content = [{"type": "text", "text": message.text}, *images]
        elif message.role == "system" and "claude" in self._name:
            # The unchanging beginning is marked, so that it is paid for once.
            mark = {"type": "ephemeral"}
            content = [{"type": "text", "text": message.text, "cache_control": mark}]
        made: dict[str, Any] = {"role": message.role, "content": content}
        if message.tool_calls:
            made["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {
                        "name": _NOT_IN_A_NAME.sub("_", call.name),
                        "arguments": json.dumps(call.arguments),
                    },
                }
                for call in message.tool_calls
            ]
        if message.role == "tool":
            made["tool_call_id"] = message.tool_call_id
        return made


class _Heard:
    """The text of a stream, as far as it can be shown."""

    def __init__(self, stream: CallStream, on_delta: OnDelta | None) -> None:
        self.stream, self.on_delta = stream, on_delta

    def take(self, piece: str) -> None:
        shown = self.stream.feed(piece)
        if shown and self.on_delta:
            self.on_delta(shown)


def _as_tool(name: str, tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": tool.description,
            "parameters": without_spans(dict(tool.parameters)),
        },
    }


def _is_strict(schema: Any) -> bool:
    """Whether every object of the schema is closed and whole, as OpenAI's strict mode demands."""
    if isinstance(schema, list):
        return all(_is_strict(part) for part in schema)
    if not isinstance(schema, Mapping):
        return True
    if "properties" in schema and (
        schema.get("additionalProperties") is not False
        or set(schema.get("required", ())) != set(schema["properties"])
    ):
        return False
    return all(_is_strict(part) for part in schema.values())


def _usage(library: Any, response: Any, name: str, seconds: float) -> Usage:
    used = getattr(response, "usage", None)
    details = getattr(used, "prompt_tokens_details", None)
    try:
        cost = float(library.completion_cost(response, model=name) or 0.0)
    except Exception:  # no price is known for this name: the cost is not counted
        cost = 0.0
    return Usage(
        tokens_in=int(getattr(used, "prompt_tokens", 0) or 0),
        tokens_out=int(getattr(used, "completion_tokens", 0) or 0),
        cached_tokens=int(getattr(details, "cached_tokens", 0) or 0),
        cost=cost,
        seconds=round(seconds, 4),
        model=name,
    )
