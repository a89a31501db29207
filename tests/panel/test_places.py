"""Every place, through the real panel and engine: what is shown, what a press does, by hand and by key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.settings import load
from assistant.workplace import Workplace
from tests.panel.running_panel import Panel
from tests.panel.walking import WAIT, go, job_file, said

pytestmark = pytest.mark.browser
PLACES = (
    "#/jobs", "#/jobs/templates", "#/jobs/templates/page-watch", "#/jobs/calendar", "#/jobs/ledger", "#/jobs/import",
    "#/runs", "#/insight", "#/insight/alerts", "#/insight/healing", "#/insight/suggestions", "#/skills", "#/skills/fetch_feed", "#/skills/servers",
    "#/models", "#/settings/keys", "#/settings/mail", "#/settings/channels", "#/settings/databases", "#/settings/budgets", "#/settings/look",
    "#/settings/data",
)  # fmt: skip


@pytest.fixture(scope="module")
def job(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A job with branches and a loop, brought in by the command line."""
    path = job_file(tmp_path_factory.mktemp("jobs"), "branches", title="Branches and rounds")
    told = panel.command("jobs", "import", str(path))
    assert told.returncode == 0, told.stderr
    return "branches"


def test_every_place_opens_by_its_address_and_axe_finds_nothing_of_ours(page: Page, job: str):
    found = dict[str, list[str]]()
    for address in (*PLACES, f"#/jobs/{job}", f"#/jobs/{job}/file"):
        shown = go(page, address)
        expect(shown.locator("h1")).to_be_visible(timeout=WAIT)
        if wrong := violations(page):
            found[address] = wrong
    assert found == {}


def violations(page: Page) -> list[str]:
    """What axe finds (WCAG 2 A and AA) on the whole page, Gradio's own parts too."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "resultTypes": ["violations"]}
    response = Axe().run(page, None, options).response
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in response["violations"]
        for node in one["nodes"]
    ]


def test_the_chat_is_fit_for_everyone_too_light_and_dark(page: Page, panel: Panel):
    welcome = violations(page)
    page.fill("#prompt textarea", f"What is new in {panel.feed} ?")
    page.press("#prompt textarea", "Enter")
    expect(page.locator("#bot .title").first).to_be_visible(timeout=WAIT)
    page.wait_for_selector("#send", state="visible", timeout=WAIT)
    light = violations(page)
    page.evaluate("document.body.classList.add('dark')")
    assert (welcome, light, violations(page)) == ([], [], [])


def test_a_job_is_run_with_inputs_and_its_run_tells_everything(page: Page, job: str):
    shown = go(page, f"#/jobs/{job}")
    shown.locator("[name='arg:greeting']").fill("Good day")
    shown.get_by_role("button", name="Run now").click()
    page.wait_for_url(re.compile(r"#/runs/\d+T"), timeout=WAIT)
    place = page.locator("#place")
    expect(place.locator(".place-head .chip").first).to_have_text("succeeded", timeout=WAIT)
    # The steps in time, the drawing, one step with what went in, the files.
    expect(place.locator(".bar-row")).to_have_count(3)
    expect(place.locator(".graph .node.succeeded").first).to_be_visible()
    place.locator(".bar-row", has_text="note").first.click()
    expect(place.locator(".sheet.focus")).to_contain_text("Good day from branches", timeout=WAIT)
    run = page.url.split("#")[1].split("/")[2]
    output = go(page, f"#/runs/{run}/output")
    expect(output).to_contain_text("note.txt")
    expect(output).to_contain_text("right.txt")
    assert "Good day" in go(page, f"#/runs/{run}/inputs").inner_text()
    expect(go(page, f"#/runs/{run}/events").locator(".log li").first).to_contain_text("succeeded")


def test_a_run_is_replayed_from_a_step_and_compared_with_the_first(
    page: Page, panel: Panel, job: str
):
    runs = json.loads(panel.command("runs", "list", "--json").stdout)["payload"]["runs"]
    first = next(run["id"] for run in runs if run["job"] == job)
    shown = go(page, f"#/runs/{first}/step/both.left/again")
    shown.get_by_role("button", name="Replay from this step").click()
    said(page, "kept")
    page.wait_for_url(lambda url: "#/runs/" in url and first not in url, timeout=WAIT)
    expect(page.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)

    shown = go(page, f"#/runs?job={job}")
    boxes = shown.locator("tbody input[type=checkbox]")
    expect(boxes).to_have_count(2)
    for number in range(2):
        boxes.nth(number).check()
    shown.get_by_role("button", name="Compare the two chosen").click()
    expect(page.locator("#place h1")).to_have_text("Two runs side by side", timeout=WAIT)
    # The replayed step wrote another file; everything else is as it was.
    expect(page.locator("#place .sub")).to_have_text("One step differs.")


def test_branches_fold_and_the_address_keeps_it(page: Page, job: str):
    shown = go(page, f"#/jobs/{job}")
    inside = shown.locator('.node[data-path="both.left/again"]')
    expect(inside).to_have_count(1)
    fold = shown.locator('.fold[data-fold="both"]')
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator('#place .node[data-path="both.left/again"]')).to_have_count(0, timeout=WAIT)
    assert page.url.endswith("?fold=both")
    page.reload()
    expect(page.locator('#place .node[data-path="both"]')).to_have_count(1, timeout=WAIT)
    # Unfolded again, it still fits a pane of 500 pixels.
    page.set_viewport_size({"width": 500, "height": 900})
    page.locator('#place .fold[data-fold="both"]').click()
    expect(inside).to_have_count(1, timeout=WAIT)
    box = page.locator("#place .graph").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 500


def test_jobs_are_found_paused_together_and_drafted_from_a_template(page: Page, panel: Panel):
    shown = go(page, "#/jobs/templates/weekly-digest")
    for field in shown.locator("input[required]").all():
        kind = field.get_attribute("name") or ""
        field.fill(
            panel.feed
            if "feed" in kind or "url" in kind
            else "jo@example.org"
            if "to" in kind
            else "batteries"
        )
    shown.get_by_role("button", name="Make the draft").click()
    page.wait_for_url(re.compile("#/chat/"), timeout=WAIT)
    expect(page.locator("#dock")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#head")).to_contain_text("Version 1", timeout=WAIT)
    expect(page.locator("#head .phases .now")).to_be_visible()

    shown = go(page, "#/jobs")
    page.locator("#place-search").fill("digest")
    expect(page.locator("#place tbody tr")).to_have_count(1, timeout=WAIT)
    page.locator("#place tbody input[type=checkbox]").check()
    page.get_by_role("button", name="Pause the chosen").click()
    said(page, "1 of them: pause.")
    expect(page.locator("#place tbody .chip")).to_have_text("paused", timeout=WAIT)
    assert page.url.endswith("?q=digest")


def test_a_job_file_is_brought_in_and_taken_out(page: Page, panel: Panel, tmp_path: Path):
    shown = go(page, "#/jobs/import")
    shown.locator("input[type=file]").set_input_files(job_file(tmp_path, "carried"))
    shown.get_by_role("button", name="Import it").click()
    expect(page.locator("#place h1")).to_have_text("Carried", timeout=WAIT)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Export").click()
    assert coming.value.suggested_filename == "carried.zip"
    # The same again is refused, with a cure, and nothing is lost.
    shown = go(page, "#/jobs/import")
    shown.locator("input[type=file]").set_input_files(job_file(tmp_path, "carried"))
    shown.get_by_role("button", name="Import it").click()
    said(page, "carried-2")


def test_a_skill_is_tried_from_its_form(page: Page, panel: Panel):
    shown = go(page, "#/skills/fetch_feed")
    shown.locator("[name='arg:url']").fill(panel.feed)
    shown.get_by_role("button", name="Run it once").click()
    page.wait_for_url(re.compile("#/runs/"), timeout=WAIT)
    story = page.locator("#place .stories").get_by_role(
        "link", name="Sodium-ion batteries go to sea"
    )
    expect(story).to_be_visible(timeout=WAIT)
    expect(page.locator("#place .code")).to_be_hidden()
    expect(page.locator("#place h1")).to_have_text("Fetch feed, asked once")


def test_code_from_outside_is_reviewed_before_it_may_run(page: Page):
    shown = go(page, "#/skills/say_hello")
    expect(shown).to_contain_text("This code comes from outside")
    expect(shown).to_contain_text("def say_hello")
    shown.get_by_role("button", name="I have read it").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "say_hello is enabled")
    page.locator("#place [name='arg:name']").fill("Jo")
    page.get_by_role("button", name="Run it once").click()
    expect(page.locator("#place")).to_contain_text("Hello, Jo", timeout=WAIT)


def test_settings_take_effect_at_once(page: Page, panel: Panel):
    shown = go(page, "#/settings/keys")
    shown.locator("[name=name]").fill("tracker_token")
    shown.locator("[name=value]").fill("a-long-enough-secret")
    shown.get_by_role("button", name="Keep it").click()
    expect(page.locator("#place table")).to_contain_text("tracker_token", timeout=WAIT)
    assert "a-long-enough-secret" not in page.content()

    shown = go(page, "#/settings/channels")
    shown.locator("[name=name]").fill("wall")
    shown.locator("[name=url]").fill("json://127.0.0.1:9/none")
    shown.locator("[name=digest]").fill("08:00")
    shown.locator("[name=urgent][value=waiting]").check()
    shown.get_by_role("button", name="Add a channel").click()
    expect(page.locator("#place table")).to_contain_text("wall", timeout=WAIT)
    listed = json.loads(panel.command("alerts", "channels", "list", "--json").stdout)["payload"]
    [wall] = [one for one in listed["channels"] if one["name"] == "wall"]
    assert (wall["digest"], wall["urgent"]) == ("08:00", ["waiting"])
    page.locator("#place table").get_by_role("button", name="Test wall").click()
    expect(page.locator("#said .said.bad")).to_be_visible(timeout=WAIT)

    shown = go(page, "#/settings/budgets")
    shown.locator("[name=model_context]").fill("1024")
    shown.get_by_role("button", name="Save").click()
    said(page, "Saved")
    assert "model_context = 1024" in (panel.home / "settings.toml").read_text()
    expect(go(page, "#/models").locator("table").first).to_contain_text("1,024")


def test_a_model_is_measured_and_the_work_is_shown(page: Page):
    shown = go(page, "#/models")
    shown.get_by_role("button", name="Measure speed starter").click()
    expect(page.locator("#place .works")).to_contain_text("tokens a second", timeout=WAIT)


def test_what_a_test_of_a_model_found_stands_beside_it_from_then_on(page: Page, panel: Panel):
    row = go(page, "#/models").locator("tr", has_text="starter").first
    row.get_by_role("button", name="Test this model starter").click()
    expect(row).to_contain_text("Trusted with drafting (8 of 8).", timeout=3 * WAIT)
    place = Workplace.open(load(home=panel.home))
    kept = (
        place.models.trials.of_model("starter", place.models.fingerprint("starter"))
        if place.models.trials
        else []
    )
    place.models.close()
    place.close_store()
    assert {t.ability for t in kept} == {"routing", "tool_calls", "drafting", "summaries"}


def test_a_long_conversation_shows_its_end_and_the_rest_when_asked(page: Page, panel: Panel):
    place = Workplace.open(load(home=panel.home))
    record = place.jobs.create("long-talk", title="Long talk")
    for number in range(80):
        place.jobs.add_interaction(record.id, "answer", "assistant", f"line {number} of it")
    place.close_store()
    page.evaluate("id => { location.hash = `#/chat/${id}` }", record.id)
    expect(page.locator("#bot")).to_contain_text("line 79 of it", timeout=WAIT)
    expect(page.locator("#bot")).not_to_contain_text("line 49 of it")
    page.get_by_role("button", name="Show earlier messages").click()
    expect(page.locator("#bot")).to_contain_text("line 0 of it", timeout=WAIT)
    expect(page.locator("#earlier")).to_be_hidden()


def test_keys_lead_everywhere_and_the_list_of_them_opens(page: Page):
    page.locator("#nav a", has_text="Chat").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys dialog")).to_be_visible()
    expect(page.locator("#keys dialog")).to_contain_text("Go to Runs")
    page.keyboard.press("Escape")
    for key, place in (("j", "jobs"), ("r", "runs"), ("m", "models"), ("c", "chat")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page.locator("#nav a[aria-current=page]")).to_have_attribute("data-place", place)
    page.keyboard.press("Control+k")
    expect(page.locator("#job-search")).to_be_focused()


def test_a_setting_of_the_command_line_shows_at_once_and_what_somebody_types_stays(
    page: Page, panel: Panel
):
    shown = go(page, "#/skills/servers")
    shown.locator("[name=name]").fill("half-writ")
    assert panel.command("settings", "set", "noun", "matter").returncode == 0
    expect(page.locator("#nav a[data-place=jobs]")).to_have_text("Matters", timeout=WAIT)
    expect(page.locator("#place [name=name]")).to_have_value("half-writ")
    assert panel.command("settings", "unset", "noun").returncode == 0
    expect(page.locator("#nav a[data-place=jobs]")).to_have_text("Jobs", timeout=WAIT)


def test_a_phone_reads_and_approves(phone: Page, panel: Panel, tmp_path: Path):
    text = "job: {name}\ntitle: {title}\nsteps:\n  - id: ask\n    approve: Shall it go out?\n"
    assert (
        panel.command("jobs", "import", str(job_file(tmp_path, "asking", text=text))).returncode
        == 0
    )
    shown = go(phone, "#/jobs/asking")
    shown.get_by_role("button", name="Run now").click()
    expect(phone.locator("#place .asks")).to_contain_text("Shall it go out?", timeout=WAIT)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("#place .asks").get_by_role("button", name="Approve").click()
    expect(phone.locator("#place .place-head .chip").first).to_have_text("succeeded", timeout=WAIT)


def test_eight_tabs_of_one_browser_all_work(page: Page, panel: Panel):
    tabs = [page.context.new_page() for _ in range(7)]
    for number, tab in enumerate(tabs):
        tab.goto(f"http://127.0.0.1:{panel.port}/#/{('jobs', 'runs', 'skills')[number % 3]}")
    for tab in tabs:
        expect(tab.locator("#place h1")).to_be_visible(timeout=WAIT)
    go(page, "#/insight")


def test_hostile_names_stay_text_and_start_nothing(page: Page, panel: Panel, tmp_path: Path):
    text = 'job: {name}\ntitle: "<img src=x onerror=alert(1)>${{alert(2)}}"\nsteps:\n  - id: a\n    set: {{x: 1}}\n'
    assert (
        panel.command("jobs", "import", str(job_file(tmp_path, "hostile", text=text))).returncode
        == 0
    )
    go(page, "#/jobs")
    shown = go(page, "#/jobs/hostile")
    expect(shown.locator("h1")).to_have_text("<img src=x onerror=alert(1)>${alert(2)}")
    assert page.locator("#place img, #job-list img").count() == 0


TRIGGERED = """
job: {name}
title: {title}
triggers:
  - {{on: webhook}}
  - {{on: feed_changed, url: "FEED"}}
steps: [{{stop: done}}]
"""


def test_a_job_shows_how_its_triggers_stand(page: Page, panel: Panel, tmp_path: Path):
    text = TRIGGERED.replace("FEED", panel.feed)
    path = job_file(tmp_path, "posted", title="Posted", text=text)
    assert panel.command("jobs", "import", str(path)).returncode == 0
    row = go(page, "#/jobs/posted").locator("tr", has_text="webhook")
    expect(row).to_contain_text("/hooks/posted/webhook", timeout=WAIT)
    expect(row.locator(".chip")).to_have_text("off")

    # What would have fired is told before anything is switched on.
    shown = go(page, "#/jobs/posted/triggers")
    feed = shown.locator(".sheet", has=page.locator("h3", has_text="feed_changed"))
    feed.locator("select").select_option("30d")
    feed.get_by_role("button", name="What would have fired?").click()
    said(page, "feed_changed: would have fired")
    expect(feed).to_contain_text("Sodium-ion batteries go to sea", timeout=WAIT)
    hook = shown.locator(".sheet", has=page.locator("h3", has_text="webhook"))
    expect(hook).to_contain_text("It is off")
    assert violations(page) == []

    assert panel.command("jobs", "enable", "posted").returncode == 0
    expect(hook.locator(".chip")).to_have_text("watching", timeout=WAIT)


def test_a_webhooks_token_is_shown_and_renewed(page: Page, panel: Panel, tmp_path: Path):
    path = job_file(tmp_path, "opened", text=TRIGGERED.replace("FEED", panel.feed))
    assert panel.command("jobs", "import", str(path)).returncode == 0
    assert panel.command("jobs", "enable", "opened").returncode == 0

    def told() -> str:
        shown = panel.command("jobs", "triggers", "opened", "--token", "--json").stdout
        [token] = [t["token"] for t in json.loads(shown)["payload"]["triggers"] if "token" in t]
        return token

    def posted(token: str) -> int:
        answer = httpx.post(
            f"http://127.0.0.1:{panel.port}/hooks/opened/webhook", json={"a": 1},
            headers={"authorization": f"Bearer {token}"}, trust_env=False,
        )  # fmt: skip
        return answer.status_code

    shown = go(page, "#/jobs/opened/triggers")
    assert shown.locator(".cli-line code", has_text=told()).count() == 0
    shown.get_by_role("button", name="Show the token webhook").click()
    old = told()
    expect(page.locator("#place .cli-line code", has_text=old)).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Make a new token webhook").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    said(page, "webhook has a new token")
    new = told()
    expect(page.locator("#place .cli-line code", has_text=new)).to_be_visible(timeout=WAIT)
    assert (posted(old), posted(new)) == (401, 202)
    # What came of it stands there too.
    fired = page.locator("#place .sheet", has=page.locator("h3", has_text="What has fired"))
    expect(fired.locator("tbody tr", has_text="webhook").locator(".chip")).to_have_text(
        "ran", timeout=WAIT
    )
    assert violations(page) == []


def test_a_phone_scrolls_the_bars_and_never_the_page(phone: Page, panel: Panel, tmp_path: Path):
    for number in range(4):
        path = job_file(tmp_path, f"phone-{number}", title=f"A job with a long title {number}")
        assert panel.command("jobs", "import", str(path)).returncode == 0
    expect(phone.locator("#job-list li")).not_to_have_count(0, timeout=WAIT)
    for address in ("#/jobs/ledger", "#/settings/look", "#/settings/data"):
        shown = go(phone, address)
        expect(shown.locator(".parts [aria-current=page]")).to_be_in_viewport(ratio=1)
        expect(shown.locator("h1")).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.querySelector('#job-list').scrollWidth > innerWidth")
    moved = "() => { const list = document.querySelector('#job-list'); list.scrollLeft = 50; return list.scrollLeft }"
    assert phone.evaluate(moved) == 50
