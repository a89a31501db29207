"""A PostgreSQL server of the test's own, on a socket in a temporary folder and on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True):
        return str(path)
    pytest.skip(f"PostgreSQL's {name} is not here")


def _user() -> str | None:
    """The server refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields the URL of an empty database that its user may change."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        data = Path(folder) / "data"
        if user:
            shutil.chown(folder, user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        def run(*command: str) -> None:
            subprocess.run(
                command, user=user, cwd=folder, check=True, capture_output=True, timeout=120
            )

        run(
            _tool("initdb"),
            "-D",
            str(data),
            "-U",
            "owner",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        log = str(Path(folder) / "log")
        run(
            _tool("pg_ctl"), "-D", str(data), "-o", _options(port, folder), "-l", log, "-w", "start"
        )
        try:
            yield f"postgresql://owner:s3cret-pw@127.0.0.1:{port}/postgres"
        finally:
            run(_tool("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")


def restart(url: str) -> None:
    """Let a running server start anew, with all connections to it broken."""
    with stopped(url):
        pass


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """A running server is away meanwhile."""
    with psycopg.connect(url) as connection:
        [data] = connection.execute("show data_directory").fetchone() or [""]
        port = connection.info.port

    def control(*words: str) -> None:
        command = [_tool("pg_ctl"), "-D", data, "-l", f"{data}/log", "-w", *words]
        subprocess.run(command, user=_user(), cwd="/", check=True, capture_output=True, timeout=120)

    control("-m", "fast", "stop")
    try:
        yield
    finally:
        control("-o", _options(port, str(Path(data).parent)), "start")


def _options(port: int, folder: str) -> str:
    sockets = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    return f"-p {port} {sockets} -c fsync=off"
