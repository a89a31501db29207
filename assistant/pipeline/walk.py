"""Going through all steps of a job, however nested, with the paths where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assistant.pipeline.scope import branch_path, step_path
from assistant.pipeline.spec import (
    CallJobStep,
    ForEachStep,
    IfStep,
    Job,
    ParallelStep,
    SkillStep,
    Step,
    WhileStep,
)


class Block(NamedTuple):
    """A list of steps inside a step. `path` is what its steps' paths begin with."""

    name: str
    path: str
    steps: tuple[Step, ...]


def blocks(step: Step, path: str) -> list[Block]:
    """The lists of steps inside a step, in the order in which they may run."""
    found: list[Block] = []
    match step:
        case ParallelStep(branches=branches):
            found = [
                Block(name, branch_path(path, name), steps) for name, steps in branches.items()
            ]
        case ForEachStep(steps=steps) | WhileStep(steps=steps):
            found = [Block("steps", path, steps)]
        case IfStep(steps=steps, otherwise=otherwise):
            found = [Block("steps", path, steps)]
            if otherwise:
                found.append(Block("else", branch_path(path, "else"), otherwise))
        case _:
            pass
    if step.on_error.steps:
        found.append(Block("on_error", branch_path(path, "on_error"), step.on_error.steps))
    return found


def with_paths(steps: tuple[Step, ...], parent: str = "") -> Iterator[tuple[str, Step]]:
    """Every step with its static path, outer ones before those inside them."""
    for step in steps:
        path = step_path(parent, step.id)
        yield path, step
        for block in blocks(step, path):
            yield from with_paths(block.steps, block.path)


def called_jobs(job: Job) -> list[tuple[str, str]]:
    """Path and job's name of every `call_job` in the job."""
    return [
        (path, step.job) for path, step in with_paths(job.steps) if isinstance(step, CallJobStep)
    ]


def named_jobs(job: Job) -> list[str]:
    """The other jobs that a job needs: those it calls and those whose end starts it, each once."""
    called = [name for _, name in called_jobs(job)]
    awaited = [str(trigger.options["job"]) for trigger in job.triggers if "job" in trigger.options]
    return [name for name in dict.fromkeys(called + awaited) if "${{" not in name]


def used_skills(job: Job) -> list[str]:
    """The skills that a job uses, each once, in the order of their first use."""
    return list(
        dict.fromkeys(s.skill for _, s in with_paths(job.steps) if isinstance(s, SkillStep))
    )


def step_at(job: Job, path: str) -> Step | None:
    """The step with this static path."""
    return next((step for found, step in with_paths(job.steps) if found == path), None)
