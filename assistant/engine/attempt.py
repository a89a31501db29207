"""One try of one skill step: made once, told twice (it starts, it ends), decided in one place."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from assistant.clock import parse_rfc3339, rfc3339
from assistant.engine.call import Call, idempotency_key
from assistant.engine.context import Place, make_context
from assistant.engine.dry import preview
from assistant.engine.metering import MeteredModels, Purse
from assistant.engine.outcome import FINISHED, Outcome, told
from assistant.engine.retrying import wait_after
from assistant.engine.scopes import RunScope
from assistant.engine.seeds import Seeds
from assistant.engine.yields import yielded
from assistant.errors import (
    AssistantError,
    BudgetExhausted,
    InternalError,
    OutcomeUnknown,
    RunCancelled,
    StepTimeout,
)
from assistant.events import Event, StepDone, StepFailed, StepRetrying, StepStarted, StepUnknown
from assistant.skills import calling
from assistant.skills.context import Memory, SkillContext
from assistant.store.runs import Keyed

log = logging.getLogger(__name__)


class Interrupted(AssistantError):
    """A write was interrupted in mid-call and nobody knows whether it happened."""

    code = "job_execution_failed"


class Attempts:
    """Makes the attempts of one run. `chance` gives numbers from 0 to 1."""

    def __init__(
        self,
        run: RunScope,
        seeds: Seeds,
        memory: Memory,
        purse: Purse,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._run = run
        self._seeds = seeds
        self._memory = memory
        self._purse = purse
        self._chance = chance

    async def once(self, call: Call, number: int, *, interrupted: bool = False) -> Outcome:
        """Make attempt `number` of a call, unless it has been made; say what became of it.

        `interrupted`: an earlier process began this attempt of a write and did not end it.
        """
        known = self._known(call, number) or self._barred(call, number) or self._seeded(call)
        if known is not None:
            return known
        if self._run.watch.closing:
            await asyncio.Event().wait()  # this process leaves; another one makes the call
        self._tell_start(call, number)
        started = time.monotonic()
        flags = dict[str, Any]()
        shown: Any = None
        try:
            given, would, flags = await self._give(call, number, interrupted)
            output = self._run.masked(given)
            shown = output if would is given else self._run.masked(would)
        except asyncio.CancelledError:
            outcome = self._cancelled(call)
        except BudgetExhausted as spent:
            outcome = self._outcome("exhausted", error=told(spent, call.path))
        except (Interrupted, OutcomeUnknown) as doubt:
            outcome = self._outcome("unknown", error=told(doubt, call.path))
        except _TimeIsUp as up:
            outcome = self._outcome("timed_out", error=told(up, call.path), owner=up.owner)
        except AssistantError as error:
            outcome = self._after(call, number, error)
        except Exception as bug:  # a bug of ours or a skill's fails its step, never the engine
            log.exception("step %s of run %s", call.path, self._run.run_id)
            wrong = InternalError(f"{type(bug).__name__}: {bug}", hint="The log has the details.")
            outcome = self._outcome("failed", error=told(wrong, call.path))
        else:
            outcome = self._outcome(
                "succeeded", output=self._run.values.shorten(output), flags=flags
            )
        self._tell_end(call, number, outcome, time.monotonic() - started, shown)
        return outcome

    # -- before the call -------------------------------------------------------------

    def _known(self, call: Call, number: int) -> Outcome | None:
        """What the store knows of this attempt: the crash came before the durable record."""
        if not self._run.journal.told(f"{call.path}#{number} started"):
            return None
        row = self._run.tools.repository.attempt(self._run.run_id, call.path, number)
        if row is None or row.status not in FINISHED:
            return None
        return Outcome(
            row.status,  # pyright: ignore[reportArgumentType] - tested just above
            row.ended_at or row.started_at,
            output=row.output,
            error=row.error,
            due=(row.error or {}).get("due"),
        )

    def _barred(self, call: Call, number: int) -> Outcome | None:
        """Reasons not to begin: the run was cancelled, or its time or budget is over."""
        if self._run.watch.cancelled:
            return self._told(call, number, self._cancelled_outcome(call))
        if call.deadline is not None and self._now() >= call.deadline.at:
            up = _TimeIsUp(call.deadline.owner)
            error = told(up, call.path)
            return self._told(call, number, self._outcome("timed_out", error=error, owner=up.owner))
        return None

    def _seeded(self, call: Call) -> Outcome | None:
        """The output of the seed run, if it stands for this call."""
        shown = self._run.masked(call.arguments)
        row = self._seeds.find(call.path, call.skill.name, call.skill.version, shown)
        if row is None:
            return None
        whole = self._seeds.whole(row.output)
        stored, size = self._run.values.measured(whole)
        outcome = self._outcome("succeeded", output=stored, flags={"seeded": True})
        self._write(
            call, 1, outcome, 0.0,
            StepDone(
                **self._run.journal.stamp(), path=call.path, skill=call.skill.name,
                output=stored, seeded=True, size=size, **yielded(whole),
            ),
        )  # fmt: skip
        return outcome

    # -- the call --------------------------------------------------------------------

    async def _give(
        self, call: Call, number: int, interrupted: bool
    ) -> tuple[Any, Any, dict[str, Any]]:
        """Output for the steps after, output to show, and how it came about."""
        await self._run.tools.guard(self._run.request, call.skill, call.effect, call.arguments)
        context = self._context(call, number)
        if self._run.dry and call.effect == "write":
            would, shape = await preview(call.skill, call.arguments, context)
            return shape, would, {"preview": True}
        recorded = self._recorded(call)
        if recorded is not None:
            return recorded, recorded, {"cached": True}
        if interrupted:
            done = await self._already_done(call, context)
            if done is not None:
                return done, done, {}
        kept = self._kept(call)
        if kept is not None:
            return kept, kept, {"cached": True}
        self._purse.check()
        output = await self._called(call, context)
        if call.cache and not self._run.dry:
            self._run.tools.repository.keep(call.cache_key, call.skill.name, output)
        return output, output, {}

    def _recorded(self, call: Call) -> Any:
        """What the step gave in the last real run, when a dry run may not ask the world."""
        run = self._run
        if not run.dry or run.request["dry_reads"] != "recorded" or call.effect != "read":
            return None
        row = run.tools.repository.last_output(run.job.name, call.path, call.skill.name)
        if row is None:
            return None
        return run.tools.values_of(run.job.name, row.run_id).whole(row.output)

    async def _called(self, call: Call, context: SkillContext) -> Any:
        watch, task = self._run.watch, asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        left = call.deadline.at - self._now() if call.deadline else call.timeout
        watch.enter(task)
        try:
            return await calling.call(
                call.skill, call.arguments, context, timeout=max(0.001, min(call.timeout, left))
            )
        except StepTimeout as late:
            if call.effect == "write":
                done = await self._already_done(call, context)
                if done is not None:
                    return done
            if call.deadline is not None and left < call.timeout:
                raise _TimeIsUp(call.deadline.owner) from late
            raise
        finally:
            watch.leave(task)

    async def _already_done(self, call: Call, context: SkillContext) -> Any:
        """What an interrupted write gave, None when it did not happen. Raises Interrupted."""
        check = call.skill.already_done
        if check is None:
            raise _in_doubt(call)
        answer = check(context, **call.skill.check(call.arguments))
        if asyncio.iscoroutine(answer):
            answer = await answer
        return None if answer is None else call.skill.as_output(answer)

    def _kept(self, call: Call) -> Any:
        if not call.cache or call.effect == "write":
            return None
        found = self._run.tools.repository.cached(call.cache_key)
        if found is None:
            return None
        output, at = found
        age = self._now() - parse_rfc3339(at).timestamp()
        return output if call.cache is True or age < float(call.cache) else None

    def _context(self, call: Call, number: int) -> SkillContext:
        run = self._run
        doubtful = self._seeds.doubtful(call.path)
        place = Place(
            run_id=run.run_id,
            job=run.job.name,
            path=call.path,
            attempt=number,
            # A call in doubt is made again, if a person says so, under the name it had: the
            # other side can tell that it is the same.
            idempotency_key=doubtful.idempotency_key
            if doubtful
            else idempotency_key(run.run_id, call.path),
            dry=run.dry,
        )
        models = MeteredModels(run.tools.models, self._purse, run.run_id, call.path, number)
        return make_context(run.tools, place, run.journal, self._memory, models, run.masker)

    # -- after the call --------------------------------------------------------------

    def _after(self, call: Call, number: int, error: AssistantError) -> Outcome:
        wait = wait_after(call.retry, number, error, self._chance)
        if wait is None:
            return self._outcome("failed", error=told(error, call.path))
        due = self._now() + wait
        return self._outcome("retrying", error=told(error, call.path) | {"due": due}, due=due)

    def _cancelled(self, call: Call) -> Outcome:
        """The call was cancelled: by a person, or because this process closes."""
        task = asyncio.current_task()
        if not self._run.watch.cancelled or task is None:
            raise asyncio.CancelledError  # nothing is recorded: the run goes on elsewhere
        task.uncancel()
        if call.effect == "write" and not self._run.dry:
            doubt = told(_in_doubt(call), call.path)
            return self._outcome("unknown", error=doubt, flags={"cancelled": True})
        return self._cancelled_outcome(call)

    def _cancelled_outcome(self, call: Call) -> Outcome:
        by = self._run.watch.cancelled_by
        error = RunCancelled(f"cancelled by {by}" if by else "cancelled")
        return self._outcome("cancelled", error=told(error, call.path))

    def _outcome(self, state: Any, *, error: dict[str, Any] | None = None, **facts: Any) -> Outcome:
        at = rfc3339(self._run.tools.clock.now())
        return Outcome(state, at, error=self._run.masked(error), **facts)

    # -- telling ---------------------------------------------------------------------

    def _tell_start(self, call: Call, number: int) -> None:
        journal = self._run.journal
        facts = self._facts(call, number)
        stamp = journal.stamp()
        event = Keyed(
            f"{call.path}#{number} started",
            StepStarted(
                **stamp, path=call.path, skill=call.skill.name, attempt=number,
                arguments=facts["arguments"],
            ),
        )  # fmt: skip
        begun = {**facts, "status": "running", "started_at": stamp["at"]}
        if call.effect == "write":
            journal.tell(event, attempt=begun)
        else:
            journal.soon(event, attempt=begun)

    def _facts(self, call: Call, number: int) -> dict[str, Any]:
        """What an attempt is, before anything has become of it."""
        return {
            "path": call.path, "attempt": number, "skill": call.skill.name,
            "arguments": self._run.values.shorten(self._run.masked(call.arguments)),
            "skill_version": call.skill.version,
            "idempotency_key": idempotency_key(self._run.run_id, call.path),
        }  # fmt: skip

    def _tell_end(
        self, call: Call, number: int, outcome: Outcome, seconds: float, shown: Any
    ) -> None:
        stamp = self._run.journal.stamp()
        facts: dict[str, Any] = {**stamp, "path": call.path, "attempt": number}
        ended: dict[str, Any] = {**facts, "skill": call.skill.name, "seconds": round(seconds, 6)}
        error = outcome.error or {}
        match outcome.state:
            case "succeeded":
                output, size = self._run.values.measured(shown)
                event: Event = StepDone(
                    **ended, output=output, size=size, **yielded(shown), **outcome.flags
                )
            case "retrying":
                due = rfc3339(_moment(outcome.due or 0.0))
                event = StepRetrying(**facts, due=due, error=error)
            case "unknown":
                event = StepUnknown(
                    **stamp, path=call.path, skill=call.skill.name,
                    idempotency_key=idempotency_key(self._run.run_id, call.path),
                )  # fmt: skip
            case _:
                event = StepFailed(**ended, error=error)
        self._write(call, number, outcome, seconds, event)

    def _told(self, call: Call, number: int, outcome: Outcome) -> Outcome:
        self._tell_end(call, number, outcome, 0.0, None)
        return outcome

    def _write(
        self, call: Call, number: int, outcome: Outcome, seconds: float, event: Event
    ) -> None:
        journal = self._run.journal
        begun = journal.told(f"{call.path}#{number} started")
        facts = {"path": call.path, "attempt": number} if begun else self._facts(call, number)
        journal.tell(
            Keyed(f"{call.path}#{number} ended", event),
            attempt={
                **facts, "status": _row_status(outcome.state), "started_at": event.at,
                "ended_at": outcome.at, "seconds": round(seconds, 6), "output": outcome.output,
                "error": outcome.error,
            },
        )  # fmt: skip

    def _now(self) -> float:
        return self._run.tools.clock.now().timestamp()


class _TimeIsUp(AssistantError):
    code = "job_timeout"

    def __init__(self, owner: str) -> None:
        whose = f"step {owner!r} has" if owner else "the run has"
        super().__init__(
            f"{whose} used the time it may take",
            hint="Raise its timeout" if owner else "Raise `budget: seconds` in the job file.",
        )
        self.owner = owner


def _in_doubt(call: Call) -> Interrupted:
    return Interrupted(
        f"{call.skill.name!r} was interrupted in mid-call: nobody knows whether it happened",
        hint="Look at the other side. Then run again from this step, or from the one after it.",
    )


def _row_status(state: str) -> str:
    return {"timed_out": "failed", "exhausted": "failed"}.get(state, state)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
