"""Every template does what its first line promises: filled in, approved, run unattended on the demo world."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from assistant.demo import DemoSite
from assistant.job import templates
from assistant.job.running import request_for
from assistant.models.doubles import ScriptedModel
from assistant.models.protocol import Model
from assistant.models.registry import ModelRegistry
from assistant.settings import Channel, Search, Settings
from assistant.store.database import Store
from assistant.workplace import Workplace
from tests.loopback import Asked, Page, Site, page

SCHEDULED = {"kind": "schedule"}


class ScriptedModels(ModelRegistry):
    """Every name is the model that answers from a list."""

    def __init__(self, settings: Settings, store: Store, model: Model) -> None:
        super().__init__(settings, store)
        self.model = model

    def make(self, name: str, *, person: bool) -> Model:
        return self.model


class World:
    """A home with the demo newspaper, a chat channel `town` and a web search beside it."""

    def __init__(self, place: Workplace, paper: DemoSite, web: Site) -> None:
        self.place, self.paper, self.web = place, paper, web

    async def use(self, template: str, **blanks: Any) -> str:
        """Fill a template in and approve it, as a person would; gives the job's name."""
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in blanks.items()}
        filled = templates.get(template).fill(texts, timezone="Europe/London")
        record = self.place.jobs.create(template)
        self.place.lifecycle.approve(self.place.lifecycle.propose(record.id, filled).id)
        return record.name

    async def run(self, job: str, **more: Any) -> dict[str, Any]:
        """One run as the schedule makes it; gives the receipt at its end, or where it waits."""
        engine = await self.place.engine()
        record = self.place.jobs.get(job)
        request = request_for(self.place.jobs, record, trigger=SCHEDULED, **more)
        return await engine.wait(await engine.submit(request), 60, until_waiting=True)

    def mail(self) -> list[EmailMessage]:
        """What lies in the outbox, oldest first."""
        paths = sorted(
            self.place.settings.outbox_dir.glob("*.eml"), key=lambda p: p.stat().st_mtime
        )
        return [
            email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in paths
        ]

    def stories_in(self, letter: EmailMessage) -> set[str]:
        return {
            story.slug for story in self.paper.stories if f"/news/{story.slug}" in text_of(letter)
        }

    def posted(self) -> list[str]:
        """What was said in the channel."""
        return [json.loads(a.body)["message"] for a in self.web.asked if a.path == "/town"]

    def artifact(self, receipt: dict[str, Any], name: str) -> bytes:
        folder = self.place.settings.run_dir(receipt["target"], receipt["run_id"])
        return (folder / "artifacts" / name).read_bytes()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return body.get_content()


@pytest.fixture
def paper() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture
def web(paper: DemoSite) -> Iterator[Site]:
    """A chat service, a search engine that finds stories of the paper, and pages in good and bad shape."""

    def found(asked: Asked) -> Page:
        first = "pageno=1" in asked.target
        results = [
            {"title": s.title, "url": f"{paper.origin}/news/{s.slug}", "content": s.summary}
            for s in paper.stories
        ]
        return page(json.dumps({"results": results if first else []}), "application/json")

    routes = {
        "/town": page("{}", "application/json"),
        "/search": found,
        "/well": page("all is well"),
        "/ill": Page(500, {"content-type": "text/plain"}, b"broken"),
        "/gone": Page(404, {"content-type": "text/plain"}, b"gone"),
    }
    with Site(routes) as running:
        yield running


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel()


@pytest.fixture
def model_name() -> str:
    return "starter"


@pytest.fixture
async def world(
    settings: Settings, paper: DemoSite, web: Site, model: ScriptedModel, model_name: str
) -> AsyncIterator[World]:
    reaching = settings.model_copy(
        update={
            "allow_origins": (paper.origin, web.origin),
            "channels": {"town": Channel(url=f"json://127.0.0.1:{web.port}/town")},
            "model": model_name,
            "search": Search(provider="searxng", url=web.origin),
        }
    )
    place = Workplace.open(reaching, models=lambda s, store: ScriptedModels(s, store, model))
    yield World(place, paper, web)
    await place.close()


async def test_weekly_digest_mails_the_weeks_best_stories_on_a_topic_once(world: World) -> None:
    job = await world.use(
        "weekly-digest", feed=world.paper.feed, to="jo@example.org", topic="batteries", limit=3
    )
    receipt = await world.run(job)
    assert (receipt["status"], receipt["outputs"]["stories"]) == ("succeeded", 3), receipt["error"]
    (letter,) = world.mail()
    assert (letter["To"], letter["Subject"]) == ("jo@example.org", "The week in batteries")
    first = world.stories_in(letter)
    assert len(first) == 3
    again = await world.run(job)
    assert again["status"] == "succeeded", again["error"]
    assert not first & {slug for later in world.mail()[1:] for slug in world.stories_in(later)}


async def test_page_watch_mails_the_entries_that_are_new_and_then_keeps_quiet(
    world: World,
) -> None:
    job = await world.use(
        "page-watch", page=f"{world.paper.origin}/section/batteries", to="jo@example.org"
    )
    batteries = [s for s in world.paper.stories if s.section.lower() == "batteries"]
    first = await world.run(job)
    assert first["status"] == "succeeded", first["error"]
    assert sorted(first["outputs"]["new"]) == sorted(s.title for s in batteries)
    quiet = await world.run(job)
    assert (quiet["status"], quiet["outputs"], len(world.mail())) == ("succeeded", {}, 1)


async def test_feed_to_channel_posts_each_new_story_once_oldest_first(world: World) -> None:
    job = await world.use("feed-to-channel", feed=world.paper.feed, channel="town", limit=3)
    newest = world.paper.stories[:6]
    receipt = await world.run(job)
    assert receipt["status"] == "succeeded", receipt["error"]
    first = [f"{s.title}\n{world.paper.origin}/news/{s.slug}" for s in reversed(newest[:3])]
    assert world.posted() == first
    await world.run(job)
    then = [f"{s.title}\n{world.paper.origin}/news/{s.slug}" for s in reversed(newest[3:])]
    assert world.posted() == first + then


@pytest.mark.parametrize("model_name", ["larger"])
async def test_database_report_keeps_the_rows_and_mails_them(
    world: World, model: ScriptedModel
) -> None:
    model.answers.append(
        {"sql": "select name, stock from products where stock < reorder_at order by stock"}
    )
    job = await world.use(
        "database-report", question="What is nearly sold out?", to="jo@example.org"
    )
    receipt = await world.run(job)
    assert receipt["status"] == "succeeded", receipt["error"]
    assert receipt["outputs"]["rows"][0] == {"name": "Cork fender", "stock": 0}
    (letter,) = world.mail()
    count = receipt["outputs"]["count"]
    assert letter["Subject"] == f"What is nearly sold out? ({count} rows)"
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "report.csv"
    kept = world.artifact(receipt, "report.csv").decode("utf-8-sig")
    assert attached.get_content().lstrip("\ufeff").splitlines() == kept.splitlines()
    assert [row["name"] for row in csv.DictReader(io.StringIO(kept))] == [
        row["name"] for row in receipt["outputs"]["rows"]
    ]


async def test_research_brief_searches_reads_and_writes_up(world: World) -> None:
    job = await world.use("research-brief", question="sodium batteries on ferries", pages=2)
    receipt = await world.run(job)
    assert receipt["status"] == "succeeded", receipt["error"]
    brief = world.artifact(receipt, "brief.md").decode()
    assert brief == receipt["outputs"]["brief"]
    assert "Sodium-ion batteries go to sea on the island ferry" in brief
    assert 1 <= len(receipt["outputs"]["sources"]) <= 2
    assert all(url in brief for url in receipt["outputs"]["sources"])


async def test_status_check_tells_of_the_addresses_that_do_not_answer(world: World) -> None:
    well, ill, gone = (world.web.url(f"/{name}") for name in ("well", "ill", "gone"))
    job = await world.use("status-check", addresses=[well, ill, gone], channel="town")
    receipt = await world.run(job)
    assert (receipt["status"], receipt["outputs"]) == ("succeeded", {"down": [ill, gone]})
    assert world.posted() == [f"2 of 3 do not answer: {ill}, {gone}"]
    fine = await world.run(job, inputs={"addresses": [well]})
    assert (fine["status"], len(world.posted())) == ("succeeded", 1)


async def test_two_source_newsletter_makes_one_letter_of_a_feed_and_a_page(world: World) -> None:
    job = await world.use(
        "two-source-newsletter", feed=world.paper.feed, to="jo@example.org",
        page=f"{world.paper.origin}/section/harbour", limit=30,
    )  # fmt: skip
    receipt = await world.run(job)
    assert receipt["status"] == "succeeded", receipt["error"]
    (letter,) = world.mail()
    of_the_day = {story.slug for story in world.paper.stories[:8]}
    harbour = {s.slug for s in world.paper.stories if s.section.lower() == "harbour"}
    assert world.stories_in(letter) == of_the_day | harbour
    assert text_of(letter).count(f"{world.paper.origin}/news/") == len(of_the_day | harbour)


async def test_two_source_newsletter_goes_out_when_one_source_is_down(world: World) -> None:
    job = await world.use(
        "two-source-newsletter", feed=world.paper.feed, to="jo@example.org",
        page=world.web.url("/gone"),
    )  # fmt: skip
    receipt = await world.run(job)
    assert (receipt["status"], len(world.mail())) == ("succeeded", 1), receipt["error"]


async def test_press_inbox_collects_chooses_asks_and_sends_what_was_agreed(world: World) -> None:
    job = await world.use(
        "press-inbox", newsrooms=[world.paper.feed, world.web.url("/gone")], topic="batteries",
        to="jo@example.org",
    )  # fmt: skip
    waiting = await world.run(job)
    assert (waiting["status"], world.mail()) == ("waiting", [])
    engine = await world.place.engine()
    await engine.decide(waiting["run_id"], "agree", approved=True, by="jo")
    receipt = await engine.wait(waiting["run_id"], 60)
    assert receipt["status"] == "succeeded", receipt["error"]
    (letter,) = world.mail()
    assert letter["Subject"] == "Press: batteries"
    assert receipt["outputs"]["releases"]
    assert all(url in text_of(letter) for url in receipt["outputs"]["releases"])


def test_every_template_runs_here() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in templates.names() if f'"{name}"' not in tested] == []
