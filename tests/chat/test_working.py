"""Unattended work: every active and pending job goes on, within budgets, whatever another one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant.chat.events import Notice, RunCard, TextDelta
from assistant.chat.working import Budget, Work
from assistant.job.completing import Completer
from assistant.job.questions import APPROVE_COMPLETION
from assistant.models.doubles import Answer, Asked
from assistant.store.jobs import JobRecord
from tests.chat.conftest import Room, Script
from tests.chat.test_guided import Writer
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only

FEED = Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]})
SAVING = """\
job: saving
steps:
  - {id: file, skill: save_file, with: {name: soup.md, content: salt}}
expect: ["${{ size(steps.file.artifact.name) > 0 }}"]
"""


async def worked(room: Room, budget: Budget | None = None, **more: Any) -> tuple[Work, list[Any]]:
    """One round of work, and its `(job, event)` pairs."""
    work = Work(room.conversation, budget or Budget(seconds=0, moves=20), **more)
    return work, [pair async for pair in work.go()]


def moves(work: Work) -> list[tuple[str, str]]:
    return [(job, move.do) for job, move in work.account.moves]


def saving(room: Room) -> JobRecord:
    """A job with an accepted file, no schedule, and `expect` lines."""
    job = room.place.jobs.create("saving")
    room.place.lifecycle.approve(room.place.lifecycle.propose(job.id, SAVING).id)
    return job


async def test_pending_and_active_jobs_go_on_in_turns_to_what_only_a_person_can_do(
    room: Room,
) -> None:
    room.direct(FEED)
    asked = room.place.guide.dependencies.make(f"What is new in {room.site.feed} ?", name="news")
    job = saving(room)
    work, events = await worked(room)
    assert moves(work) == [("news", "prompt"), ("saving", "run"), ("saving", "close")]
    assert work.account.waits == {
        "news": "your judgement of what was made", "saving": "your answer to what it asked",
    }  # fmt: skip
    assert work.account.spent == ""
    assert {card.status for card in only([e for _, e in events], RunCard) if card.receipt} == {
        "succeeded"
    }
    assert [q.kind for q in room.place.guide.open_questions(job.id)] == ["JOB-COMPLETE"]
    assert room.place.jobs.get(asked.id).status == "active"
    again, events = await worked(room)
    assert (moves(again), events, again.account.waits) == ([], [], work.account.waits)


async def test_a_scheduled_job_is_left_to_its_schedule(room: Room) -> None:
    room.direct(NEWSLETTER)
    await room.say(newsletter_prompt(room), dry_run=False)
    [job] = room.place.jobs.list()
    await room.say("yes", focus=job.id)
    work, events = await worked(room)
    assert (moves(work), events) == ([], [])
    assert work.account.waits == {job.name: "the time or the event that starts it"}
    assert list(room.place.settings.outbox_dir.glob("*.eml")) == []


async def test_a_parent_is_completed_in_the_round_after_its_child(room: Room) -> None:
    guide = room.place.guide
    parent = room.place.jobs.create("soup")
    child = guide.dependencies.make("a photo", parent="soup", name="photo")
    completer = Completer(guide)
    completer.decide(completer.ask(parent.id), APPROVE_COMPLETION)
    guide.dependencies.remove("soup", "photo")
    guide.jobs.update(child.id, status="parked")
    work, events = await worked(room)
    assert moves(work) == [("soup", "complete")]
    assert work.account.waits == {}
    [told] = [event.text for _, event in events if isinstance(event, TextDelta)]
    assert told.startswith("soup is completed.")
    assert room.place.jobs.get(parent.id).status == "completed"


@pytest.mark.parametrize("cycles", [1, 5])
async def test_a_planned_job_goes_through_all_its_cycles_without_the_person(
    room: Room, cycles: int
) -> None:
    room.direct(Writer(cycles))
    job = room.place.jobs.create("soup", title="A post about fish soup")
    room.place.guide.plans.set_file(job.id, "plan.md")
    room.place.jobs.add_interaction(job.id, "prompt", "person", "Write a post about fish soup")
    work, _ = await worked(room, model="writer")
    record = room.place.jobs.get(job.id)
    assert (record.cycle, record.phase, record.status) == (cycles, "condense", "active")
    assert work.account.waits == {"soup": "your answer to what it asked"}
    [complete] = room.place.guide.open_questions(job.id)
    assert complete.kind == "JOB-COMPLETE"


async def test_a_bug_at_one_job_leaves_the_others_their_turn(room: Room) -> None:
    def broken(asked: Asked) -> Answer:
        if "soup" in asked.prompt:
            raise ZeroDivisionError("no salt")
        return FEED(asked)

    room.direct(broken)
    guide = room.place.guide
    guide.dependencies.make("Write about soup", name="soup")
    guide.dependencies.make(f"What is new in {room.site.feed} ?", name="news")
    work, events = await worked(room)
    assert moves(work) == [("soup", "prompt"), ("news", "prompt")]
    [(job, notice)] = [(j, e) for j, e in events if isinstance(e, Notice)]
    assert (job, notice.code, notice.message) == (
        "soup", "internal_error", "ZeroDivisionError: no salt",
    )  # fmt: skip
    assert work.account.waits["soup"] == "you: ZeroDivisionError: no salt"
    assert work.account.waits["news"] == "your judgement of what was made"


async def test_a_job_that_is_deleted_meanwhile_ends_no_round(room: Room) -> None:
    room.direct(FEED)
    room.place.guide.dependencies.make(f"What is new in {room.site.feed} ?", name="news")
    saving(room)
    work = Work(room.conversation, Budget(seconds=0, moves=20))
    async for job, _ in work.go():
        room.place.store.run("delete from jobs where name = 'news'")
        assert job in ("news", "saving")
    assert ("saving", "run") in moves(work)
    assert "news" in work.account.waits


@pytest.mark.parametrize(
    ("budget", "clock", "made", "spent"),
    [
        (Budget(seconds=5, moves=0), [0, 9], 0, "5 seconds"),
        (Budget(seconds=0, moves=1), [0], 1, "1 move"),
        (Budget(seconds=0, moves=0, tokens=1), [0], 1, "1 token"),
    ],
    ids=["seconds", "moves", "tokens"],
)
async def test_a_round_ends_when_a_budget_is_used_up(
    room: Room, budget: Budget, clock: list[float], made: int, spent: str
) -> None:
    def counted(asked: Asked) -> Answer:
        room.place.store.run(
            "insert into model_calls (at, model, tokens_in) values ('2026', 'puppet', 9)"
        )
        return FEED(asked)

    room.direct(counted)
    for name in ("one", "two"):
        room.place.guide.dependencies.make(f"What is new in {room.site.feed} ?", name=name)
    ticks = iter([*clock, *[clock[-1]] * 50])
    work, _ = await worked(room, budget, clock=ticks.__next__)
    assert (len(moves(work)), work.account.spent) == (made, spent)


async def test_a_move_that_takes_longer_than_the_seconds_is_broken_off(room: Room) -> None:
    class Slow:
        """A conversation whose model never answers."""

        place = room.place

        async def go_on(self, record: JobRecord, model: str = "") -> AsyncIterator[TextDelta]:
            yield TextDelta("…")
            await asyncio.sleep(60)

    room.place.guide.dependencies.make("Write about soup", name="soup")
    work = Work(Slow(), Budget(seconds=0.3, moves=0))  # type: ignore[arg-type]
    events = [event async for event in work.go()]
    assert events == [("soup", TextDelta("…"))]
    assert work.account.spent == "0.3 seconds"
    assert work.account.waits == {"soup": "the next round: the time was up"}
