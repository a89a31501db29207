"""Connections to MCP servers: started when needed, kept, renewed when they break.

Each server is held by a task of its own. One that hangs, ends or answers nonsense fails the
call that waited for it, with an error that names it, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from assistant.errors import CannotDo, TryAgain
from assistant.settings import McpServer, Settings
from assistant.skills.context import SkillContext
from assistant.skills.mcp_tools import (
    MOST_TOOLS,
    Listing,
    Tool,
    ToolProblem,
    trimmed,
)

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import CallToolResult

SLACK = 5.0  # our own time limit ends a call before the library's does
LONGEST_TEXT = 1_000_000


_Key = tuple[asyncio.AbstractEventLoop, str]


class McpServers:
    """The servers of the settings. A connection serves the event loop it was made in.

    `aclose` ends what the running loop started.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held = dict[_Key, _Connection]()
        self._opening = defaultdict[_Key, asyncio.Lock](asyncio.Lock)

    async def list_tools(self, secrets: Mapping[str, str]) -> list[ToolProblem]:
        """Ask every server for its tools and keep the answers; gives what went wrong."""
        names = list(self._settings.mcp)
        found = await asyncio.gather(*(self._list(name, secrets) for name in names))
        return [problem for problem in found if problem]

    async def call_tool(
        self, server: str, tool: str, arguments: dict[str, Any], context: SkillContext
    ) -> dict[str, Any]:
        """Call a tool. Raises TryAgain for a server that is not there, CannotDo for its refusal."""
        told = self._told(server)
        connection = await self._connection(server, told, context.secrets)
        try:
            async with asyncio.timeout(told.seconds):
                result = await connection.client.call_tool(tool, arguments)
        except TimeoutError as late:
            await self._drop(server)
            raise TryAgain(
                f"MCP server {server!r} did not answer within {told.seconds:g} s.",
                hint="It may hang; it is started anew for the next call.",
            ) from late
        # The library and the server may fail in any way; the next call starts the server anew.
        except Exception as wrong:
            await self._drop(server)
            raise CannotDo(
                f"MCP server {server!r} failed in {tool!r}: {_told(wrong)}.",
                hint="See the server's own log; it is started anew for the next call.",
            ) from wrong
        return _answer(server, tool, result)

    async def aclose(self) -> None:
        """End the running loop's connections, and the servers that were started for them."""
        loop = asyncio.get_running_loop()
        for server in [name for owner, name in self._held if owner is loop]:
            await self._drop(server)

    async def _list(self, server: str, secrets: Mapping[str, str]) -> ToolProblem | None:
        told = self._told(server)
        try:
            connection = await self._connection(server, told, secrets)
            async with asyncio.timeout(told.start_seconds):
                tools = await _all_tools(connection.client)
        except (CannotDo, TryAgain) as wrong:
            return ToolProblem(server, "", wrong.message)
        # As above: what the server says of itself may be anything.
        except Exception as wrong:
            await self._drop(server)
            return ToolProblem(server, "", f"its tools cannot be listed: {_told(wrong)}")
        Listing(self._settings).write(server, told, tools)
        return None

    def _told(self, server: str) -> McpServer:
        try:
            return self._settings.mcp[server]
        except KeyError as gone:
            raise CannotDo(
                f"There is no MCP server {server!r} in the settings.",
                hint=f"Add [mcp.{server}] to settings.toml.",
            ) from gone

    async def _connection(
        self, server: str, told: McpServer, secrets: Mapping[str, str]
    ) -> _Connection:
        key = (asyncio.get_running_loop(), server)
        async with self._opening[key]:
            held = self._held.get(key)
            if held is not None and held.alive:
                return held
            await self._drop(server)
            connection = self._held[key] = _Connection(server)
            try:
                await connection.open(told, secrets)
            except BaseException:
                await self._drop(server)
                raise
            return connection

    async def _drop(self, server: str) -> None:
        held = self._held.pop((asyncio.get_running_loop(), server), None)
        if held is not None:
            await held.close()


class _Connection:
    """One server, held by one task: the library wants to be left where it was entered."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._ready = asyncio.Event()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._client: Client | None = None

    @property
    def alive(self) -> bool:
        return self._client is not None and self._task is not None and not self._task.done()

    @property
    def client(self) -> Client:
        if self._client is None:
            raise TryAgain(f"MCP server {self._server!r} is not connected.")
        return self._client

    async def open(self, told: McpServer, secrets: Mapping[str, str]) -> None:
        """Start and greet the server. Raises TryAgain when it does not greet back."""
        self._task = asyncio.create_task(self._hold(told, secrets), name=f"mcp {self._server}")
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait(
            {self._task, ready}, timeout=told.start_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        ready.cancel()
        if self._ready.is_set():
            return
        if not self._task.done():
            reason = f"it did not answer within {told.start_seconds:g} s"
        else:
            wrong = self._task.exception()
            if isinstance(wrong, CannotDo):
                raise wrong
            reason = _told(wrong) if wrong else "it ended at once"
        raise TryAgain(
            f"MCP server {self._server!r} cannot be used: {reason}.",
            hint=f"Check [mcp.{self._server}] in settings.toml by running its command yourself.",
        )

    async def close(self) -> None:
        self._stop.set()
        if self._task is None:
            return
        # One that never greeted back hears no word either: it is ended at once.
        patience = 5 if self._ready.is_set() else 0
        done, _ = await asyncio.wait({self._task}, timeout=patience)
        if not done:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=5)
        if self._task.done() and not self._task.cancelled():
            # Its failure was told to whoever waited for it.
            self._task.exception()

    async def _hold(self, told: McpServer, secrets: Mapping[str, str]) -> None:
        async with _client(self._server, told, secrets) as client:
            self._client = client
            self._ready.set()
            try:
                await self._stop.wait()
            finally:
                self._client = None


@asynccontextmanager
async def _client(
    server: str, told: McpServer, secrets: Mapping[str, str]
) -> AsyncGenerator[Client]:
    # The library takes a second to import, which only those who use a server pay.
    from mcp import Client, StdioServerParameters
    from mcp.client.streamable_http import streamable_http_client

    if bool(told.command) == bool(told.url):
        raise CannotDo(
            f"MCP server {server!r} has neither or both of command and url.",
            hint=f"Give one of them in [mcp.{server}] of settings.toml.",
        )
    async with contextlib.AsyncExitStack() as stack:
        if told.command:
            started = StdioServerParameters(
                command=told.command,
                args=list(told.args),
                env=_revealed(server, told.env, secrets),
            )
            yield await stack.enter_async_context(
                Client(started, read_timeout_seconds=told.seconds + SLACK)
            )
            return
        http = await stack.enter_async_context(_http(_revealed(server, told.headers, secrets)))
        transport = streamable_http_client(told.url, http_client=http)
        yield await stack.enter_async_context(
            Client(transport, read_timeout_seconds=told.seconds + SLACK)
        )


def _http(headers: dict[str, str]) -> Any:
    """The library's own kind of client: the server's URL is the operator's word, its redirects
    stay within that origin, and nothing is taken from the environment."""
    import httpx2

    return httpx2.AsyncClient(
        headers=headers, timeout=httpx2.Timeout(30.0, read=300.0), trust_env=False
    )


def _revealed(server: str, values: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    found = dict[str, str]()
    for key, value in values.items():
        name = value.removeprefix("secret:")
        if name != value and name not in secrets:
            raise CannotDo(
                f"MCP server {server!r} needs the secret {name!r}.",
                hint=f"Run: assistant secrets set {name}",
            )
        found[key] = value if name == value else secrets[name]
    return found


async def _all_tools(client: Client) -> list[Tool]:
    tools, cursor = list[Tool](), None
    while len(tools) < MOST_TOOLS:
        page = await client.list_tools(cursor=cursor)
        tools += [trimmed(Tool(t.name, t.description or "", t.input_schema)) for t in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    named = {tool.name: tool for tool in tools if tool.name.isprintable() and len(tool.name) <= 128}
    return list(named.values())[:MOST_TOOLS]


def _answer(server: str, tool: str, result: CallToolResult) -> dict[str, Any]:
    texts, files = list[str](), list[dict[str, Any]]()
    for part in result.content:
        match part.type:
            case "text":
                texts.append(part.text)
            case "image" | "audio":
                files.append({"media_type": part.mime_type, "base64": part.data})
            case _:
                files.append(part.model_dump(mode="json", exclude_none=True))
    text = "\n".join(texts)[:LONGEST_TEXT]
    if result.is_error:
        raise CannotDo(
            f"MCP server {server!r} refused {tool!r}: {text[:400] or 'no reason given'}",
            hint="Check the arguments against the tool's description.",
        )
    return {"text": text, "data": result.structured_content, "files": files}


def _told(wrong: BaseException) -> str:
    """The innermost reason, in one line."""
    while isinstance(wrong, BaseExceptionGroup) and wrong.exceptions:
        wrong = wrong.exceptions[0]
    return f"{type(wrong).__name__}: {' '.join(str(wrong).split())[:200]}"
