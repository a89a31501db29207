"""A run as a terminal shows it."""

from __future__ import annotations

import io

from rich.console import Console
from rich.progress import Progress

from assistant import events
from assistant.cli.follow import Telling

AT = {"run_id": "r1", "at": "2026-03-02T12:00:00.000Z"}


def test_every_step_at_work_has_a_bar_that_goes_when_it_ends() -> None:
    bars = Progress(console=Console(file=io.StringIO(), force_terminal=True))
    telling = Telling(bars)

    def shown() -> list[tuple[str, float, float | None]]:
        return [(task.description, task.completed, task.total) for task in bars.tasks]

    telling.tell(events.StepStarted(**AT, path="read", skill="fetch_feed"))
    telling.tell(events.StepStarted(**AT, path="fan.left/a", skill="scrape_page"))
    telling.tell(events.StepProgress(**AT, path="read", message="feed 2", done=2, total=5))
    assert shown() == [("read: feed 2", 2, 5), ("fan.left/a", 0, None)]
    telling.tell(events.StepRetrying(**AT, path="read", attempt=1, due=AT["at"], error={}))
    telling.tell(events.StepStarted(**AT, path="read", skill="fetch_feed", attempt=2))
    assert len(shown()) == 2
    telling.tell(events.StepDone(**AT, path="read", skill="fetch_feed"))
    telling.tell(events.StepFailed(**AT, path="fan.left/a", error={"message": "gone"}))
    assert shown() == []
