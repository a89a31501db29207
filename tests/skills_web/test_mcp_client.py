"""Tools of MCP servers as skills, with real servers over stdio and HTTP."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn

from assistant.errors import BadArguments, CannotDo, SkillNotFound, TryAgain
from assistant.settings import McpServer
from assistant.skills.calling import call, preview
from assistant.skills.library import Library
from assistant.skills.mcp_tools import usable_schema
from tests.skills_web.mcp_servers import HONEST, make

PROGRAM = str(Path(__file__).with_name("mcp_servers.py"))


def server(kind: str, **told: object) -> McpServer:
    return McpServer(command=sys.executable, args=(PROGRAM, kind), **told)


@pytest.fixture
async def library_of(settings, context):
    opened = []

    async def made(**servers: McpServer):
        changed = settings.model_copy(update={"mcp": servers})
        library = Library.open(changed)
        problems = await library.servers.list_tools(context.secrets)
        library.renew_tools(changed)
        opened.append(library)
        return library, problems

    yield made
    for library in opened:
        await library.servers.aclose()


async def test_a_tool_is_a_skill_that_writes_until_the_person_says_otherwise(library_of, context):
    library, problems = await library_of(calc=server("good", effects={"add": "pure"}))
    assert problems == []
    assert sorted(name for name in library.names() if name.startswith("mcp/")) == [
        f"mcp/calc/{name}" for name in sorted(HONEST)
    ]
    add = library.get("mcp/calc/add")
    assert (add.effect, add.hosts, add.source) == ("pure", ("mcp/calc",), "MCP server calc")
    # The server claims that all its tools only read.
    assert library.get("mcp/calc/die").effect == "write"
    assert add.schema() == HONEST["add"]
    assert await call(add, {"a": 2, "b": 3}, context) == {
        "text": "5",
        "data": {"total": 5},
        "files": [],
    }
    with pytest.raises(BadArguments, match=r"a: 'x' is not of type 'integer'"):
        await call(add, {"a": "x", "b": 1}, context)
    assert await preview(add, {"a": 1, "b": 2}, context) == {
        "would_call": "mcp/calc/add",
        "arguments": {"a": 1, "b": 2},
    }


async def test_the_list_is_kept_so_that_a_later_start_asks_no_server(library_of, settings):
    told = server("good")
    await library_of(calc=told)
    later = Library.open(settings.model_copy(update={"mcp": {"calc": told}}))
    assert "mcp/calc/add" in later.names()
    other = Library.open(settings.model_copy(update={"mcp": {"calc": server("liar")}}))
    assert "mcp/calc/add" not in other.names()
    assert [(p.name, "not listed yet" in p.reason) for p in other.problems] == [("mcp/calc", True)]
    with pytest.raises(SkillNotFound):
        other.get("mcp/calc/add")


async def test_a_refusal_is_an_error_and_the_server_goes_on(library_of, context):
    library, _ = await library_of(calc=server("good"))
    with pytest.raises(CannotDo, match=r"MCP server 'calc' refused 'refuse': not today"):
        await call(library.get("mcp/calc/refuse"), {}, context)
    assert (await call(library.get("mcp/calc/add"), {"a": 1, "b": 1}, context))["text"] == "2"


async def test_a_server_that_dies_is_started_anew(library_of, context):
    library, _ = await library_of(calc=server("good"))
    with pytest.raises((CannotDo, TryAgain), match="MCP server 'calc'"):
        await call(library.get("mcp/calc/die"), {}, context)
    assert (await call(library.get("mcp/calc/add"), {"a": 1, "b": 1}, context))["text"] == "2"


async def test_a_server_that_hangs_in_a_call_costs_that_call_only(library_of, context):
    library, _ = await library_of(calc=server("good", seconds=0.5))
    with pytest.raises((TryAgain, CannotDo), match="MCP server 'calc'"):
        await call(library.get("mcp/calc/slow"), {}, context, timeout=20)
    assert (await call(library.get("mcp/calc/add"), {"a": 1, "b": 1}, context))["text"] == "2"


async def test_servers_that_hang_or_end_or_talk_nonsense_hurt_only_themselves(library_of, context):
    good, problems = await library_of(good=server("good"))
    assert problems == []
    # The good one is given its time; waiting for the others shows nothing more.
    library, problems = await library_of(
        hang=server("hang", start_seconds=2), junk=server("junk", start_seconds=2),
        gone=server("gone", start_seconds=2),
        none=McpServer(command="/no/such/program"), both=McpServer(),
    )  # fmt: skip
    assert sorted(problem.server for problem in problems) == [
        "both",
        "gone",
        "hang",
        "junk",
        "none",
    ]
    assert all(problem.reason for problem in problems)
    assert "fetch_feed" in library.names()
    assert (await call(good.get("mcp/good/add"), {"a": 1, "b": 1}, context))["text"] == "2"


async def test_a_tool_that_lies_about_its_schema_is_left_out_with_its_reason(library_of, context):
    library, _ = await library_of(liar=server("liar"))
    assert [name for name in library.names() if name.startswith("mcp/")] == [
        "mcp/liar/fine",
        "mcp/liar/pattern",
    ]
    assert {p.name: p.reason.split(":")[0] for p in library.problems} == {
        "mcp/liar/remote": "its schema refers to another document",
        "mcp/liar/nowhere": "its schema refers to '#/$defs/no', which is not there",
        "mcp/liar/wrong": "its schema is wrong",
    }
    pattern = library.get("mcp/liar/pattern")
    # A property may be called "pattern"; the keyword is left to the server.
    assert pattern.schema()["properties"] == {"pattern": {"type": "string"}}
    assert pattern.check({"pattern": "a" * 40 + "!"})
    assert len(library.get("mcp/liar/fine").description) <= 1_000


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "array"}, "does not describe an object"),
        ({"type": "object", "description": "x" * 70_000}, "is too large"),
        ({"type": "object", "properties": {"x": {"$ref": "file:///etc/passwd"}}}, "refers to"),
    ],
)
def test_a_schema_that_cannot_be_checked_here_is_refused(schema, reason):
    with pytest.raises(ValueError, match=reason):
        usable_schema(schema)


def test_what_no_model_can_be_held_to_is_left_to_the_server():
    from assistant.models.grammar import compile_tools

    odd = {
        "type": "object",
        "properties": {
            "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "id": {"type": "string", "format": "cuid"},
            "on": {"type": "string", "format": "date"},
            "not": {"not": {"const": ""}},
            "more": {"type": "object", "propertyNames": {"pattern": "^a"}},
        },
        "dependentRequired": {"id": ["on"]},
    }
    cleaned = usable_schema(odd)
    assert cleaned == {
        "type": "object",
        "properties": {
            "tags": {"type": "array", "items": {"type": "string"}},
            "id": {"type": "string"},
            "on": {"type": "string", "format": "date"},
            "not": {},
            "more": {"type": "object"},
        },
    }
    assert compile_tools([{"name": "mcp/odd/tool", "parameters": cleaned}], "hermes")


async def test_a_server_is_given_the_secrets_named_for_it_and_nothing_else(
    library_of, context, monkeypatch
):
    monkeypatch.setenv("ASSISTANT_HOME", "/private")
    library, _ = await library_of(calc=server("good"))
    held = replace(context, secrets={"calc_token": "t0ken"})
    changed = library.servers._settings.mcp
    changed["calc"] = server("good", env={"TOKEN": "secret:calc_token"})
    await library.servers.aclose()
    given = await call(library.get("mcp/calc/environment"), {}, held)
    assert given["text"] == "t0ken False"
    await library.servers.aclose()
    with pytest.raises(CannotDo, match="needs the secret 'calc_token'") as told:
        await call(library.get("mcp/calc/environment"), {}, context)
    assert told.value.hint == "Run: assistant secrets set calc_token"


async def test_a_server_is_reached_over_http(library_of, context):
    running = uvicorn.Server(
        uvicorn.Config(make(HONEST).streamable_http_app(), port=0, log_level="error")
    )
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        await asyncio.sleep(0.05)
    port = running.servers[0].sockets[0].getsockname()[1]
    library, problems = await library_of(web=McpServer(url=f"http://127.0.0.1:{port}/mcp"))
    assert problems == []
    assert (await call(library.get("mcp/web/add"), {"a": 20, "b": 22}, context))["text"] == "42"
    await library.servers.aclose()
    running.should_exit = True
    thread.join(10)
