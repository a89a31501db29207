"""Skills on the web: many feeds at once, and how well feeds, articles and lists are read.

What needs the published data beside the repository is left out where it is absent.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
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
from tests.loopback import Site, allowing
from tests.skills_web.conftest import NoModels, Told
from tests.skills_web.scores import FEEDS, article_f1, conditions_met, lists_found, many_feeds

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
REPEATS = 5


def context_for(site: Site, home: Path) -> SkillContext:
    settings = Settings(home=home)
    prepare(settings)
    allowed = allowing(settings, site)
    return SkillContext(
        settings=allowed, http=open_client(allowed), artifacts=FolderArtifacts(home / "artifacts"),
        memory=PassingMemory(), models=NoModels(), secrets={}, clock=SystemClock(),
        progress=Told(), warn=Told(), outbox=allowed.outbox_dir,
    )  # fmt: skip


async def feeds_at_once(home: Path) -> float:
    """Seconds for two hundred feeds, the server that gives them in the same process."""
    skill = load_code(BUNDLED / "fetch_feed")
    with Site(many_feeds()) as site:
        context = context_for(site, home)
        urls = [site.url(path) for path in site.routes]
        began = time.perf_counter()
        given = await call(skill, {"urls": urls, "limit": 1000}, context)
        took = time.perf_counter() - began
        await context.http.aclose()
    assert len(given["items"]) == 1000
    return took


async def lists(home: Path) -> tuple[int, int]:
    with Site() as site:
        context = context_for(site, home)
        found = await lists_found(site, context)
        await context.http.aclose()
    return found


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        seconds = [asyncio.run(feeds_at_once(Path(folder) / str(n))) for n in range(REPEATS)]
        right, pages = asyncio.run(lists(Path(folder) / "lists"))
    told = [
        figure(f"{FEEDS} feeds, median of {REPEATS}", statistics.median(seconds), "s", 4),
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
