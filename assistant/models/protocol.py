"""One protocol for every model. The room that asks never knows which model answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

JsonSchema = Mapping[str, Any]
OnDelta = Callable[[str], None]


@dataclass(frozen=True)
class ToolCall:
    """A call that a model asks for: `id` ties the answer to it."""

    name: str
    arguments: dict[str, Any]
    id: str = ""


@dataclass(frozen=True)
class Message:
    """One message of a conversation. `images` are data: URLs."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    name: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """What a model is offered: a name, a sentence, and the JSON Schema of the arguments."""

    name: str
    description: str
    parameters: JsonSchema


@dataclass(frozen=True)
class Usage:
    tokens_in: int = 0
    tokens_out: int = 0
    cached_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    model: str = ""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.cached_tokens + other.cached_tokens,
            self.cost + other.cost,
            self.seconds + other.seconds,
            other.model or self.model,
        )


@dataclass(frozen=True)
class Reply:
    """An answer: `record` is the validated JSON when a schema was given."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    record: Any = None
    usage: Usage = field(default_factory=Usage)
    finish: Literal["stop", "tool_calls", "length", "cancelled"] = "stop"


@dataclass(frozen=True)
class Limits:
    """What one answer may cost."""

    max_tokens: int = 1024
    seconds: float = 120.0
    temperature: float = 0.0


class Model(Protocol):
    """Something that answers.

    `schema` makes the answer one JSON value that fits it (`reply.record`). A string property
    with `"x-spans": TEXT` may only be a run of whole words of TEXT: enforced while decoding
    by local models, checked afterwards (and repaired once) for others. `on_delta` is called with each piece of text. Cancelling the task stops the answer
    within 200 ms. Raises ModelUnavailable, BudgetExhausted or a SkillError.
    """

    @property
    def name(self) -> str: ...

    @property
    def context(self) -> int:
        """Tokens of context the model has."""
        ...

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: JsonSchema | None = None,
        on_delta: OnDelta | None = None,
        limits: Limits = Limits(),
        purpose: str = "",
    ) -> Reply: ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text. Raises ModelUnavailable when the model cannot."""
        ...


class Models(Protocol):
    """Finds a model by name (`starter`, `local/<gguf>`, any litellm name)."""

    def get(self, name: str = "") -> Model:
        """The model of that name; the default one for an empty name. Raises ModelUnavailable."""
        ...
