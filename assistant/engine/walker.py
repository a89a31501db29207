"""Walks a pipeline: takes the steps in order, decides between ways, starts branches and sub-jobs.

Everything decided here is decided from recorded data alone, so that a replay takes the same
way: evaluation is pure, `now()` is the moment of the last recorded outcome, and what the world
says (a skill's result, a person's word, a cancel, the clock) comes out of a recorded step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn, assert_never

from assistant.clock import parse_rfc3339
from assistant.engine.approvals import Approvals
from assistant.engine.attempt import Attempts
from assistant.engine.branches import Branches
from assistant.engine.call import Call, Deadline
from assistant.engine.debugger import Debugger
from assistant.engine.durable import Durable
from assistant.engine.outcome import Outcome, RunOver, StepBroken, Stopped, told
from assistant.engine.retrying import ONCE, READ_RETRY
from assistant.engine.scopes import RunScope
from assistant.engine.subjobs import SubJobs
from assistant.engine.yields import yielded
from assistant.errors import AssistantError, ExecutionFailed
from assistant.events import StepDone, StepFailed, StepSkipped, StepStarted
from assistant.pipeline import expressions
from assistant.pipeline.scope import (
    Scope,
    branch_path,
    fallback_output,
    loop_output,
    round_path,
    step_path,
)
from assistant.pipeline.spec import (
    Accumulate,
    ApproveStep,
    CallJobStep,
    ForEachStep,
    IfStep,
    ParallelStep,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    WhileStep,
)
from assistant.store.runs import Keyed

MOST_ROUNDS = 100_000
# A run in back-off for longer than this lets another run have its place.
_LONG_SLEEP = 2.0


class Walker:
    """One workflow's walk: a whole run, or a branch of it."""

    def __init__(
        self,
        run: RunScope,
        durable: Durable,
        attempts: Attempts,
        approvals: Approvals,
        debugger: Debugger,
        sub_jobs: SubJobs,
        *,
        moment: str,
        deadline: Deadline | None,
    ) -> None:
        self.run = run
        self.durable = durable
        self.moment = moment
        self.waited = 0.0
        """Seconds that people took to answer: they count against no limit."""
        self._limit = deadline
        self._attempts = attempts
        self._approvals = approvals
        self._debugger = debugger
        self._sub_jobs = sub_jobs
        self._branches = Branches(self)

    async def walk(self, steps: Sequence[Step], scope: Scope, parent: str) -> None:
        """Take steps one after the other. Raises StepBroken, RunOver or Stopped."""
        for step in steps:
            await self._take(step, scope, step_path(parent, step.id))

    @property
    def deadline(self) -> Deadline | None:
        """The first limit of time around the step that is walked now."""
        limit = self._limit
        return Deadline(limit.at + self.waited, limit.owner) if limit else None

    def resolve(self, value: Any, scope: Scope) -> Any:
        return expressions.resolve(value, scope.names, now=parse_rfc3339(self.moment))

    def holds(self, condition: str, scope: Scope) -> bool:
        return expressions.is_true(condition, scope.names, now=parse_rfc3339(self.moment))

    # -- one step --------------------------------------------------------------------

    async def _take(self, step: Step, scope: Scope, path: str) -> None:
        try:
            skip = step.condition is not None and not isinstance(step, IfStep)
            if skip and not self.holds(step.condition or "", scope):
                self._tell_skipped(path)
                scope.record(step.id, None)
                return
            output = await self._held(step, scope, path)
        except StepBroken as broken:
            error = broken.error
        except AssistantError as wrong:  # an expression, a name or a job file of the step itself
            error = told(wrong, path)
            self._tell_failed(path, error)
        else:
            scope.record(step.id, output)
            return
        await self._on_error(step, scope, path, error)

    async def _on_error(self, step: Step, scope: Scope, path: str, error: dict[str, Any]) -> None:
        if step.on_error.action == "fail":
            raise StepBroken(error)
        known = {name: error.get(name, "") for name in ("code", "message", "hint")}
        inside = scope.inner({"error": known}, keep_vars=True)
        await self.walk(step.on_error.steps, inside, branch_path(path, "on_error"))
        scope.record(step.id, fallback_output(inside.own))

    async def _held(self, step: Step, scope: Scope, path: str) -> Any:
        """A step of any kind, held before and after it where the debugger is asked to."""
        if isinstance(step, SkillStep):  # is held further in, with its arguments
            return await self._kind(step, scope, path)
        word = await self._debugger.before(path, None, scope, self)
        if word.skipped:
            self._tell_done(path, word.output, skill="")
            return word.output
        return await self._debugger.after(path, await self._kind(step, scope, path), scope, self)

    async def _kind(self, step: Step, scope: Scope, path: str) -> Any:
        match step:
            case SkillStep():
                return await self._skill(step, scope, path)
            case CallJobStep():
                return await self._contained(step, path, lambda: self._call_job(step, scope, path))
            case ParallelStep():
                return await self._contained(
                    step, path, lambda: self._branches.parallel(step, scope, path)
                )
            case ForEachStep():
                return await self._contained(step, path, lambda: self._for_each(step, scope, path))
            case WhileStep():
                return await self._contained(step, path, lambda: self._while(step, scope, path))
            case IfStep():
                return await self._if(step, scope, path)
            case ApproveStep():
                return await self._approve(step, scope, path)
            case SetStep():
                return self._set(step, scope, path)
            case StopStep():
                return self._stop(step, scope, path)
            case _:
                raise TypeError(f"no kind of step: {type(step).__name__}")

    # -- skills ----------------------------------------------------------------------

    async def _skill(self, step: SkillStep, scope: Scope, path: str) -> Any:
        call = self._call(step, self.resolve(step.arguments, scope), path)
        word = await self._debugger.before(path, call.arguments, scope, self)
        if word.skipped:
            self._tell_done(path, word.output, skill=step.skill)
            return word.output
        if word.arguments is not None:
            call = self._call(step, word.arguments, path)
        output = await self._tried(call, needs_word=step.needs_approval)
        return await self._debugger.after(path, output, scope, self)

    def _call(self, step: SkillStep, arguments: dict[str, Any], path: str) -> Call:
        skill = self.run.library.get(step.skill)
        effect = self.run.facts["skills"].get(step.skill, {}).get("effect", skill.effect)
        if effect == "write":
            # Some calls of a skill that writes only read: a GET of http_request.
            effect = skill.effect_of(arguments)
        return Call(
            path=path,
            skill=skill,
            effect=effect,
            arguments=arguments,
            retry=step.retry or (READ_RETRY if effect == "read" else ONCE),
            timeout=step.timeout or skill.timeout,
            cache=step.cache if effect != "write" else False,
            deadline=self.deadline,
        )

    async def _tried(self, call: Call, *, needs_word: bool) -> Any:
        """Attempt after attempt until one stands. Gives the output, or raises."""
        number = 0
        while True:
            number += 1
            interrupted = False
            guarded = call.effect == "write" or needs_word
            if guarded and not self.run.dry:
                interrupted = await self._approvals.begin(call, number, needs_word, self)
            outcome = await self._attempt(call, number, interrupted)
            self.moment = outcome.at
            match outcome.state:
                case "succeeded":
                    return self.run.values.whole(outcome.output)
                case "retrying":
                    await self._wait(outcome.due or 0.0)
                case "unknown" if outcome.flags.get("cancelled"):
                    raise RunOver("cancelled", outcome.error or {})
                case "failed" | "unknown":
                    raise StepBroken(outcome.error or {})
                case "cancelled":
                    raise RunOver("cancelled", outcome.error or {})
                case "timed_out":
                    raise RunOver("timed_out", outcome.error or {}, outcome.owner)
                case "exhausted":
                    raise RunOver("failed", outcome.error or {})
                case _:
                    assert_never(outcome.state)

    async def _attempt(self, call: Call, number: int, interrupted: bool) -> Outcome:
        async def once() -> dict[str, Any]:
            made = await self._attempts.once(call, number, interrupted=interrupted)
            return made.as_data()

        return Outcome.of(await self.durable.step(f"{call.path}#{number}", once))

    async def _wait(self, due: float) -> None:
        """Sleep until a recorded moment, or until the run is cancelled."""
        left = due - self.run.tools.clock.now().timestamp()
        aside = left > _LONG_SLEEP and self.run.gate.held
        if aside:
            self.run.gate.leave()
        while left > 0 and not self.run.watch.cancelled:
            await self.run.watch.change(left)
            left = due - self.run.tools.clock.now().timestamp()
        if aside:
            await self.run.gate.enter()

    # -- steps that hold steps -------------------------------------------------------

    async def _contained(self, step: Step, path: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Tell a step's start and end, and hold what is inside to its timeout."""
        self._tell_started(path, self._about(step))
        outer = self._limit
        if step.timeout is not None:
            began = self.run.tools.clock.now().timestamp() - self.run.journal.since(
                f"{path} started"
            )
            mine = Deadline(began + step.timeout - self.waited, path)
            self._limit = mine if outer is None or mine.at < outer.at else outer
        try:
            output = await work()
        except StepBroken as broken:
            self._tell_failed(path, broken.error)
            raise
        except RunOver as over:
            if over.status == "timed_out" and over.owner == path:
                self._tell_failed(path, over.error)
                raise StepBroken(over.error) from over
            raise
        finally:
            self._limit = outer
        self._tell_done(path, output, skill=self._about(step))
        return output

    async def _call_job(self, step: CallJobStep, scope: Scope, path: str) -> Any:
        arguments = self.resolve(step.arguments, scope)
        return await self._sub_jobs.call(step, arguments, path, self)

    async def _for_each(self, step: ForEachStep, scope: Scope, path: str) -> dict[str, Any]:
        items = self.resolve(step.items, scope)
        if not isinstance(items, list):
            raise ExecutionFailed(
                f"step {path!r} goes through a list, and got {type(items).__name__}",
                hint="Give for_each a list; values(…) or flatten(…) make one.",
            )
        if len(items) > MOST_ROUNDS:
            raise ExecutionFailed(
                f"step {path!r} would make {len(items):,} rounds; {MOST_ROUNDS:,} is the most",
                hint="Shorten the list with slice(…), or part the work into several jobs.",
            )
        if step.max_parallel > 1 and step.accumulate is None and len(items) > 1:
            return await self._branches.rounds(step, items, scope, path)
        collected = list[Any]() if step.collect is not None else None
        kept = self._start_value(step.accumulate, scope)
        for index, item in enumerate(items):
            inside = scope.round(index, {step.variable: item}, kept)
            await self.walk(step.steps, inside, round_path(path, index))
            self._close_round(step, inside, collected, kept)
        return loop_output(collected, len(items), kept)

    async def _while(self, step: WhileStep, scope: Scope, path: str) -> dict[str, Any]:
        collected = list[Any]() if step.collect is not None else None
        kept = self._start_value(step.accumulate, scope)
        index = 0
        while self.holds(step.test, scope.round(index, {}, kept)):
            if index >= step.max_iterations:
                raise ExecutionFailed(
                    f"step {path!r} still goes on after {index} rounds",
                    hint="Raise max_iterations, or look at why its condition still holds.",
                )
            inside = scope.round(index, {}, kept)
            await self.walk(step.steps, inside, round_path(path, index))
            self._close_round(step, inside, collected, kept)
            index += 1
            await asyncio.sleep(0)  # rounds without a recorded step must not stop the process
        return loop_output(collected, index, kept)

    def _start_value(self, accumulate: Accumulate | None, scope: Scope) -> dict[str, Any]:
        return {accumulate.name: self.resolve(accumulate.start, scope)} if accumulate else {}

    def _close_round(
        self,
        step: ForEachStep | WhileStep,
        inside: Scope,
        collected: list[Any] | None,
        kept: dict[str, Any],
    ) -> None:
        if collected is not None:
            collected.append(self.resolve(step.collect, inside))
        if step.accumulate is not None:
            kept[step.accumulate.name] = self.resolve(step.accumulate.value, inside)

    async def _if(self, step: IfStep, scope: Scope, path: str) -> dict[str, Any]:
        taken = self.holds(step.condition or "true", scope)
        inside = scope.inner(keep_vars=True)
        where = path if taken else branch_path(path, "else")
        await self.walk(step.steps if taken else step.otherwise, inside, where)
        return inside.own

    # -- steps without work ----------------------------------------------------------

    async def _approve(self, step: ApproveStep, scope: Scope, path: str) -> dict[str, Any]:
        question = str(self.resolve(step.question, scope))
        self._tell_started(path, "approve")
        word = await self._approvals.ask(path, question, {}, self)
        output = {"approved": True, "by": word["by"]}
        self._tell_done(path, output, skill="approve", preview=self.run.dry)
        return output

    def _set(self, step: SetStep, scope: Scope, path: str) -> dict[str, Any]:
        values = self.resolve(step.values, scope)
        scope.assign(values)
        self._tell_done(path, values, skill="set")
        return values

    def _stop(self, step: StopStep, scope: Scope, path: str) -> NoReturn:
        reason = str(self.resolve(step.reason, scope))
        self._tell_done(path, {"reason": reason}, skill="stop")
        raise Stopped(reason)

    # -- telling ---------------------------------------------------------------------

    @staticmethod
    def _about(step: Step) -> str:
        match step:
            case CallJobStep(job=job):
                return f"call_job {job}"
            case ParallelStep():
                return "parallel"
            case ForEachStep():
                return "for_each"
            case _:
                return "while"

    def _tell_started(self, path: str, what: str) -> None:
        journal = self.run.journal
        key = f"{path} started"
        if not journal.told(key):
            journal.tell(Keyed(key, StepStarted(**journal.stamp(), path=path, skill=what)))

    def _tell_done(self, path: str, output: Any, *, skill: str, preview: bool = False) -> None:
        journal = self.run.journal
        key = f"{path} ended"
        if not journal.told(key):
            stored, size = self.run.values.measured(self.run.masked(output))
            event = StepDone(
                **journal.stamp(), path=path, skill=skill, output=stored, preview=preview,
                seconds=journal.since(f"{path} started"), size=size, **yielded(output),
            )  # fmt: skip
            journal.tell(Keyed(key, event))

    def _tell_failed(self, path: str, error: dict[str, Any]) -> None:
        journal = self.run.journal
        key = f"{path} ended"
        if not journal.told(key):
            took = journal.since(f"{path} started")
            event = StepFailed(**journal.stamp(), path=path, seconds=took, error=error)
            journal.tell(Keyed(key, event))

    def _tell_skipped(self, path: str) -> None:
        journal = self.run.journal
        key = f"{path} ended"
        if not journal.told(key):
            event = StepSkipped(**journal.stamp(), path=path, reason="its condition does not hold")
            journal.tell(Keyed(key, event))
