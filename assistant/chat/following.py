"""A run told as turn events: its steps as tools, its questions as cards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from assistant import events
from assistant.chat.events import Notice, QuestionCard, RunCard, ToolDone, ToolStarted, TurnEvent
from assistant.chat.summaries import summary_of
from assistant.engine.values import Values
from assistant.job.waiting import open_questions
from assistant.workplace import Workplace

POLL_SECONDS = 0.1


async def follow(place: Workplace, run_id: str) -> AsyncIterator[TurnEvent]:
    """Tell a run until it ends or waits for a person; from any process.

    Stopping the iteration leaves the run alone: it lives in the engine, not in the turn.
    """
    row = place.runs.get(run_id)
    yield RunCard(run_id, row.job, row.status)
    values, after = Values(place.settings.run_dir(row.job, run_id) / "values"), 0
    while True:
        # Asked before the events are read, so that nothing written in between is lost.
        row = place.runs.get(run_id)
        for stored in place.runs.events(run_id, after):
            after = stored.seq
            if (told := _told(run_id, stored.event, values)) is not None:
                yield told
        if row.status == "waiting":
            for question in open_questions(place.runs, run_id):
                yield QuestionCard(
                    "approve", question.question, ("Approve", "Reject"), run_id, question.path,
                    question.arguments,
                )  # fmt: skip
            break
        if row.ended:
            if row.error and row.status != "succeeded":
                yield Notice(row.error["code"], row.error["message"], row.error.get("hint", ""))
            break
        await asyncio.sleep(POLL_SECONDS)
    receipt = (await place.engine()).receipt(run_id)
    files = tuple(artifact["name"] for artifact in receipt["artifacts"])
    yield RunCard(run_id, row.job, row.status, files, receipt)


def last_output(place: Workplace, run_id: str) -> Any:
    """What the last step of a run gave, whole; None when no step has succeeded."""
    row = place.runs.get(run_id)
    done = [a for a in place.runs.attempts(run_id) if a.status == "succeeded"]
    if not done:
        return None
    return Values(place.settings.run_dir(row.job, run_id) / "values").whole(done[-1].output)


def _told(run_id: str, event: events.Event, values: Values) -> TurnEvent | None:
    match event:
        case events.StepStarted(path=path, skill=skill, attempt=1) if skill:
            return ToolStarted(f"{run_id}/{path}", skill, event.arguments)
        case events.StepDone(path=path, skill=skill) if skill:
            output = values.whole(event.output)
            return ToolDone(
                f"{run_id}/{path}", skill, "previewed" if event.preview else "succeeded",
                event.seconds, summary_of(output), output,
            )  # fmt: skip
        case events.StepFailed(path=path, skill=skill) if skill:
            message = event.error.get("message", "")
            return ToolDone(f"{run_id}/{path}", skill, "failed", event.seconds, message)
        case events.StepUnknown(path=path, skill=skill):
            told = "interrupted while writing; it is not repeated by itself"
            return ToolDone(f"{run_id}/{path}", skill, "unknown", 0.0, told)
        case _:
            return None
