"""The bodies of the two workflows: a whole run from its first mark to its receipt, and a branch."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.engine.approvals import Approvals
from assistant.engine.attempt import Attempts
from assistant.engine.branches import deadline_of, walk_branch
from assistant.engine.call import Deadline
from assistant.engine.debugger import Debugger
from assistant.engine.durable import Data, Durable, DurableTrouble
from assistant.engine.folder import write_folder
from assistant.engine.metering import Purse
from assistant.engine.outcome import RunOver, StepBroken, Stopped, told
from assistant.engine.receipt import account_of, receipt
from assistant.engine.scopes import FindJob, RunScope, RunScopes
from assistant.engine.seeds import Seeds
from assistant.engine.subjobs import SubJobs
from assistant.engine.values import Values, clear_parts
from assistant.engine.walker import Walker
from assistant.errors import (
    AssistantError,
    ExecutionFailed,
    ExpectationFailed,
    InternalError,
    RunCancelled,
)
from assistant.events import Event, ExpectationChecked, RunEnded, RunResumed, RunStarted, RunStatus
from assistant.pipeline.scope import Scope
from assistant.pipeline.spec import Budget, Retention
from assistant.pipeline.walk import used_skills
from assistant.store.runs import Keyed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ending:
    """How a run ends."""

    status: RunStatus
    reason: str = ""
    error: dict[str, Any] | None = None
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    owner: str = ""
    """Whose time was up: another run's, when this one was called by it."""


class Running:
    """Serves the durable engine's workflows. `boot` names this process's life; `keeps` says that
    the runs' folders stay here."""

    def __init__(
        self,
        scopes: RunScopes,
        jobs: FindJob,
        *,
        worker: str,
        boot: str,
        runs_dir: Callable[..., Path],
        keeps: bool = True,
    ) -> None:
        self._scopes = scopes
        self._jobs = jobs
        self._worker = worker
        self._boot = boot
        self._folder = runs_dir
        self._keeps = keeps
        self.durable: Durable | None = None
        self._ended = dict[str, Retention]()

    # -- a run -----------------------------------------------------------------------

    async def run_job(self, request: Data) -> Data:
        """Run it, and give `{status, outputs, error, at}`."""
        run = self._scopes.enter(request["run_id"])
        own_place = "parent" not in request and len(run.lineage) == 1
        try:
            if own_place:
                await _take_place(run)
            run.facts = await self._begin(run)
            ending = await self._walk(run)
            return await self._durable.step("end", lambda: self._end(run, ending))
        except (DurableTrouble, Exception) as trouble:
            log.exception("run %s", run.run_id)
            await self._end(run, _lost(trouble))
            raise
        finally:
            if own_place:
                run.gate.leave()
            self._scopes.leave(run)
            if not self._keeps:
                # Everything in it lies at the artifact location, and comes home from there.
                shutil.rmtree(self._folder(run.job.name, run.run_id), ignore_errors=True)
            if own_place:
                self._ended[run.job.name] = run.job.retention

    def take_ended(self) -> dict[str, Retention]:
        """Jobs of which a run has ended since this was asked, and how long they keep runs."""
        ended, self._ended = self._ended, {}
        return ended

    @property
    def _durable(self) -> Durable:
        if self.durable is None:
            raise DurableTrouble("the engine is not open")
        return self.durable

    async def _begin(self, run: RunScope) -> Data:
        """Mark the start, and fix what must not change while the run goes on."""
        fresh = False

        async def begin() -> Data:
            nonlocal fresh
            fresh = True
            stamp = run.journal.stamp()
            run.journal.tell(
                Keyed("started", RunStarted(**stamp, worker=self._worker)),
                run={"status": "running", "started_at": stamp["at"], "worker": self._worker},
            )
            return {"at": stamp["at"], "skills": _known_skills(run)}

        facts = await self._durable.step("begin", begin)
        # A run whose end is written, and whose process died before the durable engine heard of
        # it, is walked once more over recorded steps; it stays what it ended as.
        if not fresh and not run.journal.told("ended"):
            event = RunResumed(**run.journal.stamp(), worker=self._worker)
            run.journal.once(
                f"resumed {self._boot}", event, run={"status": "running", "worker": self._worker}
            )
        return facts

    async def _walk(self, run: RunScope) -> Ending:
        deadline = _deadline(run, run.facts["at"])
        walker = self._walker(run, run.facts["at"], deadline)
        scope = Scope(dict(run.request["inputs"]), _about(run))
        try:
            await walker.walk(run.job.steps, scope, "")
            return self._verdict(run, walker, scope)
        except Stopped as stopped:
            return Ending("succeeded", reason=stopped.reason)
        except StepBroken as broken:
            cancelled = broken.error.get("code") == "job_cancelled"
            return Ending("cancelled" if cancelled else "failed", error=broken.error)
        except RunOver as over:
            return Ending(_as_status(over.status), error=over.error, owner=over.owner)

    def _verdict(self, run: RunScope, walker: Walker, scope: Scope) -> Ending:
        """Every step is done: the run has succeeded if its outputs exist and its lines hold."""
        try:
            outputs = walker.resolve(run.job.outputs, scope)
        except AssistantError as missing:
            wrong = ExecutionFailed(f"outputs: {missing.message}", hint=missing.hint)
            return Ending("failed", error=told(wrong, ""))
        failed = [line for line in run.job.expect if not self._expects(run, walker, scope, line)]
        if failed:
            wrong = ExpectationFailed(
                f"{failed[0]} does not hold",
                hint="See the step that made the value, or change the line under `expect`.",
            )
            return Ending("failed", error=told(wrong, ""), outputs=outputs)
        return Ending("succeeded", outputs=outputs)

    def _expects(self, run: RunScope, walker: Walker, scope: Scope, line: str) -> bool:
        held, message = False, ""
        try:
            held = walker.holds(line, scope)
        except AssistantError as wrong:
            message = wrong.message
        event = ExpectationChecked(
            **run.journal.stamp(), expression=line, held=held, message=message
        )
        run.journal.once(f"expects {line}", event)
        return held

    async def _end(self, run: RunScope, ending: Ending) -> Data:
        """Write the run's end: its folder first, so that who sees the end finds the files."""
        repository = run.tools.repository
        outputs = run.values.shorten(run.masked(ending.outputs))
        stamp = run.journal.stamp()
        event = RunEnded(
            **stamp, status=ending.status, reason=ending.reason, error=ending.error, outputs=outputs
        )
        if not run.journal.told("ended"):
            events = [stored.event for stored in repository.events(run.run_id)] + [event]
            self._write_folder(run, events)
            run.journal.tell(
                Keyed("ended", event),
                run={
                    "status": ending.status, "reason": ending.reason, "ended_at": stamp["at"],
                    "outputs": outputs, "error": ending.error,
                },
            )  # fmt: skip
            if (place := repository.place(run.run_id, "ended")) != len(events):
                # Something was told in between, by a branch that was still leaving.
                told = repository.events(run.run_id)
                self._write_folder(run, [s.event for s in told if s.seq <= place])
        # An earlier process may have been killed over a file; it was made anew since.
        clear_parts(self._folder(run.job.name, run.run_id))
        return {
            "status": ending.status, "outputs": outputs, "error": ending.error,
            "owner": ending.owner, "at": stamp["at"],
        }  # fmt: skip

    def _write_folder(self, run: RunScope, events: list[Event]) -> None:
        repository = run.tools.repository
        row, children = repository.get(run.run_id), repository.children(run.run_id)
        folder = self._folder(run.job.name, run.run_id)
        told = receipt(row, account_of(events), children)
        write_folder(folder, told, events, run.job)

    # -- a branch --------------------------------------------------------------------

    async def run_branch(self, branch: Data) -> Data:
        """Walk a branch or a lane of rounds; gives its end as data."""
        run = self._scopes.enter(branch["run_id"])
        try:
            place = run.values.whole(branch["place"])
            run.facts = run.facts or place["facts"]
            walker = self._walker(run, branch["moment"], deadline_of(branch))
            return await walk_branch(walker, run.step_at(branch["path"]), branch)
        finally:
            self._scopes.leave(run)

    def _walker(self, run: RunScope, moment: str, deadline: Deadline | None) -> Walker:
        repository = run.tools.repository
        request = run.request
        seeds = Seeds(repository, request["seed_run"], request["from_path"], run.job)
        if request["seed_run"]:
            seeds.keep_values(self._values_of(request["seed_run"], run))
        memory = run.memory()
        budgets = [
            (above["run_id"], Budget(tokens=above["tokens"], cost=above["cost"]))
            for above in request.get("budgets", [])
        ]
        purse = Purse(repository, [*budgets, (run.run_id, run.budget)], run.journal)
        return Walker(
            run,
            self._durable,
            Attempts(run, seeds, memory, purse),
            Approvals(run, self._durable, seeds),
            Debugger(run, self._durable),
            SubJobs(run, self._durable, self._jobs),
            moment=moment,
            deadline=deadline,
        )

    def _values_of(self, run_id: str, run: RunScope) -> Values:
        row = run.tools.repository.find(run_id)
        return run.tools.values_of(row.job if row else run.job.name, run_id)


async def _take_place(run: RunScope) -> None:
    """Wait for a place among the runs that work at once; a cancelled run needs none."""
    entering = asyncio.ensure_future(run.gate.enter())
    try:
        while not entering.done() and not run.watch.cancelled:
            await asyncio.wait({entering}, timeout=0.1)
    finally:
        if not entering.done():
            entering.cancel()


def _known_skills(run: RunScope) -> dict[str, dict[str, str]]:
    found = dict[str, dict[str, str]]()
    for name in used_skills(run.job):
        try:
            skill = run.library.get(name)
        except AssistantError:
            continue  # the step that uses it says so
        found[name] = {"effect": skill.effect, "version": skill.version}
    return found


def _about(run: RunScope) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "job": run.job.name,
        "started_at": run.facts["at"],
        "trigger": run.request["trigger"],
        "dry": run.dry,
    }


def _deadline(run: RunScope, started_at: str) -> Deadline | None:
    """The first of the run's own limit and those of the runs that called it."""
    limits = list[Deadline]()
    if run.request["deadline"]:
        limits.append(Deadline(*run.request["deadline"]))
    if run.budget.seconds is not None:
        limits.append(Deadline(parse_rfc3339(started_at).timestamp() + run.budget.seconds, ""))
    return min(limits, key=lambda limit: limit.at, default=None)


def _as_status(status: str) -> RunStatus:
    return status if status in ("cancelled", "timed_out") else "failed"  # pyright: ignore[reportReturnType]


def _lost(trouble: BaseException) -> Ending:
    if isinstance(trouble, RunCancelled):
        return Ending("cancelled", error=told(trouble, ""))
    wrong = InternalError(
        f"the engine could not go on: {type(trouble).__name__}: {trouble}",
        hint="The log has the details; run the job again from the failed step.",
    )
    return Ending("failed", error=told(wrong, ""))
