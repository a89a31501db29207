"""Orders about a job that is not named: the one of a day, or the latest where none is focused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assistant.chat import referring
from assistant.chat.events import RoutedTo
from tests.chat.conftest import Room, Script
from tests.chat.test_guided import texts
from tests.chat.test_run_talk import no_model
from tests.chat.test_turn import only

TIMED = """\
job: {name}
schedule: {{cron: "0 7 * * *", timezone: UTC}}
steps:
  - {{id: file, skill: save_file, with: {{name: soup.md, content: salt}}}}
"""


def made(room: Room, name: str, *, days_ago: int = 0) -> str:
    """A scheduled job, made so many days ago; its id."""
    place = room.place
    job = place.jobs.create(name)
    place.lifecycle.save(job.id, TIMED.format(name=name))
    at = place.clock.now() - timedelta(days=days_ago)
    place.store.run(
        "update jobs set created_at = ? where id = ?", at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), job.id
    )
    return job.id


def paused(room: Room) -> list[str]:
    return sorted(job.name for job in room.place.jobs.list() if job.paused)


@pytest.mark.parametrize(
    "text",
    ["stop that one from yesterday", "Please pause the job I made yesterday!", "cancel the one of yesterday"],
)  # fmt: skip
async def test_the_one_job_of_a_day_is_stopped_wherever_that_is_said(room: Room, text: str) -> None:
    room.direct(no_model)
    made(room, "soup", days_ago=1)
    stew = made(room, "stew")
    events = await room.say(text, focus=stew)
    assert only(events, RoutedTo)[-1].job == "soup"
    assert texts(events).startswith("soup is paused")
    assert paused(room) == ["soup"]
    assert room.said("soup")[-2:] == [
        ("prompt", "person", text), ("decision", "assistant", texts(events)),
    ]  # fmt: skip


async def test_of_several_the_names_are_told_and_nothing_is_done(room: Room) -> None:
    room.direct(no_model)
    for name in ("soup", "stew"):
        made(room, name, days_ago=1)
    told = texts(await room.say("stop that one from yesterday"))
    assert told.startswith("Which one?")
    assert ("- soup: soup" in told, "- stew: stew" in told) == (True, True)
    assert (paused(room), len(room.place.jobs.list())) == ([], 2)


async def test_where_there_is_none_that_is_said_and_no_job_is_made(room: Room) -> None:
    room.direct(no_model)
    made(room, "soup")
    told = texts(await room.say("stop the one from last week"))
    assert told.startswith("Nothing from ")
    assert told.endswith(" is scheduled or running.")
    assert (paused(room), len(room.place.jobs.list())) == ([], 1)


async def test_without_a_focus_it_is_the_latest(room: Room) -> None:
    room.direct(no_model)
    made(room, "soup", days_ago=3)
    made(room, "stew")
    assert texts(await room.say("stop it")).startswith("stew is paused")
    assert texts(await room.say("resume that one")).startswith("stew goes on")
    assert texts(await room.say("forget that")).startswith("stew is parked")


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("stop it", "soup"),
        ("stop the newsletter", ""),
        ("stop soup", ""),
        ("show me the news from yesterday", ""),
        ("delete the files from yesterday", ""),
        ("run the report every monday", ""),
        ("stop mailing jo@example.org from monday", ""),
    ],
)
async def test_other_words_are_no_such_order(room: Room, text: str, focus: str) -> None:
    room.direct(Script({"kind": "answer"}))
    made(room, "soup")
    job: Any = room.place.jobs.find(focus) if focus else None
    assert referring.meant(room.place, text, job) is None


async def test_what_was_asked_on_a_day_is_told_in_its_own_words(room: Room) -> None:
    room.direct(Script({"kind": "answer"}))
    await room.say("Count the ships in the harbour")
    await room.say("thanks")
    told = texts(await room.say("What did I ask you today?"))
    assert told.startswith("What you said on ")
    assert told.splitlines()[1].endswith(" count-ships-harbour: Count the ships in the harbour")
    assert len(told.splitlines()) == 2
    assert texts(await room.say("what did I say yesterday")).startswith("You said nothing on ")
    assert len(room.place.jobs.list()) == 1
