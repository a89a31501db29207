"""A person's word on what the panel found or was told: alerts, repairs, suggestions, the past of a
schedule, servers, downloads. Every button is pressed in a real browser."""

from __future__ import annotations

import re
import shlex
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.settings import PROJECT, load
from assistant.store.patches import Patch
from assistant.workplace import Workplace
from tests.models.test_model_manager import WHAT, Hub
from tests.models.tiny_gguf import write_chat_model
from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file, said

pytestmark = pytest.mark.browser
READS = """
job: {name}
title: {title}
schedule: {{cron: "0 7 * * *", timezone: Europe/London}}
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "https://harbour.example/feed.xml"}}
"""
NOTES = """
job: {name}
title: {title}
schedule: {{cron: "0 7 * * *", timezone: Europe/London}}
steps:
  - id: note
    skill: save_file
    with: {{name: note.txt, content: hello}}
"""
FAILS = """
job: {name}
title: {title}
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "http://127.0.0.1:1/feed.xml"}}
alerts: {{on: [failed]}}
"""


@pytest.fixture
def place(panel: Panel) -> Iterator[Workplace]:
    opened = Workplace.open(load(home=panel.home, timezone="Europe/London"))
    yield opened
    opened.close_store()


def bring_in(panel: Panel, folder: Path, name: str, text: str) -> str:
    told = panel.command("jobs", "import", str(job_file(folder, name, text=text)))
    assert told.returncode == 0, told.stderr
    return name


def sheet(page: Page, words: str) -> Locator:
    """The card of a place that says so."""
    return page.locator("#place .sheet", has_text=words)


def test_an_alert_of_a_failed_run_is_closed(page: Page, panel: Panel, tmp_path: Path):
    bring_in(panel, tmp_path, "gone-feed", FAILS)
    shown = go(page, "#/jobs/gone-feed")
    shown.get_by_role("button", name="Run now").click()
    page.wait_for_url(re.compile("#/runs/"), timeout=WAIT)
    expect(page.locator("#place .place-head .chip").first).to_have_text("failed", timeout=WAIT)
    go(page, "#/insight/alerts")
    row = page.locator("#place tbody tr", has_text="gone-feed")
    expect(row).to_have_count(1, timeout=WAIT)
    row.get_by_role("button", name=re.compile("Close it")).click()
    said(page, "is closed")
    expect(row.locator(".chip")).to_have_text("over", timeout=WAIT)


def test_a_run_of_the_command_line_that_failed_shows_in_insight_and_alerts_at_once(
    page: Page, panel: Panel, tmp_path: Path
):
    bring_in(panel, tmp_path, "feed-away", FAILS)
    go(page, "#/insight?job=feed-away")
    assert panel.apart("jobs", "run", "feed-away").returncode == 1
    expect(page.locator("#place .numbers")).to_contain_text("0 %")
    expect(sheet(page, "by skill")).to_contain_text("fetch feed")
    expect(go(page, "#/insight/alerts").locator("tbody tr", has_text="feed-away")).to_have_count(1)


def test_a_failed_run_leads_to_the_line_of_its_job_file(page: Page, panel: Panel, tmp_path: Path):
    bring_in(panel, tmp_path, "lost-feed", FAILS)
    go(page, "#/jobs/lost-feed").get_by_role("button", name="Run now").click()
    page.wait_for_url(re.compile("#/runs/"), timeout=WAIT)
    page.locator("#place .note.bad").get_by_role("link", name="Line 5 of the file").click()
    page.wait_for_url(re.compile("#/jobs/lost-feed/file"), timeout=WAIT)
    field = page.locator("#place textarea[name=yaml]")
    expect(field).to_be_focused(timeout=WAIT)
    chosen = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    assert field.evaluate(chosen).strip() == "- id: read"


def test_suggestions_are_put_off_refused_and_done(page: Page, panel: Panel, tmp_path: Path):
    for name in ("reads-one", "reads-two", "reads-three"):
        bring_in(panel, tmp_path, name, READS)
        assert panel.command("jobs", "enable", name).returncode == 0
    shown = go(page, "#/insight/suggestions")
    shown.get_by_role("button", name="Look again").click()
    said(page, "suggestions are open")
    cards = page.locator("#place .sheet")
    expect(cards.first).to_be_visible(timeout=WAIT)
    whole = cards.count()
    assert whole >= 3
    cards.first.get_by_role("button", name="Not now").click()
    said(page, "Put off for a week.")
    expect(cards).to_have_count(whole - 1, timeout=WAIT)
    cards.first.get_by_role("button", name="Never").click()
    said(page, "It is not suggested again.")
    expect(cards).to_have_count(whole - 2, timeout=WAIT)
    before = panel.command("jobs", "versions", "reads-two", "--json").stdout
    cards.first.get_by_role("button", name="Do it").click()
    said(page, "Done.")
    expect(cards).to_have_count(whole - 3, timeout=WAIT)
    after = [panel.command("jobs", "versions", name).stdout for name in ("reads-one", "reads-two", "reads-three")]  # fmt: skip
    assert before
    assert any("v2" in text or "\n2" in text or text.startswith("2") for text in after), after


def proposed(place: Workplace, name: str, content: str) -> Patch:
    """A repair of a job that waits for a word, as healing leaves it."""
    record = place.jobs.get(name)
    now = place.jobs.version(record.id)
    made = place.patches.add(
        job_id=record.id, job=name, run_id="20260301T070000000Zabcd", path="note", skill="save_file",
        signature=f"test {content}", fault="other", source="recipe", reason="the note was wrong",
        changes=({"key": "with.content", "before": "hello", "after": content},),
        words=(f"- content: hello, + content: {content}",), evidence={"why": "It was wrong", "proof": {"why": "Replayed"}},
        yaml=now.yaml.replace("content: hello", f"content: {content}"), base=now.number, version=0, seconds=1.0,
    )  # fmt: skip
    place.patches.change(made.id, state="asked", decision="ask")
    return place.patches.get(made.id)


def test_a_repair_is_put_in_force_taken_back_and_another_rejected(
    page: Page, panel: Panel, place: Workplace, tmp_path: Path
):
    name = bring_in(panel, tmp_path, "mended", NOTES)
    proposed(place, name, "better")
    shown = go(page, f"#/insight/healing?job={name}")
    card = shown.locator(".sheet", has_text="better")
    expect(card).to_contain_text("waits for your word")
    card.get_by_role("button", name="Put it in force mended").click()
    said(page, "The repair of mended is in force")
    assert "content: better" in place.jobs.version(place.jobs.get(name).id).yaml
    card = sheet(page, "better")
    card.get_by_role("button", name="Take it back mended").click()
    said(page, "is taken back")
    assert "content: hello" in place.jobs.version(place.jobs.get(name).id).yaml

    refused = proposed(place, name, "worse")
    card = sheet(page, "worse")
    expect(card).to_have_count(1, timeout=WAIT)
    card.get_by_role("button", name="Reject mended").click()
    said(page, "is rejected")
    assert place.patches.get(refused.id).state == "rejected"
    assert place.jobs.version(place.jobs.get(name).id).number == 3


def test_the_past_of_a_schedule_is_looked_at_then_run(page: Page, panel: Panel, tmp_path: Path):
    name = bring_in(panel, tmp_path, "noted", NOTES)
    assert panel.command("jobs", "enable", name).returncode == 0
    today = datetime.now(UTC).date()
    told = go(page, f"#/jobs/{name}").locator(".pairs").first
    expect(told).to_contain_text("the clocks go", timeout=WAIT)
    start, end = today - timedelta(days=3), today - timedelta(days=1)
    shown = go(page, f"#/jobs/{name}/ticks")
    shown.locator("[name=start]").fill(start.isoformat())
    shown.locator("[name=end]").fill(end.isoformat())
    shown.get_by_role("button", name="Show what would run").click()
    said(page, "3 instants would run; 0 ran before")
    expect(page.locator("#said p")).to_have_count(3)
    shown = page.locator("#place")
    shown.get_by_role("button", name="Run them").click()
    said(page, "3 instants are planned")
    expect(shown.locator("tbody tr", has_text="ran")).to_have_count(3, timeout=60_000)
    shown.locator("[name=start]").fill((today + timedelta(days=3)).isoformat())
    shown.get_by_role("button", name="Show what would run").click()
    said(page, "has not come yet")


def test_a_server_is_added_its_tool_is_used_and_it_is_removed(page: Page, panel: Panel):
    program = PROJECT / "tests" / "skills_web" / "mcp_servers.py"
    shown = go(page, "#/skills/servers")
    shown.locator("[name=name]").fill("calc")
    shown.locator("[name=where]").fill(shlex.join([sys.executable, str(program), "good"]))
    shown.get_by_role("button", name="Add, and ask for its tools").click()
    said(page, "5 tools are here.")
    page.locator("#place .tags a", has_text="add").click()
    page.locator("[name='arg:a']").fill("2")
    page.locator("[name='arg:b']").fill("3")
    page.get_by_role("button", name="Run it once").click()
    page.wait_for_url(re.compile("#/runs/"), timeout=WAIT)
    # What comes from outside asks first, with the exact arguments.
    expect(page.locator("#place .asks .code")).to_contain_text('"a": 2', timeout=WAIT)
    page.locator("#place .asks").get_by_role("button", name="Approve").click()
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    expect(page.locator("#place")).to_contain_text('"5"', timeout=WAIT)
    # Said to compute only, by hand, it asks no more.
    shown = go(page, "#/skills/mcp%2Fcalc%2Fadd")
    shown.locator("[name=effect]").select_option("pure")
    shown.get_by_role("button", name="Count it so").click()
    said(page, "add: only computes, from now on.")
    assert load(home=panel.home).mcp["calc"].effects == {"add": "pure"}
    page.locator("[name='arg:a']").fill("2")
    page.locator("[name='arg:b']").fill("4")
    page.get_by_role("button", name="Run it once").click()
    page.wait_for_url(re.compile("#/runs/"), timeout=WAIT)
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    expect(page.locator("#place")).to_contain_text('"6"', timeout=WAIT)
    # The same from the command line, which the open panel takes up.
    assert panel.command("mcp", "effect", "calc", "add", "write").returncode == 0
    shown = go(page, "#/skills/mcp%2Fcalc%2Fadd")
    expect(page.locator("#place .pairs", has_text="Effect")).to_contain_text("writes", timeout=WAIT)
    shown = go(page, "#/skills/servers")
    shown.get_by_role("button", name="Remove calc").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "calc is removed")
    expect(page.locator("#place")).to_contain_text("No MCP server yet", timeout=WAIT)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    write_chat_model(tmp_path / "tiny.gguf")
    made = Hub((tmp_path / "tiny.gguf").read_bytes())
    threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_model_is_downloaded_goes_on_after_a_cut_and_is_removed(
    page: Page, panel: Panel, hub: Hub
):
    told = panel.command("settings", "set", "allow_origins", f'["{hub.url}"]')
    assert told.returncode == 0, told.stderr
    shown = go(page, "#/settings/look")
    shown.locator("[name=timezone]").fill("Europe/Berlin")
    shown.get_by_role("button", name="Save").click()
    said(page, "Saved, and in use.")
    hub.break_after = [hub.size // 3]
    shown = go(page, "#/models")
    shown.locator("[name=what]").fill(f"{hub.url}/{WHAT.replace('GGUF/', 'GGUF/resolve/main/')}")
    shown.get_by_role("button", name="Download", exact=True).click()
    expect(page.locator("#place .works")).to_contain_text("local/tiny-q8 is here", timeout=WAIT)
    assert hub.ranges[0] == ""
    assert hub.ranges[-1].startswith("bytes=")
    row = page.locator("#place tbody tr", has_text="local/tiny-q8")
    row.get_by_role("button", name="Use local/tiny-q8").click()
    said(page, "local/tiny-q8 answers from now on.")
    page.get_by_role("button", name="Use starter").click()
    said(page, "starter answers from now on.")
    row.get_by_role("button", name="Remove local/tiny-q8").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "tiny-q8.gguf is gone")
    expect(row).to_have_count(0, timeout=WAIT)
