"""Questions that a request leaves open: each with what the home knows as its options."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.drafts import Ask, Draft, Source
from assistant.builder.texts import ask
from assistant.chat import outcomes
from assistant.chat.events import QuestionCard, ToolDone
from assistant.chat.options import options_for
from assistant.settings import Channel, Settings
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import only

LETTER = """\
job: letter
steps:
  - {id: read, skill: fetch_feed, with: {url: "https://example.org/feed.xml"}}
  - {id: page, skill: extract_article, with: {url: "https://example.com/about"}}
  - {id: lay, skill: compile_newsletter, with: {title: News, items: "${{ steps.read.items }}"}}
  - {id: send, skill: send_email, with: {to: [jo@example.org, sam@example.org],
     newsletter: "${{ steps.lay.newsletter }}"}}
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    channels = {"ops": Channel(url="json://localhost/ops")}
    databases = {"shop": "shop.db", "staff": "staff.db"}
    return settings.model_copy(update={"channels": channels, "databases": databases})


@pytest.fixture
def kept(room: Room) -> Room:
    """A home with an accepted job."""
    job = room.place.jobs.create("letter")
    room.place.lifecycle.save(job.id, LETTER)
    room.place.jobs.create("no-file-yet")
    return room


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Ask("steps.read.url", ask("url")),
         ("https://example.org/feed.xml", "https://example.com/about")),
        (Ask("request", ask("link")),
         ("https://example.org/feed.xml", "https://example.com/about")),
        (Ask("triggers.url", "Which feed should be watched?"),
         ("https://example.org/feed.xml", "https://example.com/about")),
        (Ask("steps.send.to", ask("mail")), ("jo@example.org", "sam@example.org")),
        (Ask("steps.tell.channel", ask("channel")), ("ops", "outbox")),
        (Ask("alerts.to", "Who should be told when it fails?"),
         ("ops", "outbox", "jo@example.org", "sam@example.org")),
        (Ask("schedule.cron", ask("time")),
         ("Every day at 8", "Every weekday at 7", "Every Monday at 9", "Every hour")),
        (Ask("call_job", "Which job should be run?"), ("letter",)),
        (Ask("request", ask("job")), ("letter",)),
        (Ask("steps.ask.database", ask("database")), ("shop", "staff")),
        (Ask("steps.write.model", ask("model")), ("starter",)),
        (Ask("steps.read.since", ask("period")),
         ("The last 24 hours", "The last 7 days", "The last 30 days")),
        (Ask("timeout", "After how long should it give up?"),
         ("30 seconds", "2 minutes", "10 minutes")),
        # Only the person knows these, and a number would be taken for that of an option.
        (Ask("request", ask("what")), ()),
        (Ask("steps.best.limit", ask("number")), ()),
        (Ask("steps.send.body", ask("body")), ()),
    ],
)  # fmt: skip
def test_a_question_offers_what_the_home_knows(
    kept: Room, asked: Ask, expected: tuple[str, ...]
) -> None:
    assert options_for(kept.place, asked, Draft("clarify")) == expected


@pytest.mark.parametrize("kind", ["url", "mail", "job"])
def test_a_fresh_home_offers_nothing_it_does_not_know(room: Room, kind: str) -> None:
    assert options_for(room.place, Ask("request", ask(kind)), Draft("clarify")) == ()


def test_a_time_that_cannot_be_is_offered_the_nearest_in_words(room: Room) -> None:
    asked = Ask(
        "schedule.cron", ask("inexact", raw="every 45 minutes", note="no", shown="0 * * * *")
    )
    offered = options_for(room.place, asked, Draft("clarify", cron="0 * * * *"))
    assert offered == ("Every hour", "Every day at 8", "Every weekday at 7", "Every Monday at 9")


async def test_a_chosen_option_completes_the_request(kept: Room) -> None:
    feed = kept.site.feed
    kept.place.lifecycle.save("letter", LETTER.replace("https://example.org/feed.xml", feed))
    kept.direct(Script({"kind": "call", "steps": ["fetch_feed"]}))
    events = await kept.say("What is new in that feed?")
    [card] = only(events, QuestionCard)
    assert (card.asks, card.question, card.options[0]) == ("CLARIFY", ask("url"), feed)
    kept.direct(Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]}))
    events = [event async for event in kept.conversation.answer(card.number, "1")]
    assert [(done.skill, done.status) for done in only(events, ToolDone)] == [
        ("fetch_feed", "succeeded")
    ]
    assert kept.place.jobs.said.get(card.number).answer == feed


async def test_what_is_asked_already_is_shown_again_and_not_asked_twice(room: Room) -> None:
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}))
    first = only(await room.say("What is new in that feed?"), QuestionCard)
    [job] = room.place.jobs.list()
    again = (
        "Please look into that feed that I spoke of before and tell me the very newest of it all"
    )
    assert only(await room.say(again, focus=job.id), QuestionCard) == first
    assert len(room.place.guide.open_questions(job.id)) == 1


async def test_three_of_five_questions_are_asked_and_the_others_after_their_answers(
    room: Room,
) -> None:
    job = room.place.jobs.create("soup")
    asks = tuple(Ask(f"steps.a.{kind}", ask(kind)) for kind in
                 ("url", "mail", "time", "number", "period"))  # fmt: skip

    async def asked() -> list[Any]:
        drafted = Draft("clarify", asks=asks)
        record = room.place.jobs.get(job.id)
        told = [e async for e in outcomes.asked_for(room.conversation, record, drafted)]
        return [card.question for card in told]

    assert await asked() == [a.text for a in asks[:3]]
    assert await asked() == [a.text for a in asks[:3]]
    for one in room.place.guide.open_questions(job.id):
        room.place.jobs.said.answer(one.number, "yes")
    asks = asks[3:]
    assert await asked() == [a.text for a in asks]


async def test_an_answer_stands_in_the_place_of_the_words_that_it_corrects(room: Room) -> None:
    from assistant.chat.context import whole_request

    job = room.place.jobs.create("soup")
    text = "every 45 minutes read the feed"
    room.place.jobs.add_interaction(job.id, "prompt", "person", text)
    drafted = Draft(
        "clarify", cron="0 * * * *", sources=(Source("schedule.cron", "every 45 minutes", 0, 16),),
        asks=(Ask("schedule.cron", "Is it right?"), Ask("steps.a.url", ask("url"))),
    )  # fmt: skip
    cards = [e async for e in outcomes.asked_for(room.conversation, job, drafted)]
    for card, answer in zip(cards, ("Every hour", "https://example.org"), strict=True):
        room.place.jobs.said.answer(card.number, answer)
    said = room.place.jobs.interactions(job.id)
    assert whole_request(said) == "Every hour read the feed\nhttps://example.org"
