"""Questions that wait in a conversation: cards with their options as buttons, answered by a press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assistant.job.completing import Completer
from assistant.job.questions import Question
from assistant.settings import load
from assistant.workplace import Workplace
from tests.panel.running_panel import Panel
from tests.panel.test_places import violations
from tests.panel.walking import WAIT

pytestmark = pytest.mark.browser


@pytest.fixture
def place(panel: Panel) -> Iterator[Workplace]:
    opened = Workplace.open(load(home=panel.home))
    yield opened
    opened.close_store()


def look_at(page: Page, ident: str) -> None:
    page.evaluate("id => { location.hash = `#/chat/${id}` }", ident)


def test_a_completion_shows_its_review_and_a_press_closes_the_job(page: Page, place: Workplace):
    record = place.jobs.create("tide-tables", title="Read the tide tables")
    Completer(place.guide).ask(record.id)
    look_at(page, record.id)
    card = page.locator("#asked .asked")
    expect(card).to_contain_text("Is the job tide-tables complete?", timeout=WAIT)
    expect(card.locator(".review")).to_contain_text("Read the tide tables")
    expect(card.get_by_role("button")).to_have_text(["1 Review", "2 Approve completion"])
    assert violations(page) == []
    card.get_by_role("button", name="Approve completion").click()
    expect(page.locator("#asked .asked")).to_have_count(0, timeout=WAIT)
    expect(page.locator("#bot")).to_contain_text("Approve completion", timeout=WAIT)
    assert place.jobs.get(record.id).status == "completed"


def test_review_goes_back_and_nothing_is_closed(page: Page, place: Workplace):
    record = place.jobs.create("ferry-times", title="Read the ferry times")
    Completer(place.guide).ask(record.id)
    look_at(page, record.id)
    page.locator("#asked").get_by_role("button", name="Review", exact=True).click()
    expect(page.locator("#asked .asked")).to_have_count(0, timeout=WAIT)
    expect(page.locator("#head .phases .now")).to_have_text("Verify", timeout=WAIT)
    assert place.jobs.get(record.id).status != "completed"


def test_questions_are_answered_by_a_press_or_in_own_words_and_stay_until_then(
    page: Page, place: Workplace
):
    record = place.jobs.create("harbour-news", title="News of the harbour")
    place.guide.ask(
        record.id,
        [Question("CLARIFY", "How many stories?", ("Three", "Five")), Question("APPROVE", "Shall it be kept?", ("Yes", "No"))],
    )  # fmt: skip
    look_at(page, record.id)
    cards = page.locator("#asked .asked")
    expect(cards).to_have_count(2, timeout=WAIT)
    expect(cards.nth(0)).to_contain_text("A question")
    expect(cards.nth(1)).to_contain_text("Your approval")
    page.reload()
    expect(cards).to_have_count(2, timeout=WAIT)
    cards.nth(0).get_by_role("button", name="Five").click()
    expect(cards).to_have_count(1, timeout=WAIT)
    expect(page.locator("#bot")).to_contain_text("Five", timeout=WAIT)
    page.wait_for_selector("#send", state="visible", timeout=WAIT)
    page.fill("#prompt textarea", "no")
    page.press("#prompt textarea", "Enter")
    # A question of the next turn may stand there by now: the two that were asked do not.
    expect(page.locator("#asked")).not_to_contain_text("Shall it be kept?", timeout=WAIT)
    answers = [row.answer for row in place.jobs.interactions(record.id) if row.kind == "question"]
    assert [(answer or "").lower() for answer in answers[:2]] == ["five", "no"]


def test_what_a_request_leaves_open_is_asked_in_a_card(page: Page):
    page.click("#new-job")
    page.fill("#prompt textarea", "Every weekday at 7 mail me the five best stories about boats")
    page.press("#prompt textarea", "Enter")
    card = page.locator("#asked .asked")
    expect(card).to_contain_text("A question", timeout=WAIT)
    expect(card).to_contain_text("nswer in your own words below.")
