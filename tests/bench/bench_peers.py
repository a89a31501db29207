"""Our engine beside Prefect 3 and Celery with Redis, doing the same: steps that do nothing.

`sequential` is one step after another, `one step` their median; `queued` are runs of one step,
all handed in at once. Peers are installed, pinned, under `build/peers`, and run on their defaults
with two workers. They promise different things: our steps and Prefect's are recorded, Celery's
are not, and Prefect starts a process for each queued run. A peer that cannot run here is said on
stderr and left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.errors import JobNotFound
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from tests.bench.figures import Figure, figure, report
from tests.bench.timed_skills import TimedSkills
from tests.engine.harness import NoModels
from tests.panel.running_panel import free_port

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "build" / "peers"
PROGRAMS = Path(__file__).with_name("peers")
# Prefect 3.8 does not start with the FastAPI that came after it.
PINNED = ("celery[redis]==5.7.0", "fastapi==0.139.2", "prefect==3.8.8")
STEPS, RUNS = 200, 200
PATIENCE = 300.0
"""Seconds after which a peer is left out. On an idle machine everything takes less than one minute."""


class PeerAbsent(Exception):
    """A peer cannot run here; the text says what is missing."""


def ours() -> list[Figure]:
    return asyncio.run(_ours())


async def _ours() -> list[Figure]:
    def no_job(name: str) -> tuple[str, int, str]:
        raise JobNotFound(name)

    def job(name: str, steps: int) -> RunRequest:
        lines = "".join(f"  - {{id: s{n}, skill: nothing}}\n" for n in range(steps))
        return RunRequest(job=name, yaml=f"job: {name}\nsteps:\n{lines}")

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        prepare(settings)
        store, skills = Store(settings.store_path), TimedSkills()
        engine = await Engine.open(
            settings, store=store, library=skills, models=NoModels(), jobs=no_job
        )

        async def run(*requests: RunRequest) -> float:
            began = time.perf_counter()
            ids = [await engine.submit(request) for request in requests]
            for run_id in ids:
                assert (await engine.wait(run_id, PATIENCE))["status"] == "succeeded"
            return time.perf_counter() - began

        await run(job("warm", 20))
        skills.moments.clear()
        sequential = await run(job("sequence", STEPS))
        step = skills.median_gap()
        queued = await run(*[job("single", 1) for _ in range(RUNS)])
        await engine.close()
        store.close()
    return told("ours", STEPS / sequential, step, RUNS / queued)


def prefect() -> list[Figure]:
    """A server and a runner of its own on this machine, on a fresh home."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environment = {
            "PREFECT_HOME": home,
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        }
        server = ["-m", "prefect", "server", "start", "--port", str(port)]
        with beside(server, environment):
            until_answered(f"http://127.0.0.1:{port}/api/health")
            with beside([PROGRAMS / "prefect_program.py", "serve"], environment):
                return told("Prefect 3", **measured("prefect_program.py", environment))


def celery() -> list[Figure]:
    """A worker of two processes behind a Redis that keeps nothing on disk."""
    redis = shutil.which("redis-server")
    if redis is None:
        raise PeerAbsent("there is no redis-server. Debian: sudo apt-get install -y redis-server")
    port = free_port()
    environment = {"PEER_REDIS": f"redis://127.0.0.1:{port}/0", "PYTHONPATH": str(PROGRAMS)}
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    worker = ["-m", "celery", "-A", "celery_program", "worker", "--concurrency", "2"]
    with beside(options, {}, program=redis), beside([*worker, "--loglevel", "ERROR"], environment):
        return told("Celery, Redis", **measured("celery_program.py", environment))


def told(whose: str, steps: float, step: float, runs: float) -> list[Figure]:
    return [
        figure(f"{whose}: sequential steps", steps, "/s"),
        figure(f"{whose}: one step, the median", step, "ms"),
        figure(f"{whose}: queued runs of one step", runs, "/s"),
    ]


def measured(program: str, environment: dict[str, str]) -> dict[str, float]:
    """What a peer's program prints: `{steps, step, runs}`."""
    ran = subprocess.run(
        [python(), PROGRAMS / program, "measure"], env=os.environ | environment,
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    if ran.returncode:
        raise PeerAbsent(ran.stderr.strip()[-500:])
    return json.loads(ran.stdout.splitlines()[-1])


@contextmanager
def beside(
    words: list[object], environment: dict[str, str], *, program: str | Path = ""
) -> Iterator[None]:
    """A program that runs meanwhile; it ends with all that it has started."""
    process = subprocess.Popen(
        [str(program or python()), *map(str, words)], env=os.environ | environment, cwd=PEERS,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    for word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, word)
            process.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def until_answered(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urlopen(address, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise PeerAbsent(f"{address} did not answer in {PATIENCE:g} s")


def python() -> Path:
    return PEERS / "bin" / "python"


def install() -> None:
    """The peers in an environment of their own; what is there already stays."""
    stamp = PEERS / "pinned.txt"
    if stamp.exists() and stamp.read_text() == "\n".join(PINNED):
        return
    venv.create(PEERS, clear=True, with_pip=True)
    done = subprocess.run(
        [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PINNED],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise PeerAbsent(f"the peers could not be installed: {done.stderr.strip()[-300:]}")
    stamp.write_text("\n".join(PINNED))


def measure() -> list[Figure]:
    figures = ours()
    for peer in (prefect, celery):
        try:
            install()
            figures += peer()
        except (PeerAbsent, subprocess.TimeoutExpired) as absent:
            told_once = " ".join(str(absent).split())
            print(f"Left out {peer.__name__}: {told_once}", file=sys.stderr)
    return figures


if __name__ == "__main__":
    sys.exit(report(measure))
