"""The first story, through the real panel, starter model, engine and demo newspaper."""

from __future__ import annotations

import email
import email.policy
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.panel.running_panel import Panel

pytestmark = pytest.mark.browser
WAIT = 30_000


def say(page: Page, words: str) -> None:
    page.fill("#prompt textarea", words)
    page.press("#prompt textarea", "Enter")


def test_from_a_prompt_to_a_newsletter(panel: Panel, page: Page):
    outbox = panel.home / "outbox"
    before = set(outbox.iterdir())
    say(
        page,
        "Every weekday at 7 make me a newsletter of the five best stories about batteries "
        f"from {panel.feed} and mail it to jo@example.org",
    )
    # The draft: its steps, its times, what it would touch, and what a dry run made of it.
    expect(page.locator("#dock")).to_contain_text("jo@example.org", timeout=WAIT)
    draft = page.locator("#pipeline")
    expect(draft).to_contain_text("Every weekday at 07:00 (Europe/London)")
    expect(draft.locator(".times span")).to_have_count(5)
    expect(draft).to_contain_text(panel.feed)
    expect(draft).to_contain_text("would", timeout=WAIT)
    assert set(outbox.iterdir()) == before

    page.click("#approve-run")
    expect(page.locator("#head")).to_contain_text("scheduled", timeout=WAIT)
    expect(page.locator("#head")).to_contain_text("Version 1")
    expect(page.locator("#pipeline .node.succeeded")).to_have_count(4, timeout=WAIT)

    expect(page.locator("#head .phases.through li.past")).to_have_count(5, timeout=WAIT)

    # The newsletter shows in the panel …
    page.get_by_role("tab", name="Output").click()
    letter = page.frame_locator("iframe.letter")
    expect(letter.locator("body")).to_contain_text("Sodium-ion batteries go to sea", timeout=WAIT)
    expect(page.locator("#output")).to_contain_text("jo@example.org")

    # … lies in the run's folder …
    (receipt,) = [
        made for path in panel.home.glob("runs/newsletter-batteries/*/run_receipt.json")
        if (made := json.loads(path.read_text()))["job_version"] == 1
    ]  # fmt: skip
    assert receipt["status"] == "succeeded"
    names = [artifact["name"] for artifact in receipt["artifacts"]]
    assert {"letter.html", "letter.md"} <= set(names)

    # … and as one letter in the outbox.
    (path,) = set(outbox.glob("*.eml")) - before
    letter_sent = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert letter_sent["To"] == "jo@example.org"
    html = letter_sent.get_body(("html",))
    assert html is not None
    assert len(re.findall(r"/news/[a-z-]+", html.get_content())) >= 5


def test_a_reload_a_second_tab_and_a_new_link_show_the_same(panel: Panel, page: Page):
    page.locator("[data-job]", has_text="Batteries newsletter").click()
    expect(page.locator("#pipeline .node.succeeded")).to_have_count(4)
    page.reload()
    expect(page.locator("#pipeline .node.succeeded")).to_have_count(4, timeout=WAIT)
    second = page.context.new_page()
    second.goto(f"http://127.0.0.1:{panel.port}/")
    expect(second.locator("#head")).to_contain_text("Version 1", timeout=WAIT)


def test_an_enormous_prompt_is_refused_and_an_empty_one_is_none(page: Page):
    say(page, "word " * 6000)
    expect(page.locator("#bot")).to_contain_text("job_bindings_invalid", timeout=WAIT)
    expect(page.locator("#send")).to_be_visible(timeout=WAIT)
    # Of the messages alone: Gradio keeps a clock in the conversation that nobody sees.
    spoken = page.locator("#bot .user, #bot .bot")
    before = spoken.all_inner_texts()
    assert len(before) == 2
    say(page, "   ")
    page.wait_for_timeout(1500)
    assert spoken.all_inner_texts() == before


def test_a_second_panel_on_the_same_home_points_at_the_first(panel: Panel):
    told = panel.apart("panel", "--no-browser")
    assert told.returncode == 0
    assert f"http://127.0.0.1:{panel.port}/?key=" in told.stdout


def test_the_panel_answers_within_six_seconds(panel: Panel):
    # Generous here, where tests share two cores; `make bench` has the figure.
    assert panel.started_in < 30
