"""The real panel in a process of its own, and a real browser that may only talk to this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.settings import PROJECT
from tests.panel.running_panel import Panel, link_in

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """`assistant panel` on a fresh home folder."""
    home = tmp_path_factory.mktemp("home")
    port, demo_port = free_port(), free_port()
    environment = os.environ | {
        "ASSISTANT_HOME": str(home),
        "ASSISTANT_PANEL_PORT": str(port),
        "ASSISTANT_DEMO_PORT": str(demo_port),
        "ASSISTANT_TIMEZONE": "Europe/London",
        "PYTHONUNBUFFERED": "1",
    }
    log = home / "panel.log"
    began = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "panel", "--no-browser"],
            cwd=PROJECT, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    try:
        wait_until_it_answers(process, port, log)
        took = time.monotonic() - began
        yield Panel(home, port, demo_port, process, environment, link_in(log.read_text()), took)
    finally:
        process.terminate()
        process.wait(20)


def wait_until_it_answers(process: subprocess.Popen[str], port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError(f"the panel ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no panel after a minute: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(panel: Panel, chromium: Browser) -> Iterator[Page]:
    """A fresh browser on the panel; at the end no error and no request off this machine."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda r: outside.append(r.url) if not local(r.url) else None)
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto(panel.new_link())
    opened.wait_for_selector("#prompt textarea")
    yield opened
    context.close()
    assert (outside, errors) == ([], [])


def local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:"))
