"""The lifecycle under arbitrary use: no way around a gate, nothing lost, no write outside Execute."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assistant.clock import FixedClock
from assistant.errors import AssistantError
from assistant.job.completing import Completer
from assistant.job.guide import Guide
from assistant.job.phases import PHASES
from assistant.job.questions import APPROVE_COMPLETION, MOST_OPEN, REVIEW, Question, answer
from assistant.job.routing import route
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository
from tests.conftest import NOON

CALLS = [("fetch_feed", "read"), ("rank_items", "pure"), ("send_email", "write")]


@cache
def _home() -> tuple[Guide, FixedClock]:
    """One home for all rounds: each begins two jobs of its own in it, a minute after the last."""
    home = Settings(home=Path(tempfile.mkdtemp(prefix="lifecycle-")))
    prepare(home)
    clock = FixedClock(NOON)
    store = Store(home.store_path, clock=clock)
    # What is tested is no matter of the disk: nothing is flushed to it.
    store.db.execute("pragma synchronous = off")
    return Guide(JobRepository(store, home, clock=clock), RunRepository(store), home, clock), clock


class Lifecycle(RuleBasedStateMachine):
    """Two jobs, the second may wait for the first, and whatever a person or model may do."""

    @initialize(cycles=st.integers(1, 3))
    def begin(self, cycles: int) -> None:
        self.guide, clock = _home()
        clock.advance(minutes=1)
        self.jobs = self.guide.jobs
        self.completer = Completer(self.guide)
        self.ids = [route(self.jobs, text).job.id for text in ("fish soup", "fish photo")]
        self.said: dict[str, list[str]] = {self.ids[0]: ["fish soup"], self.ids[1]: ["fish photo"]}
        self.approved: set[str] = set()
        self.writes: list[str] = []
        self.cycles = {self.ids[0]: cycles, self.ids[1]: 1}
        self.guide.plans.set_file(self.ids[0], "plan.md")
        self.guide.enter(self.ids[0], "execute", "to write the plan")
        self.guide.put_plan(self.ids[0], f"# Soup\nCycles: {cycles}\n")

    def attempt(self, do: Any, *given: Any, **more: Any) -> Any:
        """Do something that the rules may refuse."""
        try:
            return do(*given, **more)
        except AssistantError:
            return None

    @rule(which=st.integers(0, 1), text=st.sampled_from(["more salt", "shorter", "a title"]))
    def prompt(self, which: int, text: str) -> None:
        ident = self.ids[which]
        before = self.jobs.get(ident)
        self.guide.hear(ident)
        if before.status == "completed":
            self.approved.discard(ident)
            self.cycles[ident] = max(self.cycles[ident], before.cycle + 1)
        route(self.jobs, text, ident)
        self.said[ident].append(text)

    @rule(which=st.integers(0, 1), phase=st.sampled_from([*PHASES, "nowhere"]))
    def move(self, which: int, phase: str) -> None:
        self.attempt(self.guide.enter, self.ids[which], phase, "it happened")

    @rule(which=st.integers(0, 1), phase=st.sampled_from(["", *PHASES]))
    def back(self, which: int, phase: str) -> None:
        before = self.jobs.get(self.ids[which])
        moved = self.attempt(self.guide.back, self.ids[which], phase)
        if moved is not None:
            assert PHASES.index(moved.phase) <= PHASES.index(before.phase)

    @rule(which=st.integers(0, 1), call=st.sampled_from(CALLS))
    def call(self, which: int, call: tuple[str, str]) -> None:
        record = self.jobs.get(self.ids[which])
        try:
            self.guide.check_call(record, *call, {})
        except AssistantError:
            return
        if call[1] == "write":
            self.writes.append(record.phase)

    @rule(which=st.integers(0, 1), text=st.sampled_from(["one", "two", "three", "four"]))
    def ask(self, which: int, text: str) -> None:
        self.attempt(self.guide.ask, self.ids[which], [Question("CLARIFY", f"{text}?", ("a",))])

    @rule(which=st.integers(0, 1))
    def reply(self, which: int) -> None:
        for asked in self.guide.open_questions(self.ids[which]):
            if asked.kind == "CLARIFY":
                answer(self.jobs.said, asked.number, "1")

    @rule(which=st.integers(0, 1), review=st.sampled_from(["", "short", "word " * 120]))
    def ask_completion(self, which: int, review: str) -> None:
        self.attempt(self.completer.ask, self.ids[which], review)

    @rule(which=st.integers(0, 1), word=st.sampled_from([REVIEW, APPROVE_COMPLETION, "hm"]))
    def decide(self, which: int, word: str) -> None:
        for asked in self.guide.open_questions(self.ids[which]):
            if asked.about != "completion":
                continue
            if word == APPROVE_COMPLETION:
                self.approved.add(asked.job_id)
            else:
                self.approved.discard(asked.job_id)
            self.attempt(self.completer.decide, asked, word)

    @rule(which=st.integers(0, 1))
    def go_on(self, which: int) -> None:
        self.attempt(self.completer.go_on, self.ids[which])

    @rule(which=st.integers(0, 1))
    def next_cycle(self, which: int) -> None:
        if self.jobs.get(self.ids[which]).phase == "condense":
            self.attempt(self.guide.begin_cycle, self.ids[which], "on")

    @rule(which=st.integers(0, 1), by=st.sampled_from(["person", "model"]))
    def depend(self, which: int, by: str) -> None:
        self.attempt(self.guide.dependencies.add, self.ids[which], self.ids[1 - which], by=by)

    @rule(which=st.integers(0, 1))
    def rewrite_plan(self, which: int) -> None:
        before = self.jobs.get(self.ids[which])
        done = self.attempt(
            self.guide.put_plan, before.id, f"# S\nCycles: {self.cycles[before.id]}"
        )
        assert done is None or (before.phase == "verify" and before.cycle == 1)

    @invariant()
    def no_way_to_completed_around_a_gate(self) -> None:
        for ident in getattr(self, "ids", ()):
            record = self.jobs.get(ident)
            if record.status == "completed":
                assert ident in self.approved
                assert record.cycle >= self.cycles[ident]

    @invariant()
    def no_circle_and_no_parent_before_its_child(self) -> None:
        if hasattr(self, "ids"):
            mine = [self.guide.guidance.depends_on(ident) for ident in self.ids]
            assert [] in mine

    @invariant()
    def nothing_said_is_lost(self) -> None:
        for ident in getattr(self, "ids", ()):
            kept = [i.text for i in self.jobs.said.of_kind(ident, "prompt")]
            assert kept == self.said[ident]
            assert len(self.guide.open_questions(ident)) <= MOST_OPEN

    @invariant()
    def nothing_is_written_outside_execute(self) -> None:
        assert set(getattr(self, "writes", ())) <= {"execute"}


Lifecycle.TestCase.settings = settings(
    max_examples=100, stateful_step_count=100, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestLifecycle = Lifecycle.TestCase
