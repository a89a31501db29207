"""Our skills served over MCP, asked by the official client."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from assistant.errors import JobNotFound
from assistant.settings import PROJECT
from assistant.skills.library import Library
from assistant.skills.mcp_server import Served, ServedTool, make_server
from tests.loopback import page
from tests.skills_web.test_fetch_feed import ATOM

RUN_SCHEMA = {"type": "object", "properties": {"job": {"type": "string"}}, "required": ["job"]}


async def run_job(arguments):
    if arguments["job"] != "digest":
        raise JobNotFound(f"There is no job {arguments['job']!r}.", hint="See: assistant jobs list")
    return {"run_id": "r1"}


@pytest.fixture
def served(settings, context) -> Served:
    tool = ServedTool("run_job", "Run a job.", RUN_SCHEMA, "write", run_job)
    return Served(Library.open(settings), lambda skill: context, [tool])


async def test_the_official_client_lists_and_calls_our_skills(served, site):
    site.routes["/f"] = page(ATOM, "application/atom+xml")
    async with Client(make_server(served)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        given = await client.call_tool("fetch_feed", {"url": site.url("/f")})
    assert {"run_job", "fetch_feed", "save_file"} <= set(tools)
    assert tools["fetch_feed"].annotations.read_only_hint is True
    assert tools["save_file"].annotations.destructive_hint is True
    assert tools["fetch_feed"].input_schema["properties"]["limit"]["maximum"] == 1000
    assert given.is_error is False
    assert given.structured_content["items"][0]["title"] == "One"
    assert json.loads(given.content[0].text) == given.structured_content


async def test_tools_of_other_rooms_are_served_and_errors_keep_their_code(served):
    async with Client(make_server(served)) as client:
        good = await client.call_tool("run_job", {"job": "digest"})
        bad = await client.call_tool("run_job", {"job": "nothing"})
        unknown = await client.call_tool("no_such", {})
        wrong = await client.call_tool("fetch_feed", {"limit": "many"})
    assert good.structured_content == {"run_id": "r1"}
    assert (bad.is_error, bad.structured_content["error"]) == (
        True,
        {
            "code": "job_not_found",
            "message": "There is no job 'nothing'.",
            "hint": "See: assistant jobs list",
        },
    )
    assert unknown.structured_content["error"]["code"] == "skill_not_found"
    assert wrong.structured_content["error"]["code"] == "skill_failed"


async def test_the_server_speaks_over_stdio(settings):
    program = """
import asyncio, sys
from pathlib import Path
from assistant.models.protocol import Models
from assistant.net.client import open_client
from assistant.settings import load
from assistant.skills.library import Library
from assistant.skills.mcp_server import Served, serve_stdio
from assistant.skills.outside import outside_context

async def main():
    settings = load()
    async with open_client(settings) as http:
        def context(skill):
            return outside_context(settings, http=http, models=None, folder=Path(sys.argv[1]))
        await serve_stdio(Served(Library.open(settings), context))

asyncio.run(main())
"""
    files = settings.home / "files"
    started = StdioServerParameters(
        command=sys.executable,
        args=["-c", program, str(files)],
        env={"ASSISTANT_HOME": str(settings.home), "PYTHONPATH": str(PROJECT)},
    )
    async with Client(started) as client:
        given = await client.call_tool("save_file", {"name": "a.txt", "content": "hello"})
        assert client.server_info.name == "assistant"
    assert given.structured_content["artifact"]["size"] == 5
    assert Path(files / "a.txt").read_text() == "hello"
