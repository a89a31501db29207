"""The debugger as the panel sees it: what is held in a job, and the words that move it on.

The words go through the store, so the run may be in another process than the panel.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.job.debugging import check_arguments
from assistant.job.running import request_for
from assistant.panel import debug_views, views
from assistant.panel.screen import Debug
from assistant.panel.texts import say
from assistant.pipeline.inputs import bind
from assistant.pipeline.spec import Job, SkillStep, Step
from assistant.pipeline.walk import with_paths
from assistant.store.jobs import JobRecord
from assistant.store.run_words import Pause
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

RECENT_RUNS = 10
HEARD_SECONDS = 2.0
_LOOK_SECONDS = 0.03


class DebugDesk:
    """Serves the Debug tab of one workplace."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    # What the tab shows

    def shown(self, record: JobRecord, job: Job | None, at: str) -> Debug:
        """The held place of the focused job; else its steps. `at`: the place chosen of several."""
        run, pauses = self._held(record)
        if run is not None:
            return _held(run, _chosen(pauses, at), pauses)
        if job is None or not record.version:
            return Debug(html=views.body(views.note("calm", say("debug.no_version"))))  # fmt: skip
        going = any(not row.ended for row in self._recent(record))
        if going:
            return Debug(html=views.body(views.note("calm", say("debug.not_held"))))
        places = [(path, _what(step)) for path, step in with_paths(job.steps)]
        html = views.body(views.section(say("debug.steps"), debug_views.steps(places)))
        inputs = {name: schema.get("default") for name, schema in job.inputs.items()}
        text = debug_views.pretty(inputs) if inputs else ""
        return Debug("", html, "idle", text, say("debug.inputs"))

    # What a person does

    async def begin(self, record: JobRecord, path: str, inputs: str, *, dry: bool) -> None:
        """Run the version in force, and hold before a step. Raises BindingsInvalid."""
        declared = self._place.lifecycle.in_force(record).inputs
        given = _record(inputs) if inputs.strip() else {}
        given = {name: value for name, value in given.items() if value is not None}
        request = request_for(
            self._place.jobs, record, trigger={"kind": "panel"}, dry=dry,
            breakpoints=({"path": path, "when": "before"},), inputs=bind(declared, given),
        )  # fmt: skip
        run_id = await (await self._place.engine()).submit(request)
        await self._until(lambda: bool(self._place.runs.held(run_id)) or self._ended(run_id))

    async def step(self, record: JobRecord, at: str) -> None:
        engine, pause = await self._place.engine(), self._pause(record, at)
        await engine.step(pause.run_id, pause.path)
        await self._heard(pause)

    async def go_on(self, record: JobRecord, at: str) -> None:
        engine, pause = await self._place.engine(), self._pause(record, at)
        await engine.resume(pause.run_id, pause.path)
        await self._heard(pause)

    async def skip(self, record: JobRecord, at: str) -> None:
        """Do not make the step that the run is held before; it gives null."""
        engine, pause = await self._place.engine(), self._pause(record, at)
        await engine.skip(pause.run_id, pause.path)
        await self._heard(pause)

    async def abort(self, record: JobRecord, at: str) -> None:
        engine, pause = await self._place.engine(), self._pause(record, at)
        await engine.abort(pause.run_id, pause.path)
        await self._heard(pause)

    async def use(self, record: JobRecord, at: str, text: str) -> None:
        """Go on with other arguments before a step, or with another output after it.

        Raises BindingsInvalid for what is no JSON, and BadArguments for what the skill refuses;
        the run is held on then.
        """
        engine, pause = await self._place.engine(), self._pause(record, at)
        if pause.state["when"] == "before":
            arguments = _record(text)
            check_arguments(self._place.runs, self._place.library, pause, arguments)
            await engine.edit(pause.run_id, pause.path, arguments=arguments)
        else:
            await engine.edit(pause.run_id, pause.path, output=_data(text))
        await engine.resume(pause.run_id, pause.path)
        await self._heard(pause)

    # Inside

    def _recent(self, record: JobRecord) -> list[RunRow]:
        return self._place.runs.list(job_id=record.id, limit=RECENT_RUNS)

    def _held(self, record: JobRecord) -> tuple[RunRow | None, list[Pause]]:
        """The latest run of the job that is held, with its places."""
        for row in self._recent(record):
            if not row.ended and (pauses := self._place.runs.held(row.id)):
                return row, pauses
        return None, []

    def _pause(self, record: JobRecord, at: str) -> Pause:
        _, pauses = self._held(record)
        if not pauses:
            raise TargetUnresolved(
                say("debug.none_held", job=record.name), hint=say("debug.none_held_hint")
            )
        return _chosen(pauses, at)

    async def _heard(self, pause: Pause) -> None:
        """Wait a moment until the run has heard: the next screen then shows what came of it."""
        await self._until(lambda: pause not in self._place.runs.held(pause.run_id))
        await self._until(
            lambda: bool(self._place.runs.held(pause.run_id)) or self._ended(pause.run_id)
        )

    def _ended(self, run_id: str) -> bool:
        return self._place.runs.get(run_id).ended

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Until it holds, or long enough: the page looks again by itself."""
        end = asyncio.get_running_loop().time() + HEARD_SECONDS
        while not holds() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_LOOK_SECONDS)


def _held(run: RunRow, pause: Pause, pauses: list[Pause]) -> Debug:
    state, when = pause.state, str(pause.state["when"])
    given = state.get("arguments") if when == "before" else state.get("output")
    editable = when == "after" or given is not None
    names = {name: value for name, value in state.get("names", {}).items() if value not in ({}, [])}
    others = [other.path for other in pauses if other.path != pause.path]
    head = debug_views.held(pause.path, when, run.id, dry=run.dry)
    html = views.body(
        debug_views.other_places(others),
        views.section(say("debug.sees"), debug_views.values(names)) if names else "",
    )
    label = say(f"debug.{when}_label")
    text = debug_views.pretty(given) if editable else ""
    return Debug(head, html, when, text, label, f"{run.id} {pause.path} {when}")


def _chosen(pauses: list[Pause], at: str) -> Pause:
    return next((pause for pause in pauses if pause.path == at), pauses[0])


def _what(step: Step) -> str:
    return step.skill.replace("_", " ") if isinstance(step, SkillStep) else _kind(step)


def _kind(step: Step) -> str:
    """`ForEachStep` → `for each`."""
    name = type(step).__name__[:-4]
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _data(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise BindingsInvalid(
            say("debug.no_json", wrong=wrong), hint=say("debug.json_hint")
        ) from None


def _record(text: str) -> dict[str, Any]:
    data = _data(text)
    if not isinstance(data, dict):
        raise BindingsInvalid(say("debug.no_object"), hint=say("debug.json_hint"))
    return data
