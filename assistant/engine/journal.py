"""The one writer of what happens in a run: events to the store, each once, however often replayed."""

from __future__ import annotations

import threading
from typing import Any

from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.events import Event
from assistant.store.runs import Keyed, RunRepository

_PROGRESS_SECONDS = 0.1


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
        self._lock = threading.Lock()

    def now(self) -> str:
        return rfc3339(self._clock.now())

    def stamp(self) -> dict[str, Any]:
        """What every event starts with."""
        return {"run_id": self.run_id, "at": self.now()}

    def told(self, key: str) -> bool:
        return key in self._told

    def since(self, key: str) -> float:
        """Seconds since the event of that key, by any process; 0 when it was not told."""
        at = self.repository.moment(self.run_id, key) if self.told(key) else None
        return (self._clock.now() - parse_rfc3339(at)).total_seconds() if at else 0.0

    def tell(
        self,
        *events: Keyed,
        attempt: dict[str, Any] | None = None,
        run: dict[str, Any] | None = None,
    ) -> None:
        """Write events, an attempt's state and the run's state in one transaction."""
        with self._lock:
            new = [keyed for keyed in events if keyed.key not in self._told]
            self._told.update(keyed.key for keyed in new)
        if new or attempt or run:
            self.repository.record(self.run_id, new, attempt=attempt, run=run)

    def once(self, key: str, event: Event, *, run: dict[str, Any] | None = None) -> None:
        """Write one event, and the run's state with it, unless it was told before."""
        if key not in self._told:
            self.tell(Keyed(key, event), run=run)


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
