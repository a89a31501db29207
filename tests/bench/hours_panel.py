"""The panel by the clock: hours with a scheduled run a minute, two tabs open, memory that stays flat.

`python -m tests.bench.hours_panel [--minutes 180]`. Not part of `make bench`, where bench_panel makes
as many runs one after the other: this one waits for each minute as a day at work does. One tab goes
from place to place, the other stays in the chat. Every ten minutes is told while it goes on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from assistant.settings import load
from assistant.workplace import Workplace
from tests.bench.bench_panel import heap_of
from tests.bench.bench_start import resident
from tests.bench.figures import Figure, figure, report
from tests.panel.running_panel import Panel, chromium, running_panel

WARM_MINUTES = 15
"""What is loaded once is loaded by then."""
TELL_MINUTES = 10
JOB = """\
job: hourly
schedule: {{cron: "* * * * *", timezone: UTC}}
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "{feed}"}}
  - id: note
    skill: save_file
    with: {{name: found.txt, content: "${{{{ size(steps.read.items) }}}} found"}}
"""
ROUND = (
    "#/jobs/hourly",
    "#/runs",
    "#/insight",
    "#/jobs",
    "#/skills",
    "#/models",
    "#/settings",
    "#/chat",
)

Sample = tuple[float, float]
"""Megabytes of the server with its children, and of both tabs' cleaned heaps."""


def measure(*, minutes: str = "") -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as name,
        running_panel(Path(name)) as panel,
        chromium() as browser,
    ):
        _begin(panel)
        tabs = [_tab(panel, browser), _tab(panel, browser)]
        samples = list(_by_the_minute(panel, tabs, int(minutes or 180)))
        place = Workplace.open(load(home=panel.home))
        runs = place.runs.list(limit=10_000)
        place.close_store()
    warm = samples[min(WARM_MINUTES, len(samples) // 3) :][:TELL_MINUTES]
    last = samples[-TELL_MINUTES:]
    succeeded = sum(1 for run in runs if run.status == "succeeded")
    return [
        figure("minutes", len(samples), "min"),
        figure("runs succeeded, a minute", succeeded / len(samples), "", 0.98, "at least"),
        figure("runs that did not succeed", len(runs) - succeeded, "", 1),
        figure("server when warm", _median(warm, 0), "MB"),
        figure("server grows", _median(last, 0) - _median(warm, 0), "MB", 15),
        figure("browser when warm", _median(warm, 1), "MB"),
        figure("browser grows", _median(last, 1) - _median(warm, 1), "MB", 10),
    ]


def _begin(panel: Panel) -> None:
    path = panel.home / "hourly.yaml"
    path.write_text(JOB.format(feed=panel.feed), encoding="utf-8")
    for words in (("jobs", "import", str(path)), ("jobs", "enable", "hourly")):
        done = panel.command(*words)
        assert done.returncode == 0, done.stdout + done.stderr


def _tab(panel: Panel, browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(panel.new_link())
    page.wait_for_selector("#prompt textarea:enabled")
    return page


def _by_the_minute(panel: Panel, tabs: Sequence[Page], minutes: int) -> list[Sample]:
    samples = list[Sample]()
    began = time.monotonic()
    for minute in range(minutes):
        tabs[0].evaluate("to => { location.hash = to }", ROUND[minute % len(ROUND)])
        tabs[0].wait_for_timeout(max(0.0, (began + 60 * (minute + 1) - time.monotonic()) * 1000))
        samples.append((resident(panel.pid), sum(map(heap_of, tabs))))
        if minute % TELL_MINUTES == 0:
            server, heap = samples[-1]
            print(f"minute {minute}: {server:.1f} MB, {heap:.1f} MB", file=sys.stderr, flush=True)
    return samples


def _median(samples: Sequence[Sample], which: int) -> float:
    return sorted(sample[which] for sample in samples)[len(samples) // 2]


if __name__ == "__main__":
    raise SystemExit(report(measure, texts={"minutes": "how long; 180 when not said"}))
