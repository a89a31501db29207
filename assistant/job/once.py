"""A run without a kept job: skills called at once, from a chat or the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.engine.grants import Grant, targets
from assistant.engine.request import RunRequest
from assistant.ids import ONCE
from assistant.pipeline.writer import dump
from assistant.skills.library import Library

RESULT = "result"
LONGEST_ID = 60
_NO_ID = re.compile(r"[^A-Za-z0-9_]+")


def call_request(
    library: Library,
    skill: str,
    arguments: Mapping[str, Any],
    *,
    trigger: Mapping[str, Any] | None = None,
    dry: bool = False,
    granted: bool = False,
) -> RunRequest:
    """One call of one skill as a run; what it gives is the run's output `result`.

    `granted`: a person wrote these very arguments, so that nobody is asked about them again.
    Raises SkillNotFound, SkillDisabled or BadArguments.
    """
    found = library.get(skill)
    found.check(dict(arguments))
    name = _NO_ID.sub("_", skill)[-LONGEST_ID:]
    step = {"id": name, "skill": skill, "with": dict(arguments)}
    outputs = {} if dry else {RESULT: f"${{{{ steps.{name} }}}}"}
    grants = (Grant(skill, targets(found, arguments)),) if granted else ()
    return steps_request([step], outputs=outputs, trigger=trigger, dry=dry, grants=grants)


def steps_request(
    steps: Sequence[Mapping[str, Any]],
    *,
    outputs: Mapping[str, str] | None = None,
    job_id: str = "",
    trigger: Mapping[str, Any] | None = None,
    dry: bool = False,
    grants: tuple[Grant, ...] = (),
) -> RunRequest:
    """Some steps as a run of their own."""
    given = {"outputs": dict(outputs)} if outputs else {}
    text = dump({"job": ONCE, "steps": [dict(step) for step in steps]} | given)
    return RunRequest(
        job=ONCE, yaml=text, job_id=job_id, trigger=dict(trigger or {"kind": "cli"}), dry=dry,
        grants=grants,
    )  # fmt: skip
