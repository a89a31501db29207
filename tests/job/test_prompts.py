"""Names, routing, templates and locks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.job import templates
from assistant.job.naming import name_from, title_from
from assistant.job.routing import route
from assistant.pipeline.loader import load
from assistant.store import locks
from tests.job.conftest import DIGEST, Desk


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Every weekday at 7 make me a newsletter of the five best stories about batteries"
         " from https://example.org/feed.xml and mail it to jo@example.org", "newsletter-batteries"),
        ("Which products in the shop are nearly sold out?", "products-shop-nearly-sold"),
        ("What is new in https://www.example.org/feed.xml ?", "what-is-new-example"),
        ("what's the weather in Berlin tomorrow?", "weather-berlin"),
        ("send an email to jo@example.org saying the meeting moved to 3pm", "meeting-moved"),
        ("Don't let me forget Jo’s birthday", "forget-jo-birthday"),
        ("Save the three newest stories of https://example.org/feed.xml to stories.md", "save-newest"),
        ("Jeden Montag um 8 Uhr eine Zusammenfassung der Nachrichten von https://example.org/feed.xml"
         " an anna@example.org schicken", "zusammenfassung-nachrichten"),
        ("Envoie-moi chaque matin les nouvelles de https://example.org/feed.xml", "nouvelles"),
        ("Elke ochtend om 7 het nieuws over fietsen van https://example.org/feed.xml",
         "nieuws-fietsen"),
        ("tell me when the price on https://shop.example.org/boat drops below 40", "price"),
        ("check every hour whether the tide table changes and tell the channel harbour",
         "tide-table-changes-harbour"),
        ("Every friday at 4pm send the parents a newsletter titled \"School week\" with the three best"
         " stories about school from https://example.org/feed.xml to parents@school.example", "school-week"),
        ("each Tuesday at 9h mail a digest called “Harbour news” to jo@example.org", "harbour-news"),
        ("at 4pm tell the crew that the boat is in", "crew-boat"),
        ("每天早上七点", "job"),
        ("x" * 500, "x" * 40),
    ],
)  # fmt: skip
def test_a_job_is_named_after_the_words_that_carry_the_meaning(text: str, name: str) -> None:
    assert name_from(text) == name


def test_a_title_is_the_first_line_cut_at_a_word() -> None:
    assert title_from("\n  Hello there\nmore") == "Hello there"
    assert title_from("word " * 40) == "word " * 15 + "word …"


def test_a_prompt_goes_to_the_focused_job_or_a_new_one(desk: Desk) -> None:
    first = route(desk.jobs, "Read the harbour news")
    assert (first.new, first.job.name, first.job.title) == (
        True, "read-harbour-news", "Read the harbour news",
    )  # fmt: skip
    second = route(desk.jobs, "and shorter", focus=first.job.name)
    assert (second.new, second.job.id) == (False, first.job.id)
    third = route(desk.jobs, "hello", focus="a-job-that-is-gone")
    assert third.new
    assert [i.text for i in desk.jobs.interactions(first.job.id)] == [
        "Read the harbour news", "and shorter",
    ]  # fmt: skip


def test_another_job_that_a_prompt_speaks_of_is_named(desk: Desk) -> None:
    known = desk.jobs.create("ai-digest")
    desk.jobs.accept(known.id, DIGEST, author="person")
    routed = route(desk.jobs, "run the AI digest now")
    assert (routed.new, routed.also) == (True, ("ai-digest",))


@pytest.mark.parametrize("name", templates.names())
def test_every_template_says_what_it_is_and_can_be_filled(desk: Desk, name: str) -> None:
    template = templates.get(name)
    assert template.about
    examples = {
        "string": "https://example.org/feed.xml", "array": '["https://example.org/feed.xml"]',
        "integer": "3", "number": "3", "boolean": "true",
    }  # fmt: skip
    inputs = load(template.text).job.inputs
    values = {
        b.name: examples[inputs[b.name].get("type", "string")] for b in template.blanks if b.needed
    }
    values |= {"to": "jo@example.org"} if "to" in inputs else {}
    values |= {"database": "shop"} if "database" in inputs else {}
    text = template.fill(values, name="mine", timezone="Europe/Rome")
    job = desk.lifecycle.parsed(text)
    assert job.name == "mine"
    assert all("default" in schema for schema in job.inputs.values())
    assert job.schedule is None or job.schedule.timezone == "Europe/Rome"


def test_what_fills_a_blank_stays_a_value() -> None:
    template = templates.get("weekly-digest")
    text = template.fill({"feed": 'x"}\nsteps: []', "to": "jo@example.org"})
    assert load(text).job.inputs["feed"]["default"] == 'x"}\nsteps: []'
    with pytest.raises(BindingsInvalid, match="no expression"):
        template.fill({"feed": "${{ inputs.to }}", "to": "jo@example.org"})
    with pytest.raises(BindingsInvalid, match="no input 'fed'"):
        template.fill({"fed": "x", "feed": "x", "to": "x"})
    with pytest.raises(TargetUnresolved) as wrong:
        templates.get("weekly-digst")
    assert wrong.value.hint == "Did you mean 'weekly-digest'?"


def test_a_lock_is_free_when_its_process_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "panel.lock"
    code = (
        "import sys, pathlib; from assistant.store import locks\n"
        f"held = locks.take(pathlib.Path({str(path)!r}), 'http://127.0.0.1:7860')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert locks.take(path) is None
        assert locks.holder(path) == "http://127.0.0.1:7860"
        other.kill()
        other.wait()
    assert locks.holder(path) is None
    lock = locks.take(path, "me")
    assert lock is not None
    assert locks.holder(path) == "me"
    lock.free()
    assert not path.exists()
