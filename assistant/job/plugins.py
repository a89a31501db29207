"""The plugins of a job (stage 4): which there are, what they add, and what they forbid.

A plugin lies in the job's own folder (`plugin/plugin.py`) or comes with an installed package
(entry point group `assistant.plugins`). It has a say in the jobs it names and in no other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal

from assistant.errors import PolicyDenied
from assistant.job import guards
from assistant.job.guards import PluginFailed, Source
from assistant.job.phases import FIVE, PHASES, Cycle
from assistant.settings import Settings
from assistant.store.jobs import NAME, JobRecord
from assistant.store.runs import RunRepository

log = logging.getLogger(__name__)
GROUP = "assistant.plugins"
StageKind = Literal["verifier", "cool_down", "second_reviewer"]
STAGE_KINDS = ("verifier", "cool_down", "second_reviewer")


@dataclass(frozen=True)
class Stage:
    """A stage of completion that a plugin adds. `seconds` is how long a cool-down lasts."""

    name: str
    kind: StageKind
    seconds: float = 0.0


@dataclass(frozen=True)
class Plugin:
    """A plugin as it describes itself. `broken`: why it could not; then it denies everything."""

    name: str
    source: Source
    jobs: tuple[str, ...] = ()
    phases: tuple[tuple[str, str], ...] = ()
    stages: tuple[Stage, ...] = ()
    broken: str = ""


class Plugins:
    """Finds plugins and asks them. What they describe is kept until their code changes."""

    def __init__(self, settings: Settings, runs: RunRepository, seconds: float = 0.0) -> None:
        self._settings = settings
        self._memory = runs
        self._seconds = seconds or settings.guard_seconds
        self._described: dict[str, tuple[str, Plugin]] = {}
        self._installed = [(point.name, point.value) for point in entry_points(group=GROUP)]

    def of(self, job: JobRecord) -> list[Plugin]:
        """The plugins that have a say in a job, its own first."""
        found = list[Plugin]()
        folder = self.folder(job.name)
        if (folder / "plugin.py").is_file():
            own = self._describe(f"{job.name}/plugin", Source(folder=str(folder)), _stamp(folder))
            if own.broken or job.name in own.jobs:
                found.append(own)
        for name, entry in self._installed:
            plugin = self._describe(name, Source(entry=entry), entry)
            if job.name in plugin.jobs:
                found.append(plugin)
        return found

    def folder(self, job: str) -> Path:
        """Where a job's own plugin lies."""
        return self._settings.job_dir(job) / "plugin"

    def cycle(self, job: JobRecord) -> Cycle:
        """The phases of a job, those of its plugins among them."""
        extra = [pair for plugin in self.of(job) for pair in plugin.phases]
        return Cycle.extended(extra) if extra else FIVE

    def stages(self, job: JobRecord) -> list[tuple[Plugin, Stage]]:
        """The stages of completion that a job's plugins add."""
        return [(plugin, stage) for plugin in self.of(job) for stage in plugin.stages]

    def check(self, job: JobRecord, hook: str, **facts: Any) -> None:
        """Ask every plugin of a job. Raises PolicyDenied with the first one's reason."""
        for plugin in self.of(job):
            if reason := self._refused(plugin, job, hook, facts):
                raise PolicyDenied(
                    f"{plugin.name} does not allow it: {reason}",
                    hint=f"The plugin lies in {plugin.source.folder or plugin.source.entry}.",
                )

    def _refused(self, plugin: Plugin, job: JobRecord, hook: str, facts: dict[str, Any]) -> str:
        """Why a plugin denies; empty when it allows."""
        if plugin.broken:
            return plugin.broken
        key = f"plugin:{plugin.name.removeprefix(f'{job.name}/')}"
        state = self._memory.remembered(job.id, key, "state") or {}
        told = {"id": job.id, "name": job.name, "phase": job.phase, "cycle": job.cycle,
                "stage": job.stage}  # fmt: skip
        try:
            said = guards.ask(
                plugin.source, hook, {"job": told, **facts}, state, seconds=self._seconds
            )
        except PluginFailed as failed:
            return failed.message
        if said.state != state:
            self._memory.remember(job.id, key, "state", said.state)
        if said.value is None or said.value is True:
            return ""
        return str(said.value) if isinstance(said.value, str) and said.value else "it said no"

    def _describe(self, name: str, source: Source, stamp: str) -> Plugin:
        known = self._described.get(name)
        if known is None or known[0] != stamp:
            known = stamp, self._described_now(name, source)
            self._described[name] = known
        return known[1]

    def _described_now(self, name: str, source: Source) -> Plugin:
        """What a plugin says of itself. One that cannot is broken, for the jobs it last named."""
        try:
            value = guards.ask(source, "describe", {}, {}, seconds=self._seconds).value
            plugin = _plugin(name, source, value)
        except (PluginFailed, KeyError, TypeError, ValueError, AttributeError) as wrong:
            log.warning("plugin %s cannot be used: %s", name, wrong)
            jobs = self._memory.remembered("", "plugin-jobs", name) or []
            return Plugin(name, source, tuple(jobs), broken=f"it cannot be used: {wrong}")
        self._memory.remember("", "plugin-jobs", name, list(plugin.jobs))
        return plugin


def _plugin(name: str, source: Source, value: dict[str, Any]) -> Plugin:
    """Raises ValueError for a description that makes no sense."""
    phases = list[tuple[str, str]]()
    for phase in value["phases"]:
        if not NAME.fullmatch(phase["name"]) or phase["after"] not in PHASES:
            raise ValueError(f"{phase!r} is no phase: it needs a name, and one of {PHASES} after")
        phases.append((phase["name"], phase["after"]))
    return Plugin(
        name, source, tuple(str(job) for job in value["jobs"]), tuple(phases),
        tuple(_stage(stage) for stage in value["completion_stages"]),
    )  # fmt: skip


def _stage(value: dict[str, Any]) -> Stage:
    kind = value.get("kind", "verifier")
    if kind not in STAGE_KINDS:
        raise ValueError(f"{kind!r} is no kind of stage: {', '.join(STAGE_KINDS)}")
    return Stage(str(value["name"]), kind, float(value.get("seconds", 0)))


def _stamp(folder: Path) -> str:
    """Changes when a file of the folder does."""
    return "".join(_facts(folder))


def _facts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.py")):
        facts = path.stat()
        yield f"{path.name}:{facts.st_mtime_ns}:{facts.st_size};"
