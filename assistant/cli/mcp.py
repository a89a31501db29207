"""`assistant mcp`: serve the assistant to MCP clients, and ask MCP servers for their tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import with_engine, workplace

if TYPE_CHECKING:
    from assistant.skills.mcp_tools import ToolProblem
    from assistant.workplace import Workplace

app = typer.Typer(
    help="Serve jobs and skills over MCP; list the tools of MCP servers.",
    invoke_without_command=True,
)


@app.callback()
def serve(context: typer.Context) -> None:
    """Without a command: serve one MCP client over stdin and stdout until it hangs up."""
    if context.invoked_subcommand is not None:
        return

    async def work(place: Workplace) -> None:
        from assistant.chat.served import served
        from assistant.skills.mcp_server import serve_stdio

        await serve_stdio(served(place))

    with_engine(work)


@app.command()
def tools(as_json: Json = False) -> None:
    """Ask the MCP servers of the settings for their tools; they become skills."""
    import asyncio

    with workplace() as place:
        servers = place.library.servers
        problems: list[ToolProblem] = []
        if servers is not None:

            async def ask() -> list[ToolProblem]:
                try:
                    return await servers.list_tools(place.secrets)
                finally:
                    await servers.aclose()

            problems = asyncio.run(ask())
            place.library.renew_tools(place.settings)
        found = [entry for entry in place.library.entries() if entry.name.startswith("mcp/")]
    if as_json:
        told = [vars(entry) | {"folder": ""} for entry in found]
        put_json(envelope({"tools": told, "problems": [vars(problem) for problem in problems]}))
        return
    table(
        ("skill", "state", "what it does"),
        [(entry.name, entry.state, entry.reason or entry.description) for entry in found],
        empty="No MCP server is in the settings. Add [mcp.NAME] to settings.toml.",
    )
    for problem in problems:
        line(f"{problem.server}: {problem.reason}")
