"""Every kind of trigger with the real thing: a feed server, a page, a file, a database, runs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.clock import FixedClock, rfc3339
from assistant.engine.context import JobMemory
from assistant.engine.queueing import queue_run
from assistant.engine.request import RunRequest
from assistant.errors import BindingsInvalid, ModelUnavailable
from assistant.job.lifecycle import Lifecycle
from assistant.net.client import open_client
from assistant.schedule.arming import specs
from assistant.schedule.looks import Surroundings
from assistant.schedule.trigger_views import trial, views
from assistant.schedule.watcher import Watcher
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import RunRepository
from assistant.store.ticks import TickLedger
from assistant.store.triggers import TriggerLedger
from tests.conftest import NOON
from tests.loopback import Asked, Page, Site, allowing, page

FEED = """<rss version="2.0"><channel><title>News</title>{items}</channel></rss>"""
ITEM = "<item><title>{0}</title><link>https://example.org/{0}</link><pubDate>Mon, 02 Mar 2026 1{0}:00:00 GMT</pubDate></item>"


class Feed:
    """A feed that says 304 to who has its last state."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers

    def __call__(self, asked: Asked) -> Page:
        tag = f'"{self.numbers}"'
        if asked.headers.get("if-none-match") == tag:
            return Page(304, {"etag": tag})
        body = FEED.format(items="".join(ITEM.format(n) for n in self.numbers))
        return page(body, "application/rss+xml", etag=tag)


class Runs:
    """Runs are remembered and go on until `finish`."""

    def __init__(self) -> None:
        self.started: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.going: list[str] = []
        self.trouble: Exception | None = None

    async def start(
        self,
        job: JobRecord,
        run_id: str,
        trigger: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        if self.trouble:
            raise self.trouble
        self.started.append((run_id, dict(trigger), dict(inputs or {})))
        self.going.append(run_id)

    def active(self, job: JobRecord) -> list[str]:
        return [run for run in self.going if run.startswith(f"{job.name}:")]

    def finish(self) -> None:
        self.going.clear()

    @property
    def data(self) -> list[dict[str, Any]]:
        return [trigger["data"] for _, trigger, _ in self.started]


class Home:
    """A home with a job, its triggers, and what watches them; time stands still."""

    def __init__(self, settings: Settings, store: Store, clock: FixedClock, http: Any) -> None:
        self.settings, self.store, self.clock = settings, store, clock
        self.jobs = JobRepository(store, settings, clock=clock)
        self.repository = RunRepository(store)
        library = Library.open(settings)
        self.lifecycle = Lifecycle(self.jobs, TickLedger(store, clock=clock), library, clock)
        self.ledger = TriggerLedger(store, clock=clock)
        self.runs = Runs()
        self.around = Surroundings(
            settings, library, http, Secrets(settings.home, environ={}),
            JobMemory(self.repository, "triggers"), clock,
        )  # fmt: skip
        self.watcher = self.another_watcher("one")

    def another_watcher(self, worker: str) -> Watcher:
        return Watcher(
            self.ledger, self.jobs, self.runs, lambda _: self.around,
            clock=self.clock, worker=worker,
        )  # fmt: skip

    def job(self, *triggers: str, name: str = "watch", more: str = "") -> JobRecord:
        lines = "".join(f"  - {line}\n" for line in triggers)
        text = f"job: {name}\ninputs: {{topic: {{type: string, default: all}}}}\ntriggers:\n{lines}{more}steps: [{{stop: done}}]\n"
        record = self.jobs.find(name) or self.jobs.create(name)
        self.lifecycle.save(record.id, text)
        return self.jobs.get(record.id)

    async def later(self, **parts: float) -> None:
        """Let time pass, and the watcher look and decide."""
        self.clock.advance(**parts)
        await self.watcher.round(self.clock.now())
        await self.watcher.looked()
        await self.watcher.round(self.clock.now())

    def end_run(self, run_id: str, job: str, status: str, trigger: Mapping[str, Any] = {}) -> None:
        """Write a run that has ended now, as the engine writes it."""
        request = RunRequest(job=job, yaml="", trigger=trigger).snapshot(run_id)
        queue_run(self.repository, self.clock, request)
        ended = {"status": status, "ended_at": rfc3339(self.clock.now())}
        self.repository.record(run_id, run=ended)

    def account(self, job: JobRecord) -> list[tuple[str, str]]:
        return [(f.trigger, f.outcome) for f in reversed(self.ledger.firings(job.id))]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
async def home(
    settings: Settings, store: Store, clock: FixedClock, site: Site, tmp_path: Path
) -> AsyncIterator[Home]:
    shop = tmp_path / "shop.db"
    with sqlite3.connect(shop) as db:
        db.execute("create table orders (id integer primary key, state text)")
        db.execute("insert into orders values (1, 'new')")
    settings = allowing(settings, site).model_copy(update={"databases": {"shop": str(shop)}})
    async with open_client(settings) as http:
        yield Home(settings, store, clock, http)


async def test_new_items_of_a_feed_start_a_run_that_is_told_of_them(home: Home, site: Site) -> None:
    feed = site.routes["/feed.xml"] = Feed(1, 2)
    job = home.job(f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 15m}}')
    await home.later()
    await home.later(minutes=15)
    assert (home.runs.started, len(site.asked)) == ([], 2)
    assert site.asked[1].headers["if-none-match"] == '"(1, 2)"'
    feed.numbers = (4, 3, 2)
    await home.later(minutes=15)
    [(run_id, trigger, _)] = home.runs.started
    assert run_id.startswith("watch:20260302T123000000Z:feed_changed-")
    assert {k: trigger[k] for k in ("kind", "name", "chain")} == {
        "kind": "feed_changed", "name": "feed_changed", "chain": 0,
    }  # fmt: skip
    assert [item["title"] for item in trigger["data"]["items"]] == ["4", "3"]
    home.runs.finish()
    feed.numbers = (2, 1)  # an item that comes back is not new
    await home.later(minutes=15)
    assert home.account(job) == [("feed_changed", "ran")]


async def test_a_page_fires_by_the_text_that_its_selector_picks(home: Home, site: Site) -> None:
    text = "<html><body><main><h1>Hours</h1><p>9  to\n5</p></main><footer>{}</footer></body></html>"
    site.routes["/hours"] = page(text.format("Monday"))
    home.job(f'{{on: page_changed, url: "{site.url("/hours")}", selector: main, every: 1h}}')
    await home.later()
    site.routes["/hours"] = page(text.format("Tuesday").replace("9  to\n5", "9 to 5"))
    await home.later(hours=1)
    assert home.runs.started == []
    site.routes["/hours"] = page(text.format("Tuesday").replace("9  to\n5", "10 to 4"))
    await home.later(hours=1)
    [told] = home.runs.data
    assert (told["added"], told["removed"]) == (["10 to 4"], ["9 to 5"])
    assert told["text"] == "Hours\n10 to 4"


async def test_a_file_fires_when_it_comes_changes_and_goes(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "inbox" / "list.csv"
    path.parent.mkdir()
    job = home.job(f'{{on: file_changed, path: "{path}", every: 10s}}')

    async def write(text: str) -> None:
        home.runs.finish()
        path.write_text(text)
        now = home.clock.now().timestamp() + 5
        os.utime(path, (now, now))
        await home.later(seconds=10)

    await home.later()
    await write("a")
    await write("a")  # touched, and the same as before
    await write("b")
    home.runs.finish()
    path.unlink()
    await home.later(seconds=10)
    assert [told["change"] for told in home.runs.data] == ["created", "changed", "removed"]
    assert home.runs.data[1] == {
        "path": str(path), "change": "changed", "size": 1, "modified": "2026-03-02T12:00:25.000Z",
    }  # fmt: skip
    assert home.account(job) == [("file_changed", "ran")] * 3


async def test_a_file_that_is_being_written_is_left_alone_for_a_second(
    home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "big.csv"
    path.write_text("half")
    os.utime(path, (0, 0))
    home.job(f'{{on: file_changed, path: "{path}", every: 1h}}')
    await home.later()
    path.write_text("half and more")
    moment = home.clock.now().timestamp() + 3599.5
    os.utime(path, (moment, moment))
    await home.later(hours=1)
    assert home.runs.started == []
    await home.later(seconds=1)
    assert [told["size"] for told in home.runs.data] == [13]


async def test_a_folder_tells_which_files_have_come(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    os.utime(folder, (0, 0))
    home.job(f'{{on: file_changed, path: "{folder}", every: 10s}}')
    await home.later()
    (folder / "new.txt").write_text("new")
    (folder / "old.txt").unlink()
    os.utime(folder, (0, 0))
    await home.later(seconds=10)
    [told] = home.runs.data
    assert (told["added"], told["removed"], told["changed"]) == (["new.txt"], ["old.txt"], [])


async def test_a_query_fires_when_its_rows_are_others(home: Home) -> None:
    sql = "select id, state from orders where state = 'new'"
    home.job(f'{{on: row_changed, sql: "{sql}", database: shop, every: 5m}}')
    await home.later()
    with sqlite3.connect(home.settings.databases["shop"]) as db:
        db.execute("insert into orders values (2, 'sent')")
    await home.later(minutes=5)
    assert home.runs.started == []
    with sqlite3.connect(home.settings.databases["shop"]) as db:
        db.execute("update orders set state = 'new' where id = 2")
        db.execute("update orders set state = 'sent' where id = 1")
    await home.later(minutes=5)
    assert home.runs.data == [
        {"rows": 1, "added_count": 1, "removed_count": 1, "added": [{"id": 2, "state": "new"}]}
    ]


async def test_the_end_of_another_jobs_run_starts_this_one_once(home: Home) -> None:
    home.jobs.create("load")
    for name, kind in (("after", "finished"), ("mourn", "failed"), ("cheer", "succeeded")):
        home.jobs.create(name)
        home.lifecycle.save("load", "job: load\nsteps: [{stop: x}]\n")
        home.job(f"{{on: job_{kind}, job: load}}", name=name)
    await home.later(seconds=5)
    home.end_run("r1", "load", "succeeded")
    home.end_run("other", "unload", "failed")
    await home.later(seconds=1)
    home.runs.finish()
    home.end_run("r2", "load", "timed_out")
    for _ in range(3):
        await home.later(seconds=1)
        home.runs.finish()
    started = sorted((run.split(":")[0], t["data"]["run"]) for run, t, _ in home.runs.started)
    assert started == [("after", "r1"), ("after", "r2"), ("cheer", "r1"), ("mourn", "r2")]


async def test_an_end_while_nothing_was_watching_is_seen_afterwards(home: Home) -> None:
    home.lifecycle.save(home.jobs.create("load").id, "job: load\nsteps: [{stop: x}]\n")
    home.job("{on: job_finished, job: load}")
    await home.later(seconds=1)
    home.clock.advance(hours=5)
    home.end_run("r1", "load", "failed")
    home.clock.advance(days=2)
    home.watcher = home.another_watcher("after a restart")
    await home.later()
    assert [told["run"] for told in home.runs.data] == ["r1"]


async def test_jobs_that_start_one_another_come_to_an_end(home: Home) -> None:
    home.lifecycle.save(home.jobs.create("load").id, "job: load\nsteps: [{stop: x}]\n")
    job = home.job("{on: job_finished, job: load}")
    await home.later()
    home.end_run("r1", "load", "failed", {"kind": "job_failed", "chain": 8})
    await home.later(seconds=1)
    [firing] = home.ledger.firings(job.id)
    assert (firing.outcome, firing.reason) == ("missed", "8 jobs have started one another")


async def test_what_changes_while_a_run_goes_on_becomes_one_run(home: Home, site: Site) -> None:
    feed = site.routes["/feed.xml"] = Feed(1)
    job = home.job(f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m}}')
    await home.later()
    for number in (2, 3, 4):
        feed.numbers = (number, *feed.numbers)
        await home.later(minutes=1)
    assert home.account(job) == [
        ("feed_changed", "ran"), ("feed_changed", "pending"), ("feed_changed", "pending"),
    ]  # fmt: skip
    home.runs.finish()
    await home.later(seconds=1)
    assert [outcome for _, outcome in home.account(job)] == ["ran", "coalesced", "ran"]
    assert [[i["title"] for i in told["items"]] for told in home.runs.data] == [["2"], ["3", "4"]]


async def test_debounce_is_at_most_one_run_in_that_time(home: Home) -> None:
    home.lifecycle.save(home.jobs.create("load").id, "job: load\nsteps: [{stop: x}]\n")
    job = home.job("{on: job_finished, job: load, debounce: 10m}")
    await home.later(seconds=5)
    for minute in range(5):
        home.end_run(f"r{minute}", "load", "succeeded")
        await home.later(minutes=1)
        home.runs.finish()
    assert [told["run"] for told in home.runs.data] == ["r0"]
    await home.later(minutes=10)
    assert [told["run"] for told in home.runs.data] == ["r0", "r4"]
    assert [o for _, o in home.account(job)] == [
        "ran",
        "coalesced",
        "coalesced",
        "coalesced",
        "ran",
    ]


async def test_trouble_is_shown_and_looked_at_again_later_and_later(home: Home, site: Site) -> None:
    site.routes["/feed.xml"] = Page(404)
    job = home.job(f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m}}')
    await home.later()
    [view] = views(home.ledger, job, specs(home.lifecycle.in_force(job)), home.settings)
    assert (view.state, view.failures, view.next_look) == ("failing", 1, "2026-03-02T12:01:00.000Z")
    assert "answered 404" in view.error
    await home.later(minutes=1)
    row = home.ledger.find(job.id, "feed_changed")
    assert row
    assert (row.failures, row.next_look) == (2, "2026-03-02T12:03:00.000Z")
    site.routes["/feed.xml"] = Feed(1)
    await home.later(minutes=5)
    [view] = views(home.ledger, job, specs(home.lifecycle.in_force(job)), home.settings)
    assert (view.state, view.failures, view.error) == ("watching", 0, "")


async def test_paused_and_switched_off_are_accounted_for(home: Home, site: Site) -> None:
    feed = site.routes["/feed.xml"] = Feed(1)
    job = home.job(f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m}}')
    await home.later()
    home.lifecycle.pause(job.id)
    feed.numbers = (2, 1)
    await home.later(minutes=1)
    assert home.account(job) == [("feed_changed", "paused")]
    home.lifecycle.disable(job.id)
    feed.numbers = (3, 2, 1)
    await home.later(minutes=1)
    assert (home.ledger.of(job.id), home.runs.started) == ([], [])
    home.lifecycle.enable(job.id)
    await home.later(minutes=1)
    assert home.runs.started == []  # it begins anew with a first look
    feed.numbers = (4, 3, 2, 1)
    await home.later(minutes=1)
    assert [[i["title"] for i in told["items"]] for told in home.runs.data] == [["4"]]


async def test_a_new_version_goes_on_from_what_was_seen(home: Home, site: Site) -> None:
    feed = site.routes["/feed.xml"] = Feed(1)
    line = f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m, with: {{topic: new}}}}'
    home.job(line)
    await home.later()
    feed.numbers = (2, 1)
    home.job('{on: feed_changed, url: "https://example.org/other.xml"}', line)
    await home.later()
    [(run_id, trigger, inputs)] = home.runs.started
    assert (trigger["name"], inputs) == ("feed_changed_2", {"topic": "new"})
    assert ":feed_changed_2-" in run_id


async def test_a_run_that_cannot_start_is_missed_with_its_reason(
    home: Home, tmp_path: Path
) -> None:
    job = home.job(f'{{on: file_changed, path: "{tmp_path / "x"}"}}')
    await home.later()
    (tmp_path / "x").write_text("x")
    os.utime(tmp_path / "x", (0, 0))
    home.runs.trouble = ModelUnavailable("no model")
    await home.later(seconds=10)
    [firing] = home.ledger.firings(job.id)
    assert (firing.outcome, firing.reason) == ("missed", "model_unavailable: no model")


async def test_several_watchers_see_a_change_once(home: Home, site: Site) -> None:
    feed = site.routes["/feed.xml"] = Feed(1)
    job = home.job(f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m}}')
    others = [home.another_watcher(f"w{n}") for n in range(4)]
    await home.later()
    for number in range(2, 8):
        feed.numbers = (number, *feed.numbers)
        home.clock.advance(minutes=1)
        for watcher in others:
            await watcher.round(home.clock.now())
        for watcher in others:
            await watcher.looked()
            await watcher.round(home.clock.now())
        home.runs.finish()
    assert [[i["title"] for i in told["items"]] for told in home.runs.data] == [
        [str(n)] for n in range(2, 8)
    ]
    assert home.account(job) == [("feed_changed", "ran")] * 6


async def test_a_trial_says_what_would_have_fired_and_changes_nothing(
    home: Home, site: Site
) -> None:
    feed = site.routes["/feed.xml"] = Feed(1, 2)
    home.lifecycle.save(home.jobs.create("load").id, "job: load\nsteps: [{stop: x}]\n")
    job = home.job(
        f'{{on: feed_changed, url: "{site.url("/feed.xml")}", every: 1m}}',
        "{on: job_failed, job: load}", "{on: webhook}",
    )  # fmt: skip
    home.end_run("r1", "load", "failed")
    home.end_run("r2", "load", "succeeded")
    since = NOON - timedelta(hours=1, minutes=30)

    async def tried() -> list[list[tuple[str, Any]]]:
        trials = [
            await trial(home.ledger, home.around, job, spec, since=since)
            for spec in specs(home.lifecycle.in_force(job))
        ]
        return [[(at, d.get("title") or d.get("run")) for at, d in one.fires] for one in trials]

    published = [("2026-03-02T11:00:00.000Z", "1"), ("2026-03-02T12:00:00.000Z", "2")]
    assert await tried() == [published, [("2026-03-02T12:00:00.000Z", "r1")], []]
    await home.later(minutes=1)
    feed.numbers = (3, 2, 1)
    fires = await tried()
    assert [len(one) for one in fires] == [1, 1, 0]
    assert len(home.ledger.firings(job.id)) == 1  # r1, and nothing by the trial


def test_a_trigger_needs_inputs_that_have_defaults(home: Home) -> None:
    record = home.jobs.create("asks")
    text = 'job: asks\ninputs: {page: {type: string}}\ntriggers: [{on: page_changed, url: "${{ inputs.page }}"}]\nsteps: [{stop: x}]\n'
    with pytest.raises(BindingsInvalid, match="It needs 'page'"):
        home.lifecycle.save(record.id, text)
