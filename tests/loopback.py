"""A real HTTP server on loopback for tests: pages from a dictionary, faults on demand.

    with Site({"/feed.xml": page("<rss…>", "application/rss+xml")}) as site:
        await client.get(site.url("/feed.xml"))

A guarded client reaches it when the settings name its origin: `allowing(settings, site)`.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from assistant.settings import Settings


@dataclass(frozen=True)
class Asked:
    """A request that the site got; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.split("?")[0]


@dataclass(frozen=True)
class Page:
    """An answer. `pieces`, when given, replace the body: they are sent one by one, chunked."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: Callable[[], AsyncIterator[bytes]] | None = None
    cut_after: int | None = None
    """Promise the whole body and hang up after this many bytes."""
    delay: float = 0.0


Route = Page | Callable[[Asked], Page | Awaitable[Page]]


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> Page:
    """A page of that content type; `cache_control="…"` becomes a header."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(
        200, {"content-type": kind, **told}, body.encode() if isinstance(body, str) else body
    )


def redirect(to: str, status: int = 302) -> Page:
    return Page(status, {"location": to})


def allowing(settings: Settings, *sites: Site) -> Settings:
    """The settings, with the sites' origins among those that the guarded client may reach."""
    origins = (*settings.allow_origins, *(site.origin for site in sites))
    return settings.model_copy(update={"allow_origins": origins})


class Site:
    """Serves `routes` (by path, else `otherwise`) from a thread of its own, and notes what is asked."""

    def __init__(
        self,
        routes: Mapping[str, Route] | None = None,
        *,
        otherwise: Route | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.routes = dict(routes or {})
        self.asked = list[Asked]()
        self.lines = 0
        """Connections that were opened."""
        self._otherwise = otherwise or Page(404, {"content-type": "text/plain"}, b"not here")
        self._tls, self._host = tls, host
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def origin(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return self.origin + path

    def __enter__(self) -> Site:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        try:
            while asked := await self._read(reader):
                self.asked.append(asked)
                route = self.routes.get(asked.target) or self.routes.get(asked.path)
                answer = route or self._otherwise
                if callable(answer):
                    answer = answer(asked)
                if not isinstance(answer, Page):
                    answer = await answer
                if not await self._answer(writer, asked, answer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side went, or the site is being closed
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Asked | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Asked(method, target, headers, body)

    async def _answer(self, writer: asyncio.StreamWriter, asked: Asked, answer: Page) -> bool:
        """Send an answer; False when the connection ends with it."""
        await asyncio.sleep(answer.delay)
        headers = dict(answer.headers)
        length = {"transfer-encoding": "chunked"}
        if answer.pieces is None:
            length = {"content-length": str(len(answer.body))}
        told = "".join(f"{name}: {value}\r\n" for name, value in {**length, **headers}.items())
        writer.write(f"HTTP/1.1 {answer.status} Told\r\n{told}\r\n".encode("latin-1"))
        if asked.method == "HEAD":
            return True
        if answer.cut_after is not None:
            writer.write(answer.body[: answer.cut_after])
            await writer.drain()
            return False
        if answer.pieces is None:
            writer.write(answer.body)
        else:
            async for piece in answer.pieces():
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True
