"""Sharing the work with other machines: what a run needs, who can take it, and taking it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, Protocol, runtime_checkable

from assistant.clock import Clock
from assistant.engine.carrying import Carrier
from assistant.engine.grants import Finds
from assistant.engine.request import INTERPRETER, job_of
from assistant.engine.scopes import FindJob
from assistant.engine.slots import Slot
from assistant.errors import AssistantError, PolicyDenied
from assistant.pipeline.spec import Job
from assistant.pipeline.walk import called_jobs, used_skills
from assistant.settings import Settings, SettingsWrong
from assistant.skills.door import Skill
from assistant.store.far_files import FarFiles
from assistant.store.far_runs import BEAT_SECONDS, Able, FarRuns, Needs
from assistant.store.runs import RunRepository

log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 20.0
DEFAULT_QUEUE = "default"


@runtime_checkable
class Listed(Protocol):
    """Skills that can say which there are."""

    def names(self) -> Iterable[str]: ...


def called_files(job: Job, find: FindJob) -> dict[str, tuple[str, int, str]]:
    """The accepted files of the jobs that a job calls, and of those they call."""
    found, waiting = dict[str, tuple[str, int, str]](), [job]
    while waiting:
        for _, name in called_jobs(waiting.pop()):
            if name in found:
                continue
            try:
                found[name] = find(name)
                waiting.append(job_of(found[name][0]))
            except AssistantError:
                continue  # the step that calls it says so
    return found


def needs_of(jobs: Iterable[Job], library: Finds, secrets: Mapping[str, str], queue: str) -> Needs:
    """What a worker must have for these jobs. Secrets that this machine has not are not asked."""
    names = {name for job in jobs for name in used_skills(job)}
    wanted = set[str]()
    for name in names:
        try:
            wanted.update(library.get(name).secrets)
        except AssistantError:
            continue  # a skill of the worker's alone
    return Needs(queue, tuple(sorted(names)), tuple(sorted(wanted & set(secrets))), INTERPRETER)


def queue_of(job: str, queues: Mapping[str, Iterable[str]]) -> str:
    """The queue whose patterns a job's name fits (`heavy = ["research-*"]`), else `default`."""
    for queue, patterns in queues.items():
        if any(fnmatchcase(job, pattern) for pattern in patterns):
            return queue
    return DEFAULT_QUEUE


def able(queues: Iterable[str], library: Finds, secrets: Mapping[str, str]) -> Able:
    """What this process can take."""
    names = library.names() if isinstance(library, Listed) else ()
    return Able(tuple(queues), tuple(names), tuple(secrets), INTERPRETER)


class Taking:
    """A worker takes runs from queues, as many at a time as it may work on, and says it lives."""

    def __init__(
        self,
        far: FarRuns,
        worker: str,
        able: Able,
        *,
        most: int,
        busy: Callable[[], int],
        start: Callable[[str, dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._far = far
        self._worker = worker
        self._able = able
        self._most = most
        self._busy = busy
        self._start = start

    async def keep(self) -> None:
        """Take and beat until cancelled."""
        beaten = 0.0
        while True:
            try:
                if time.monotonic() - beaten > BEAT_SECONDS:
                    await asyncio.to_thread(self._far.beat, self._worker, _here(), self._able)
                    beaten = time.monotonic()
                if (free := self._most - self._busy()) > 0:
                    await self._take(free)
            except Exception:  # the server may be away for a while; the next round goes on
                log.exception("taking runs from the queues")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _take(self, most: int) -> None:
        for run_id, request in await asyncio.to_thread(
            self._far.claim, self._worker, self._able, most
        ):
            await self._start(run_id, request)


class Sharing:
    """What one process has to do with the others. `queues` None: it is a process of the home.

    `home` is the home's own store of runs; a worker elsewhere has none.
    """

    def __init__(
        self,
        far: FarRuns,
        files: FarFiles,
        settings: Settings,
        *,
        home: RunRepository | None,
        library: Finds,
        secrets: Mapping[str, str],
        jobs: FindJob,
        queues: tuple[str, ...] | None,
    ) -> None:
        self.far = far
        self.files = files
        self.home = home
        self._settings = settings
        self._library = library
        self._secrets = secrets
        self._jobs = jobs
        self._able = able(queues, library, secrets) if queues is not None else None

    def offer(self, request: dict[str, Any], job: Job, me: str) -> dict[str, Any]:
        """What a new run's row says besides: its needs, and who takes it when nobody else could.

        The files of the jobs it calls go with its request: a worker knows no jobs.
        """
        request["files"] = called_files(job, self._jobs)
        every = [job, *(job_of(text) for text, _, _ in request["files"].values())]
        needs = needs_of(
            every, self._library, self._secrets, queue_of(job.name, self._settings.queues)
        )
        names = [job.name, *request["files"]]
        request["guarded"] = any(
            (self._settings.job_dir(name) / "plugin").exists() for name in names
        )
        needs = replace(needs, guarded=request["guarded"])
        return {**needs.facts(), "claimed_by": "" if self.far.can_be_taken(needs) else me}

    def tasks(
        self,
        me: str,
        busy: Callable[[], int],
        start: Callable[[str, dict[str, Any]], Awaitable[None]],
    ) -> list[Coroutine[Any, Any, None]]:
        """What goes on beside the runs until the engine closes."""
        found = list[Coroutine[Any, Any, None]]()
        if self.home is not None:
            found.append(Carrier(self.far, self.home, self._settings, self.files).keep())
        if (mine := self._able) is not None:
            self.far.beat(me, _here(), mine)  # who is asked from now on knows of it
            most = self._settings.max_parallel_runs
            found.append(Taking(self.far, me, mine, most=most, busy=busy, start=start).keep())
        return found

    def mine(self, run_ids: Collection[str]) -> set[str]:
        """Those of a dead worker's runs that this process takes over.

        A worker takes what it can make, and the home what no living worker can.
        """
        able = self._able
        return self.far.fitting(run_ids, able) if able else self.far.stranded(run_ids)

    def left_over(
        self, dead_one: Callable[[str], Slot | None], me: str
    ) -> list[tuple[str, dict[str, Any]]]:
        """Offer again what dead workers had claimed; give what this process has to start.

        That is what it has claimed and not begun, as when the server was away just then; at home
        also what no worker can take. `dead_one` holds the name of a worker that is dead.
        """
        for name in self.far.claims_of("queued") - {me}:
            dead = dead_one(name)
            if dead is not None:
                try:
                    self.far.release(name)
                    self.far.rest(name)
                finally:
                    dead.free()
        if self.home is not None:
            self.far.claim_stranded(me)
        return self.far.claimed(me)

    def forget(self, runs: Collection[tuple[str, str]]) -> None:
        """Delete the rows and files of runs, `(job, run id)`, that their home does not keep."""
        self.far.delete(run_id for _, run_id in runs)
        for job, run_id in runs:
            self.files.remove(f"{job}/{run_id}")

    def leave(self, me: str) -> None:
        """This process takes no more."""
        if self._able is not None:
            self.far.rest(me)


async def guard_elsewhere(
    request: Mapping[str, Any], skill: Skill, effect: str, arguments: Mapping[str, Any]
) -> None:
    """A worker's guard: what a guard at home would have to see is not done without it."""
    if request.get("guarded"):
        raise PolicyDenied(
            f"{skill.name!r} is not called here: the job's guard is at its home",
            hint="Run the job again at home.",
        )


def open_sharing(
    settings: Settings,
    home: RunRepository,
    *,
    clock: Clock,
    library: Finds,
    secrets: Mapping[str, str],
    jobs: FindJob,
    queues: tuple[str, ...] | None,
) -> Sharing | None:
    """Open what the machines share; None when all work is done in one home folder."""
    if not (settings.database_url and settings.artifacts_url):
        if queues is not None:
            raise SettingsWrong(
                "a worker with queues needs the database and the artifact location",
                hint="Set ASSISTANT_DATABASE_URL and ASSISTANT_ARTIFACTS_URL.",
            )
        return None
    from assistant.store.postgres import PostgresStore  # its driver is slow to import

    # A worker can do nothing without the server; the home has a panel to answer meanwhile.
    patience = _PATIENCE_SECONDS if queues is not None else 0.0
    return Sharing(
        FarRuns(PostgresStore(settings.database_url, clock=clock, patience=patience)),
        FarFiles(settings.artifacts_url), settings,
        home=home if queues is None else None,
        library=library, secrets=secrets, jobs=jobs, queues=queues,
    )  # fmt: skip


def _here() -> str:
    return f"{socket.gethostname()} {os.getpid()}"
