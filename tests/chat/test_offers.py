"""Where a prompt goes in a conversation, and what each slash command does: tables."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.events import Notice, QuestionCard, RoutedTo, TextDelta
from assistant.store.jobs import Interaction
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import only
from tests.job.test_routing import ORDER, known

SHIPS = "something new: how many ships come?"
TALK = Script({"kind": "answer"})


@pytest.mark.parametrize(
    "text", [ORDER, "pause the ai digest", "make a new job for the harbour", "tell me of the ai digest"]
)  # fmt: skip
async def test_nothing_is_said_in_another_job_before_the_person_answers(
    room: Room, text: str
) -> None:
    room.direct(TALK)
    place = room.place
    two = known(place.jobs, place.lifecycle.save)
    before = place.jobs.get(two.digest.id), place.jobs.interactions(two.digest.id)
    events = await room.say(text, focus=two.soup.id)
    assert {routed.job_id for routed in only(events, RoutedTo)} == {two.soup.id}
    assert (place.jobs.get(two.digest.id), place.jobs.interactions(two.digest.id)) == before
    assert len(place.jobs.list()) == 2
    assert place.runs.list() == []


def prompts(room: Room, job: str) -> list[Interaction]:
    return room.place.jobs.said.of_kind(room.place.jobs.get(job).id, "prompt")


@pytest.mark.parametrize(
    ("text", "option", "job", "again"),
    [
        (ORDER, "Stay in soup", "soup", "soup"),
        ("open the ai digest", "Switch to ai-digest", "ai-digest", "ai-digest"),
        (SHIPS, "Stay in soup", "soup", "soup"),
        (SHIPS, "Open a new job", "ships-come", "ships-come-2"),
    ],
)
async def test_the_answer_to_an_offer_is_done_and_remembered(
    room: Room, text: str, option: str, job: str, again: str
) -> None:
    room.direct(TALK)
    place = room.place
    two = known(place.jobs, place.lifecycle.save)
    question = (await room.say(text, focus=two.soup.id))[-1]
    assert isinstance(question, QuestionCard)
    assert option in question.options
    told = [event async for event in room.conversation.answer(question.number, option)]
    assert only(told, RoutedTo)[-1].job == job
    events = await room.say(text, focus=two.soup.id)
    assert only(events, QuestionCard) == []
    assert only(events, RoutedTo)[-1].job == again
    # Each time it was said is kept once, where it went.
    kept = [i.text for job in {job, again} for i in prompts(room, job)]
    assert kept == [text, text]


# Slash commands


def _told(events: list[Any]) -> str:
    parts = [
        f"→ {e.job}" if isinstance(e, RoutedTo) else e.text if isinstance(e, TextDelta) else e.message
        for e in events
        if isinstance(e, RoutedTo | TextDelta | Notice)
    ]  # fmt: skip
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("command", "focus", "told"),
    [
        ("/new count the ships", "soup", "→ count-ships"),
        ("/new", "soup", "the prompt is empty"),
        ("/focus ai-digest", "soup", "→ ai-digest"),
        ("/focus ai-digset", "", "there is no job 'ai-digset'"),
        ("/focus", "", "no job is focused"),
        ("/jobs", "", "- ai-digest: A digest (scheduled)\n- soup: A post about fish soup (draft)"),
        ("/plan", "soup", "→ soup"),
        ("/plan", "", "no job is focused"),
        ("/run", "soup", "→ soup\nthis job has no accepted version"),
        ("/approve", "soup", "→ soup\nnothing of 'soup' waits"),
        ("/reject", "soup", "→ soup\nnothing of 'soup' waits"),
        ("/back", "soup", "→ soup\nsoup is in observe (cycle 1)."),
        ("/back", "", "no job is focused"),
        ("/done", "", "no job is focused"),
        ("/done", "soup", "→ soup"),
        ("/park ai-digest", "soup", "→ ai-digest\nai-digest is parked"),
        ("/pause ai-digest", "soup", "→ ai-digest\nai-digest is paused"),
        ("/resume ai-digest", "soup", "→ ai-digest\nai-digest goes on"),
        ("/HELP", "", "Say what you want done"),
        ("/frobnicate", "soup", "there is no command /frobnicate"),
    ],
)
async def test_each_slash_command_says_what_it_did_and_where(
    room: Room, command: str, focus: str, told: str
) -> None:
    room.direct(TALK)
    known(room.place.jobs, room.place.lifecycle.save)
    events = await room.say(command, focus=focus)
    assert _told(events).startswith(told), _told(events)


async def test_a_path_is_a_prompt_and_no_command(room: Room) -> None:
    room.direct(TALK)
    events = await room.say("/etc/hosts is what?")
    assert only(events, RoutedTo)[0].new
