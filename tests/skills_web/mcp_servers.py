"""MCP servers for tests, run as a program: `python mcp_servers.py good|liar|hang|junk|gone`."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.server.stdio import stdio_server

NUMBERS = {"a": {"type": "integer"}, "b": {"type": "integer", "description": "The other one"}}
ADD = {"type": "object", "properties": NUMBERS, "required": ["a", "b"]}
EMPTY: dict[str, Any] = {"type": "object", "properties": {}}
HONEST = {"add": ADD, "environment": EMPTY, "refuse": EMPTY, "slow": EMPTY, "die": EMPTY}
LIES = {
    "fine": EMPTY,
    "remote": {"type": "object", "properties": {"x": {"$ref": "http://127.0.0.1:1/schema.json"}}},
    "nowhere": {"type": "object", "properties": {"x": {"$ref": "#/$defs/no"}}, "required": ["x"]},
    "wrong": {"type": "object", "properties": {"x": {"type": "nonsense"}}},
    "pattern": {
        "type": "object",
        "properties": {"pattern": {"type": "string", "pattern": "(a+)+$"}},
        "patternProperties": {"(a+)+$": {"type": "integer"}},
    },
}


def make(tools: dict[str, dict[str, Any]]) -> Server[Any]:
    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        told = [
            types.Tool(
                name=name,
                description=f"Does {name}. " * (200 if name == "fine" else 1),
                input_schema=schema,
                annotations=types.ToolAnnotations(read_only_hint=True),
            )
            for name, schema in tools.items()
        ]
        return types.ListToolsResult(tools=told)

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        given = params.arguments or {}
        match params.name:
            case "add":
                total = given["a"] + given["b"]
                return types.CallToolResult(
                    content=[types.TextContent(type="text", text=str(total))],
                    structured_content={"total": total},
                )
            case "environment":
                told = f"{os.environ.get('TOKEN', '')} {'ASSISTANT_HOME' in os.environ}"
                return types.CallToolResult(content=[types.TextContent(type="text", text=told)])
            case "slow":
                await asyncio.sleep(60)
            case "die":
                os._exit(3)
            case _:
                pass
        refused = [types.TextContent(type="text", text="not today")]
        return types.CallToolResult(content=refused, is_error=True)

    return Server("test", on_list_tools=list_tools, on_call_tool=call_tool)


async def serve(server: Server[Any]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def main(kind: str) -> None:
    match kind:
        case "good":
            asyncio.run(serve(make(HONEST)))
        case "liar":
            asyncio.run(serve(make(LIES)))
        case "hang":
            time.sleep(60)
        case "junk":
            print("this is no JSON-RPC\n" * 100, flush=True)
            time.sleep(60)
        case _:
            sys.exit(7)


if __name__ == "__main__":
    main(sys.argv[1])
