"""The real panel in a process of its own, and a real browser that may only talk to this machine."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assistant.store.files import write_atomically
from tests.panel.running_panel import CHROMIUM, Panel, chromium, running_panel

OUTSIDE = '''"""A skill that did not come with the product."""

from assistant.skills.door import skill


@skill(effect="pure")
def say_hello(name: str) -> str:
    """Greet somebody."""
    return f"Hello, {name}"
'''


@pytest.fixture(scope="package")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """`assistant panel` on a fresh home folder; one for all of these tests, since it takes seconds."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "skills" / "say_hello"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(
        "---\nname: say_hello\ndescription: Greets somebody.\n---\n\nUse it to greet.\n"
    )
    (folder / "skill.py").write_text(OUTSIDE)
    with running_panel(home) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the panel last wrote to its terminal stands beside a test that failed."""
    report = yield
    running = item.funcargs.get("panel")
    if report.failed and isinstance(running, Panel):
        report.sections.append(("the panel's terminal", running.log.read_text()[-4000:]))
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # No longer than a module: the driver keeps an event loop, beside which no async test can run.
    if not CHROMIUM:
        pytest.skip("no Chromium here: apt-get install chromium")
    with chromium() as running:
        yield running


@pytest.fixture
def page(panel: Panel, browser: Browser) -> Iterator[Page]:
    """A fresh browser on the panel; at the end no error and no request off this machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield from watched(context, panel)


@pytest.fixture
def phone(panel: Panel, browser: Browser) -> Iterator[Page]:
    """The same on a phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", has_touch=True
    )
    yield from watched(context, panel)


@pytest.fixture
def unplugged(panel: Panel, browser: Browser) -> Iterator[Page]:
    """A page whose connection a test cuts: that it cannot reach the panel then is no error of ours."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield from watched(context, panel, allowed=CUT)


CUT = re.compile("ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_NETWORK|Failed to fetch|NetworkError|502|503|EMPTY_RESPONSE")  # fmt: skip


def watched(
    context: BrowserContext, panel: Panel, allowed: re.Pattern[str] | None = None
) -> Iterator[Page]:
    """A page that must end without an error or a request off this machine. The settings of the home,
    which all of these tests share, are as they were afterwards: none may depend on another's."""
    kept = panel.home / "settings.toml"
    before = kept.read_text() if kept.exists() else ""
    opened = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda r: outside.append(r.url) if not local(r.url) else None)
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.goto(panel.new_link())
    opened.wait_for_selector("#prompt textarea:enabled")
    yield opened
    context.close()
    if kept.exists() and kept.read_text() != before:
        # At once, since the panel reads it again whenever it has changed.
        write_atomically(kept, before)
    wrong = [error for error in errors if allowed is None or not allowed.search(error)]
    assert (outside, wrong) == ([], [])


def local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:"))
