"""The only door to the durable engine (DBOS): a dozen operations, and its measured settings.

What runs inside `step` is recorded under the step's name and never runs again once recorded.
Replay is positional: whatever decides between two ways must come out of a recorded step.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, Queue, SetWorkflowID, _workflow_commands
from dbos._context import EnterDBOSStepCtx, snapshot_step_context
from dbos._error import DBOSException
from dbos._serialization import DBOSPortableJSONSerializer
from dbos._utils import INTERNAL_QUEUE_NAME
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from assistant.engine.left_behind import LeftBehind, queue_of_worker
from assistant.engine.records import Place, RecordRefused, StepRecords
from assistant.errors import InternalError, ServerAway
from assistant.store.compaction import Compacted, compact, prepare_for_compaction

# Runs are taken up by any later version of this program: the interpreter reads the snapshot
# that the run carries, so the version of the workflows themselves never changes.
APPLICATION_VERSION = "1"
_CHILD_POLL_SECONDS = 0.05
_RECOVERY_POLL_SECONDS, _RECOVERY_SECONDS = 0.25, 10.0
_IDLE_POLL_SECONDS = 2.0
_OTHER_JOBS_SECONDS = 30.0
# Its pool, which is also the loop's `to_thread`, has no end by default: what waits together gets a
# thread each, with a heap, a connection and its page cache that never go back. None of these
# threads waits for another: they ask the databases, and skills and channels have their own.
_THREADS = 24

Data = dict[str, Any]


class Bodies(Protocol):
    """What the two generic workflows do; the engine is one."""

    async def run_job(self, request: Data) -> Data: ...

    async def run_branch(self, branch: Data) -> Data: ...


class DurableTrouble(BaseException):
    """The durable engine itself refused: no pipeline step may catch this as its own failure."""


_bodies: Bodies | None = None


@DBOS.workflow(name="run job", max_recovery_attempts=1000)
async def _run_job(request: Data) -> Data:
    return await _served().run_job(request)


@DBOS.workflow(name="run branch", max_recovery_attempts=1000)
async def _run_branch(branch: Data) -> Data:
    return await _served().run_branch(branch)


def _served() -> Bodies:
    if _bodies is None:
        raise DurableTrouble("no engine is open in this process")
    return _bodies


class Durable:
    """An open durable engine. There is one in a process at a time."""

    def __init__(
        self, dbos: DBOS, engine: sa.Engine, records: StepRecords | None, recovered: Queue
    ) -> None:
        self._dbos = dbos
        self._engine = engine
        self._records = records
        self._recovered = recovered

    @classmethod
    async def open(
        cls, *, path: Path, database_url: str, executor: str, bodies: Bodies, parted: bool = False
    ) -> Durable:
        """Launch under the name `executor`; runs that a dead process left under it go on.

        `parted`: this process takes up no more than what `take_over` gives it.
        Raises InternalError when an engine is open already or the database does not open.
        """
        global _bodies
        if _bodies is not None:
            raise InternalError("an engine is open in this process already")
        _bodies = bodies
        engine = _postgres(database_url) if database_url else _sqlite(path)
        config: DBOSConfig = {
            "name": "assistant",
            "system_database_url": engine.url.render_as_string(hide_password=False),
            "system_database_engine": engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "enable_otlp": False,
            "log_level": "CRITICAL",
            "max_executor_threads": _THREADS,
            # Its own scheduler is not used. Its listener, with nothing to listen for, only wakes
            # up; leaving waits for that.
            "scheduler_polling_interval_sec": 3600.0,
            "notification_listener_polling_interval_sec": 0.25,
        }
        # Delayed runs and deadlines are looked for once a second otherwise; ours are not its own.
        _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = _OTHER_JOBS_SECONDS  # pyright: ignore[reportPrivateUsage]
        try:
            dbos = DBOS(config=config)
            _quiet()
            # Recovered work comes through its internal queue. Each look costs milliseconds of a core
            # for as long as the process is there, so it looks often only while much is recovered.
            name = queue_of_worker(executor) if parted else INTERNAL_QUEUE_NAME
            recovered = dbos._registry._register_internal_queue(name)  # pyright: ignore[reportPrivateUsage]
            _look_often(recovered)
            DBOS.launch()
            _quiet()
        except Exception as refused:
            _bodies = None
            DBOS.destroy()
            engine.dispose()
            raise InternalError(
                f"the durable engine does not start: {refused}",
                hint="Is the home folder writable, or the database address right?",
            ) from refused
        # On a server every statement waits for the network, and threads do the waiting.
        records = None if database_url else StepRecords(path, dbos._sys_db.app_name)  # pyright: ignore[reportPrivateUsage]
        return cls(dbos, engine, records, recovered)

    async def close(self) -> None:
        """Leave: what runs is left where it is, to be taken up under the same name."""
        global _bodies
        _bodies = None
        loop = asyncio.get_running_loop()
        tasks = [t for t in self._dbos._workflow_tasks if t.get_loop() is loop]  # pyright: ignore[reportPrivateUsage]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with ThreadPoolExecutor(max_workers=1) as aside:
            await loop.run_in_executor(aside, DBOS.destroy)
        if self._records is not None:
            self._records.close()
        # It had put its own threads under the loop's `to_thread`, and they are gone with it.
        loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="after-engine"))
        self._engine.dispose()

    # -- runs ------------------------------------------------------------------------

    async def start_run(self, run_id: str, request: Data) -> None:
        """Start a run under its id. A second start of the same id changes nothing."""
        with SetWorkflowID(run_id):
            await DBOS.start_workflow_async(_run_job, request)

    async def call_run(self, run_id: str, request: Data) -> Data:
        """Inside a run: start another run as its child and wait for what it gives."""
        handle = await self._child(run_id, _run_job, request)
        return await self._joined(handle)

    async def start_branch(self, branch_id: str, branch: Data) -> Any:
        """Inside a run: start a branch as a child; `join` gives its result."""
        return await self._child(branch_id, _run_branch, branch)

    async def join(self, handle: Any) -> Data:
        return await self._joined(handle)

    async def is_known(self, run_id: str) -> bool:
        return await asyncio.to_thread(self._status, run_id) is not None

    async def status(self, run_id: str) -> str | None:
        """What the durable engine says of a run (`PENDING`, `ERROR` …), None when unknown."""
        return await asyncio.to_thread(self._status, run_id)

    async def statuses(self, run_ids: list[str]) -> dict[str, str]:
        """What the durable engine says of those of some runs that it knows."""
        if not run_ids:
            return {}
        found = sa.text(
            f"select workflow_uuid, status from {self._schema}workflow_status"  # noqa: S608
            " where workflow_uuid in :ids"
        ).bindparams(sa.bindparam("ids", expanding=True))

        def ask() -> dict[str, str]:
            with self._engine.connect() as connection:
                return {row[0]: row[1] for row in connection.execute(found, {"ids": run_ids})}

        return await asyncio.to_thread(ask)

    def _status(self, run_id: str) -> str | None:
        row = self._query(
            "select status from {schema}workflow_status where workflow_uuid = :id", id=run_id
        )
        return row[0][0] if row else None

    # -- steps -----------------------------------------------------------------------

    async def step(self, name: str, body: Callable[[], Awaitable[Any]]) -> Any:
        """Run `body` once and record what it gives; when recorded already, give that.

        `body` returns plain JSON data and turns failures it can name into data.
        """

        if self._records is not None:
            return await self._recorded(self._records, name, body)

        async def recorded() -> Any:
            return await body()

        try:
            return await DBOS.run_step_async({"name": name}, recorded)
        except DBOSException as refused:
            raise DurableTrouble(str(refused)) from refused

    async def _recorded(
        self, records: StepRecords, name: str, body: Callable[[], Awaitable[Any]]
    ) -> Any:
        context = snapshot_step_context(reserve_sleep_id=False)
        if context is None:
            raise DurableTrouble(f"step {name!r} stands outside of a run")
        place = Place(context.workflow_id, context.function_id, name, context.owner_xid)
        started = time.time()
        try:
            with EnterDBOSStepCtx({"name": name, "operationType": "step"}, context):
                found = records.find(place)
                if found is not None:
                    return found.value
                value = await body()
                while not records.keep(place, value, started):
                    await asyncio.sleep(0.001)
                return value
        except (RecordRefused, sqlite3.Error) as refused:
            raise DurableTrouble(str(refused)) from refused

    # -- workers ---------------------------------------------------------------------

    async def recover(self, executor: str) -> int:
        """Offer what a dead worker left to all; gives the number of runs and branches."""
        _look_often(self._recovered)
        handles = await asyncio.to_thread(DBOS._recover_pending_workflows, [executor])  # pyright: ignore[reportPrivateUsage]
        return len(handles)

    async def take_over(
        self, executor: str, me: str, choose: Callable[[Collection[str]], Collection[str]]
    ) -> int:
        """Take up what `choose` says of the runs that a dead worker left (PostgreSQL only).

        Gives the number of runs and branches. What is not chosen stays where it is.
        """
        left = LeftBehind(self._engine)

        def take() -> int:
            runs = left.runs_of(executor)
            parts = [part for run_id in choose(runs) for part in runs[run_id]] if runs else []
            return left.take(parts, executor, me) if parts else 0

        taken = await asyncio.to_thread(take)
        if taken:
            _look_often(self._recovered)
        return taken

    async def workers_with_work(self) -> set[str]:
        """The names of workers, living or dead, under which something is not done."""
        if self._engine.dialect.name == "postgresql":
            return await asyncio.to_thread(LeftBehind(self._engine).workers)
        rows = await asyncio.to_thread(
            self._query,
            "select distinct executor_id from {schema}workflow_status where status = 'PENDING'",
        )
        return {row[0] for row in rows if row[0]}

    async def forget(self, run_ids: list[str]) -> None:
        """Delete finished runs from the durable state; retention calls this."""
        await DBOS.delete_workflows_async(run_ids, delete_children=True)

    async def compact(self, *, whole: bool = False) -> Compacted | None:
        """Give free room back to the disk; None for PostgreSQL. Raises InternalError when busy."""
        if self._engine.dialect.name != "sqlite":
            return None
        path = Path(str(self._engine.url.database))
        return await asyncio.to_thread(compact, path, whole=whole)

    # -- inside ----------------------------------------------------------------------

    def _query(self, sql: str, **values: Any) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(sa.text(sql.format(schema=self._schema)), values))
        except OperationalError as lost:
            raise ServerAway(lost.orig) from lost

    @property
    def _schema(self) -> str:
        return "" if self._engine.dialect.name == "sqlite" else "dbos."

    async def _child(self, child_id: str, workflow: Any, given: Data) -> Any:
        try:
            with SetWorkflowID(child_id):
                return await DBOS.start_workflow_async(workflow, given)
        except DBOSException as refused:
            raise DurableTrouble(str(refused)) from refused

    async def _joined(self, handle: Any) -> Data:
        try:
            return await handle.get_result(polling_interval_sec=_CHILD_POLL_SECONDS)
        except Exception as refused:  # a child gives failures as data: this is the engine's own
            raise DurableTrouble(f"a branch was lost: {refused}") from refused


def _look_often(recovered: Queue) -> None:
    """Look for recovered work often for some seconds, then seldom."""
    _look_every(recovered, _RECOVERY_POLL_SECONDS)
    loop = asyncio.get_running_loop()
    loop.call_later(_RECOVERY_SECONDS, _look_every, recovered, _IDLE_POLL_SECONDS)


def _look_every(queue: Queue, seconds: float) -> None:
    # Its thread reads this before each look; the public setter is for queues kept in the database.
    queue._polling_interval_sec = seconds  # pyright: ignore[reportPrivateUsage]


def _quiet() -> None:
    """Its loggers speak of their own product and print tracebacks for every failed run."""
    for name in ("dbos", "dbos.client"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False},
        # SQLite lets one write at a time. Who waits for this one connection is woken when it is
        # free; connections that wait for each other inside SQLite sleep up to a tenth of a second
        # a time, the longer the more there are. A thousand branches wait here; none may give up.
        pool_size=1, max_overflow=0, pool_timeout=600,
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_connection)
    return engine


def _prepare_connection(connection: sqlite3.Connection, _record: Any) -> None:
    # DBOS's own engine keeps a rollback journal: 16 ms a step. IMMEDIATE makes two writers wait
    # for each other instead of failing half-way; NORMAL survives kill -9 (not a power cut).
    connection.isolation_level = "IMMEDIATE"
    prepare_for_compaction(connection)
    for pragma in (
        "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON",
        # The system caches the file; two megabytes for each of the pool only look like a leak.
        "wal_autocheckpoint=4000", "cache_size=-512",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    # Its statements ask SQLite for milliseconds: whole seconds or NULL before SQLite 3.42.
    connection.create_function("unixepoch", -1, _unixepoch)
    connection.create_function("strftime", -1, _strftime)


def _unixepoch(*_modifiers: Any) -> float:
    return time.time()


def _strftime(*_pattern: Any) -> str:
    # Asked for nothing but ('%s', 'now').
    return f"{time.time():.3f}"


def _postgres(url: str) -> sa.Engine:
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        # The server has a hundred connections for all processes. Waiting for one is no fault: it
        # would be tried again after up to a minute and a half.
        pool_size=10, max_overflow=2, pool_timeout=600,
    )  # fmt: skip
