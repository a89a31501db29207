"""Finding steps in a job: by the path they have in a run, and by what they call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.errors import TargetUnresolved
from assistant.pipeline.scope import branch_path, static_path, step_path
from assistant.pipeline.spec import (
    ForEachStep,
    IfStep,
    Job,
    ParallelStep,
    SkillStep,
    Step,
    WhileStep,
)


def all_steps(steps: Iterable[Step], parent: str = "") -> Iterator[tuple[str, Step]]:
    """Every step of a job file with its path in the file, in the file's order."""
    for step in steps:
        path = step_path(parent, step.id)
        yield path, step
        match step:
            case ParallelStep(branches=branches):
                for name, inside in branches.items():
                    yield from all_steps(inside, branch_path(path, name))
            case ForEachStep(steps=inside) | WhileStep(steps=inside):
                yield from all_steps(inside, path)
            case IfStep(steps=inside, otherwise=otherwise):
                yield from all_steps(inside, path)
                yield from all_steps(otherwise, branch_path(path, "else"))
            case _:
                pass
        yield from all_steps(step.on_error.steps, branch_path(path, "on_error"))


def places(steps: Iterable[Step]) -> Iterator[str]:
    """Every path of a job file in its order; a branch's own path stands before its steps'."""
    known = set[str]()
    for path, _ in all_steps(steps):
        branch = path.rpartition("/")[0]
        if branch and branch not in known:
            known.add(branch)
            yield branch
        known.add(path)
        yield path


def step_at(job: Job, path: str) -> Step:
    """The step that a path of a run belongs to. Raises TargetUnresolved when there is none."""
    wanted = static_path(path)
    for place, step in all_steps(job.steps):
        if place == wanted:
            return step
    raise TargetUnresolved(
        f"job {job.name!r} has no step {path!r}",
        hint="A path is the ids from the outside in: each[3]/fetch.",
    )


def skills_of(job: Job) -> list[str]:
    """The names of the skills a job file uses, each once."""
    used = [step.skill for _, step in all_steps(job.steps) if isinstance(step, SkillStep)]
    return list(dict.fromkeys(used))
