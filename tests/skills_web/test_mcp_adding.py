"""An MCP server put into the settings by a person: by command, by address, in the panel; and out again."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tomllib

import pytest

from assistant.errors import BindingsInvalid
from assistant.panel.place import Values
from assistant.panel.places import mcp_servers
from assistant.settings import McpServer, load
from assistant.skills.library import Library
from assistant.skills.mcp_adding import add_server, remove_server
from assistant.workplace import Workplace
from tests.command_line import command
from tests.skills_web.mcp_servers import HONEST
from tests.skills_web.test_mcp_client import PROGRAM

GOOD = shlex.join([sys.executable, PROGRAM, "good"])


def said(settings, *words: str) -> subprocess.CompletedProcess[str]:
    return command({"ASSISTANT_HOME": str(settings.home)}, *words)


def test_a_server_added_by_command_has_its_tools_as_skills_until_it_is_removed(settings):
    assert said(settings, "mcp", "add", "numbers", sys.executable, PROGRAM, "good").returncode == 0
    assert said(settings, "mcp", "add", "gone", GOOD.replace(" good", " gone")).returncode == 0
    told = json.loads(said(settings, "mcp", "tools", "--json").stdout)["payload"]
    assert {one["name"] for one in told["tools"] if one["state"] == "ready"} == {
        f"mcp/numbers/{name}" for name in HONEST
    }
    assert [one["server"] for one in told["problems"]] == ["gone"]
    add = ("skills", "run", "mcp/numbers/add", "--json", '{"a": 1, "b": 2}')
    assert json.loads(said(settings, *add).stdout)["outputs"]["result"]["data"] == {"total": 3}
    assert said(settings, "mcp", "remove", "numbers").returncode == 0
    assert said(settings, *add).returncode == 2


def test_a_tool_writes_until_the_person_says_otherwise_and_the_word_is_kept(settings):
    add_server(settings, "numbers", GOOD)
    assert said(settings, "mcp", "tools").returncode == 0
    assert effect_of(settings, "mcp/numbers/add") == "write"
    for tool, what in (("add", "pure"), ("environment", "read")):
        assert said(settings, "mcp", "effect", "numbers", tool, what).returncode == 0
    assert load(home=settings.home).mcp["numbers"] == McpServer(
        command=sys.executable,
        args=(PROGRAM, "good"),
        effects={"add": "pure", "environment": "read"},
    )
    assert effect_of(settings, "mcp/numbers/add") == "pure"
    wrong = said(settings, "mcp", "effect", "numbers", "add", "harmless")
    assert (wrong.returncode, "'harmless' is no effect" in wrong.stderr) == (2, True)
    assert said(settings, "mcp", "effect", "letters", "add", "read").returncode == 2


def effect_of(settings, name: str) -> str:
    library = Library.open(load(home=settings.home))
    return library.get(name).effect


async def test_a_server_added_in_the_panel_answers_at_once_and_a_wrong_one_is_told(settings):
    place = Workplace.open(settings)
    try:
        good = await mcp_servers.add(place, Values({"name": "numbers", "where": GOOD}))
        assert f"mcp/numbers/{next(iter(HONEST))}" in place.library.names()
        wrong = await mcp_servers.add(place, Values({"name": "none", "where": "/no/such/program"}))
        assert (good.tone, wrong.tone, wrong.hint.startswith("none: ")) == ("ok", "bad", True)
        mcp_servers.remove(place, "numbers")
        assert [name for name in place.library.names() if name.startswith("mcp/")] == []
    finally:
        await place.close()


def test_an_address_is_written_as_an_address(settings):
    add_server(settings, "tracker", "https://mcp.tracker.example/mcp")
    written = tomllib.loads((settings.home / "settings.toml").read_text())
    assert written["mcp"]["tracker"]["url"] == "https://mcp.tracker.example/mcp"


@pytest.mark.parametrize(
    ("name", "where", "told"),
    [
        ("Big", "x", "'Big' cannot be a server's name"),
        ("a/b", "x", "'a/b' cannot be a server's name"),
        ("a", 'x "y', "is no command: No closing quotation"),
        ("a", "  ", "the command is empty"),
    ],
)
def test_what_cannot_be_a_server_is_refused_and_nothing_is_changed(settings, name, where, told):
    with pytest.raises(BindingsInvalid, match=told):
        add_server(settings, name, where)
    assert not (settings.home / "settings.toml").exists()


def test_a_server_that_is_not_there_cannot_be_removed(settings):
    with pytest.raises(BindingsInvalid, match="there is no server 'x'"):
        remove_server(settings, "x")
