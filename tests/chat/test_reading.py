"""Where a job is in its cycle, as screens show it: all done after a run that succeeded."""

from __future__ import annotations

import pytest

from assistant.chat import reading
from tests.chat.conftest import Room

JOB = """job: told
title: Told
steps:
- id: note
  skill: save_file
  with: {{name: note.txt, content: hello}}
- id: count
  set: {{n: "${{{{ {count} }}}}"}}
{expect}"""


async def stands(room: Room, count: str = "1", expect: str = "") -> tuple[str, bool, str]:
    """Phase, whether all is done, and the line that `assistant jobs phase` begins with."""
    record = room.place.jobs.create("told")
    draft = await room.conversation.propose(record.id, JOB.format(count=count, expect=expect))
    await room.conversation.approve(draft.draft_id)
    assert not reading.strip(room.place, room.place.jobs.get(record.id)).done
    _ = [event async for event in room.conversation.run_now(record.id)]
    record = room.place.jobs.get(record.id)
    shown = reading.strip(room.place, record)
    return shown.now, shown.done, reading.standing_in_words(room.place, record).splitlines()[0]


@pytest.mark.parametrize(
    ("expect", "phase"), [("", "verify"), ('expect: ["${{ 1 < 2 }}"]', "condense")]
)
async def test_all_phases_are_done_once_a_run_succeeded(room: Room, expect: str, phase: str):
    assert await stands(room, expect=expect) == (
        phase, True, "Cycle 1 of 1: observe → plan → execute → verify → condense, done",
    )  # fmt: skip
    _ = [event async for event in room.conversation.run_now("told")]
    assert reading.strip(room.place, room.place.jobs.get("told")).done


async def test_a_job_that_was_brought_in_is_done_after_its_run(room: Room):
    record = room.place.jobs.create("told")
    room.place.lifecycle.save(record.id, JOB.format(count="1", expect=""), author="import")
    assert not reading.strip(room.place, room.place.jobs.get(record.id)).done
    _ = [event async for event in room.conversation.run_now(record.id)]
    assert reading.strip(room.place, room.place.jobs.get(record.id)).done


async def test_a_job_whose_run_failed_stays_where_it_is(room: Room):
    assert await stands(room, count="1 // 0") == (
        "execute", False, "Cycle 1 of 1: observe → plan → [execute] → verify → condense",
    )  # fmt: skip


async def test_a_changed_job_is_in_its_phases_again_until_it_has_run(room: Room):
    await stands(room)
    record = room.place.jobs.get("told")
    await room.conversation.propose(record.id, JOB.format(count="2", expect=""))
    shown = reading.strip(room.place, room.place.jobs.get(record.id))
    assert (shown.now, shown.done) == ("plan", False)
