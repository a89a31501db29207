"""What is asked about a job's runs is answered from the store, by real runs, with no model."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from assistant.chat import run_talk
from assistant.chat.events import Notice, RoutedTo, RunCard, TextDelta
from assistant.clock import FixedClock, SystemClock
from assistant.errors import ModelUnavailable
from assistant.job.questions import Question
from assistant.models.doubles import Answer, Asked
from tests.chat.conftest import Room
from tests.chat.test_turn import only

JOB = """job: digest
title: The digest
inputs:
  topic: {{type: string, default: batteries}}
  limit: {{type: integer, default: 5, minimum: 1, maximum: 30}}
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "{feed}"}}
  - id: best
    skill: rank_items
    with: {{items: "${{{{ steps.read.items }}}}", topic: "${{{{ inputs.topic }}}}", limit: "${{{{ inputs.limit }}}}"}}
  - id: letter
    skill: compile_newsletter
    with: {{title: The digest, items: "${{{{ steps.best.items }}}}"}}
  - id: send
    skill: send_email
    with: {{to: jo@example.org, subject: News of the day, newsletter: "${{{{ steps.letter.newsletter }}}}"}}
"""
BROKEN = """job: broken
title: Broken
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "{feed}"}}
    retry: {{attempts: 1}}
"""


def no_model(asked: Asked) -> Answer:
    raise ModelUnavailable(f"nothing may be asked: {asked.purpose}")


async def kept(room: Room, name: str, text: str, feed: str) -> str:
    """A job with a version in force."""
    record = room.place.jobs.create(name)
    room.place.lifecycle.save(record.id, text.format(feed=feed))
    room.direct(no_model)
    return room.place.jobs.get(record.id).name


async def ran(room: Room, job: str) -> str:
    cards = only([event async for event in room.conversation.run_now(job)], RunCard)
    return cards[-1].run_id


def text_of(events: list) -> str:
    return "".join(delta.text for delta in only(events, TextDelta))


async def test_questions_about_a_real_run_are_answered_with_its_reference(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    run = await ran(room, job)
    link = f"[{run}](#/runs/{run})"
    for text in ("When did it last run?", "What did it send today?", "How many did it find today?",
                 "how did the digest go?"):  # fmt: skip
        told = await room.say(text, focus=job)
        assert only(told, Notice) == []
        assert link in text_of(told), text
    sent = text_of(await room.say("What did it send?", focus=job))
    assert "jo@example.org" in sent
    assert "subject: News of the day" in sent
    found = text_of(await room.say("How many did it find?", focus=job))
    items = len(room.site.stories)
    assert f"read: {items} items" in found
    assert re.search(r"best: [1-5] items?", found)


async def test_why_it_failed_is_told_from_the_error_that_was_kept(room: Room) -> None:
    job = await kept(room, "broken", BROKEN, f"{room.site.origin}/gone.xml")
    run = await ran(room, job)
    row = room.place.runs.get(run)
    assert row.status == "failed"
    events = await room.say("Why did it fail?", focus=job)
    told = text_of(events)
    assert f"[{run}](#/runs/{run}): failed" in told
    assert "404" in told
    assert "step read" in told
    assert "What kind of trouble that is: what was asked for is gone" in told
    assert [kind for kind, _, _ in room.said(job)][-2:] == ["prompt", "answer"]


async def test_yesterday_is_the_day_before_and_another_day_is_answered_honestly(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    run = await ran(room, job)
    room.place.clock = FixedClock(SystemClock().now() + timedelta(days=1))
    assert f"#/runs/{run}" in text_of(await room.say("What did it send yesterday?", focus=job))
    told = text_of(await room.say("What did it send today?", focus=job))
    assert told.startswith("digest has not run on ")
    assert f"The run before: {told.split('The run before: ')[1]}" in told
    assert f"#/runs/{run}" in told
    room.place.clock = SystemClock()


async def test_a_job_is_asked_about_by_name_from_another_one_and_from_none(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    run = await ran(room, job)
    other = await kept(room, "broken", BROKEN, room.site.feed)
    events = await room.say("When did the digest last run?", focus=other)
    assert [routed.job for routed in only(events, RoutedTo)] == [other]
    assert run in text_of(events)
    events = await room.say("When did it last run?")
    assert [(r.job, r.new) for r in only(events, RoutedTo)] == [(job, False)]
    assert run in text_of(events)


async def test_a_question_is_no_answer_to_what_a_request_left_open(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    await ran(room, job)
    record = room.place.jobs.get(job)
    open_one = Question("CLARIFY", "Which feed?", (), "request", {"place": "url", "raw": ""})
    room.place.guide.ask(record.id, [open_one])
    await room.say("Why did it fail?", focus=job)
    assert [q.text for q in room.place.guide.open_questions(record.id)] == ["Which feed?"]


async def test_a_wish_to_change_the_job_is_no_order_to_run_it(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    record = room.place.jobs.get(job)
    assert run_talk.meant(room.place, "run it with summaries too", record) is None
    assert run_talk.meant(room.place, "run it with summaries too, now", record) is not None


async def test_a_run_with_an_input_of_its_own_leaves_the_job_as_it_is(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    events = await room.say("run it now with limit 2", focus=job)
    card = only(events, RunCard)[-1]
    assert card.status == "succeeded"
    row = room.place.runs.get(card.run_id)
    assert (row.inputs["limit"], row.inputs["topic"], row.version) == (2, "batteries", 1)
    assert "This run only: limit 2." in text_of(events)
    assert room.place.jobs.get(job).version == 1


async def test_a_run_with_another_argument_of_a_step_leaves_the_job_as_it_is(room: Room) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    before = room.place.jobs.version(room.place.jobs.get(job).id).yaml
    events = await room.say("Run it now with subject Only a trial", focus=job)
    card = only(events, RunCard)[-1]
    assert card.status == "succeeded", only(events, Notice)
    [letter] = room.place.settings.outbox_dir.glob("*.eml")
    assert "Subject: Only a trial" in letter.read_text()
    assert room.place.jobs.version(room.place.jobs.get(job).id).yaml == before
    row = room.place.runs.get(card.run_id)
    assert row.trigger["once"] == {"subject": "Only a trial"}


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("run it now with colour blue", "job_bindings_invalid", "What can be set: topic, limit, read.url"),
        ("run it now with limit 300", "job_bindings_invalid", "'limit'"),
        ("run it now with title 3", "", "letter.title 3"),
    ],
)  # fmt: skip
async def test_what_cannot_be_set_is_said_with_what_can(
    room: Room, text: str, code: str, told: str
) -> None:
    job = await kept(room, "digest", JOB, room.site.feed)
    events = await room.say(text, focus=job)
    notices = only(events, Notice)
    assert [notice.code for notice in notices] == ([code] if code else [])
    assert told in (notices[0].message if notices else text_of(events))
    assert bool(only(events, RunCard)) == (code == "")
