"""When a cron line fires, and what is said about one that does not hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.errors import TriggerInvalid
from assistant.schedule import cron, wording


def _lines(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / "cron" / name).read_text().splitlines()]


@pytest.mark.external
def test_the_next_fires_agree_with_two_libraries(shared_data: Path) -> None:
    for case in _lines(shared_data, "next_fires.jsonl"):
        if len(case["expr"].split()) != 5:
            continue
        after = datetime.fromisoformat(case["after"]).replace(tzinfo=ZoneInfo(case["tz"]))
        found = cron.next_fires(case["expr"], case["tz"], after, len(case["next"]))
        assert [f"{f.local:%Y-%m-%dT%H:%M:%S}" for f in found] == case["next"], case


@pytest.mark.external
def test_clock_changes_follow_debian_cron(shared_data: Path) -> None:
    for case in _lines(shared_data, "dst.jsonl"):
        if len(case["expr"].split()) != 5:
            continue
        after = datetime.fromisoformat(case["after"]).astimezone(ZoneInfo(case["tz"]))
        found = cron.next_fires(case["expr"], case["tz"], after, len(case["next_utc"]))
        wanted = list(dict.fromkeys(case["next_utc"]))
        assert [f.at.isoformat() for f in found][: len(wanted)] == wanted, case


@pytest.mark.external
def test_lines_that_do_not_hold_are_refused(shared_data: Path) -> None:
    for case in _lines(shared_data, "invalid.jsonl"):
        with pytest.raises(TriggerInvalid):
            cron.check(case["expr"], "UTC")


@pytest.mark.parametrize(
    ("line", "zone", "message", "hint"),
    [
        ("0 25 * * *", "UTC", "the hour field '25' of the cron line '0 25 * * *' does not hold",
         "It may be * or 0-23, with lists 1,2, ranges 1-5 and steps */2."),
        ("0 7 * *", "UTC", "the cron line '0 7 * *' has 4 fields; it needs five",
         "minute, hour, day of month, month, day of week: '0 7 * * 1-5'."),
        ("@daily", "UTC", "the cron line '@daily' has 1 fields; it needs five", "Write '0 0 * * *'."),
        ("0 7 31 2 *", "UTC", "the day-of-month field '31' of the cron line '0 7 31 2 *' does not hold",
         "It may be * or 1-31, L or LW, with lists 1,2, ranges 1-5 and steps */2."),
        ("0 7 * * *", "", "a schedule needs a time zone", "Name one of IANA's: Europe/London."),
        ("0 7 * * *", "Europe/Londn", "'Europe/Londn' is no time zone", "Did you mean Europe/London?"),
        ("0 7 * * *", "new york", "'new york' is no time zone", "Did you mean America/New_York?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_cure(line: str, zone: str, message: str, hint: str) -> None:
    with pytest.raises(TriggerInvalid) as wrong:
        cron.check(line, zone)
    assert wrong.value.message == message
    assert wrong.value.hint.startswith(hint.removesuffix("?"))


def test_the_first_fire_after_a_clock_change_is_marked() -> None:
    friday = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    found = cron.next_fires("0 7 * * *", "Europe/London", friday, 3)
    assert [(f.at.hour, f.local.hour, f.clock_change) for f in found] == [
        (7, 7, False),
        (6, 7, True),
        (6, 7, False),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 7 * * 1-5", "Every weekday at 07:00"),
        ("0 7 * * MON-FRI", "Every weekday at 07:00"),
        ("30 8 * * *", "Every day at 08:30"),
        ("0 9 * * 1", "Every Monday at 09:00"),
        ("0 9,17 * * 1,3,5", "Every Monday, Wednesday and Friday at 09:00 and 17:00"),
        ("0 10 * * 0,6", "Every Saturday and Sunday at 10:00"),
        ("0 9 * * 1#1", "Every first Monday of the month at 09:00"),
        ("0 9 * * 5L", "Every last Friday of the month at 09:00"),
        ("0 9 1 * *", "On the 1st of every month at 09:00"),
        ("0 9 2,15,23 * *", "On the 2nd, 15th and 23rd of every month at 09:00"),
        ("0 9 L * *", "On the last day of every month at 09:00"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("0 */2 * * *", "Every 2 hours"),
        ("0 * * * *", "Every hour"),
        ("5 * * * *", "Every hour at 5 minutes past"),
        ("15 */6 * * *", "Every 6 hours at 15 minutes past"),
        ("*/10 * * * 0", "Every 10 minutes on Sunday"),
        ("0 * * * 1-5", "Every hour on weekdays"),
        ("0 9 */2 * *", "Every 2 days, counted from the 1st of each month, at 09:00"),
        ("* * * * *", "Every minute"),
        ("*/7 * * * *", "Every seventh minute of every hour"),
        ("0 7 * 1-3 1", "At 07:00 on Monday in every month from January through March"),
    ],
)
def test_a_schedule_reads_as_english(line: str, words: str) -> None:
    assert wording.in_words(line) == words
    assert wording.in_words(line, "Europe/London") == f"{words} (Europe/London)"


@pytest.mark.parametrize(
    ("name", "now", "told"),
    [
        ("Europe/London", "2026-11-29", "On Sun 28 Mar 2027 the clocks go forward an hour, to 02:00"),
        ("Europe/London", "2026-07-01", "On Sun 25 Oct 2026 the clocks go back an hour, to 01:00"),
        ("Australia/Lord_Howe", "2026-07-01", "On Sun 4 Oct 2026 the clocks go forward 30 minutes, to 02:30"),
    ],
)  # fmt: skip
def test_a_change_of_the_clocks_is_told_as_a_sentence(name: str, now: str, told: str) -> None:
    change = cron.next_clock_change(name, datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    assert change is not None
    assert wording.change_in_words(change) == told
