"""Skills on the web: many feeds at once, and how well feeds, articles and lists are read.

What needs the published data beside the repository is left out where it is absent.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

from assistant.clock import SystemClock
from assistant.net.client import open_client
from assistant.settings import Settings, prepare
from assistant.skills.calling import call
from assistant.skills.context import SkillContext
from assistant.skills.files import FolderArtifacts
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from assistant.skills.memory import PassingMemory
from tests.bench.figures import Figure, figure, report
from tests.loopback import Site
from tests.skills_web.conftest import NoModels, Told
from tests.skills_web.scores import FEEDS, article_f1, conditions_met, lists_found

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
REPEATS = 5


def context_for(origin: str, home: Path) -> SkillContext:
    allowed = Settings(home=home, allow_origins=(origin,))
    prepare(allowed)
    return SkillContext(
        settings=allowed, http=open_client(allowed), artifacts=FolderArtifacts(home / "artifacts"),
        memory=PassingMemory(), models=NoModels(), secrets={}, clock=SystemClock(),
        progress=Told(), warn=Told(), outbox=allowed.outbox_dir,
    )  # fmt: skip


@contextlib.contextmanager
def feeds_served() -> Generator[str]:
    """The origin of two hundred feeds, served by another process, as on the web."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.feed_server"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield server.stdout.readline().strip() if server.stdout else ""
    finally:
        server.communicate()


def processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


async def feeds_at_once(origin: str, home: Path) -> tuple[float, float]:
    """Seconds for two hundred feeds: by the clock, and of processor time."""
    skill = load_code(BUNDLED / "fetch_feed")
    context = context_for(origin, home)
    urls = [f"{origin}/{n}" for n in range(FEEDS)]
    began, used = time.perf_counter(), processor_seconds()
    given = await call(skill, {"urls": urls, "limit": 1000}, context)
    took = time.perf_counter() - began, processor_seconds() - used
    await context.http.aclose()
    assert (len(given["items"]), given["warnings"]) == (1000, [])
    return took


async def lists(home: Path) -> tuple[int, int]:
    with Site() as site:
        context = context_for(site.origin, home)
        found = await lists_found(site, context)
        await context.http.aclose()
    return found


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        with feeds_served() as origin:
            seconds, processor = zip(
                *(
                    asyncio.run(feeds_at_once(origin, Path(folder) / str(n)))
                    for n in range(REPEATS)
                ),
                strict=True,
            )
        right, pages = asyncio.run(lists(Path(folder) / "lists"))
    told = [
        figure(f"{FEEDS} feeds, median of {REPEATS}", statistics.median(seconds), "s", 4),
        figure("processor time of them", statistics.median(processor), "s"),
        figure(f"lists found on {pages} pages", 100 * right / pages, "%", 85, "at least"),
    ]
    if DATA.is_dir():
        ours, met = conditions_met(DATA)
        told.append(figure(f"feed conditions of {met}", 100 * ours / met, "%", 98, "at least"))
        f1, alone = article_f1(DATA)
        told.append(figure("articles, F1", f1, "", round(alone, 4), "at least"))
        told.append(figure("articles, F1 of trafilatura", alone, ""))
    else:
        print("Left out feeds and articles: the published data is not here.", file=sys.stderr)
    return told


if __name__ == "__main__":
    sys.exit(report(measure))
