"""Everything of one home folder, opened when it is first needed.

    Workplace.open(settings)  settings, store, jobs, runs, ledger       (no heavy import)
      .library .models .lifecycle                                       (loaded when asked for)
      await .engine()         runs jobs in this process
      await .keep_schedules() the ticker, for processes that stay
      .host(address)          the one panel of the home

The command line, the panel and a worker each open their own; they meet in the files of the home.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from assistant.clock import Clock, SystemClock, parse_rfc3339
from assistant.errors import RequestWrong
from assistant.insight.views import put_views
from assistant.settings import Settings, prepare
from assistant.settings_file import Renewal
from assistant.store import locks
from assistant.store.database import Store, set_aside_if_broken
from assistant.store.jobs import JobRepository
from assistant.store.patches import PatchRepository
from assistant.store.runs import RunRepository
from assistant.store.ticks import TickLedger
from assistant.store.triggers import TriggerLedger

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from assistant.alerts.desk import AlertDesk
    from assistant.engine.engine import Engine
    from assistant.healing.desk import Desk
    from assistant.healing.loop import HealingLoop
    from assistant.insight.reading import Insight
    from assistant.job.cleaning import Cleaning
    from assistant.job.deleting import Deleting
    from assistant.job.guide import Guide
    from assistant.job.lifecycle import Lifecycle
    from assistant.models.registry import ModelRegistry
    from assistant.schedule.cron import Fire
    from assistant.schedule.hooks import Hooks
    from assistant.schedule.looks import Surroundings
    from assistant.schedule.ticker import Ticker
    from assistant.schedule.trigger_views import Trial
    from assistant.schedule.watcher import Watcher
    from assistant.secrets import Secrets
    from assistant.skills.library import Library
    from assistant.store.jobs import JobRecord
    from assistant.store.triggers import TriggerSpec
    from assistant.suggestions.adviser import Adviser


log = logging.getLogger(__name__)
RENEW_SECONDS = 1.0


class AlreadyRunning(RequestWrong):
    """The home folder has a panel already. `address` is where it answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"a panel is running on this home folder already, at {address or 'another address'}",
            hint="Open that address, or set ASSISTANT_HOME to another folder.",
        )


class Workplace:
    """See the module's text. `close` (or `close_store`, when no engine was opened) ends it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        models: Callable[[Settings, Store], ModelRegistry] | None = None,
    ) -> None:
        self._make_models = models
        self.settings = settings
        self.store = store
        self.clock = clock
        self.jobs = JobRepository(store, settings, clock=clock)
        self.runs = RunRepository(store)
        self.ledger = TickLedger(store, clock=clock)
        self.patches = PatchRepository(store)
        self.firings = TriggerLedger(store, clock=clock)
        self._engine: Engine | None = None
        self._opening = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None
        self._ticker: Ticker | None = None
        self._watcher: Watcher | None = None
        self._keeping = list[asyncio.Task[None]]()
        self._held = list[locks.Lock]()

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        models: Callable[[Settings, Store], ModelRegistry] | None = None,
    ) -> Workplace:
        """Prepare the home folder and open its store. Raises SettingsWrong or InternalError.

        A store that cannot be read is set aside (`store.set_aside` names it), and a new one begins.
        `models` makes the models in place of those of the settings.
        """
        prepare(settings)
        moment = clock or SystemClock()
        store = Store(settings.store_path, clock=moment)
        put_views(store)
        return cls(settings, store, moment, models)

    # What is loaded when it is first needed

    @cached_property
    def library(self) -> Library:
        """All skills of the home."""
        from assistant.skills.library import Library

        return Library.open(self.settings)

    @cached_property
    def secrets(self) -> Secrets:
        """The home's secrets, by name."""
        from assistant.secrets import Secrets

        return Secrets(self.settings.home)

    @cached_property
    def models(self) -> ModelRegistry:
        """All models; none is started before it is asked."""
        from assistant.models.registry import ModelRegistry

        if self._make_models is not None:
            return self._make_models(self.settings, self.store)
        secrets = self.secrets
        return ModelRegistry(
            self.settings,
            self.store,
            secret=lambda name: secrets.get(name, ""),
            masker=secrets.masker,
        )

    @cached_property
    def insight(self) -> Insight:
        """The figures of the home's runs."""
        from assistant.insight.reading import Insight

        return Insight(self.store, self.settings.runs_dir)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """What can be done with a job's file."""
        from assistant.job.lifecycle import Lifecycle

        return Lifecycle(self.jobs, self.ledger, self.library, self.clock, self.guide)

    @cached_property
    def cleaning(self) -> Cleaning:
        """What a clean-up takes, and the clean-up."""
        from assistant.job.cleaning import Cleaning

        return Cleaning(self.settings, self.jobs)

    @cached_property
    def deleting(self) -> Deleting:
        """What deleting a job would take, and the deletion."""
        from assistant.job.deleting import Deleting

        return Deleting(self.settings, self.lifecycle, self.secrets)

    @cached_property
    def alerts(self) -> AlertDesk:
        """Alerts, their channels, and the questions that runs wait with."""
        from assistant.alerts.desk import AlertDesk

        return AlertDesk(
            self.settings, jobs=self.jobs, runs=self.runs, secrets=self.secrets, clock=self.clock
        )

    @cached_property
    def adviser(self) -> Adviser:
        """Suggestions about the home's jobs."""
        from assistant.suggestions.adviser import Adviser

        # What the suggestions rest on are the figures: those of every run.
        _ = self.insight
        return Adviser(self.lifecycle, self.settings.templates_dir)

    @cached_property
    def guide(self) -> Guide:
        """Phases, questions, plans, plugins, dependencies and knowledge of jobs."""
        from assistant.job.guide import Guide

        return Guide(self.jobs, self.runs, self.settings, self.clock)

    async def engine(self, queues: tuple[str, ...] | None = None) -> Engine:
        """This process's engine, on a worker slot of its own; opened by the first who asks.

        With `queues` it takes runs from them for another home (see docs/scaling.md).
        """
        async with self._opening:
            if self._engine is None:
                # Importing it takes up to a second: meanwhile the loop goes on.
                await asyncio.to_thread(import_module, "assistant.engine.engine")
                from assistant.engine.engine import Engine
                from assistant.job.call_guard import call_guard
                from assistant.job.running import accepted_files

                if aside := set_aside_if_broken(self.settings.engine_path, self.clock.now()):
                    log.warning("The state of runs could not be read. It is kept as %s.", aside)
                self._engine = await Engine.open(
                    self.settings, store=self.store, library=self.library, models=self.models,
                    jobs=accepted_files(self.jobs), clock=self.clock, secrets=self.secrets,
                    queues=queues,
                    guard=call_guard(self.guide),
                )  # fmt: skip
            return self._engine

    # Processes that stay

    async def ticker(self) -> Ticker:
        """What keeps schedules, on this process's engine; it does nothing by itself."""
        from assistant.job.running import TickRunner
        from assistant.schedule.ticker import Ticker

        if self._ticker is None:
            runner = TickRunner(await self.engine(), self.jobs, self.runs)
            self._ticker = Ticker(
                self.ledger, self.jobs, runner, clock=self.clock, worker=f"process-{os.getpid()}"
            )
        return self._ticker

    def surroundings(
        self, http: httpx.AsyncClient, job_id: str, *, passing: bool = False
    ) -> Surroundings:
        """What the triggers of a job look with; `http` is a guarded client of this event loop.

        `passing`: nothing is remembered of what was seen, as for a trial.
        """
        from assistant.engine.context import DryMemory, JobMemory
        from assistant.schedule.looks import Surroundings

        memory = JobMemory(self.runs, f"triggers of {job_id}")
        return Surroundings(
            settings=self.settings, library=self.library, http=http, secrets=self.secrets,
            memory=DryMemory(memory) if passing else memory, clock=self.clock,
        )  # fmt: skip

    async def try_triggers(
        self, record: JobRecord, wanted: Iterable[TriggerSpec], *, since: datetime
    ) -> list[Trial]:
        """What triggers of a job would have fired since a moment; nothing is run or remembered."""
        from assistant.net.client import open_client
        from assistant.schedule.trigger_views import trial

        async with open_client(self.settings) as http:
            around = self.surroundings(http, record.id, passing=True)
            return [await trial(self.firings, around, record, one, since=since) for one in wanted]

    @cached_property
    def hooks(self) -> Hooks:
        """What takes the deliveries that are posted to jobs."""
        from assistant.schedule.hooks import Hooks

        def nudge() -> None:
            if self._watcher is not None:
                self._watcher.nudge()

        return Hooks(self.firings, self.jobs, self.secrets, clock=self.clock, nudge=nudge)

    async def _watch(self) -> None:
        """Keep the triggers, with one client to the network for all their looks."""
        from assistant.job.running import TickRunner
        from assistant.net.client import open_client
        from assistant.schedule.watcher import Watcher

        runner = TickRunner(await self.engine(), self.jobs, self.runs)
        async with open_client(self.settings) as http:
            self._watcher = Watcher(
                self.firings, self.jobs, runner,
                lambda trigger: self.surroundings(http, trigger.job_id),
                clock=self.clock, worker=f"process-{os.getpid()}",
            )  # fmt: skip
            await self._watcher.run()

    async def _renew_settings(self) -> None:
        """Take up what a command or an editor writes into settings.toml meanwhile."""
        renewal = Renewal(self.settings)
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            before = self.settings.mcp
            if await asyncio.to_thread(renewal.look) and "library" in self.__dict__:
                self.library.take_servers(before, self.settings)

    async def keep_schedules(self) -> Ticker:
        """Open the engine and keep the schedules and triggers of the home until `close`."""
        from assistant.job.completing import Completer

        ticker = await self.ticker()
        if self._ticking is None:
            self._ticking = asyncio.create_task(ticker.run(), name="schedules")
            self._keeping = [
                asyncio.create_task(self._renew_settings(), name="settings"),
                asyncio.create_task(self._watch(), name="triggers"),
                asyncio.create_task(self.alerts.keep(), name="alerts"),
                asyncio.create_task(self.cleaning.keep(await self.engine()), name="clean-up"),
                asyncio.create_task((await self.healing_loop()).run(), name="healing"),
                asyncio.create_task(Completer(self.guide).keep(), name="completions"),
            ]
            self._hold(f"keeper-{os.getpid()}", "schedules")
        return ticker

    def healing_desk(self) -> Desk:
        """What repairs are made and decided with. Whoever opens it closes its `http`."""
        from assistant.healing.desk import open_desk

        return open_desk(
            self.lifecycle, self.jobs, self.runs, self.patches, self.models, self.secrets
        )

    async def healing_loop(self) -> HealingLoop:
        """What looks after ended runs, on this process's engine. Its task closes its way out."""
        from assistant.healing.loop import HealingLoop

        return HealingLoop(self.healing_desk(), await self.engine())

    def host(self, address: str) -> None:
        """Claim to be the home's panel. Raises AlreadyRunning with the address of the other."""
        path = self.settings.locks_dir / "panel.lock"
        if not self._hold("panel", address):
            raise AlreadyRunning(locks.holder(path) or "")

    def is_hosted(self) -> bool:
        """Whether some living process keeps the schedules of this home."""
        keepers = self.settings.locks_dir.glob("keeper-*.lock")
        return any(locks.holder(path) is not None for path in keepers)

    async def close(self) -> None:
        """Let go of everything. Runs in flight are taken up by the next process."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        self._keeping.clear()
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        self._ticking = self._ticker = self._watcher = None
        if self._engine is not None:
            await self._engine.close()
            self._engine = None
        if "models" in self.__dict__:
            self.models.close()
        self.close_store()

    def close_store(self) -> None:
        """Close what needs no event loop."""
        for lock in self._held:
            lock.free()
        self._held.clear()
        self.store.close()

    # What needs more than one part

    def upcoming(self, job_id: str, *, count: int) -> list[Fire]:
        """The next fires of the schedule in force; none when it is off."""
        schedule = self.ledger.schedule(job_id)
        if schedule is None:
            return []
        from assistant.schedule.cron import next_fires

        after = max(self.clock.now(), parse_rfc3339(schedule.planned_until))
        return next_fires(schedule.cron, schedule.timezone, after, count)

    def _hold(self, name: str, text: str) -> bool:
        lock = locks.take(self.settings.locks_dir / f"{name}.lock", text)
        if lock is None:
            return False
        self._held.append(lock)
        return True
