"""Stories with the model that ships: it decides, and the job goes through its phases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistant.chat.events import DraftCard, Notice, QuestionCard, RoutedTo, TextDelta, ToolDone
from assistant.chat.turn import Conversation
from assistant.demo import DemoSite
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.chat.test_turn import only


@pytest.fixture
async def place(settings: Settings, site: DemoSite) -> AsyncIterator[Workplace]:
    reaching = settings.model_copy(update={"allow_origins": (site.origin,)})
    opened = Workplace.open(reaching)
    yield opened
    await opened.close()


async def test_the_shipped_model_drafts_a_newsletter_and_answers_with_one_tool(
    place: Workplace, site: DemoSite
) -> None:
    conversation = Conversation(place)
    text = (
        "Every weekday at 7 make me a newsletter of the five best stories about batteries from"
        f" {site.feed} and mail it to jo@example.org"
    )
    events = [event async for event in conversation.turn(text, dry_run=False)]
    assert only(events, Notice) == []
    card = only(events, DraftCard)[-1]
    assert [step.skill for step in card.steps] == [
        "fetch_feed", "rank_items", "compile_newsletter", "send_email",
    ]  # fmt: skip
    record = place.jobs.get(card.job)
    assert (record.phase, record.version, record.enabled) == ("plan", 0, False)

    said = [event async for event in conversation.turn("yes", focus=record.id)]
    assert "It runs: Every weekday at 07:00" in only(said, TextDelta)[-1].text
    record = place.jobs.get(record.id)
    assert (record.phase, record.version, record.enabled) == ("execute", 1, True)
    assert len(place.upcoming(record.id, count=3)) == 3

    events = [event async for event in conversation.turn(f"What is new in {site.feed} ?")]
    assert only(events, RoutedTo)[0].new
    assert [(done.skill, done.status) for done in only(events, ToolDone)] == [
        ("fetch_feed", "succeeded")
    ]
    assert site.stories[0].title in only(events, TextDelta)[-1].text
    assert only(events, QuestionCard) == []
    assert place.jobs.get(only(events, RoutedTo)[0].job_id).phase == "verify"
