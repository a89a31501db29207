"""Unattended work: all active and pending jobs go on as far as they can without the person.

Each job makes its next move, in turns, until none can or a budget is used up. What writes needs
a grant, as in every run that nobody watches; questions wait. Trouble of one job holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.chat import closing, guided
from assistant.chat.answering import STARTER, words
from assistant.chat.events import Notice, TextDelta, TurnEvent
from assistant.chat.turn import Conversation
from assistant.errors import AssistantError, InternalError
from assistant.job import gates
from assistant.job.completing import Completer
from assistant.job.condensing import Condenser
from assistant.job.gates import Move
from assistant.job.running import request_for
from assistant.store.jobs import JobRecord

log = logging.getLogger(__name__)
TRIGGER = {"kind": "work"}


@dataclass
class Budget:
    """How much may be used up: seconds, moves, tokens of models; 0 is without a limit.

    A move that the seconds end is left as it stands: a run of it lives on in the engine.
    """

    seconds: float = 600.0
    moves: int = 100
    tokens: int = 0


@dataclass
class Account:
    """What was done, and what each job waits for now."""

    moves: list[tuple[str, Move]] = field(default_factory=list[tuple[str, Move]])
    waits: dict[str, str] = field(default_factory=dict[str, str])
    spent: str = ""
    """The budget that was used up; empty when nothing more could be done."""


class Work:
    """One round of unattended work. `clock` gives seconds."""

    def __init__(
        self,
        conversation: Conversation,
        budget: Budget,
        *,
        model: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conversation = conversation
        self._place = conversation.place
        self._budget = budget
        self._model = model or self._place.settings.model
        self._clock = clock
        self._began = clock()
        self._tokens = self._used()
        self.account = Account()

    async def go(self) -> AsyncIterator[tuple[str, TurnEvent]]:
        """Make moves until none is left or a budget is; `(job, event)` of each."""
        moved, stuck = True, set[str]()
        while moved:
            moved = False
            for record in self._open_jobs():
                if record.id in stuck:
                    continue
                if self._is_spent():
                    return
                before = self._state(record)
                move = self._next(record)
                if move.do == "wait":
                    self.account.waits[record.name] = move.why
                    continue
                self.account.waits.pop(record.name, None)
                self.account.moves.append((record.name, move))
                async for event in self._told(record, move, stuck):
                    yield record.name, event
                if self.account.spent:
                    return
                if self._state(record) == before:
                    # Nothing came of it: the same again would be a loop.
                    stuck.add(record.id)
                    self.account.waits.setdefault(record.name, "you: it could not go on by itself")
                moved = True

    def _open_jobs(self) -> list[JobRecord]:
        jobs = self._place.jobs
        found = [*jobs.list(status="active"), *jobs.list(status="pending")]
        return sorted(found, key=lambda job: job.id)

    def _next(self, record: JobRecord) -> Move:
        row = self._place.guide.guidance.of(record.id)
        if row.completion.get("approved_at"):
            return self._completing(record)
        try:
            standing = self._place.guide.standing(record.id)
        except AssistantError as wrong:
            return Move("wait", f"you: {wrong.message}")
        return gates.next_move(standing, talks=self._model != STARTER)

    def _completing(self, record: JobRecord) -> Move:
        """An approved completion: what it waited for may be over."""
        try:
            done = Completer(self._place.guide).go_on(record.id)
        except AssistantError as wrong:
            return Move("wait", f"you: {wrong.message}")
        if done.status == "completed":
            return Move("complete", "nothing stands before its approved completion any more")
        waits = self._place.guide.guidance.of(record.id).completion.get("waits", "")
        return Move("wait", str(waits))

    async def _told(
        self, record: JobRecord, move: Move, stuck: set[str]
    ) -> AsyncIterator[TurnEvent]:
        """The events of a move, within the seconds that are left."""
        stream = self._make(record, move)
        try:
            while True:
                async with asyncio.timeout(self._seconds_left()):
                    event = await anext(stream)
                yield event
        except StopAsyncIteration:
            return
        except TimeoutError:
            # The iteration has ended with it, and with it what a model was asked.
            self.account.spent = f"{self._budget.seconds:g} seconds"
            self.account.waits[record.name] = "the next round: the time was up"
        except AssistantError as wrong:
            yield self._stuck(record, wrong, stuck)
        except Exception as bug:  # a bug at one job's move is no reason to leave the others undone
            log.exception("a move of %s failed", record.name)
            yield self._stuck(record, InternalError(f"{type(bug).__name__}: {bug}"), stuck)

    def _stuck(self, record: JobRecord, wrong: AssistantError, stuck: set[str]) -> Notice:
        stuck.add(record.id)
        self.account.waits[record.name] = f"you: {wrong.message}"
        said = self._place.settings.spoken
        return Notice(wrong.code, said(wrong.message), said(wrong.hint))

    def _seconds_left(self) -> float | None:
        seconds = self._budget.seconds
        return max(seconds - (self._clock() - self._began), 0.01) if seconds else None

    async def _make(self, record: JobRecord, move: Move) -> AsyncIterator[TurnEvent]:
        guide, conversation = self._place.guide, self._conversation
        match move.do:
            case "prompt":
                guide.hear(record.id)
                stream = conversation.go_on(self._place.jobs.get(record.id), model=self._model)
            case "talk":
                stream = guided.go_on(conversation, record.id, self._model, trigger="work")
            case "run":
                guide.enter(record.id, "execute", "It goes on by itself.")
                stream = conversation.run(
                    record, request_for(self._place.jobs, record, trigger=TRIGGER)
                )
            case "close":
                stream = closing.done(conversation, record.id, self._model, reason=move.why)
            case "complete":
                yield TextDelta(words("completed", name=record.name))
                return
            case _:
                to = "verify" if move.do == "verify" else "condense"
                guide.enter(record.id, to, f"{move.why.capitalize()}.")
                if to == "condense":
                    await Condenser(guide).condense(
                        record.id, closing.capable(self._place, self._model)
                    )
                return
        async for event in stream:
            yield event

    def _state(self, record: JobRecord) -> Any:
        now = self._place.jobs.find(record.id)
        if now is None:
            return None
        said = self._place.jobs.interactions(record.id, last=1)
        return now.status, now.phase, now.cycle, said[-1].id if said else 0

    def _is_spent(self) -> bool:
        budget = self._budget
        if budget.seconds and self._clock() - self._began >= budget.seconds:
            self.account.spent = f"{budget.seconds:g} seconds"
        elif budget.moves and len(self.account.moves) >= budget.moves:
            self.account.spent = _counted(budget.moves, "move")
        elif budget.tokens and self._used() - self._tokens >= budget.tokens:
            self.account.spent = _counted(budget.tokens, "token")
        return bool(self.account.spent)

    def _used(self) -> int:
        row = self._place.store.row(
            "select coalesce(sum(tokens_in + tokens_out), 0) as used from model_calls"
        )
        return int(row["used"]) if row else 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
