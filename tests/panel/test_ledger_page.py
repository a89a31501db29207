"""The ledger as a page: what is asked for is found, however much came after it."""

from __future__ import annotations

from datetime import timedelta

from assistant.clock import rfc3339
from assistant.panel.addresses import Address
from assistant.panel.places import calendar
from assistant.panel.reading import Reader
from assistant.settings import Settings
from assistant.workplace import Workplace


def test_the_one_missed_tick_is_found_behind_hundreds_that_ran(settings: Settings) -> None:
    place = Workplace.open(settings)
    job, now = place.jobs.create("busy"), place.clock.now()
    for minutes in range(calendar.MOST + 60):
        missed = minutes == calendar.MOST + 50
        place.store.run(
            "insert into ticks (job, due, outcome, reason, decided_at) values (?, ?, ?, ?, ?)",
            job.id, rfc3339(now - timedelta(minutes=minutes)), "missed" if missed else "ran",
            "nothing was running at that time" if missed else "", rfc3339(now),
        )  # fmt: skip
    page = calendar.ledger(Reader(place), Address.parse("#/jobs/ledger?outcome=missed"))
    assert "nothing was running at that time" in page
    place.close_store()
