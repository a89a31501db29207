"""The world that the scenarios change: a site, a second host, a database, a mail server, a model.

`World` opens one home with the real engine and the real skills. A scenario puts up its pages, lets
a job run well, changes the pages, and lets it run again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.healing.desk import Desk, open_desk
from assistant.job.running import request_for
from assistant.models.doubles import Asked, PuppetModel
from assistant.models.protocol import Model
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings, Smtp, prepare
from assistant.store.database import Store
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRow
from assistant.workplace import Workplace
from tests.loopback import Page, Route, Site, page

BUGGY = '''"""A skill with a mistake that shows on some days."""

from assistant.skills.door import skill


@skill(effect="read", hosts=("url",), patchable=("url", "limit"))
def count_pages(url: str, limit: int = 5) -> dict[str, int]:
    """Count the pages of something."""
    import pathlib

    kind = (pathlib.Path(__file__).parents[2] / "count_pages.txt").read_text().strip()
    if kind == "good":
        return {"pages": 7}
    if kind == "odd":
        return ["seven"]
    return {"pages": {}["missing"]}
'''


class MovingClock:
    """The machine's clock, put forward or back."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def go_to(self, moment: datetime) -> None:
        self.offset = moment - datetime.now(UTC)


class WorldModels(ModelRegistry):
    """The models that the jobs of the scenarios ask: each name says what the scenario makes it say."""

    def __init__(self, settings: Settings, store: Store, says: dict[str, Callable[[Asked], Any]]):
        super().__init__(settings, store)
        self._says = says

    def make(self, name: str, *, person: bool) -> Model:
        if name not in self._says:
            raise ModelUnavailable(f"There is no model {name!r}.")
        return PuppetModel(self._says[name], name=name)


@dataclass
class World:
    """One home and all that its jobs can reach. `other` is a second host."""

    place: Workplace
    site: Site
    other: Site
    clock: MovingClock
    models: dict[str, Callable[[Asked], Any]]
    database: Path
    buggy: Path
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.site.origin

    def put(self, routes: Mapping[str, Route | str]) -> None:
        """What the site serves from now on; a text is a page, a feed or JSON by its look."""
        self.site.routes.clear()
        self.other.routes.clear()
        for path, route in routes.items():
            target = self.other if path.startswith("other:") else self.site
            target.routes[path.removeprefix("other:")] = as_route(route)

    def tables(self, script: str) -> None:
        self.database.unlink(missing_ok=True)
        with sqlite3.connect(self.database) as connection:
            connection.executescript(script)
        connection.close()

    def desk(self, models: Any = None) -> Desk:
        place = self.place
        return open_desk(
            place.lifecycle, place.jobs, place.runs, place.patches, models or place.models,
            place.secrets,
        )  # fmt: skip

    def make_job(self, yaml: str) -> JobRecord:
        name = yaml.splitlines()[0].removeprefix("job:").strip()
        record = self.place.jobs.create(name)
        self.place.lifecycle.save(record.id, yaml)
        return self.place.jobs.get(record.id)

    async def run(self, record: JobRecord, *, seconds: float = 60) -> RunRow:
        engine = await self.place.engine()
        asked = request_for(
            self.place.jobs, self.place.jobs.get(record.id),
            trigger={"kind": "schedule", "attended": False},
        )  # fmt: skip
        run_id = await engine.submit(asked)
        await engine.wait(run_id, seconds, until_waiting=True)
        return self.place.runs.get(run_id)

    def output(self, run: RunRow, path: str) -> Any:
        """What a step of a run gave, whole; None when it gave nothing."""
        attempts = [a for a in self.place.runs.attempts(run.id, path) if a.status == "succeeded"]
        if not attempts:
            return None
        from assistant.engine.values import Values

        folder = self.place.settings.run_dir(run.job, run.id) / "values"
        return Values(folder).whole(attempts[-1].output)

    def forget(self) -> None:
        """What one scenario learned is not there for the next."""
        for table in ("patches", "tended", "failures", "incidents", "healing_events", "happenings"):
            self.place.store.run(f"delete from {table}")
        self.models.clear()
        self.state.clear()


def as_route(route: Route | str) -> Route:
    if not isinstance(route, str):
        return route
    start = route.lstrip()[:200]
    if start.startswith(("{", "[")):
        return page(route, "application/json")
    if "<rss" in start:
        return page(route, "application/rss+xml")
    if "<feed" in start:
        return page(route, "application/atom+xml")
    return page(route)


def status(code: int, body: str = "", **headers: str) -> Page:
    kind = "application/json" if body.startswith("{") else "text/html"
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(code, {"content-type": kind, **told}, body.encode())


def open_world(home: Path, site: Site, other: Site, *, smtp_port: int = 0) -> World:
    """A fresh home whose guarded client reaches the two sites."""
    clock = MovingClock()
    database, models = home / "shop.db", dict[str, Callable[[Asked], Any]]()
    settings = Settings(
        home=home,
        allow_origins=(site.origin, other.origin),
        databases={"shop": str(database)},
        model="clerk",
        model_fallbacks=("senior",),
        smtp=Smtp(host="127.0.0.1", port=smtp_port, security="none", user="")
        if smtp_port
        else Smtp(),
        demo_port=0,
        max_parallel_runs=4,
    )
    prepare(settings)
    buggy = settings.skills_dir / "count_pages"
    buggy.mkdir(exist_ok=True)
    (buggy / "SKILL.md").write_text(
        "---\nname: count_pages\ndescription: Counts pages.\n---\nCounts.\n", encoding="utf-8"
    )
    (buggy / "skill.py").write_text(BUGGY, encoding="utf-8")
    # Beside the skill, not in it: its reviewed code stays as it is.
    kind = home / "count_pages.txt"
    kind.write_text("good", encoding="utf-8")
    place = Workplace.open(
        settings, clock=clock, models=lambda s, store: WorldModels(s, store, models)
    )
    world = World(place, site, other, clock, models, database, kind)
    place.library.enable("count_pages")
    return world
