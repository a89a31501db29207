"""What a model reads, without the secrets of the home: it may be another company's.

A person may paste a key into the chat, and what a skill gets from elsewhere may echo one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.masking import Masker
from assistant.models.protocol import JsonSchema, Limits, Message, Model, OnDelta, Reply, Tool
from assistant.models.steady import Wrapped


class Masked(Wrapped):
    """Hands on every message with the secrets in it replaced by `[secret NAME]`.

    `masker` is asked at each call, since secrets come and go while a model is kept.
    """

    def __init__(self, inner: Model, masker: Callable[[], Masker]) -> None:
        super().__init__(inner)
        self._masker = masker

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
        masker = self._masker()
        told = [_masked(message, masker) for message in messages] if masker.forms else messages
        return await self.inner.complete(
            told, tools=tools, schema=schema, on_delta=on_delta, limits=limits, purpose=purpose
        )

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        masker = self._masker()
        return await self.inner.embed([masker.mask(text) for text in texts])


def _masked(message: Message, masker: Masker) -> Message:
    calls = tuple(
        replace(call, arguments=masker.mask_data(call.arguments)) for call in message.tool_calls
    )
    return replace(message, text=masker.mask(message.text), tool_calls=calls)
