"""Who judges a cycle, and what becomes of what it established: told in the chat."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.answering import view
from assistant.chat.events import Notice, PhaseChanged, QuestionCard, TextDelta
from assistant.models.doubles import Answer, Asked
from assistant.store.jobs import JobRecord
from tests.chat.conftest import Room, Script
from tests.chat.test_guided import Writer, answered, texts
from tests.chat.test_turn import only

SAVING = """\
job: saving
steps:
  - {id: file, skill: save_file, with: {name: soup.md, content: salt}}
"""
HOLDS = 'expect: ["${{ size(steps.file.artifact.name) > 0 }}"]\n'
FAILS = 'expect: ["${{ size(steps.file.artifact.name) > 99 }}"]\n'


@pytest.mark.parametrize(
    ("expect", "phase", "moves"),
    [
        ("", "verify", ["verify"]),
        (HOLDS, "condense", ["verify", "condense"]),
        (FAILS, "execute", []),
    ],
    ids=["the person judges", "expect lines that hold judge", "a run that failed stays"],
)
async def test_the_person_or_the_expect_lines_judge(
    room: Room, expect: str, phase: str, moves: list[str]
) -> None:
    place = room.place
    job = place.jobs.create("saving")
    place.lifecycle.approve(place.lifecycle.propose(job.id, SAVING + expect).id)
    events = await room.say("run it", focus=job.id)
    assert [m.phase for m in only(events, PhaseChanged)] == moves
    assert place.jobs.get(job.id).phase == phase


# Notes that wait


async def waiting(room: Room) -> tuple[JobRecord, QuestionCard]:
    """A job whose cycle cannot close before the person has said what to keep."""
    guide = room.place.guide
    job = guide.jobs.create("soup")
    guide.enter(job.id, "verify", "on", footer="You should learn to read the scanned recipes.")
    [asked] = only(await room.say("/done", focus=job.id), QuestionCard)
    return job, asked


@pytest.mark.parametrize(("answer", "state"), [("Keep them", "kept"), ("2", "dropped")])
async def test_a_cycle_that_does_not_close_asks_and_closes_with_the_answer(
    room: Room, answer: str, state: str
) -> None:
    job, asked = await waiting(room)
    assert asked.question.startswith("0% of what this cycle established is filed")
    assert asked.options == ("Keep them", "Drop them")
    told = await answered(room, asked, answer)
    assert "100% of what this cycle established is filed." in texts(told)
    assert [note.state for note in room.place.guide.guidance.notes(job.id)] == [state]
    assert [q.asks for q in only(told, QuestionCard)] == ["JOB-COMPLETE"]


async def test_other_words_drop_nothing_and_say_what_can_be_said(room: Room) -> None:
    job, asked = await waiting(room)
    [wrong] = only(await answered(room, asked, "only the one about recipes"), Notice)
    assert wrong.hint == (
        "Say “Keep them” or “Drop them”; one by one: `assistant jobs notes soup --keep N`"
        " or `--drop N`."
    )
    assert [note.state for note in room.place.guide.guidance.notes(job.id)] == ["proposed"]
    assert [q.number for q in room.place.guide.open_questions(job.id)] == [asked.number]


# Settings


@pytest.mark.parametrize("times", [0, 1, 3])
async def test_the_stop_gate_orients_a_set_number_of_times(room: Room, times: int) -> None:
    writer, place = Writer(), room.place
    writer.idle = True
    room.direct(writer)
    place.settings = place.settings.model_copy(update={"reorientations": times})
    job = place.jobs.create("soup")
    place.guide.plans.set_file(job.id, "plan.md")
    events = await room.say("Write a post", focus=job.id, model="writer")
    assert len(writer.asked) == times + 1
    oriented = [m.text for m in writer.asked[-1].messages if "is not finished" in m.text]
    assert len(oriented) == times
    assert texts(events).endswith(
        "It waits for you: observe still expects the goal in two or three sentences, or a question."
    )


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("all", ["about fish", "about trains", "one", "two", "three", "the fish again, fresh"]),
        ("last", ["4 earlier messages are left out.", "three", "the fish again, fresh"]),
        ("topic", ["2 earlier messages are left out.", "one", "two", "three", "the fish again, fresh"]),
    ],
)  # fmt: skip
async def test_the_strategy_of_the_settings_is_what_a_model_reads_by(
    room: Room, strategy: str, expected: list[str]
) -> None:
    place = room.place
    settings = {"prompt_strategy": strategy, "prompt_last": 2}
    place.settings = place.settings.model_copy(update=settings)
    job = place.jobs.create("soup")
    for text in ("about fish", "about trains", "one", "two", "three", "the fish again, fresh"):
        place.jobs.add_interaction(job.id, "prompt", "person", text)
    seen = view(place, place.jobs.interactions(job.id), 8192)
    assert [message.text for message in seen[1:]] == expected
    heard = list[Asked]()

    def hear(asked: Asked) -> Answer:
        if asked.purpose != "chat":
            return Script({"kind": "answer"})(asked)
        heard.append(asked)
        return "Well."

    room.direct(hear)
    events: list[Any] = await room.say("and the fish, is it fresh", focus=job.id, model="writer")
    assert "Well." in "".join(delta.text for delta in only(events, TextDelta))
    assert (len(heard), strategy != "last" or len(heard[0].messages) == 4) == (1, True)
