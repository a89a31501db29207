"""What a pipeline means, in sixty lines: no time, no storage, one thing after the other.

The engine is held against it: for any valid job, the run on the durable engine gives the same
status, outputs and calls. Skills are plain functions; one that raises SkillError fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError, ExecutionFailed
from assistant.pipeline import spec
from assistant.pipeline.expressions import is_true, resolve
from assistant.pipeline.inputs import bind
from assistant.pipeline.scope import (
    Scope,
    branch_path,
    fallback_output,
    loop_output,
    round_path,
    step_path,
)

Skills = Mapping[str, Callable[..., Any]]


class Stopped(Exception):
    """The run ends here, well."""


@dataclass
class Reference:
    """Runs jobs over a table of skills. `calls` keeps path, skill and arguments of each call."""

    skills: Skills
    jobs: Mapping[str, spec.Job] = field(default_factory=dict)
    run: dict[str, Any] = field(
        default_factory=lambda: {
            "id": "r",
            "job": "j",
            "started_at": "2026-03-02T12:00:00.000Z",
            "trigger": {},
        }
    )
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    """Path of every step that ended well → its output."""

    def of(
        self, job: spec.Job, inputs: Mapping[str, Any] | None = None, parent: str = ""
    ) -> dict[str, Any]:
        """`{status, outputs, reason}` of one run."""
        scope = Scope(bind(job.inputs, inputs or {}), self.run)
        try:
            self.steps(job.steps, scope, parent)
            if not all(is_true(line, scope.names) for line in job.expect):
                return {"status": "failed", "outputs": {}, "reason": "job_expectation_failed"}
            return {
                "status": "succeeded",
                "outputs": resolve(job.outputs, scope.names),
                "reason": "",
            }
        except Stopped as stop:
            return {"status": "succeeded", "outputs": {}, "reason": str(stop)}
        except AssistantError as wrong:
            return {"status": "failed", "outputs": {}, "reason": wrong.code}

    def steps(self, steps: tuple[spec.Step, ...], scope: Scope, parent: str) -> Scope:
        for step in steps:
            path = step_path(parent, step.id)
            try:
                skip = (
                    step.condition
                    and not isinstance(step, spec.IfStep)
                    and not is_true(step.condition, scope.names)
                )
                output = None if skip else self.step(step, scope, path)
            except AssistantError as wrong:
                if step.on_error.action == "fail":
                    raise
                error = {"code": wrong.code, "message": wrong.message, "hint": wrong.hint}
                inside = scope.inner({"error": error}, keep_vars=True)
                output = fallback_output(
                    self.steps(step.on_error.steps, inside, branch_path(path, "on_error")).own
                )
            scope.record(step.id, output)
            self.outputs[path] = output
        return scope

    def step(self, step: spec.Step, scope: Scope, path: str) -> Any:
        match step:
            case spec.SkillStep(skill=skill):
                arguments = resolve(step.arguments, scope.names)
                self.calls.append((path, skill, arguments))
                return self.skills[skill](**arguments)
            case spec.CallJobStep(job=job):
                below = Reference(self.skills, self.jobs, self.run, calls=self.calls)
                done = below.of(self.jobs[job], resolve(step.arguments, scope.names), path)
                if done["status"] != "succeeded":
                    raise ExecutionFailed(done["reason"])
                return done["outputs"]
            case spec.ParallelStep(branches=branches):
                return {
                    n: self.steps(steps, scope.inner(), branch_path(path, n)).own
                    for n, steps in branches.items()
                }
            case spec.IfStep():
                taken = is_true(step.condition or "", scope.names)
                where = path if taken else branch_path(path, "else")
                return self.steps(
                    step.steps if taken else step.otherwise, scope.inner(keep_vars=True), where
                ).own
            case spec.ForEachStep() | spec.WhileStep():
                return self.loop(step, scope, path)
            case spec.SetStep(values=values):
                scope.assign(found := resolve(values, scope.names))
                return found
            case spec.ApproveStep():
                return {"approved": True, "by": "jo"}
            case spec.StopStep(reason=reason):
                raise Stopped(resolve(reason, scope.names))

    def loop(
        self, step: spec.ForEachStep | spec.WhileStep, scope: Scope, path: str
    ) -> dict[str, Any]:
        kept = (
            {step.accumulate.name: resolve(step.accumulate.start, scope.names)}
            if step.accumulate
            else {}
        )
        items = resolve(step.items, scope.names) if isinstance(step, spec.ForEachStep) else None
        if isinstance(step, spec.ForEachStep) and not isinstance(items, list):
            raise ExecutionFailed("no list")
        collected: list[Any] = []
        index = 0
        while (
            index < len(items)
            if items is not None
            else is_true(step.test, scope.round(index, {}, kept).names)
        ):
            if items is None and index >= step.max_iterations:
                raise ExecutionFailed("still goes on")
            inside = scope.round(
                index, {step.variable: items[index]} if items is not None else {}, kept
            )
            self.steps(step.steps, inside, round_path(path, index))
            if step.collect is not None:
                collected.append(resolve(step.collect, inside.names))
            if step.accumulate:
                kept = {step.accumulate.name: resolve(step.accumulate.value, inside.names)}
            index += 1
        return loop_output(collected if step.collect is not None else None, index, kept)
