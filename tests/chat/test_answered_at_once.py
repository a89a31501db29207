"""What is asked now and only reads is answered now; what is to be kept, or changes something, waits."""

from __future__ import annotations

import pytest

from assistant.chat.events import DraftCard, PhaseChanged, QuestionCard, RunCard, ToolDone
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import only

BEST = {"fetch_feed": {"url": "<feed1>", "urls": ["<feed1>"]}, "rank_items": {"topic": "batteries"}}
TWO = Script({"kind": "job", "steps": ["fetch_feed", "rank_items"]}, **BEST)
LATER = Script({"kind": "job", "steps": ["fetch_feed", "rank_items"], "when": "<when1>"}, **BEST)
SAVED = Script({"kind": "job", "steps": ["fetch_feed", "save_file"]},
               fetch_feed=BEST["fetch_feed"], save_file={"name": "<file1>"})  # fmt: skip


@pytest.mark.parametrize(
    ("script", "text", "tools"),
    [
        (TWO, "Which stories in {feed} are about batteries?", ["fetch_feed", "rank_items"]),
        (TWO, "please show the stories of {feed} about batteries", ["fetch_feed", "rank_items"]),
        (TWO, "Draft a job: which stories in {feed} are about batteries?", []),
        (TWO, "The best stories about batteries from {feed}", []),
        (TWO, "Whenever I run it: which stories in {feed} are about batteries?", []),
        (LATER, "Which stories in {feed} are about batteries on Mondays at 7?", []),
        (SAVED, "Can you save the stories of {feed} to batteries.md?", []),
    ],
)
async def test_a_question_that_several_tools_answer_needs_no_approval(
    room: Room, script: Script, text: str, tools: list[str]
) -> None:
    room.direct(script)
    events = await room.say(text.format(feed=room.site.feed), dry_run=False)
    assert [done.skill for done in only(events, ToolDone)] == tools
    assert only(events, QuestionCard) == []
    assert bool(only(events, DraftCard)) == (tools == [])
    moves = [(move.before, move.phase) for move in only(events, PhaseChanged)]
    assert moves == ([("observe", "execute"), ("execute", "verify")] if tools
                     else [("observe", "plan")])  # fmt: skip
    [job] = room.place.jobs.list()
    assert bool(room.place.jobs.open_draft(job.id)) == (tools == [])
    assert {card.status for card in only(events, RunCard) if card.receipt} == (
        {"succeeded"} if tools else set()
    )
