"""Prefect's part of the comparison: `serve` takes queued runs, `measure` prints the figures."""

from __future__ import annotations

import json
import statistics
import sys
import time

from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.deployments import run_deployment

STEPS, RUNS = 200, 20
NAME = "single/single"


@task
def nothing() -> None:
    """A step."""


@flow
def sequence(steps: int) -> list[float]:
    taken = []
    for _ in range(steps):
        began = time.perf_counter()
        nothing()
        taken.append(time.perf_counter() - began)
    return taken


@flow
def single() -> None:
    nothing()


def is_served() -> bool:
    with get_client(sync_client=True) as client:
        try:
            client.read_deployment_by_name(NAME)
        except Exception:  # not registered yet, whatever the client calls it
            return False
    return True


def measure() -> dict[str, float]:
    sequence(5)
    began = time.perf_counter()
    taken = sequence(STEPS)
    steps = STEPS / (time.perf_counter() - began)
    while not is_served():
        time.sleep(0.1)
    began = time.perf_counter()
    waiting = {run_deployment(NAME, timeout=0).id for _ in range(RUNS)}
    with get_client(sync_client=True) as client:
        while waiting:
            ended = {i for i in waiting if client.read_flow_run(i).state.is_final()}
            waiting -= ended
            time.sleep(0.1)
    runs = RUNS / (time.perf_counter() - began)
    return {"steps": steps, "step": statistics.median(taken) * 1000, "runs": runs}


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        single.serve(name="single", limit=2)
    else:
        print(json.dumps(measure()))
