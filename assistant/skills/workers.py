"""Processes that parse what others wrote: asked one thing at a time, ended when one takes too long.

A thread cannot be ended, shares the interpreter's lock with the event loop and its memory with
everything else; a process has none of that. The program reads requests from stdin, a line of JSON
with the `length` of the bytes that follow, and answers each with a line of JSON: see
`worker_process`.
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
from typing import Any

from assistant.errors import CannotDo
from assistant.settings import PROJECT

LONGEST_ANSWER = 64_000_000


class Workers:
    """At most `most` processes of a program, started when needed; leaving the block ends them."""

    def __init__(self, program: Path, *, what: str, most: int = 2, seconds: float = 20.0) -> None:
        self._program, self._what, self._seconds = program, what, seconds
        self._gate = asyncio.Semaphore(most)
        self._idle = list[asyncio.subprocess.Process]()
        self._running = set[asyncio.subprocess.Process]()

    async def __aenter__(self) -> Workers:
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in list(self._running):
            await self._end(process)

    async def ask(self, body: bytes, url: str, **told: Any) -> dict[str, Any]:
        """The program's answer about a body. Raises CannotDo for one that takes too much of it."""
        request = {"length": len(body), "url": url, **told}
        async with self._gate:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await _exchange(process, request, body)
            except TimeoutError as late:
                await self._end(process)
                raise CannotDo(
                    f"{url} took longer than {self._seconds:g} s to read.",
                    hint=f"The {self._what} is very large or broken; leave it out.",
                ) from late
            except BaseException:
                await self._end(process)
                raise
            if not answer:
                await self._end(process)
                raise CannotDo(
                    f"{url} needs more memory than a {self._what} may.",
                    hint=f"The {self._what} is very large or broken; leave it out.",
                )
            self._idle.append(process)
            return json.loads(answer)

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(self._program), env=os.environ | {"PYTHONPATH": str(PROJECT)},
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


async def _exchange(
    process: asyncio.subprocess.Process, request: Mapping[str, Any], body: bytes
) -> bytes:
    """A line of answer; nothing when the process ended instead."""
    if process.stdin is None or process.stdout is None:
        return b""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(json.dumps(request).encode() + b"\n" + body)
        await process.stdin.drain()
    return await process.stdout.readline()
