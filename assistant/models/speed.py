"""How fast a model reads and writes here, measured through the same door everyone uses."""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.models.protocol import Limits, Message, Model

_TEXT = "The river rose in the night and the town woke to wet streets and closed bridges. "


@dataclass(frozen=True)
class Speed:
    """Seconds to the first answer ever and to the first words of a warm one; tokens a second."""

    load_seconds: float
    first_seconds: float
    reads: float
    writes: float


async def speed_of(model: Model) -> Speed:
    """Three short questions: one that loads, one that reads a page, one that writes."""
    began = time.perf_counter()
    await model.complete([Message("user", "Hello")], limits=Limits(max_tokens=1), purpose="bench")
    load = time.perf_counter() - began
    heard: list[float] = []
    began = time.perf_counter()
    page = _TEXT * max(1, min(40, model.context // 60))
    read = await model.complete(
        [Message("user", page)], limits=Limits(max_tokens=1), purpose="bench"
    )
    reading = time.perf_counter() - began
    began = time.perf_counter()
    wrote = await model.complete(
        [Message("user", f"{page}What happened? Tell it at length.")],
        limits=Limits(max_tokens=64),
        on_delta=lambda _: heard.append(time.perf_counter()),
        purpose="bench",
    )
    ended = time.perf_counter()
    first = (heard[0] if heard else ended) - began
    writing = ended - heard[0] if len(heard) > 1 else ended - began
    fresh = read.usage.tokens_in - read.usage.cached_tokens
    return Speed(
        round(load, 3), round(first, 3), round(fresh / reading, 1),
        round(max(wrote.usage.tokens_out - 1, 1) / max(writing, 1e-6), 1),
    )  # fmt: skip
