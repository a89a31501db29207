"""When alerts go out, around midnight and around clock changes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.alerts.timing import due
from assistant.settings import Channel

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "manners", "expected"),
    [
        ("2026-03-02T12:00+00:00", {}, "2026-03-02T12:00+00:00"),
        ("2026-03-02T12:00+00:00", {"quiet": "22:00-07:00"}, "2026-03-02T12:00+00:00"),
        ("2026-03-02T20:59+00:00", {"quiet": "22:00-07:00"}, "2026-03-02T20:59+00:00"),
        ("2026-03-02T21:00+00:00", {"quiet": "22:00-07:00"}, "2026-03-03T06:00+00:00"),
        ("2026-03-03T05:59+00:00", {"quiet": "22:00-07:00"}, "2026-03-03T06:00+00:00"),
        ("2026-03-03T06:00+00:00", {"quiet": "22:00-07:00"}, "2026-03-03T06:00+00:00"),
        ("2026-03-28T22:30+00:00", {"quiet": "22:00-07:00"}, "2026-03-29T05:00+00:00"),
        ("2026-10-24T21:30+00:00", {"quiet": "22:00-07:00"}, "2026-10-25T06:00+00:00"),
        ("2026-03-02T12:00+00:00", {"digest": "90m"}, "2026-03-02T13:30+00:00"),
        ("2026-03-02T12:00+00:00", {"digest": "08:00"}, "2026-03-03T07:00+00:00"),
        ("2026-03-02T06:00+00:00", {"digest": "08:00"}, "2026-03-02T07:00+00:00"),
        (
            "2026-03-02T20:30+00:00",
            {"digest": "1h", "quiet": "22:00-07:00"},
            "2026-03-03T06:00+00:00",
        ),
        (
            "2026-03-02T23:00+00:00",
            {"quiet": "22:00-07:00", "urgent": ("failed",)},
            "2026-03-02T23:00+00:00",
        ),
    ],
)
def test_an_alert_is_due(now: str, manners: dict[str, object], expected: str) -> None:
    channel = Channel.model_validate({"url": "json://x", **manners})
    told = due(datetime.fromisoformat(now), channel, "failed", BERLIN)
    assert told == datetime.fromisoformat(expected)


def test_a_digest_that_is_being_gathered_takes_what_comes_with_it() -> None:
    now, first = (
        datetime.fromisoformat("2026-03-02T12:30Z"),
        datetime.fromisoformat("2026-03-02T13:00Z"),
    )
    assert due(now, Channel(url="json://x", digest="1h"), "failed", BERLIN, first) == first
