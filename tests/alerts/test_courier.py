"""The outbox reaches real channels: once each, together when it should, again when they failed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from assistant.alerts.desk import AlertDesk
from assistant.clock import rfc3339
from assistant.errors import BindingsInvalid, CannotDo, RequestWrong, TargetUnresolved, TryAgain
from assistant.settings import Settings, Smtp, load
from tests.alerts.conftest import Mailbox, World
from tests.conftest import ROOT
from tests.hooks import Hook

TO_OPS = "{on: [failed, recovered], to: [ops]}"


@pytest.fixture
def ops(world: World, hook: Hook) -> World:
    """A world with a channel `ops` that leads to the hook."""
    world.desk.add_channel("ops", hook.url)
    return world


async def test_an_alert_reaches_its_channel_once(ops: World, hook: Hook) -> None:
    ops.ran(ops.job("digest", TO_OPS))
    assert await ops.desk.round() == 1
    assert await ops.desk.round() == 0
    assert hook.titles == ["digest failed"]
    assert "runs replay" in hook.told[0]["message"]


async def test_processes_beside_each_other_send_each_alert_once(ops: World, hook: Hook) -> None:
    for number in range(4):
        ops.ran(ops.job(f"job{number}", TO_OPS))
    others = [
        AlertDesk(ops.settings, jobs=ops.jobs, runs=ops.runs, secrets=ops.secrets, clock=ops.clock)
        for _ in range(3)
    ]
    await asyncio.gather(ops.desk.round(), *(other.round() for other in others))
    assert sorted(hook.titles) == [f"job{number} failed" for number in range(4)]


async def test_a_channel_that_fails_is_shown_and_tried_again(ops: World, hook: Hook) -> None:
    hook.status = 500
    run_id = ops.ran(ops.job("digest", TO_OPS), "failed")
    assert await ops.desk.round() == 0
    [channel] = ops.desk.channels()
    assert (channel.state, channel.waiting, channel.service) == ("fails", 1, "JSON")
    assert "did not take the message" in channel.error
    assert "s3cret" not in channel.error
    assert ops.runs.get(run_id).error is not None  # the run stays what it was
    hook.status = 200
    assert await ops.desk.round() == 0  # not before its time
    ops.clock.advance(seconds=61)
    assert await ops.desk.round() == 1
    [channel] = ops.desk.channels()
    assert (channel.state, channel.waiting, channel.error) == ("works", 0, "")


async def test_waits_grow_and_after_three_days_it_is_given_up(ops: World, hook: Hook) -> None:
    hook.status = 500
    ops.ran(ops.job("digest", TO_OPS))
    waits = list[timedelta]()
    for _ in range(90):
        await ops.desk.round()
        [delivery] = ops.desk.alerts.deliveries(1)
        if delivery.state != "pending":
            break
        due = ops.clock.now().fromisoformat(delivery.due)
        waits.append(due - ops.clock.now())
        ops.clock.instant = due
    assert [wait.total_seconds() / 60 for wait in waits[:8]] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert ops.desk.alerts.deliveries(1)[0].state == "gave_up"


async def test_a_channel_that_is_down_holds_no_other_up(ops: World, hook: Hook) -> None:
    ops.desk.add_channel("dead", "json://127.0.0.1:1/")
    ops.ran(ops.job("digest", "{on: [failed], to: [dead, ops, nowhere]}"))
    assert await ops.desk.round() == 1
    assert hook.titles == ["digest failed"]
    states = {channel.name: channel.state for channel in ops.desk.channels()}
    assert states == {"dead": "fails", "ops": "works", "nowhere": "wrong"}


async def test_a_redirect_is_not_followed(ops: World, hook: Hook) -> None:
    hook.status = 307
    with pytest.raises(TryAgain):
        ops.desk.test("ops")


async def test_a_flood_goes_out_as_one_message(ops: World, hook: Hook) -> None:
    for number in range(7):
        ops.ran(ops.job(f"job{number}", TO_OPS))
    assert await ops.desk.round() == 7
    assert hook.titles == ["7 alerts"]
    assert all(f"job{number} failed" in hook.told[0]["message"] for number in range(7))


async def test_a_digest_gathers_and_what_is_urgent_goes_at_once(world: World, hook: Hook) -> None:
    world.desk.add_channel("ops", hook.url, digest="1h", urgent=("waiting",))
    world.ran(world.job("one", TO_OPS))
    await world.desk.round()
    world.clock.advance(minutes=50)
    world.ran(world.job("two", TO_OPS))
    world.asks(world.begin(world.job("three", "{to: [ops]}")), "post", "Send it?", {})
    await world.desk.round()
    assert hook.titles == ["three waits for your word"]
    world.clock.advance(minutes=10)
    await world.desk.round()
    assert hook.titles == ["three waits for your word", "2 alerts"]


async def test_quiet_hours_hold_back_until_they_end(world: World, hook: Hook) -> None:
    world.desk.add_channel("ops", hook.url, quiet="11:00-14:30")  # it is noon in London
    world.ran(world.job("digest", TO_OPS))
    await world.desk.round()
    world.clock.advance(hours=2, minutes=29)
    await world.desk.round()
    assert hook.titles == []
    world.clock.advance(minutes=1)
    await world.desk.round()
    assert hook.titles == ["digest failed"]


async def test_a_question_that_was_answered_in_quiet_hours_is_not_asked_any_more(
    world: World, hook: Hook
) -> None:
    world.desk.add_channel("ops", hook.url, quiet="11:00-14:30")
    run_id = world.begin(world.job("digest", "{to: [ops]}"))
    world.asks(run_id, "post", "Send it?", {})
    await world.desk.round()
    world.answered(run_id, "post")
    world.clock.advance(hours=3)
    await world.desk.round()
    assert hook.titles == []


async def test_a_message_cut_off_by_a_crash_is_sent_and_says_so(ops: World, hook: Hook) -> None:
    ops.ran(ops.job("digest", TO_OPS))
    await asyncio.to_thread(ops.desk._noticing.look)
    assert len(ops.desk.alerts.claim("ops", "a process that died")) == 1
    ops.clock.advance(minutes=4)
    assert await ops.desk.round() == 0  # it may still be sending
    ops.clock.advance(minutes=2)
    assert await ops.desk.round() == 1
    assert "may have reached you before" in hook.told[0]["message"]


DIES = """
import os, signal, sys
from pathlib import Path
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository
from assistant.store import alerts
from assistant.alerts.desk import AlertDesk
home = Path(sys.argv[1])
settings = Settings(home=home)
store = Store(settings.store_path)
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "noticing":
    alerts.AlertRepository._post = die
desk = AlertDesk(
    settings, jobs=JobRepository(store, settings), runs=RunRepository(store),
    secrets=Secrets(home), clock=store.clock, send=die,
)
import asyncio
asyncio.run(desk.round())
"""


@pytest.mark.parametrize("moment", ["noticing", "sending"])
async def test_alerts_survive_a_kill(ops: World, hook: Hook, moment: str) -> None:
    ops.ran(ops.job("digest", TO_OPS))
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(ops.settings.home), moment],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    ops.clock.instant = ops.clock.now().fromisoformat("2099-01-01T00:00:00Z")
    assert await ops.desk.round() == 1
    assert hook.titles == ["digest failed"]
    assert ops.open() == [("failed", "digest", 1)]


async def test_mail_goes_through_the_mail_server_of_the_settings(
    settings: Settings, world: World, mailbox: Mailbox
) -> None:
    smtp = Smtp(host="127.0.0.1", port=mailbox.port, security="none", sender="ops@example.org")
    desk = AlertDesk(
        settings.model_copy(update={"smtp": smtp}), jobs=world.jobs, runs=world.runs,
        secrets=world.secrets, clock=world.clock,
    )  # fmt: skip
    world.ran(world.job("digest", "{on: [failed], to: [jo@example.org]}"))
    assert await desk.round() == 1
    [mail] = mailbox.mails
    assert (mail["to"], mail["subject"]) == ("jo@example.org", "digest failed")
    assert "ops@example.org" in mail["from"]
    assert "answered 404" in mail.get_body().get_content()


async def test_mail_without_a_mail_server_is_shown_as_failing(world: World) -> None:
    world.ran(world.job("digest", "{on: [failed], to: [jo@example.org]}"))
    assert await world.desk.round() == 0
    [channel] = world.desk.channels()
    assert "no mail server" in channel.error


async def test_the_outbox_is_a_file_of_this_machine(world: World) -> None:
    world.ran(world.job("digest", "{on: [failed], to: [outbox]}"))
    assert await world.desk.round() == 1
    [line] = (world.settings.outbox_dir / "notifications.jsonl").read_text().splitlines()
    assert json.loads(line)["title"] == "digest failed"


def test_a_channel_is_added_tested_and_removed_with_its_address(world: World, hook: Hook) -> None:
    path = world.settings.home / "settings.toml"
    path.write_text('# mine\nmodel = "starter"  # small\n')
    assert world.desk.add_channel("ops", hook.url, quiet="22:00-07:00") == "JSON"
    assert "s3cret" not in path.read_text()
    assert path.read_text().startswith('# mine\nmodel = "starter"  # small\n')
    assert load(home=world.settings.home).channels["ops"].url == "secret:channel_ops"
    world.desk.test("ops")
    assert hook.titles == ["A test"]
    assert [(c.name, c.state, c.quiet) for c in world.desk.channels()] == [
        ("ops", "works", "22:00-07:00")
    ]
    world.desk.remove_channel("ops")
    assert world.desk.channels() == []
    assert "channel_ops" not in world.secrets
    with pytest.raises(TargetUnresolved):
        world.desk.remove_channel("ops")


@pytest.mark.parametrize(
    ("name", "url", "more", "wrong"),
    [
        ("ops", "nonsense", {}, CannotDo),
        ("Ops!", "json://127.0.0.1/", {}, BindingsInvalid),
        ("outbox", "json://127.0.0.1/", {}, BindingsInvalid),
        ("ops", "json://127.0.0.1/", {"urgent": ("burnt",)}, BindingsInvalid),
        ("ops", "json://127.0.0.1/", {"quiet": "late"}, RequestWrong),
        ("ops", "secret:nothing", {}, RequestWrong),
    ],
)
def test_a_channel_that_cannot_be_is_refused_and_nothing_is_written(
    world: World, name: str, url: str, more: dict[str, object], wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        world.desk.add_channel(name, url, **more)
    assert load(home=world.settings.home).channels == {}


async def test_a_process_that_stays_hears_of_new_channels(world: World, hook: Hook) -> None:
    world.ran(world.job("digest", TO_OPS))
    assert await world.desk.round() == 0
    beside = AlertDesk(
        world.settings, jobs=world.jobs, runs=world.runs, secrets=world.secrets, clock=world.clock
    )
    beside.add_channel("ops", hook.url)
    world.clock.advance(minutes=1)
    assert await world.desk.round() == 1


async def test_a_locked_store_loses_no_alert(ops: World, hook: Hook) -> None:
    ops.ran(ops.job("digest", TO_OPS))
    other = sqlite3.connect(ops.settings.store_path, isolation_level=None)
    other.execute("begin immediate")
    looking = asyncio.create_task(ops.desk.round())
    await asyncio.sleep(0.2)
    assert hook.titles == []
    other.execute("rollback")
    other.close()
    assert await looking == 1
    assert rfc3339(ops.clock.now())
