"""The same calls asked for three times, each time anew, are offered to be kept as a job."""

from __future__ import annotations

from assistant.chat.events import DraftCard, QuestionCard, RoutedTo, TextDelta
from assistant.chat.repeated import LATER, MAKE, NEVER
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import only

FETCH = Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]})


async def ask(room: Room, count: int, more: str = "") -> list[QuestionCard]:
    """What was asked back after the last of some requests, each in a job of its own."""
    room.direct(FETCH)
    events = []
    for _ in range(count):
        events = await room.say(f"What is new in {room.site.feed}{more} ?")
    return [card for card in only(events, QuestionCard) if MAKE in card.options]


async def answer(room: Room, card: QuestionCard, said: str) -> list:
    return [event async for event in room.conversation.answer(card.number, said)]


async def test_the_third_time_a_job_is_offered_in_one_sentence(room: Room) -> None:
    assert await ask(room, 2) == []
    [card] = await ask(room, 1)
    assert card.question == (
        "You have asked for the same 3 times (fetch feed): shall I make it a job of what was done,"
        " and try it?"
    )
    assert card.options == (MAKE, LATER, NEVER)


async def test_yes_drafts_it_from_what_was_done_and_tries_it(room: Room) -> None:
    [card] = await ask(room, 3)
    events = await answer(room, card, MAKE)
    first, last = only(events, DraftCard)
    assert first.dry_run is None
    assert last.dry_run is not None
    assert last.dry_run.status == "succeeded"
    assert [step.skill for step in last.steps] == ["fetch_feed"]
    assert room.site.feed in last.yaml
    assert last.assumptions == ("Drafted from what was done 3 times, with the same values",)
    [routed] = only(events, RoutedTo)
    version = await room.conversation.approve(last.draft_id)
    assert (version.number, room.place.jobs.get(routed.job_id).version) == (1, 1)


async def test_later_is_after_three_more_and_never_is_never(room: Room) -> None:
    [card] = await ask(room, 3)
    told = await answer(room, card, LATER)
    assert [d.text for d in only(told, TextDelta)] == ["I will ask again after three more times."]
    assert await ask(room, 2) == []
    [card] = await ask(room, 1)
    await answer(room, card, NEVER)
    assert await ask(room, 4) == []


async def test_other_arguments_are_other_calls(room: Room) -> None:
    assert await ask(room, 2) == []
    assert await ask(room, 2, "?page=2") == []
