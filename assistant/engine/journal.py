"""The one writer of what happens in a run: events to the store, each once, however often replayed."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any

from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.events import Event
from assistant.store.runs import Keyed, RunRepository

log = logging.getLogger(__name__)
_PROGRESS_SECONDS = 0.1
_COMPANY_SECONDS = 0.02

Facts = dict[str, Any]


class Journal:
    """Writes one run's events. A key names an event: what is under it already stays as it is.

    Replay tells everything again; the keys already told are known from the start, so a replay
    of thousands of steps writes nothing.
    """

    def __init__(self, run_id: str, repository: RunRepository, clock: Clock) -> None:
        self.run_id = run_id
        self.repository = repository
        self._clock = clock
        self._told = repository.event_keys(run_id)
        self._waiting = list[Keyed]()
        self._attempts = dict[tuple[str, int], Facts]()
        self._timer: asyncio.TimerHandle | None = None
        # Held while writing: what was told first is written first, from any thread.
        self._lock = threading.RLock()

    def now(self) -> str:
        return rfc3339(self._clock.now())

    def stamp(self) -> dict[str, Any]:
        """What every event starts with."""
        return {"run_id": self.run_id, "at": self.now()}

    def told(self, key: str) -> bool:
        return key in self._told

    def since(self, key: str) -> float:
        """Seconds since the event of that key, by any process; 0 when it was not told."""
        self.flush()
        at = self.repository.moment(self.run_id, key) if self.told(key) else None
        return (self._clock.now() - parse_rfc3339(at)).total_seconds() if at else 0.0

    def tell(self, *events: Keyed, attempt: Facts | None = None, run: Facts | None = None) -> None:
        """Write events, an attempt's state and the run's state in one transaction.

        What `soon` has left goes with them, before them.
        """
        with self._lock:
            self._take_in(events, attempt)
            if not (self._waiting or self._attempts or run):
                return
            self.repository.record(
                self.run_id, self._waiting, attempts=list(self._attempts.values()), run=run
            )
            self._waiting.clear()
            self._attempts.clear()

    def soon(self, event: Keyed, *, attempt: Facts) -> None:
        """Write this together with what is told next, at the latest in a fiftieth of a second.

        For the start of a call that changes nothing outside: when the process dies in between,
        the call is simply made again. Belongs to the event loop.
        """
        with self._lock:
            self._take_in((event,), attempt)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_COMPANY_SECONDS, self._time_is_up)

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            self.tell()

    def once(self, key: str, event: Event, *, run: Facts | None = None) -> None:
        """Write one event, and the run's state with it, unless it was told before."""
        if key not in self._told:
            self.tell(Keyed(key, event), run=run)

    def _take_in(self, events: Sequence[Keyed], attempt: Facts | None) -> None:
        new = [keyed for keyed in events if keyed.key not in self._told]
        self._told.update(keyed.key for keyed in new)
        self._waiting += new
        if attempt:
            place = (attempt["path"], attempt["attempt"])
            begun = self._attempts.get(place, {})
            kept = {"started_at": begun["started_at"]} if begun else {}
            self._attempts[place] = {**begun, **attempt, **kept}

    def _time_is_up(self) -> None:
        self._timer = None
        try:
            self.flush()
        except sqlite3.Error:  # it waits on, and goes with what is told next
            log.warning("run %s: its events could not be written yet", self.run_id, exc_info=True)


class Throttle:
    """Lets through at most one message in a tenth of a second, and always the first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None
        self.count = 0

    def open(self) -> bool:
        now = self._clock.now().timestamp()
        if self._last is not None and 0 <= now - self._last < _PROGRESS_SECONDS:
            return False
        self._last = now
        self.count += 1
        return True
