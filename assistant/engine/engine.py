"""The engine: takes requests, runs pipelines durably, and takes up what a dead process left.

Any number of processes may open an engine on one home folder; each runs what it was given and
recovers the runs of those that died. Within a process there is one, and its methods belong to
the event loop it was opened in. What happens in a run is read from the store (`RunRepository`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from assistant.clock import Clock, SystemClock, rfc3339
from assistant.engine.context import CallGuard, Tools, unguarded
from assistant.engine.debugger import OPERATIONS
from assistant.engine.durable import Durable
from assistant.engine.folder import read_receipt
from assistant.engine.grants import Finds
from assistant.engine.places import Places
from assistant.engine.queueing import queue_run, refuse_second
from assistant.engine.receipt import account_of, receipt
from assistant.engine.request import RunRequest, check_run_id, job_of
from assistant.engine.retention import delete_runs, in_force, prune
from assistant.engine.running import Running
from assistant.engine.scopes import FindJob, RunScopes, open_scope
from assistant.engine.seeds import check_seed
from assistant.engine.sharing import Sharing, guard_elsewhere, open_sharing
from assistant.engine.signals import Signals
from assistant.engine.slots import FileSlots, PostgresSlots, Slot, Slots
from assistant.engine.sweeping import Sweep, apart
from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.events import ApprovalAsked, ApprovalDecided
from assistant.ids import four_letters, new_run_id
from assistant.insight.figures import FigureWriter
from assistant.models.protocol import Models
from assistant.net.client import open_client
from assistant.pipeline.inputs import bind
from assistant.pipeline.spec import Retention
from assistant.secrets import Secrets
from assistant.settings import Settings, prepare
from assistant.store.compaction import Compacted
from assistant.store.database import Store
from assistant.store.keeping import KeepingRepository, Outlived
from assistant.store.runs import Listener, Pause, RunRepository

log = logging.getLogger(__name__)
FIGURES = FigureWriter()
_PRUNE_SECONDS = 2.0
_NAME_SECONDS = 1.0
_POLL_SECONDS = 0.2
_GRACE_SECONDS = 5.0


class Engine:
    """See the module's text. Made by `open`; `async with` closes it."""

    def __init__(
        self,
        settings: Settings,
        tools: Tools,
        slots: Slots,
        slot: Slot,
        durable: Durable,
        signals: Signals,
        running: Running,
        scopes: RunScopes,
        sharing: Sharing | None = None,
    ) -> None:
        self.settings = settings
        self.worker = slot.name
        self.runs = tools.repository
        self._clock = tools.clock
        self._slots = slots
        self._slot = slot
        self._durable = durable
        self._signals = signals
        self._running = running
        self._scopes = scopes
        self._sharing = sharing
        # A worker elsewhere has no home.
        self._home = sharing.home if sharing else tools.repository
        self._tasks = list[asyncio.Task[None]]()
        self._starting = set[asyncio.Task[None]]()
        self._own_http: httpx.AsyncClient | None = None

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        store: Store,
        library: Finds,
        models: Models,
        jobs: FindJob,
        clock: Clock | None = None,
        worker: str | None = None,
        http: httpx.AsyncClient | None = None,
        secrets: Mapping[str, str] | None = None,
        figures: Listener | None = FIGURES,
        queues: tuple[str, ...] | None = None,
        guard: CallGuard = unguarded,
    ) -> Engine:
        """Open the engine of this process under a free worker slot, or under `worker`.

        Runs that died with a process are taken up. `figures` hears every event. With `queues` this
        is a worker on any machine: it takes runs from them and keeps nothing.
        Raises InternalError when an engine is open here, the slot is taken, or no database opens.
        """
        prepare(settings)
        clock = clock or SystemClock()
        client = http or open_client(settings)
        secrets = Secrets(settings.home) if secrets is None else secrets
        home = RunRepository(store, figures)
        sharing = open_sharing(
            settings, home, clock=clock, library=library, secrets=secrets, jobs=jobs, queues=queues
        )
        tools = Tools(
            settings=settings, http=client, models=models, secrets=secrets, clock=clock,
            repository=sharing.far if sharing else home,
            guard=guard if queues is None else guard_elsewhere,
            files=sharing.files if sharing else None,
        )  # fmt: skip
        url = settings.database_url
        slots: Slots = PostgresSlots(url) if url else FileSlots(settings.locks_dir / "workers")
        slot = slots.take(worker)
        signals = Signals(tools.repository)
        places = Places(settings.max_parallel_runs, settings.parallel_runs_of)
        scopes = RunScopes(
            lambda run_id: open_scope(run_id, tools, library, signals, places), signals
        )
        running = Running(
            scopes, jobs, worker=slot.name, boot=new_run_id(clock.now()),
            runs_dir=settings.run_dir, keeps=queues is None,
        )  # fmt: skip
        try:
            durable = await Durable.open(
                path=settings.engine_path, database_url=url, executor=slot.name, bodies=running,
                parted=sharing is not None,
            )  # fmt: skip
        except BaseException:
            slot.free()
            if http is None:
                await client.aclose()
            raise
        running.durable = durable
        engine = cls(settings, tools, slots, slot, durable, signals, running, scopes, sharing)
        engine._own_http = client if http is None else None
        engine._tasks = [
            asyncio.create_task(signals.carry(), name="engine signals"),
            asyncio.create_task(engine._sweep().keep(), name="engine sweep"),
            asyncio.create_task(engine._prune_ended(), name="engine pruning"),
        ]
        if slots.patience:
            engine._tasks.append(asyncio.create_task(engine._keep_name(), name="engine name"))
        if sharing is not None:
            beside = sharing.tasks(slot.name, lambda: len(scopes.open_runs()), engine._start)
            engine._tasks += [asyncio.create_task(work, name="engine sharing") for work in beside]
        return engine

    async def __aenter__(self) -> Engine:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self, *, grace: float = _GRACE_SECONDS) -> None:
        """Leave. Calls under way may end within `grace` seconds; the rest goes on elsewhere.

        A run cut off here is taken up by another process, or by the next one.
        """
        await self._signals.close(grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._starting, return_exceptions=True)
        await self._durable.close()
        if self._sharing is not None:
            self._sharing.leave(self.worker)
        if self._own_http is not None:
            await self._own_http.aclose()
        self._slot.free()

    # -- runs ------------------------------------------------------------------------

    async def submit(self, request: RunRequest, *, soon: bool = False) -> str:
        """Start a run and give its id. Submitting the same `run_id` again starts nothing new.

        `soon`: give the id when the run is queued, which is kept; its start follows by itself.
        Raises JobInvalid for a file that does not load, BindingsInvalid for inputs, an id or a
        step to begin at that do not fit, TargetUnresolved for a seed run that is not there, RunGoesOn for a
        request that asks to be the only one of its kind, ServerAway while PostgreSQL does not
        answer: the same request may come again.
        """
        run_id = request.run_id or new_run_id(self._clock.now(), four_letters)
        check_run_id(run_id)
        job = job_of(request.yaml)
        if job.name != request.job:
            raise BindingsInvalid(
                f"the file is of job {job.name!r}, not of {request.job!r}",
                hint="Submit a job under the name in its file.",
            )
        check_seed(self.runs, request.seed_run, request.from_path, job)
        snapshot = request.snapshot(run_id)
        snapshot["inputs"] = bind(job.inputs, request.inputs)
        if request.once:
            refuse_second(self.runs, snapshot)
        more, at = dict[str, Any](), rfc3339(self._clock.now())
        if self._sharing is not None:
            more = self._sharing.offer(snapshot, job, self.worker)
        new = queue_run(self.runs, self._clock, snapshot, at=at, more=more)
        if self._sharing is not None and self._home is not None:
            # After the server has it: what the server did not take must not stand here as queued.
            queue_run(self._home, self._clock, snapshot, at=at)
        if more and more["claimed_by"] != self.worker:
            return run_id  # a worker takes it
        if new and soon:
            starting = asyncio.create_task(self._start_queued(run_id))
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)
        elif new or not await self._durable.is_known(run_id):
            await self._start(run_id, self.runs.get(run_id).request)
        return run_id

    async def wait(
        self, run_id: str, timeout: float | None = None, *, until_waiting: bool = False
    ) -> dict[str, Any]:
        """The receipt of a run when it has ended, whichever process runs it.

        `until_waiting`: also when it waits for a person. Raises TimeoutError.
        """
        async with asyncio.timeout(timeout):
            while True:
                run = self.runs.get(run_id)
                if run.ended or (until_waiting and run.status == "waiting"):
                    return self.receipt(run_id)
                await self._scopes.change(_POLL_SECONDS)

    def receipt(self, run_id: str) -> dict[str, Any]:
        """The receipt as it stands. Raises TargetUnresolved."""
        run = self.runs.get(run_id)
        written = read_receipt(self.settings.run_dir(run.job, run_id)) if run.ended else None
        if written is not None:
            return written
        events = [stored.event for stored in self.runs.events(run_id)]
        return receipt(run, account_of(events), self.runs.children(run_id))

    async def cancel(self, run_id: str, *, by: str = "") -> None:
        """End a run, its branches and the jobs it called. A run that has ended stays as it is."""
        if not self.runs.get(run_id).ended:
            self.runs.signal(run_id, "cancel", by=by)
            self._signals.nudge()

    async def decide(self, run_id: str, path: str, approved: bool, by: str) -> None:
        """Answer what a run asks at a step. Raises TargetUnresolved when it asks nothing there."""
        asked = {
            stored.event.path for stored in self.runs.events(run_id)
            if isinstance(stored.event, ApprovalAsked)
        }  # fmt: skip
        decided = {
            stored.event.path for stored in self.runs.events(run_id)
            if isinstance(stored.event, ApprovalDecided)
        }  # fmt: skip
        if path not in asked - decided:
            raise TargetUnresolved(
                f"run {run_id} asks nothing at {path!r}",
                hint=f"It asks at: {', '.join(sorted(asked - decided)) or 'no step'}.",
            )
        self.runs.decide(run_id, path, approved=approved, by=by)
        self._signals.nudge()

    async def prune(self, job: str, retention: Retention) -> int:
        """Delete the runs that a job's retention does not keep and nobody needs; gives their number."""
        if self._home is None:
            return 0
        return await prune(
            job, retention, keeping=KeepingRepository(self._home.store), repository=self._home,
            durable=self._durable, settings=self.settings,
            elsewhere=self._sharing.forget if self._sharing else None,
        )  # fmt: skip

    async def delete_runs(self, doomed: Sequence[Outlived]) -> int:
        """Delete ended runs with all that belongs to them, those that nobody needs; gives their number."""
        if self._home is None:
            return 0
        return await delete_runs(
            doomed, repository=self._home, durable=self._durable, settings=self.settings,
            elsewhere=self._sharing.forget if self._sharing else None,
        )  # fmt: skip

    async def compact(self, *, whole: bool = False) -> Compacted | None:
        """Give the durable state's free room back; None for PostgreSQL, which does it itself."""
        return await self._durable.compact(whole=whole)

    # -- the debugger ----------------------------------------------------------------

    def held(self, run_id: str) -> list[Pause]:
        """Where the run is held, with the values to look at."""
        self.runs.get(run_id)
        return self.runs.held(run_id)

    async def resume(self, run_id: str, path: str = "", *, to: str = "") -> None:
        """Go on: to the next breakpoint, or to the step `to`."""
        word = {"op": "run_to", "to": to} if to else {"op": "resume"}
        await self._debug(run_id, path, word)

    async def step(self, run_id: str, path: str = "") -> None:
        """Make this step, and hold before the next."""
        await self._debug(run_id, path, {"op": "step"})

    async def skip(self, run_id: str, path: str = "", *, output: Any = None) -> None:
        """Do not make this step; the steps after it see `output`."""
        await self._debug(run_id, path, {"op": "skip", "output": output})

    async def edit(
        self,
        run_id: str,
        path: str = "",
        *,
        arguments: dict[str, Any] | None = None,
        output: Any = None,
    ) -> None:
        """Change the arguments of the step held before, or the output of the step held after."""
        word = {"op": "edit", "output": output}
        await self._debug(
            run_id, path, word if arguments is None else word | {"arguments": arguments}
        )

    async def abort(self, run_id: str, path: str = "") -> None:
        """End the run here, as cancelled."""
        await self._debug(run_id, path, {"op": "abort"})

    async def _debug(self, run_id: str, path: str, word: dict[str, Any]) -> None:
        held = [pause.path for pause in self.held(run_id)]
        if not held or (path and path not in held) or word["op"] not in OPERATIONS:
            raise TargetUnresolved(
                f"run {run_id} is not held at {path or 'any step'}",
                hint=f"It is held at: {', '.join(held) or 'no step'}.",
            )
        self.runs.signal(run_id, "debug", path or held[0], **word)
        self._signals.nudge()

    async def _start(self, run_id: str, request: dict[str, Any]) -> None:
        # Whoever asks may itself stand in a recorded step: a run begins in a context of its own.
        await apart(self._durable.start_run(run_id, request))

    def _sweep(self) -> Sweep:
        return Sweep(
            self.runs, self._durable, self._slots, self._scopes, self._sharing,
            clock=self._clock, worker=self.worker, start=self._start,
        )  # fmt: skip

    async def _keep_name(self) -> None:
        # A thread of its own: while the server is away the durable engine's may all wait for it.
        own = ThreadPoolExecutor(1, "engine name")
        try:
            while True:
                await asyncio.sleep(_NAME_SECONDS)
                try:
                    await asyncio.get_running_loop().run_in_executor(own, self._slot.renew)
                except Exception:  # the name is taken again when the server is back
                    log.warning("the database does not answer; the next look follows")
        finally:
            own.shutdown(wait=False)

    async def _prune_ended(self) -> None:
        while True:
            await asyncio.sleep(_PRUNE_SECONDS)
            for job, retention in self._running.take_ended().items():
                try:
                    await self.prune(job, in_force(retention, self.settings.retention))
                except Exception:  # what is left goes after the job's next run
                    log.exception("letting go of runs of %s", job)

    async def _start_queued(self, run_id: str) -> None:
        try:
            await self._start(run_id, self.runs.get(run_id).request)
        except Exception:  # it stays queued, and the sweep starts what stays so
            log.exception("starting run %s", run_id)
