"""Small things of every day: what a row tells, keys in lists, looks, commands that are copied, files that
are fetched, exact words of what is asked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.panel.conftest import watched
from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file, said

pytestmark = pytest.mark.browser
DAILY = """
job: {name}
title: {title}
schedule: {{cron: "45 5 * * *", timezone: Europe/London}}
steps:
  - {{id: note, skill: save_file, with: {{name: note.txt, content: the tide is low}}}}
"""
LOOKALIKE = "https://\u0430pple.example/hook"
"""Its first letter is a Cyrillic one."""


@pytest.fixture(scope="module")
def job(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = job_file(tmp_path_factory.mktemp("jobs"), "tide-note", title="Tide note", text=DAILY)
    for words in (("import", str(path)), ("enable", "tide-note")):
        assert panel.command("jobs", *words).returncode == 0
    return "tide-note"


@pytest.fixture
def dark_room(panel: Panel, browser: Browser) -> Iterator[Page]:
    """A browser on a system that is set to dark."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", color_scheme="dark"
    )
    yield from watched(context, panel)


def test_a_row_tells_schedule_next_run_stage_and_the_last_results(page: Page, job: str):
    shown = go(page, f"#/jobs/{job}")
    shown.get_by_role("button", name="Run now").click()
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    go(page, "#/jobs?q=tide&state=scheduled")
    row = page.locator("#place tbody tr")
    expect(row).to_have_count(1)
    for column, words in (
        ("Schedule", "Every day at 05:45"),
        ("Next run", "05:45"),
        ("Stage", "Conversation"),
        ("Status", "scheduled"),
    ):
        expect(row.locator(f'td[data-label="{column}"]')).to_contain_text(words)
    expect(row.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("Of the last 1 runs 1 succeeded")
    )
    page.locator("#place select[name=state]").select_option("draft")
    expect(page.locator("#place .empty")).to_contain_text("No job fits", timeout=WAIT)
    page.get_by_role("link", name="Show all jobs").click()
    expect(page.locator("#place tbody tr", has_text="Tide note")).to_have_count(1, timeout=WAIT)

    # Many at once: paused, and going on again.
    for word, state in (("Pause the chosen", "paused"), ("Resume the chosen", "scheduled")):
        row = page.locator("#place tbody tr", has_text="Tide note")
        row.locator("input[type=checkbox]").check()
        page.get_by_role("button", name=word).click()
        said(page, "1 of them")
        expect(row.locator(".chip")).to_have_text(state, timeout=WAIT)


def test_a_list_is_gone_through_by_keys_and_a_node_leads_to_its_step(page: Page, job: str):
    go(page, f"#/runs?job={job}")
    page.keyboard.press("j")
    first = page.locator("#place tbody a[href]").first
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#prompt textarea")).to_be_focused(timeout=WAIT)
    go(page, f"#/jobs/{job}")
    page.locator('#place .graph [data-path="note"]').first.click()
    page.wait_for_url(re.compile("/step/note$"), timeout=WAIT)
    expect(page.locator("#place .sheet.focus")).to_contain_text("Save it as note.txt", timeout=WAIT)


def test_a_file_of_a_run_is_fetched_and_a_command_is_copied(page: Page, panel: Panel, job: str):
    runs = json.loads(panel.command("runs", "list", "--json").stdout)["payload"]["runs"]
    run = next(one["id"] for one in runs if one["job"] == job)
    shown = go(page, f"#/runs/{run}/output")
    with page.expect_download() as coming:
        shown.locator("a[href*='/artifacts/']", has_text="note.txt").first.click()
    assert Path(coming.value.path()).read_text() == "the tide is low"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.locator("details.cli summary").click()
    command = f"assistant runs show {run}"
    shown.get_by_role("button", name=re.compile(re.escape(command))).click()
    page.wait_for_function(
        "text => navigator.clipboard.readText().then(is => is === text)", arg=command
    )
    assert panel.command(*command.split()[1:]).returncode == 0


def test_a_run_is_replayed_with_the_newest_version(page: Page, panel: Panel, job: str):
    shown = go(page, f"#/jobs/{job}/file")
    text = shown.locator("[name=yaml]").input_value()
    shown.locator("[name=yaml]").fill(text.replace("the tide is low", "the tide is high"))
    shown.get_by_role("button", name="Save as the next version").click()
    said(page, "Version 2 is in force.")
    runs = json.loads(panel.command("runs", "list", "--json").stdout)["payload"]["runs"]
    first = [one["id"] for one in runs if one["job"] == job][-1]
    shown = go(page, f"#/runs/{first}/step/note")
    shown.get_by_role("button", name="… with the newest version").click()
    page.wait_for_url(lambda url: "#/runs/" in url and first not in url, timeout=WAIT)
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    expect(page.locator("#place .facts")).to_contain_text("Version 2")
    page.locator(".bar-row", has_text="note").first.click()
    expect(page.locator(".sheet.focus")).to_contain_text("the tide is high", timeout=WAIT)


def test_the_focused_job_shows_its_events_and_versions_beside_the_chat(page: Page, job: str):
    page.locator("[data-job]", has_text="Tide note").click(timeout=WAIT)
    expect(page.locator("#head .phases li")).to_have_count(5, timeout=WAIT)
    page.get_by_role("tab", name="Output").click()
    expect(page.locator("#output")).to_contain_text("note.txt", timeout=WAIT)
    page.get_by_role("tab", name="Events").click()
    expect(page.locator("#log li").first).to_contain_text("succeeded", timeout=WAIT)
    page.get_by_role("tab", name="Versions").click()
    expect(page.locator("#history")).to_contain_text("Edited in the panel", timeout=WAIT)


def test_a_tool_call_is_a_line_with_its_duration_that_unfolds(page: Page, panel: Panel):
    page.click("#new-job")
    page.fill("#prompt textarea", f"What is new in {panel.feed} ?")
    page.press("#prompt textarea", "Enter")
    line = page.locator("#bot .title").first
    expect(line).to_contain_text(re.compile(r"\d s|\d+\.\d+s|\d+(\.\d+)? ?(ms|s)"), timeout=WAIT)
    expect(page.locator("#send")).to_be_visible(timeout=WAIT)


def test_what_is_asked_is_shown_whole_with_hosts_that_look_like_others_in_punycode(page: Page):
    shown = go(page, "#/skills/http_request")
    long = "x" * 3000
    shown.locator("[name='arg:url']").fill(LOOKALIKE)
    shown.locator("[name='arg:method']").select_option("POST")
    shown.locator("[name='arg:body']").fill(long)
    shown.get_by_role("button", name="Run it once").click()
    asked = page.locator("#place .asks")
    expect(asked.locator(".code")).to_contain_text(LOOKALIKE, timeout=WAIT)
    expect(asked.locator(".code")).to_contain_text(long)
    expect(asked.locator(".note")).to_contain_text("xn--pple-43d.example")
    asked.get_by_role("button", name="Reject").click()
    expect(page.locator("#place .place-head .chip").first).to_have_text("failed", timeout=WAIT)
    # The error says what to do.
    expect(page.locator("#place .note.bad")).to_be_visible()


def test_the_mail_server_is_kept_and_what_does_not_hold_is_refused(page: Page, panel: Panel):
    shown = go(page, "#/settings/mail")
    shown.locator("[name=host]").fill("mail.example.org")
    shown.locator("[name=port]").fill("2525")
    shown.locator("form", has=page.locator("[name=host]")).get_by_role("button").first.click()
    said(page, "The mail server is saved")
    kept = tomllib.loads((panel.home / "settings.toml").read_text())["smtp"]
    assert (kept["host"], kept["port"]) == ("mail.example.org", 2525)
    shown = go(page, "#/settings/channels")
    for name, text in (("name", "night"), ("url", "json://127.0.0.1:9/x"), ("quiet", "late")):
        shown.locator(f"[name={name}]").fill(text)
    shown.get_by_role("button", name="Add a channel").click()
    refused = page.locator("#said .said.bad")
    expect(refused).to_contain_text("quiet", timeout=WAIT)
    expect(refused.locator("p").first).not_to_be_empty()
    assert "night" not in (panel.home / "settings.toml").read_text()


def test_the_look_follows_the_system_until_one_is_chosen(dark_room: Page):
    body = dark_room.locator("body")
    expect(body).to_have_class(re.compile(r"\bdark\b"), timeout=WAIT)
    shown = go(dark_room, "#/settings/look")
    for name, dark in (("Light", False), ("Dark", True), ("As the system", True)):
        shown.get_by_role("button", name=name).click()
        expect(shown.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        assert ("dark" in (body.get_attribute("class") or "").split()) is dark
    dark_room.emulate_media(color_scheme="light")
    expect(body).not_to_have_class(re.compile(r"\bdark\b"), timeout=WAIT)


def test_models_tell_size_and_memory_and_where_the_data_lie_is_told(page: Page, panel: Panel):
    shown = go(page, "#/models")
    starter = shown.locator("tbody tr", has_text="starter").first
    expect(starter).to_contain_text("answers now")
    sizes = starter.locator("td").all_inner_texts()[1:3]
    assert all(re.search(r"\d (kB|MB|GB)", text) for text in sizes), sizes
    expect(shown).to_contain_text("anthropic/")
    expect(go(page, "#/settings/data")).to_contain_text(str(panel.home))
