"""Our skills served over MCP, asked by the official client."""

from __future__ import annotations

import json

import pytest
from mcp import Client

from assistant.errors import JobNotFound
from assistant.skills.calling import call
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

    async def at_once(skill, arguments):
        return await call(skill, arguments, context)

    return Served(Library.open(settings), at_once, [tool])


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
