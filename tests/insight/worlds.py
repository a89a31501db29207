"""Runs as the engine writes them, by the hundred: drawn by a seeded chance, told event by event.

The events go through the real repository with the real writer of figures, and the folder of a run
is written by the engine's own function.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.clock import rfc3339
from assistant.engine.folder import write_folder
from assistant.engine.receipt import account_of, receipt
from assistant.events import (
    ApprovalAsked,
    ApprovalDecided,
    ArtifactSaved,
    Event,
    ExpectationChecked,
    ModelCalled,
    RunEnded,
    RunQueued,
    RunResumed,
    RunStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepRetrying,
    StepSkipped,
    StepStarted,
    StepUnknown,
    StepWarned,
)
from assistant.ids import stamp
from assistant.insight.figures import FigureWriter
from assistant.store.database import Store
from assistant.store.runs import Keyed, RunRepository

ERRORS: tuple[dict[str, str], ...] = (
    {"code": "skill_failed", "kind": "TryAgain", "message": "https://a.example/feed answered 503", "hint": ""},
    {"code": "skill_failed", "kind": "CannotDo", "message": "https://a.example/feed answered 404", "hint": ""},
    {"code": "skill_failed", "kind": "CannotDo", "message": "https://b.example/x answered 401", "hint": ""},
    {"code": "skill_failed", "kind": "TryAgain", "message": "https://b.example/ answered 429", "hint": ""},
    {"code": "job_timeout", "kind": "StepTimeout", "message": "it took longer than 30 s", "hint": ""},
)  # fmt: skip
FEEDS = ("https://a.example/feed.xml", "https://b.example/rss", "https://c.example/news")


class Teller:
    """Tells runs to a store, at moments of its own."""

    def __init__(self, store: Store, runs_dir: Path, *, listen: bool = True) -> None:
        self.store = store
        self.runs_dir = runs_dir
        self.repository = RunRepository(store, FigureWriter() if listen else None)

    def queue(self, run_id: str, job: str, at: datetime, **facts: Any) -> None:
        event = RunQueued(
            run_id=run_id, at=rfc3339(at), job=job, version=facts.get("version", 1),
            trigger=facts.get("trigger", {"kind": "schedule"}), dry=facts.get("dry", False),
            job_id=facts.get("job_id", f"id-of-{job}"), parent_run=facts.get("parent_run", ""),
        )  # fmt: skip
        self.repository.queue(
            run_id,
            {
                "job": job, "job_id": event.job_id, "version": event.version, "status": "queued",
                "trigger": event.trigger, "dry": int(event.dry), "queued_at": event.at,
                "parent_run": event.parent_run or None,
            },
            Keyed("queued", event),
        )  # fmt: skip

    def tell(self, run_id: str, events: Sequence[Event]) -> None:
        keyed = [
            Keyed("ended" if isinstance(e, RunEnded) else f"{type(e).__name__} {e.at} {n}", e)
            for n, e in enumerate(events)
        ]
        ends = [event for event in events if isinstance(event, RunEnded)]
        state = {"status": ends[0].status, "ended_at": ends[0].at} if ends else None
        self.repository.record(run_id, keyed, run=state)

    def write_folder(self, run_id: str) -> None:
        """The run's folder, with its events up to its end, as the engine leaves it."""
        row = self.repository.get(run_id)
        told = [stored.event for stored in self.repository.events(run_id)]
        ends = [n for n, event in enumerate(told) if isinstance(event, RunEnded)]
        events = told[: ends[0] + 1] if ends else told
        write_folder(self.runs_dir / row.job / run_id, receipt(row, account_of(events)), events)


def run_once(
    teller: Teller,
    job: str,
    at: datetime,
    *,
    seconds: float = 4.0,
    items: int = 20,
    newest: str = "",
    url: str = FEEDS[0],
    error: dict[str, Any] | None = None,
    file_bytes: int = 0,
    tokens: int = 0,
    cost: float = 0.0,
    **facts: Any,
) -> str:
    """One run of one reading step, as plain as can be; gives its id."""
    run_id = f"{job}:{stamp(at)}"
    teller.queue(run_id, job, at, **facts)
    ended = at + timedelta(seconds=seconds)
    start: dict[str, Any] = {"run_id": run_id, "at": rfc3339(at)}
    end: dict[str, Any] = {"run_id": run_id, "at": rfc3339(ended)}
    step = {"path": "read", "skill": "fetch_feed"}
    events: list[Event] = [
        RunStarted(**start),
        StepStarted(**start, **step, arguments={"url": url}),
    ]
    if tokens or cost:
        events.append(
            ModelCalled(**end, path="read", model="m", tokens_in=tokens, tokens_out=0, cost=cost)
        )
    if file_bytes:
        events.append(
            ArtifactSaved(**end, path="read", name="letter.html", media_type="text/html",
                          size=file_bytes, sha256="0" * 64)
        )  # fmt: skip
    if error:
        events += [
            StepFailed(**end, **step, seconds=seconds, error=error),
            RunEnded(**end, status="failed", error=error | {"step": "read"}),
        ]
    else:
        events += [
            StepDone(**end, **step, seconds=seconds, items=items, newest=newest, size=items * 100),
            RunEnded(**end, status="succeeded"),
        ]
    teller.tell(run_id, events)
    return run_id


class Drawn:
    """Draws runs in which anything may happen that happens in runs."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.chance = random.Random(seed)
        self.now = start

    def _at(self, run_id: str) -> dict[str, Any]:
        self.now += timedelta(milliseconds=self.chance.randint(1, 4000))
        return {"run_id": run_id, "at": rfc3339(self.now)}

    def events(self, run_id: str) -> Iterator[Event]:
        """What is told of a run after it was queued; the last one may be its end."""
        chance = self.chance
        yield RunStarted(**self._at(run_id), worker="w1")
        if chance.random() < 0.05:
            yield RunResumed(**self._at(run_id), worker="w2")
        broken: dict[str, Any] | None = None
        for number in range(chance.randint(1, 4)):
            path = f"s{number}" if chance.random() < 0.8 else f"each[{number}]/x"
            broken = yield from self._step(run_id, path)
            if broken:
                break
        if chance.random() < 0.04:
            return  # it still goes on
        if chance.random() < 0.2:
            yield ExpectationChecked(**self._at(run_id), expression="${{ true }}", held=True)
        if broken:
            yield RunEnded(**self._at(run_id), status="failed", error=broken)
        elif chance.random() < 0.06:
            error = {"code": "job_expectation_failed", "kind": "ExpectationFailed",
                     "message": "${{ size(x) > 0 }} does not hold", "step": ""}  # fmt: skip
            yield RunEnded(**self._at(run_id), status="failed", error=error)
        else:
            reason = "nothing new" if chance.random() < 0.1 else ""
            status = "cancelled" if chance.random() < 0.04 else "succeeded"
            yield RunEnded(**self._at(run_id), status=status, reason=reason)
        if chance.random() < 0.05:  # a branch that was still leaving
            yield StepWarned(**self._at(run_id), path="s0", message="too late")

    def _step(self, run_id: str, path: str) -> Iterator[Event]:
        """One step; gives its error when it ends the run."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.05:
            yield StepSkipped(**self._at(run_id), path=path, reason="no")
            return None
        if kind < 0.1:
            yield StepDone(**self._at(run_id), path=path, skill="fetch_feed", items=3, seeded=True)
            return None
        if kind < 0.2:
            yield ApprovalAsked(**self._at(run_id), path=path, question="Send it?")
            if chance.random() < 0.9:
                approved = chance.random() < 0.8
                yield ApprovalDecided(**self._at(run_id), path=path, approved=approved, by="jo")
        if kind < 0.3:
            yield StepStarted(**self._at(run_id), path=path, skill="for_each")
        skill = chance.choice(("fetch_feed", "rank_items", "summarize_items", "send_email"))
        attempt = 1
        while True:
            arguments = {"url": chance.choice(FEEDS)} if skill == "fetch_feed" else {"limit": 3}
            yield StepStarted(**self._at(run_id), path=path, skill=skill, attempt=attempt, arguments=arguments)  # fmt: skip
            yield StepProgress(**self._at(run_id), path=path, message="working")
            if skill == "summarize_items":
                yield from self._calls(run_id, path)
            if chance.random() > 0.12:
                break
            error = chance.choice(ERRORS) | {"step": path}
            if attempt == 2:
                yield StepFailed(**self._at(run_id), path=path, skill=skill, attempt=attempt, seconds=round(chance.random(), 6), error=error)  # fmt: skip
                return error
            yield StepRetrying(**self._at(run_id), path=path, attempt=attempt, due=rfc3339(self.now), error=error)  # fmt: skip
            attempt += 1
        if chance.random() < 0.02:
            yield StepUnknown(**self._at(run_id), path=path, skill=skill)
            return {"code": "job_execution_failed", "kind": "Interrupted", "message": "in doubt", "step": path}  # fmt: skip
        if chance.random() < 0.2:
            name = chance.choice(("letter.html", "data.json"))
            yield ArtifactSaved(**self._at(run_id), path=path, name=name, media_type="text/html", size=chance.randint(1, 9999), sha256="0" * 64)  # fmt: skip
        yield StepDone(**self._at(run_id), path=path, skill=skill, attempt=attempt, seconds=round(chance.random() * 9, 6), items=chance.choice((None, chance.randint(0, 50))), size=chance.randint(2, 5000), newest=rfc3339(self.now) if chance.random() < 0.5 else "", cached=chance.random() < 0.1)  # fmt: skip
        return None

    def _calls(self, run_id: str, path: str) -> Iterator[Event]:
        for _ in range(self.chance.randint(1, 3)):
            failed = self.chance.random() < 0.05
            yield ModelCalled(
                **self._at(run_id), path=path, model=self.chance.choice(("starter", "big")),
                tokens_in=0 if failed else self.chance.randint(10, 900),
                tokens_out=0 if failed else self.chance.randint(1, 90), cached_tokens=3,
                cost=0.0 if failed else self.chance.random() / 100, seconds=0.2, purpose="summary",
                error="model_unavailable: away" if failed else "",
            )  # fmt: skip


def tell_drawn(teller: Teller, count: int, *, seed: int, start: datetime) -> list[str]:
    """Tell so many drawn runs of five jobs; the finished ones get their folder."""
    drawn = Drawn(seed, start)
    ids = list[str]()
    for number in range(count):
        drawn.now += timedelta(seconds=1)
        run_id = f"{stamp(drawn.now)}-{number:06d}"
        dry, parent = drawn.chance.random() < 0.05, ids[-1] if number % 50 == 49 else ""
        teller.queue(run_id, f"job-{number % 5}", drawn.now, dry=dry, parent_run=parent)
        events = list(drawn.events(run_id))
        teller.tell(run_id, events)
        if any(isinstance(event, RunEnded) for event in events):
            teller.write_folder(run_id)
        ids.append(run_id)
    return ids
