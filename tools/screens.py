"""`make screens`: pictures of every place, desktop and phone, light and dark, in docs/screens/.

`python -m tools.screens NAME …` makes only those of that name again.

Plays the first story on a fresh home with the real panel, model, engine and demo newspaper.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from assistant.settings import PROJECT
from tests.panel.running_panel import Panel, chromium, running_panel
from tests.panel.walking import go, job_file

SCREENS = PROJECT / "docs" / "screens"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WAIT = 60_000
WANTED = frozenset(sys.argv[1:])
PLACES = {
    "jobs": "#/jobs", "job": "#/jobs/newsletter-batteries", "templates": "#/jobs/templates",
    "calendar": "#/jobs/calendar", "ledger": "#/jobs/ledger", "runs": "#/runs", "insight": "#/insight",
    "alerts": "#/insight/alerts", "skills": "#/skills", "skill": "#/skills/fetch_feed", "servers": "#/skills/servers",
    "models": "#/models", "keys": "#/settings/keys", "mail": "#/settings/mail", "channels": "#/settings/channels", "databases": "#/settings/databases",
    "look": "#/settings/look", "data": "#/settings/data",
}  # fmt: skip
BROKEN = """
job: {name}
title: {title}
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "http://127.0.0.1:1/feed.xml"}}
  - id: note
    skill: save_file
    with: {{name: note.txt, content: "${{{{ steps.read.items }}}}"}}
"""


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for old in [] if WANTED else list(SCREENS.glob("*.png")):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as name,
        running_panel(Path(name) / "home") as panel,
        chromium() as browser,
    ):
        pages = {
            (size, scheme): opened(panel, browser, size, scheme)
            for size in SIZES
            for scheme in ("light", "dark")
        }
        first = pages["desktop", "light"]
        shoot(pages, {"welcome": "#/chat"})
        tell(first, panel)
        focus(pages)
        shoot(pages, {"draft": "#/chat"})
        first.click("#approve-run")
        first.locator("#pipeline .node.succeeded").nth(3).wait_for(timeout=WAIT)
        run = lived(panel, Path(name))
        shoot(pages, {"run-chat": "#/chat"})
        for page in pages.values():
            choose(page, "Output")
        shoot(pages, {"newsletter": "#/chat"})
        shoot(pages, {**PLACES, "run": f"#/runs/{run}/step/best", "branches": "#/jobs/branches"})
    print(f"{len(list(SCREENS.glob('*.png')))} pictures, {sum(f.stat().st_size for f in SCREENS.glob('*.png')) / 1e6:.1f} MB")  # fmt: skip


def tell(page: Page, panel: Panel) -> None:
    """The first story, up to its draft."""
    page.fill(
        "#prompt textarea",
        "Every weekday at 7 make me a newsletter of the five best stories about batteries "
        f"from {panel.feed} and mail it to jo@example.org",
    )
    page.press("#prompt textarea", "Enter")
    page.locator("#pipeline").get_by_text("Tried without").wait_for(timeout=WAIT)


def lived(panel: Panel, folder: Path) -> str:
    """More jobs and runs, good and bad, so that lists and charts have something to show; gives
    the first newsletter's run."""
    for path in (
        job_file(folder, "branches", title="Branches and rounds"),
        job_file(folder, "old-feed", title="A feed that is gone", text=BROKEN),
    ):
        panel.command("jobs", "import", str(path))
    for job in ("branches", "old-feed", "branches"):
        panel.command("jobs", "run", job, "--json")
    panel.command("alerts", "channels", "add", "ops", "json://127.0.0.1:9/alerts")
    told = json.loads(panel.command("jobs", "history", "newsletter-batteries", "--json").stdout)
    return next(run["id"] for run in told["payload"]["runs"] if not run["dry"])


def opened(panel: Panel, browser: Browser, size: str, scheme: str) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(panel.new_link())
    page.wait_for_selector("#prompt textarea:enabled")
    return page


def focus(pages: dict[tuple[str, str], Page]) -> None:
    """The newsletter in the focus of every browser."""
    for page in pages.values():
        page.locator("[data-job]", has_text="Batteries").first.dispatch_event("click")
        page.locator("#head h2").wait_for(timeout=WAIT)


def shoot(pages: dict[tuple[str, str], Page], places: dict[str, str]) -> None:
    """Places in all four ways."""
    for name, address in places.items():
        if WANTED and name not in WANTED:
            continue
        for (size, scheme), page in pages.items():
            if address == "#/chat":
                page.evaluate(
                    "() => { if (!location.hash.startsWith('#/chat')) location.hash = '#/chat' }"
                )
                page.wait_for_timeout(1300)
            else:
                go(page, address)
                page.wait_for_timeout(250)
            keep(page.screenshot(), SCREENS / f"{name}-{size}-{scheme}.png")


def keep(raw: bytes, path: Path) -> None:
    """Keep a picture small, with 256 colours: the commonest as they are, since an area that is tinted
    shows, and such as cover the rest, since a lone red dot must not turn grey."""
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    cover = picture.quantize(96, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    counted = sorted(picture.getcolors(1 << 24) or [], reverse=True)
    colours = np.array([colour for _, colour in counted])
    rare = np.array(cover.getpalette()[: 96 * 3]).reshape(-1, 3)
    palette = np.concatenate([colours[:160], rare])[:256]
    nearest = np.zeros(1 << 24, np.uint8)
    weights = np.array([1 << 16, 1 << 8, 1])
    nearest[colours @ weights] = [((palette - one) ** 2).sum(axis=1).argmin() for one in colours]
    drawn = nearest[np.asarray(picture) @ weights]
    made = Image.fromarray(drawn, "P")
    made.putpalette(palette.astype(np.uint8).tobytes())
    made.save(path, optimize=True)


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
