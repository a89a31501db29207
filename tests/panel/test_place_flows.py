"""Flows of the places that are one press each: backup, letters and channels tried, versions, filters,
what comes and what came, deep links, work that is stopped."""

from __future__ import annotations

import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file, said

pytestmark = pytest.mark.browser
DAILY = """
job: {name}
title: {title}
schedule: {{cron: "30 6 * * *", timezone: Europe/London}}
steps:
  - {{id: note, skill: save_file, with: {{name: note.txt, content: first}}}}
"""


@pytest.fixture(scope="module")
def job(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = job_file(tmp_path_factory.mktemp("jobs"), "tidings", title="Tidings", text=DAILY)
    for words in (("import", str(path)), ("enable", "tidings")):
        assert panel.command("jobs", *words).returncode == 0
    assert panel.apart("jobs", "run", "tidings").returncode == 0
    return "tidings"


def test_a_backup_is_made_and_holds_the_jobs(page: Page, panel: Panel, job: str):
    shown = go(page, "#/settings/data")
    shown.get_by_role("button", name="Make a backup now").click()
    said(page, "is written.")
    path = Path(page.locator("#said p").first.inner_text())
    expect(page.locator("#place .pairs", has_text=path.name)).to_be_visible(timeout=WAIT)
    with tarfile.open(path) as packed:
        names = packed.getnames()
    assert any("tidings" in name for name in names), names
    assert not any("secret" in name for name in names)


def test_a_test_letter_goes_to_the_outbox_and_the_page_says_so(page: Page, panel: Panel):
    shown = go(page, "#/settings/mail")
    expect(shown.locator(".note")).to_contain_text("outbox")
    shown.locator("[name=to]").fill("ann@example.org")
    shown.get_by_role("button", name="Send a test letter").click()
    page.wait_for_url(lambda url: "#/runs/" in url, timeout=WAIT)
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    letters = [path.read_text() for path in (panel.home / "outbox").glob("*.eml")]
    assert any("A test letter of the assistant" in text for text in letters)


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Another program that takes alerts."""
    taken = list[bytes]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/alerts", taken
    server.shutdown()
    server.server_close()


def test_a_channel_that_works_says_so(page: Page, receiver: tuple[str, list[bytes]]):
    address, taken = receiver
    shown = go(page, "#/settings/channels")
    shown.locator("[name=name]").fill("desk")
    shown.locator("[name=url]").fill(address)
    shown.get_by_role("button", name="Add a channel").click()
    said(page, "desk is here")
    page.locator("#place table").get_by_role("button", name="Test desk").click()
    said(page, "The test message to desk was taken.")
    assert len(taken) == 1
    expect(page.locator("#place tr", has_text="desk").locator(".chip")).to_have_text("works", timeout=WAIT)  # fmt: skip
    page.locator("#place table").get_by_role("button", name="Remove desk").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "desk is removed.")


def test_a_file_is_edited_checked_rolled_back_and_the_job_renamed(
    page: Page, panel: Panel, tmp_path: Path
):
    path = job_file(tmp_path, "mutable", text=DAILY)
    assert panel.command("jobs", "import", str(path)).returncode == 0
    shown = go(page, "#/jobs/mutable/file")
    text = shown.locator("[name=yaml]").input_value()
    shown.locator("[name=yaml]").fill(text.replace("skill: save_file", "skill: save_fil"))
    shown.get_by_role("button", name="Save as the next version").click()
    said(page, "save_file")
    shown.locator("[name=yaml]").fill(text.replace("content: first", "content: second"))
    shown.get_by_role("button", name="Save as the next version").click()
    said(page, "Version 2 is in force.")
    shown = go(page, "#/jobs/mutable/versions")
    expect(shown).to_contain_text("What changed from version 1 to 2")
    shown.get_by_role("button", name="Go back to it 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "Version 3 says what version 1 said.")
    shown = go(page, "#/jobs/mutable/file")
    shown.locator("[name=name]").fill("steady")
    shown.get_by_role("button", name="Rename").click()
    page.wait_for_url(lambda url: url.endswith("#/jobs/steady"), timeout=WAIT)
    expect(page.locator("#place .sub").first).to_contain_text("steady", timeout=WAIT)


def test_a_job_is_deleted_after_what_is_lost_was_named(page: Page, panel: Panel, tmp_path: Path):
    calls = "job: {name}\ntitle: {title}\nsteps: [{{call_job: fleeting}}]\n"
    for name, text in (("fleeting", DAILY), ("caller", calls)):
        path = job_file(tmp_path, name, text=text)
        assert panel.command("jobs", "import", str(path)).returncode == 0
    go(page, "#/jobs/fleeting").get_by_role("button", name="Run now").click()
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    shown = go(page, "#/jobs/fleeting/delete")
    expect(shown).to_contain_text("'fleeting' is called by caller")
    button = page.get_by_role("button", name="Delete it for good")
    expect(button).to_have_count(0)

    asked = page.get_by_role("dialog")
    go(page, "#/jobs/caller/delete")
    button.click()
    asked.get_by_role("button", name="Yes").click()
    said(page, "caller is deleted.")
    go(page, "#/jobs/fleeting/delete")
    button.click()
    expect(asked).to_contain_text("1 run with its files")
    asked.get_by_role("button", name="No").click()
    expect(asked).to_have_count(0)
    button.click()
    asked.get_by_role("button", name="Yes").click()
    said(page, "fleeting is deleted.")
    page.wait_for_url(lambda url: url.endswith("#/jobs"), timeout=WAIT)
    expect(page.locator("#place tbody tr", has_text="Fleeting")).to_have_count(0, timeout=WAIT)
    assert not (panel.home / "runs" / "fleeting").exists()


def test_runs_and_jobs_are_filtered_by_their_address_and_links_lead_deep(page: Page, panel: Panel, job: str):  # fmt: skip
    [run] = [one["id"] for one in json.loads(panel.command("runs", "list", "--json").stdout)["payload"]["runs"] if one["job"] == job]  # fmt: skip
    shown = go(page, f"#/runs?job={job}")
    expect(shown.locator("tbody tr")).to_have_count(1)
    shown.locator("[name=status]").select_option("failed")
    expect(page.locator("#place")).to_contain_text("No run fits", timeout=WAIT)
    assert "status=failed" in page.url
    page.get_by_role("link", name="Show all runs").click()
    expect(page.locator("#place tbody tr", has_text="Tidings")).to_have_count(1, timeout=WAIT)

    # What a link of each kind opens in a fresh page: the job, the run, the step.
    for address, words in (
        (f"#/jobs/{job}", "Tidings"),
        (f"#/jobs/{job}/step/note", "Save it as note.txt"),
        (f"#/runs/{run}", "succeeded"),
        (f"#/runs/{run}/step/note", "What went in"),
    ):
        fresh = page.context.new_page()
        fresh.goto(f"http://127.0.0.1:{panel.port}/{address}")
        expect(fresh.locator("#place")).to_contain_text(words, timeout=WAIT)
        fresh.close()


def test_the_coming_week_and_the_ledger_name_the_job(page: Page, job: str):
    shown = go(page, "#/jobs/calendar")
    expect(shown.locator(".day")).to_have_count(7)
    assert shown.locator(".day a", has_text="Tidings").count() >= 6
    expect(shown.locator(".day a", has_text="06:30").first).to_be_visible()
    shown = go(page, f"#/jobs/ledger?job={job}")
    expect(shown.locator("h1")).to_have_text("Tick ledger")


def test_a_test_of_a_model_is_stopped(page: Page):
    shown = go(page, "#/models")
    shown.get_by_role("button", name="Test this model starter").click()
    work = page.locator("#place .work")
    expect(work).to_be_visible(timeout=WAIT)
    work.get_by_role("button", name="Stop").click()
    expect(page.locator("#place .works")).to_contain_text("Stopped.", timeout=WAIT)


def test_a_skill_is_searched_and_filled_from_an_example(page: Page, panel: Panel):
    go(page, "#/skills")
    page.locator("#place-search").fill("newsletter")
    expect(page.locator("#place .tile")).not_to_have_count(0, timeout=WAIT)
    page.wait_for_url(lambda url: url.endswith("q=newsletter"), timeout=WAIT)
    shown = go(page, "#/skills/query_database")
    shown.get_by_role("link", name="“how many orders are late in the shop database”").click()
    expect(page.locator("#place [name='arg:database']")).to_have_value("shop", timeout=WAIT)
    # A schema's bounds hold before anything is sent.
    page.locator("#place [name='arg:limit']").fill("0")
    page.locator("#place").get_by_role("button", name="Run it once").click()
    assert not page.locator("#place [name='arg:limit']").evaluate("field => field.checkValidity()")
    page.locator("#place [name='arg:limit']").fill("10")
    page.locator("#place").get_by_role("button", name="Run it once").click()
    page.wait_for_url(lambda url: "#/runs/" in url, timeout=WAIT)
    expect(page.locator("#place")).to_contain_text('"count": 3', timeout=WAIT)


def test_a_phone_shows_the_part_that_is_open_among_more_than_fit(phone: Page):
    shown = go(phone, "#/settings/data")
    expect(shown.locator(".parts [aria-current=page]")).to_be_in_viewport(ratio=0.9)
