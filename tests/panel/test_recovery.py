"""Nothing depends on the page: a cut line, a restarted and a killed panel, a second tab show the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file

pytestmark = pytest.mark.browser
ANEW = 3 * WAIT
"""A page that is loaded anew beside a panel that starts, and whatever else the machine does."""
ASKS = """
job: {name}
title: {title}
steps:
  - {{id: note, skill: save_file, with: {{name: note.txt, content: hello}}}}
  - {{id: ask, approve: Shall it go on?}}
  - {{id: last, skill: save_file, with: {{name: last.txt, content: bye}}}}
"""


@pytest.fixture
def waiting(unplugged: Page, panel: Panel, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a run that waits for a word, shown in the page."""
    name = f"asks-{abs(hash(request.node.name)) % 10_000}"
    assert panel.command("jobs", "import", str(job_file(tmp_path, name, text=ASKS))).returncode == 0
    go(unplugged, f"#/jobs/{name}").get_by_role("button", name="Run now").click()
    expect(unplugged.locator("#place .asks")).to_contain_text("Shall it go on?", timeout=WAIT)
    return str(unplugged.evaluate("location.hash"))


def test_what_happens_while_the_line_is_cut_shows_when_it_is_back(
    unplugged: Page, panel: Panel, waiting: str
):
    page = unplugged
    page.context.set_offline(True)
    run = waiting.split("/")[2]
    assert panel.command("runs", "approve", run).returncode == 0
    page.wait_for_timeout(1500)
    expect(page.locator("#place .asks")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    expect(page.locator("#place .bar-row")).to_have_count(2)


@pytest.mark.parametrize("kill", [False, True], ids=["restarted", "killed"])
def test_a_panel_that_ends_and_begins_again_shows_the_same_and_goes_on(
    unplugged: Page, panel: Panel, waiting: str, kill: bool
):
    page, second = unplugged, unplugged.context.new_page()
    second.goto(f"http://127.0.0.1:{panel.port}/{waiting}")
    expect(second.locator("#place .asks")).to_be_visible(timeout=WAIT)
    before = page.locator("#place .gantt").inner_text()
    second.evaluate("location.hash = '#/chat'")
    second.fill("#prompt textarea", "What I was about to say")
    for tab in (page, second):
        tab.evaluate("window.before = true")
    panel.stop(kill=kill)
    panel.start()
    # Both pages have found the new panel by themselves, and are where they were.
    for tab in (page, second):
        tab.wait_for_function("!window.before", timeout=ANEW)
    expect(second.locator("#prompt textarea")).to_have_value(
        "What I was about to say", timeout=ANEW
    )
    second.evaluate("address => { location.hash = address }", waiting)
    page.locator("#place .asks").get_by_role("button", name="Approve").click(timeout=ANEW)
    for tab in (page, second):
        chip = tab.locator("#place .place-head .chip").first
        expect(chip).to_have_text("succeeded", timeout=WAIT)
        expect(tab.locator("#place .bar-row")).to_have_count(2)
        assert before.splitlines()[0] in tab.locator("#place .gantt").inner_text()
    page.reload()
    expect(page.locator("#place .bar-row")).to_have_count(2, timeout=WAIT)
