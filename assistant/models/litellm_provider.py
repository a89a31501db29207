"""Our model files for other users of litellm: `local/<name>` answers through our model process.

from assistant.models.litellm_provider import offer
offer(registry)
await litellm.acompletion(model="local/tiny", messages=[...])
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from assistant.errors import AssistantError
from assistant.models.cloud import litellm
from assistant.models.protocol import Limits, Message, OnDelta, Reply, Tool, ToolCall
from assistant.models.registry import ModelRegistry

PROVIDER = "local"
_STATUS = {"model_unavailable": 503, "budget_exhausted": 408, "skill_failed": 400}


def offer(registry: ModelRegistry) -> None:
    """Make the registry's local models known to litellm in this process."""
    library = litellm()
    handler = _handler(registry)
    others = [entry for entry in library.custom_provider_map if entry["provider"] != PROVIDER]
    library.custom_provider_map = [*others, {"provider": PROVIDER, "custom_handler": handler}]
    library.utils.custom_llm_setup()


def _handler(registry: ModelRegistry) -> Any:
    """litellm's own base class is only there once litellm is."""
    library = litellm()
    base: Any = library.CustomLLM
    refusal: Any = library.llms.custom_llm.CustomLLMError

    async def ask(
        model: str, messages: Any, given: Mapping[str, Any], delta: OnDelta | None
    ) -> Reply:
        response_format = given.get("response_format")
        try:
            return await registry.get(f"{PROVIDER}/{model.removeprefix(f'{PROVIDER}/')}").complete(
                _as_messages(messages),
                tools=[] if given.get("tool_choice") == "none" else _as_tools(given.get("tools")),
                schema=_as_schema(response_format),
                on_delta=delta,
                limits=_as_limits(given),
                purpose="litellm",
            )
        except AssistantError as wrong:
            status = _STATUS.get(wrong.code, 500)
            raise refusal(status_code=status, message=f"{wrong.message} ({wrong.code})") from wrong

    class Handler(base):
        """Answers for litellm, whole or in pieces."""

        async def acompletion(self, model: str, messages: Any, **given: Any) -> Any:
            reply = await ask(model, messages, given["optional_params"], None)
            return _as_response(library, reply, model)

        def completion(self, *args: Any, **given: Any) -> Any:
            return asyncio.run(self.acompletion(*args, **given))

        async def astreaming(self, model: str, messages: Any, **given: Any) -> AsyncIterator[Any]:
            pieces: asyncio.Queue[str | None] = asyncio.Queue()
            answer = asyncio.create_task(
                ask(model, messages, given["optional_params"], pieces.put_nowait)
            )
            answer.add_done_callback(lambda _: pieces.put_nowait(None))
            try:
                while (piece := await pieces.get()) is not None:
                    yield _chunk(piece)
                for chunk in _last_chunks(await answer):
                    yield chunk
            finally:
                answer.cancel()

        def streaming(self, *args: Any, **given: Any) -> Iterator[Any]:
            async def gathered() -> list[Any]:
                return [chunk async for chunk in self.astreaming(*args, **given)]

            return iter(asyncio.run(gathered()))

    return Handler()


def _as_messages(told: Sequence[Mapping[str, Any]]) -> list[Message]:
    return [
        Message(
            role=message["role"] if message["role"] != "developer" else "system",
            text=_text_of(message.get("content")),
            tool_calls=tuple(_as_call(call) for call in message.get("tool_calls") or ()),
            tool_call_id=message.get("tool_call_id") or "",
            images=tuple(
                part["image_url"]["url"]
                for part in message.get("content") or ()
                if isinstance(part, Mapping) and part.get("type") == "image_url"
            ),
        )
        for message in told
    ]


def _text_of(content: Any) -> str:
    if isinstance(content, str) or content is None:
        return content or ""
    return "".join(part.get("text", "") for part in content if part.get("type") == "text")


def _as_call(call: Mapping[str, Any]) -> ToolCall:
    function = call["function"]
    return ToolCall(
        function["name"], json.loads(function["arguments"] or "{}"), call.get("id") or ""
    )


def _as_tools(tools: Sequence[Mapping[str, Any]] | None) -> list[Tool]:
    return [
        Tool(
            tool["function"]["name"],
            tool["function"].get("description") or "",
            tool["function"].get("parameters") or {"type": "object", "properties": {}},
        )
        for tool in tools or ()
    ]


def _as_schema(response_format: Any) -> Mapping[str, Any] | None:
    if not isinstance(response_format, Mapping):
        return None
    if response_format.get("type") == "json_schema":
        return response_format["json_schema"]["schema"]
    return {"type": "object"} if response_format.get("type") == "json_object" else None


def _as_limits(given: Mapping[str, Any]) -> Limits:
    usual = Limits()
    most = given.get("max_tokens") or given.get("max_completion_tokens")
    return Limits(
        int(most or usual.max_tokens), usual.seconds, float(given.get("temperature") or 0.0)
    )


def _as_response(library: Any, reply: Reply, model: str) -> Any:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.tool_calls:
        message["tool_calls"] = [_call_out(call) for call in reply.tool_calls]
    return library.ModelResponse(
        model=model,
        choices=[{"index": 0, "finish_reason": reply.finish, "message": message}],
        usage=library.Usage(**_usage_out(reply)),
    )


def _call_out(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def _usage_out(reply: Reply) -> dict[str, int]:
    used = reply.usage
    return {
        "prompt_tokens": used.tokens_in,
        "completion_tokens": used.tokens_out,
        "total_tokens": used.tokens_in + used.tokens_out,
    }


def _chunk(text: str, **more: Any) -> dict[str, Any]:
    return {
        "text": text, "is_finished": False, "finish_reason": "", "usage": None, "index": 0,
        "tool_use": None, **more,
    }  # fmt: skip


def _last_chunks(reply: Reply) -> Iterator[dict[str, Any]]:
    for number, call in enumerate(reply.tool_calls):
        yield _chunk("", tool_use={**_call_out(call), "index": number})
    yield _chunk("", is_finished=True, finish_reason=reply.finish, usage=_usage_out(reply))
