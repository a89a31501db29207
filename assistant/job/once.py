"""A run without a kept job: skills called at once, from a chat or the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.engine.request import RunRequest
from assistant.pipeline.writer import dump
from assistant.skills.library import Library

ONCE = "once"
"""The name that such runs have in place of a job's."""


def call_request(
    library: Library,
    skill: str,
    arguments: Mapping[str, Any],
    *,
    trigger: Mapping[str, Any] | None = None,
    dry: bool = False,
) -> RunRequest:
    """One call of one skill as a run. Raises SkillNotFound, SkillDisabled or BadArguments."""
    library.get(skill).check(dict(arguments))
    step = {"id": skill, "skill": skill, "with": dict(arguments)}
    return steps_request([step], trigger=trigger, dry=dry)


def steps_request(
    steps: Sequence[Mapping[str, Any]],
    *,
    job_id: str = "",
    trigger: Mapping[str, Any] | None = None,
    dry: bool = False,
) -> RunRequest:
    """Some steps as a run of their own."""
    text = dump({"job": ONCE, "steps": [dict(step) for step in steps]})
    return RunRequest(
        job=ONCE, yaml=text, job_id=job_id, trigger=dict(trigger or {"kind": "cli"}), dry=dry
    )
