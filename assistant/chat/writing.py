"""Work that a model has to write, where the model in use writes nothing: said before it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.chat.answering import STARTER, words
from assistant.pipeline.spec import Job, SkillStep
from assistant.pipeline.walk import with_paths
from assistant.workplace import Workplace

ASKS = "ask_model"
"""The skill whose answer is what a model writes."""


def of_call(place: Workplace, calls: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """What is to be said in place of calls that need a writer; empty when they can be made."""
    if not any(_is_for_writer(place, skill, given) for skill, given in calls):
        return ""
    return words("needs_writer", what=words("needs_writer_call"), cure=_cure(place))


def of_job(place: Workplace, job: Job) -> str:
    """What is to be said of a draft with steps that need a writer; empty for none."""
    numbers = [
        str(number)
        for number, (_, step) in enumerate(with_paths(job.steps), 1)
        if isinstance(step, SkillStep) and _is_for_writer(place, step.skill, step.arguments)
    ]
    if not numbers:
        return ""
    which = words("needs_writer_steps" if len(numbers) > 1 else "needs_writer_step",
                  steps=" and ".join(numbers))  # fmt: skip
    return words("needs_writer", what=which, cure=_cure(place))


def _is_for_writer(place: Workplace, skill: str, given: Mapping[str, Any]) -> bool:
    model = str(given.get("model") or place.settings.model)
    return skill == ASKS and model == STARTER


def _cure(place: Workplace) -> str:
    here = [name for name in place.models.names() if name != STARTER]
    if here:
        return words("writers_here", models=", ".join(here[:3]), first=here[0])
    return words("no_writer_here")
