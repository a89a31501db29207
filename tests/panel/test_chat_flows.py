"""What one does in the chat besides asking: stop, ask again, edit and ask, copy, attach, change a draft."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.models.loopback_providers import Answer, Provider, openai_stream, openai_text
from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file, said

pytestmark = pytest.mark.browser
WORDS = 60


def ask(page: Page, words: str) -> None:
    page.fill("#prompt textarea", words)
    page.press("#prompt textarea", "Enter")


def respond(request: dict[str, Any]) -> Answer:
    """Every request is talk, and every answer is long and slow, unless "short" is asked for."""
    if request.get("response_format"):
        return Answer(openai_text(json.dumps({"kind": "answer"})))
    short = "short" in str(request["messages"][-1]["content"])
    many = 2 if short else WORDS
    return Answer(
        events=openai_stream(*[{"content": f"word{n} "} for n in range(many)]),
        delay=0.01 if short else 0.1,
    )


@pytest.fixture
def talker(panel: Panel, page: Page) -> Iterator[Provider]:
    """A model in the panel that talks, slowly: a provider on loopback, chosen as a person does."""
    with Provider(respond).running() as provider:
        for name, value in (("model_bases", {"openai": f"{provider.url}/v1"}), ("allow_origins", [provider.url])):  # fmt: skip
            assert panel.command("settings", "set", name, json.dumps(value)).returncode == 0
        shown = go(page, "#/settings/keys")
        shown.locator("[name=name]").fill("openai_api_key")
        shown.locator("[name=value]").fill("a-key-of-the-test-alone")
        shown.get_by_role("button", name="Keep it").click()
        expect(page.locator("#place table")).to_contain_text("openai_api_key", timeout=WAIT)
        shown = go(page, "#/models")
        shown.locator("[name=model]").fill("openai/gpt-test")
        shown.locator("form", has=page.locator("[name=model]")).get_by_role("button").click()
        said(page, "openai/gpt-test answers from now on.")
        page.evaluate("location.hash = '#/chat'")
        page.click("#new-job")
        yield provider
        go(page, "#/models").get_by_role("button", name="Use starter").click()
        said(page, "starter answers from now on.")


def test_an_answer_is_stopped_kept_asked_again_edited_and_copied(page: Page, talker: Provider):
    bot = page.locator("#bot")
    ask(page, "Tell me of the sea")
    # The first answer of a cloud model waits for the library that talks to it, seconds of pure reading.
    expect(bot).to_contain_text("word4", timeout=3 * WAIT)
    page.keyboard.press("Escape")
    expect(bot).to_contain_text("Stopped.", timeout=WAIT)
    expect(page.locator("#send")).to_be_visible()
    assert talker.hung_up.wait(10)
    page.wait_for_timeout(1000)  # a reload in the middle of an answer is told by Gradio as an error
    page.reload()
    expect(bot).to_contain_text("word4", timeout=WAIT)
    expect(bot).not_to_contain_text(f"word{WORDS - 1}")

    # Asked again: the same prompt, once more.
    asked = len(talker.requests)
    bot.get_by_role("button", name="Retry").last.click()
    expect(page.locator("#stop")).to_be_visible(timeout=WAIT)
    expect(bot.locator(".user", has_text="Tell me of the sea")).to_have_count(2, timeout=WAIT)
    page.click("#stop")
    expect(page.locator("#send")).to_be_visible(timeout=WAIT)
    assert len(talker.requests) > asked

    # Edited and asked anew.
    bot.get_by_role("button", name="Edit").last.click()
    bot.locator("textarea").fill("A short word of the moon")
    bot.get_by_role("button", name="Submit").click()
    expect(bot.locator(".user").last).to_contain_text("A short word of the moon", timeout=WAIT)
    expect(bot.locator(".bot").last).to_contain_text("word0 word1", timeout=WAIT)
    expect(page.locator("#send")).to_be_visible(timeout=WAIT)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bot.get_by_role("button", name="Copy").last.click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('word1'))")


def test_what_is_sent_while_an_answer_is_given_goes_when_that_is_whole(
    page: Page, talker: Provider
):
    field, bot = page.locator("#prompt textarea"), page.locator("#bot")
    ask(page, "Tell me of the moor")
    # The field is free at once, whenever the server hears of it.
    expect(field).to_have_value("")
    expect(bot).to_contain_text("word4", timeout=3 * WAIT)
    ask(page, "A short word of the moon")
    expect(field).to_have_value("A short word of the moon")
    expect(bot.locator(".user")).to_have_count(1)
    page.click("#stop")
    expect(bot.locator(".user").last).to_contain_text("A short word of the moon", timeout=WAIT)
    expect(bot.locator(".bot").last).to_contain_text("word0 word1", timeout=WAIT)
    expect(field).to_have_value("")
    expect(page.locator("#send")).to_be_visible(timeout=WAIT)


def test_a_starter_fills_the_prompt(page: Page):
    page.click("#new-job")
    page.locator("#bot .examples button", has_text="What can you do?").click()
    expect(page.locator("#prompt textarea")).to_have_value("What can you do?", timeout=WAIT)


def test_a_new_job_begins_in_the_chat_wherever_it_is_asked_for(page: Page):
    for address in ("#/settings/keys", "#/runs"):
        go(page, address)
        page.click("#new-job")
        expect(page.locator("#prompt textarea")).to_be_focused(timeout=WAIT)
        assert page.url.endswith("#/chat")
    expect(page.locator("#head")).to_be_empty()


def test_talk_before_any_job_stays_in_sight_until_a_new_one_begins(page: Page):
    page.click("#new-job")
    bot = page.locator("#bot")
    ask(page, "What can you do?")
    expect(bot.locator(".bot").last).to_contain_text("Say in your own words", timeout=WAIT)
    ask(page, "thanks!")
    expect(bot.locator(".user")).to_have_count(2, timeout=WAIT)
    page.wait_for_timeout(2500)  # more than two looks of the page
    page.reload()
    expect(bot.locator(".user")).to_have_text(["What can you do?", "thanks!"], timeout=WAIT)
    expect(bot.locator(".bot").first).to_contain_text("Say in your own words")
    page.click("#new-job")
    expect(bot.locator(".user")).to_have_count(0, timeout=WAIT)


def test_files_are_attached_by_what_they_are(page: Page, panel: Panel, tmp_path: Path):
    page.click("#new-job")
    field = page.locator("#attach input")
    notes = tmp_path / "Harbour notes.md"
    notes.write_text("The ferry leaves at nine.")
    field.set_input_files(notes)
    said(page, "harbour-notes is kept as knowledge")
    with closing(sqlite3.connect(tmp_path / "Boat club.db")) as db:
        db.execute("create table boats (id integer primary key, town text)")
        db.executemany("insert into boats (town) values (?)", [("Saltby",), ("Weirham",)])
        db.commit()
    field.set_input_files(tmp_path / "Boat club.db")
    said(page, "boat-club can be asked.")
    ask(page, "How many boats are in the boat-club database?")
    expect(page.locator("#bot table")).to_contain_text("2", timeout=WAIT)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    field.set_input_files(tmp_path / "picture.png")
    said(page, "picture.png is no text")
    field.set_input_files(job_file(tmp_path, "attached"))
    expect(page.locator("#place h1")).to_have_text("Attached", timeout=WAIT)
    go(page, "#/settings/databases").get_by_role("button", name="Remove boat-club").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "boat-club is forgotten")


def test_a_draft_is_edited_by_hand_approved_paused_and_stopped_by_keys(page: Page, panel: Panel):
    page.click("#new-job")
    ask(page, f"Every Friday at 8 mail what is new in {panel.feed} to jo@example.org")
    dock = page.locator("#dock")
    expect(dock).to_contain_text("jo@example.org", timeout=WAIT)
    expect(page.locator("#pipeline")).to_contain_text("would", timeout=WAIT)
    page.keyboard.press("Alt+e")
    editor = page.locator("#editor .cm-content")
    expect(editor).to_contain_text("skill: fetch_feed", timeout=WAIT)
    text = "\n".join(page.locator("#editor .cm-line").all_inner_texts())
    editor.fill(text.replace("jo@example.org", "ann@example.org"))
    page.click("#keep")
    expect(dock).to_contain_text("ann@example.org", timeout=WAIT)
    expect(dock).not_to_contain_text("jo@example.org")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#head")).to_contain_text("Version 1", timeout=WAIT)
    page.keyboard.press("Alt+p")
    expect(page.locator("#head .chip")).to_have_text("paused", timeout=WAIT)
    page.keyboard.press("Alt+p")
    expect(page.locator("#head .chip")).to_have_text("scheduled", timeout=WAIT)

    page.click("#new-job")
    ask(page, f"Every Monday at 8 mail what is new in {panel.feed} to jo@example.org")
    expect(dock).to_contain_text("jo@example.org", timeout=WAIT)
    page.keyboard.press("Alt+Backspace")
    expect(dock).to_be_hidden(timeout=WAIT)


SLOW = """
job: {name}
title: {title}
steps:
  - {{id: ask, approve: Shall it go out?}}
"""


def test_a_run_is_begun_and_stopped_by_keys_and_the_chat_says_so(
    page: Page, panel: Panel, tmp_path: Path
):
    told = panel.command("jobs", "import", str(job_file(tmp_path, "held", text=SLOW)))
    assert told.returncode == 0
    page.locator("[data-job]", has_text="Held").click(timeout=WAIT)
    expect(page.locator("#run")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Alt+r")
    expect(page.locator("#dock")).to_contain_text("Shall it go out?", timeout=WAIT)
    page.keyboard.press("Alt+x")
    expect(page.locator("#head .chip")).to_have_text("cancelled", timeout=WAIT)
    expect(page.locator("#dock")).to_be_hidden(timeout=WAIT)
