"""Taking up what others left: the runs of dead processes, and those cut off before their start."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from assistant.clock import Clock, rfc3339
from assistant.engine.durable import Durable
from assistant.engine.journal import Journal
from assistant.engine.scopes import RunScopes
from assistant.engine.sharing import Sharing
from assistant.engine.slots import Slot, Slots
from assistant.errors import InternalError
from assistant.events import RunEnded
from assistant.store.runs import Keyed, RunRepository, RunRow

log = logging.getLogger(__name__)
_SWEEP_SECONDS = 2.0
# A run that is queued and unknown to the durable engine for so long was cut off in between.
_LOST_SECONDS = 5.0


class Sweep:
    """Looks every few seconds. `start` begins a run here."""

    def __init__(
        self,
        runs: RunRepository,
        durable: Durable,
        slots: Slots,
        scopes: RunScopes,
        sharing: Sharing | None,
        *,
        clock: Clock,
        worker: str,
        start: Callable[[str, dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._runs = runs
        self._durable = durable
        self._slots = slots
        self._scopes = scopes
        self._sharing = sharing
        self._clock = clock
        self._worker = worker
        self._start = start
        self._free_since = dict[str, float]()

    async def keep(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self._take_up()
            except Exception:  # the next round tries again; nothing else depends on this one
                log.exception("sweeping for runs of dead workers")
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _take_up(self) -> None:
        for name in await self._durable.workers_with_work():
            dead = await asyncio.to_thread(self._dead, name)
            if dead is None:
                continue
            try:
                # Held while recovering: nobody may start under this name meanwhile.
                await apart(self._recover(name))
            finally:
                dead.free()
        if self._sharing is not None:
            look = self._sharing.left_over
            for run_id, request in await asyncio.to_thread(look, self._dead, self._worker):
                if run_id not in self._scopes.open_runs():
                    await self._start(run_id, request)
        unfinished = self._unfinished()
        known = await self._durable.statuses([run.id for run in unfinished])
        for run in unfinished:
            await self._settle(run, known.get(run.id))

    def _dead(self, name: str) -> Slot | None:
        """The name of a worker that is dead, to be held meanwhile; None when it lives, or may."""
        slot = self._slots.try_take(name) if name != self._worker else None
        if slot is None:
            self._free_since.pop(name, None)
            return None
        now = time.monotonic()
        if now - self._free_since.setdefault(name, now) >= self._slots.patience:
            return slot
        slot.free()
        return None

    async def _recover(self, dead: str) -> None:
        if self._sharing is None:
            await self._durable.recover(dead)
            return
        await asyncio.to_thread(self._sharing.far.rest, dead)
        await self._durable.take_over(dead, self._worker, self._sharing.mine)

    def _unfinished(self) -> list[RunRow]:
        here = set(self._scopes.open_runs())
        rows = [*self._runs.list(status="queued"), *self._runs.list(status="running")]
        late = rfc3339(self._clock.now() - timedelta(seconds=_LOST_SECONDS))
        return [
            row for row in rows
            if row.id not in here and row.queued_at < late and self._is_mine(row)
        ]  # fmt: skip

    def _is_mine(self, run: RunRow) -> bool:
        if self._sharing is None or run.worker == self._worker:
            return True
        # One that has begun and that its dead worker lost for good is ended by the home.
        return self._sharing.home is not None and run.status == "running"

    async def _settle(self, run: RunRow, status: str | None) -> None:
        """A run that was cut off before it was started is started; one that is lost is ended."""
        if status is None and run.parent_run is None and self._sharing is None:
            await self._start(run.id, run.request)
        elif status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"):
            wrong = InternalError(
                "the run ended the process that ran it, again and again",
                hint="Look at the step that was running; run again from the one after it.",
            )
            at = self._clock.now()
            event = RunEnded(
                run_id=run.id, at=Journal(run.id, self._runs, self._clock).now(),
                status="failed", error=wrong.as_dict() | {"step": ""},
            )  # fmt: skip
            log.error("run %s is lost (%s) at %s", run.id, status, at)
            facts = {"status": "failed", "error": event.error, "ended_at": event.at}
            self._runs.record(run.id, [Keyed("ended", event)], run=facts)


async def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Await something in a context of its own, outside any recorded step."""
    return await asyncio.create_task(work, context=contextvars.Context())
