"""The loop of healing: every run that ends is looked at, once, by one process at a time.

It lives in the processes that stay. What ended while none was there is taken up by the next one.
"""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.clock import rfc3339
from assistant.healing.desk import Desk
from assistant.healing.healer import Healer
from assistant.store import locks

if TYPE_CHECKING:
    from assistant.engine.engine import Engine

log = logging.getLogger(__name__)
NAP_SECONDS = 2.0
KEPT_DAYS = 30
"""So long it is kept which runs were looked at, and what was told of patches."""
OLDEST = timedelta(days=1)
"""A run that ended longer ago is left alone: the world has moved on."""


class HealingLoop:
    """Keeps looking for runs that ended, until its task is cancelled."""

    def __init__(self, desk: Desk, engine: Engine, *, worker: str = "") -> None:
        self.desk = desk
        self._cleaned = False
        self.healer = Healer(desk, engine, worker=worker or f"process-{os.getpid()}")

    async def run(self) -> None:
        """Tend until the task is cancelled. A fault in one round is logged, never the end."""
        try:
            while True:
                try:
                    await self.round()
                except Exception:
                    # What was not tended stays untended; the next round takes it up.
                    log.exception("a round of healing failed")
                await asyncio.sleep(NAP_SECONDS)
        finally:
            await self.desk.http.aclose()

    async def round(self) -> int:
        """Tend what has ended since the last round; gives how many runs that was."""
        # One process at a time: two failures of one job must not make two patches of one step.
        lock = locks.take(self.desk.settings.locks_dir / "healing.lock", self.healer.worker)
        if lock is None:
            return 0
        try:
            if not self._cleaned:
                self.desk.patches.drop_old(KEPT_DAYS)
                self._cleaned = True
            self.healer.finish_what_was_begun()
            since = rfc3339(self.desk.clock.now() - OLDEST)
            ended = self.desk.patches.untended(since)
            for run_id in ended:
                await self.healer.tend(run_id)
            return len(ended)
        finally:
            lock.free()
