"""`make screens`: pictures of the panel, desktop and phone, light and dark, in docs/screens/.

Plays the first story on a fresh home with the real panel, model, engine and demo newspaper.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from assistant.settings import PROJECT
from tests.panel.running_panel import Panel, chromium, running_panel

SCREENS = PROJECT / "docs" / "screens"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WAIT = 60_000


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as name,
        running_panel(Path(name)) as panel,
        chromium() as browser,
    ):
        first = opened(panel, browser, "desktop", "light")
        shoot(panel, browser, "welcome")
        first.fill(
            "#prompt textarea",
            "Every weekday at 7 make me a newsletter of the five best stories about batteries "
            f"from {panel.feed} and mail it to jo@example.org",
        )
        first.press("#prompt textarea", "Enter")
        first.locator("#pipeline").get_by_text("Tried without").wait_for(timeout=WAIT)
        shoot(panel, browser, "draft")
        first.click("#approve-run")
        first.locator("#pipeline .node.succeeded").nth(3).wait_for(timeout=WAIT)
        shoot(panel, browser, "run")
        shoot(panel, browser, "newsletter", tab="Output")
        shoot(panel, browser, "events", tab="Events")
        shoot(panel, browser, "versions", tab="Versions")


def opened(panel: Panel, browser: Browser, size: str, scheme: str) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(panel.new_link())
    page.wait_for_selector("#prompt textarea")
    return page


def shoot(panel: Panel, browser: Browser, name: str, *, tab: str = "") -> None:
    """One place in all four ways, each in a fresh browser that focuses the newest job."""
    for size in SIZES:
        for scheme in ("light", "dark"):
            page = opened(panel, browser, size, scheme)
            if name != "welcome":
                page.locator("[data-job]").first.dispatch_event("click")
                page.locator("#head h2").wait_for(timeout=WAIT)
            if tab:
                choose(page, tab)
            page.wait_for_timeout(1200)
            page.screenshot(path=SCREENS / f"{name}-{size}-{scheme}.png", full_page=size == "phone")
            page.context.close()


def choose(page: Page, tab: str) -> None:
    """Open a tab; on a phone some of them are behind the "…" menu."""
    shown = page.locator("#pane-tabs").get_by_role("tab", name=tab)
    if shown.count() and shown.first.is_visible():
        shown.first.click()
    else:
        page.locator("#pane-tabs .overflow-menu > button").first.click()
        page.locator("#pane-tabs .overflow-dropdown button", has_text=tab).first.click()


if __name__ == "__main__":
    main()
