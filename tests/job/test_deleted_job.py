"""A job that another process deletes at any moment of a change: a coded error, nothing raw."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from assistant.clock import FixedClock
from assistant.errors import AssistantError
from assistant.job import once, waiting
from assistant.job.completing import Completer
from assistant.job.condensing import Condenser
from assistant.job.guide import Guide
from assistant.job.lifecycle import Lifecycle
from assistant.job.questions import APPROVE_COMPLETION, Question, answer
from assistant.job.routing import route
from assistant.job.running import request_for
from assistant.job.summary import summarise
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import RunRepository
from assistant.store.ticks import TickLedger
from tests.job.conftest import DIGEST

MOST = 60
"""Visits of the store in one change, at most."""


class Haunted(Store):
    """A store from which another process deletes every job before a visit of a number."""

    left = 0

    @property
    def db(self) -> Database:
        if self.left:
            self.left -= 1
            if not self.left:
                other = sqlite3.connect(self.path, isolation_level=None)
                other.execute("pragma foreign_keys = on")
                other.execute("delete from jobs")
                other.close()
        return super().db


class Place:
    """A home with all that changes a job, opened."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        settings = Settings(home=folder, timezone="Europe/London")
        self.store = Haunted(settings.store_path, clock=clock)
        self.jobs = JobRepository(self.store, settings, clock=clock)
        ledger, self.runs = TickLedger(self.store, clock=clock), RunRepository(self.store)
        self.guide = Guide(self.jobs, self.runs, settings, clock)
        self.lifecycle = Lifecycle(self.jobs, ledger, Library.open(settings), clock, self.guide)
        self.completer, self.condenser = Completer(self.guide), Condenser(self.guide)
        self.job = self.jobs.find("digest") or self._filled()
        self.draft = self.jobs.open_draft(self.job.id) or self.lifecycle.propose("digest", DIGEST)
        [self.asked] = self.guide.ask(self.job.id, [Question("CLARIFY", "Which?", ("a", "b"))])
        # A job made from now on has another id than one that was deleted.
        clock.advance(minutes=1)

    def _filled(self) -> JobRecord:
        """A job with a version, a plan and a child."""
        job = self.jobs.create("digest")
        self.guide.dependencies.make("a photo", parent="digest", name="photo")
        self.lifecycle.save("digest", DIGEST)
        self.guide.plans.set_file("digest", "plan.md")
        self.guide.enter("digest", "execute", "to write the plan")
        self.guide.put_plan("digest", "# A digest\nCycles: 1\n")
        return job


CHANGES: dict[str, Callable[[Place], Any]] = {
    "route": lambda p: route(p.jobs, "fish soup", p.job.id),
    "propose": lambda p: p.lifecycle.propose("digest", DIGEST),
    "approve": lambda p: p.lifecycle.approve(p.draft.id),
    "reject": lambda p: p.lifecycle.reject(p.draft.id),
    "save": lambda p: p.lifecycle.save("digest", DIGEST),
    "rename": lambda p: p.lifecycle.rename("digest", "letter"),
    "roll back": lambda p: p.lifecycle.roll_back("digest", 1),
    "reschedule": lambda p: p.lifecycle.reschedule("digest", "every day at 8", here="UTC"),
    "enable": lambda p: p.lifecycle.enable("digest"),
    "disable": lambda p: p.lifecycle.disable("digest"),
    "pause": lambda p: p.lifecycle.pause("digest"),
    "resume": lambda p: p.lifecycle.resume("digest"),
    "park": lambda p: p.lifecycle.park("digest"),
    "enter": lambda p: p.guide.enter(p.job.id, "condense", "on"),
    "back": lambda p: p.guide.back("digest"),
    "hear": lambda p: p.guide.hear("digest"),
    "ask": lambda p: p.guide.ask(p.job.id, [Question("PLAN", "So?", ("yes",))]),
    "answer": lambda p: answer(p.jobs.said, p.asked.number, "1"),
    "begin a cycle": lambda p: p.guide.begin_cycle("digest", "on"),
    "standing": lambda p: p.guide.standing("digest"),
    "outstanding": lambda p: p.guide.plans.outstanding("digest", "a photo"),
    "name a plan": lambda p: p.guide.plans.set_file("photo", "plan.md"),
    "move up": lambda p: p.guide.plans.move_up(p.job, "plan.yaml", "cycles: 1\n"),
    "wait for": lambda p: p.guide.dependencies.add("digest", p.jobs.create("soup").id),
    "make a child": lambda p: p.guide.dependencies.make("soup", parent="digest"),
    "ask completion": lambda p: p.completer.ask("digest"),
    "complete": lambda p: p.completer.decide(p.completer.ask("digest"), APPROVE_COMPLETION),
    "go on completing": lambda p: p.completer.go_on("digest"),
    "condense": lambda p: (
        p.guide.enter(p.job.id, "condense", "on", footer="The soup is of fish."),
        asyncio.run(p.condenser.condense("digest")),
    ),
    "summarise": lambda p: asyncio.run(
        summarise(p.jobs.said, p.job.id, context=8192, at_8192=1, model=None)
    ),
    "run": lambda p: request_for(p.jobs, p.job, trigger={"kind": "cli"}),
    "call": lambda p: once.steps_request([], job_id=p.job.id),
    "decide": lambda p: waiting.decide_all(p.runs, p.job, approved=True, by="person"),
    "know": lambda p: p.guide.knowledge.add(p.job, "The soup is of fish."),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, clock: FixedClock) -> Path:
    (folder := tmp_path / "home").mkdir()
    Place(folder, clock).store.close()
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_a_job_that_vanishes_in_the_middle_of_a_change_is_a_coded_error(
    home: Path, clock: FixedClock, name: str
) -> None:
    for moment in range(1, MOST):
        shutil.copytree(home, folder := home.with_name(str(moment)))
        place = Place(folder, clock)
        place.store.left = moment
        told = ""
        try:
            CHANGES[name](place)
        except AssistantError as wrong:
            told = wrong.code
        assert told in ("", "job_not_found", "job_target_unresolved", "job_policy_denied")
        reached = place.store.left == 0
        place.store.left = 0
        place.store.close()
        if not reached:
            return
    raise AssertionError(f"{name} visits the store more than {MOST} times")
