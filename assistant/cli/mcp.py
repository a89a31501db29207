"""`assistant mcp`: serve the assistant to MCP clients, and ask MCP servers for their tools."""

from __future__ import annotations

import contextlib
import secrets
import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import Json, envelope, line, note, put_json, table
from assistant.cli.session import with_engine, workplace

if TYPE_CHECKING:
    from assistant.skills.mcp_tools import ToolProblem
    from assistant.workplace import Workplace

KEPT_AS = "mcp_token"
app = typer.Typer(
    help="Serve jobs and skills over MCP; list the tools of MCP servers.",
    invoke_without_command=True,
)


@app.callback()
def serve(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option("--http", metavar="PORT", help="Serve on 127.0.0.1 instead; 0: any port."),
    ] = None,
) -> None:
    """Without a command: serve one MCP client over stdin and stdout until it hangs up."""
    if context.invoked_subcommand is not None:
        return

    async def work(place: Workplace) -> None:
        from assistant.chat.served import served
        from assistant.skills.mcp_http import serve_http
        from assistant.skills.mcp_server import serve_stdio

        if port is None:
            await serve_stdio(served(place))
        else:
            await serve_http(served(place), port, _token(place), _told)

    # The server gives Ctrl-C on after it has closed: by then there is nothing left to do.
    with contextlib.suppress(KeyboardInterrupt):
        with_engine(work)


def _told(address: str) -> None:
    note(f"Serving MCP on {address}. Ctrl-C ends it.")


def _token(place: Workplace) -> str:
    """The secret `mcp_token`; made, and shown this once, when there is none."""
    if KEPT_AS not in place.secrets:
        made = secrets.token_urlsafe(24)
        place.secrets.put(KEPT_AS, made)
        note(f"A new token, kept as the secret {KEPT_AS} and shown only now: {made}")
    note("Clients send it in the header  Authorization: Bearer TOKEN")
    return place.secrets[KEPT_AS]


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


@app.command(context_settings={"ignore_unknown_options": True})
def add(
    name: Annotated[str, typer.Argument(help="Small letters, digits and dashes.")],
    where: Annotated[
        list[str],
        typer.Argument(metavar="COMMAND|URL", help="A program with its arguments, or an address."),
    ],
    as_json: Json = False,
) -> None:
    """Add an MCP server to the settings; `assistant mcp tools` then asks for its tools."""
    from assistant.skills.mcp_adding import add_server

    with workplace() as place:
        add_server(place.settings, name, " ".join(where) if len(where) == 1 else shlex.join(where))
    if as_json:
        put_json(envelope({"added": name}))
    else:
        line(f"{name} is added. Ask for its tools: assistant mcp tools")


@app.command()
def effect(
    name: str,
    tool: str,
    what: Annotated[str, typer.Argument(metavar="pure|read|write")],
    as_json: Json = False,
) -> None:
    """Say what a server's tool does to the world; one that nobody spoke for counts as write."""
    from assistant.skills.mcp_adding import set_effect

    with workplace() as place:
        set_effect(place.settings, name, tool, what)
    if as_json:
        put_json(envelope({"server": name, "tool": tool, "effect": what}))
    else:
        line(f"mcp/{name}/{tool} counts as {what}.")


@app.command()
def remove(name: str, as_json: Json = False) -> None:
    """Take an MCP server out of the settings."""
    from assistant.skills.mcp_adding import remove_server

    with workplace() as place:
        remove_server(place.settings, name)
    if as_json:
        put_json(envelope({"removed": name}))
    else:
        line(f"{name} is removed.")
