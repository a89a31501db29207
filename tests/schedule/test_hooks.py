"""What is posted to a job: over real HTTP, with the token, the schema, the limits and replays."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from assistant.clock import FixedClock
from assistant.errors import BindingsInvalid, JobInvalid
from assistant.job.lifecycle import Lifecycle
from assistant.panel.safety import Gatekeeper, Links
from assistant.schedule.hook_server import HookPortTaken, HookServer, route
from assistant.schedule.hooks import (
    LONGEST_BODY,
    Hooks,
    make_token,
    renew_token,
    secret_name,
    token_of,
)
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import TickLedger
from assistant.store.triggers import TriggerLedger

JOB = """\
job: take
triggers:
  - {on: webhook, schema: {type: object, required: [name], properties: {name: {type: string}}}}
  - {on: webhook, token: "secret:shop_hook"}
  - {on: file_changed, path: drop}
steps: [{stop: done}]
"""


@dataclass
class Door:
    """A served hook of a job, and ways to post to it."""

    job: JobRecord
    ledger: TriggerLedger
    lifecycle: Lifecycle
    hooks: Hooks
    secrets: Secrets
    clock: FixedClock
    origin: str
    token: str
    client: httpx.AsyncClient
    nudges: list[int]

    async def post(
        self,
        body: Any = None,
        *,
        trigger: str = "webhook",
        token: str | None = None,
        **headers: str,
    ) -> tuple[int, dict[str, Any]]:
        given = {"authorization": f"Bearer {self.token if token is None else token}"}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.client.post(
            f"{self.origin}/hooks/take/{trigger}", content=content,
            headers={"content-type": "application/json", **given, **named},
        )  # fmt: skip
        return answer.status_code, answer.json()


@pytest.fixture
async def door(settings: Settings, store: Store, clock: FixedClock) -> AsyncIterator[Door]:
    jobs, ledger = JobRepository(store, settings, clock=clock), TriggerLedger(store, clock=clock)
    secrets = Secrets(settings.home, environ={}, keyring=lambda: None)
    secrets.put("shop_hook", "a-secret-of-the-shop")
    lifecycle = Lifecycle(jobs, TickLedger(store, clock=clock), Library.open(settings), clock)
    job = jobs.create("take")
    lifecycle.save(job.id, JOB)
    trigger = ledger.find(job.id, "webhook")
    assert trigger
    token = make_token(secrets, trigger)
    assert token == token_of(secrets, trigger) == secrets[secret_name(job.id, "webhook")]
    nudges: list[int] = []
    hooks = Hooks(ledger, jobs, secrets, clock=clock, nudge=lambda: nudges.append(1))
    server = HookServer(lambda: hooks, host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        yield Door(
            jobs.get(job.id), ledger, lifecycle, hooks, secrets, clock,
            f"http://127.0.0.1:{server.port}", token, client, nudges,
        )  # fmt: skip
    await server.stop()


async def test_a_delivery_is_kept_before_it_is_answered_and_taken_once(door: Door) -> None:
    first = await door.post({"name": "x"}, x_delivery_id="7")
    again = await door.post({"name": "y"}, x_delivery_id="7")
    assert first == (202, {"delivery": "7", "outcome": "pending", "run": None})
    assert again == (200, {"delivery": "7", "outcome": "pending", "run": None, "again": True})
    [firing] = door.ledger.pending(door.job.id)
    assert firing.data == {"delivery": "7", "body": {"name": "x"}}
    assert door.nudges == [1]


async def test_deliveries_without_an_id_are_each_their_own(door: Door) -> None:
    assert [(await door.post({"name": "x"}))[0] for _ in range(2)] == [202, 202]
    assert len(door.ledger.pending(door.job.id)) == 2


@pytest.mark.parametrize("token", ["x", "Bearer", "wrong", "a-secret-of-the-shop"])
async def test_without_the_token_nothing_is_taken_and_nothing_is_told(
    door: Door, token: str
) -> None:
    refused = (401, {"error": "there is no such hook, or this is not its token"})
    assert await door.post({"name": "x"}, token=token) == refused
    assert await door.post({"name": "x"}, trigger="webhook_9") == refused
    assert await door.post({"name": "x"}, trigger="file_changed") == refused
    assert door.ledger.pending(door.job.id) == []


async def test_a_token_may_be_a_secret_or_sign_the_body(door: Door) -> None:
    assert (await door.post([1], trigger="webhook_2", token="a-secret-of-the-shop"))[0] == 202
    made = hmac.new(b"a-secret-of-the-shop", b"[2]", hashlib.sha256).hexdigest()
    signed = {"x_hub_signature_256": f"sha256={made}", "token": "none"}
    assert (await door.post(b"[2]", trigger="webhook_2", **signed))[0] == 202
    assert (await door.post(b"[2]", trigger="webhook_2", **signed))[0] == 200  # a replay
    assert (await door.post(b"[3]", trigger="webhook_2", **signed))[0] == 401
    assert [f.data["body"] for f in door.ledger.pending(door.job.id)] == [[1], [2]]


async def test_a_new_token_shuts_the_old_one_out(door: Door) -> None:
    for name in ("webhook", "webhook_2"):
        trigger = door.ledger.find(door.job.id, name)
        assert trigger
        old = token_of(door.secrets, trigger)
        new = renew_token(door.secrets, trigger)
        assert new == token_of(door.secrets, trigger) != old
        assert (await door.post({"name": "x"}, trigger=name, token=old))[0] == 401
        assert (await door.post({"name": "x"}, trigger=name, token=new))[0] == 202


def test_a_token_that_is_not_ours_is_not_renewed(door: Door) -> None:
    trigger = door.ledger.find(door.job.id, "webhook_2")
    assert trigger
    outside = Secrets(
        door.secrets.path.parent, environ={"ASSISTANT_SECRET_SHOP_HOOK": "set-from-outside-1"},
        keyring=lambda: None,
    )  # fmt: skip
    with pytest.raises(BindingsInvalid, match="comes from the variable ASSISTANT_SECRET_SHOP_HOOK"):
        renew_token(outside, trigger)
    written = replace(trigger, options={"token": "written-in-the-file"})
    with pytest.raises(BindingsInvalid, match="stands in the job's file"):
        renew_token(door.secrets, written)


async def test_a_body_that_does_not_fit_is_refused_with_its_reason(door: Door) -> None:
    assert await door.post({"name": 7}) == (
        422,
        {"error": "the body does not fit the hook's schema",
         "wrong": [{"place": "$.name", "problem": "7 is not of type 'string'"}]},
    )  # fmt: skip
    assert await door.post(b"{") == (400, {"error": "the body is no JSON"})
    text = await door.post({"name": "x"}, content_type="text/plain")
    assert text == (415, {"error": "send JSON, as application/json"})
    too_long = (413, {"error": "a body has at most 1000000 bytes"})
    assert await door.post(b" " * (LONGEST_BODY + 1)) == too_long

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b" " * 100_000

    chunked = await door.client.post(f"{door.origin}/hooks/take/webhook", content=pieces())
    assert (chunked.status_code, chunked.json()) == too_long
    assert door.ledger.pending(door.job.id) == []
    assert (await door.post(json.dumps({"name": "x" * 900_000}).encode()))[0] == 202


async def test_only_so_many_deliveries_are_taken_in_a_minute(door: Door) -> None:
    answers = [(await door.post({"name": "x"}))[0] for _ in range(62)]
    assert answers == [202] * 60 + [429] * 2
    door.clock.advance(seconds=61)
    assert (await door.post({"name": "x"}))[0] == 202


async def test_who_guesses_is_slowed_down_and_locks_nobody_out(door: Door) -> None:
    answers = [(await door.post({"name": "x"}, token=f"guess {n}"))[0] for n in range(21)]
    assert answers == [401] * 20 + [429]
    refused = await door.client.post(f"{door.origin}/hooks/take/webhook")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "61")
    assert (await door.post({"name": "x"}))[0] == 202


async def test_a_paused_job_says_so_and_one_that_is_off_takes_nothing(door: Door) -> None:
    door.lifecycle.pause(door.job.id)
    assert (await door.post({"name": "x"}))[1]["outcome"] == "paused"
    door.lifecycle.disable(door.job.id)
    assert (await door.post({"name": "x"}))[0] == 401


async def test_the_panel_lets_hooks_in_and_nothing_else(door: Door, settings: Settings) -> None:
    links = Links(settings.locks_dir / "links.json")
    panel = Gatekeeper(Starlette(routes=[route(lambda: door.hooks)]), links=links, port=7860)
    transport = httpx.ASGITransport(panel)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://hooks.example.org"
    ) as client:
        given = {"authorization": f"Bearer {door.token}"}
        posted = await client.post("/hooks/take/webhook", json={"name": "x"}, headers=given)
        assert posted.status_code == 202
        assert (await client.post("/api", json={}, headers=given)).status_code == 421


async def test_a_port_that_is_taken_is_said(door: Door) -> None:
    port = int(door.origin.rsplit(":", 1)[1])
    with pytest.raises(HookPortTaken, match=f"127.0.0.1:{port}"):
        await HookServer(lambda: door.hooks, host="127.0.0.1", port=port).start()


async def test_of_two_that_open_a_port_in_the_same_moment_one_is_told(door: Door) -> None:
    port = free_port()
    both = [HookServer(lambda: door.hooks, host="127.0.0.1", port=port) for _ in range(2)]
    made = await asyncio.gather(*(server.start() for server in both), return_exceptions=True)
    assert [type(one) for one in made] == [type(None), HookPortTaken]
    waits = list[HookPortTaken]()
    taking_over = asyncio.create_task(both[1].start_when_free(waits.append, every=0.01))
    await asyncio.sleep(0.05)
    assert (taking_over.done(), len(waits)) == (False, 1)
    await both[0].stop()
    await asyncio.wait_for(taking_over, 5)
    answer = await door.client.post(f"http://127.0.0.1:{port}/hooks/take/webhook")
    assert answer.status_code == 401
    await both[1].stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_token_that_can_be_guessed_is_refused_with_the_job_file(door: Door) -> None:
    with pytest.raises(JobInvalid, match="a token has at least 16 characters"):
        door.lifecycle.save(door.job.id, JOB.replace("secret:shop_hook", "short"))
