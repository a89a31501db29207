"""What a person waits for: the command line, the panel, the first draft card; and its memory."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from assistant.chat.events import DraftCard
from assistant.chat.turn import Conversation
from assistant.demo import DemoSite
from assistant.settings import load
from assistant.workplace import Workplace
from tests.bench.figures import Figure, figure, report
from tests.panel.running_panel import free_port

REPEATS = 7
REQUEST = (
    "Every weekday at 7 make me a newsletter of the five best stories about batteries "
    "from {feed} and mail it to jo@example.org"
)


def median(measure: Callable[[], float], repeats: int = REPEATS) -> float:
    measure()  # the files are in memory after this
    return statistics.median(measure() for _ in range(repeats))


def command(home: Path, *words: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [Path(sys.executable).with_name("assistant"), *words],
        env=os.environ | {"ASSISTANT_HOME": str(home)}, check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - began


def resident(pid: int) -> float:
    """Megabytes of a process and its children."""
    children = subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True
    )
    total = 0
    for each in [str(pid), *children.stdout.split()]:
        try:
            status = Path(f"/proc/{each}/status").read_text()
        except OSError:
            continue
        if found := re.search(r"VmRSS:\s+(\d+)", status):
            total += int(found[1])
    return total / 1024


def panel(home: Path) -> tuple[float, float]:
    """Seconds until the panel answers, and megabytes once the model is loaded."""
    port = free_port()
    environment = os.environ | {"ASSISTANT_HOME": str(home), "ASSISTANT_DEMO_PORT": "0"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("assistant"), "panel", "--no-browser", "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        answered = time.perf_counter() - began
        time.sleep(6)
        return answered, resident(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


async def first_cards(home: Path, feed: str) -> tuple[float, float]:
    """Seconds from a prompt to its draft card: with everything cold, and then."""
    place = Workplace.open(load(home=home, timezone="Europe/London"))
    talk = Conversation(place)

    async def card() -> float:
        began = time.perf_counter()
        async for event in talk.turn(REQUEST.format(feed=feed)):
            if isinstance(event, DraftCard):
                return time.perf_counter() - began
        raise SystemExit("no draft card came")

    cold = await card()
    warm = statistics.median([await card() for _ in range(5)])
    await place.close()
    return cold, warm


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, DemoSite(free_port()) as site:
        home = Path(name) / "home"
        os.environ["ASSISTANT_ALLOW_ORIGINS"] = f'["{site.origin}"]'
        helped = median(lambda: command(home, "--help"))
        listed = median(lambda: command(home, "jobs", "list"))
        answered, megabytes = panel(home)
        cold, warm = asyncio.run(first_cards(Path(name) / "cards", site.feed))
    return [
        figure("assistant --help", helped, "s", 0.4),
        figure("assistant jobs list", listed, "s", 0.8),
        figure("panel answers", answered, "s", 6),
        figure("panel with its model", megabytes, "MB", 700),
        figure("first draft card, all cold", cold, "s", 3),
        figure("draft card after that", warm, "s", 2),
    ]


if __name__ == "__main__":
    sys.exit(report(measure))
