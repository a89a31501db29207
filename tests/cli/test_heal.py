"""`assistant heal` on a home where a repair was made: everything is seen and decided from there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from assistant.cli.main import run as assistant
from assistant.healing.healer import Healer
from tests.healing.pages import page, plain_list, renamed_classes
from tests.healing.running import a_world
from tests.healing.scenarios_moved import NEW, OLD, SCRAPE
from tests.healing.world import World

Command = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened:
        yield opened


@pytest.fixture
def heal(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Runs `assistant heal …` on the world's home; gives the exit code and what was printed."""
    monkeypatch.setenv("ASSISTANT_HOME", str(world.place.settings.home))

    async def call(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = await asyncio.to_thread(assistant, ["heal", *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return call


async def _asked(world: World) -> tuple[str, str]:
    """A patch that waits for a word, and the run that it mends."""
    world.put({"/news/latest": page(plain_list(OLD))})
    record = world.make_job(f"job: news\n{SCRAPE}".replace("{origin}", world.origin))
    world.place.patches.set_mode(record.id, "ask")
    await world.run(record)
    world.put({"/news/latest": page(renamed_classes(NEW))})
    run = await world.run(record)
    desk = world.desk()
    await Healer(desk, await world.place.engine()).tend(run.id)
    await desk.http.aclose()
    (patch,) = world.place.patches.list(state="asked")
    return patch.id, run.id


async def test_a_repair_is_listed_shown_explained_accepted_and_undone(world: World, heal: Command):
    patch, run = await _asked(world)
    code, told = await heal("list", "--state", "asked", "--json")
    (row,) = json.loads(told)["payload"]["patches"]
    assert (code, row["id"], row["can"]) == (0, patch, ["accept", "reject"])

    code, told = await heal("show", patch)
    assert code == 0
    assert 'with.selector was "li.story", now "li.css-1x9ab7"' in told
    assert "it gives 12, it used to give 12; 9 of them are the same" in told
    assert f"assistant heal accept {patch}" in told

    code, told = await heal("explain", "news")
    lines = told.splitlines()
    assert lines[0] == f"Run {run} of news ended as failed."
    assert "That is shape_changed (it is there, but looks different from before)" in told
    assert lines[-1].startswith("So a repair waits for a word: ")

    assert await heal("accept", patch) == (
        0, "Version 2 of news is in force; two runs are watched.\n",
    )  # fmt: skip
    assert world.place.jobs.version(world.place.jobs.get("news").id).author == "healing"
    code, told = await heal("undo", patch)
    assert (code, told) == (0, "Taken back by version 3 of news.\n")
    code, told = await heal("undo", patch)
    assert code == 2
    assert "is not in force: it is undone" in told


async def test_a_repair_is_rejected_and_a_mode_is_set(world: World, heal: Command):
    patch, _ = await _asked(world)
    assert await heal("reject", patch, "--reason", "not this list") == (0, "Rejected.\n")
    assert (await heal("accept", patch))[0] == 2
    assert await heal("mode", "news") == (0, "news: ask\n")
    assert await heal("mode", "news", "off") == (0, "news: off\n")
    code, told = await heal("mode", "news", "always")
    assert code == 2
    assert "Use one of: off, ask, automatic." in told


async def test_failures_are_listed_by_what_they_have_in_common(world: World, heal: Command):
    await _asked(world)
    _, told = await heal("incidents", "--json")
    rows: list[dict[str, Any]] = json.loads(told)["payload"]["incidents"]
    assert [(row["fault"], row["skill"], row["count"]) for row in rows] == [
        ("shape_changed", "scrape_page", 1)
    ]


async def test_what_is_not_there_is_told_with_its_cure(world: World, heal: Command):
    for words in (("show", "x"), ("accept", "x"), ("undo", "x"), ("explain", "x")):
        code, told = await heal(*words)
        assert code == 2
        assert "`assistant heal list` shows the patches there are." in told
    assert await heal("now") == (0, "Nothing new has ended.\n")
