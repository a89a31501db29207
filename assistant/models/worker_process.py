"""The model process as its parent sees it: started when needed, asked, cancelled, replaced.

One `WorkerProcess` may be used from any thread and any event loop. When the process dies, the
requests it had begun end with WorkerDied, the others move to its successor by themselves.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from assistant.models.errors import AnswerTooSlow, WorkerDied
from assistant.settings import PROJECT

_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
_KEPT_PREFIXES = ("LC_", "PYTHON", "OMP_", "GGML_", "LLAMA_")
_GRACE_SECONDS = 2.0
_LOAD_SECONDS = 180.0
_PERSON = 0
_RUN = 1

Event = dict[str, Any]


@dataclass
class _Pending:
    """One request that has no answer yet, and where its events go."""

    request: Event
    loop: asyncio.AbstractEventLoop
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue[Event])
    process: subprocess.Popen[bytes] | None = None
    begun: bool = False
    moved: bool = False

    def hear(self, event: Event) -> None:
        if event["event"] in ("started", "ready"):
            self.begun = True
        try:
            self.loop.call_soon_threadsafe(self.events.put_nowait, event)
        except RuntimeError:
            # The asker's loop has been closed: nobody is there to listen.
            return


class WorkerProcess:
    """Keeps one model process alive while it is needed."""

    def __init__(self, *, idle: float = 900.0) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._pending: dict[int, _Pending] = {}
        self._loaded: dict[bool, str] = {}
        self._heard = 0.0
        self._said: deque[str] = deque(maxlen=20)

    @property
    def pid(self) -> int | None:
        """The process id while it lives."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def holds(self, path: str) -> bool:
        """Whether the process has this model file in memory now."""
        return self.pid is not None and path in self._loaded.values()

    async def ask(
        self,
        op: str,
        *,
        seconds: float,
        person: bool = True,
        patience: float = _LOAD_SECONDS,
        **facts: Any,
    ) -> AsyncGenerator[Event]:
        """Send a request and give its events, the last one `done` or `error`.

        `patience` is how long a silent process may take to begin and to load its model.

        Closing the iterator, or cancelling the task, cancels the request. Raises WorkerDied,
        and AnswerTooSlow when the process does not keep `seconds` itself.
        """
        number = next(self._numbers)
        request = {
            "id": number, "op": op, "priority": _PERSON if person else _RUN,
            "seconds": seconds, **facts,
        }  # fmt: skip
        pending = _Pending(request, asyncio.get_running_loop())
        finished = False
        self._send(pending)
        try:
            deadline: float | None = None
            while not finished:
                event = await self._next(pending, deadline, patience)
                deadline = _deadline(event, seconds, patience, deadline)
                finished = event["event"] in ("done", "error")
                yield event
        finally:
            if self._pending.pop(number, None) is not None and not finished:
                self._write({"id": number, "op": "cancel"})

    def close(self) -> None:
        """End the process; what it was doing ends with WorkerDied."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    async def _next(self, pending: _Pending, deadline: float | None, patience: float) -> Event:
        event: Event | None = None
        while event is None:
            wait = patience if deadline is None else max(deadline - time.monotonic(), 0.01)
            try:
                # Not wait_for: on Python 3.11 it can swallow a cancellation.
                async with asyncio.timeout(wait):
                    event = await pending.events.get()
            except TimeoutError:
                # In a queue, silence about one request is no silence of the process.
                if deadline is None and time.monotonic() - self._heard < patience:
                    continue
                self.close()
                raise AnswerTooSlow(
                    "the model process did not keep to the time limit and was stopped",
                    hint="Ask for a shorter answer, or use a smaller model.",
                ) from None
        if event["event"] == "died":
            raise WorkerDied(
                f"the model process stopped in the middle of the answer ({event['message']})",
                hint="It starts again by itself with the next prompt.",
            )
        return event

    # The process

    def _send(self, pending: _Pending) -> None:
        with self._lock:
            self._pending[pending.request["id"]] = pending
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
            pending.process = self._process
        self._write(pending.request)

    def _write(self, message: Event) -> None:
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            process = self._process
            if process is None or process.stdin is None:
                return
            try:
                process.stdin.write(line)
                process.stdin.flush()
            except (BrokenPipeError, ValueError):
                # It has just ended; the reader thread notices and decides what to do.
                return

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in _KEPT_ENVIRONMENT or name.startswith(_KEPT_PREFIXES)
        }
        # Threads that wait for each other sleep instead of taking the cores from others.
        environment.setdefault("OMP_WAIT_POLICY", "passive")
        # The child finds the package as we did, whether it is installed or not.
        paths = [str(PROJECT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant.models.worker", str(self._idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            # Ctrl-C in the terminal is for the parent, which ends its child in its own way.
            start_new_session=True,
        )
        self._said.clear()
        self._loaded.clear()
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        threading.Thread(target=self._drain, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        for line in process.stdout or ():
            event, self._heard = json.loads(line), time.monotonic()
            if pending := self._pending.get(event["id"]):
                if event["event"] == "ready":
                    file = pending.request["model"]
                    self._loaded[file["embeds"]] = file["path"]
                pending.hear(event)
        process.wait()
        self._mourn(process)

    def _drain(self, process: subprocess.Popen[bytes]) -> None:
        for line in process.stderr or ():
            self._said.append(line.decode("utf-8", "replace").rstrip())

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        """Requests that the dead process had begun fail; the others go to a new one."""
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        with self._lock:
            if self._process is process:
                self._process = None
            left = [pending for pending in self._pending.values() if pending.process is process]
        for pending in left:
            # At most one move: a process that dies at its start would be started for ever.
            if pending.begun or pending.moved:
                pending.hear({"event": "died", "message": _cause(process.returncode)})
            else:
                pending.moved = True
                self._send(pending)


def _deadline(event: Event, seconds: float, patience: float, before: float | None) -> float | None:
    """When the next event is due at the latest, after this one."""
    match event["event"]:
        case "started":
            return time.monotonic() + patience
        case "ready":
            return time.monotonic() + seconds + _GRACE_SECONDS
        case "paused":
            return None
        case _:
            return before


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
