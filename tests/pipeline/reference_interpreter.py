"""What a pipeline means, in some sixty lines: no time, no storage, one thing after the other.

The engine is held against it: for any valid job, the run on the durable engine gives the same
status, outputs and calls. Skills are plain functions; one that raises SkillError fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError, ExecutionFailed, ExpectationFailed
from assistant.pipeline import spec
from assistant.pipeline.expressions import is_true, resolve
from assistant.pipeline.inputs import bind
from assistant.pipeline.scope import Scope, fallback_output, loop_output, round_path, step_path

RUN = {"id": "r", "job": "j", "started_at": "2026-03-02T12:00:00.000Z", "trigger": {}}


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
        try:
            outputs = resolve(job.outputs, self.steps(job.steps, scope, at).names)
        except Stopped:
            return {}
        if not all(is_true(line, scope.names) for line in job.expect):
            raise ExpectationFailed("a line does not hold")
        return outputs

    def steps(self, steps: tuple[spec.Step, ...], scope: Scope, at: str) -> Scope:
        for step in steps:
            path = step_path(at, step.id)
            try:
                test = None if isinstance(step, spec.IfStep) else step.condition
                due = test is None or is_true(test, scope.names)
                output = self.step(step, scope, path) if due else None
            except AssistantError as wrong:
                if step.on_error.action == "fail":
                    raise
                error = {"code": wrong.code, "message": wrong.message, "hint": wrong.hint}
                inner = scope.inner({"error": error}, keep_vars=True)
                self.steps(step.on_error.steps, inner, f"{path}.on_error")
                output = fallback_output(inner.own)
            scope.record(step.id, output)
        return scope

    def step(self, step: spec.Step, scope: Scope, path: str) -> Any:
        match step:
            case spec.SkillStep(skill=skill):
                self.calls.append((path, skill, resolve(step.arguments, scope.names)))
                return self.skills[skill](**self.calls[-1][2])
            case spec.CallJobStep(job=job):
                return self.run(self.jobs[job], resolve(step.arguments, scope.names), path)
            case spec.ParallelStep(branches=parts):
                return {n: self.steps(parts[n], scope.inner(), f"{path}.{n}").own for n in parts}
            case spec.IfStep() if is_true(step.condition or "", scope.names):
                return self.steps(step.steps, scope.inner(keep_vars=True), path).own
            case spec.IfStep():
                return self.steps(step.otherwise, scope.inner(keep_vars=True), f"{path}.else").own
            case spec.ForEachStep() | spec.WhileStep():
                return self.loop(step, scope, path)
            case spec.SetStep(values=values):
                scope.assign(found := resolve(values, scope.names))
                return found
            case spec.ApproveStep():
                return {"approved": True, "by": "jo"}
            case spec.StopStep(reason=reason):
                raise Stopped(resolve(reason, scope.names))

    def loop(self, step: spec.ForEachStep | spec.WhileStep, scope: Scope, path: str) -> Any:
        found, count, carried = list[Any](), 0, step.accumulate
        kept = {carried.name: resolve(carried.start, scope.names)} if carried else {}
        each = isinstance(step, spec.ForEachStep)
        for item in resolve(step.items, scope.names) if each else range(step.max_iterations + 1):
            inside = scope.round(count, {step.variable: item} if each else {}, kept)
            if not each and not is_true(step.test, inside.names):
                break
            if not each and item == step.max_iterations:
                raise ExecutionFailed("still goes on")
            self.steps(step.steps, inside, round_path(path, count))
            found += [resolve(step.collect, inside.names)] if step.collect is not None else []
            kept = {carried.name: resolve(carried.value, inside.names)} if carried else kept
            count += 1
        return loop_output(found if step.collect is not None else None, count, kept)


def verdict(reference: Interpreter, job: spec.Job, **inputs: Any) -> dict[str, Any]:
    """How a run of the job ends: `{status, outputs, code}`."""
    try:
        return {"status": "succeeded", "outputs": reference.run(job, inputs), "code": ""}
    except AssistantError as wrong:
        return {"status": "failed", "outputs": {}, "code": wrong.code}
