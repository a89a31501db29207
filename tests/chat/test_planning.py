"""Work of several parts is offered a plan, where a model can follow one."""

from __future__ import annotations

import pytest

from assistant.chat import planning
from assistant.chat.events import Notice, QuestionCard
from assistant.models.doubles import Answer, Asked
from tests.chat.conftest import Room, Script
from tests.chat.test_guided import Writer, answered, texts
from tests.chat.test_turn import only

SERIES = "Plan a blog series about bread baking in five steps"


def writer(room: Room) -> Writer:
    """Reads requests as talk, and works as the voices tell it."""
    works, reads = Writer(1), Script({"kind": "answer"})

    def answer(asked: Asked) -> Answer:
        if asked.purpose == "chat":
            return "Here are five titles."
        return works(asked) if asked.purpose.startswith("job.") else reads(asked)

    room.direct(answer)
    return works


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (SERIES, True),
        ("Write me a course of six lessons on knots", True),
        ("Outline a 5-part guide to composting, chapter by chapter", True),
        ("Schreibe eine Anleitung in vier Schritten", True),
        ("Explain in five steps how to tie a bowline", False),
        ("Write a poem about bread", False),
        ("What is a series circuit?", False),
        ("Who took part in the race?", False),
    ],
)
async def test_work_of_several_parts_is_offered_a_plan(
    room: Room, text: str, *, offered: bool
) -> None:
    job = room.place.jobs.create("bread")
    assert (planning.offer(room.place, job, text, "writer") is not None) == offered
    assert planning.offer(room.place, job, text, "starter") is None


@pytest.mark.parametrize("word", ["With a plan", "yes"])
async def test_with_a_plan_the_job_is_guided_from_then_on(room: Room, word: str) -> None:
    works = writer(room)
    [question] = only(await room.say(SERIES, model="writer"), QuestionCard)
    assert (question.asks, question.options) == ("PLAN", ("With a plan", "Answer at once"))
    told = await answered(room, question, word)
    assert only(told, Notice) == []
    [job] = room.place.jobs.list()
    assert (job.stage, room.place.guide.guidance.of(job.id).plan) == (2, "plan.md")
    # It goes on with the model that it was asked with, to the end of its only cycle.
    assert len(works.asked) > 4
    assert [q.asks for q in only(told, QuestionCard)] == ["JOB-COMPLETE"]
    assert "# Fish soup" in room.place.guide.plans.state(room.place.jobs.get(job.id)).text


async def test_without_one_it_is_answered_and_not_asked_again(room: Room) -> None:
    writer(room)
    room.place.settings = room.place.settings.model_copy(update={"model": "writer"})
    [question] = only(await room.say(SERIES), QuestionCard)
    assert texts(await answered(room, question, "Answer at once")) == "Here are five titles."
    [job] = room.place.jobs.list()
    assert room.place.guide.guidance.of(job.id).plan == "none"
    events = await room.say("And a series of three posts on cake", focus=job.id)
    assert only(events, QuestionCard) == []


@pytest.mark.parametrize(
    ("said", "told", "stage"),
    [
        ("/plan plan.md", "plan.md guides bread from now on.", 2),
        ("/plan plan.yaml", "plan.yaml guides bread from now on.", 3),
        ("/plan false", "bread goes without a plan.", 1),
    ],
)
async def test_a_plan_is_named_in_the_chat_once(
    room: Room, said: str, told: str, stage: int
) -> None:
    job = room.place.jobs.create("bread")
    assert texts(await room.say(said, focus=job.id)).startswith(told)
    assert room.place.jobs.get(job.id).stage == stage
    [refused] = only(await room.say("/plan plan.md", focus=job.id), Notice)
    assert refused.code == "job_policy_denied"
    [wrong] = only(await room.say("/plan soup.md", focus=job.id), Notice)
    assert wrong.code == "job_bindings_invalid"
