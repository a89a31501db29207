"""Celery's part of the comparison: the worker's tasks, and the program that prints the figures."""

from __future__ import annotations

import json
import os
import statistics
import time

from celery import Celery, group

STEPS, RUNS = 200, 200
app = Celery("peer", broker=os.environ["PEER_REDIS"], backend=os.environ["PEER_REDIS"])


@app.task(name="nothing")
def nothing() -> None:
    """A step."""


def measure() -> dict[str, float]:
    nothing.delay().get(timeout=60)
    taken = []
    for _ in range(STEPS):
        began = time.perf_counter()
        nothing.delay().get(timeout=10)
        taken.append(time.perf_counter() - began)
    began = time.perf_counter()
    group(nothing.s() for _ in range(RUNS)).apply_async().get(timeout=60)
    runs = RUNS / (time.perf_counter() - began)
    return {"steps": STEPS / sum(taken), "step": statistics.median(taken) * 1000, "runs": runs}


if __name__ == "__main__":
    print(json.dumps(measure()))
