"""What a model may be asked to do: one that failed at something in its trial is not asked for it.

An ability follows from the purpose of a call: `builder.outline` is drafting, `summarize_items` is
a summary. Purposes without an ability, and models that were never tried, are free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.models.errors import ModelUntrusted
from assistant.models.protocol import JsonSchema, Limits, Message, Model, OnDelta, Reply, Tool
from assistant.models.steady import Wrapped

ABILITIES = ("routing", "tool_calls", "drafting", "summaries")
_OF_PURPOSE = {
    "builder": "drafting", "routing": "routing", "job.routing": "routing",
    "summarize_items": "summaries", "job.summary": "summaries",
}  # fmt: skip

Failed = Callable[[str], bool]
"""Whether the model failed at an ability."""


def ability_of(purpose: str, *, tools: bool = False) -> str:
    """The ability that a call needs; empty for none."""
    if tools:
        return "tool_calls"
    return _OF_PURPOSE.get(purpose) or _OF_PURPOSE.get(purpose.split(".", maxsplit=1)[0], "")


def fingerprint(path: Path | None) -> str:
    """Which file a local model is, by size and time; empty for a provider's."""
    if path is None:
        return ""
    told = path.stat()
    return f"{told.st_size}-{told.st_mtime_ns}"


class Trusted(Wrapped):
    """Refuses, before anything is asked, what the model's trial says it cannot do."""

    def __init__(self, inner: Model, failed: Failed) -> None:
        super().__init__(inner)
        self._failed = failed

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
        """The model's answer. Raises ModelUntrusted for a purpose its trial says it fails at."""
        ability = ability_of(purpose, tools=bool(tools))
        if ability and self._failed(ability):
            raise ModelUntrusted(
                f"the model {self.inner.name!r} failed its trial of {ability.replace('_', ' ')}"
                " and is not asked for that",
                hint=f"Use another model, or try it again: assistant models test {self.inner.name}",
            )
        return await self.inner.complete(
            messages, tools=tools, schema=schema, on_delta=on_delta, limits=limits, purpose=purpose
        )
