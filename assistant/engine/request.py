"""What a run is asked to do: the immutable snapshot it carries through every restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.engine.grants import Grant, attended
from assistant.engine.places import BY_HAND, BY_TRIGGER, PRIORITIES
from assistant.errors import BindingsInvalid
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job

INTERPRETER = 1
"""Counts up when a snapshot means something that an older program does not know. A program goes
on with the runs of every older one, and leaves those of a newer one alone."""


@lru_cache(maxsize=1024)
def job_of(text: str) -> Job:
    """The job of a file's text; a text that was read lately is not read again."""
    return load(text).job


@dataclass(frozen=True)
class RunRequest:
    """One run to be made. `yaml` is the job file's text as it is now: later edits do not matter.

    `run_id` given: submitting twice makes one run. `seed_run`: reuse what succeeded there;
    `from_path`: but run this step, and what comes after it, anew. `breakpoints`: paths (as in
    the file or of one round), or `{path, when: before|after, condition}`. `dry_reads` says what
    a dry run does with `read` skills: `run` them, or answer from the last `recorded` real run.
    `once`: refuse it while a real run of the job with the same inputs goes on. `priority` None:
    by what starts it (see `places`).
    """

    job: str
    yaml: str
    version: int = 0
    job_id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    trigger: Mapping[str, Any] = field(default_factory=dict[str, Any])
    dry: bool = False
    run_id: str | None = None
    seed_run: str | None = None
    from_path: str | None = None
    breakpoints: tuple[str | Mapping[str, Any], ...] = ()
    grants: tuple[Grant | Mapping[str, Any], ...] = ()
    dry_reads: str = "run"
    priority: int | None = None
    once: bool = False

    def snapshot(self, run_id: str) -> dict[str, Any]:
        """The request as the plain data that is kept."""
        return {
            "run_id": run_id,
            "job": self.job,
            "yaml": self.yaml,
            "version": self.version,
            "job_id": self.job_id,
            "inputs": dict(self.inputs),
            "trigger": dict(self.trigger),
            "dry": self.dry,
            "dry_reads": self.dry_reads,
            "seed_run": self.seed_run,
            "from_path": self.from_path,
            "breakpoints": [_breakpoint(given) for given in self.breakpoints],
            "grants": [g.as_data() if isinstance(g, Grant) else dict(g) for g in self.grants],
            "lineage": [run_id],
            "jobs": [self.job],
            "deadline": None,
            "priority": usual_priority(self.trigger) if self.priority is None else self.priority,
            "interpreter": INTERPRETER,
        }


def usual_priority(trigger: Mapping[str, Any]) -> int:
    """Who waits in person goes first, then what a trigger has fired, then schedules."""
    if attended(trigger):
        return BY_HAND
    return PRIORITIES.get(str(trigger.get("kind", "")), BY_TRIGGER)


def _breakpoint(given: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(given, str):
        return {"path": given, "when": "before"}
    return {"when": "before", **given}


def check_run_id(run_id: str) -> None:
    """Raises BindingsInvalid for an id that no run, folder or address can have."""
    plain = all(c.isalnum() or c in "-_.:+" for c in run_id) and run_id.isascii()
    if not plain or not run_id[:1].isalnum() or ".." in run_id or len(run_id) > 200:
        raise BindingsInvalid(
            f"{run_id[:80]!r} cannot name a run",
            hint="A run's id has letters, digits and - _ . : + only.",
        )
