"""The web address of hooks: a small application that the panel carries, and a worker serves."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assistant.errors import RequestWrong
from assistant.schedule.hooks import LONGEST_BODY, Answer, Delivery, Hooks

if TYPE_CHECKING:
    import uvicorn

PATH = "/hooks/{job}/{trigger}"
_BACKLOG = 128


class HookPortTaken(RequestWrong):
    """Another program listens where hooks should be served."""


def route(hooks: Callable[[], Hooks]) -> Route:
    """`POST /hooks/<job>/<trigger>`, for any application. `hooks` gives what takes deliveries."""

    async def receive(request: Request) -> JSONResponse:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return JSONResponse({"error": "the body was cut off"}, 400)
        if body is None:
            return _response(Answer(413, {"error": f"a body has at most {LONGEST_BODY} bytes"}))
        delivery = Delivery(
            job=request.path_params["job"],
            trigger=request.path_params["trigger"],
            headers=dict(request.headers),
            body=body,
        )
        return _response(hooks().receive(delivery))

    return Route(PATH, receive, methods=["POST"])


class HookServer:
    """Serves hooks alone, for a process without a panel, from `start` to `stop`."""

    def __init__(self, hooks: Callable[[], Hooks], *, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._hooks = hooks
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises HookPortTaken when another program listens there."""
        import uvicorn

        listening = _listening(self.host, self.port)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=[route(self._hooks)]), log_level="warning", access_log=False,
            server_header=False, timeout_graceful_shutdown=2, lifespan="off", backlog=_BACKLOG,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        # Ctrl-C is the worker's to hear, not the server's.
        self._server.capture_signals = contextlib.nullcontext  # pyright: ignore[reportAttributeAccessIssue]
        self._serving = asyncio.create_task(self._server.serve([listening]), name="hooks")

    async def start_when_free(
        self, told: Callable[[HookPortTaken], None], *, every: float = 2.0
    ) -> None:
        """Start, now or when the program that listens there has left; `told` hears of the wait."""
        waits = False
        while True:
            try:
                return await self.start()
            except HookPortTaken as taken:
                if not waits:
                    told(taken)
                waits = True
                await asyncio.sleep(every)

    async def stop(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        # Two may bind one address as long as neither listens: only from here on it is ours.
        made.listen(_BACKLOG)
    except OSError as wrong:
        made.close()
        raise HookPortTaken(
            f"hooks cannot be served at {host}:{port}: {wrong.strerror}",
            hint="A worker takes them when that port is free; hook_port names another, 0 none.",
        ) from wrong
    return made


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is too long."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > LONGEST_BODY:
        return None
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > LONGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _response(answer: Answer) -> JSONResponse:
    return JSONResponse(answer.data, answer.status, dict(answer.headers))
