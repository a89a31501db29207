"""A MariaDB server of the test's own, in a temporary folder and on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest


def _tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        pytest.skip(f"MariaDB's {name} is not here")
    return found


@contextmanager
def running_mariadb() -> Iterator[str]:
    """Yields the URL of an empty database that its user may change."""
    server, install = _tool("mariadbd"), _tool("mariadb-install-db")
    with tempfile.TemporaryDirectory(prefix="maria-") as folder:
        data, log = Path(folder) / "data", Path(folder) / "log"
        root = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
             "--skip-test-db", *root],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [server, "--no-defaults", f"--datadir={data}", f"--port={port}",
                 "--bind-address=127.0.0.1", f"--socket={folder}/socket",
                 "--innodb-flush-log-at-trx-commit=0", *root],
                stdout=out, stderr=out,
            )  # fmt: skip
        try:
            with _connected(port, process, log) as db:
                db.cursor().execute("create database shop")
                db.cursor().execute("create user owner@localhost identified by 's3cret-pw'")
                db.cursor().execute("grant all on shop.* to owner@localhost")
            yield f"mysql://owner:s3cret-pw@127.0.0.1:{port}/shop"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _connected(port: int, process: subprocess.Popen[bytes], log: Path) -> pymysql.Connection:
    until = time.monotonic() + 60
    while True:
        try:
            return pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)
        except pymysql.err.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.1)
