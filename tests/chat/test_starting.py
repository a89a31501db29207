"""A card says which template its draft was begun from, and the store keeps it."""

from __future__ import annotations

from assistant.chat.events import DraftCard
from tests.chat.conftest import Room, Script

WEEKLY = Script(
    {"kind": "job", "when": "<when1>", "steps": [
        "fetch_feed", "rank_items", "summarize_items", "compile_newsletter", "send_email"]},
    fetch_feed={"url": "<feed1>", "urls": ["<feed1>"]},
    rank_items={"topic": "batteries", "limit": "<num1>"},
    send_email={"to": ["<mail1>"]},
)  # fmt: skip


async def test_the_card_names_the_template_and_the_job_remembers_it(room: Room) -> None:
    room.direct(WEEKLY)
    events = await room.say(
        f"Every Tuesday at 8 take the six best stories about batteries from {room.site.feed}, "
        "summarise them, make a newsletter and mail it to jo@example.org",
        dry_run=False,
    )

    [card] = [event for event in events if isinstance(event, DraftCard)]
    assert card.assumptions[0] == "Started from the template ‘weekly digest’."
    assert "Fetch feed: since 7d" in card.assumptions
    assert room.place.jobs.begun_with(card.job_id) == "weekly-digest"
