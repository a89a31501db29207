"""Processes that extract articles: asked one page at a time, ended when one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from assistant.errors import CannotDo
from assistant.settings import PROJECT

PROGRAM = Path(__file__).with_name("extracting.py")
PAGE_SECONDS = 20.0
LONGEST_ANSWER = 64_000_000


class Extractors:
    """At most `most` processes, started when needed; leaving the block ends them all."""

    def __init__(self, most: int = 2, *, seconds: float = PAGE_SECONDS) -> None:
        self._gate = asyncio.Semaphore(most)
        self._idle = list[asyncio.subprocess.Process]()
        self._running = set[asyncio.subprocess.Process]()
        self._seconds = seconds

    async def __aenter__(self) -> Extractors:
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in list(self._running):
            await self._end(process)

    async def extract(self, body: bytes, url: str, charset: str) -> dict[str, Any]:
        """What `extracting.extract` gives. Raises CannotDo for a page that breaks it."""
        async with self._gate:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await _ask(process, body, url, charset)
            except TimeoutError as late:
                await self._end(process)
                raise CannotDo(
                    f"{url} took longer than {self._seconds:g} s to read.",
                    hint="The page is unusual; leave it out.",
                ) from late
            except BaseException:
                await self._end(process)
                raise
            self._idle.append(process)
            return answer

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROGRAM), env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            start_new_session=True, limit=LONGEST_ANSWER,
        )  # fmt: skip
        self._running.add(process)
        return process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._running.discard(process)
        if process in self._idle:
            self._idle.remove(process)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _ask(
    process: asyncio.subprocess.Process, body: bytes, url: str, charset: str
) -> dict[str, Any]:
    request = {"length": len(body), "url": url, "charset": charset}
    line = b""
    if process.stdin and process.stdout:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(json.dumps(request).encode() + b"\n" + body)
            await process.stdin.drain()
        line = await process.stdout.readline()
    if not line:
        raise CannotDo(
            f"{url} needs more memory than a page may.", hint="The page is unusual; leave it out."
        )
    return json.loads(line)
