"""Serving MCP over streamable HTTP on this machine: loopback only, and only who has the token."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from assistant.errors import RequestWrong
from assistant.skills.mcp_server import Served, make_server

HOST = "127.0.0.1"
PATH = "/mcp"
App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


class PortTaken(RequestWrong):
    """Another program listens where MCP should be served."""


async def serve_http(served: Served, port: int, token: str, tell: Callable[[str], None]) -> None:
    """Serve any number of clients until the process is told to stop; 0 takes any free port.

    `tell` hears the address once it answers. Raises PortTaken.
    """
    import uvicorn

    with _listening(port) as listening:
        app = guarded(make_server(served).streamable_http_app(streamable_http_path=PATH), token)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=2
        )
        tell(f"http://{HOST}:{listening.getsockname()[1]}{PATH}")
        await uvicorn.Server(config).serve(sockets=[listening])


def guarded(app: App, token: str) -> App:
    """The application for requests that carry the token; any other one is answered 401.

    Host and Origin, which a web page in a browser could forge, the MCP library checks itself.
    """
    wanted = f"Bearer {token}".encode()

    async def answer(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            given = [v for name, v in scope["headers"] if name == b"authorization"]
            if len(given) != 1 or not hmac.compare_digest(given[0], wanted):
                await _refuse(send)
                return
        await app(scope, receive, send)

    return answer


async def _refuse(send: Any) -> None:
    body = b'{"error": "This server wants the header Authorization: Bearer TOKEN."}'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"www-authenticate", b"Bearer"),
    ]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as wrong:
        raise PortTaken(
            f"MCP cannot be served on port {port}: {wrong}.",
            hint="Give another one: assistant mcp --http 7872.",
        ) from wrong
