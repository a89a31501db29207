"""What the engine asks before each call of a run: the phase of its job, and the job's plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from assistant.engine.context import CallGuard
from assistant.engine.grants import attended
from assistant.ids import ONCE
from assistant.job.gates import check_effect
from assistant.job.guide import Guide
from assistant.skills.door import Skill
from assistant.store.jobs import JobRecord


def call_guard(guide: Guide) -> CallGuard:
    """The guard of a workplace's engine. A run without a kept job is nobody's to guard."""

    async def guard(
        request: Mapping[str, Any], skill: Skill, effect: str, arguments: Mapping[str, Any]
    ) -> None:
        ident = str(request.get("job_id") or "")
        job = guide.jobs.find(ident) if ident else None
        if job is None:
            return
        if effect == "write" and not request["dry"]:
            job = _in_execute(guide, job, request, skill.name)
        if guide.plugins.of(job):
            # A plugin answers from a process of its own: meanwhile the loop goes on.
            await asyncio.to_thread(guide.check_tool, job, skill.name, dict(arguments))

    return guard


def _in_execute(guide: Guide, job: JobRecord, request: Mapping[str, Any], skill: str) -> JobRecord:
    """Only Execute may write. Raises PolicyDenied for a call of the conversation elsewhere.

    To run an accepted version is what Execute is: its job is moved there. A schedule or a
    trigger carries out what was accepted, whatever its making is at.
    """
    if request["job"] == ONCE:
        check_effect(job.phase, skill, "write")
        return job
    by_hand = attended(request["trigger"]) and len(request.get("lineage", ())) < 2
    if by_hand and request["version"]:
        return guide.enter(job.id, "execute", f"Version {request['version']} is run.")
    return job
