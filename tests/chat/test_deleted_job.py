"""A job that is deleted while a turn goes on in it, by another tab or process."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.events import Notice, RoutedTo
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only

FEED = Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]})
MOST = 12
"""Events of a turn at which the job is deleted, one after the other."""


async def deleted_at(room: Room, number: int, text: str) -> tuple[str, list[Any]]:
    """The name of a turn's job, and the events when the job is deleted after so many."""
    name, seen = "", list[Any]()
    async for event in room.conversation.turn(text):
        seen.append(event)
        if isinstance(event, RoutedTo):
            name = event.job
        if len(seen) == number:
            room.place.store.run("delete from jobs where name = ?", name)
    return name, seen


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (Script({"kind": "answer"}), "Tell me of ships"),
        (FEED, "What is new in {feed} ?"),
        (Script({"kind": "call", "steps": ["fetch_feed"]}), "What is new in that feed?"),
        (NEWSLETTER, ""),
    ],
    ids=["an answer", "a call", "a question", "a draft"],
)
async def test_a_turn_whose_job_is_deleted_ends_with_one_clear_notice(
    room: Room, script: Script, text: str
) -> None:
    room.direct(script)
    said = text.format(feed=room.site.feed) or newsletter_prompt(room)
    for number in range(1, MOST):
        name, events = await deleted_at(room, number, said)
        if len(events) < number:
            assert number > 3
            break
        [notice] = only(events, Notice)
        assert notice == events[-1]
        assert (notice.code, notice.message) == (
            "job_not_found", f"{name} was deleted while it was worked on",
        )  # fmt: skip
        assert notice.hint == "What was said in it went with it. Say it again to begin anew."
        assert room.place.jobs.list() == []


async def test_a_job_deleted_before_a_turn_is_no_focus_and_takes_no_answer(room: Room) -> None:
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}))
    [routed, *_, asked] = await room.say("What is new in that feed?")
    room.place.store.run("delete from jobs where id = ?", routed.job_id)
    [gone] = [event async for event in room.conversation.answer(asked.number, "this one")]
    assert (gone.code, gone.message) == (
        "job_target_unresolved", f"no question {asked.number} waits",
    )  # fmt: skip
    assert only(await room.say("And now?", focus=routed.job_id), RoutedTo)[0].new
