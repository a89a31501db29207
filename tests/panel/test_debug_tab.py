"""The Debug tab in a real browser: hold a run, look, change, go on; the panel has the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistant.panel import debug_views
from tests.panel.running_panel import Panel

pytestmark = pytest.mark.browser
WAIT = 30_000
JOB = """\
job: {name}
title: {title}
inputs: {{word: {{type: string, default: hello}}}}
steps:
  - {{id: first, set: {{text: "${{{{ inputs.word }}}} <img src=x onerror=alert(1)>"}}}}
  - {{id: note, skill: save_file, with: {{name: a.txt, content: "${{{{ vars.text }}}}"}}}}
  - {{id: again, skill: save_file, with: {{name: b.txt, content: "${{{{ steps.note.artifact.name }}}}"}}}}
outputs: {{size: "${{{{ steps.note.artifact.size }}}}"}}
"""


def open_debug_tab(panel: Panel, page: Page, name: str, tmp_path: Path) -> None:
    """Import a job and look at its Debug tab."""
    path = tmp_path / f"{name}.yaml"
    path.write_text(JOB.format(name=name, title=name.capitalize()))
    assert panel.command("jobs", "import", str(path)).returncode == 0
    page.locator("[data-job]", has_text=name.capitalize()).click(timeout=WAIT)
    page.get_by_role("tab", name="Debug").click()
    expect(page.locator("#debug [data-break]")).to_have_count(3, timeout=WAIT)


def write(page: Page, value: Any) -> None:
    page.locator("#debug-text .cm-content").fill(json.dumps(value))


def receipts(panel: Panel, name: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in panel.home.glob(f"runs/{name}/*/run_receipt.json")]  # fmt: skip


def test_a_step_is_held_its_input_changed_and_the_run_goes_on(
    panel: Panel, page: Page, tmp_path: Path
):
    open_debug_tab(panel, page, "letters", tmp_path)
    write(page, {"word": "moin"})
    page.click("[data-break=note]")
    expect(page.locator("#debug-head .held")).to_contain_text("note", timeout=WAIT)
    expect(page.locator("#debug-text")).to_contain_text("moin <img src=x")
    page.locator("#debug summary", has_text="vars").click()
    expect(page.locator("#debug details[open] pre")).to_contain_text("<img src=x onerror")
    assert page.locator("#debug img").count() == 0

    write(page, {"name": "a.txt", "content": 5})
    page.click("#debug-use")
    expect(page.locator("#bot")).to_contain_text("Input should be a valid string", timeout=WAIT)
    expect(page.locator("#debug-head .held")).to_contain_text("note")

    write(page, {"name": "a.txt", "content": "edited"})
    page.click("#debug-use")
    expect(page.locator("#debug [data-break]")).to_have_count(3, timeout=WAIT)
    [receipt] = receipts(panel, "letters")
    assert (receipt["status"], receipt["outputs"]) == ("succeeded", {"size": 6})


def test_steps_are_made_one_by_one_skipped_and_the_run_aborted(
    panel: Panel, page: Page, tmp_path: Path
):
    open_debug_tab(panel, page, "stepped", tmp_path)
    page.click("[data-break=note]")
    held = page.locator("#debug-head .held")
    expect(held).to_contain_text("note", timeout=WAIT)
    page.keyboard.press("Alt+n")
    expect(held).to_contain_text("again", timeout=WAIT)
    page.click("#debug-skip")
    expect(page.locator("#debug [data-break]")).to_have_count(3, timeout=WAIT)
    page.click("[data-break=note]")
    expect(held).to_contain_text("note", timeout=WAIT)
    page.keyboard.press("Alt+q")
    expect(page.locator("#debug [data-break]")).to_have_count(3, timeout=WAIT)
    assert sorted(receipt["status"] for receipt in receipts(panel, "stepped")) == [
        "cancelled", "succeeded",
    ]  # fmt: skip


def test_the_terminal_moves_on_what_the_panel_holds(panel: Panel, page: Page, tmp_path: Path):
    open_debug_tab(panel, page, "shared", tmp_path)
    page.locator("#debug-dry input").check()
    page.click("[data-break=again]")
    expect(page.locator("#debug-head .held")).to_contain_text("dry run", timeout=WAIT)
    run = page.locator("#debug-head .held code").inner_text()
    told = panel.apart("jobs", "debug", run, "--do", "continue", "--json")
    assert (told.returncode, json.loads(told.stdout)["status"]) == (0, "succeeded")
    expect(page.locator("#debug [data-break]")).to_have_count(3, timeout=WAIT)


def test_long_values_are_cut_and_hostile_names_stay_text():
    html = debug_views.values({"<b>": "x" * 10_000})
    assert "&lt;b&gt;" in html
    assert "6,002 characters more" in html
    assert "<script>" not in debug_views.steps([("<script>", "<script>")])
    assert "<script>" not in debug_views.held("<script>", "before", "<script>", dry=False)
    assert "<script>" not in debug_views.other_places(["<script>"])
