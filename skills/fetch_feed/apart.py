"""Reading feeds away from the event loop: in threads, or in processes when there is much to read.

A thread cannot be ended, and a hostile feed of 10 MB keeps the parser busy for most of a minute;
and the parser holds the interpreter's lock, so that many threads of it starve the event loop that
fetches the rest. A few feeds of a usual size stay in threads: that is cheaper than a process, and
soon over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.models.machine import usable_threads
from assistant.skills.workers import Workers

from .reading import Feed, NoFeed, read_feed

LARGE = 250_000
"""Bytes; the worst feed of this size takes about two seconds of one core."""
MANY = 60
"""Feeds; so many take a core as long as starting two processes that share them."""
SECONDS = 15.0
_PROGRAM = Path(__file__).with_name("reading.py")


class Readers:
    """Reads the feeds of one call. An async context: leaving it ends the processes."""

    def __init__(self, feeds: int, *, seconds: float = SECONDS) -> None:
        cores = usable_threads()
        self._many = feeds >= MANY and cores > 1
        self._workers = Workers(_PROGRAM, what="feed", most=min(2, cores), seconds=seconds)

    async def __aenter__(self) -> Readers:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._workers.__aexit__()

    async def read(self, body: bytes, headers: Mapping[str, str], url: str) -> Feed:
        """What `read_feed` gives. Raises NoFeed, and CannotDo for a feed that takes too long."""
        if not self._many and len(body) <= LARGE:
            return await asyncio.to_thread(read_feed, body, headers, url)
        return _feed(await self._workers.ask(body, url, headers=dict(headers)))


def _feed(told: Mapping[str, Any]) -> Feed:
    if "message" in told:
        raise NoFeed(told["message"], page=told["page"], hint=told["hint"])
    return Feed(told["title"], told["stories"], told["flaw"])
