"""What comes in another order than it was asked in leaves the page as it should be."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.panel.walking import WAIT

pytestmark = pytest.mark.browser


def test_a_late_answer_of_the_place_before_does_not_blank_the_page(page: Page):
    """The answer to "the chat" is held until the one to "the runs" has come."""
    held = list[Route]()

    def hold(route: Route) -> None:
        body = route.request.post_data or ""
        if (
            '"kind": "go"' in json.dumps(json.loads(body).get("event_data"))
            and "#/chat" in body
            and not held
        ):
            held.append(route)
        else:
            route.continue_()

    page.evaluate("location.hash = '#/jobs'")
    expect(page.locator("#place h1")).to_have_text("Jobs", timeout=WAIT)
    page.route("**/run/predict*", hold)
    page.evaluate("location.hash = '#/chat'")
    page.wait_for_timeout(300)
    assert held, "the page asked for the chat in another way than this test knows"
    page.evaluate("location.hash = '#/runs'")
    expect(page.locator("#place h1")).to_have_text("Runs", timeout=WAIT)
    held[0].continue_()
    page.wait_for_timeout(3000)
    expect(page.locator("#place h1")).to_have_text("Runs")
    page.unroute("**/run/predict*")


def test_a_script_that_comes_after_the_parts_of_the_page_finds_them_all(page: Page):
    held = list[Route]()
    page.evaluate("location.hash = '#/jobs'")
    expect(page.locator("#place h1")).to_have_text("Jobs", timeout=WAIT)
    page.route("**/look/panel.js", lambda route: held.append(route))
    page.reload()
    page.wait_for_selector("#prompt textarea:enabled", state="attached", timeout=WAIT)
    assert held, "the page asks for its script in another way than this test knows"
    assert page.evaluate("window.assistant") is None
    held[0].continue_()
    expect(page.locator("#place h1")).to_have_text("Jobs", timeout=WAIT)
    expect(page.locator("#nav a[aria-current=page]")).to_have_text("Jobs")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("#prompt textarea")).to_be_visible()
    page.unroute("**/look/panel.js")
