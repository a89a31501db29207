"""Schedules, backfill, the calendar and triggers from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

JOB = """\
job: news          # mine
inputs: {topic: {type: string, default: all}}
triggers:
  - {on: webhook}
  - {on: file_changed, path: drop}
steps: [{id: a, set: {due: "${{ run.trigger.due }}"}}]
outputs: {due: "${{ vars.due }}"}
"""


@pytest.fixture
def news(assistant: Command, tmp_path: Path) -> Path:
    path = tmp_path / "news.yaml"
    path.write_text(JOB)
    assert assistant("jobs", "import", str(path)).code == 0
    return path


def test_a_schedule_is_set_by_words_and_the_file_keeps_the_rest(
    assistant: Command, news: Path
) -> None:
    assert assistant("jobs", "schedule", "news").code == 2
    told = assistant("jobs", "schedule", "news", "every first Monday at 9", "--json").data[
        "payload"
    ]
    assert (told["words"], told["cron"], told["timezone"], told["state"]) == (
        "Every first Monday of the month at 09:00", "0 9 * * 1#1", "Europe/London", "on",
    )  # fmt: skip
    assert len(told["next_fires"]) == 5
    assert told["clock_change"]["minutes"] in (60, -60)
    assistant("jobs", "schedule", "news", "--overlap", "queue")
    shown = assistant("jobs", "show", "news", "--json").data["payload"]
    assert shown["yaml"].startswith(JOB.rstrip())
    assert (shown["schedule"]["overlap"], shown["job"]["version"]) == ("queue", 3)
    assert "Monday" in assistant("jobs", "calendar", "--days", "31").out


def test_words_that_cron_cannot_say_are_refused_with_the_nearest(
    assistant: Command, news: Path
) -> None:
    refused = assistant("jobs", "schedule", "news", "every other Tuesday at 9", "--json")
    assert (refused.code, refused.data["error"]["code"]) == (2, "job_trigger_invalid")
    assert refused.data["error"]["hint"] == (
        "The nearest that it can: `Every Tuesday at 09:00` (0 9 * * 2)."
    )


@pytest.mark.parametrize(
    ("lines", "key", "hint"),
    [
        (
            "schedule: {cron: 0 7 * * *}",
            "timezone",
            "Write an IANA name: timezone: Europe/London.",
        ),
        (
            "schedule: {cron: 0 7 * * *, timezone: Europe/Lodnon}",
            "schedule.timezone",
            "Did you mean 'Europe/London'?",
        ),
        (
            "schedule: {cron: 0 25 * * *, timezone: Europe/London}",
            "schedule.cron",
            "It goes from 0 to 23; also *, */2, 1-5 and 1,3.",
        ),
    ],
    ids=["no zone", "a misspelt zone", "no such hour"],
)
def test_a_file_whose_schedule_alone_is_wrong_is_refused_as_such(
    assistant: Command, tmp_path: Path, lines: str, key: str, hint: str
) -> None:
    path = tmp_path / "late.yaml"
    path.write_text(f"job: late\n{lines}\nsteps: [{{stop: done}}]\n")
    refused = assistant("jobs", "import", str(path), "--json")
    error = refused.data["error"]
    assert (refused.code, error["code"]) == (2, "job_trigger_invalid")
    assert [(p["code"], p["key"], p["hint"]) for p in error["problems"]] == [
        ("job_trigger_invalid", key, hint)
    ]


def test_a_file_with_other_mistakes_too_is_refused_as_a_file(
    assistant: Command, tmp_path: Path
) -> None:
    path = tmp_path / "late.yaml"
    path.write_text("job: late\nschedule: {cron: 0 7 * * *}\nsteps: [{sotp: done}]\n")
    error = assistant("jobs", "import", str(path), "--json").data["error"]
    assert error["code"] == "job_invalid_spec"
    assert [p["code"] for p in error["problems"]] == ["job_trigger_invalid", "job_invalid_spec"]


def test_a_backfill_runs_what_the_range_holds_once(assistant: Command, news: Path) -> None:
    assistant("jobs", "schedule", "news", "every day at 7")
    asked = ("jobs", "backfill", "news", "--from", "2026-03-28", "--to", "2026-03-30", "--json")
    planned = assistant(*asked, "--dry-run").data["payload"]
    assert (len(planned["instants"]), planned["planned"]) == (3, 0)
    assert assistant(*asked).data["payload"]["planned"] == 3
    assert assistant(*asked).data["payload"]["planned"] == 0
    payload = assistant("jobs", "ticks", "news", "--outcome", "ran", "--json").data["payload"]
    assert payload["counts"] == {"ran": 3}
    assert [tick["due"] for tick in payload["ticks"]] == [
        "2026-03-30T06:00:00.000Z", "2026-03-29T06:00:00.000Z", "2026-03-28T07:00:00.000Z",
    ]  # fmt: skip
    run = assistant("runs", "show", payload["ticks"][0]["run_id"], "--json").data
    assert (run["status"], run["outputs"]["due"]) == ("succeeded", "2026-03-30T06:00:00.000Z")


def test_triggers_are_shown_tried_and_have_a_token(
    assistant: Command, news: Path, home: Path
) -> None:
    assert assistant("jobs", "enable", "news").code == 0
    payload = assistant("jobs", "triggers", "news", "--token", "--json").data["payload"]
    [hook, file] = payload["triggers"]
    assert (hook["state"], hook["address"]) == (
        "watching", "http://127.0.0.1:7860/hooks/news/webhook",
    )  # fmt: skip
    assert len(hook["token"]) > 30
    renewed = assistant("jobs", "triggers", "news", "--new-token", "webhook", "--json").data
    assert renewed["payload"]["triggers"][0]["token"] not in ("", hook["token"])
    refused = assistant("jobs", "triggers", "news", "--new-token", "file_changed")
    assert (refused.code, "has no webhook 'file_changed' in force" in refused.err) == (2, True)
    assert (file["state"], file["watches"], file["every"]) == ("waiting", "drop", 10.0)
    tried = assistant("jobs", "triggers", "news", "--test").out
    assert "webhook: would have fired 0 times in the last 24h." in tried
    assert assistant("jobs", "disable", "news").code == 0
    states = assistant("jobs", "triggers", "news", "--json").data["payload"]["triggers"]
    assert [view["state"] for view in states] == ["off", "off"]
