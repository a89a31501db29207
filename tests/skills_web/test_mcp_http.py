"""`assistant mcp --http`: the same tools on loopback, for who has the token, by the official client."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from assistant.settings import PROJECT
from tests.loopback import page
from tests.skills_web.test_fetch_feed import ATOM

PROGRAM = [sys.executable, "-m", "assistant", "mcp", "--http"]


@dataclass
class Serving:
    process: subprocess.Popen[str]
    url: str
    token: str


@pytest.fixture
def told(settings, site) -> dict[str, str]:
    return os.environ | {
        "ASSISTANT_HOME": str(settings.home),
        "ASSISTANT_ALLOW_ORIGINS": f'["{site.origin}"]',
    }


@pytest.fixture
def serving(told) -> Iterator[Serving]:
    with subprocess.Popen(
        [*PROGRAM, "0"], cwd=PROJECT, env=told, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(3)]
        token = re.search(r"shown only now: (\S+)$", lines[0])
        url = re.search(r"Serving MCP on (\S+)\. Ctrl-C ends it\.$", lines[2])
        assert token, lines
        assert url, lines
        yield Serving(process, url[1], token[1])
        process.kill()


async def test_a_client_with_the_token_lists_and_calls(serving, site):
    site.routes["/f"] = page(ATOM, "application/atom+xml")
    headers = {"Authorization": f"Bearer {serving.token}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False) as http,
        Client(streamable_http_client(serving.url, http_client=http)) as client,
    ):
        names = {tool.name for tool in (await client.list_tools()).tools}
        items = (await client.call_tool("fetch_feed", {"url": site.url("/f")})).structured_content
    assert {"draft_job", "run_job", "list_jobs", "run_status", "fetch_feed"} <= names
    assert [item["title"] for item in items["items"]] == ["One"]


async def test_whoever_else_asks_gets_nothing_and_ctrl_c_ends_it(serving):
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    right = {"Authorization": f"Bearer {serving.token}"}
    async with httpx.AsyncClient(trust_env=False) as http:
        answers = [
            (await http.post(serving.url, json=call, headers=headers)).status_code
            for headers in (
                {},
                {"Authorization": "Bearer wrong"},
                {"Authorization": serving.token},
                right | {"Host": "evil.example"},
                right | {"Origin": "https://evil.example"},
            )
        ]
    assert answers == [401, 401, 401, 421, 403]
    assert serving.url.startswith("http://127.0.0.1:")
    serving.process.send_signal(signal.SIGINT)
    assert (serving.process.wait(10), "Traceback" in serving.process.stderr.read()) == (0, False)


def test_a_token_is_made_once_and_a_taken_port_is_said(serving, told):
    port = serving.url.split(":")[2].split("/")[0]
    again = subprocess.run(
        [*PROGRAM, port], cwd=PROJECT, env=told, capture_output=True, text=True, timeout=60
    )
    assert again.returncode == 2
    assert (
        again.stderr.splitlines()[0] == "Clients send it in the header  Authorization: Bearer TOKEN"
    )
    assert again.stderr.splitlines()[1].startswith(f"MCP cannot be served on port {port}: ")
    assert again.stderr.splitlines()[2] == "Give another one: assistant mcp --http 7872."
