"""Branches and parallel rounds: child workflows that see the names where they began.

A child is given its place by reference: the names lie once in the run's folder, however many
children read them. Parallel rounds go in lanes: lane k of n takes rounds k, k+n, k+2n …, so
that a thousand rounds are a few children and every replay parts them alike.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from assistant.engine.call import Deadline
from assistant.engine.outcome import RunOver, StepBroken, Stopped
from assistant.pipeline.scope import Scope, branch_path, loop_output, round_path
from assistant.pipeline.spec import ForEachStep, ParallelStep, Step

if TYPE_CHECKING:
    from assistant.engine.walker import Walker


class Branches:
    """Starts a walk's children and gathers what they give."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker

    async def parallel(self, step: ParallelStep, scope: Scope, path: str) -> dict[str, Any]:
        """All branches at once; `{branch: {step id: output}}` when every one is done."""
        names = self._names(scope, path)
        given = [{"kind": "branch", "branch": name, **names} for name in step.branches]
        places = [branch_path(path, name) for name in step.branches]
        results = await self._gather(given, places)
        return dict(zip(step.branches, results, strict=True))

    async def rounds(
        self, step: ForEachStep, items: list[Any], scope: Scope, path: str
    ) -> dict[str, Any]:
        """Rounds in `max_parallel` lanes, their results in the order of the items."""
        lanes = min(step.max_parallel, len(items))
        names = self._names(scope, path, items=items)
        given = [{"kind": "lane", "lane": lane, "lanes": lanes, **names} for lane in range(lanes)]
        places = [f"{path}[{lane}/{lanes}]" for lane in range(lanes)]
        results = await self._gather(given, places)
        if step.collect is None:
            return loop_output(None, len(items))
        collected: list[Any] = [None] * len(items)
        for lane, found in enumerate(results):
            collected[lane::lanes] = found
        return loop_output(collected, len(items))

    async def _gather(self, given: list[dict[str, Any]], places: list[str]) -> list[Any]:
        walker = self._walker
        run_id = walker.run.run_id
        handles = [
            await walker.durable.start_branch(f"{run_id}/{place}", branch)
            for place, branch in zip(places, given, strict=True)
        ]
        ends = [await walker.durable.join(handle) for handle in handles]
        for end in ends:
            walker.moment = max(walker.moment, end["at"])
        walker.waited += max((end["waited"] for end in ends), default=0.0)
        # What ends the run comes before what breaks the step; among equals, the file's order.
        for kind in ("over", "broken", "stopped"):
            for end in ends:
                if end["end"] == kind:
                    result_of(end)
        return [walker.run.values.whole(end["value"]) for end in ends]

    def _names(self, scope: Scope, path: str, **more: Any) -> dict[str, Any]:
        walker = self._walker
        names = {key: value for key, value in scope.names.items() if key != "run"}
        whole = {
            "names": names,
            "run": scope.names["run"],
            "facts": walker.run.facts,
            **more,
        }
        deadline = walker.deadline
        return {
            "run_id": walker.run.run_id,
            "path": path,
            "moment": walker.moment,
            "deadline": [deadline.at, deadline.owner] if deadline else None,
            "place": walker.run.values.shorten(whole, longest=2048),
        }


async def walk_branch(walker: Walker, step: Step, branch: dict[str, Any]) -> dict[str, Any]:
    """The body of a branch or a lane: walk it, and tell its end as data."""
    place = walker.run.values.whole(branch["place"])
    scope = scope_of(place)
    path = branch["path"]
    if branch["kind"] == "branch":
        assert isinstance(step, ParallelStep)  # noqa: S101 - the file has not changed
        name = branch["branch"]
        inside = scope.inner()
        work = _branch(walker, step.branches[name], inside, branch_path(path, name))
    else:
        assert isinstance(step, ForEachStep)  # noqa: S101 - as above
        work = _lane(walker, step, scope, place["items"], branch)
    return await ended(walker, work)


async def _branch(
    walker: Walker, steps: tuple[Step, ...], inside: Scope, path: str
) -> dict[str, Any]:
    await walker.walk(steps, inside, path)
    return inside.own


async def _lane(
    walker: Walker, step: ForEachStep, scope: Scope, items: list[Any], branch: dict[str, Any]
) -> list[Any]:
    results = list[Any]()
    for index in range(branch["lane"], len(items), branch["lanes"]):
        inside = scope.round(index, {step.variable: items[index]})
        await walker.walk(step.steps, inside, round_path(branch["path"], index))
        if step.collect is not None:
            results.append(walker.resolve(step.collect, inside))
    return results


def scope_of(place: dict[str, Any]) -> Scope:
    """The names at the place where a branch began."""
    names = dict(place["names"])
    return Scope(
        names.pop("inputs"),
        place["run"],
        steps=names.pop("steps"),
        variables=names.pop("vars"),
        extra=names,
    )


def deadline_of(branch: dict[str, Any]) -> Deadline | None:
    return Deadline(*branch["deadline"]) if branch["deadline"] else None


async def ended(walker: Walker, work: Awaitable[Any]) -> dict[str, Any]:
    """How a piece of a walk ended, as plain data."""
    try:
        value = await work
    except StepBroken as broken:
        end = {"end": "broken", "error": broken.error}
    except RunOver as over:
        end = {"end": "over", "status": over.status, "error": over.error, "owner": over.owner}
    except Stopped as stopped:
        end = {"end": "stopped", "reason": stopped.reason}
    else:
        end = {"end": "done", "value": walker.run.values.shorten(value)}
    return {**end, "at": walker.moment, "waited": walker.waited}


def result_of(end: dict[str, Any]) -> Any:
    """The value of a piece of a walk; raises what ended it otherwise."""
    match end["end"]:
        case "broken":
            raise StepBroken(end["error"])
        case "over":
            raise RunOver(end["status"], end["error"], end["owner"])
        case "stopped":
            raise Stopped(end["reason"])
        case _:
            return end["value"]
