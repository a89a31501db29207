"""A model file on this machine, answered by the model process."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import BadArguments, InternalError, ModelUnavailable
from assistant.models.errors import (
    AnswerCutOff,
    AnswerInvalid,
    AnswerTooSlow,
    ContextTooLong,
    SchemaUnsupported,
    spent_before,
)
from assistant.models.gguf_file import GgufHead
from assistant.models.grammar import compile_schema, compile_tools
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
from assistant.models.structured import checked
from assistant.models.tool_calls import CallStream
from assistant.models.worker_process import Event, WorkerProcess


class LocalModel:
    """One GGUF file. Answers are constrained while they are decoded."""

    def __init__(
        self,
        name: str,
        head: GgufHead,
        worker: WorkerProcess,
        *,
        context: int,
        threads: int,
        person: bool = True,
    ) -> None:
        self._name = name
        self._head = head
        self._worker = worker
        self._context = context
        self._threads = threads
        self._person = person

    @property
    def name(self) -> str:
        return self._name

    @property
    def context(self) -> int:
        return self._context

    @property
    def path(self) -> Path:
        return self._head.path

    def for_runs(self) -> LocalModel:
        """The same model, asked by runs: a person's questions go before."""
        return LocalModel(
            self._name, self._head, self._worker,
            context=self._context, threads=self._threads, person=False,
        )  # fmt: skip

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
        if self._head.embeds:
            raise ModelUnavailable(f"{self._name} makes vectors and cannot answer")
        if any(message.images for message in messages):
            raise BadArguments(f"{self._name} reads no images", hint="Use a cloud model for them.")
        offered = [] if schema is not None else [_tool(tool) for tool in tools]
        if schema is not None:
            compile_schema(schema)
        elif offered:
            compile_tools(offered, "hermes")

        async def ask(told: Sequence[Message]) -> Reply:
            heard = _Heard(
                CallStream({tool.name: tool.parameters for tool in tools} if offered else {}),
                None if schema is not None else on_delta,
            )
            await self._converse(
                heard, "complete", limits.seconds, schema=schema, tools=offered,
                messages=[_as_template_message(message) for message in told],
                max_tokens=limits.max_tokens, temperature=limits.temperature,
                seed=secrets.randbits(31), on_raw=on_delta if schema is not None else None,
            )  # fmt: skip
            usage = _usage(heard.last, self._name)
            with spent_before(usage):
                if schema is not None:
                    return self._record(heard, schema, usage)
                return self._answer(heard, bool(offered), usage)

        # Decoding holds most models to their tools; the markup of some has no grammar here.
        return await grounded(ask, messages, tools if offered else (), name=self._name)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if not self._head.embeds:
            raise ModelUnavailable(
                f"{self._name} makes no vectors",
                hint="Add an embedding model, such as all-MiniLM-L6-v2, with `assistant models pull`.",
            )
        heard = _Heard(CallStream({}), None)
        await self._converse(heard, "embed", 10 + 0.5 * len(texts), texts=list(texts))
        return heard.last["vectors"]

    async def load(self) -> dict[str, Any]:
        """Load the file now, so that the first answer is quick; gives facts about it."""
        heard = _Heard(CallStream({}), None)
        await self._converse(heard, "load", 60)
        return {k: v for k, v in heard.last.items() if k not in ("id", "event")}

    async def _converse(
        self,
        heard: _Heard,
        op: str,
        seconds: float,
        on_raw: OnDelta | None = None,
        **facts: Any,
    ) -> None:
        """Listen to the worker until it is done. Raises what its error event stands for."""
        events = self._worker.ask(
            op, seconds=seconds, person=self._person, model=self._file(), **facts
        )
        async with _closing(events):
            async for event in events:
                if event["event"] == "delta":
                    heard.take(event["text"])
                    if on_raw:
                        on_raw(event["text"])
                elif event["event"] == "error":
                    self._raise(event, heard.raw, seconds)
                heard.last = event

    def _file(self) -> dict[str, Any]:
        context = min(self._context, 512) if self._head.embeds else self._context
        return {
            "path": str(self._head.path), "context": context, "threads": self._threads,
            "embeds": self._head.embeds, "stamp": self._head.path.stat().st_mtime_ns,
        }  # fmt: skip

    def _record(self, heard: _Heard, schema: JsonSchema, usage: Usage) -> Reply:
        if heard.last["finish"] == "length":
            raise AnswerCutOff(
                f"the answer of {self._name} was cut off after {usage.tokens_out} tokens,"
                " before its record was whole",
                raw=heard.raw,
                hint="Allow more tokens, or ask for less at once.",
            )
        try:
            record = checked(json.loads(heard.raw), schema)
        except ValueError as wrong:
            raise AnswerInvalid(
                f"the record of {self._name} does not fit its schema: {wrong}", raw=heard.raw
            ) from wrong
        return Reply(text=heard.raw, record=record, usage=usage)

    def _answer(self, heard: _Heard, with_tools: bool, usage: Usage) -> Reply:
        cut = heard.last["finish"] == "length"
        held, parsed = heard.stream.finish(cut=cut)
        if held and heard.on_delta:
            heard.on_delta(held)
        if parsed.broken:
            if cut:
                raise AnswerCutOff(
                    f"the answer of {self._name} was cut off inside a call of a tool",
                    raw=heard.raw,
                    hint="Allow more tokens.",
                )
            raise AnswerInvalid(f"{self._name} wrote a call that cannot be read", raw=heard.raw)
        calls = tuple(
            ToolCall(call.name, call.arguments, call.id or f"call_{secrets.token_hex(4)}")
            for call in parsed.calls
        )
        finish = "tool_calls" if calls else "length" if cut else "stop"
        return Reply(text=parsed.text, tool_calls=calls, usage=usage, finish=finish)

    def _raise(self, event: Event, raw: str, seconds: float) -> NoReturn:
        """What an error of the model process means for the one who asked."""
        match event["kind"]:
            case "context":
                tokens, context = event["tokens"], event["context"]
                raise ContextTooLong(
                    f"the conversation has {tokens} tokens and {self._name} reads {context}",
                    tokens=tokens, context=context,
                    hint="Shorten the text, or use a model with a longer context.",
                )  # fmt: skip
            case "time":
                raise AnswerTooSlow(
                    f"{self._name} was still writing after {seconds:g} s and was stopped",
                    raw=raw,
                    usage=_usage({"seconds": seconds, **event}, self._name),
                    hint="Ask for a shorter answer, or allow more seconds.",
                )
            case "load":
                raise ModelUnavailable(
                    f"the model file {self._head.path.name} cannot be loaded: {event['message']}",
                    hint="It may be damaged or too new; `assistant models bench` says more.",
                )
            case "template":
                raise ModelUnavailable(f"{self._name} cannot be used: {event['message']}")
            case "schema":
                raise SchemaUnsupported(f"{self._name}: {event['message']}")
            case "cancelled":
                raise ModelUnavailable("the answer was cancelled")
            case _:
                raise InternalError(f"the model process failed: {event['message']}")


class _Heard:
    """What has come from the worker so far."""

    def __init__(self, stream: CallStream, on_delta: OnDelta | None) -> None:
        self.stream, self.on_delta = stream, on_delta
        self.raw, self.last = "", Event()

    def take(self, piece: str) -> None:
        self.raw += piece
        shown = self.stream.feed(piece)
        if shown and self.on_delta:
            self.on_delta(shown)


@contextlib.asynccontextmanager
async def _closing(events: AsyncGenerator[Event]) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await events.aclose()


def _usage(done: Mapping[str, Any], name: str) -> Usage:
    return Usage(
        tokens_in=done.get("tokens_in", 0), tokens_out=done.get("tokens_out", 0),
        cached_tokens=done.get("cached", 0),
        seconds=round(done["seconds"], 4), model=name,
    )  # fmt: skip


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }


def _as_template_message(message: Message) -> dict[str, Any]:
    """The shape that chat templates are written for."""
    made: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        made["tool_calls"] = [
            {
                "type": "function",
                "id": call.id,
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id:
        made["tool_call_id"] = message.tool_call_id
    if message.name:
        made["name"] = message.name
    return made
