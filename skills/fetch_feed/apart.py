"""Reading a large feed in a process of its own, which is ended when it takes too long.

A thread cannot be ended, and a hostile feed of 10 MB keeps the parser busy for most of a minute.
Feeds of a usual size stay in a thread: that is cheaper than a process, and soon over.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import CannotDo
from assistant.settings import PROJECT
from assistant.skills.records import Item

from .reading import Feed, NoFeed, read_feed

LARGE = 250_000
"""Bytes; the worst feed of this size takes about two seconds of one core."""
SECONDS = 15.0
_PROGRAM = Path(__file__).with_name("reading.py")


async def read_apart(
    body: bytes, headers: Mapping[str, str], url: str, *, seconds: float = SECONDS
) -> Feed:
    """What `read_feed` gives, away from the event loop. Raises NoFeed, and CannotDo when late."""
    if len(body) <= LARGE:
        return await asyncio.to_thread(read_feed, body, headers, url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(_PROGRAM), env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    request = json.dumps({"headers": dict(headers), "url": url}).encode()
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(request + b"\n" + body)
    except TimeoutError as late:
        raise CannotDo(
            f"{url} took longer than {seconds:g} s to read.",
            hint="The feed is very large or broken; leave it out.",
        ) from late
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return _told(answer, url)


def _told(answer: bytes, url: str) -> Feed:
    if not answer:
        raise CannotDo(
            f"{url} needs more memory than a feed may.",
            hint="The feed is very large or broken; leave it out.",
        )
    told = json.loads(answer)
    if "message" in told:
        raise NoFeed(told["message"], page=told["page"], hint=told["hint"])
    return Feed(told["title"], [Item(**item) for item in told["items"]], told["flaw"])
