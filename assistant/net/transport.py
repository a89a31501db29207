"""The guarded way to a server: names are resolved once, every answer is judged, one is used.

The connection is made to the judged address while `Host` and the TLS name stay those of the
URL, so a name that changes its address between the check and the use changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import select
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from typing import Any, cast
from urllib.parse import urlsplit

import httpcore
import httpx

from assistant.errors import CannotDo, PolicyDenied, TryAgain
from assistant.net.decoding import bounded
from assistant.net.guard import Origin, Rules, refusal
from assistant.net.manners import Visits


class BrokenOff(TryAgain):
    """The connection ended after the request was sent: nobody knows whether it was acted on."""


Resolver = Callable[[str, int], Awaitable[list[str]]]
DEADLINE = "assistant_deadline"
RETRY_AFTER = "retry_after"


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host by the machine's resolver."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedTransport(httpx.AsyncBaseTransport):
    """Carries one request: URL rules, manners, pinned address, bounded body, our own errors."""

    def __init__(
        self,
        rules: Rules,
        *,
        visits: Visits,
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        limit: int = 10_000_000,
    ) -> None:
        self.rules = rules
        self._visits = visits
        self._limit = limit
        context = ssl_context or _public_authorities()
        self._outside = _pool(context, _Pinned(resolver, judge=True))
        self._inside = _pool(context, _Pinned(resolver, judge=False))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = self.rules.admit(request.url)
        inside = origin in self.rules.inside
        async with self._visits.visit(str(origin), paced=not inside):
            try:
                with _in_our_words(str(request.url)):
                    answer = await (self._inside if inside else self._outside).handle_async_request(
                        _as_core(request, origin)
                    )
            except TryAgain:
                self._visits.failed(str(origin), paced=not inside)
                raise
        return self._response(request, answer, origin, paced=not inside)

    def _response(
        self, request: httpx.Request, answer: httpcore.Response, origin: Origin, *, paced: bool
    ) -> httpx.Response:
        headers = httpx.Headers(answer.headers)
        retry_after = self._visits.answered(
            str(origin), answer.status, headers.get("retry-after"), paced=paced
        )
        encoding = headers.get("content-encoding", "")
        # The body is given decoded: what describes the encoded one would be untrue.
        if encoding:
            headers.pop("content-encoding")
            headers.pop("content-length", None)
        body = _Body(answer, request, "" if request.method == "HEAD" else encoding, self._limit)
        return httpx.Response(
            answer.status,
            headers=headers,
            stream=body,
            extensions={**answer.extensions, RETRY_AFTER: retry_after},
        )

    async def aclose(self) -> None:
        await self._outside.aclose()
        await self._inside.aclose()


class _Body(httpx.AsyncByteStream):
    """A response's body: decoded, at most `limit` bytes, read before the request's deadline."""

    def __init__(
        self, answer: httpcore.Response, request: httpx.Request, encoding: str, limit: int
    ) -> None:
        self._answer, self._url, self._limit = answer, str(request.url), limit
        self._encoding = encoding
        self._deadline: float | None = request.extensions.get(DEADLINE)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in bounded(self._received(), self._encoding, self._limit, self._url):
            yield piece

    async def _received(self) -> AsyncIterator[bytes]:
        stream = aiter(cast("AsyncIterator[bytes]", self._answer.stream))
        while True:
            with _in_our_words(self._url):
                try:
                    async with asyncio.timeout_at(self._deadline):
                        piece = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError as late:
                    raise too_slow(self._url) from late
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to an address that was judged, never to a name."""

    def __init__(self, resolver: Resolver, *, judge: bool) -> None:
        self._resolver, self._judge = resolver, judge
        self._network = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trouble: Exception | None = None
        try:
            async with asyncio.timeout(timeout):
                for address in await self._addresses(host, port):
                    try:
                        return _Line(
                            await self._network.connect_tcp(
                                address, port, timeout, local_address, socket_options
                            )
                        )
                    except httpcore.ConnectError as refused:
                        trouble = refused
        except TimeoutError as late:
            raise httpcore.ConnectTimeout(str(late)) from late
        raise trouble or httpcore.ConnectError(f"{host} has no address")

    async def _addresses(self, host: str, port: int) -> list[str]:
        addresses = await self._resolver(host, port)
        # One bad answer condemns the name: a server that mixes inside and outside
        # addresses is misconfigured or lying.
        for address in addresses if self._judge else ():
            if reason := refusal(address):
                raise PolicyDenied(
                    f"{host} is not fetched: {reason}.",
                    hint="If it is yours to reach, add its origin to the setting 'allow_origins'.",
                )
        return addresses

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Line(httpcore.AsyncNetworkStream):
    """A connection that keeps hold of its socket.

    The pool asks every idle connection before every request whether its server has hung up. The
    library looks the socket up anew each time, addresses of both ends included, and that cost more
    than sending the request.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._socket: socket.socket | None = inner.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Line(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return _has_something(self._socket)
        return self._inner.get_extra_info(info)


def _has_something(line: socket.socket | None) -> bool:
    """Whether reading would give bytes, or the end, at once; a closed socket gives the end."""
    if line is None or line.fileno() < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([line], [], [], 0)[0])
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(0))


@functools.cache
def _public_authorities() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes a while, so they are read once."""
    return httpx.create_ssl_context(trust_env=False)


def _pool(context: ssl.SSLContext, backend: _Pinned) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        max_connections=100,
        max_keepalive_connections=20,
        keepalive_expiry=5.0,
        network_backend=backend,
    )


def _as_core(request: httpx.Request, origin: Origin) -> httpcore.Request:
    return httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=origin.scheme,
            host=origin.host,
            port=origin.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=cast("AsyncIterator[bytes]", request.stream),
        extensions=request.extensions,
    )


def too_slow(url: str) -> BrokenOff:
    """The other side took its time, and the request may have been acted on."""
    return BrokenOff(
        f"{url} did not answer in time.", hint="It may be busy; the step can be repeated later."
    )


_NOTHING_HERE = (
    "Nothing listens at that port of this machine: start what should, and try again."
    " The demo newspaper is served while `assistant panel` or `assistant demo` runs."
)


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@contextlib.contextmanager
def _in_our_words(url: str) -> Generator[None]:
    """Turns what the network room's libraries raise into our errors, each with its cure."""
    try:
        yield
    except (httpcore.ConnectTimeout, httpcore.PoolTimeout) as late:
        raise TryAgain(
            f"{url} cannot be reached: its server does not answer.",
            hint="Check the address, or try again later.",
        ) from late
    except (httpcore.TimeoutException, TimeoutError) as late:
        raise too_slow(url) from late
    except socket.gaierror as wrong:
        raise _no_address(url, wrong) from wrong
    except httpcore.ConnectError as wrong:
        if isinstance(wrong.__cause__, ssl.SSLError) or isinstance(wrong.__context__, ssl.SSLError):
            raise CannotDo(
                f"{url} has no valid TLS certificate ({wrong}).",
                hint="Check the address; the site's owner has to renew the certificate.",
            ) from wrong
        raise TryAgain(
            f"{url} cannot be reached: its server refused the connection.",
            hint=_NOTHING_HERE if _is_here(url) else "Check the address, or try again later.",
        ) from wrong
    except (httpcore.NetworkError, httpcore.RemoteProtocolError, OSError) as cut:
        raise BrokenOff(
            f"{url} broke off in the middle of its answer.",
            hint="It may be busy; the step can be repeated later.",
        ) from cut
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as wrong:
        raise CannotDo(
            f"{url} cannot be asked for like this ({wrong}).",
            hint="Check the headers: names and values may hold no line breaks.",
        ) from wrong


def _no_address(url: str, wrong: socket.gaierror) -> CannotDo | TryAgain:
    host = httpx.URL(url).host
    if wrong.errno == socket.EAI_NONAME:
        return CannotDo(
            f"There is no host named {host}.",
            hint="Check the spelling of the address, and the machine's connection.",
        )
    return TryAgain(
        f"The name {host} cannot be looked up now.", hint="Check the machine's connection."
    )
