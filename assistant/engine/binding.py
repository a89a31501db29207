"""A run's inputs: defaults filled in, and checked against what the job declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.pipeline.spec import Job
from assistant.pipeline.suggest import did_you_mean


def bind_inputs(job: Job, given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a run. Raises BindingsInvalid naming each one that does not fit."""
    wrong = list[str]()
    for name in given:
        if name not in job.inputs:
            cure = did_you_mean(name, job.inputs)
            wrong.append(f"there is no input {name!r}{f' ({cure})' if cure else ''}")
    values = dict[str, Any]()
    for name, schema in job.inputs.items():
        if name in given:
            values[name] = given[name]
        elif "default" in schema:
            values[name] = schema["default"]
        else:
            wrong.append(f"input {name!r} is missing")
    if wrong:
        raise BindingsInvalid(
            f"job {job.name!r}: {'; '.join(wrong)}",
            hint=f"Its inputs are: {', '.join(job.inputs) or 'none'}.",
        )
    return values
