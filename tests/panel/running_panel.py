"""A panel in a process of its own, and a browser for it: for tests, figures and screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant.panel.safety import Links
from assistant.settings import PROJECT, load
from tests.command_line import command

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
PATIENCE_SECONDS = 120


@dataclass
class Panel:
    """A panel on a home folder of its own, in a process that can be ended and begun again."""

    home: Path
    port: int
    demo_port: int
    environment: dict[str, str]
    started_in: float = 0.0
    """Seconds from the command to the first answer."""
    process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def log(self) -> Path:
        """What it writes to its terminal."""
        return self.home / "panel.log"

    @property
    def feed(self) -> str:
        return f"http://127.0.0.1:{self.demo_port}/feed.xml"

    def start(self, *command: str) -> None:
        """Begin it, by this command if one is given, and wait for its first answer.

        Raises AssertionError with its words when there is none.
        """
        began = time.monotonic()
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "assistant", "panel", "--no-browser"],
                cwd=PROJECT, env=self.environment, stdout=out, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        _wait_until_it_answers(self.process, self.port, self.log)
        self.started_in = time.monotonic() - began

    def stop(self, *, kill: bool = False) -> None:
        """End it as a person does, or as a power cut does."""
        if self.process is not None:
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            self.process.wait(30)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`assistant …` beside the panel, on the same home."""
        return command(self.environment, *words)

    def apart(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own: for commands that run jobs or a panel themselves."""
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def new_link(self) -> str:
        """Another link that works once, made as a second `assistant panel` makes it."""
        key = Links(load(home=self.home).locks_dir / "panel-links.json").new()
        return f"http://127.0.0.1:{self.port}/?key={key}"


@contextmanager
def running_panel(home: Path, **settings: str) -> Iterator[Panel]:
    """`assistant panel` on a fresh home folder and free ports."""
    home.mkdir(parents=True, exist_ok=True)
    port, demo_port = free_port(), free_port()
    environment = os.environ | {
        "ASSISTANT_HOME": str(home),
        "ASSISTANT_PANEL_PORT": str(port),
        "ASSISTANT_DEMO_PORT": str(demo_port),
        "ASSISTANT_TIMEZONE": "Europe/London",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    panel = Panel(home, port, demo_port, environment)
    try:
        panel.start()
        yield panel
    finally:
        panel.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, kept from calling home."""
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[str], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the panel ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the panel does not answer: {log.read_text()}")
