"""A run as it happens: lines in a pipe, the same lines and bars on a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from assistant import events
from assistant.cli.output import line
from assistant.ids import ONCE

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from assistant.store.runs import RunRepository, StoredEvent

POLL_SECONDS = 0.1
_STEP_ENDS = (events.StepDone, events.StepFailed, events.StepSkipped, events.StepUnknown)


async def follow(runs: RunRepository, run_id: str, after: int = 0) -> AsyncIterator[StoredEvent]:
    """The events of a run, in order, until it ends or waits for a person. From any process."""
    while True:
        # Asked before the events are read, so that nothing written in between is lost.
        resting = runs.get(run_id).status in (*events.ENDED, "waiting")
        for stored in runs.events(run_id, after):
            after = stored.seq
            yield stored
        if resting:
            return
        await asyncio.sleep(POLL_SECONDS)


def line_of(event: events.Event) -> str:
    """What is told of an event in one line; empty for those that are told otherwise."""
    match event:
        case events.RunQueued(job=job, dry=dry):
            of = "" if job == ONCE else f" of {job}"
            return f"{'Dry run' if dry else 'Run'} {event.run_id}{of}"
        case events.RunResumed(worker=worker):
            return f"… taken up again by {worker}"
        case events.StepDone(path=path, seconds=seconds, seeded=seeded, cached=cached):
            if event.preview:
                return f"~ {path}: would {_preview(event.skill, event.output)}"
            how = "kept" if seeded else "cached" if cached else f"{seconds:.1f} s"
            return f"✓ {path} ({how})"
        case events.StepFailed(path=path, error=error):
            return f"✗ {path}: {error.get('message', '')} ({error.get('code', '')})"
        case events.StepRetrying(path=path, attempt=attempt, due=due, error=error):
            return f"↻ {path}: try {attempt} failed, again at {due}: {error.get('message', '')}"
        case events.StepSkipped(path=path, reason=reason):
            return f"- {path}: skipped {f'({reason})' if reason else ''}".rstrip()
        case events.StepUnknown(path=path):
            return f"? {path}: interrupted while writing; it is not repeated"
        case events.StepWarned(path=path, message=message):
            return f"! {path}: {message}"
        case events.RunPaused(path=path, when=when):
            return f"‖ paused {when} {path}"
        case events.ApprovalAsked(path=path, question=question):
            return f"? {path}: {question}"
        case events.ApprovalDecided(path=path, approved=approved, by=by):
            return f"{'✓' if approved else '✗'} {path}: {'approved' if approved else 'rejected'} by {by}"
        case events.ArtifactSaved(name=name, size=size):
            return f"+ {name} ({size:,} bytes)"
        case events.ExpectationChecked(expression=expression, held=held):
            return "" if held else f"✗ expected {expression}"
        case events.RunEnded(status=status, reason=reason, error=error):
            told = reason or (error or {}).get("message", "")
            return f"{status}{f': {told}' if told else ''}"
        case (
            events.RunStarted()
            | events.StepStarted()
            | events.StepProgress()
            | events.ModelCalled()
        ):
            return ""
        case _:
            assert_never(event)


class Telling:
    """Prints events; on a terminal the steps at work are shown below them, each with a bar."""

    def __init__(self, bars: Progress | None) -> None:
        self._bars = bars
        self._at_work: dict[str, TaskID] = {}

    def tell(self, event: events.Event) -> None:
        if self._bars is not None:
            self._move(self._bars, event)
        if text := line_of(event):
            line(text)

    def _move(self, bars: Progress, event: events.Event) -> None:
        if isinstance(event, events.StepStarted):
            if event.path not in self._at_work:
                # Without a total the bar only says that something is going on.
                self._at_work[event.path] = bars.add_task(event.path, total=None)
        elif isinstance(event, events.StepProgress):
            if (task := self._at_work.get(event.path)) is not None:
                about = f"{event.path}: {event.message}"
                bars.update(task, description=about, completed=event.done or 0, total=event.total)
        elif isinstance(event, _STEP_ENDS) and event.path in self._at_work:
            bars.remove_task(self._at_work.pop(event.path))


@contextmanager
def telling() -> Generator[Telling]:
    """A `Telling` for the terminal or the pipe that is there."""
    if not sys.stdout.isatty():
        yield Telling(None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(24))
    with Progress(*columns, MofNCompleteColumn(), transient=True) as bars:
        yield Telling(bars)


def _preview(skill: str, output: object) -> str:
    from assistant.chat.summaries import would

    return would(skill, output)
