"""`assistant alerts`, from a channel that is added to an alert that reaches it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command
from tests.hooks import Hook

FAILS = """\
job: fails
alerts: {on: [failed], to: [ops]}
steps:
  - {id: read, skill: fetch_feed, with: {url: "http://127.0.0.1:1/feed.xml"}, retry: {attempts: 1}}
"""


def test_a_failure_reaches_the_channel_that_was_added(
    assistant: Command, tmp_path: Path, hook: Hook
) -> None:
    assert assistant("alerts", "channels", "list").code == 0
    added = assistant("alerts", "channels", "add", "ops", hook.url)
    assert (added.code, "JSON channel" in added.out, "s3cret" in added.out) == (0, True, False)
    assert assistant("alerts", "channels", "test", "ops").out == "ops took the message.\n"
    path = tmp_path / "fails.yaml"
    path.write_text(FAILS)
    assistant("jobs", "import", str(path))
    assert assistant("jobs", "run", "fails").code == 1
    assert assistant("alerts", "send").out == "1 sent.\n"
    assert hook.titles == ["A test", "fails failed"]
    [alert] = assistant("alerts", "list", "--json").data["payload"]["alerts"]
    assert (alert["kind"], alert["job"], alert["count"]) == ("failed", "fails", 1)
    assert [d["state"] for d in alert["deliveries"]] == ["sent"]
    shown = assistant("alerts", "show", str(alert["id"]))
    assert "assistant runs replay" in shown.out
    assert assistant("alerts", "close", str(alert["id"])).out == "Over: fails failed\n"
    assert assistant("alerts", "list", "--json").data["payload"]["alerts"] == []


def test_a_channel_that_fails_is_told_and_shown(assistant: Command) -> None:
    assistant("alerts", "channels", "add", "ops", "json://127.0.0.1:1/")
    tried = assistant("alerts", "channels", "test", "ops")
    assert (tried.code, "did not take the message" in tried.err) == (1, True)
    [channel] = assistant("alerts", "channels", "list", "--json").data["payload"]["channels"]
    assert (channel["state"], channel["service"]) == ("fails", "JSON")


def test_what_is_not_there_is_a_wrong_request(assistant: Command) -> None:
    for words in (
        ("alerts", "show", "99"),
        ("alerts", "close", "99"),
        ("alerts", "channels", "remove", "ops"),
        ("alerts", "channels", "add", "ops", "nonsense"),
        ("alerts", "channels", "test", "ops"),
    ):
        told = assistant(*words)
        assert told.code in (1, 2), words
        assert "Traceback" not in told.err
