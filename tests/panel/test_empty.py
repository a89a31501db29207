"""A fresh home: every place says what would be here and how it comes, and a wrong address leads back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.panel.places.opening import makers
from assistant.panel.placing import Placing
from assistant.panel.works import Works
from assistant.settings import Settings
from assistant.workplace import Workplace

EMPTY = {
    "#/jobs": ("Nothing repeats for you yet", "#/jobs/templates"),
    "#/jobs/calendar": ("Nothing is scheduled in the next seven days", ""),
    "#/jobs/ledger": ("No instant has come due yet", ""),
    "#/runs": ("Nothing has run yet", "#/chat"),
    "#/insight": ("No run has ended in this time", "#/chat"),
    "#/insight/alerts": ("No alert so far", "#/settings/channels"),
    "#/insight/healing": ("repair", ""),
    "#/insight/suggestions": ("suggest", ""),
    "#/skills/servers": ("No MCP server yet", "skills.server"),
    "#/settings/channels": ("channel", "settings.channel"),
}
"""What stands there, and where it leads or what it offers."""
WRONG = {
    "#/jobs/no-such": "#/jobs",
    "#/runs/20260101T000000000Z-none": "#/runs",
    "#/skills/no_such": "#/skills",
    "#/jobs/templates/no-such": "#/jobs",
}
"""Where the button of its page leads."""


@pytest.fixture
def placing(settings: Settings) -> Iterator[Placing]:
    place = Workplace.open(settings)

    def conversation() -> None:
        raise AssertionError("nothing is said in these places")

    yield Placing(makers(place, Works(), conversation), {})  # type: ignore[arg-type]
    place.close_store()


@pytest.mark.parametrize("address", EMPTY)
def test_an_empty_place_says_what_would_be_there_and_how_it_comes(placing: Placing, address: str):
    words, leads = EMPTY[address]
    shown = placing.show(address, "somebody")
    [(title, text)] = re.findall(r'class="empty"><h2>(.*?)</h2><p>(.*?)</p>', shown)[:1]
    assert words.lower() in title.lower()
    assert len(text) > 40
    assert leads in shown


@pytest.mark.parametrize("address", WRONG)
def test_a_wrong_address_says_so_and_leads_to_what_there_is(placing: Placing, address: str):
    shown = placing.show(address, "somebody")
    assert "Something went wrong inside" not in shown
    assert re.search(r"<h1>[^<]*(no |none)", shown, re.I), shown[:400]
    assert re.findall(r'href="([^"]+)" class="button primary"', shown) == [WRONG[address]]
