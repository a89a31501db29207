"""The panel as a person feels it: first paint, event to pixel, a long chat, memory that stays flat.

The soak stands for three hours with a run a minute: as many runs, one after the other as fast as they
come, on the run's own page in an open tab, with what is begun anew in it: the list of runs, the chat.
`--long` makes all 180; without it 30.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from assistant.settings import load
from assistant.workplace import Workplace
from tests.bench.bench_start import resident
from tests.bench.figures import Figure, figure, report
from tests.panel.running_panel import Panel, chromium, running_panel

EVENTS = 20
LONG, SHORT = 400, 2
SOAK_RUNS, LONG_SOAK_RUNS, WARM_RUNS = 30, 180, 20
"""As many as three hours with a run a minute make, and how many come before anything is measured."""
WATCH_TURN = """() => {
  window.turned = 0;
  const look = () => {
    const shown = (id) => Boolean(document.querySelector(id)?.offsetParent);
    if (window.turned === 0 && shown('#stop')) window.turned = 1;
    if (window.turned === 1 && shown('#send')) window.turned = 2;
    if (window.turned < 2) requestAnimationFrame(look);
  };
  new MutationObserver(look).observe(document.querySelector('#composer'), {childList: true, subtree: true, attributes: true});
  look();
}"""
JOB = "job: soaked\nsteps:\n  - id: note\n    skill: save_file\n    with: {name: a.txt, content: hello}\n"


def measure(*, long: bool = False) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as name,
        running_panel(Path(name)) as panel,
        chromium() as browser,
    ):
        place = Workplace.open(load(home=panel.home))
        painted, page = first_paint(panel, browser)
        short, lengthy = streaming(place, page, SHORT), streaming(place, page, LONG)
        pixels = event_to_pixel(place, page)
        server, heap = soak(panel, page, LONG_SOAK_RUNS if long else SOAK_RUNS)
        place.close_store()
    return [
        figure("server start to answering page", panel.started_in, "s", 6),
        figure("first contentful paint", painted, "s", 0.8),
        figure("event to pixel, p50", statistics.median(pixels), "s"),
        figure("event to pixel, p95", sorted(pixels)[int(0.95 * len(pixels))], "s", 1.2),
        figure("turn with 2 messages said", short, "s"),
        figure("turn with 400, as a share", lengthy / short, "", 1.3),
        figure("server grows while soaked", server, "MB", 15),
        figure("browser grows while soaked", heap, "MB", 10),
    ]


def first_paint(panel: Panel, browser: Browser) -> tuple[float, Page]:
    """The median of five loads in one browser, as somebody has it who comes back."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(panel.new_link())
    page.wait_for_selector("#prompt textarea:enabled")
    found = list[float]()
    for _ in range(5):
        page.reload()
        page.wait_for_selector("#prompt textarea:enabled")
        script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        found.append(float(page.evaluate(script)) / 1000)
    return statistics.median(found), page


def focused(place: Workplace, page: Page, name: str, said: int) -> str:
    """A job in focus in which so much was said; gives its id."""
    record = place.jobs.create(name, title=name)
    for number in range(said):
        role = ("person", "assistant")[number % 2]
        kind = ("prompt", "answer")[number % 2]
        place.jobs.add_interaction(
            record.id, kind, role, f"{name} message {number} of what was said"
        )
    page.evaluate("id => { location.hash = `#/chat/${id}` }", record.id)
    page.locator("#bot").get_by_text(f"{name} message {said - 1} of").wait_for(timeout=30_000)
    return record.id


def streaming(place: Workplace, page: Page, said: int) -> float:
    """Seconds of a turn in a job in which so much was said: the median of three."""
    focused(place, page, f"talk-{said}", said)
    took = list[float]()
    for _ in range(3):
        page.fill("#prompt textarea", "What can you do?")
        # A short turn may be over before anybody could see that Send has become Stop.
        page.evaluate(WATCH_TURN)
        began = time.perf_counter()
        page.press("#prompt textarea", "Enter")
        page.wait_for_function("window.turned === 2", polling="raf", timeout=60_000)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def event_to_pixel(place: Workplace, page: Page) -> list[float]:
    """Seconds from what another process writes to its letters on the page."""
    ident = focused(place, page, "watched", 2)
    found = list[float]()
    for number in range(EVENTS):
        time.sleep(0.137 * (number % 7))  # anywhere between two looks
        words = f"event number {number} has come"
        began = time.perf_counter()
        place.jobs.add_interaction(ident, "answer", "assistant", words)
        page.wait_for_function("words => document.querySelector('#bot').innerText.includes(words)", arg=words, polling="raf")  # fmt: skip
        found.append(time.perf_counter() - began)
    return found


def soak(panel: Panel, page: Page, runs: int) -> tuple[float, float]:
    """Megabytes that the server and the page grow by while so many runs come and go."""
    path = panel.home / "soaked.yaml"
    path.write_text(JOB, encoding="utf-8")
    panel.command("jobs", "import", str(path))
    places = ("#/runs", "#/insight", "#/chat", "#/jobs")

    def go_on(times: int) -> None:
        for number in range(times):
            page.evaluate("location.hash = '#/jobs/soaked'")
            page.get_by_role("button", name="Run now").click(timeout=30_000)
            page.wait_for_url("**/#/runs/*T*", timeout=30_000)
            page.locator("#place .place-head .chip", has_text="succeeded").wait_for(timeout=60_000)
            page.evaluate("to => { location.hash = to }", places[number % len(places)])
            page.wait_for_timeout(200)

    go_on(WARM_RUNS)  # what is loaded once is loaded now
    before, heap = resident(panel.pid), heap_of(page)
    go_on(runs)
    return resident(panel.pid) - before, heap_of(page) - heap


def heap_of(page: Page) -> float:
    """Megabytes of the page's heap, after it was cleaned."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used / 2**20


if __name__ == "__main__":
    raise SystemExit(report(measure, long="soak with 180 runs"))
