"""Signed links to a question: made by us alone, for one question, once, and never by opening them."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.alerts.approvals import Approvals
from assistant.alerts.links import LinkRefused, Signer
from assistant.engine.values import Values
from assistant.errors import TargetUnresolved
from assistant.panel.safety import Gatekeeper, Links
from assistant.panel.word import add_word_pages
from tests.alerts.conftest import World

OURS = "http://127.0.0.1:7860"
SENDS = {"to": "al@example.org", "body": "Hello <b>Al</b> & all"}


@pytest.fixture
def asked(world: World) -> str:
    """The id of a run that waits with a question."""
    run_id = world.begin(world.job("digest"))
    world.asks(
        run_id, "each[1]/post", "Let 'send' reach al@example.org? No grant covers it.", SENDS
    )
    return run_id


@pytest.fixture
def link(world: World, asked: str) -> str:
    [approval] = world.desk.approvals.pending()
    return world.desk.approvals.link(approval)


@pytest.fixture
def browser(world: World, tmp_path: Any) -> httpx.AsyncClient:
    """A browser that never opened the panel, before the panel's own gatekeeper."""
    app = FastAPI()
    add_word_pages(app, world.desk.approvals)
    gate = Gatekeeper(
        app, links=Links(tmp_path / "links"), port=7860, public="https://desk.example"
    )
    transport = httpx.ASGITransport(gate)
    return httpx.AsyncClient(transport=transport, base_url=OURS, headers={"Origin": OURS})


def decisions(world: World, run_id: str) -> list[tuple[str, Any]]:
    return [(s.path, s.data) for s in world.runs.signals_of(run_id) if s.kind == "decide"]


async def test_opening_a_link_shows_everything_and_decides_nothing(
    world: World, asked: str, link: str, browser: httpx.AsyncClient
) -> None:
    page = await browser.get(link)
    assert page.status_code == 200
    shown = html.unescape(re.sub(r"<[^>]*>", "", page.text))
    for part in ("al@example.org", "Hello <b>Al</b> & all", "each[1]/post", asked, "schedule"):
        assert part in shown
    assert "<b>Al</b>" not in page.text
    assert "script" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert decisions(world, asked) == []


async def test_the_arguments_are_shown_whole_however_long(
    world: World, browser: httpx.AsyncClient
) -> None:
    run_id = world.begin(world.job("digest"))
    body = "".join(f"line {number}\n" for number in range(20_000))
    values = Values(world.settings.run_dir("digest", run_id) / "values")
    world.asks(run_id, "post", "Send it?", values.shorten({"to": "jo@example.org", "body": body}))
    [approval] = world.desk.approvals.pending()
    page = await browser.get(world.desk.approvals.link(approval))
    assert json.dumps(body)[1:-1] in html.unescape(page.text)


@pytest.mark.parametrize(("word", "approved"), [("approve", True), ("reject", False)])
async def test_the_form_decides_once(
    world: World, asked: str, link: str, browser: httpx.AsyncClient, word: str, approved: bool
) -> None:
    first = await browser.post(link, data={"answer": word})
    assert first.status_code == 200
    second = await browser.post(link, data={"answer": "approve"})
    assert (second.status_code, "Nothing was decided" in second.text) == (409, True)
    assert decisions(world, asked) == [("each[1]/post", {"approved": approved, "by": "link"})]
    world.answered(asked, "each[1]/post")
    assert (await browser.get(link)).status_code == 403


async def test_a_form_without_an_answer_asks_again(
    world: World, asked: str, link: str, browser: httpx.AsyncClient
) -> None:
    for answer in ("", "maybe"):
        page = await browser.post(link, data={"answer": answer})
        assert "A run waits for your word" in page.text
    assert decisions(world, asked) == []


def test_of_two_answers_at_one_moment_one_counts(world: World, asked: str) -> None:
    [approval] = world.desk.approvals.pending()
    refused = list[Exception]()
    start = threading.Barrier(6)

    def answer(number: int) -> None:
        start.wait()
        try:
            world.desk.approvals.decide(approval, approved=bool(number % 2), by=f"p{number}")
        except TargetUnresolved as late:
            refused.append(late)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), len(decisions(world, asked))) == (5, 1)


async def test_a_link_ends_after_a_week(
    world: World, link: str, browser: httpx.AsyncClient
) -> None:
    world.clock.advance(days=6, hours=23)
    assert (await browser.get(link)).status_code == 200
    world.clock.advance(hours=1)
    page = await browser.get(link)
    assert (page.status_code, "has expired" in page.text) == (403, True)


def altered(token: str) -> list[str]:
    """Tokens that are nearly this one."""
    told, mac = token.split(".")
    raw = json.loads(base64.urlsafe_b64decode(told + "=="))
    other = base64.urlsafe_b64encode(json.dumps([*raw[:3], raw[3] + 1]).encode()).decode()
    elsewhere = base64.urlsafe_b64encode(json.dumps(["run-0002", *raw[1:]]).encode()).decode()
    return [
        f"{other.rstrip('=')}.{mac}", f"{elsewhere.rstrip('=')}.{mac}", f"{told}.", told, f".{mac}",
        f"{told}.{mac[:-2]}", f"{told}.{mac}AAAA", "", "x" * 5000, f"{told}.{'A' * len(mac)}", "é.é",
    ]  # fmt: skip


async def test_a_link_that_is_not_ours_opens_nothing(
    world: World, asked: str, link: str, browser: httpx.AsyncClient
) -> None:
    token = link.rpartition("/")[2]
    for wrong in altered(token):
        if wrong:
            page = await browser.get(f"{OURS}/word/{wrong}")
            assert (page.status_code, "Approve" in page.text) == (403, False), wrong
    with pytest.raises(LinkRefused):
        world.desk.approvals.behind("")
    other = Signer(world.settings.home / "other.key")
    forged = other.token(asked, "each[1]/post", "0" * 64, world.clock.now())
    assert (
        await browser.post(f"{OURS}/word/{forged}", data={"answer": "approve"})
    ).status_code == 403
    assert decisions(world, asked) == []


async def test_a_link_is_for_the_exact_arguments(
    world: World, asked: str, link: str, browser: httpx.AsyncClient
) -> None:
    world.store.run(
        "update events set data = replace(data, 'al@example.org', 'eve@example.org')"
        " where kind = 'ApprovalAsked'"
    )
    page = await browser.post(link, data={"answer": "approve"})
    assert (page.status_code, "something else" in page.text) == (403, True)
    assert decisions(world, asked) == []


async def test_the_gatekeeper_lets_signed_pages_and_nothing_else_out(
    link: str, browser: httpx.AsyncClient
) -> None:
    token = link.rpartition("/")[2]
    public = {"Host": "desk.example", "Origin": "https://desk.example"}
    assert (await browser.get(f"/word/{token}", headers=public)).status_code == 200
    assert (await browser.get("/", headers=public)).status_code == 421
    assert (await browser.get("/wordy", headers=public)).status_code == 421
    for headers, status in (
        ({"Host": "evil.example", "Origin": "https://evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ):
        answer = await browser.post(f"/word/{token}", data={"answer": "approve"}, headers=headers)
        assert answer.status_code == status
    del browser.headers["origin"]
    assert (await browser.post(f"/word/{token}", data={"answer": "approve"})).status_code == 403
    assert (await browser.get("/")).status_code == 403


def test_the_key_is_its_owners_and_made_once(world: World, link: str) -> None:
    path = world.settings.home / "link.key"
    assert path.stat().st_mode & 0o777 == 0o600
    token = link.rpartition("/")[2]
    again = Approvals(world.settings, world.runs, world.clock)
    assert again.behind(token).path == "each[1]/post"
