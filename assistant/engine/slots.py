"""Worker slots: every live process holds one, and what a dead one left is seen by its free lock.

A slot's name is the executor's name in the durable engine. On one machine the lock is a file
that the system frees when the process dies, however it dies; with PostgreSQL it is an advisory
lock that the server frees when the connection dies, so that machines see each other.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import InternalError
from assistant.ids import Entropy, four_letters, slug

log = logging.getLogger(__name__)
_MOST = 512


class Slot(Protocol):
    @property
    def name(self) -> str: ...

    def free(self) -> None: ...

    def renew(self) -> None:
        """Take the name again if it was lost without the process's doing."""
        ...


class Slots(Protocol):
    """Hands out worker names, each to one live process at a time."""

    patience: float
    """Seconds for which a name must be free before its process counts as dead."""

    def take(self, wanted: str | None = None) -> Slot:
        """The slot asked for, or the first free one. Raises InternalError when taken."""
        ...

    def try_take(self, name: str) -> Slot | None:
        """The slot of that name when no live process holds it."""
        ...


class FileSlot:
    def __init__(self, name: str, file: IO[str]) -> None:
        self.name = name
        self._file = file

    def free(self) -> None:
        self._file.close()

    def renew(self) -> None:
        """A file's lock is lost with the process alone."""


class FileSlots:
    """Slots of one home folder, as locked files in `locks/`."""

    patience = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, wanted: str | None = None) -> Slot:
        for name in [wanted] if wanted else [f"w{number}" for number in range(1, _MOST)]:
            slot = self.try_take(name)
            if slot is not None:
                return slot
        raise InternalError(
            f"worker {wanted or 'w1'!r} is running already",
            hint="Stop it, or start this one under another name.",
        )

    def try_take(self, name: str) -> Slot | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = (self._folder / f"{name}.lock").open("a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError:
            file.close()
            return None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        return FileSlot(name, file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class PostgresSlot:
    def __init__(
        self, name: str, connection: sa.Connection, lock: Callable[[str], sa.Connection | None]
    ) -> None:
        self.name = name
        self._connection = connection
        self._take = lock
        self._free = False
        self._turn = threading.Lock()

    def free(self) -> None:
        with self._turn:
            self._free = True
            self._connection.close()

    def renew(self) -> None:
        """The server frees the lock when the connection breaks, and when it starts anew.

        Raises SQLAlchemyError while the server does not answer.
        """
        with self._turn:
            if self._free:
                return
            try:
                self._connection.execute(sa.text("select 1"))
            except SQLAlchemyError:
                if not self._connection.closed:
                    self._connection.invalidate()
                    self._connection.close()
                again = self._take(self.name)
                if again is None:
                    log.warning("worker %s was taken for dead; its runs go on elsewhere", self.name)
                else:
                    self._connection = again


class PostgresSlots:
    """Slots of one PostgreSQL database, as session-level advisory locks."""

    _SPACE = 0x4153  # parts our locks from other programs' in the same database
    # A connection may break while its process lives: that takes its name again within a second.
    patience = 3.0

    def __init__(self, database_url: str, *, entropy: Entropy = four_letters) -> None:
        self._entropy = entropy
        url = sa.make_url(database_url).set(drivername="postgresql+psycopg")
        # A lock lives as long as its connection: none may go back to a pool and be reused.
        self._engine = sa.create_engine(
            url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2,
                          "keepalives_count": 3,
                          # The server must notice too when a machine is gone without a word.
                          "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2"
                                     " -c tcp_keepalives_count=3"},
        )  # fmt: skip

    def take(self, wanted: str | None = None) -> Slot:
        # A name that was never worn: what a dead process left under its own is seen to be left, and
        # a statement of it that the server still carries out comes to nobody else.
        slot = self.try_take(
            wanted or f"{slug(socket.gethostname())}-{os.getpid()}-{self._entropy()}"
        )
        if slot is None:
            raise InternalError(
                f"worker {wanted!r} is running already",
                hint="Stop it, or start this one under another name.",
            )
        return slot

    def try_take(self, name: str) -> Slot | None:
        connection = self._locked(name)
        return PostgresSlot(name, connection, self._locked) if connection is not None else None

    def _locked(self, name: str) -> sa.Connection | None:
        """A connection that holds the lock of that name; None when another has it."""
        connection = self._engine.connect()
        number = zlib.crc32(name.encode()) & 0x7FFFFFFF
        got = connection.execute(
            sa.text("select pg_try_advisory_lock(:space, :number)"),
            {"space": self._SPACE, "number": number},
        ).scalar_one()
        if not got:
            connection.close()
            return None
        return connection
