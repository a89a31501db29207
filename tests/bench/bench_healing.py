"""How healing does in the scenarios of `tests/healing`: ours, retry only, a model's word unseen.

`ours` has recipes, proof and policy; with `--starter` the starter model proposes too. `retry` runs
the job once more. `model` lets the starter model rewrite the step, without recipes and without
proof. Prints every scenario, then the figures of both splits; `--report` plays only the split that
was put aside while tuning, `--split NAME` only that one.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.applying import apply
from assistant.healing.healer import Healer
from assistant.models.doubles import OneModel, PuppetModel
from assistant.models.protocol import Message, Model
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.store.database import Store
from tests.bench.figures import Figure, figure, report
from tests.healing.hijacked import answers
from tests.healing.pages import page, plain_list
from tests.healing.running import Result, Way, a_world, line, play_all
from tests.healing.scenarios import Scenario, scenarios
from tests.healing.scenarios_moved import OLD, SCRAPE


class Starter:
    """The starter model alone, whatever a job's settings name."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._registry = ModelRegistry(settings, store)

    def get(self, name: str = "") -> Model:
        return self._registry.get("starter")

    def close(self) -> None:
        self._registry.close()


def measure(
    *, starter: bool = False, report: bool = False, fresh: bool = False, ours: bool = False,
    split: str = "",
) -> Sequence[Figure]:  # fmt: skip
    chosen = [one for one in scenarios() if not report or one.split != "tune"]
    chosen = [one for one in chosen if not fresh or one.split.startswith("fresh")]
    chosen = [one for one in chosen if not split or one.split == split]
    if not chosen:
        sys.exit(
            f"No scenario is in the split {split!r}; see `split` in tests/healing/scenarios.py."
        )
    ways: tuple[Way, ...] = ("ours",) if ours else ("ours", "retry", "model")
    # Some scenarios break a skill on purpose: what is logged of it is not for the reader of a table.
    told = Path(tempfile.gettempdir()) / "bench_healing.log"
    logging.basicConfig(filename=told, filemode="w", level=logging.WARNING, force=True)
    _note(f"What the engine and the skills log is in {told}.")
    return asyncio.run(_measured(chosen, ways, starter=starter))


async def _measured(
    chosen: list[Scenario], ways: tuple[Way, ...], *, starter: bool
) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        store = Store(settings.store_path)
        model = Starter(store, settings)
        try:
            await model.get().complete([Message("user", "Hello")])  # loading it is nobody's time
        except AssistantError as none:
            _note(f"The starter model does not answer: {none}")
        models: dict[Way, Any] = {"ours": model if starter else None, "model": model}
        played = {way: await _played(chosen, way, models.get(way)) for way in ways}
        model.close()
        store.close()
    _table(played)
    taken = await _hijacked()
    figures = [*_figures(played["ours"], starter=starter)]
    for way in ways[1:]:
        right = _share(one.right for one in played[way])
        wrong = sum(one.wrong_repair for one in played[way])
        figures.append(figure(f"{way}: right", right, "%"))
        figures.append(figure(f"{way}: wrong repairs", wrong, ""))
    figures.append(figure("hijacked proposals in effect", taken, "", 0))
    return figures


async def _played(chosen: list[Scenario], way: Way, models: Any) -> list[Result]:
    return await play_all(chosen, way, models=models, tell=lambda r: _note(f"{way:6} {line(r)}"))


def _figures(results: list[Result], *, starter: bool) -> Sequence[Figure]:
    heal = [one for one in results if one.scenario.expect == "heal"]
    leave = [one for one in results if one.scenario.expect == "leave"]
    within = [one for one in results if one.right]
    first = [one for one in within if one.tries <= 1 or one.scenario.expect == "leave"]
    seconds = [one.seconds for one in heal if one.right]
    figures = list[Figure]()
    for split in dict.fromkeys(one.scenario.split for one in results):
        part = [one for one in results if one.scenario.split == split]
        if part:
            figures += [
                figure(f"{split}: right at first proposal", _share(o in first for o in part), "%", 85, "at least"),
                figure(f"{split}: right within two", _share(o.right for o in part), "%", 92, "at least"),
                figure(f"{split}: mended where to mend", _share(
                    o.right for o in part if o.scenario.expect == "heal"), "%", 70, "at least"),
            ]  # fmt: skip
    return [
        figure("scenarios", len(results), ""),
        figure("of them not to be patched", len(leave), "", 15, "at least"),
        *figures,
        figure("wrong repairs accepted", sum(one.wrong_repair for one in results), "", 0),
        figure("not to be patched: left alone", _share(one.right for one in leave), "%", 100, "at least"),
        figure("failure to proven patch, p50", statistics.median(seconds or [0]), "s", 10 if starter else 3),
        figure("failure to proven patch, max", max(seconds or [0]), "s"),
    ]  # fmt: skip


async def _hijacked() -> int:
    """How many of two hundred answers of a hijacked model change a job."""
    changed = 0
    async with a_world() as world:
        world.put({"/news/latest": page(plain_list(OLD))})
        record = world.make_job(f"job: news\n{SCRAPE}".replace("{origin}", world.origin))
        await world.run(record)
        world.put({"/news/latest": page("<p>Nothing is here.</p>")})
        run = await world.run(record)
        spoken = list[dict[str, Any]]()
        desk = world.desk(OneModel(PuppetModel(lambda asked: spoken.pop(0))))
        healer = Healer(desk, await world.place.engine(), recipes_on=False)
        for answer in answers(200):
            spoken[:] = [answer]
            for table in ("patches", "tended"):
                world.place.store.run(f"delete from {table}")
            await healer.tend(run.id)
            for patch in world.place.patches.list(state="asked"):
                apply(desk, patch, by="person")
            changed += world.place.jobs.get(record.id).version != 1 + changed
        await desk.http.aclose()
    return changed


def _table(played: dict[Way, list[Result]]) -> None:
    ways = "".join(f" {way:10}" for way in played)
    _note(f"\n{'scenario':30} {'class':14} {'right is':8}{ways}")
    for row in zip(*played.values(), strict=True):
        told, scenario = "".join(f" {_word(one):10}" for one in row), row[0].scenario
        _note(f"{scenario.name:30} {scenario.fault:14} {scenario.expect:8}{told}")


def _word(result: Result) -> str:
    if result.wrong_repair:
        return "WRONG"
    return "right" if result.right else "no"


def _share(held: Any) -> float:
    told = list(held)
    return 100 * sum(map(bool, told)) / len(told) if told else 100.0


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    flags = {
        "starter": "let the starter model propose, too",
        "report": "only what was put aside",
        "fresh": "only the two batches that were written last",
        "ours": "without the two other ways",
    }
    texts = {"split": "only the scenarios of this split, as tests/healing/scenarios.py names them"}
    sys.exit(report(measure, texts=texts, **flags))
