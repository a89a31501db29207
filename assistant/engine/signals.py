"""Words from outside to running runs: cancel, decisions, the debugger. Any process may leave one.

They lie in the store's table `signals`; the process that has the run reads them. A run acts on
them only inside its recorded steps, so that a replay takes the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from assistant.store.runs import RunRepository, Signal

POLL_SECONDS = 0.15


class Watch:
    """What one run has been told. `lineage` is the run and the runs it was called by."""

    def __init__(self, lineage: Sequence[str]) -> None:
        self.lineage = tuple(lineage)
        self.run_id = lineage[-1]
        self.cancelled = False
        self.cancelled_by = ""
        self.closing = False
        self._decisions = dict[str, Signal]()
        self._commands = list[Signal]()
        self._changed = asyncio.Event()
        self._tasks = set[asyncio.Task[object]]()

    def hear(self, signal: Signal) -> None:
        if signal.kind == "cancel":
            self.cancelled = True
            self.cancelled_by = str(signal.data.get("by", ""))
            for task in self._tasks:
                task.cancel()
        elif signal.run_id == self.run_id and signal.kind == "decide":
            self._decisions[signal.path] = signal
        elif signal.run_id == self.run_id and signal.id > self.last_command():
            # Read once when the watch began, and perhaps once more by the carrier.
            self._commands.append(signal)
        self._changed.set()

    def enter(self, task: asyncio.Task[object]) -> None:
        """A task in a skill's call: a cancel reaches it at once."""
        self._tasks.add(task)

    def leave(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    def decision(self, path: str) -> Signal | None:
        return self._decisions.get(path)

    def command_after(self, number: int) -> Signal | None:
        """The first word to the debugger after the signal of that number."""
        return next((signal for signal in self._commands if signal.id > number), None)

    def last_command(self) -> int:
        return self._commands[-1].id if self._commands else 0

    async def change(self, timeout: float | None = None) -> None:
        """Wait until something is said, or the time is up."""
        self._changed.clear()
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return


class Signals:
    """Carries signals from the store to the runs of this process."""

    def __init__(self, repository: RunRepository) -> None:
        self._repository = repository
        self._watches = dict[str, Watch]()
        self._last = repository.last_signal()
        self._nudge = asyncio.Event()

    def watch(self, lineage: Sequence[str]) -> Watch:
        """The watch of the last run of a lineage, with everything said so far."""
        known = self._watches.get(lineage[-1])
        if known is not None:
            return known
        made = Watch(lineage)
        for run_id in made.lineage:
            for signal in self._repository.signals_of(run_id):
                made.hear(signal)
        self._watches[made.run_id] = made
        self._nudge.set()
        return made

    def forget(self, watch: Watch) -> None:
        self._watches.pop(watch.run_id, None)

    async def close(self, grace: float) -> None:
        """Let nothing new begin, and give calls under way some seconds to end."""
        for watch in self._watches.values():
            watch.closing = True
        end = asyncio.get_running_loop().time() + grace
        while asyncio.get_running_loop().time() < end:
            if not any(watch.busy for watch in self._watches.values()):
                return
            await asyncio.sleep(0.02)

    def nudge(self) -> None:
        """Look now: this process has left a signal itself."""
        self._nudge.set()

    async def carry(self) -> None:
        """Look for new signals until cancelled."""
        while True:
            self._nudge.clear()
            if self._watches:
                self._look()
            try:
                async with asyncio.timeout(POLL_SECONDS if self._watches else None):
                    await self._nudge.wait()
            except TimeoutError:
                continue

    def _look(self) -> None:
        for signal in self._repository.signals(after=self._last):
            self._last = signal.id
            for watch in list(self._watches.values()):
                if signal.run_id in watch.lineage:
                    watch.hear(signal)
