"""Hostile requests meet the gatekeeper before they meet Gradio."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import httpx
import pytest
import time_machine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.panel.login import Password, PasswordNeeded, password_for
from assistant.panel.safety import CONTENT_POLICY, Gatekeeper, Links
from assistant.panel.sessions import Sessions

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


async def test_two_panels_of_one_machine_leave_each_others_sessions_alone(links: Links):
    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the panel")

    app = Starlette(routes=[Route("/{rest:path}", page)])
    ports = (7860, 7861)
    mounts = {
        f"all://127.0.0.1:{port}": httpx.ASGITransport(Gatekeeper(app, links=links, port=port))
        for port in ports
    }
    browser = httpx.AsyncClient(mounts=mounts)
    for port in ports:
        await browser.get(f"http://127.0.0.1:{port}/", params={"key": links.new()})
    answers = [await browser.get(f"http://127.0.0.1:{port}/") for port in ports]
    assert [answer.status_code for answer in answers] == [200, 200]


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


# Beyond this machine


SECRET = "correct horse battery"  # a test's own


@pytest.fixture
def wide(links: Links) -> httpx.AsyncClient:
    """The panel as it listens on a network, behind a proxy that adds TLS under a public name."""

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the panel")

    app = Starlette(routes=[Route("/{rest:path}", page, methods=["GET", "POST"])])
    guarded = Gatekeeper(
        app, links=links, port=7860, public="https://desk.example.org", password=Password(SECRET)
    )
    base = "http://192.0.2.7:7860"
    return httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url=base)


async def log_in(client: httpx.AsyncClient, password: str) -> httpx.Response:
    origin = str(client.base_url).rstrip("/")
    return await client.post("/login", data={"password": password}, headers={"Origin": origin})


async def test_the_password_opens_it_and_a_wrong_one_does_not(wide: httpx.AsyncClient):
    asked = await wide.get("/")
    assert (asked.status_code, "password" in asked.text) == (200, True)
    assert (await wide.get("/config")).status_code == 403
    assert (await log_in(wide, "guess")).status_code == 403
    assert (await wide.get("/")).text != "the panel"
    assert (await log_in(wide, SECRET)).status_code == 303
    assert (await wide.get("/")).text == "the panel"


async def test_after_eight_wrong_guesses_nobody_is_heard_for_a_while(wide: httpx.AsyncClient):
    for _ in range(8):
        await log_in(wide, "guess")
    assert (await log_in(wide, SECRET)).status_code == 429


def test_guesses_are_forgotten_after_five_minutes():
    now = [0.0]
    password = Password(SECRET, clock=lambda: now[0])
    assert [password.fits("guess") for _ in range(8)] == [False] * 8
    assert (password.closed(), password.fits(SECRET)) == (True, False)
    now[0] = 301.0
    assert password.fits(SECRET)


@pytest.mark.parametrize(
    ("host", "status"),
    [("192.0.2.7:7860", 200), ("[2001:db8::1]:7860", 200), ("desk.example.org", 200),
     ("evil.example:7860", 421), ("192.0.2.7:80", 421), ("desk.example.org.evil.example", 421)],
)  # fmt: skip
async def test_names_that_could_be_rebound_are_refused_on_a_network_too(
    wide: httpx.AsyncClient, host: str, status: int
):
    assert (await wide.get("/", headers={"Host": host})).status_code == status


async def test_a_login_from_another_site_is_refused(wide: httpx.AsyncClient):
    answer = await wide.post(
        "/login", data={"password": SECRET}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "desk.example.org", "::"])
def test_without_a_good_password_it_does_not_listen_beyond_this_machine(host: str):
    for kept in ("", "short"):
        with pytest.raises(PasswordNeeded):
            password_for(host, kept)
    assert isinstance(password_for(host, SECRET), Password)


def test_on_this_machine_no_password_is_asked():
    assert [password_for(host, "") for host in ("127.0.0.1", "localhost", "::1")] == [None] * 3


def test_a_browser_goes_on_after_a_restart_and_for_a_week(tmp_path: Path):
    path = tmp_path / "sessions.json"
    first = Sessions(path)
    second = Sessions(path)
    assert (second.knows(first.token), second.knows("guessed"), second.knows("")) == (True, False, False)  # fmt: skip
    assert first.token != second.token
    assert first.token not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with time_machine.travel(time.time() + 8 * 24 * 3600):
        third = Sessions(path)
        assert (third.knows(first.token), third.knows(third.token)) == (False, True)
    assert not Sessions(path, "another password").knows(second.token)
    Sessions(path).end()
    assert not Sessions(path).knows(second.token)
    path.write_text('{"x": "y"}')
    assert not Sessions(path).knows("x")


async def test_behind_a_proxy_with_tls_the_cookie_never_goes_out_in_the_clear(
    wide: httpx.AsyncClient,
):
    public = {"Host": "desk.example.org", "Origin": "https://desk.example.org"}
    entered = await wide.post("/login", data={"password": SECRET}, headers=public)
    assert "secure" in entered.headers["set-cookie"].lower()
    here = await log_in(wide, SECRET)
    assert "secure" not in here.headers["set-cookie"].lower()


def test_a_proxy_on_this_machine_opens_the_public_name_once_a_password_is_kept():
    public = "https://desk.example.org"
    assert isinstance(password_for("127.0.0.1", SECRET, public), Password)
    assert password_for("127.0.0.1", "", public) is None
