"""A model double that counts: every answer costs what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.models.protocol import Message, Reply, Usage


class CountingModel:
    """Answers with the question, for 10 tokens in, 5 out and a cent."""

    name = "counting"
    context = 4096

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def complete(self, messages: Sequence[Message], **_: Any) -> Reply:
        self.asked.append(messages[-1].text)
        usage = Usage(tokens_in=10, tokens_out=5, cost=0.01, model=self.name)
        return Reply(text=messages[-1].text.upper(), usage=usage)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[float(len(text))] for text in texts]


class CountingModels:
    def __init__(self) -> None:
        self.one = CountingModel()

    def get(self, name: str = "") -> CountingModel:
        return self.one
