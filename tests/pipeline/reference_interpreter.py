"""What a pipeline means, in sixty lines of code: no time, no storage, one thing after the other.

The engine is held against it: for any valid job, the run on the durable engine gives the same
status, outputs and calls. Skills are plain functions; one that raises SkillError fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError, ExecutionFailed, ExpectationFailed
from assistant.pipeline import spec
from assistant.pipeline.expressions import is_true, resolve
from assistant.pipeline.inputs import bind
from assistant.pipeline.scope import Scope, fallback_output, loop_output, round_path, step_path

RUN = {"id": "r", "job": "j", "started_at": "2026-03-02T12:00:00.000Z", "trigger": {}}


Loop = spec.ForEachStep | spec.WhileStep


class Stopped(Exception):
    """A `stop` step: the run ends here, well."""


@dataclass
class Interpreter:
    """Interprets jobs over a table of skills. `calls` keeps path, skill and arguments of each."""

    skills: Mapping[str, Callable[..., Any]]
    jobs: Mapping[str, spec.Job] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def run(self, job: spec.Job, inputs: Mapping[str, Any], at: str = "") -> dict[str, Any]:
        scope = Scope(bind(job.inputs, inputs), RUN)
        with suppress(Stopped):
            self.steps(job.steps, scope, at)
            outputs = resolve(job.outputs, scope.names)
            if all(is_true(line, scope.names) for line in job.expect):
                return outputs
            raise ExpectationFailed("a line does not hold")
        return {}

    def steps(self, steps: tuple[spec.Step, ...], scope: Scope, at: str) -> dict[str, Any]:
        for step in steps:
            path = step_path(at, step.id)
            try:
                output = self.step(step, scope, path)
            except AssistantError as wrong:
                if step.on_error.action == "fail":
                    raise
                inner = scope.inner({"error": wrong.as_dict()}, keep_vars=True)
                output = fallback_output(self.steps(step.on_error.steps, inner, f"{path}.on_error"))
            scope.record(step.id, output)
        return scope.own

    def step(self, step: spec.Step, scope: Scope, path: str) -> Any:
        due = is_true(step.condition or "true", scope.names)
        match step:
            case spec.IfStep():
                way, at = (step.steps, path) if due else (step.otherwise, f"{path}.else")
                return self.steps(way, scope.inner(keep_vars=True), at)
            case _ if not due:
                return None
            case spec.SkillStep(skill=skill):
                self.calls.append((path, skill, resolve(step.arguments, scope.names)))
                return self.skills[skill](**self.calls[-1][2])
            case spec.CallJobStep(job=job):
                return self.run(self.jobs[job], resolve(step.arguments, scope.names), path)
            case spec.ParallelStep(branches=parts):
                return {n: self.steps(parts[n], scope.inner(), f"{path}.{n}") for n in parts}
            case spec.ForEachStep(items=items, variable=var):
                return self.loop(step, [{var: x} for x in resolve(items, scope.names)], scope, path)
            case spec.WhileStep(max_iterations=most):
                return self.loop(step, [{}] * (most + 1), scope, path)
            case spec.SetStep(values=values):
                scope.assign(found := resolve(values, scope.names))
                return found
            case spec.ApproveStep():
                return {"approved": True, "by": "jo"}
            case spec.StopStep(reason=reason):
                raise Stopped(resolve(reason, scope.names))

    def loop(self, step: Loop, rounds: list[dict[str, Any]], scope: Scope, path: str) -> Any:
        found, carried = list[Any](), step.accumulate
        kept = {carried.name: resolve(carried.start, scope.names)} if carried else {}
        for count, item in enumerate(rounds):
            inside = scope.round(count, item, kept)
            if isinstance(step, spec.WhileStep) and not is_true(step.test, inside.names):
                break
            if isinstance(step, spec.WhileStep) and count == step.max_iterations:
                raise ExecutionFailed("still goes on")
            self.steps(step.steps, inside, round_path(path, count))
            found.append(resolve(step.collect, inside.names))
            kept = {carried.name: resolve(carried.value, inside.names)} if carried else {}
        return loop_output(found if step.collect is not None else None, len(found), kept)


def verdict(reference: Interpreter, job: spec.Job, **inputs: Any) -> dict[str, Any]:
    """How a run of the job ends: `{status, outputs, code}`."""
    try:
        return {"status": "succeeded", "outputs": reference.run(job, inputs), "code": ""}
    except AssistantError as wrong:
        return {"status": "failed", "outputs": {}, "code": wrong.code}
