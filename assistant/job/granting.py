"""What accepting a job allows it to write to: the exact targets of its write steps.

A target may come from an input: then the input's default is what is granted, and a run with
another value asks. A target that comes out of a step is not known in advance: such a step asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.engine.grants import Grant, targets
from assistant.errors import AssistantError
from assistant.pipeline.expressions import has_expression, resolve
from assistant.pipeline.spec import Job, SkillStep
from assistant.pipeline.walk import with_paths
from assistant.skills.door import Effect, Skill
from assistant.skills.library import Library


@dataclass(frozen=True)
class Reach:
    """What one step reaches. `open` names the arguments whose targets only a run knows."""

    path: str
    skill: Skill
    effect: Effect
    targets: tuple[str, ...]
    open: tuple[str, ...] = ()

    @property
    def grant(self) -> Grant:
        return Grant(self.skill.name, self.targets)


def reaches(job: Job, library: Library) -> Iterator[Reach]:
    """Every skill step with what it reaches, in the order of the file."""
    given = {n: s["default"] for n, s in job.inputs.items() if "default" in s}
    for path, step in with_paths(job.steps):
        if not isinstance(step, SkillStep):
            continue
        skill = library.get(step.skill)
        asked = _defaults(skill) | step.arguments
        known = dict[str, Any]()
        unknown = list[str]()
        for name, value in asked.items():
            try:
                known[name] = resolve(value, {"inputs": given}) if has_expression(value) else value
            except AssistantError:
                # It needs more than the inputs: only a run knows it.
                unknown += [name] if name in (*skill.hosts, *skill.pinned) else []
        # What only a run knows stays an expression here, which no skill takes for a lighter call.
        effect = skill.effect_of(asked | known)
        yield Reach(path, skill, effect, targets(skill, known), tuple(unknown))


def grants_of(job: Job, library: Library) -> list[dict[str, Any]]:
    """The grants that accepting the job gives, as they are kept with its version."""
    given = [reach.grant for reach in reaches(job, library) if reach.effect == "write"]
    return [grant.as_data() for grant in dict.fromkeys(given)]


def _defaults(skill: Skill) -> dict[str, Any]:
    fields = skill.parameters.model_fields
    return {name: field.default for name, field in fields.items() if not field.is_required()}
