"""What a plugin of a job may say, as pluggy hook specifications.

A guard gives None to let something happen, or a text: the reason why it does not. `state` is the
plugin's own memory for this job: what a guard writes into it is there the next time. `job` is
`{id, name, phase, cycle, stage}`.
"""

from __future__ import annotations

from typing import Any

import pluggy

PROJECT_NAME = "assistant_job"
hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)

GUARDS = ("allow_tool", "allow_plan", "allow_phase", "allow_completion")


class JobHooks:
    """Every hook is optional."""

    @hookspec
    def jobs(self) -> list[str]:
        """The names of the jobs that this plugin is for. It has no say in any other."""
        return []

    @hookspec
    def phases(self) -> list[dict[str, str]]:
        """More phases: `[{"name": "legal", "after": "verify"}]`."""
        return []

    @hookspec
    def completion_stages(self) -> list[dict[str, Any]]:
        """What must be passed before a job is completed, in this order.

        `{"name": …, "kind": "verifier"}` asks `allow_completion`; `{"kind": "cool_down",
        "seconds": 3600}` lets time pass; `{"kind": "second_reviewer"}` wants the word of
        somebody else.
        """
        return []

    @hookspec(firstresult=True)
    def allow_tool(
        self, job: dict[str, Any], skill: str, arguments: dict[str, Any], state: dict[str, Any]
    ) -> str | None:
        """Before a skill is called, in every run of the job."""

    @hookspec(firstresult=True)
    def allow_plan(self, job: dict[str, Any], text: str, state: dict[str, Any]) -> str | None:
        """Before the plan or the job file is changed; `text` is the new one."""

    @hookspec(firstresult=True)
    def allow_phase(
        self, job: dict[str, Any], before: str, to: str, state: dict[str, Any]
    ) -> str | None:
        """Before the job moves to another phase."""

    @hookspec(firstresult=True)
    def allow_completion(
        self, job: dict[str, Any], stage: str, review: str, state: dict[str, Any]
    ) -> str | None:
        """Before the job is completed; `stage` is the name of the verifier that asks."""
