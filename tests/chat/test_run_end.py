"""A run that ends says what it came to: where a letter is, which files there are, why it ended early."""

from __future__ import annotations

from assistant.chat.events import TextDelta
from tests.chat.conftest import Room

JOB = """job: told
title: Told
inputs: {{stop: {{type: boolean, default: {stop}}}}}
steps:
- id: note
  skill: save_file
  with: {{name: note.txt, content: hello}}
- id: enough
  if: "${{{{ inputs.stop }}}}"
  stop: nothing new today
- id: send
  skill: send_email
  with: {{to: jo@example.org, subject: "{subject}", body: hello}}
"""


async def told(room: Room, **given: str) -> tuple[str, str]:
    """What is told, and the address of the run's files in the panel."""
    record = room.place.jobs.create("told")
    draft = await room.conversation.propose(record.id, JOB.format(**given))
    await room.conversation.approve(draft.draft_id)
    events = [event async for event in room.conversation.run_now(record.id)]
    (run,) = room.place.runs.list(job="told", limit=1)
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    return said, f"#/runs/{run.id}/output"


async def test_a_letter_that_only_lies_in_the_outbox_is_said_to(room: Room):
    said, files = await told(room, stop="false", subject="x" * 90)
    assert said == (
        f"The letter to jo@example.org (“{'x' * 69}…”) is written, and lies in the outbox: no mail server is "
        f"set, so nothing was sent. One is set under [Settings, Mail](#/settings/mail). Files: [note.txt]({files})."
    )


async def test_a_message_without_a_channel_is_no_letter(room: Room):
    record = room.place.jobs.create("noted")
    noted = "job: noted\nsteps:\n- id: tell\n  skill: notify\n  with: {message: hello}\n"
    draft = await room.conversation.propose(record.id, noted)
    await room.conversation.approve(draft.draft_id)
    events = [event async for event in room.conversation.run_now(record.id)]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == (
        "The message is written, and lies in the outbox: it names no channel."
        " One is set up under [Settings, Channels](#/settings/channels)."
    )


async def test_a_run_that_ends_early_says_why(room: Room):
    said, files = await told(room, stop="true", subject="x")
    assert said == f"It ended early: nothing new today. Files: [note.txt]({files})."
