"""What a person may put in the place of a held step's input, checked before the run hears of it."""

from __future__ import annotations

from typing import Any

from assistant.engine.request import job_of
from assistant.errors import BindingsInvalid
from assistant.pipeline.scope import static_path
from assistant.pipeline.spec import SkillStep
from assistant.pipeline.walk import step_at
from assistant.skills.library import Library
from assistant.store.run_words import Pause
from assistant.store.runs import RunRepository


def check_arguments(
    runs: RunRepository, library: Library, pause: Pause, arguments: dict[str, Any]
) -> None:
    """Refuse what the held step's skill would refuse.

    Raises BadArguments, or BindingsInvalid for a step that calls no skill.
    """
    job = job_of(runs.get(pause.run_id).request["yaml"])
    step = step_at(job, static_path(pause.path))
    if not isinstance(step, SkillStep):
        raise BindingsInvalid(
            f"{pause.path!r} has no arguments of a skill",
            hint="Skip it with an output, or hold after it and change its output.",
        )
    library.get(step.skill).check(arguments)
