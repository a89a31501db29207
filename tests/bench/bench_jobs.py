"""The focused job: routing a prompt, opening a long job, assembling what a model reads."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant.chat import reading
from assistant.chat.answering import view
from assistant.job.routing import elsewhere, route
from assistant.settings import load
from assistant.workplace import Workplace
from tests.bench.figures import Figure, figure, report

JOBS, INTERACTIONS, REPEATS = 200, 2000, 15
YAML = "job: {name}\nsteps:\n  - {{id: read, skill: fetch_feed, with: {{url: 'https://example.org/f'}}}}\n"


def median_ms(work: Callable[[], object]) -> float:
    work()
    taken = list[float]()
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def filled(place: Workplace) -> str:
    """Many jobs with a file, and one with a long conversation; gives its id."""
    for number in range(JOBS):
        made = place.jobs.create(f"digest-number-{number}", title=f"Digest {number}")
        place.jobs.accept(made.id, YAML.format(name=made.name), author="person")
    long = place.jobs.create("soup", title="A post about soup")
    for number in range(INTERACTIONS):
        kind, role = ("prompt", "person") if number % 2 else ("answer", "assistant")
        text = f"Part {number} speaks of the harbour, its cooks and their soup. " * 4
        place.jobs.add_interaction(long.id, kind, role, text)
    return long.id


def opened(place: Workplace, ident: str) -> object:
    """What a screen shows of a job: everything said, the strip, questions, notes and plan."""
    record = place.jobs.get(ident)
    return (place.jobs.interactions(ident), reading.strip(place, record),
            reading.questions(place, record), reading.notes(place, record))  # fmt: skip


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        place = Workplace.open(load(home=Path(name), timezone="Europe/London"))
        ident = filled(place)
        said, record = place.jobs.interactions(ident), place.jobs.get(ident)
        text = "run the digest number 77 now"
        routing = median_ms(lambda: (elsewhere(place.jobs, text, record),
                                     route(place.jobs, "a little shorter", ident)))  # fmt: skip
        opening = median_ms(lambda: opened(place, ident))
        assembling = [
            median_ms(lambda c=context: view(place, said, c)) for context in (8192, 200_000)
        ]
        searching = median_ms(lambda: place.jobs.said.search("harbour cooks", job_id=ident))
        place.close_store()
    return [
        figure(f"routing among {JOBS} jobs", routing, "ms", 20),
        figure(f"opening {INTERACTIONS} interactions", opening, "ms", 150),
        figure("assembling for 8K", assembling[0], "ms", 30),
        figure("assembling for 200K", assembling[1], "ms", 30),
        figure("searching the originals", searching, "ms"),
    ]


if __name__ == "__main__":
    sys.exit(report(measure))
