"""Hostile requests meet the gatekeeper before they meet Gradio."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.panel.safety import CONTENT_POLICY, Gatekeeper, Links

OURS = "http://127.0.0.1:7860"


@pytest.fixture
def links(tmp_path: Path) -> Links:
    return Links(tmp_path / "links.json")


@pytest.fixture
def client(links: Links) -> httpx.AsyncClient:
    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the panel")

    app = Starlette(routes=[Route("/{rest:path}", page, methods=["GET", "POST"])])
    guarded = Gatekeeper(app, links=links, port=7860)
    return httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url=OURS)


async def opened(client: httpx.AsyncClient, links: Links) -> httpx.AsyncClient:
    welcome = await client.get("/", params={"key": links.new()})
    assert (welcome.status_code, welcome.headers["location"]) == (303, "/")
    return client


async def test_a_link_opens_the_panel_once(client: httpx.AsyncClient, links: Links):
    token = links.new()
    first = await client.get("/", params={"key": token})
    cookie = first.headers["set-cookie"].lower()
    client.cookies.clear()
    second = await client.get("/", params={"key": token})
    assert (first.status_code, second.status_code) == (303, 403)
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_without_a_link_nothing_is_shown(client: httpx.AsyncClient):
    for path in ("/", "/config", "/gradio_api/info"):
        answer = await client.get(path)
        assert answer.status_code == 403, path
        assert answer.text != "the panel"


async def test_with_the_cookie_pages_come_with_our_policy(client: httpx.AsyncClient, links: Links):
    answer = await (await opened(client, links)).get("/")
    assert (answer.status_code, answer.text) == (200, "the panel")
    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example:7860", ""]
)
async def test_another_host_name_is_refused(client: httpx.AsyncClient, links: Links, host: str):
    answer = await (await opened(client, links)).get("/", headers={"Host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:7860"]
)
async def test_a_request_from_another_site_is_refused(
    client: httpx.AsyncClient, links: Links, origin: str
):
    answer = await (await opened(client, links)).post("/run", headers={"Origin": origin})
    assert answer.status_code == 403


async def test_a_change_must_name_its_origin(client: httpx.AsyncClient, links: Links):
    mine = await opened(client, links)
    assert (await mine.post("/run")).status_code == 403
    assert (await mine.post("/run", headers={"Origin": OURS})).status_code == 200


async def test_whether_the_panel_answers_may_be_asked_by_anyone(client: httpx.AsyncClient):
    assert (await client.get("/healthz")).status_code == 200


def test_links_survive_a_broken_file_and_are_readable_by_their_owner_only(links: Links):
    links.path.write_text("{not json")
    token = links.new()
    assert links.path.stat().st_mode & 0o777 == 0o600
    assert [links.use("guess"), links.use(token), links.use(token)] == [False, True, False]
