"""Places for runs that work at once: who gets the next one.

The highest priority goes first; among equals the job with the fewest runs at work here, then
the job that was served longest ago, then who came first. Each minute of waiting counts as one
step of priority, so that nobody waits for ever.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

PRIORITIES = {"schedule": 0, "backfill": -10}
"""By what starts a run. Whoever waits for it in person is in `ATTENDED` and goes before all."""
BY_HAND, BY_TRIGGER = 10, 5
PATIENCE = 60.0
"""Seconds of waiting that count as much as one step of priority."""


@dataclass(eq=False)
class _Waiting:
    job: str
    priority: int
    since: float
    turn: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Places:
    """`most` runs at once, of each job at most what `per_job(name)` says (0: no limit).

    Belongs to one event loop. `moment` tells seconds that only grow.
    """

    def __init__(
        self,
        most: int,
        per_job: Callable[[str], int] = lambda _: 0,
        *,
        moment: Callable[[], float] | None = None,
    ) -> None:
        self.most = most
        self._per_job = per_job
        self._moment = moment or asyncio.get_running_loop().time
        self._working = Counter[str]()
        self._served = dict[str, int]()
        self._turns = 0
        self._queue = list[_Waiting]()

    async def enter(self, job: str, priority: int = 0) -> None:
        """Wait for a place. Cancelling the wait gives the turn to the next one."""
        waiting = _Waiting(job, priority, self._moment())
        self._queue.append(waiting)
        self._call()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting.turn.done() and not waiting.turn.cancelled():
                self.leave(job)
            elif waiting in self._queue:
                self._queue.remove(waiting)
            raise

    def leave(self, job: str) -> None:
        self._working[job] -= 1
        self._call()

    def _call(self) -> None:
        while self._working.total() < self.most and (following := self._next()):
            self._queue.remove(following)
            self._working[following.job] += 1
            self._turns += 1
            self._served[following.job] = self._turns
            following.turn.set_result(None)

    def _next(self) -> _Waiting | None:
        now = self._moment()
        ready = [w for w in self._queue if not w.turn.done() and self._has_room(w.job)]
        return min(ready, key=lambda w: self._rank(w, now), default=None)

    def _has_room(self, job: str) -> bool:
        most = self._per_job(job)
        return not most or self._working[job] < most

    def _rank(self, waiting: _Waiting, now: float) -> tuple[int, int, int]:
        aged = waiting.priority + int((now - waiting.since) / PATIENCE)
        # The queue is in the order of arrival, and `min` takes the first of equals.
        return -aged, self._working[waiting.job], self._served.get(waiting.job, 0)
