"""Our skills, and whatever else the caller offers, as tools for any MCP client.

A read skill says so in its annotations; a write skill says that it changes things, so that
the client's person is asked by the client.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import assistant
from assistant.errors import AssistantError, BadArguments, SkillNotFound
from assistant.skills.door import Effect, Skill
from assistant.skills.library import Library
from assistant.skills.mcp_tools import PREFIX

if TYPE_CHECKING:
    from mcp.server import Server

CallSkill = Callable[[Skill, dict[str, Any]], Awaitable[Any]]
log = logging.getLogger(__name__)
NAME = "assistant"
TOLD = "Jobs and skills of a personal assistant. Tools marked as destructive change something."


@dataclass(frozen=True)
class ServedTool:
    """A tool of another room: `draft_job`, `run_job`, `list_jobs`, `run_status`."""

    name: str
    description: str
    schema: dict[str, Any]
    effect: Effect
    call: Callable[[dict[str, Any]], Awaitable[Any]]


class Served:
    """What is served. `call_skill` decides how a skill is called: as a run, or at once."""

    def __init__(
        self, library: Library, call_skill: CallSkill, more: Iterable[ServedTool] = ()
    ) -> None:
        self._library = library
        self._call_skill = call_skill
        self._more = {tool.name: tool for tool in more}

    def tools(self) -> list[ServedTool]:
        """Every tool, ours first; tools of other MCP servers are not passed on."""
        skills = [s for s in self._library.all() if not s.name.startswith(PREFIX)]
        return [*self._more.values(), *map(self._tool, skills)]

    async def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """Call a tool by name. Raises an AssistantError."""
        if name in self._more:
            return await self._more[name].call(arguments)
        if name.startswith(PREFIX):
            raise SkillNotFound(f"There is no tool {name!r}.", hint="List the tools.")
        return await self._call_skill(self._library.get(name), arguments)

    def _tool(self, skill: Skill) -> ServedTool:
        async def use(arguments: dict[str, Any]) -> Any:
            return await self.call(skill.name, arguments)

        return ServedTool(skill.name, skill.description, skill.schema(), skill.effect, use)


def make_server(served: Served) -> Server[Any]:
    """The MCP server; it runs on any of the library's transports."""
    import mcp_types as types
    from mcp.server import Server, ServerRequestContext

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in served.tools()])

    async def call_tool(
        _: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            given = await served.call(params.name, params.arguments or {})
        except AssistantError as wrong:
            return _result({"error": wrong.as_dict()}, failed=True)
        # Whatever breaks in here must not end the conversation with the client.
        except Exception as bug:
            log.error("tool %s", params.name, exc_info=bug)
            wrong = BadArguments(f"{params.name} failed unexpectedly: {type(bug).__name__}.")
            return _result({"error": wrong.as_dict()}, failed=True)
        return _result(given)

    def _described(tool: ServedTool) -> types.Tool:
        reads = tool.effect != "write"
        return types.Tool(
            name=tool.name,
            description=tool.description,
            input_schema=tool.schema,
            annotations=types.ToolAnnotations(
                read_only_hint=reads,
                destructive_hint=not reads,
                open_world_hint=tool.effect != "pure",
            ),
        )

    def _result(given: Any, *, failed: bool = False) -> types.CallToolResult:
        text = json.dumps(given, ensure_ascii=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)],
            structured_content=given if isinstance(given, dict) else {"result": given},
            is_error=failed,
        )

    return Server(
        NAME,
        version=assistant.__version__,
        instructions=TOLD,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(served: Served) -> None:
    """Serve one client over stdin and stdout, until it hangs up."""
    from mcp.server.stdio import stdio_server

    server = make_server(served)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
