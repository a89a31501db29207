"""The loop that keeps all triggers: look where a look is due, read which runs have ended, and
give what has fired its run.

It never runs a job twice at once: what fires while a run of the job goes on waits for its end.
Changes of one thing that wait together become one run, which is told all of them; deliveries and
ended runs have a run each, unless the trigger has a `debounce`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from assistant.clock import Clock, parse_rfc3339
from assistant.errors import AssistantError, ServerAway, TryAgain
from assistant.events import ENDED
from assistant.ids import stamp
from assistant.schedule.file_looks import look_at_file
from assistant.schedule.firing import LONGEST_CHAIN, chain_of, groups, merged, run_id_of, told
from assistant.schedule.looks import Found, Surroundings, digest
from assistant.schedule.planning import PAUSED
from assistant.schedule.remote_looks import look_at_feed, look_at_page, look_at_rows
from assistant.store.ends import EndedRun, ended_since
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.triggers import Change, Firing, TriggerLedger, TriggerRow

log = logging.getLogger(__name__)
Look = Callable[[Surroundings, dict[str, Any], dict[str, Any]], Awaitable[Found]]
LOOKS: dict[str, Look] = {
    "feed_changed": look_at_feed,
    "page_changed": look_at_page,
    "file_changed": look_at_file,
    "row_changed": look_at_rows,
}
ENDS: dict[str, frozenset[str]] = {
    "job_finished": ENDED,
    "job_failed": frozenset({"failed", "timed_out"}),
    "job_succeeded": frozenset({"succeeded"}),
}
AT_ONCE = 8
LONGEST_LOOK = 200.0
"""Seconds; shorter than a look's claim."""
LONGEST_NAP, SHORT_NAP = 1.0, 0.25
OVERLAP = timedelta(seconds=30)
"""How far back ended runs are read again: a run's end is stamped before it is written."""
NOTED = timedelta(seconds=30)
MOST_BACKOFF = 32
LONGEST_WAIT = 6 * 3600.0


class Runner(Protocol):
    """What the watcher needs of whatever runs jobs."""

    def start(
        self,
        job: JobRecord,
        run_id: str,
        trigger: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
    ) -> Awaitable[None]: ...

    def active(self, job: JobRecord) -> list[str]: ...


class Watcher:
    """Keeps the triggers of one home folder. Any number of them may run at once."""

    def __init__(
        self,
        ledger: TriggerLedger,
        jobs: JobRepository,
        runner: Runner,
        around: Callable[[TriggerRow], Surroundings],
        *,
        clock: Clock,
        worker: str = "watcher",
    ) -> None:
        self.ledger = ledger
        self.jobs = jobs
        self.runner = runner
        self.clock = clock
        self.worker = worker
        self._around = around
        self._looking = dict[tuple[str, str], asyncio.Task[None]]()
        self._told = set[str]()
        self._read_to: datetime | None = None
        self._noted: datetime | None = None
        self._waiting = False
        self._nudged = asyncio.Event()

    async def run(self) -> None:
        """Watch until the task is cancelled. A fault in one round is logged, never the end."""
        try:
            while True:
                try:
                    await self.round(self.clock.now())
                except Exception:
                    # What is not decided stays in the ledger; the next round takes it up.
                    log.exception("a round of the triggers failed")
                self._nudged.clear()
                try:
                    async with asyncio.timeout(self._nap()):
                        await self._nudged.wait()
                except TimeoutError:
                    continue
        finally:
            await self.close()

    async def close(self) -> None:
        """End the looks that are under way; another process may make them."""
        for task in self._looking.values():
            task.cancel()
        await asyncio.gather(*self._looking.values(), return_exceptions=True)

    def nudge(self) -> None:
        """Something has fired: look again now. Call it in the watcher's event loop."""
        self._nudged.set()

    async def round(self, now: datetime) -> None:
        """Start the looks that are due, note ended runs, decide what has fired."""
        for trigger in self.ledger.due(now, AT_ONCE - len(self._looking)):
            key = trigger.job_id, trigger.name
            if key not in self._looking and self.ledger.claim_look(trigger):
                self._looking[key] = asyncio.create_task(self._look(trigger))
        self.read_ends(now)
        self._waiting = False
        for job_id in self.ledger.pending_jobs():
            try:
                await self._decide(job_id, now)
            except Exception:
                log.exception("what has fired job %s could not be decided", job_id)

    async def looked(self) -> None:
        """Wait until the looks that are under way have ended."""
        await asyncio.gather(*self._looking.values())

    def _nap(self) -> float:
        longest = SHORT_NAP if self._waiting else LONGEST_NAP
        earliest = self.ledger.earliest()
        if earliest is None or len(self._looking) >= AT_ONCE:
            return longest
        seconds = (earliest - self.clock.now()).total_seconds()
        return min(max(seconds, 0.02), longest)

    # Looking

    async def _look(self, trigger: TriggerRow) -> None:
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                look = LOOKS[trigger.kind]
                found = await look(self._around(trigger), trigger.options, trigger.state)
        except AssistantError as wrong:
            self._failed(trigger, f"{wrong.message} {wrong.hint}".strip(), wrong)
        except TimeoutError:
            self._failed(trigger, f"the look took longer than {LONGEST_LOOK:g} s")
        except asyncio.CancelledError:
            self.ledger.release_look(trigger)
            raise
        except Exception as bug:  # a fault in one look must not end the others
            log.exception("looking for %s of job %s failed", trigger.name, trigger.job_id)
            self._failed(trigger, f"internal_error: {bug!r}")
        else:
            self._seen(trigger, found)
        finally:
            self._looking.pop((trigger.job_id, trigger.name), None)
            self.nudge()

    def _seen(self, trigger: TriggerRow, found: Found) -> None:
        now = self.clock.now()
        seconds = 1.0 if found.settling else float(trigger.options["every"])
        changes = [Change(f"{stamp(now)}-{digest(data)}", data) for data in found.changes]
        following = now + timedelta(seconds=seconds)
        self.ledger.looked(trigger, found.state, changes, next_look=following)

    def _failed(self, trigger: TriggerRow, error: str, wrong: AssistantError | None = None) -> None:
        every = float(trigger.options["every"])
        seconds = min(every * min(2**trigger.failures, MOST_BACKOFF), max(every, LONGEST_WAIT))
        if isinstance(wrong, TryAgain) and wrong.retry_after:
            seconds = max(seconds, min(wrong.retry_after, LONGEST_WAIT))
        following = self.clock.now() + timedelta(seconds=seconds)
        self.ledger.look_failed(trigger, error[:1000], next_look=following)

    # Runs that have ended

    def read_ends(self, now: datetime) -> None:
        """Fire what waits for the end of other jobs' runs, each run once."""
        since = self._ends_since(now)
        ended = ended_since(self.ledger.store, since - OVERLAP)
        fresh = [run for run in ended if run.id not in self._told]
        self._told = {run.id for run in ended}
        self._read_to = now
        waiting = self.ledger.of_kinds(ENDS) if fresh or self._is_note_due(now) else []
        for run in fresh:
            for trigger in waiting:
                if awaits(trigger, run):
                    self.ledger.fire(trigger, Change(run.id, _end(run)))
        if waiting and self._is_note_due(now):
            self.ledger.seen_up_to(ENDS, now)
            self._noted = now

    def _ends_since(self, now: datetime) -> datetime:
        if self._read_to is not None:
            return min(self._read_to, now)
        # The first round of this process: from where the last one had read to.
        read = [t.last_look or t.armed_at for t in self.ledger.of_kinds(ENDS)]
        return min([now, *map(parse_rfc3339, read)])

    def _is_note_due(self, now: datetime) -> bool:
        return self._noted is None or abs(now - self._noted) >= NOTED

    # What has fired

    async def _decide(self, job_id: str, now: datetime) -> None:
        job, pending = self.jobs.find(job_id), self.ledger.pending(job_id)
        if job is None or not job.enabled:
            self.ledger.decide_all(job_id, "missed", "the job was switched off")
            return
        if job.paused:
            self.ledger.decide_all(job_id, "paused", PAUSED)
            return
        rows = {row.name: row for row in self.ledger.of(job_id)}
        for group in groups(pending, rows):
            trigger = rows.get(group[0].trigger)
            if trigger is None:
                for firing in group:
                    self.ledger.decide(firing, "missed", reason="the trigger was taken out")
            elif chain_of(group) > LONGEST_CHAIN:
                for firing in group:
                    self.ledger.decide(
                        firing, "missed", reason=f"{LONGEST_CHAIN} jobs have started one another"
                    )
            elif trigger.last_fired and parse_rfc3339(trigger.last_fired) + trigger.debounce > now:
                self._waiting = True
            elif self.runner.active(job):
                self._waiting = True
                return
            elif self.ledger.claim(group[-1], self.worker):
                await self._run(job, trigger, group)
                self._waiting = True
                return

    async def _run(self, job: JobRecord, trigger: TriggerRow, group: list[Firing]) -> None:
        """One run for a group. It is joined in the ledger first, so that a process that dies here
        leaves nothing to be told twice."""
        firing = group[-1]
        if len(group) > 1:
            firing = self.ledger.join(group, merged([one.data for one in group]))
        run_id = run_id_of(job.name, firing)
        try:
            inputs = trigger.options.get("with") or {}
            await self.runner.start(job, run_id, told(trigger, firing), inputs)
        except ServerAway:
            return  # it stays pending, and this process may take it again
        except AssistantError as wrong:
            self.ledger.decide(firing, "missed", reason=f"{wrong.code}: {wrong.message}")
            return
        self.ledger.decide(firing, "ran", run_id=run_id)


def awaits(trigger: TriggerRow, run: EndedRun) -> bool:
    """Whether a `job_…` trigger fires by this end of a run."""
    fits = trigger.options["job"] == run.job and run.status in ENDS[trigger.kind]
    return fits and run.ended_at >= trigger.armed_at


def _end(run: EndedRun) -> dict[str, Any]:
    return {
        "job": run.job, "run": run.id, "status": run.status, "ended_at": run.ended_at,
        "reason": run.reason, "error": run.error, "chain": int(run.trigger.get("chain", 0)) + 1,
    }  # fmt: skip
